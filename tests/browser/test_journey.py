"""The main job, walked as an agent walks it: import a list, merge two duplicates, see the public page, take the
account away in PDF and in a spreadsheet. Once with JavaScript, once without, at two widths."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

HEADER = "Table;Organisme;Catégorie;No\n"
ORGANISATIONS = {
    # The same organisation as two tables spell it: (bird, place), then in capitals or with other hyphens.
    "avec": ("Mésanges", "MESANGES", "Lac-Rond", "Lac Rond"),
    "sans": ("Hirondelles", "HIRONDELLES", "Pont-Couvert", "Pont Couvert"),
}


def write_list(folder: Path, mark: str) -> Path:
    """A list as a table keeps it: Windows encoding, semicolons, two organisations spelt in two ways."""
    bird, loud, place, loose = ORGANISATIONS[mark]
    rows = [
        f"Table du Matin {mark};Coopérative fictive Les {bird};Économique;{mark}1",
        f"Table du Matin {mark};Maison de quartier du {place};Communautaire;{mark}2",
        f"Table du Matin {mark};;Institution;{mark}9",
        f"Table du Soir {mark};Maison de Quartier du {loose};Communautaire;{mark}2",
        f"Table du Soir {mark};COOPERATIVE FICTIVE LES {loud};Économique;{mark}1",
    ]
    path = folder / f"membres-{mark}.csv"
    path.write_bytes((HEADER + "\n".join(rows) + "\n").encode("cp1252"))
    return path


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()
    page.wait_for_load_state()


def wait_for_the_job(page: Page) -> None:
    """The page of a task follows it by itself; without script, a button shows where it stands."""
    for _ in range(120):
        if page.locator("[data-job-state=done]").count():
            return
        ask = page.locator("noscript a")
        if ask.count():
            ask.first.click()
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").inner_text())


def import_the_list(page: Page, site: str, path: Path) -> None:
    page.goto(f"{site}/haut-portage/importations/")
    page.set_input_files("input[type=file]", path)
    press(page, "Lire ce fichier")
    press(page, "Lire les lignes")
    press(page, "Garder ces types")
    yes = page.locator("fieldset").filter(has_text=re.compile("Mésanges|Lac-Rond|Hirondelles|Pont-Couvert"))
    assert yes.count() == 2
    for place in range(2):
        yes.nth(place).locator("label", has_text=re.compile("^Oui")).first.click()
    press(page, "Garder ces réponses")
    # The line without a name is set aside, and its number said.
    expect(page.locator("main")).to_contain_text(re.compile(r"\b4\b"))
    press(page, "Importer")
    wait_for_the_job(page)


def produce(page: Page, site: str, kind: str) -> bytes:
    page.goto(f"{site}/haut-portage/reddition-de-comptes/")
    page.locator(f"select[name=format], input[name=format][value={kind}]").first.evaluate(
        "(e, kind) => { if (e.tagName === 'SELECT') e.value = kind; else e.checked = true }", kind
    )
    press(page, "Produire")
    wait_for_the_job(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Télécharger|Voir le résultat")).first.click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 390)])
def test_an_agent_imports_merges_opens_the_public_page_and_takes_the_account(browser, site, tmp_path, script, width):
    mark = "avec" if script else "sans"
    bird, _loud, _place, _loose = ORGANISATIONS[mark]
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": width, "height": 900}, locale="fr-CA", accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site}/demo/")
    # The agents of each fictional alliance have their button: the one of Haut-Portage.
    page.locator('form[data-role="agent"]:has(input[value="haut-portage"]) button').click()
    page.wait_for_url("**/haut-portage/pilotage/")

    import_the_list(page, site, write_list(tmp_path, mark))

    page.goto(f"{site}/haut-portage/")
    expect(page.locator("main")).to_contain_text(f"Table du Matin {mark}")
    page.goto(f"{site}/haut-portage/acteurs/?q=les {bird.upper()}")
    found = page.locator("main").get_by_role("link", name=re.compile(f"Les {bird}", re.IGNORECASE))
    assert found.count() == 1
    found.first.click()
    expect(page.locator("main")).to_contain_text(f"Table du Soir {mark}")
    expect(page.locator("main")).to_contain_text(f"Table du Matin {mark}")

    assert produce(page, site, "pdf").startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(produce(page, site, "xlsx"))) as book:
        assert any(f"Table du Soir {mark}" in book.read(name).decode("utf-8", "replace") for name in book.namelist())
    context.close()
