"""A consultation from end to end, as those concerned live it: an agent prepares and opens it, citizens answer on a
telephone, with script and without, the agent asks that it close early and says why, a second person confirms, then
publishes, anyone reads the results on a telephone."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_every_page import AXE

DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-CA", "timezone_id": "America/Toronto"}
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "fr-CA", "timezone_id": "America/Toronto"}
OPTIONS = ("Un banc devant l’épicerie", "Un abri pour attendre l’autobus")
REASON = "Tout le monde a répondu."
FEEDBACK = "Le banc est posé. L’abri attend au budget."


@pytest.fixture
def looked_at(axe_source):
    """``looked_at(page)``: nothing that axe finds, nothing wider than the window."""

    def look(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url
        page.evaluate(axe_source)
        found = page.evaluate("options => axe.run(document, options)", AXE)["violations"]
        assert not found, f"{page.url}: {[(one['id'], one['nodes'][0]['html'][:160]) for one in found]}"

    return look


def signed(browser: Browser, site: str, role: str) -> Page:
    page = browser.new_context(**DESK).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site}/demo/")
    page.locator(f'form[data-role="{role}"] button').first.click()
    page.wait_for_load_state()
    return page


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()
    page.wait_for_load_state()


def follow(page: Page, words: str) -> None:
    page.locator("main").get_by_role("link", name=words).first.click()
    page.wait_for_load_state()


def prepared(page: Page, site: str, title: str) -> None:
    """The words, one step, two options, what each way in protects against."""
    page.goto(f"{site}/deux-rivieres/consultations/nouvelle/")
    page.get_by_label("La question, comme les gens la lisent").fill(title)
    page.get_by_label("De quoi il s’agit, en mots simples").fill("Deux projets. Dites ce que vaut chacun.")
    page.get_by_label("À quoi elle sert").fill("Choisir par quoi commencer.")
    page.locator("[name=space]").select_option(label="Comité de coordination")
    page.get_by_label("Quand la décision se prend").fill("2031-03-01")
    page.get_by_label("Ce qui est promis").fill("Les résultats sont publiés ici.")
    page.locator("[name=closes_at]").fill("2031-01-15T20:00")
    press(page, "Enregistrer")
    follow(page, "Priorités")
    press(page, "Enregistrer")
    for label in OPTIONS:
        follow(page, "Ajouter un choix")
        page.locator("[name=label]").fill(label)
        press(page, "Enregistrer")
    page.locator("main .breadcrumb a").last.click()
    page.wait_for_load_state()
    follow(page, "Choisir qui peut répondre")
    for words in ("Protège :", "Ne protège pas :"):
        assert page.get_by_text(words).count() == 5
    expect(page.locator("main")).to_contain_text("Un reçu peut être pris à quelqu’un")
    page.locator("[name=access][value=open]").check()
    press(page, "Enregistrer")
    page.locator("main .breadcrumb a").last.click()
    page.wait_for_load_state()


def answered(browser: Browser, address: str, *ballots: tuple[int, int], script: bool) -> None:
    """One ballot after the other on a telephone; a grade for each option."""
    context = browser.new_context(**PHONE, java_script_enabled=script)
    page = context.new_page()
    page.set_default_timeout(15_000)
    for ballot in ballots:
        page.goto(address)
        for place, grade in enumerate(ballot):
            page.locator("[data-item]").nth(place).locator(".grade").nth(grade).click()
        page.locator(".call").first.click()
        expect(page.locator("[data-receipt]").first).to_have_text(re.compile(r"^[A-Z]+ \d\d [A-Z]+ \d\d"))
    context.close()


def test_prepared_opened_answered_closed_published_by_two_and_read(browser, site, looked_at):
    title = f"Par quoi commencer? {uuid.uuid4().hex[:6]}"
    agent = signed(browser, site, "agent")
    prepared(agent, site, title)
    looked_at(agent)
    follow(agent, "Vérifier, puis ouvrir")
    expect(agent.locator("main")).to_contain_text("jugement majoritaire")
    press(agent, "Ouvrir maintenant")
    home = agent.url.split("/preparer/")[0].rstrip("/")

    anyone = browser.new_context(**PHONE).new_page()
    anyone.set_default_timeout(15_000)
    anyone.goto(f"{home}/")
    expect(anyone.get_by_role("link", name="Donner mon avis").first).to_be_visible()
    assert "oter" not in anyone.locator("main").inner_text().replace("Comité", "")
    looked_at(anyone)
    anyone.get_by_role("link", name="Donner mon avis").first.click()
    expect(anyone.locator("main")).to_contain_text("personne ne vérifie que chacun répond une seule fois")
    looked_at(anyone)
    ballot = f"{home}/participer/"
    answered(browser, ballot, (0, 3), script=True)
    answered(browser, ballot, *[(0, 2)] * 4, (2, 0), script=False)

    agent.goto(f"{home}/preparer/")
    follow(agent, "Fermer")
    agent.locator("[name=why]").fill(REASON)
    press(agent, "Demander qu’elle ferme")
    looked_at(agent)
    assert agent.get_by_role("button", name="Confirmer").count() == 0, "nobody closes it alone"
    second = signed(browser, site, "accompanying")
    second.goto(f"{home}/preparer/a-deux/")
    expect(second.locator("main")).to_contain_text(REASON)
    looked_at(second)
    press(second, "Confirmer")
    for _second in range(60):
        agent.goto(f"{home}/preparer/publier/")
        if agent.get_by_role("button", name="Demander la publication").count():
            break
        agent.wait_for_timeout(500)
    press(agent, "Demander la publication")
    expect(agent.locator("main")).to_contain_text("Une deuxième personne publie")
    assert agent.get_by_role("button", name=re.compile("^Publier")).count() == 0
    anyone.goto(f"{home}/resultats/")
    expect(anyone.locator("h1")).to_contain_text("pas encore publiés")

    second.goto(f"{home}/preparer/publier/")
    looked_at(second)
    press(second, "Publier : j’ai regardé les résultats")
    expect(second.get_by_role("link", name="Voir les résultats").first).to_be_visible()

    agent.goto(f"{home}/preparer/retroaction/")
    agent.locator("[name=text]").fill(FEEDBACK)
    press(agent, "Publier ce qui a été fait")
    expect(agent.locator(".toast, [role=status]").first).to_be_visible()

    anyone.goto(f"{home}/resultats/")
    said = anyone.locator("main")
    for words in (
        title,
        "6 personnes ont donné leur avis. Le ",
        "Vérification faible : lien ouvert",
        "« Un banc devant l’épicerie » passe en premier.",
        FEEDBACK,
        "Comment on a compté",
        "Et avec une autre règle?",
        "Ce que ce résultat ne dit pas",
    ):
        expect(said).to_contain_text(words.replace(" :", "\N{NO-BREAK SPACE}:").replace("« ", "«\N{NO-BREAK SPACE}")
                                     .replace(" »", "\N{NO-BREAK SPACE}»"))  # fmt: skip
    looked_at(anyone)
    for page in (agent, anyone, second):
        page.context.close()


def test_every_kind_of_result_is_read_on_a_telephone(browser, site, looked_at):
    """Priorities, budget, opinions, questionnaire and testimonies, with all that is folded unfolded."""
    page = browser.new_context(**PHONE).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site}/deux-rivieres/consultations/")
    found = page.eval_on_selector_all("main a[href$='/resultats/']", "links => links.map(a => a.href)")
    kinds = set()
    for place, address in enumerate(dict.fromkeys(found)):
        page.emulate_media(color_scheme="dark" if place % 2 else "light", reduced_motion="reduce")
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        looked_at(page)
        kinds |= {one for one in (".merit", ".bar-row", ".opinion-map", "blockquote") if page.locator(one).count()}
        assert page.locator("h2", has_text="Ce que ce résultat ne dit pas").count() == 1
    assert kinds == {".merit", ".bar-row", ".opinion-map", "blockquote"}
    page.context.close()
