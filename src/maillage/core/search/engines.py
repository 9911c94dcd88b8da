"""The two indexes behind ``core.search``: FTS5 on SQLite, tsvector on PostgreSQL.

Both hold the stems made by ``core.search.words`` as they are: no parser or dictionary of theirs has a say, and the
score is the same arithmetic on the same columns. Words are ``[0-9a-z]+`` only: nothing to escape in a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection

from maillage.core.search.words import Wanted

SEALED = "sealed"
"""The word of what only some groups find."""

Found = tuple[int, list[tuple[int, int]]]
"""How many match, and the ``(id, score)`` of the page asked."""


@dataclass(frozen=True)
class Scope:
    """``within``: every group must be met, by any of its words. ``without``: none of these words. What is sealed must
    hold one of the words of ``opened``."""

    within: Sequence[Sequence[str]] = field(default_factory=tuple)
    without: Sequence[str] = ()
    opened: Sequence[str] = ()


class Engine(Protocol):
    def find(self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int) -> Found: ...

    def scrub(self) -> None: ...


def for_connection(wrapper: Any) -> Engine:
    return Postgres() if wrapper.vendor == "postgresql" else Sqlite()


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _score(asked: list[Wanted], title_key: str, instr: str, collate: str) -> tuple[str, list[Any]]:
    """The score as an expression on the entry ``e``: the same words, looked for in its own stored stems."""
    held, params = [], list[Any]()
    for word in asked:
        pieces = [f" {stem} " for stem in word.stems] + ([f" {word.prefix}"] if word.prefix else [])
        held.append("(" + " OR ".join(f"{instr}(' ' || e.title_terms || ' ', %s) > 0" for _piece in pieces) + ")")
        params += pieces
    every, some = " AND ".join(held), " OR ".join(held)
    case = (
        f"CASE WHEN e.title_key = %s THEN 4 WHEN e.title_key {collate} >= %s AND e.title_key {collate} < %s THEN 3"
        f" WHEN {every} THEN 2 WHEN {some} THEN 1 ELSE 0 END"
        if held
        else f"CASE WHEN e.title_key = %s THEN 4 WHEN e.title_key {collate} >= %s AND e.title_key {collate} < %s"
        " THEN 3 ELSE 0 END"
    )
    return case, [title_key, title_key, _after(title_key), *params, *params]


def _after(title_key: str) -> str:
    """The first key, in the order of bytes, after all those that begin with ``title_key``."""
    return title_key + "{"


def _page(where: str, params: list[Any], score: tuple[str, list[Any]], collate: str, limit: int, offset: int) -> Found:
    """One query for the page and the total; a second only beyond the last page."""
    order = ", ".join(f"e.{column} {collate}" for column in ("title_key", "kind", "object_id"))
    rows = _fetch(
        f"SELECT e.id, {score[0]} AS score, count(*) OVER () FROM core_searchentry e WHERE {where} "
        f"ORDER BY score DESC, {order} LIMIT %s OFFSET %s",
        [*score[1], *params, max(1, limit), offset],
    )
    if rows:
        return rows[0][2], [(pk, found) for pk, found, _total in rows[:limit]]
    total = _fetch(f"SELECT count(*) FROM core_searchentry e WHERE {where}", params)[0][0] if offset else 0
    return total, []


class Sqlite:
    """``core_search_fts`` is an external-content FTS5 table kept by triggers (``core.guards``)."""

    def find(self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int) -> Found:
        score = _score(asked, title_key, "instr", "")
        parts = [f"{{terms}} : ({' AND '.join(map(self._word, asked))})"] if asked else []
        parts += [f"{{scope}} : ({' OR '.join(group)})" for group in scope.within]
        sealed = f"({SEALED} NOT ({' OR '.join(scope.opened)}))" if scope.opened else SEALED
        outside = f"{{scope}} : ({' OR '.join([*scope.without, sealed])})"
        if parts:
            match = f"({' AND '.join(parts)}) NOT {outside}"
            where, params = "e.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)", [match]
        else:
            where = "e.id NOT IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)"
            params = [outside]
        if not asked:
            # Stop words only (« L’Un et l’Autre »): the titles that begin with them.
            where += " AND e.title_key >= %s AND e.title_key < %s"
            params += [title_key, _after(title_key)]
        return _page(where, params, score, "", limit, offset)

    @staticmethod
    def _word(word: Wanted) -> str:
        found = [f'"{stem}"' for stem in word.stems] + ([f'"{word.prefix}"*'] if word.prefix else [])
        return f"({' OR '.join(found)})"

    def scrub(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_search_fts(core_search_fts) VALUES ('optimize')")


class Postgres:
    """A generated column ``vector`` (GIN); words of the scope are written ``#word`` there."""

    def find(self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int) -> Found:
        collate = 'COLLATE "C"'
        score = _score(asked, title_key, "strpos", collate)
        parts = [self._word(word) for word in asked]
        parts += ["(" + " | ".join(f"'#{word}'" for word in group) + ")" for group in scope.within]
        parts += [f"!'#{word}'" for word in scope.without]
        parts.append("(" + " | ".join([f"!'#{SEALED}'", *(f"'#{word}'" for word in scope.opened)]) + ")")
        where, params = "e.vector @@ %s::tsquery", [" & ".join(parts)]
        if not asked:
            where += f" AND e.title_key {collate} >= %s AND e.title_key {collate} < %s"
            params += [title_key, _after(title_key)]
        return _page(where, params, score, collate, limit, offset)

    @staticmethod
    def _word(word: Wanted) -> str:
        found = [f"'{stem}'" for stem in word.stems] + ([f"'{word.prefix}':*"] if word.prefix else [])
        return f"({' | '.join(found)})"

    def scrub(self) -> None:
        """Nothing: what PostgreSQL no longer shows is taken away by its own vacuum."""
