"""Taking part with every kind of step: read aloud, by keyboard, from right to left, zoomed, without script, cut."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from maillage.participation.consultations.about import choices
from maillage.participation.models import AboutQuestion, ConsultationLanguage, Elector, Question, Testimony, Wording
from maillage.participation.urn import marks
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import About, Access
from tests.browser.inside import inside  # noqa: F401
from tests.participation.opinions import makers as opinions
from tests.participation.questionnaires import makers as questionnaires
from tests.participation.testimonies import makers as testimonies
from tests.participation.voting.conftest import make, url  # noqa: F401

K = Question.Kind
SPEECH = """
window.said = []; window.stopped = 0; window.spoken = [];
Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: function (text) { this.text = text; } });
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => VOICES, addEventListener() {}, cancel() { window.stopped += 1; },
  speak(one) { window.said.push([one.text, one.lang]); window.spoken.push(one); } } });
"""
SPEAKS, SILENT = SPEECH.replace("VOICES", "[{ lang: 'fr-CA' }]"), SPEECH.replace("VOICES", "[]")
MUTE = "Object.defineProperty(window, 'speechSynthesis', { value: undefined });"


def receipt(page: Page) -> str:
    expect(page.locator("main [data-receipt]")).to_have_text(re.compile(r"^[A-Z]+ \d\d [A-Z]+ \d\d"))
    return page.locator("main [data-receipt]").inner_text()


def contents(step) -> list[str]:
    return sorted(one.content for one in urn.opened(step))


def in_arabic(step, *numbers: int) -> None:
    """The title and these options are translated, with one word of the page; the rest is not."""
    found = step.consultation
    ConsultationLanguage.objects.create(consultation=found, code="ar", name="العربية", right_to_left=True)
    texts = {"title": "الأولويات", "ui:grade_6": "ضروري"}
    texts |= {f"option:{option.uuid}:label": "السكن" for option in step.options.filter(number__in=numbers)}
    for key, text in texts.items():
        Wording.objects.create(consultation=found, language="ar", key=key, text=text)


def open_until_now(step):
    """The makers' consultations are of another day: this one is open today."""
    from django.utils import timezone

    found = step.consultation
    found.closes_at = timezone.now() + timezone.timedelta(days=3)
    found.alliance.is_public = True
    found.alliance.save()
    found.save()
    return step


# Read aloud


def test_each_button_reads_its_own_choice_then_stops(inside, make):  # noqa: F811
    step = make(3)
    page = inside(script=SPEAKS)
    page.goto(url(step.consultation))
    buttons = page.locator("[data-item] [data-listen]")
    expect(buttons).to_have_count(3)
    grades = ["Essentiel", "Très important", "Important", "Assez important", "Peu important", "Pas important"]
    for number in (1, 2, 3):
        page.evaluate("said.length = 0")
        buttons.nth(number - 1).click()
        said = page.evaluate("said")
        assert [text for text, _lang in said] == [f"Choix fictif {number}", f"Texte {number}.", *grades]
        assert {lang for _text, lang in said} == {"fr"} or {lang for _text, lang in said} == {"fr-CA"}
        expect(buttons.nth(number - 1)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-listen][aria-pressed=true]")).to_have_count(1)
    before = page.evaluate("stopped")
    page.evaluate("said.length = 0")
    buttons.nth(2).click()
    assert page.evaluate("[stopped, said.length]") == [before + 1, 0]
    expect(buttons.nth(2)).to_have_attribute("aria-pressed", "false")
    buttons.nth(0).click()
    page.evaluate("spoken[spoken.length - 1].onend()")
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "false")


