"""A GET never writes: the database itself is told so while the view of a GET or HEAD runs.

Innermost middleware: sessions and sign-in mechanics that middlewares write on their way out are not concerned.
A view that must write on a GET says why with :func:`writes_on_get`; one we did not write is named by
:func:`allow`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

READING = frozenset({"SELECT", "EXPLAIN", "PRAGMA", "SHOW", "SET", "SAVEPOINT", "RELEASE", "ROLLBACK", "VALUES"})
_FIRST_WORD = re.compile(r"[\s(]*([A-Za-z]+)")
_WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|MERGE\s+INTO|TRUNCATE)\b", re.I)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_TABLE = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)\"?", re.I)

SESSION_TABLES = frozenset({"django_session"})
"""A session found ended is emptied when the view asks who is signed in: the only write a GET makes by itself."""

_allowed: dict[str, str] = {}


class WriteOnRead(RuntimeError):
    """A view wrote to the database while answering a GET. Move it to a POST, or say why it must."""


def writes_on_get(why: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let this view write on a GET, for a reason. Set it outermost."""
    if not why:
        raise ValueError("Say why this view writes on a GET.")

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        view.writes_on_get = why  # type: ignore[attr-defined]
        return view

    return decorate


def allow(name: str, why: str) -> None:
    """Let the view of this address (``room:name``) write on a GET: for views that are not ours."""
    if not why:
        raise ValueError("Say why this view writes on a GET.")
    _allowed[name] = why


def is_write(sql: str) -> bool:
    """Whether a statement changes rows or tables. What is not recognised counts as a write."""
    first = _FIRST_WORD.match(sql)
    word = first.group(1).upper() if first else ""
    if word == "WITH":
        return bool(_WRITES.search(_QUOTED.sub("", sql)))
    return word not in READING


class Guard:
    """What every statement goes through while a GET is answered."""

    def __init__(self) -> None:
        self.lifted = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.lifted and is_write(sql):
            table = _TABLE.match(sql)
            if not (table and table.group(1) in SESSION_TABLES):
                # The statement is shown without its parameters: they may speak of someone.
                raise WriteOnRead(f"A GET may not write: {sql[:200]}")
        return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Last of the middlewares: the guard holds while the view runs and its template is rendered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        guard = request._read_guard = Guard()  # type: ignore[attr-defined]
        with ExitStack() as held:
            for connection in connections.all():
                held.enter_context(connection.execute_wrapper(guard))
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        match, guard = request.resolver_match, getattr(request, "_read_guard", None)
        said = getattr(view, "writes_on_get", "") or getattr(getattr(view, "view_class", None), "writes_on_get", "")
        if guard is not None and (said or (match is not None and match.view_name in _allowed)):
            guard.lifted = True
