"""How spaces work on a day: rule, quorum, functions, links."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from maillage.alliances.models import Alliance, Term
from maillage.concertation.governance.models import SpaceFunction, SpaceLink, SpaceSetting
from maillage.concertation.models import Space
from maillage.core.dates import holding, newest, oldest


def words_of(alliance: Alliance, scheme: str) -> dict[str, str]:
    """The words of a scheme in the reader's language, by code: the fixed ones, then the alliance's. One query."""
    english = get_language() == "en"
    terms = Term.objects.filter(Q(alliance=None) | Q(alliance=alliance), scheme=scheme)
    ordered = sorted(terms, key=lambda term: (term.alliance_id is not None, term.position, term.code))
    return {term.code: (english and term.en) or term.fr for term in ordered}


def functions_of(spaces: Sequence[Space], day: dt.date) -> dict[int, list[str]]:
    """The codes of the functions each space covers on ``day``. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = SpaceFunction.objects.at(day).filter(space__in=spaces).order_by("code", "id")
    for space, code in rows.values_list("space_id", "code"):
        if code not in found[space]:
            found[space].append(code)
    return dict(found)


def settings_of(spaces: Sequence[Space], day: dt.date) -> dict[int, SpaceSetting]:
    """How each space works on ``day``; spaces where nothing was written are left out. One query."""
    rows = SpaceSetting.objects.at(day).filter(space__in=spaces).order_by(*oldest())
    return {row.space_id: row for row in rows}


def setting_history(space: Space) -> list[SpaceSetting]:
    """Every way the space has worked, the latest first."""
    return list(SpaceSetting.objects.filter(space=space).order_by(*newest()))


@dataclass(frozen=True)
class Links:
    """The links of a space on a day, with the spaces at the other end that the reader may see."""

    part_of: list[SpaceLink]
    reports_to: list[SpaceLink]
    advises: list[SpaceLink]
    incoming: list[SpaceLink]


def links_of(space: Space, day: dt.date, *, everything: bool) -> Links:
    """``everything``: hidden spaces of the same alliance too. Those of another alliance are shown where that one is
    open. One query."""
    rows = (
        SpaceLink.objects.at(day)
        .filter(Q(space=space) | Q(other=space))
        .filter(holding(day, "space__"), holding(day, "other__"))
        .select_related("space__alliance", "other__alliance")
        .order_by("kind", "other__sort_key", "id")
    )
    groups: dict[str, list[SpaceLink]] = defaultdict(list)
    for row in rows:
        far = row.other if row.space_id == space.pk else row.space
        same = far.alliance_id == space.alliance_id
        if (same and everything) or (far.is_public and (same or far.alliance.is_public)):
            groups["in" if row.other_id == space.pk else row.kind].append(row)
    kinds = SpaceLink.Kind
    return Links(groups[kinds.PART_OF], groups[kinds.REPORTS_TO], groups[kinds.ADVISES], groups["in"])
