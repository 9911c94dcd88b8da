"""The ballot page on a slow phone and a slow line: bytes over the network, and when it can be used.

``python benchmarks/ballot_page.py``: the demonstration on a server of its own, Chromium at 400 kbit/s, 150 ms away, a
processor six times slower, nothing kept from before. The median of five visits; the exit code is 1 where a target is
missed. Its peers, side by side: the public page of the same alliance, read in the same way.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import ROOT, Table, description

sys.path.insert(0, str(ROOT))

VISITS = 5
TOTAL, BARE, READY = 60_000, 15_000, 2_000


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


def tables() -> list[Table]:
    from playwright.sync_api import sync_playwright
    from tests.browser.conftest import BROWSER, HOW
    from tests.browser.site import open_ballot, serving
    from tests.browser.test_slow_phone import visit

    if not BROWSER:
        raise RuntimeError(HOW)
    table = Table(
        "The ballot page at 400 kbit/s",
        ["Page", "Bytes", "≤ 60 kB", "Without the font", "≤ 15 kB", "Painted (ms)", "Usable (ms)", "< 2 s"],
        notes=["150 ms away, a processor six times slower, empty cache; median of five visits."],
    )
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as site, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        for name, path in (("Ballot", open_ballot(site)), ("Home of the alliance", "/deux-rivieres/")):
            total, bare = weigh(browser, site + path)
            visits = [visit(browser, site + path) for _ in range(VISITS)]
            painted, ready = (statistics.median(one[key] for one in visits) for key in ("painted", "ready"))
            held = name == "Ballot"
            table.add(
                name, total, table.target(name, total, TOTAL, " bytes") if held else "", bare,
                table.target(f"{name}, without the font", bare, BARE, " bytes") if held else "",
                f"{painted:.0f}", f"{ready:.0f}",
                table.target(name, max(painted, ready), READY, " ms") if held else "",
            )  # fmt: skip
        browser.close()
    return [table]


if __name__ == "__main__":
    print("\n".join(description()))
    found = tables()
    for one in found:
        print(one.markdown())
        for missed in one.missed:
            print(missed)
    sys.exit(any(one.missed for one in found))
