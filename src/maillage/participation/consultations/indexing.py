"""What search knows of consultations: those that anyone may read; for the team, those it prepares too."""

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
    """What was never opened is found by those who steer or oversee only (``team:<alliance>``)."""
    shown = is_shown(consultation)
    parts = (consultation.intro, consultation.purpose, consultation.promise, consultation.feedback)
    return Entry(
        kind=KIND, object_id=consultation.pk, alliance_id=consultation.alliance_id, title=consultation.title,
        body=". ".join(part for part in parts if part), url=consultation.get_absolute_url(),
        language="en" if consultation.language == "en" else "fr", is_public=shown,
        readers=() if shown else (f"team:{consultation.alliance_id}",),
    )  # fmt: skip


def put(consultations: Iterable[Consultation]) -> None:
    """Tell the index what these are now."""
    search.put(entry(row) for row in consultations)


def forget(consultations: Iterable[int]) -> None:
    """Thrown away."""
    search.remove(KIND, list(consultations))


def rows() -> Iterator[Entry]:
    """Every consultation, for a rebuild of the index."""
    for row in Consultation.objects.select_related("alliance").order_by("pk").iterator(chunk_size=500):
        yield entry(row)
