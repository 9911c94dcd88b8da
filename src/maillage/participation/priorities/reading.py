"""Priorities on a ballot: what a form sent becomes the content of an envelope, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.participation.consultations.models import Option, Step
from maillage.participation.kinds import Read, Typed, field_prefix
from maillage.participation.vocabulary import Grade, Method

BY_NUMBER = frozenset({Method.APPROVAL, Method.BUDGET})
"""Methods whose content is the list of the options chosen."""
LARGE_SCORE = 10
"""Above, a score is written rather than ticked."""
AS_IS = "as_is"
"""Sent by a kiosk with a ballot that waited: what was withdrawn meanwhile is left out without asking again."""


def packed(content: Any) -> str:
    """Canonical JSON, as the urn keeps it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def options_of(step: Step) -> list[Option]:
    """Every option, those withdrawn included: a number keeps its place."""
    if "options" in getattr(step, "_prefetched_objects_cache", ()):
        return sorted(step.options.all(), key=lambda option: option.number)
    return list(step.options.select_related("picture").order_by("number"))


def field_name(step: Step, number: int) -> str:
    return f"{field_prefix(step)}o{number}"


def choice_name(step: Step) -> str:
    return f"{field_prefix(step)}choice"


def places(options: Sequence[Option]) -> int:
    """How many places a content by place has: the highest number, so that an option's place never moves."""
    return max((option.number for option in options), default=0)


def _first(typed: Typed, name: str) -> str:
    values = typed.get(name) or ("",)
    return str(values[0]).strip()


def read(step: Step, typed: Typed) -> Read:
    """A step's part of a ballot, from its form. An option withdrawn meanwhile is told, once, and left out."""
    options = options_of(step)
    if step.method in BY_NUMBER:
        return _read_numbers(step, options, typed)
    given = {option.number: _first(typed, field_name(step, option.number)) for option in options}
    return of_values(step, options, given, as_is=bool(_first(typed, AS_IS)))


def of_values(step: Step, options: Sequence[Option], given: Mapping[int, str], *, as_is: bool = False) -> Read:
    """A content by place from what was written for each option: grades, scores and ranks."""
    lowest, highest = {
        Method.GRADES: (1, max(Grade.values)),
        Method.SCORE: (0, step.score_most),
        Method.RANKING: (1, max(len(options), 1)),
    }[Method(step.method)]
    empty = None if step.method == Method.SCORE else 0
    found: list[int | None] = [empty] * places(options)
    errors, answered = {}, 0
    for option in options:
        text = given.get(option.number, "")
        if text in {"", "-"} or (text == "0" and lowest == 1):
            continue
        name = field_name(step, option.number)
        if option.withdrawn_at is not None:
            if not as_is:
                errors[name] = withdrawn_words(option)
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 5 and lowest <= int(text) <= highest):
            errors[name] = _("“%(option)s”: choose a number from %(lowest)s to %(highest)s, or leave it blank.") % {
                "option": option.label, "lowest": lowest, "highest": highest,
            }  # fmt: skip
            continue
        found[option.number - 1] = int(text)
        answered += 1
    asked = sum(option.withdrawn_at is None for option in options)
    return Read(packed(found), errors, answered, asked)


def withdrawn_words(option: Option) -> str:
    return _(
        "“%(option)s” was withdrawn while you were answering. Why: %(why)s Your answer to it will not be counted. "
        "The others are kept: you can send."
    ) % {"option": option.label, "why": option.withdrawn_why}


def _read_numbers(step: Step, options: Sequence[Option], typed: Typed) -> Read:
    known = {str(option.number): option for option in options}
    chosen = [known[value] for value in dict.fromkeys(typed.get(choice_name(step), ())) if value in known]
    withdrawn = [option for option in chosen if option.withdrawn_at is not None]
    as_is = bool(_first(typed, AS_IS))
    errors = {} if as_is else {field_name(step, option.number): withdrawn_words(option) for option in withdrawn}
    return of_choices(step, options, [option for option in chosen if option not in withdrawn], errors)


def of_choices(
    step: Step, options: Sequence[Option], chosen: Sequence[Option], errors: Mapping[str, str] | None = None
) -> Read:
    """The options chosen, within what the step allows: a number of choices, or the envelope."""
    told = dict(errors or {})
    too_many = limit_words(step, chosen)
    if too_many:
        told[choice_name(step)] = too_many
    asked = sum(option.withdrawn_at is None for option in options)
    return Read(packed(sorted(option.number for option in chosen)), told, len(chosen), asked)


def limit_words(step: Step, chosen: Sequence[Option]) -> str:
    """What is over the limit, in a sentence; empty where nothing is."""
    if step.most_choices and len(chosen) > step.most_choices:
        return ngettext(
            "Choose %(most)s option at most. You chose %(chosen)s: untick some.",
            "Choose %(most)s options at most. You chose %(chosen)s: untick some.",
            step.most_choices,
        ) % {"most": step.most_choices, "chosen": len(chosen)}
    if step.method == Method.BUDGET and step.envelope_cents and not step.most_choices:
        spent = sum(option.cost_cents or 0 for option in chosen)
        if spent > step.envelope_cents:
            return _("Your choices cost %(spent)s. The envelope is %(envelope)s: untick some.") % {
                "spent": formats.money(spent), "envelope": formats.money(step.envelope_cents),
            }  # fmt: skip
    return ""


def typed(step: Step, content: str) -> Typed:
    """What a form would have sent to give this content."""
    found = json.loads(content) if content else []
    if step.method in BY_NUMBER:
        return {choice_name(step): [str(number) for number in found]}
    return {
        field_name(step, place + 1): [str(value)]
        for place, value in enumerate(found)
        if value is not None and (value or step.method == Method.SCORE)
    }
