"""Statements on a ballot: what a form sent becomes the content of an envelope, and back."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Read, Typed, field_prefix
from maillage.participation.opinions.models import OpinionReading, Statement
from maillage.participation.words import words_of

VOTES = {"1": 1, "-1": -1, "0": 0}
SHOWN_AT_ONCE = 40
"""Statements on one page: the others are asked of whoever comes back, and of the next ones."""


def field_name(step: Step, number: int) -> str:
    return f"{field_prefix(step)}v{number}"


def listed_name(step: Step) -> str:
    """The hidden field that says which statements the page listed, so that it lists them again after an error."""
    return f"{field_prefix(step)}listed"


def shown_numbers(step: Step) -> list[int]:
    found = Statement.objects.filter(step=step, state=Statement.State.SHOWN).order_by("number")
    return list(found.values_list("number", flat=True))


def read(step: Step, typed: Typed) -> Read:
    """A step's part of a ballot. A vote on a statement that was taken away meanwhile is left out: it counts for
    nothing, and its text must not be shown again to tell it."""
    numbers = shown_numbers(step)
    content: dict[str, int] = {}
    for number in numbers:
        value = (typed.get(field_name(step, number)) or ("",))[0]
        if value in VOTES:
            content[str(number)] = VOTES[value]
    return Read(json.dumps(content, separators=(",", ":")), {}, len(content), len(numbers))


def votes_in(content: str) -> dict[int, int]:
    """The votes of one ballot. What is no vote is left out: a file written by hand must not stop a count."""
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        int(number): value
        for number, value in found.items()
        if number.isascii() and number.isdigit() and type(value) is int and value in (1, 0, -1)
    }


def typed(step: Step, content: str) -> Typed:
    """What a form would have sent to give this content."""
    return {field_name(step, number): [str(value)] for number, value in votes_in(content).items()}


@dataclass(frozen=True)
class Row:
    """A statement as the page asks it. Its text may be in another language than the page: ``lang``."""

    number: int
    name: str
    text: str
    lang: str


def context(step: Step, language: str) -> Mapping[str, Any]:
    """Every statement shown, in the order in which they are asked. Four queries, whatever their number.

    The order is drawn with the chances that ``maillage.methods.opinion.next_statement`` gives to somebody new, from
    the last reading: it is the same for everyone until the next reading, and nobody is followed.
    """
    words = words_of(step.consultation, language)
    statements = list(Statement.objects.filter(step=step, state=Statement.State.SHOWN).order_by("number"))
    reading = OpinionReading.objects.filter(step=step).first()
    rows = []
    for one in in_order(step, statements, reading):
        key = f"statement:{one.uuid}"
        translated = words.texts.get(key)
        rows.append(
            Row(one.number, field_name(step, one.number), translated or one.text,
                language if translated else one.language)
        )  # fmt: skip
    return {"rows": rows, "listed_name": listed_name(step)}


def in_order(step: Step, statements: Sequence[Statement], reading: OpinionReading | None) -> list[Statement]:
    """A draw without replacement, each statement with its priority as its weight (Efraimidis and Spirakis 2006)."""
    known = (reading.data.get("priorities") or {}) if reading is not None else {}
    # A statement that the last reading had not seen is pushed, as the method pushes what has no votes.
    new = max(known.values(), default=1.0)
    draw = random.Random(f"{step.uuid} {reading.participants if reading is not None else 0}")
    keys = {one.pk: draw.random() ** (1 / max(known.get(str(one.number), new), 1e-9)) for one in statements}
    return sorted(statements, key=lambda one: (-keys[one.pk], one.number))


@dataclass(frozen=True)
class Asked:
    """What one page asks: ``rows``, and ``carried``, the votes of a ballot that is changed on statements not listed."""

    rows: Sequence[Row]
    carried: Sequence[tuple[str, str]]
    listed: str
    left: int


def asked(rows: Sequence[Row], typed: Typed, listed_name: str) -> Asked:
    """Those listed before, if the page comes back; else first those without an answer, then those that have one."""
    by_number = {row.number: row for row in rows}
    listed = [int(one) for one in (typed.get(listed_name) or ("",))[0].split() if one.isascii() and one.isdigit()]
    chosen = [by_number[number] for number in dict.fromkeys(listed) if number in by_number][:SHOWN_AT_ONCE]
    if not chosen:
        chosen = sorted(rows, key=lambda row: row.name in typed)[:SHOWN_AT_ONCE]
    names = {row.name for row in chosen}
    carried = [(row.name, str(typed[row.name][0])) for row in rows if row.name in typed and row.name not in names]
    return Asked(chosen, carried, " ".join(str(row.number) for row in chosen), len(rows) - len(chosen))
