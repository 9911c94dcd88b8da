"""The agent's way through a real list: upload, columns, categories, two merges, import; then undo. In Chromium."""

from __future__ import annotations

import re

import pytest

from tests.conftest import SHARED

REAL = SHARED / "actors" / "tables-de-quartier-montreal.csv"
MADE = "\ufeffTable,Organisme,Catégorie\n" + "".join(
    f"Table du {side},{name} {at},Organismes communautaires\n"
    for at in range(20)
    for side, name in (("Nord", "Maison du Ruisseau"), ("Sud", "MAISON DU RUISSEAU"))
)


@pytest.fixture
def listing(tmp_path):
    """The real list where it is beside the checkout, else a made-up one."""
    if REAL.exists():
        return REAL
    path = tmp_path / "membres.csv"
    path.write_text(MADE, encoding="utf-8")
    return path


def press(page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()
    page.wait_for_load_state()


def follow(page, words: str, seconds: int = 90) -> None:
    """Wait for the task of this page to end, then follow its link."""
    for _ in range(seconds):
        if page.get_by_role("link", name=words).count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.get_by_role("link", name=words).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_list_to_actors_with_two_merges(page, site, sign_in, listing, width):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "agent")
    page.goto(f"{site}/deux-rivieres/importations/")
    page.set_input_files("input[type=file]", str(listing))
    press(page, "Lire ce fichier")
    assert page.get_by_label("Nom de l’organisme").input_value() != ""
    press(page, "Lire les lignes")
    press(page, "Garder ces types")
    questions = page.locator("fieldset")
    if width == 1280:
        for at in (0, 1):
            questions.nth(at).get_by_role("radio").first.check()
    else:
        assert questions.count() == 0 or page.get_by_role("radio").count()
    if questions.count():
        press(page, "Garder ces réponses")
    if not page.get_by_role("button", name="Importer cette liste").count():
        page.goto(re.sub(r"/doublons/.*", "/apercu/", page.url))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page, "Importer cette liste")
    follow(page, "Voir ce qu’elle a changé")
    assert page.get_by_role("heading", name="La liste est importée").is_visible()
    cells = page.locator("table").first.locator("tbody tr").nth(1).locator("td").all_inner_texts()
    created = int(re.sub(r"\D", "", cells[0]))
    if width == 1280:
        assert created > 0
        page.goto(f"{site}/deux-rivieres/acteurs/fusions/")
    else:
        assert created == 0, "the same list again changes nothing"


def test_a_register_duplicate_is_merged_and_given_back(page, site, sign_in):
    sign_in(page, "agent")
    page.goto(f"{site}/deux-rivieres/acteurs/doublons/")
    if not page.get_by_role("button", name="Fusionner, garder").count():
        pytest.skip("The import before this one left no pair.")
    page.get_by_role("button", name="Fusionner, garder").first.click()
    assert page.get_by_text("est maintenant").is_visible()
    page.goto(f"{site}/deux-rivieres/acteurs/fusions/")
    press(page, "Annuler cette fusion")
    assert page.get_by_text("est de nouveau un acteur à part").is_visible()


def test_a_picture_called_csv_is_named_for_what_it_is(page, site, sign_in, tmp_path):
    path = tmp_path / "membres.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    sign_in(page, "agent")
    page.goto(f"{site}/deux-rivieres/importations/")
    page.set_input_files("input[type=file]", str(path))
    press(page, "Lire ce fichier")
    assert page.get_by_text("Ce fichier est une image").first.is_visible()
    assert page.get_by_label("Liste de membres").get_attribute("aria-invalid") == "true"