def test_each_part_is_read_in_its_own_language_once(inside, make):  # noqa: F811
    step = make(2)
    in_arabic(step, 1)
    page = inside(script=SPEAKS)
    page.goto(url(step.consultation) + "?langue=ar")
    page.locator("[data-item] [data-listen]").nth(0).click()
    assert page.evaluate("said")[:4] == [
        ["السكن", "ar"], ["Texte 1.", "fr"], ["ضروري", "ar"], ["Très important", "fr"],
    ]  # fmt: skip
    page.evaluate("said.length = 0")
    page.locator("[data-item] [data-listen]").nth(1).click()
    assert page.evaluate("said")[0] == ["Choix fictif 2", "fr"]
    page.evaluate("said.length = 0")
    page.locator("[data-listen=page]").click()
    said = page.evaluate("said")
    assert said[0] == ["الأولويات", "ar"]
    assert ["C’est anonyme. Votre nom n’est jamais lié à vos réponses.", "fr"] in said
    assert len(said) == len({text for text, _lang in said})


@pytest.mark.parametrize("script", [MUTE, SILENT])
def test_without_speech_or_without_voice_no_button_is_shown(inside, make, script):  # noqa: F811
    page = inside(script=script)
    page.goto(url(make(2).consultation))
    expect(page.locator("[data-count-words]")).to_be_attached()
    assert page.locator("[data-listen]").count() == 3
    assert page.locator("[data-listen]:visible").count() == 0


def test_what_is_cancelled_says_late_that_it_ended_and_the_next_one_is_still_pressed(inside, make):  # noqa: F811
    page = inside(script=SPEAKS)
    page.goto(url(make(2).consultation))
    buttons = page.locator("[data-item] [data-listen]")
    buttons.nth(0).click()
    page.evaluate("window.before = spoken.slice()")
    buttons.nth(1).click()
    page.evaluate("before.forEach((one) => { one.onerror(); if (one.onend) one.onend(); })")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    page.evaluate("spoken[spoken.length - 1].onerror()")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "false")


def test_a_long_text_is_said_sentence_by_sentence(inside, make):  # noqa: F811
    step = make(1)
    sentences = [f"Voici la phrase fictive numéro {n}, assez longue pour prendre quelques secondes." for n in range(4)]
    step.options.update(text=" ".join(sentences))
    page = inside(script=SPEAKS)
    page.goto(url(step.consultation))
    page.locator("[data-item] [data-listen]").click()
    assert [text for text, _lang in page.evaluate("said")][1:5] == sentences


# By keyboard, zoomed, from right to left


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


@pytest.mark.parametrize("one_page", [True, False])
def test_from_the_first_key_to_the_receipt_without_a_mouse(inside, make, one_page):  # noqa: F811
    step = make(2, one_page=one_page)
    page = inside(width=320)
    page.goto(url(step.consultation))
    for number in (1, 2):
        tab_to(page, f"[name=s{step.pk}-o{number}]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        if number == 1 and not one_page:
            tab_to(page, ".steps-nav button:not(.quiet)")
            page.keyboard.press("Enter")
    tab_to(page, ".call")
    page.keyboard.press("Enter")
    receipt(page)
    expect(page.locator("#t-recu")).to_be_focused()
    assert contents(step) == ["[5,5]"]


def kinds_of_pages(make) -> dict[str, str]:  # noqa: F811
    step = make(2, access=Access.POSTAL)
    AboutQuestion.objects.create(
        consultation=step.consultation, kind=About.SITUATION, purpose="Voir qui répond.",
        choices=choices(About.SITUATION),
    )  # fmt: skip
    in_arabic(step, 1, 2)
    statements, section = open_until_now(opinions.step_of()), questionnaires.section_of(questionnaires.step_of())
    for kind in K:
        questionnaires.question_of(section, kind, codes="abc")
    telling = open_until_now(testimonies.step_of())
    return {
        "priorities": url(step.consultation),
        "arabic": url(step.consultation) + "?langue=ar",
        "receipt": url(step.consultation, "recu"),
        "sent": url(step.consultation, "merci"),
        "opinions": url(statements.consultation),
        "questionnaire": url(open_until_now(section.step).consultation),
        "testimonies": url(telling.consultation, f"temoigner/{telling.uuid}"),
        "mine": url(telling.consultation, "mon-temoignage"),
    }


@pytest.mark.parametrize(("width", "text"), [(320, 100), (640, 200)])
def test_no_page_of_citizens_scrolls_sideways(inside, make, width, text):  # noqa: F811
    page = inside(width=width)
    for name, address in kinds_of_pages(make).items():
        assert page.goto(address).status == 200, name
        if text != 100:
            page.evaluate("size => document.documentElement.style.setProperty('font-size', size + '%')", text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll(`main button, main label.grade, main label.score,
            main label.tick, main label.none, main input:not([type=radio]):not([type=checkbox]):not([type=hidden])`))
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], name
        assert page.evaluate("document.documentElement.dir") == ("rtl" if name == "arabic" else "ltr")


