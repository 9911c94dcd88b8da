"""What search knows of decisions: before they are published, only those of the space find them, save who withdrew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.concertation.decisions.models import Decision
from maillage.concertation.reading_groups import of_decision
from maillage.core import search
from maillage.core.search import Entry

KIND = "decision"
CHUNK = 500


def entry(decision: Decision, text: str) -> Entry:
    return Entry(
        kind=KIND, object_id=decision.pk, alliance_id=decision.alliance_id, title=decision.title,
        body=". ".join(part for part in (decision.code, text, decision.context) if part),
        url=decision.get_absolute_url(), language=decision.language, is_public=decision.is_public,
        readers=of_decision(decision),
        # Published, it is everyone's: whoever withdrew reads it too.
        reference="" if decision.is_public else decision.reference,
    )  # fmt: skip


def _text(decision: Decision) -> str:
    return next((version.text for version in decision.versions.all()), "")


def put(decisions: Iterable[Decision]) -> None:
    """Tell the index what these decisions are now."""
    search.put(entry(decision, _text(decision)) for decision in decisions)


def rows() -> Iterator[Entry]:
    """Every decision, for a rebuild of the index."""
    found = Decision.objects.select_related("alliance").prefetch_related("versions")
    for decision in found.order_by("pk").iterator(chunk_size=CHUNK):
        yield entry(decision, _text(decision))
