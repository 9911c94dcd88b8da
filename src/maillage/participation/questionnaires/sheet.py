"""A questionnaire on a ballot: what a form sent becomes the content of an envelope, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.formats import number
from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Read, Typed, field_prefix
from maillage.participation.questionnaires import structure
from maillage.participation.questionnaires.models import Question
from maillage.participation.words import Words, words_of

LONGEST = 2000
"""Signs of a text answer."""
LARGEST = 1_000_000_000
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Signs that show nothing, or that turn the direction of what follows; the end of a line stays."""
K = Question.Kind


def packed(content: Any) -> str:
    """Canonical JSON, as the urn keeps it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def field_name(step: Step, question: Question) -> str:
    return f"{field_prefix(step)}q{question.uuid.hex}"


def read(step: Step, typed: Typed) -> Read:
    """A step's part of a ballot.

    Answers to questions whose condition fails are left out. A required question must be answered by whoever answers
    something in the questionnaire, and, in a section that may be passed over, something in that section: nobody is made
    to answer, and a blank ballot stays possible.
    """
    blocks = structure.blocks_of(step)
    questions = structure.questions_in(blocks)
    given, wrong = _given(step, questions, typed)
    kept = structure.asked(questions, {**given, **dict.fromkeys(wrong, "")})
    names = {structure.key_of(question) for question in kept}
    content = {key: answer for key, answer in given.items() if key in names}
    told = {key: words for key, words in wrong.items() if key in names}
    errors = {field_name(step, one): told[key] for one in kept if (key := structure.key_of(one)) in told}
    if content or told:
        for block in blocks:
            inside = [question for question in block.questions if question in kept]
            keys = {structure.key_of(question) for question in inside}
            if block.section.optional and not keys & (content.keys() | told.keys()):
                continue
            for question in inside:
                key = structure.key_of(question)
                if question.required and key not in content and key not in told:
                    errors[field_name(step, question)] = _("“%(question)s”: an answer is needed.") % {
                        "question": question.label
                    }
    return Read(packed(content), errors, len(content), len(kept))


def _given(step: Step, questions: Sequence[Question], typed: Typed) -> tuple[dict[str, Any], dict[str, str]]:
    """Every answer that was typed, and what is wrong with the others, whether they are asked or not."""
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for question in questions:
        values = [str(value) for value in typed.get(field_name(step, question), ())]
        answer, trouble = answer_of(question, values)
        if trouble:
            wrong[structure.key_of(question)] = trouble
        elif answer not in (None, "", []):
            given[structure.key_of(question)] = answer
    return given, wrong


def answer_of(question: Question, values: Sequence[str]) -> tuple[Any, str]:
    """``(answer, what is wrong)``. A choice that is not one of the question's is no answer."""
    if question.kind == K.SEVERAL:
        return [code for code in structure.codes_of(question) if code in values], ""
    first = values[0] if values else ""
    if question.kind in structure.CLOSED:
        return (first if first in structure.codes_of(question) else None), ""
    if question.kind == K.NUMBER:
        return _number(question, first)
    text = CONTROL.sub(" ", first.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONGEST:
        return None, _("“%(question)s”: your text has %(n)s signs. Shorten it to %(most)s at most.") % {
            "question": question.label, "n": number(len(text)), "most": number(LONGEST),
        }  # fmt: skip
    return text, ""


def _number(question: Question, typed: str) -> tuple[int | None, str]:
    plain = "".join(typed.split())
    if not plain:
        return None, ""
    least = -LARGEST if question.least is None else question.least
    most = LARGEST if question.most is None else question.most
    sign = plain[1:] if plain[:1] == "-" else plain
    if sign.isascii() and sign.isdigit() and len(sign) < 12 and least <= int(plain) <= most:
        return int(plain), ""
    if question.least is not None and question.most is not None:
        words = _("“%(question)s”: write a whole number from %(least)s to %(most)s.")
    elif question.least is not None:
        words = _("“%(question)s”: write a whole number of %(least)s or more.")
    elif question.most is not None:
        words = _("“%(question)s”: write a whole number of %(most)s or less.")
    else:
        words = _("“%(question)s”: write a whole number, in figures.")
    return None, words % {"question": question.label, "least": number(least), "most": number(most)}


def answers_in(content: str) -> dict[str, Any]:
    """The answers of one ballot; nothing where it is not of that shape."""
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def typed(step: Step, content: str) -> Typed:
    """What a form would have sent to give this content."""
    answers = answers_in(content)
    found: dict[str, list[str]] = {}
    for question in structure.questions_of(step):
        answer = answers.get(structure.key_of(question))
        if answer is not None:
            found[field_name(step, question)] = (
                [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
            )
    return found


@dataclass(frozen=True)
class Text:
    """Words with the language they are in, for ``lang`` and ``dir``."""

    said: str
    lang: str = ""
    """Blank: the page's own."""


@dataclass(frozen=True)
class Asked:
    """A question as the page asks it."""

    question: Question
    name: str
    label: Text
    help: Text
    choices: Sequence[tuple[str, Text]]
    depends: str = ""
    """Name of the field it depends on."""
    depends_codes: str = ""
    condition: str = ""
    """« Ne plus se loger, Se nourrir »: the answers under which it is asked, in words."""
    parent: str = ""
    place: int = 0

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def free(self) -> bool:
        """Answered by what one writes."""
        return self.question.kind not in structure.CLOSED


@dataclass(frozen=True)
class Part:
    """A section as the page shows it."""

    key: str
    title: Text
    intro: Text
    optional: bool
    rows: list[Asked] = field(default_factory=list)


def _text(words: Words, key: str, otherwise: str) -> Text:
    lang = words.lang_of(key)
    return Text(words.get(key, otherwise), "" if lang == words.language else lang)


def context(step: Step, language: str) -> Mapping[str, Any]:
    """Four queries at most, whatever the number of questions."""
    words = words_of(step.consultation, language)
    blocks = structure.blocks_of(step)
    by_id = {question.pk: question for question in structure.questions_in(blocks)}
    parts: list[Part] = []
    place = 0
    for block in blocks:
        key = f"section:{block.section.uuid}"
        part = Part(
            f"{field_prefix(step)}p{block.section.uuid.hex[:8]}", _text(words, f"{key}:title", block.section.title),
            _text(words, f"{key}:intro", block.section.intro), block.section.optional,
        )  # fmt: skip
        for question in block.questions:
            place += 1
            part.rows.append(_asked(step, question, by_id, words, place))
        parts.append(part)
    return {
        "parts": parts,
        "total": place,
        "longest": LONGEST,
        "titled": len(parts) > 1 or any(p.optional for p in parts),
    }


def _asked(step: Step, question: Question, by_id: Mapping[int, Question], words: Words, place: int) -> Asked:
    parent = by_id.get(question.depends_on_id) if question.depends_on_id else None
    told = []
    if parent is not None:
        labels = structure.labels_of(parent)
        told = [
            words.get(f"choice:{parent.uuid}:{code}", labels[code]) for code in question.depends_in if code in labels
        ]
    return Asked(
        question,
        field_name(step, question),
        _text(words, f"question:{question.uuid}:label", question.label),
        _text(words, f"question:{question.uuid}:help", question.help),
        [
            (row["code"], _text(words, f"choice:{question.uuid}:{row['code']}", row["label"]))
            for row in question.choices
        ],
        depends=field_name(step, parent) if parent is not None else "",
        depends_codes=" ".join(question.depends_in) if parent is not None else "",
        condition=", ".join(told),
        parent=words.get(f"question:{parent.uuid}:label", parent.label) if parent is not None else "",
        place=place,
    )
