"""A slow phone on a slow line: 400 kbit/s, 150 ms away, a processor six times slower than this machine's.

Usable means: the text is painted, the page's own scripts have run and the first link answers a touch.
Caches are empty: it is somebody's first visit.
"""

from __future__ import annotations

import pytest

LIMIT_MS = 2000
TRIES = 8
"""What else runs on the machine can only slow a visit: the quickest of a few says what the page costs."""
LINE = {"offline": False, "latency": 150, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}


def visit(browser, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto(address, wait_until="domcontentloaded")
    page.locator("h1").first.wait_for(state="visible")
    times: dict[str, float] = page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
            const paint = performance.getEntriesByName("first-contentful-paint")[0];
            const navigation = performance.getEntriesByType("navigation")[0];
            done({painted: paint ? paint.startTime : Infinity, ready: navigation.domContentLoadedEventEnd,
                  bytes: navigation.transferSize});
        }, 0)))"""
    )
    context.close()
    return times


@pytest.mark.parametrize("path", ["/deux-rivieres/", "/deux-rivieres/acteurs/", "/territoires/", "/"])
def test_a_citizen_page_is_usable_in_two_seconds(browser, site, path):
    tries = []
    for _ in range(TRIES):
        tries.append(visit(browser, site + path))
        if max(tries[-1]["painted"], tries[-1]["ready"]) < LIMIT_MS:
            break
    assert min(max(times["painted"], times["ready"]) for times in tries) < LIMIT_MS, tries
    assert all(times["bytes"] < 40_000 for times in tries), tries
