"""What search knows of testimonies: the passages shown in public, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.urls import reverse

from maillage.core import search
from maillage.core.search import Entry
from maillage.participation.consultations.models import Consultation
from maillage.participation.testimonies.models import Quote

KIND = "testimony-quote"


def _public():
    return Quote.objects.filter(
        testimony__step__consultation__state=Consultation.State.PUBLISHED, agreed_by__isnull=False,
        testimony__may_quote=True,
    ).select_related("testimony__step__consultation__alliance")  # fmt: skip


def entry(quote: Quote) -> Entry:
    consultation = quote.testimony.step.consultation
    return Entry(
        kind=KIND, object_id=quote.pk, alliance_id=consultation.alliance_id, title=consultation.title, body=quote.text,
        url=reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid]),
        language="en" if quote.testimony.language == "en" else "fr",
    )  # fmt: skip


def put(quotes: Iterable[Quote]) -> None:
    """Those of them that the public may read."""
    search.put(entry(row) for row in _public().filter(pk__in=[quote.pk for quote in quotes]))


def forget(keys: Iterable[int]) -> None:
    search.remove(KIND, list(keys))


def rows() -> Iterator[Entry]:
    for row in _public().order_by("pk").iterator(chunk_size=500):
        yield entry(row)


def look(now: dt.datetime) -> int:
    """Each day: the passages of the results published since. How many are known."""
    found = list(rows())
    search.put(found)
    return len(found)
