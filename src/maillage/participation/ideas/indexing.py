"""What search knows of ideas: those that everyone sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from maillage.core import search
from maillage.core.search import Entry
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation
from maillage.participation.ideas.models import Idea

KIND = "idea"


def _public() -> Any:
    opened = Consultation.objects.filter(SHOWN)
    found = Idea.objects.filter(step__consultation__in=opened, state=Idea.State.SHOWN)
    return found.select_related("step__consultation__alliance")


def entry(idea: Idea) -> Entry:
    consultation = idea.step.consultation
    return Entry(
        kind=KIND, object_id=str(idea.pk), alliance_id=consultation.alliance_id, title=idea.title,
        body=". ".join(part for part in (idea.text, consultation.title) if part), url=idea.get_absolute_url(),
        language="en" if idea.language == "en" else "fr",
    )  # fmt: skip


def put(ideas: Iterable[Idea]) -> None:
    """Those of them that the public may read."""
    search.put(entry(row) for row in _public().filter(pk__in=[idea.pk for idea in ideas]))


def forget(keys: Iterable[UUID]) -> None:
    search.remove(KIND, map(str, keys))


def rows() -> Iterator[Entry]:
    for row in _public().order_by("pk").iterator(chunk_size=500):
        yield entry(row)


def look(now: dt.datetime) -> int:
    """Each day: the ideas of the consultations opened since. How many are known."""
    found = list(rows())
    search.put(found)
    return len(found)
