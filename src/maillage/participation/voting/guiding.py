"""For whoever helps at a kiosk, by telephone or beside someone: what is asked, how to say it, what never to do.

Made of the words of the consultation and of those of the product, and of nothing else: nothing that a kiosk or a
ballot says comes here. Whoever reads it learns nothing of anyone who answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.paper import sheets
from maillage.participation.vocabulary import Kind, Method
from maillage.participation.voting import ballots
from maillage.participation.words import Words

EXPLAINED: Mapping[str, tuple[Promise | str, Promise | str]] = {
    Method.GRADES: (
        _("For each choice, the person picks one of six grades, or none. Two choices may have the same grade."),
        _("Read the choice, then the six grades: all of them, always in the same order and the same voice."),
    ),
    Method.APPROVAL: (
        _("The person ticks every choice that suits them: one, several, or none."),
        _("Read every choice before the first tick. Then read them again, one by one, and ask: “yes, or no?”"),
    ),
    Method.SCORE: (
        _("The person gives each choice a number, or none."),
        _("Say what both ends mean: 0, not at all; the highest, very much. Never say which number others give."),
    ),
    Method.RANKING: (
        _("The person puts the choices in order. They may leave some out, and put two at the same rank."),
        _("Read every choice first. Then ask: “which one comes first for you?”, and “the next one?”, until they stop."),
    ),
    Method.BUDGET: (
        _("The person ticks what they would pay for with the envelope."),
        _("Read the cost with each name. If the total is too high, ask which one they take off: never propose one."),
    ),
    Kind.OPINIONS: (
        _("The person agrees with each sentence, disagrees, or passes. They come in another order on the ballot."),
        _("Read the sentence as it is, twice if asked. To pass means: “I do not know”, or “I would rather not say”."),
    ),
    Kind.QUESTIONNAIRE: (
        _("The person answers short questions, and may leave any without an answer."),
        _("Read the question, then every answer. Write what they say in their own words, and read it back."),
    ),
}
"""By method of a step of priorities, else by kind: ``(what is asked, how to say it without influencing)``."""


@dataclass(frozen=True)
class Line:
    """One thing to read aloud, and the same in the person's language where it is written."""

    number: int
    label: str
    text: str
    cost: str
    choices: Sequence[str]
    other: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    title: str
    intro: str
    what: Promise | str
    how: Promise | str
    columns: Sequence[str]
    purse: str
    lines: Sequence[Line]
    other_title: str = ""
    other_intro: str = ""
    other_columns: Sequence[str] = ()


def asked(consultation: Consultation, words: Words, other: Words | None) -> list[Asked]:
    """Every step of the ballot in order, in the words of the reader and, ``other``, of the person helped."""
    return [_step(part.step, words, other) for part in ballots.parts_of(consultation)]


def _step(step: Step, words: Words, other: Words | None) -> Asked:
    body = sheets.body(step, words)
    there = sheets.body(step, other) if other is not None else {"lines": (), "columns": ()}
    same = {line["number"]: line for line in there["lines"]}
    what, how = EXPLAINED.get(step.method if step.kind == Kind.PRIORITIES else step.kind, ("", ""))
    return Asked(
        title=words.step_title(step) or words.title(step.consultation), intro=words.step_intro(step),
        what=what, how=how, columns=body["columns"], purse=body["purse"],
        lines=[_line(line, same.get(line["number"], {})) for line in body["lines"]],
        other_title=_written(other.step_title(step), words.step_title(step)) if other else "",
        other_intro=_written(other.step_intro(step), words.step_intro(step)) if other else "",
        other_columns=there["columns"] if there["columns"] != body["columns"] else (),
    )  # fmt: skip


def _line(here: Mapping[str, Any], there: Mapping[str, Any]) -> Line:
    choices = here.get("choices", ())
    return Line(
        here["number"], here["label"], here["text"], here["cost"], choices,
        {
            "label": _written(there.get("label", ""), here["label"]),
            "text": _written(there.get("text", ""), here["text"]),
            "choices": [one for one in there.get("choices", ()) if one not in choices],
        },
    )  # fmt: skip


def _written(there: str, here: str) -> str:
    """Nothing where it is not translated: it fell back to the words already read above."""
    return there if there != here else ""
