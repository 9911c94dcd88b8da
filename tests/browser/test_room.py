"""Notes taken in a real browser: the network falls, the page is loaded again, two people write, the session ends."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

SIGNED = re.compile("Enregistré à")
OFFLINE = re.compile("Hors ligne")
WAIT = 20_000


def opened(browser: Browser, site: str, **options) -> Page:
    """A browser of its own, in the room of the next meeting that has an agenda."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-CA", **options)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{site}/demo/")
    page.locator('form[data-role="agent"] button').first.click()
    page.wait_for_load_state()
    page.goto(f"{site}/deux-rivieres/rencontres/")
    page.locator('main a[href*="/rencontres/"]').filter(has_text=re.compile("Table|Rencontre")).first.click()
    page.get_by_role("link", name="En salle").first.click()
    page.wait_for_load_state()
    return page


def point(page: Page, number: int):
    """The note of a point, and its field."""
    part = page.locator("details:has(form[data-note])").nth(number)
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part, part.locator("textarea.room-note")


def server_text(page: Page, number: int) -> str:
    """What the server has, asked anew."""
    url = page.locator("form[data-note]").nth(number).get_attribute("action")
    return page.context.request.get(page.evaluate("u => new URL(u, location.href).href", url)).json()["text"]


def test_what_is_typed_offline_leaves_when_the_network_is_back_and_survives_a_reload(browser, site):
    page, mark = opened(browser, site), uuid.uuid4().hex
    part, field = point(page, 0)
    field.press_sequentially(f"avant {mark}\n")
    expect(part.locator("[data-said]")).to_have_text(SIGNED, timeout=WAIT)
    page.context.set_offline(True)
    field.press_sequentially(f"pendant {mark}\n")
    expect(part.locator("[data-said]")).to_have_text(OFFLINE, timeout=WAIT)
    assert f"pendant {mark}" not in page.evaluate("document.querySelector('textarea.room-note').defaultValue")
    # The page is lost and loaded again, once the network is back: the text is found in the browser and leaves.
    page.context.set_offline(False)
    page.reload()
    part, field = point(page, 0)
    expect(field).to_have_value(re.compile(f"pendant {mark}"), timeout=WAIT)
    expect(part.locator("[data-said]")).to_have_text(SIGNED, timeout=WAIT)
    text = server_text(page, 0)
    assert f"avant {mark}" in text
    assert f"pendant {mark}" in text
    page.wait_for_timeout(2500)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('maillage-note')).length") == 0
    page.context.close()


def test_two_people_who_write_at_once_lose_nothing(browser, site):
    one, other = opened(browser, site), opened(browser, site)
    marks = [uuid.uuid4().hex, uuid.uuid4().hex]
    fields = [point(page, 1)[1] for page in (one, other)]
    for step in range(3):
        for field, mark in zip(fields, marks, strict=True):
            field.press("Control+End")
            field.press_sequentially(f"{step} {mark}\n")
        one.wait_for_timeout(1500)
    for page in (one, other):
        expect(point(page, 1)[0].locator("[data-said]").first).to_have_text(SIGNED, timeout=WAIT)
    one.wait_for_timeout(3000)
    text = server_text(one, 1)
    for mark in marks:
        for step in range(3):
            assert f"{step} {mark}" in text
    # Whoever leaves the field sees what the other wrote.
    fields[0].blur()
    expect(fields[0]).to_have_value(re.compile(f"2 {marks[1]}"), timeout=WAIT)
    for page in (one, other):
        page.context.close()


def test_the_same_words_changed_by_two_are_kept_and_chosen(browser, site):
    one, other = opened(browser, site), opened(browser, site)
    mark = uuid.uuid4().hex
    parts = [point(page, 2) for page in (one, other)]
    parts[0][1].fill(f"le prix {mark} est haut")
    expect(parts[0][0].locator("[data-said]").first).to_have_text(SIGNED, timeout=WAIT)
    expect(parts[1][1]).to_have_value(re.compile(mark), timeout=WAIT)
    for page in (one, other):
        page.context.set_offline(True)
    parts[0][1].fill(f"le prix {mark} est bas")
    parts[1][1].fill(f"le prix {mark} est juste")
    for page in (one, other):
        page.context.set_offline(False)
    beside = other.locator("[data-beside-box] .callout, [data-beside-box] .callout").first
    for page in (one, other):
        page.wait_for_timeout(4000)
    shown = other if beside.count() else one
    boxes = shown.locator("[data-beside-box] .callout")
    expect(boxes.first).to_be_visible(timeout=WAIT)
    # On a slow machine each of the two may have sent more than one text: each waits to be chosen.
    for left in range(boxes.count(), 0, -1):
        boxes.first.get_by_role("button", name="Garder les deux").click()
        expect(boxes).to_have_count(left - 1, timeout=WAIT)
    text = server_text(one, 2)
    assert "est bas" in text
    assert "est juste" in text
    for page in (one, other):
        page.context.close()


def test_a_session_that_ends_keeps_the_text_until_one_signs_in_again(browser, site):
    page, mark = opened(browser, site), uuid.uuid4().hex
    part, field = point(page, 3)
    page.context.clear_cookies()
    field.press_sequentially(f"seul {mark}\n")
    expect(part.locator("[data-said]")).to_have_text(re.compile("session a pris fin"), timeout=WAIT)
    other = page.context.new_page()
    other.goto(f"{site}/demo/")
    other.locator('form[data-role="agent"] button').first.click()
    other.wait_for_load_state()
    # The token of the page is no longer the session's: it is asked anew.
    expect(part.locator("[data-said]")).to_have_text(SIGNED, timeout=60_000)
    assert f"seul {mark}" in server_text(page, 3)
    page.context.close()


def test_a_pasted_megabyte_is_refused_in_a_sentence_and_stays(browser, site):
    page = opened(browser, site)
    part, field = point(page, 0)
    before = field.input_value()
    field.fill("mot " * 250_000)
    expect(part.locator("[data-said]")).to_have_text(re.compile("trop longues"), timeout=WAIT)
    assert len(field.input_value()) == 1_000_000
    field.fill(before + "court")
    expect(part.locator("[data-said]")).to_have_text(SIGNED, timeout=WAIT)
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_without_a_script_a_button_saves(browser, site, width):
    page, mark = opened(browser, site, java_script_enabled=False), uuid.uuid4().hex
    part = page.locator("details:has(form[data-note])").nth(0)
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    field = part.locator("textarea.room-note")
    field.fill(f"{field.input_value()}\nsans script {mark}")
    part.get_by_role("button", name=re.compile("Enregistrer ces notes")).click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Enregistré à")
    expect(page.locator("textarea.room-note").nth(0)).to_have_value(re.compile(mark))
    page.context.close()