def test_from_right_to_left_the_ballot_is_sent_and_the_receipt_stays_readable(inside, make):  # noqa: F811
    step = make(2)
    in_arabic(step, 1)
    page = inside()
    page.goto(url(step.consultation) + "?langue=ar")
    item = page.locator("[data-item]").first
    first, last = (item.locator(".grade").nth(n).bounding_box() for n in (0, -1))
    assert first["x"] >= last["x"], "the first grade is on the side where one begins to read"
    item.locator(".grade").first.click()
    page.locator(".call").first.click()
    receipt(page)
    assert page.locator("main [data-receipt]").evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert contents(step) == ["[6,0]"]


def test_every_kind_is_answered_without_script(inside):  # noqa: F811
    page = inside(java_script_enabled=False)
    statements = open_until_now(opinions.step_of(statements=3))
    page.goto(url(statements.consultation))
    page.locator(f"[name=s{statements.pk}-v1][value='-1']").check()
    page.locator(".call").first.click()
    assert receipt(page)
    assert contents(statements) == ['{"1":-1}']
    telling = open_until_now(testimonies.step_of())
    page.goto(url(telling.consultation, f"temoigner/{telling.uuid}"))
    page.locator("#text").fill("Le loyer prend tout.")
    page.locator("#may_read").check()
    page.locator(".call").click()
    assert receipt(page)
    assert Testimony.objects.get().text == "Le loyer prend tout."


def test_a_question_appears_when_its_condition_holds_and_is_not_counted_before(inside):  # noqa: F811
    section = questionnaires.section_of(questionnaires.step_of())
    first = questionnaires.question_of(section, codes="ab")
    second = questionnaires.question_of(section, codes="ab", depends_on=first, depends_in=["b"], required=True)
    third = questionnaires.question_of(section, K.TEXT, depends_on=second, depends_in=["a"])
    step = open_until_now(section.step)
    name = questionnaires.name
    page = inside()
    page.goto(url(step.consultation))
    rows = {one: page.locator(f"#{name(one)}") for one in (first, second, third)}
    expect(rows[second]).to_be_hidden()
    expect(page.locator("[data-count-words]")).to_have_text(re.compile(r"^0.sur.1.réponses?$"))
    page.locator(f"[name={name(first)}][value=b]").check()
    expect(rows[second]).to_be_visible()
    expect(rows[third]).to_be_hidden()
    page.locator(f"[name={name(second)}][value=a]").check()
    rows[third].locator("textarea").fill("Le bus.")
    expect(page.locator("[data-count-words]")).to_have_text(re.compile(r"^3.sur.3"))
    page.locator(f"[name={name(first)}][value=a]").check()
    expect(rows[second]).to_be_hidden()
    expect(rows[third]).to_be_hidden()
    page.locator(".call").first.click()
    receipt(page)
    assert [json.loads(one) for one in contents(step)] == [{str(first.uuid): "a"}]


# Kept on the device, cut, busy


