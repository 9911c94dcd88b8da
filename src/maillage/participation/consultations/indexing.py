"""What search knows of consultations: those that anyone may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from maillage.core import search
from maillage.core.search import Entry
from maillage.participation.consultations.models import Consultation

KIND = "consultation"
S = Consultation.State
SHOWN = Q(state__in=[S.OPEN, S.CLOSED, S.PUBLISHED]) | Q(state=S.CANCELLED, opened_at__isnull=False)
"""What was opened once stays readable, even when it was cancelled since."""


def is_shown(row: Consultation) -> bool:
    """``SHOWN``, for a row already read."""
    return row.state in {S.OPEN, S.CLOSED, S.PUBLISHED} or (row.state == S.CANCELLED and row.opened_at is not None)


def entry(consultation: Consultation) -> Entry:
    parts = (consultation.intro, consultation.purpose, consultation.promise, consultation.feedback)
    return Entry(
        kind=KIND, object_id=consultation.pk, alliance_id=consultation.alliance_id, title=consultation.title,
        body=". ".join(part for part in parts if part), url=consultation.get_absolute_url(),
        language="en" if consultation.language == "en" else "fr",
    )  # fmt: skip


def put(consultations: Iterable[Consultation]) -> None:
    """Tell the index what these are now."""
    shown: list[Consultation] = []
    hidden: list[Consultation] = []
    for row in consultations:
        (shown if is_shown(row) else hidden).append(row)
    search.put(entry(row) for row in shown)
    search.remove(KIND, [row.pk for row in hidden])


def rows() -> Iterator[Entry]:
    """Every consultation that was opened, for a rebuild of the index."""
    found = Consultation.objects.filter(SHOWN).select_related("alliance")
    for row in found.order_by("pk").iterator(chunk_size=500):
        yield entry(row)
