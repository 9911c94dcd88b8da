"""Chromium talks to the product in this process: pages of consultations made for one test, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Route

ORIGIN = "http://localhost"
TYPES = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


def _answer(web: Client) -> Callable[[Route], None]:
    # Playwright answers in a context of its own, which would open another connection: the test's own is given to it.
    held = {alias: connections[alias] for alias in connections}

    def answer(route: Route) -> None:
        for alias, connection in held.items():
            connections[alias] = connection
        request, parts = route.request, urlsplit(route.request.url)
        if parts.path.startswith(settings.STATIC_URL):
            found = finders.find(parts.path.removeprefix(settings.STATIC_URL))
            kind = TYPES.get(Path(parts.path).suffix, "")
            route.fulfill(status=200, path=found, content_type=kind) if found else route.fulfill(status=404)
            return
        kept = ("accept", "origin", "sec-fetch-site")
        response = web.generic(
            request.method, f"{parts.path}?{parts.query}", request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", "application/octet-stream"), SERVER_NAME="localhost",
            headers={name: value for name, value in request.headers.items() if name in kept},
        )  # fmt: skip
        body = b"".join(response.streaming_content) if response.streaming else response.content
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=body)

    return answer


@pytest.fixture
def inside(browser, db) -> Iterator[Callable[..., Page]]:
    """``inside(width=320, script="…", java_script_enabled=False)``: a phone's page; ``script`` runs before others."""
    opened = []

    def open_page(*, width: int = 390, script: str = "", web: Client | None = None, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-CA", base_url=ORIGIN, **more)
        opened.append(context)
        if script:
            context.add_init_script(script)
        context.route("**/*", _answer(web or Client(enforce_csrf_checks=True)))
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
