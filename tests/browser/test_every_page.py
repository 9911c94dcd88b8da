"""Every page that can be reached by links, in a real browser: accessible, never wider than the window, quiet.

A page is visited once per route (the same view with another row is the same page). Sizes and themes take
turns so that the whole ends in time; each page's screenshot is kept under ``build/screenshots/`` to be looked at.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "screenshots"
TURNS = [(1280, "light"), (390, "dark"), (320, "light"), (1280, "dark"), (390, "light"), (320, "dark")]
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
STARTS = {
    "anyone": [
        "/",
        "/en/",
        "/deux-rivieres/",
        "/en/deux-rivieres/",
        "/galerie/",
        "/territoires/",
        "/recherche/?q=table",
    ],
    "agent": ["/deux-rivieres/pilotage/", "/deux-rivieres/", "/compte/"],
    "member": ["/deux-rivieres/"],
    "operator": ["/", "/courriels/"],
}
AT_MOST = 320
HUBS = {"fr:participation_in:consultation", "fr:participation_in:steps"}
"""Visited each for itself by the agent: one leads to testimonies, another to statements, to paper, to questions."""


def route_of(address: str) -> str | None:
    """The name of the view behind an address, language apart; ``None`` for a file or an unknown address."""
    path = urlsplit(address).path
    language = "en" if path.startswith("/en/") else "fr"
    try:
        with translation.override(language):
            match = resolve(path)
    except Resolver404:
        return None
    if path.startswith(("/admin/", "/static/")):
        return None
    return f"{language}:{match.view_name}"


class Walk:
    """A bounded walk along links, breadth first, one page a route."""

    def __init__(self, page, site: str, axe: str, role: str) -> None:
        self.page, self.site, self.axe, self.role = page, site, axe, role
        self.turns = itertools.cycle(TURNS)
        self.seen: set[str] = set()
        self.problems: list[str] = []
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def run(self, starts: list[str]) -> None:
        waiting = [self.site + start for start in starts]
        while waiting and len(self.seen) < AT_MOST:
            address = waiting.pop(0)
            route = route_of(address)
            if self.role == "agent" and route in HUBS:
                route = f"{route} {urlsplit(address).path.split('/')[3][:8]}"
            if route is None or route in self.seen:
                continue
            self.seen.add(route)
            waiting += self.visit(address, route)

    def visit(self, address: str, route: str) -> list[str]:
        width, theme = next(self.turns)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.console.clear()
        downloads: list[object] = []
        self.page.once("download", lambda download: downloads.append(download))
        try:
            answer = self.page.goto(address)
        except Exception as error:
            if downloads or "Download is starting" in str(error):
                return []
            raise
        where = f"{self.role} {route} {width} {theme} {address}"
        if answer is None or answer.status >= 400:
            self.problems.append(f"{where}: answered {answer.status if answer else 'nothing'}")
            return []
        if "text/html" not in (answer.headers.get("content-type") or ""):
            return []
        self.look(where, width, theme, route)
        links: list[str] = self.page.eval_on_selector_all("a[href]:not([download])", "links => links.map(a => a.href)")
        return [link.split("#")[0] for link in links if link.startswith(self.site)]

    def look(self, where: str, width: int, theme: str, route: str) -> None:
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.role}-{route}".lower())
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
        if not self.page.title().strip():
            self.problems.append(f"{where}: no title")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.problems.append(f"{where}: scrolls sideways ({wide} px)")
        # The policy forbids an injected <script>: evaluate() runs in the page without one.
        self.page.evaluate(self.axe)
        found = self.page.evaluate("options => axe.run(document, options)", AXE)["violations"]
        self.problems += [
            f"{where}: {item['id']} ({item['impact']}): {item['help']}: {item['nodes'][0]['html'][:160]}"
            for item in found
        ]
        self.problems += [f"{where}: console: {line}" for line in self.console]


@pytest.mark.parametrize("role", list(STARTS))
def test_pages_are_accessible_and_hold_in_the_window(page, site, sign_in, axe_source, role):
    if role != "anyone":
        sign_in(page, role)
    walk = Walk(page, site, axe_source, role)
    walk.run(STARTS[role])
    assert not walk.problems, "\n".join(walk.problems)
    assert len(walk.seen) >= len(STARTS[role])
