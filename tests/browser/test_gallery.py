"""Components in every state pass axe, at three widths, light and dark; pages never scroll sideways."""

from __future__ import annotations

import pytest

PAGES = ("/galerie/", "/apparence/", "/nulle/part/", "/en/galerie/")
SIZES = ((1280, "light"), (390, "dark"), (320, "light"))


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_components_pass_axe(browser, site, axe_source, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-CA")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    for path in PAGES:
        page.goto(site + path)
        page.evaluate(axe_source)
        found = page.evaluate(
            """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
               "best-practice"]}).then(r => r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(
               n => n.target.join(" ")).join(", ")))"""
        )
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert said == []
    context.close()


def test_the_appearance_changes_at_once_and_is_kept(browser, site):
    context = browser.new_context(color_scheme="light", locale="fr-CA")
    page = context.new_page()
    page.goto(f"{site}/galerie/")
    page.get_by_role("button", name="Apparence sombre").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto(f"{site}/apparence/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.get_by_role("button", name="Apparence claire").is_visible()
    context.close()


def test_without_script_the_appearance_is_chosen_by_a_form(browser, site):
    context = browser.new_context(java_script_enabled=False, locale="fr-CA")
    page = context.new_page()
    page.goto(f"{site}/deux-rivieres/")
    assert page.get_by_role("link", name="Acteurs", exact=True).first.is_visible()
    page.get_by_role("link", name="Apparence claire ou sombre").click()
    page.get_by_label("Sombre").check()
    page.get_by_role("button", name="Garder cette apparence").click()
    assert page.url == f"{site}/deux-rivieres/"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(browser, site):
    context = browser.new_context(locale="fr-CA")
    page = context.new_page()
    page.goto(f"{site}/deux-rivieres/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
    assert skip.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.keyboard.press("Shift+Tab")
    page.locator(".switcher summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Toutes les alliances").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Toutes les alliances").is_hidden()
    context.close()


def test_printing_leaves_menus_out_and_blackens_the_text(browser, site):
    context = browser.new_context(color_scheme="dark", locale="fr-CA")
    page = context.new_page()
    page.goto(f"{site}/deux-rivieres/")
    page.emulate_media(media="print")
    assert page.locator(".site-footer").is_hidden()
    assert page.locator("nav .menu").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.locator(".hero h1").evaluate("e => getComputedStyle(e).color")
    assert ink == "rgb(20, 38, 31)"
    context.close()
