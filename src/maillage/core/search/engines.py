"""The two indexes behind ``core.search``: FTS5 on SQLite, tsvector on PostgreSQL.

Both hold the stems made by ``core.search.words`` as they are: no parser or dictionary of theirs has a say, and the
score is computed by the same expression. Words of a query are ``[0-9a-z]+`` only: nothing to escape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from maillage.core.search.words import Wanted

Scope = Sequence[Sequence[str]]
"""Words of the scope: every group must be met, by any of its words."""


class Engine(Protocol):
    def find(
        self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int
    ) -> tuple[int, list[tuple[int, int]]]: ...

    def scrub(self) -> None: ...


def for_connection(wrapper: Any) -> Engine:
    return Postgres() if wrapper.vendor == "postgresql" else Sqlite()


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _upto(title_key: str) -> str:
    """The first key, in the order of bytes, after all those that begin with ``title_key``."""
    return title_key + "{"


class Sqlite:
    """``core_search_fts`` is an external-content FTS5 table kept by triggers (see migration ``guards``)."""

    def find(
        self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int
    ) -> tuple[int, list[tuple[int, int]]]:
        inside = "".join(f" AND {{scope}} : ({' OR '.join(group)})" for group in scope)
        if not asked:
            return self._by_title(title_key, scope, limit, offset)
        groups = [self._word(word) for word in asked]
        match = f"{{terms}} : ({' AND '.join(groups)}){inside}"
        every = f"{{title_terms}} : ({' AND '.join(groups)})"
        some = f"{{title_terms}} : ({' OR '.join(groups)})"
        total = _fetch("SELECT count(*) FROM core_search_fts WHERE core_search_fts MATCH %s", [match])[0][0]
        if not total or not limit:
            return total, []
        rows = _fetch(
            """
            SELECT e.id, CASE
                WHEN e.title_key = %s THEN 4
                WHEN e.title_key >= %s AND e.title_key < %s THEN 3
                WHEN e.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s) THEN 2
                WHEN e.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s) THEN 1
                ELSE 0 END AS score
            FROM core_searchentry e
            WHERE e.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)
            ORDER BY score DESC, e.title_key, e.kind, e.object_id LIMIT %s OFFSET %s
            """,
            [title_key, title_key, _upto(title_key), every, some, match, limit, offset],
        )
        return total, [(pk, score) for pk, score in rows]

    def _by_title(self, title_key: str, scope: Scope, limit: int, offset: int) -> tuple[int, list[tuple[int, int]]]:
        where, params = "title_key >= %s AND title_key < %s", [title_key, _upto(title_key)]
        if scope:
            where += " AND id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)"
            params.append(" AND ".join(f"{{scope}} : ({' OR '.join(group)})" for group in scope))
        return _titles(where, params, title_key, limit, offset, "")

    @staticmethod
    def _word(word: Wanted) -> str:
        found = [f'"{stem}"' for stem in word.stems] + ([f'"{word.prefix}"*'] if word.prefix else [])
        return f"({' OR '.join(found)})"

    def scrub(self) -> None:
        _run("INSERT INTO core_search_fts(core_search_fts) VALUES ('optimize')")


class Postgres:
    """Generated columns ``title_vector`` and ``vector`` (GIN); words of the scope are written ``#word`` there."""

    def find(
        self, asked: list[Wanted], title_key: str, scope: Scope, limit: int, offset: int
    ) -> tuple[int, list[tuple[int, int]]]:
        inside = ["(" + " | ".join(f"'#{word}'" for word in group) + ")" for group in scope]
        if not asked:
            where, params = "title_key COLLATE \"C\" >= %s AND title_key COLLATE \"C\" < %s", [
                title_key, _upto(title_key),
            ]  # fmt: skip
            if inside:
                where, params = where + " AND vector @@ %s::tsquery", [*params, " & ".join(inside)]
            return _titles(where, params, title_key, limit, offset, 'COLLATE "C"')
        groups = [self._word(word) for word in asked]
        match = " & ".join([*groups, *inside])
        total = _fetch("SELECT count(*) FROM core_searchentry WHERE vector @@ %s::tsquery", [match])[0][0]
        if not total or not limit:
            return total, []
        rows = _fetch(
            """
            SELECT e.id, CASE
                WHEN e.title_key = %s THEN 4
                WHEN e.title_key COLLATE "C" >= %s AND e.title_key COLLATE "C" < %s THEN 3
                WHEN e.title_vector @@ %s::tsquery THEN 2
                WHEN e.title_vector @@ %s::tsquery THEN 1
                ELSE 0 END AS score
            FROM core_searchentry e
            WHERE e.vector @@ %s::tsquery
            ORDER BY score DESC, e.title_key COLLATE "C", e.kind COLLATE "C", e.object_id COLLATE "C"
            LIMIT %s OFFSET %s
            """,
            [title_key, title_key, _upto(title_key), " & ".join(groups), " | ".join(groups), match, limit, offset],
        )
        return total, [(pk, score) for pk, score in rows]

    @staticmethod
    def _word(word: Wanted) -> str:
        found = [f"'{stem}'" for stem in word.stems] + ([f"'{word.prefix}':*"] if word.prefix else [])
        return f"({' | '.join(found)})"

    def scrub(self) -> None:
        """Nothing: what PostgreSQL no longer shows is taken away by its own vacuum."""


def _titles(
    where: str, params: list[Any], title_key: str, limit: int, offset: int, collate: str
) -> tuple[int, list[tuple[int, int]]]:
    """A query made of stop words only (« L’Un et l’Autre »): the titles that begin with it."""
    total = _fetch(f"SELECT count(*) FROM core_searchentry WHERE {where}", params)[0][0]
    order = ", ".join(f"{column} {collate}" for column in ("title_key", "kind", "object_id"))
    rows = _fetch(
        f"SELECT id, CASE WHEN title_key = %s THEN 4 ELSE 3 END AS score FROM core_searchentry "
        f"WHERE {where} ORDER BY score DESC, {order} LIMIT %s OFFSET %s",
        [title_key, *params, limit, offset],
    )
    return total, [(pk, score) for pk, score in rows]


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
