"""The ballot page on a slow phone and a slow line: bytes over the network, and when it can be used.

``python benchmarks/ballot_page.py [ADDRESS]``: the demonstration, on a server of its own or at this address, Chromium
at 400 kbit/s, 400 ms away as on 3G, a processor six times slower, nothing kept from before. The median of five visits;
the exit code is 1 where a target is missed. Its peer, side by side: the home page of the same alliance, read in the
same way.
"""

from __future__ import annotations

import contextlib
import math
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import ROOT, Table, description

sys.path.insert(0, str(ROOT))

TOUCH = """addEventListener("DOMContentLoaded", () => setTimeout(() => {
    const one = document.querySelector("input[type=radio], input[type=checkbox]");
    if (!one) return;
    one.click();
    requestAnimationFrame(() => { window.taken = one.checked ? performance.now() : Infinity; });
}, 0));"""
"""As soon as the scripts have run, the first choice is touched; it counts once the next image is drawn. In the page
itself: the test's own orders to the browser take longer than the page."""
VISITS = 5
AWAY = 400
"""Milliseconds: the latency that Chromium's own tools give to 3G."""
OURS = {
    "ballot": "Ballot", "opinions": "Ballot of opinions", "questions": "Questionnaire", "budget": "Ballot of a budget"
}  # fmt: skip
PEER = "Home of the alliance"
TOTAL, BARE, READY = 60_000, 15_000, 2_000


def visit(browser: Any, address: str) -> dict[str, float]:
    """One first visit: milliseconds until the text is painted, until every script has run, and until a choice that is
    touched is taken."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    speed = 400_000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": AWAY, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.add_init_script(TOUCH)
    page.goto(address, wait_until="load")
    page.locator("h1").first.wait_for(state="visible")
    if page.locator("input[type=radio], input[type=checkbox]").count():
        page.wait_for_function("window.taken > 0")
    found: dict[str, float] = page.evaluate(
        """() => {
            const paint = performance.getEntriesByName("first-contentful-paint")[0];
            const navigation = performance.getEntriesByType("navigation")[0];
            return {painted: paint ? paint.startTime : Infinity, ready: navigation.domContentLoadedEventEnd,
                    touched: window.taken || NaN};
        }"""
    )
    context.close()
    return found


def weigh(browser: Any, address: str) -> tuple[int, int]:
    """Bytes in all, and without what serves the font."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    line.on("Network.responseReceived", lambda event: names.__setitem__(event["requestId"], event["response"]["url"]))
    line.on("Network.loadingFinished", lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    context.close()
    bare = sum(size for request, size in sizes.items() if "/vendor/" not in names.get(request, ""))
    return int(sum(sizes.values())), int(bare)


def tables(address: str = "") -> list[Table]:
    from playwright.sync_api import sync_playwright
    from tests.browser.conftest import BROWSER, HOW
    from tests.browser.site import citizens_pages, serving

    if not BROWSER:
        raise RuntimeError(HOW)
    table = Table(
        "The ballot page at 400 kbit/s",
        [
            "Page", "Bytes", "≤ 60 kB", "Without the font", "≤ 15 kB", "Painted (ms)", "Scripts run (ms)",
            "A choice is taken (ms)", "< 2 s",
        ],
        notes=[
            f"{AWAY} ms away, a processor six times slower, empty cache; median of {VISITS} visits; the latest of the "
            f"three counts. Load of the machine before: {os.getloadavg()[0]:.2f} (1 minute average)."
        ],
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as held:
        engine = held.enter_context(sync_playwright())
        site = address or held.enter_context(serving(Path(folder)))
        browser = engine.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        kept = citizens_pages(site)
        for name, path in (*((name, kept[kind]) for kind, name in OURS.items()), (PEER, "/deux-rivieres/")):
            total, bare = weigh(browser, site + path)
            visits = [visit(browser, site + path) for _ in range(VISITS)]
            painted, ready, touched = (
                statistics.median(one[key] for one in visits) for key in ("painted", "ready", "touched")
            )
            ours = name != PEER
            table.add(
                name, total, table.target(name, total, TOTAL, " bytes") if ours else "", bare,
                table.target(f"{name}, without the font", bare, BARE, " bytes") if ours else "",
                f"{painted:.0f}", f"{ready:.0f}", "" if math.isnan(touched) else f"{touched:.0f}",
                table.target(name, max(painted, ready, touched), READY, " ms") if ours else "",
            )  # fmt: skip
        browser.close()
    return [table]


if __name__ == "__main__":
    print("\n".join(description()))
    found = tables(sys.argv[1] if len(sys.argv) > 1 else "")
    for one in found:
        print(one.markdown())
        for missed in one.missed:
            print(missed)
    sys.exit(any(one.missed for one in found))
