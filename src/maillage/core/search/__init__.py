"""Search, in French first: one interface, the same results in the same order on both databases.

Services call :func:`put` after their writes and :func:`remove` after their deletions, in the same transaction.
Matching is the database's (FTS5, tsvector); the score is ours and is the same everywhere:

====  =============================================
4     the title is the query
3     the title begins with the query
2     the title holds every word of the query
1     the title holds one of them
0     the words are in the text
====  =============================================

then by title, in the order of its folded letters.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from maillage.core import contributions
from maillage.core.models import SearchEntry
from maillage.core.search import engines, words
from maillage.core.search.snippets import snippet
from maillage.core.text import sort_key

BATCH = 500
BODY = 20_000
"""Characters of a body that are kept and indexed."""


@dataclass(frozen=True)
class Entry:
    """Something to find, and by whom.

    ``is_public``: by anyone. Otherwise by everyone inside its alliance; with ``readers``, only by those of them who
    belong to one of these groups (``core.contributions.reader_groups``).
    """

    kind: str
    object_id: str | int
    alliance_id: int | None
    title: str
    body: str = ""
    url: str = ""
    is_public: bool = True
    language: str = "fr"
    readers: Collection[str] = ()
    """Groups, ``space:12``: read where the entry is not public."""
    reference: str = ""
    """``app.model:uuid`` of what a person may withdraw from: then left out of what they find."""


@dataclass(frozen=True)
class Hit:
    kind: str
    object_id: str
    title: str
    snippet: str
    """Safe HTML: the text around the first word found, with ``<mark>``."""
    url: str
    score: int
    alliance_id: int | None
    language: str = "fr"


@dataclass(frozen=True)
class Page:
    results: Sequence[Hit]
    total: int


def scope_word(prefix: str, value: object) -> str:
    """A word of the scope: ``kactor``, ``a12``. Letters and digits only, so that both engines read one word."""
    return prefix + re.sub(r"[^0-9a-z]", "", str(value).lower())


def _reference_word(reference: str) -> str:
    """The word of one thing: its uuid is its own, whatever its kind."""
    return scope_word("r", reference.partition(":")[2])


def _scope(entry: Entry) -> str:
    found = [scope_word("k", entry.kind)] + ([] if entry.is_public else ["private"])
    if entry.readers and not entry.is_public:
        found += [engines.SEALED, *sorted(scope_word("g", group) for group in entry.readers)]
    if entry.alliance_id is not None:
        found.append(scope_word("a", entry.alliance_id))
    if entry.reference:
        found.append(_reference_word(entry.reference))
    return " ".join(found)


def _plain(url: str) -> str:
    """The address in the default language, whatever the language of whoever wrote the row."""
    return url.removeprefix("/en") if url.startswith("/en/") else url


def _row(entry: Entry) -> SearchEntry:
    body = entry.body[:BODY]
    return SearchEntry(
        kind=entry.kind,
        object_id=str(entry.object_id),
        alliance_id=entry.alliance_id,
        title=entry.title[:300],
        body=body,
        url=_plain(entry.url),
        is_public=entry.is_public,
        language=entry.language,
        title_key=sort_key(entry.title),
        title_terms=" ".join(words.terms(entry.title[:300], entry.language)),
        terms=" ".join(words.terms(f"{entry.title[:300]}\n{body}", entry.language)),
        scope=_scope(entry),
    )


_UPDATED = [
    "alliance_id", "title", "body", "url", "is_public", "language", "title_key", "title_terms", "terms", "scope",
]  # fmt: skip


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    left = iter(entries)
    while batch := list(islice(left, BATCH)):
        yield batch


def put(entries: Iterable[Entry]) -> int:
    """Index these, in place of what was indexed for the same kind and id. Returns how many."""
    count = 0
    for batch in _batches(entries):
        rows = {(row.kind, row.object_id): row for row in map(_row, batch)}
        SearchEntry.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=_UPDATED
        )
        count += len(rows)
    return count


def remove(kind: str, object_ids: Iterable[str | int]) -> int:
    """Forget these. Returns how many were known. See :func:`scrub` where not a trace may stay in the file."""
    left = iter(map(str, object_ids))
    count = 0
    while batch := list(islice(left, BATCH)):
        count += SearchEntry.objects.filter(kind=kind, object_id__in=batch).delete()[0]
    return count


def find(
    text: str,
    *,
    kinds: Sequence[str] | None = None,
    alliance_id: int | None = None,
    include_private: bool = False,
    groups: Collection[str] = (),
    left: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
) -> Page:
    """What holds every word of ``text`` (the last one may be only begun), best first. Two queries, or three.

    ``alliance_id`` keeps to one alliance: the caller has asked the rule. Without it, alliances that are not open
    (``contributions.closed_alliances``) are left out. Private entries come only with ``include_private``: the caller
    has asked that rule too. Those kept for some groups come only to whom belongs to one of them (``groups``: what
    :func:`groups_of` says of the reader). ``left``: what the reader withdrew from
    (``core.withholding.references_left``), left out. ``limit`` is at most 100.
    """
    asked = words.wanted(text)
    within = [[scope_word("k", kind) for kind in kinds]] if kinds is not None else []
    without = [] if include_private else ["private"]
    opened = [scope_word("g", group) for group in sorted(groups)] if include_private else []
    if alliance_id is not None:
        within.append([scope_word("a", alliance_id)])
    elif not include_private:
        without += [scope_word("a", closed) for closed in contributions.closed_alliances.collect()]
    without += [_reference_word(reference) for reference in sorted(left)]
    title_key = sort_key(text)
    if not title_key or (kinds is not None and not kinds):
        return Page([], 0)
    limit, offset = max(0, min(limit, 100)), max(0, offset)
    engine = engines.for_connection(connection)
    total, scored = engine.find(asked, title_key, engines.Scope(within, without, opened), limit, offset)
    rows = SearchEntry.objects.in_bulk([pk for pk, _score in scored])
    return Page([_hit(rows[pk], score, asked) for pk, score in scored if pk in rows], total)


def groups_of(alliance: contributions.Scope, viewer: Any, today: dt.date) -> frozenset[str]:
    """The groups of readers that the viewer belongs to here. A bounded number of queries."""
    if viewer is None or not viewer.is_authenticated:
        return frozenset()
    return frozenset(contributions.reader_groups.collect(alliance, viewer, today))


def _hit(row: SearchEntry, score: int, asked: list[words.Wanted]) -> Hit:
    return Hit(
        kind=row.kind,
        object_id=row.object_id,
        title=row.title,
        snippet=snippet(row.body, asked, row.language),
        url=row.url,
        score=score,
        alliance_id=row.alliance_id,
        language=row.language,
    )


def rebuild() -> int:
    """Index again everything the rooms declare (``contributions.search``). Returns how many entries.

    One transaction for each kind: searches meanwhile see the former index.
    """
    count = 0
    declared = {kind.kind: kind for kind in contributions.search}
    SearchEntry.objects.exclude(kind__in=declared).delete()
    for kind in declared.values():
        with transaction.atomic():
            SearchEntry.objects.filter(kind=kind.kind).delete()
            count += put(kind.rows())
    scrub()
    return count


def scrub() -> None:
    """Leave no deleted word in the index's own pages (SQLite keeps them until it is optimised)."""
    engines.for_connection(connection).scrub()
