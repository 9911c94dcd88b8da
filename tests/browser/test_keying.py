"""Paper keyed in with the keyboard alone: twelve sheets in well under a minute, nothing lost on the way."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

LINES = ["6 5 - 4 1 2", "abcdef", "0", "665544", "6 5 4 3 2 1 ? tache", "111111", "x déchirée", "123456", "600000",
         "555555", "6 6 6 6 6 6", "432165"]  # fmt: skip
BAD = "6 5"


def at_the_pile(page: Page, site: str, sign_in) -> None:
    """The batch that waits for its second reading, from what waits for the agent."""
    sign_in(page, "agent")
    page.goto(f"{site}/deux-rivieres/consultations/")
    page.get_by_role("link", name=re.compile("Quelles solutions")).first.click()
    page.goto(re.sub(r"/[^/]*$", "/", page.url) + "preparer/papier/")
    page.get_by_role("link", name="Lot 1").click()
    page.get_by_role("link", name=re.compile("Saisir ce lot|Continuer")).click()
    page.wait_for_load_state()


def keyed(page: Page) -> int:
    """What the server has, asked anew."""
    html = page.context.request.get(page.url.split("?")[0]).text()
    return int(re.search(r"data-count>(\d+)<", html).group(1))


def test_twelve_sheets_a_minute_the_focus_never_lost_and_a_bad_line_comes_back(page, site, sign_in):
    at_the_pile(page, site, sign_in)
    begun = keyed(page)
    assert begun == 0
    started = time.monotonic()
    field = page.locator("[data-line]")
    expect(field).to_be_focused()
    for line in LINES[:6]:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(field).to_be_focused()
    # A line that cannot be read comes back under the fingers; what was typed meanwhile is not lost.
    page.keyboard.type(BAD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-error]")).to_contain_text("Feuille 7")
    expect(field).to_have_value(BAD)
    expect(field).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    for line in LINES[6:]:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("12")
    assert time.monotonic() - started < 60
    assert keyed(page) == 12
    # The previous one is corrected without leaving the keyboard.
    page.keyboard.press("ArrowUp")
    expect(page.locator("#ligne")).to_have_value("432165")
    expect(page.locator("#ligne")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("432166")
    page.keyboard.press("Enter")
    expect(page.locator("[data-list] code").first).to_have_text("432166")
    assert keyed(page) == 12


def test_through_a_cut_sheets_wait_and_leave_by_themselves(page, site, sign_in):
    at_the_pile(page, site, sign_in)
    begun = keyed(page)
    page.context.set_offline(True)
    page.keyboard.type("111222")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error]")).to_contain_text("Pas de réseau")
    expect(page.locator("[data-pending]")).to_contain_text("111222")
    page.context.set_offline(False)
    expect(page.locator("[data-count]")).to_have_text(str(begun + 1), timeout=20_000)
    assert keyed(page) == begun + 1
