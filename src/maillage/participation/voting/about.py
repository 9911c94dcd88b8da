"""The optional questions « about you » on the ballot: how they are asked, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from maillage.participation.consultations.about import choices_held, label_of
from maillage.participation.consultations.models import AboutQuestion, Consultation
from maillage.participation.vocabulary import About
from maillage.participation.words import SPOKEN, Words

ASKED: dict[str, Promise | str] = {
    About.GENDER: pgettext_lazy("about you", "Your gender"),
    About.AGE: pgettext_lazy("about you", "Your age"),
    About.SITUATION: pgettext_lazy("about you", "How you live"),
    About.DISABILITY: pgettext_lazy("about you", "Do you live with a disability?"),
    About.SINCE: pgettext_lazy("about you", "How long have you lived in Quebec?"),
    About.INDIGENOUS: pgettext_lazy("about you", "Are you First Nations, Inuit or Métis?"),
    About.LGBTQ: pgettext_lazy("about you", "Are you part of the LGBTQ+ communities?"),
    About.PLACE: pgettext_lazy("about you", "Where you live"),
}
PREFIX = "about-"


def choices_of(question: AboutQuestion, words: Words, language: str) -> list[tuple[str, str]]:
    """``(code, label)`` of a question, in the page's language; ``language`` is fr or en, where nothing is translated.

    A translation has the key ``about:<kind>:<code>``.
    """
    found = [(one["code"], label_of(one, language)) for one in choices_held(question)]
    if words.language in SPOKEN:
        return found
    return [(code, words.get(f"about:{question.kind}:{code}", label)) for code, label in found]


def asked(question: AboutQuestion, words: Words) -> str:
    return words.get(f"about:{question.kind}", str(ASKED[question.kind]))


def read(questions: Sequence[AboutQuestion], typed: Mapping[str, Sequence[str]]) -> str:
    """Canonical JSON of what was answered, ``""`` where nothing was. What is not a choice is left out."""
    found = {}
    for question in questions:
        code = (typed.get(f"{PREFIX}{question.kind}") or ("",))[0]
        if code in {one["code"] for one in choices_held(question)}:
            found[str(question.kind)] = code
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if found else ""


def typed(about: str) -> dict[str, list[str]]:
    """What a form would have sent to give this."""
    return {f"{PREFIX}{kind}": [code] for kind, code in (json.loads(about) if about else {}).items()}


def questions_of(consultation: Consultation) -> list[AboutQuestion]:
    found = sorted(consultation.about_questions.all(), key=lambda one: (one.position, one.pk))
    return [one for one in found if choices_held(one)]
