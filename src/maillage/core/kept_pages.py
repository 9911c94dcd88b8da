"""Pages that everyone sees alike are kept while nothing changes, so that a crowd costs what one reader does.

Only the public side of an alliance (its views say so), only for a reader without session, only whole pages. A kept
page is shown while the last line of the audit log is the one it was made under: every change that matters writes
one. What writes none (the passing of midnight, an operator's own SQL, two transactions that end out of order) shows
after ``KEPT_PAGES_SECONDS`` at most. Each process keeps its own; nothing is shared, nothing is written.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ROOM = 32 * 1024 * 1024
"""Bytes of pages that one process keeps; the least recently shown leaves first."""
LARGEST = 1024 * 1024
HARMLESS = frozenset({"maillage_theme"})
"""Cookies that say nothing of who reads. They are part of what tells two pages apart."""
VALUES = frozenset({"", "light", "dark"})


@dataclass(frozen=True)
class Kept:
    version: int
    until: float
    content: bytes
    headers: tuple[tuple[str, str], ...]


class Shelf:
    """The kept pages of this process, bounded in bytes."""

    def __init__(self) -> None:
        self.pages: OrderedDict[Any, Kept] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, key: Any, version: int, now: float) -> Kept | None:
        with self.lock:
            page = self.pages.get(key)
            if page is None or page.version != version or page.until <= now:
                return None
            self.pages.move_to_end(key)
            return page

    def put(self, key: Any, page: Kept) -> None:
        with self.lock:
            former = self.pages.pop(key, None)
            self.size += len(page.content) - (len(former.content) if former else 0)
            self.pages[key] = page
            while self.size > ROOM:
                _key, oldest = self.pages.popitem(last=False)
                self.size -= len(oldest.content)

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.size = 0


shelf = Shelf()


def last_change() -> int:
    """The number of the last line of the audit log: one step down the index, whatever its size."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM core_auditentry")
        row = cursor.fetchone()
    return int(row[0] or 0)


def key_of(request: HttpRequest) -> tuple[str, ...] | None:
    """What tells this page from another; ``None`` where the reader may be someone."""
    if request.method != "GET" or not set(request.COOKIES) <= HARMLESS:
        return None
    headers = request.headers
    if "Authorization" in headers or "HX-Request" in headers or "Range" in headers:
        return None
    theme = request.COOKIES.get("maillage_theme", "")
    if theme not in VALUES:
        return None
    scheme = "https" if request.is_secure() else "http"
    packed = "gzip" if "gzip" in headers.get("Accept-Encoding", "") else ""
    return (scheme, request.get_host(), request.get_full_path(), headers.get("Accept-Language", ""), theme, packed)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A whole HTML page, made by a view of the public side, that sets no cookie and asks not to be forgotten."""
    match = request.resolver_match
    return (
        match is not None
        and getattr(match.func, "public_side", False)
        and isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Cache-Control" not in response.headers
        and len(response.content) <= LARGEST
    )


class KeptPagesMiddleware:
    """Before sessions: a reader who has none never opens one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seconds = settings.KEPT_PAGES_SECONDS
        key = key_of(request) if seconds else None
        if key is None:
            return self.get_response(request)
        # Read before the page is made: a change meanwhile makes it old at once, never the reverse.
        version, now = last_change(), time.monotonic()
        page = shelf.get(key, version, now)
        if page is not None:
            return HttpResponse(page.content, headers=dict(page.headers))
        response = self.get_response(request)
        if may_be_kept(request, response):
            assert isinstance(response, HttpResponse)
            shelf.put(key, Kept(version, now + seconds, response.content, tuple(response.headers.items())))
        return response
