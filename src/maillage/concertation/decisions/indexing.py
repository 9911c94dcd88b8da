"""What search knows of decisions: those that are published. What is not yet stays in the register of its members,
which knows who withdrew; the index of words does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.concertation.decisions.models import Decision
from maillage.core import search
from maillage.core.search import Entry

KIND = "decision"
CHUNK = 500


def entry(decision: Decision, text: str) -> Entry:
    return Entry(
        kind=KIND, object_id=decision.pk, alliance_id=decision.alliance_id, title=decision.title,
        body=". ".join(part for part in (decision.code, text, decision.context) if part),
        url=decision.get_absolute_url(), language=decision.language,
    )  # fmt: skip


def _text(decision: Decision) -> str:
    return next((version.text for version in decision.versions.all()), "")


def put(decisions: Iterable[Decision]) -> None:
    """Tell the index what these decisions are now."""
    shown: list[Decision] = []
    hidden: list[Decision] = []
    for decision in decisions:
        (shown if decision.is_public else hidden).append(decision)
    search.put(entry(decision, _text(decision)) for decision in shown)
    search.remove(KIND, [decision.pk for decision in hidden])


def rows() -> Iterator[Entry]:
    """Every published decision, for a rebuild of the index."""
    found = Decision.objects.filter(is_public=True).select_related("alliance").prefetch_related("versions")
    for decision in found.order_by("pk").iterator(chunk_size=CHUNK):
        yield entry(decision, _text(decision))
