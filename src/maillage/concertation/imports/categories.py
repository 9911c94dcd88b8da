"""Which type of actor a category means: remembered, or suggested from its words; a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable

from maillage.actors.vocabulary import ActorType
from maillage.core.text import fold

MOST = 400
"""More different values than this are not categories: the wrong column was chosen."""

_WORDS = (
    (ActorType.CITIZENS, r"citoyen|resident|individu|population|benevole|personnes? (physique|vecu)"),
    (ActorType.INDIGENOUS, r"autochtone|premieres? nations?|inuit|indigenous"),
    (ActorType.GROUP, r"regroupement|tables? sectorielle|federation|coalition|network"),
    (ActorType.FOUNDATION, r"fondation|philanthrop|foundation"),
    (ActorType.MUNICIPALITY, r"municipal|\bville|arrondissement|\bmrc\b"),
    (ActorType.SOCIAL_ECONOMY, r"economie sociale|cooperative|social economy"),
    (ActorType.OTHER_LEVEL, r"ministere|gouvernement|depute|provincia|federal"),
    (ActorType.INSTITUTION, r"institution|public|sante|scolaire|education|universit|ciusss"),
    (ActorType.COMMUNITY, r"communautaire|obnl|osbl|organismes? a but non|\baca\b|community|non-profit"),
    (ActorType.BUSINESS, r"entreprise|commerc|affaires|prive|business|economique"),
)  # fmt: skip


def suggest(category: str) -> str:
    """A type of actor, ``unspecified`` where the words do not say. The most telling words come first:
    where two types are told, neither is sure, and communities of organisations win over what they gather.
    """
    folded = fold(category)
    if re.search(r"communautaires? \(obnl", folded):
        return ActorType.COMMUNITY
    for code, pattern in _WORDS:
        if re.search(pattern, folded):
            return code
    return ActorType.UNSPECIFIED


def distinct(values: Iterable[str]) -> list[tuple[str, int]]:
    """Each category with how many lines have it, the most common first; empty ones left out."""
    counts: dict[str, int] = {}
    for value in values:
        if value:
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], fold(pair[0])))
