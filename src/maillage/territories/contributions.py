"""What territories give to the other rooms: open data, search, a link in the footer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import contributions
from maillage.core.contributions import Export, NavigationItem, SearchKind
from maillage.territories.indexing import KIND, entries
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership
from maillage.territories.vocabulary import (
    ISQ_MRC,
    MAMH,
    REGION,
    STATCAN_DIVISION,
    STATCAN_PROVINCE,
    STATCAN_SUBDIVISION,
)

SCHEMES = (REGION, ISQ_MRC, MAMH, STATCAN_PROVINCE, STATCAN_DIVISION, STATCAN_SUBDIVISION)
OPEN_DATA_HEADER = ("adresse", "genre", "designation", "nom", "lie_a", "latitude", "longitude", *SCHEMES, "source")


def open_data_rows(today: dt.date | None = None) -> Iterator[tuple[Any, ...]]:
    """A row a territory: what it lies in today, its codes of today, its source. Three queries, read in pieces."""
    day = today or timezone.localdate()
    parents = dict(TerritoryMembership.objects.at(day).order_by("id").values_list("child_id", "parent__slug"))
    codes: dict[tuple[int, str], str] = {
        (territory, scheme): code
        for territory, scheme, code in TerritoryCode.objects.at(day).values_list("territory_id", "scheme", "code")
    }
    for place in Territory.objects.at(day).iterator(chunk_size=500):
        yield (
            place.slug,
            place.kind,
            place.designation,
            place.name,
            parents.get(place.pk, ""),
            "" if place.latitude is None else place.latitude,
            "" if place.longitude is None else place.longitude,
            *(codes.get((place.pk, scheme), "") for scheme in SCHEMES),
            place.source,
        )


contributions.search.add(SearchKind(KIND, gettext_lazy("Territories"), entries))  # type: ignore[arg-type]


@contributions.exports.register
def exports(scope: Any, viewer: Any, today: dt.date) -> Iterator[Export]:
    yield Export(
        name="territoires",
        title=_("Territories of Quebec and their codes"),
        header=OPEN_DATA_HEADER,
        rows=lambda: open_data_rows(today),
    )


@contributions.navigation.register
def navigation(scope: Any, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    yield NavigationItem(_("Territories of Quebec"), reverse("territories:index"), area="footer", order=80)
