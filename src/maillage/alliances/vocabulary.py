"""Fixed codes of the alliances: addresses nobody may take, schemes of terms, the five stages.

The fixed terms themselves are data (``data/terms.json``): an alliance adds words that count as one of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

DATA = Path(__file__).resolve().parent / "data"

RESERVED_SLUGS = frozenset(
    """
    a-propos acces accessibilite account accounts acteurs admin administration aide alliance alliances api
    apparence assets atelier avis bibliotheque boussole calendrier compte compte-rendu comptes confidentialite
    connexion consultations contact courriels deconnexion demo demonstration documents donnees en erreur espaces
    exports favicon fichiers flux fr galerie health i18n importer imports inscription instance interets
    invitation invitations jobs journal liens mandats media memoire mes-adresses mes-avis mes-liens moi
    mon-compte nouvelle-alliance openapi operateur ouverture passation pilotage plan position profil ready
    recherche reddition rencontre rencontres reponse robots sante schema sitemap static suite tache taches
    territoire territoires test v vie-privee webauthn well-known www
    """.split()  # noqa: SIM905
)
"""First parts of addresses that belong to the instance, today or soon. A test compares them with the urls."""

STAGES = (
    ("portrait", _("Portrait of the territory")),
    ("plan", _("Vision and action plan")),
    ("planning", _("Operations and governance")),
    ("implementation", _("Implementation")),
    ("evaluation", _("Follow-up and evaluation")),
)
"""The five stages of the method, as a new cycle receives them: the alliance may rename, repeat or add."""

SCHEMES = {
    "sector": _("Sectors"),
    "field": _("Fields"),
    "scale": _("Scales"),
    "axis": _("Axes of intervention"),
    "axis-individual": _("Individual axis"),
    "axis-milieu": _("Living environments axis"),
    "axis-structural": _("Political and structural axis"),
    "axis-global": _("Global axis"),
    "aim": _("Aims"),
    "solution": _("Kinds of solution"),
    "stance": _("Stances"),
    "approach": _("Approaches of an alliance"),
    "space-function": _("Functions of a space"),
    "dynamic": _("Dynamics"),
    "dynamic-description": _("What describes a dynamic"),
    "stake": _("Stakes"),
    "condition": _("Conditions to act"),
    "obstacle": _("Obstacles"),
    "effect": _("Structuring effects"),
    "support-function": _("Functions of accompaniment"),
    "support-level": _("Levels of accompaniment"),
    "support-dimension": _("Dimensions of accompaniment"),
    "support-moment": _("Moments of accompaniment"),
    "support-aspect": _("Aspects of accompaniment"),
    "support-provider": _("Providers of accompaniment"),
    "library-category": _("Categories of the library"),
}
"""The schemes of ``Term``, in the order of ``PRODUCT.md``. Actor types are fixed codes of the actors' room."""

EXTENDABLE = tuple(scheme for scheme in SCHEMES if scheme not in {"axis", "aim", "stance", "dynamic", "axis-global"})
"""Schemes an alliance may add words to. The others are read by formulas that need them whole."""


@cache
def fixed_terms() -> dict[str, list[list[str]]]:
    """``{scheme: [[code, fr, en], …]}`` as the data file holds them."""
    found: dict[str, list[list[str]]] = json.loads((DATA / "terms.json").read_text(encoding="utf-8"))
    return found


@cache
def national_events() -> list[dict[str, Any]]:
    """Events the same for every alliance, each with its cited source."""
    found: list[dict[str, Any]] = json.loads((DATA / "national_events.json").read_text(encoding="utf-8"))
    return found


def load_reference_data(**_kwargs: Any) -> None:
    """Put the fixed terms and the national events in the database; the same again changes nothing.

    Called after each migration. Rows are found by their code or their source, so that ids stay.
    """
    from maillage.alliances.models import MemoryEvent, Term

    known = {(term.scheme, term.code): term for term in Term.objects.filter(alliance=None)}
    new, changed = [], []
    for scheme, rows in fixed_terms().items():
        for position, (code, fr, en) in enumerate(rows):
            term = known.get((scheme, code))
            if term is None:
                new.append(Term(scheme=scheme, code=code, fr=fr, en=en, position=position))
            elif (term.fr, term.en, term.position) != (fr, en, position):
                term.fr, term.en, term.position = fr, en, position
                changed.append(term)
    Term.objects.bulk_create(new)
    Term.objects.bulk_update(changed, ["fr", "en", "position"])
    told = {event.uuid.hex: event for event in MemoryEvent.objects.filter(alliance=None)}
    for row in national_events():
        event = told.get(row["uuid"].replace("-", "")) or MemoryEvent(uuid=row["uuid"])
        before = {field: getattr(event, field) for field in row if field != "uuid"}
        after = {field: value for field, value in row.items() if field != "uuid"}
        if event.pk is None or {**before, "on": str(before["on"])} != after:
            for field, value in after.items():
                setattr(event, field, value)
            event.save()