def test_what_says_who_one_is_stays_out_of_the_device(inside, make):  # noqa: F811
    step = make(2, access=Access.CODES)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    AboutQuestion.objects.create(consultation=step.consultation, kind=About.AGE, purpose="Pour voir.")
    page = inside()
    page.goto(f"{url(step.consultation)}#{code}")
    expect(page.locator("#code")).to_have_value(code)
    assert code not in page.url
    page.locator(".grade").first.click()
    page.locator("#about-age").select_option("30-44")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert f"s{step.pk}-o1" in kept
    assert code not in kept
    assert "30-44" not in kept
    page.locator(".call").first.click()
    receipt(page)
    assert page.evaluate("localStorage.length") == 0


def test_what_was_kept_for_a_week_is_forgotten(inside, make):  # noqa: F811
    page = inside()
    page.goto(url(make(2).consultation))
    page.locator(".grade").first.click()
    page.evaluate(
        """() => { const key = localStorage.key(0), kept = JSON.parse(localStorage.getItem(key));
        kept.at -= 8 * 24 * 3600 * 1000; localStorage.setItem(key, JSON.stringify(kept)); }"""
    )
    page.reload()
    expect(page.locator("[data-count-words]")).to_be_attached()
    assert page.locator("[data-item] :checked:not([data-none])").count() == 0


@pytest.mark.parametrize("state", ["busy", "key_lost"])
def test_a_busy_server_is_said_in_plain_words_and_tried_again_by_itself(inside, make, state):  # noqa: F811
    step = make(2)
    page = inside()
    page.clock.install()
    page.goto(url(step.consultation))
    page.locator(".grade").first.click()
    told = json.dumps({"state": state, "receipt": "", "words": "Le serveur est occupé."})
    page.route(
        "**/participer/", times=1,
        handler=lambda route: route.fulfill(status=503, content_type="application/json", body=told),
    )  # fmt: skip
    page.locator(".call").first.click()
    status = page.locator("[data-status]")
    expect(status).to_have_text("Le serveur est occupé. Il repartira tout seul. Gardez cette page ouverte.")
    expect(page.locator(".grade :checked")).to_have_count(1)
    assert page.evaluate("localStorage.length") == 1
    assert contents(step) == []
    page.clock.fast_forward(31_000)
    receipt(page)
    assert contents(step) == ["[6,0]"]
    assert page.evaluate("localStorage.length") == 0


# A voice

RECORDER = """
Object.defineProperty(navigator, 'mediaDevices', { value: {
  getUserMedia: async () => ({ getTracks: () => [{ stop() { window.released = true; } }] }) } });
window.MediaRecorder = class { constructor() { this.mimeType = 'audio/webm'; this.state = 'recording'; } start() {}
  stop() { this.state = 'inactive'; this.ondataavailable({ data: new Blob([new Uint8Array(VOICE)]) });
    this.onstop(); } };
""".replace("VOICE", str(list(testimonies.WEBM)))


def test_a_voice_is_recorded_listened_to_then_sent(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script=RECORDER)
    page.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    page.locator("[data-start]").click()
    expect(page.locator("[data-told]")).to_contain_text(re.compile(r"0:0\d"))
    page.locator("[data-stop]").click()
    assert page.evaluate("released"), "the microphone is let go"
    expect(page.locator("audio")).to_be_visible()
    page.locator("[data-again]").click()
    assert page.evaluate("document.querySelector('#voice').files.length") == 0
    page.locator("[data-start]").click()
    page.locator("[data-stop]").click()
    page.locator("#may_read").check()
    page.locator(".call").click()
    receipt(page)
    with Testimony.objects.get().voice.file.open() as file:
        assert file.read() == testimonies.WEBM


REFUSED = """
Object.defineProperty(navigator, 'mediaDevices', { value: {
  getUserMedia: async () => { throw new DOMException('no', 'NotAllowedError'); } } });
window.MediaRecorder = class {};
"""


