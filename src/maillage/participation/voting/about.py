"""The optional questions « about you »: their usual choices, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from maillage.participation.consultations.models import AboutQuestion, Consultation
from maillage.participation.vocabulary import About
from maillage.participation.words import SPOKEN, Words

YES_NO: tuple[tuple[str, Promise | str], ...] = (
    ("yes", pgettext_lazy("about you", "Yes")),
    ("no", pgettext_lazy("about you", "No")),
)
USUAL: dict[str, tuple[tuple[str, Promise | str], ...]] = {
    About.GENDER: (
        ("woman", pgettext_lazy("about you", "Woman")),
        ("man", pgettext_lazy("about you", "Man")),
        ("other", pgettext_lazy("about you", "Non-binary or another gender")),
    ),
    About.AGE: (
        ("0-17", pgettext_lazy("about you", "Under 18")),
        ("18-29", pgettext_lazy("about you", "18 to 29")),
        ("30-44", pgettext_lazy("about you", "30 to 44")),
        ("45-64", pgettext_lazy("about you", "45 to 64")),
        ("65-", pgettext_lazy("about you", "65 and over")),
    ),
    About.SITUATION: (
        ("alone", pgettext_lazy("about you", "I live alone")),
        ("couple", pgettext_lazy("about you", "As a couple, without children")),
        ("family", pgettext_lazy("about you", "As a couple, with children")),
        ("parent", pgettext_lazy("about you", "Alone with my children")),
        ("shared", pgettext_lazy("about you", "With relatives or roommates")),
        ("unhoused", pgettext_lazy("about you", "Without a stable home")),
    ),
    About.DISABILITY: YES_NO,
    About.SINCE: (
        ("born", pgettext_lazy("about you", "I was born here")),
        ("10-", pgettext_lazy("about you", "For 10 years or more")),
        ("5-10", pgettext_lazy("about you", "For 5 to 10 years")),
        ("0-5", pgettext_lazy("about you", "For less than 5 years")),
    ),
    About.INDIGENOUS: YES_NO,
    About.LGBTQ: YES_NO,
    About.PLACE: (),
}
"""The places are those of the territory: the agent writes them."""
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
    own = [(str(one["code"]), str(one.get(language) or one.get("fr") or one["code"])) for one in question.choices or ()]
    found = own or [(code, str(label)) for code, label in USUAL[question.kind]]
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
        known = {str(one["code"]) for one in question.choices or ()} or {code for code, _label in USUAL[question.kind]}
        if code in known:
            found[str(question.kind)] = code
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if found else ""


def typed(about: str) -> dict[str, list[str]]:
    """What a form would have sent to give this."""
    return {f"{PREFIX}{kind}": [code] for kind, code in (json.loads(about) if about else {}).items()}


def questions_of(consultation: Consultation) -> list[AboutQuestion]:
    return [one for one in consultation.about_questions.order_by("position", "id") if one.choices or USUAL[one.kind]]
