"""What the columns and the words of a spreadsheet of ties mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.actors.models import Tie
from maillage.core.text import fold


class Role(models.TextChoices):
    """What a column may give. The order is that of the form."""

    ACTOR = "actor", _("organisation")
    OTHER = "other", _("other organisation")
    KIND = "kind", _("what they do together")
    FREQUENCY = "frequency", _("how often")
    SINCE = "since", _("since when")
    HOW = "how", _("in their words")


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    Role.OTHER: (r"\bautre|partenaire|\bavec\b|\bother|\bwith\b|cible|target|organis\w+ ?(2|b)\b",),
    Role.ACTOR: (r"^(nom|organis|acteur|membre|actor|member|name|source)",),
    Role.KIND: (r"genre|nature|type|\bkind|lien\b|quoi",),
    Role.FREQUENCY: (r"frequence|frequency|souvent|often|combien",),
    Role.SINCE: (r"depuis|since|debut|start|annee",),
    Role.HOW: (r"comment|how|description|mots|note|detail",),
}
_KINDS: Mapping[str, str] = {
    Tie.Kind.FUNDING: r"financ|fund|\bdons?\b|subvention|argent|money",
    Tie.Kind.PREMISES: r"locaux|local partage|premises|\bsalles?\b|entrepot|hebergement",
    Tie.Kind.REFERRAL: r"refer|orient|aiguill",
    Tie.Kind.PROJECT: r"projet|project|activite commune|collabor|partenariat",
    Tie.Kind.CONCERTATION: r"concert|table|rencontre|information|echange|comite",
}
_FREQUENCIES: Mapping[str, str] = {
    Tie.Frequency.WEEKLY: r"semaine|hebdo|week|\bjour|quotidien|daily",
    Tie.Frequency.MONTHLY: r"mois|mensuel|month",
    Tie.Frequency.RARELY: r"temps en temps|rare|occasion|now and then|ponctuel|parfois",
    Tie.Frequency.YEARLY: r"annee|annuel|par an|trimestr|saison|year",
}


def guess(header: Sequence[str]) -> dict[str, int]:
    """``{role: index}`` for the columns whose name says what they are; each column and role once."""
    found: dict[str, int] = {}
    for role, patterns in _COLUMNS.items():
        for index, name in enumerate(header):
            if index not in found.values() and any(re.search(pattern, fold(name)) for pattern in patterns):
                found[role] = index
                break
    return found


def _read(text: str, choices: type[models.TextChoices], patterns: Mapping[str, str]) -> str:
    """The code of these words: a code or a label as it is, else what the words look like; empty where unknown."""
    asked = fold(text)
    for code, label in choices.choices:
        if asked in {fold(code), fold(str(label))}:
            return str(code)
    return next((code for code, pattern in patterns.items() if re.search(pattern, asked)), "")


def read_kind(text: str) -> str:
    """The kind of tie that these words say, or nothing."""
    return _read(text, Tie.Kind, _KINDS)


def read_frequency(text: str) -> str:
    """How often these words say, or nothing."""
    return _read(text, Tie.Frequency, _FREQUENCIES)
