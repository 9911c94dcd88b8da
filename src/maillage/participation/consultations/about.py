"""The optional questions « about you » (ADS+): what may be asked, with the usual choices of each.

« I would rather not answer » is always there, on the page: it is no choice of the list, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, AllianceTerritory
from maillage.core import audit
from maillage.core.access import require
from maillage.core.text import fold
from maillage.participation.consultations.models import AboutQuestion, Consultation
from maillage.participation.consultations.services import in_preparation
from maillage.participation.vocabulary import About
from maillage.territories.models import Territory

Choice = dict[str, str]
MOST_PLACES = 60
MANY = 3
"""Questions beyond which few people are told apart: the agent is warned."""


def _of(*rows: tuple[str, str, str]) -> list[Choice]:
    return [{"code": code, "fr": fr, "en": en} for code, fr, en in rows]


USUAL: dict[str, list[Choice]] = {
    About.GENDER: _of(
        ("woman", "Femme", "Woman"), ("man", "Homme", "Man"),
        ("other", "Personne non binaire, ou autre", "Non-binary person, or other"),
    ),
    About.AGE: _of(
        ("0-17", "Moins de 18 ans", "Under 18"), ("18-29", "18 à 29 ans", "18 to 29"),
        ("30-44", "30 à 44 ans", "30 to 44"), ("45-64", "45 à 64 ans", "45 to 64"),
        ("65-", "65 ans et plus", "65 and over"),
    ),
    About.SITUATION: _of(
        ("alone", "Je vis sans autre adulte ni enfant", "I live with no other adult or child"),
        ("alone-children", "Je vis avec des enfants, sans autre adulte", "I live with children and no other adult"),
        ("couple", "Je vis en couple, sans enfant", "I live as a couple, without children"),
        ("couple-children", "Je vis en couple, avec des enfants", "I live as a couple, with children"),
        ("shared", "Je vis avec d’autres adultes", "I live with other adults"),
        ("none", "Je n’ai pas de logement stable", "I have no stable home"),
    ),
    About.DISABILITY: _of(
        ("yes", "Oui, j’ai un handicap ou une limitation qui dure", "Yes, I have a lasting disability or limitation"),
        ("no", "Non", "No"),
    ),
    About.SINCE: _of(
        ("always", "Depuis ma naissance", "Since I was born"), ("10-", "Depuis 10 ans ou plus", "For 10 years or more"),
        ("5-9", "Depuis 5 à 9 ans", "For 5 to 9 years"), ("0-4", "Depuis moins de 5 ans", "For less than 5 years"),
    ),
    About.INDIGENOUS: _of(
        ("first-nations", "Première Nation", "First Nation"), ("inuit", "Inuit", "Inuit"), ("metis", "Métis", "Métis"),
        ("no", "Non", "No"),
    ),
    About.LGBTQ: _of(("yes", "Oui", "Yes"), ("no", "Non", "No")),
}  # fmt: skip

PURPOSES: dict[str, tuple[str, str]] = {
    About.GENDER: ("Voir si les femmes et les hommes vivent la même chose.",
                   "See if women and men live the same thing."),
    About.AGE: ("Voir si chaque âge est entendu.", "See if every age is heard."),
    About.SITUATION: ("Voir si les familles et les personnes seules ont les mêmes priorités.",
                      "See if families and people alone have the same priorities."),
    About.DISABILITY: ("Voir si les personnes handicapées sont entendues.",
                       "See if people with disabilities are heard."),
    About.SINCE: ("Voir si les personnes immigrantes sont entendues.", "See if immigrants are heard."),
    About.INDIGENOUS: ("Voir si les personnes autochtones sont entendues.", "See if Indigenous people are heard."),
    About.LGBTQ: ("Voir si les personnes LGBTQ+ sont entendues.", "See if LGBTQ+ people are heard."),
    About.PLACE: ("Voir si chaque coin du territoire est entendu.", "See if every part of the territory is heard."),
}  # fmt: skip
"""What an answer is usually for, in French and English: proposed to the agent, who changes it."""


def choices(kind: str) -> list[Choice]:
    """The usual choices of a kind: ``[{"code", "fr", "en"}]``; none for the place, which the agent writes."""
    return [dict(row) for row in USUAL.get(kind, [])]


def place(name: str) -> Choice:
    """A place as a choice: its code is its folded name."""
    return {"code": fold(name).replace(" ", "-")[:60], "fr": name, "en": name}


def places_of(alliance: Alliance) -> list[str]:
    """The municipalities of the territories that the alliance covers today, or these where none is known."""
    today = alliance.today()
    covered = AllianceTerritory.objects.at(today).filter(alliance=alliance).order_by().values("territory")
    towns = Territory.objects.at(today).filter(
        memberships__parent__in=covered,
        kind__in=[Territory.Kind.MUNICIPALITY, Territory.Kind.BOROUGH, Territory.Kind.VILLAGE, Territory.Kind.NATION],
    )  # fmt: skip
    names = list(dict.fromkeys(towns.order_by("sort_key", "pk").values_list("name", flat=True)[:MOST_PLACES]))
    if names:
        return names
    return list(
        Territory.objects.filter(pk__in=covered).order_by("sort_key", "pk").values_list("name", flat=True)[:MOST_PLACES]
    )


def choices_held(question: AboutQuestion) -> list[Choice]:
    """The choices of a question: its own, else the usual ones; none for a place that nobody wrote. No query."""
    return list(question.choices) or choices(question.kind)


def label_of(choice: Mapping[str, str], language: str | None = None) -> str:
    """A choice in a language of the product; in French, or as its code, where it has no other words."""
    english = (language or get_language() or "fr").startswith("en")
    return (english and choice.get("en")) or choice.get("fr") or choice["code"]


@transaction.atomic
def set_about(
    *, consultation: Consultation, questions: Sequence[tuple[str, str]], places: Sequence[str], by: Any,
    via: str = "web",
) -> None:  # fmt: skip
    """What is asked « about you »: ``(kind, purpose)`` in order. ``places``: the choices of the place, a name each.

    Errors: ``PermissionDenied``; ``ValidationError``, by field, where a purpose is missing.
    """
    require(by, "participation.run", consultation)
    found = in_preparation(consultation)
    errors = {
        f"purpose_{kind}": _("Say what the answer is for: people read it.")
        for kind, purpose in questions if not purpose.strip()
    }  # fmt: skip
    kinds = [kind for kind, _purpose in questions]
    if set(kinds) - set(About.values) or len(kinds) != len(set(kinds)):
        raise ValidationError(_("Choose questions of the list."))
    names = list(dict.fromkeys(name.strip()[:80] for name in places if name.strip()))
    if About.PLACE in kinds and len(names) < 2:
        errors["places"] = _("Give at least two places, one a line.")
    if len(names) > MOST_PLACES:
        errors["places"] = _("%(n)s places at most: group the smallest ones.") % {"n": MOST_PLACES}
    if errors:
        raise ValidationError(errors)
    found.about_questions.all().delete()
    AboutQuestion.objects.bulk_create(
        AboutQuestion(
            consultation=found, position=position, kind=kind, purpose=purpose.strip()[:300],
            choices=[place(name) for name in names] if kind == About.PLACE else choices(kind),
        )
        for position, (kind, purpose) in enumerate(questions)
    )  # fmt: skip
    audit.record("participation.about_chosen", found, by=by, alliance=found.alliance, via=via, after={"kinds": kinds})