def test_a_microphone_refused_is_said_kindly_and_one_may_write(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script=REFUSED)
    page.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    page.locator("[data-start]").click()
    expect(page.locator("[data-told]")).to_contain_text("Ce n’est pas grave")
    expect(page.locator("[data-start]")).to_be_visible()
    page.locator("#text").fill("Mes mots.")
    page.locator("#may_read").check()
    page.locator(".call").click()
    receipt(page)
    expect(page.locator("main h1")).to_be_focused()
    assert Testimony.objects.get().text == "Mes mots."


def tells(page: Page, step) -> None:
    """Words, a voice, what is agreed to: everything is ready to be sent."""
    page.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    page.locator("#text").fill("Mes mots.")
    page.locator("[data-start]").click()
    page.locator("[data-stop]").click()
    expect(page.locator("audio")).to_be_visible()


def only_one(step) -> None:
    row = Testimony.objects.get()
    assert row.text == "Mes mots."
    with row.voice.file.open() as file:
        assert file.read() == testimonies.WEBM


def test_cut_while_it_leaves_nothing_is_lost_and_it_leaves_again_once(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script=RECORDER)
    tells(page, step)
    page.locator("#may_read").check()
    page.context.route("**/temoigner/**", lambda route: route.abort())
    page.locator(".call").click()
    expect(page.locator("[data-status]")).to_contain_text("Rien n’est perdu")
    expect(page.locator("#text")).to_be_disabled()
    assert not Testimony.objects.exists()
    page.context.unroute("**/temoigner/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    receipt(page)
    only_one(step)
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_after_a_reload_the_words_and_the_voice_are_there_again_and_another_window_sees_nothing(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script=RECORDER)
    tells(page, step)
    kept = "(sessionStorage.getItem(Object.keys(sessionStorage)[0]) || '').includes('\"key\"')"
    deadline = time.monotonic() + 20
    while not page.evaluate(kept):  # wait_for_function would ask the page to run a text, which its policy refuses
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#text")).to_have_value("Mes mots.")
    expect(page.locator("audio")).to_be_visible()
    other = page.context.new_page()
    other.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    expect(other.locator("[data-recorder]")).to_be_visible()
    assert other.locator("#text").input_value() == ""
    expect(other.locator("[data-ask]")).to_be_hidden()
    page.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    expect(page.locator("[data-ask]")).to_be_visible()
    assert page.locator("#text").input_value() == "", "the next one at this device reads nothing"
    page.locator("[data-mine]").click()
    expect(page.locator("audio")).to_be_visible()
    page.locator("#may_read").check()
    page.locator(".call").click()
    receipt(page)
    only_one(step)


def test_what_is_refused_leaves_the_voice_in_the_page(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script=RECORDER)
    tells(page, step)
    page.locator(".call").click()
    expect(page.locator("#trouble")).to_be_focused()
    expect(page.locator("#may_read-error")).to_be_visible()
    expect(page.locator("#may_read")).to_have_attribute("aria-invalid", "true")
    page.locator("#may_read").check()
    page.locator(".call").click()
    receipt(page)
    only_one(step)


def test_without_microphone_one_writes_or_chooses_a_file(inside):  # noqa: F811
    step = open_until_now(testimonies.step_of())
    page = inside(script="window.MediaRecorder = undefined;")
    page.goto(url(step.consultation, f"temoigner/{step.uuid}"))
    expect(page.locator("#voice")).to_be_visible()
    expect(page.locator("[data-start]")).to_be_hidden()


# A device that serves several people, a page that is left while its ballot waits


def test_the_next_person_at_a_shared_device_is_not_shown_the_answers_of_the_one_before(inside, make):  # noqa: F811
    step = make(2)
    page = inside()
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    page.reload()  # by hand, or after a crash: it is the same person
    expect(page.locator("[data-found]")).to_be_visible()
    assert page.locator(".grade :checked").count() == 1
    again = page.context.new_page()
    page.close()
    again.goto(url(step.consultation))
    expect(again.locator("[data-ask]")).to_be_visible()
    expect(again.locator("[data-found]")).to_be_hidden()
    assert again.locator(".grade :checked").count() == 0
    again.locator("[data-ask] [data-erase]").click()
    expect(again.locator("[data-ask]")).to_be_hidden()
    assert again.evaluate("localStorage.length") == 0


def test_whoever_comes_back_says_that_it_is_theirs_and_goes_on(inside, make):  # noqa: F811
    step = make(2)
    page = inside()
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    nonce = page.locator("[name=nonce]").input_value()
    page.goto(f"{url(step.consultation)}?langue=fr")
    page.locator("[data-mine]").click()
    expect(page.locator("[data-count-words]")).to_have_text(re.compile("^1.sur.2"))
    assert page.locator("[name=nonce]").input_value() == nonce
    page.locator(".call").first.click()
    receipt(page)
    assert contents(step) == ["[6,0]"]


def test_another_ballot_begun_without_answering_is_another_one(inside, make):  # noqa: F811
    step = make(2)
    page = inside()
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    nonce = page.locator("[name=nonce]").input_value()
    page.goto(f"{url(step.consultation)}?langue=fr")
    page.locator(".grade").nth(2).click()
    expect(page.locator("[data-ask]")).to_be_hidden()
    assert page.locator("[name=nonce]").input_value() != nonce
    page.locator(".call").first.click()
    receipt(page)
    assert contents(step) == ["[4,0]"]


def test_nothing_is_kept_where_one_asks_for_it(inside, make):  # noqa: F811
    step = make(2)
    page = inside()
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    assert page.evaluate("localStorage.length") == 1
    page.locator("[data-nokeep]").click()
    expect(page.locator("[data-keeps]")).to_contain_text("Rien de ce que vous répondez")
    page.locator("[data-item]").nth(1).locator(".grade").nth(0).click()
    assert page.evaluate("localStorage.length") == 0
    page.locator(".call").first.click()
    receipt(page)
    assert contents(step) == ["[6,6]"]


@pytest.mark.parametrize("script", [
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
    "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
])  # fmt: skip
def test_where_the_device_refuses_to_keep_anything_the_ballot_is_sent_all_the_same(inside, make, script):  # noqa: F811
    step = make(2)
    page = inside(script=script)
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    expect(page.locator("[data-keeps]")).to_be_hidden()
    assert "gardées" not in page.locator("[data-status]").inner_text()
    page.locator(".call").first.click()
    receipt(page)
    assert contents(step) == ["[6,0]"]


def test_a_ballot_that_waits_leaves_again_once_the_page_is_reloaded_and_counts_once(inside, make):  # noqa: F811
    """The server took it, its answer was lost; what was said about oneself is not kept on the device."""
    step = make(2)
    AboutQuestion.objects.create(consultation=step.consultation, kind=About.AGE, purpose="Pour voir.")
    sent = []
    cut = (
        "const real = window.fetch; window.fetch = async (...all) => { const answer = await real(...all);"
        " if (!sessionStorage.cut) { sessionStorage.cut = 1; throw new TypeError('cut'); } return answer; };"
    )
    page = inside(script=cut)
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto(url(step.consultation))
    page.locator(".grade").nth(0).click()
    page.locator("#about-age").select_option("30-44")
    page.locator(".call").first.click()
    expect(page.locator("[data-status]")).to_contain_text("Pas de réseau")
    assert page.locator(".grade input").first.is_disabled()  # nobody writes another one meanwhile
    assert len(sent) == 1
    page.reload()
    receipt(page)
    assert len(sent) == 2
    assert contents(step) == ["[6,0]"]
    (about,) = [one.about for one in urn.opened(step)]
    assert about == '{"age":"30-44"}'
    assert page.evaluate("localStorage.length") == 0
