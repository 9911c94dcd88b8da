"""The ballot without a script: shown, filled in, sent; refused, nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import html
import io
import logging
import re

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.core.models import AuditEntry
from maillage.participation.consultations.about import choices
from maillage.participation.consultations.wordings import texts_of
from maillage.participation.models import (
    AboutQuestion,
    Consultation,
    ConsultationLanguage,
    Elector,
    Envelope,
    FollowAddress,
    Step,
    UrnKey,
    Wording,
)
from maillage.participation.urn import errors, marks, seal
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import About, Access, Channel, Counting, Method
from maillage.participation.voting import limits
from tests.factories import AllianceFactory
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory
from tests.participation.voting.conftest import NONCE, filled, receipt_in, url

pytestmark = pytest.mark.django_db


def sealed(step: Step) -> list[seal.Sealed]:
    return sorted(urn.opened(step), key=lambda one: one.content)


def test_someone_without_account_cookie_nor_script_gives_their_opinion(make, phone):
    step = make()
    page = phone.get(url(step.consultation))
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert "C’est anonyme." in text
    assert "Donner mon avis" in text
    assert "Voter" not in text
    for grade in ("Essentiel", "Très important", "Important", "Assez important", "Peu important", "Pas important"):
        assert text.count(f"<span>{grade}</span>") == 3
    assert re.findall(r'data-g="(\d)"><input type="radio" name="[^"]+" value="(\d)"', text)[:6] == [
        (str(shade), str(7 - shade)) for shade in range(1, 7)
    ]
    nonce = re.search(r'name="nonce" value="([^"]+)"', text).group(1)
    sent = phone.post(url(step.consultation), {**filled(step, {1: 6, 3: 2}), "nonce": nonce})
    assert sent.status_code == 200
    assert sent["Cache-Control"] == "no-store"
    assert "Votre avis est compté." in sent.content.decode()
    assert re.fullmatch(r"[A-Z]+ \d\d [A-Z]+ \d\d", receipt_in(sent))
    assert [one.content for one in sealed(step)] == ["[6,0,2]"]
    assert not phone.cookies


def test_it_says_vote_only_where_the_vote_decides(make, phone):
    step = make(is_vote=True)
    text = phone.get(url(step.consultation)).content.decode()
    assert ">Voter<" in text
    assert "Donner mon avis" not in text
    assert "Votre vote est compté." in phone.post(url(step.consultation), filled(step, {1: 6})).content.decode()


def test_a_reload_a_double_click_and_the_back_button_count_once(make, phone):
    step = make()
    first = phone.post(url(step.consultation), filled(step, {1: 6}))
    second = phone.post(url(step.consultation), filled(step, {1: 6}))
    assert receipt_in(first) == receipt_in(second) != ""
    assert "Il était déjà arrivé" in second.content.decode()
    assert urn.ballots_so_far(step) == 1


def test_each_page_has_its_own_nonce(make, phone):
    step = make()
    seen = {
        re.search(r'name="nonce" value="([^"]+)"', phone.get(url(step.consultation)).content.decode()).group(1)
        for _ in "12"
    }
    assert len(seen) == 2


def test_the_receipt_is_in_no_address_and_no_cookie(make, phone):
    step = make()
    sent = phone.post(url(step.consultation), filled(step, {1: 6}))
    assert sent.status_code == 200  # no redirection that would carry it
    assert not sent.cookies


def test_all_blank_is_said_then_taken(make, phone):
    step = make()
    asked = phone.post(url(step.consultation), filled(step, {}))
    assert asked.status_code == 422
    assert "Envoyer un bulletin blanc" in asked.content.decode()
    assert urn.ballots_so_far(step) == 0
    sent = phone.post(url(step.consultation), filled(step, {}, blank="1"))
    assert receipt_in(sent)
    assert [one.content for one in sealed(step)] == ["[0,0,0]"]


def test_at_the_second_of_the_closing_nothing_typed_is_lost(make, phone):
    step = make()
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now())
    late = phone.post(url(step.consultation), filled(step, {1: 6, 2: 3}))
    text = late.content.decode()
    assert late.status_code == 409
    assert "n’a pas pu être compté" in text
    assert text.count(" checked") == 2
    assert 'class="call"' not in text.split("<template")[0]
    assert urn.ballots_so_far(step) == 0


def test_a_ballot_taken_before_the_closing_is_told_again_after_it(make, phone):
    step = make()
    first = phone.post(url(step.consultation), filled(step, {1: 6}))
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now())
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}))) == receipt_in(first)


def test_a_part_that_closes_leaves_the_other_to_send(make, phone):
    step = make()
    other = StepFactory(consultation=step.consultation, closes_at=timezone.now())
    OptionFactory(step=other, number=1)
    both = {**filled(step, {1: 6}), **filled(other, {1: 5}), "steps": f"{step.pk} {other.pk}"}
    late = phone.post(url(step.consultation), both)
    assert late.status_code == 409
    assert "a fermé depuis" in late.content.decode()
    assert f's{step.pk}-o1" value="6" checked' in late.content.decode()
    assert f"s{other.pk}-o1" not in late.content.decode()
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6})))


def test_a_code_opens_one_ballot_and_a_wrong_one_keeps_the_answers(make, phone):
    step = make(access=Access.CODES)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    assert 'id="code"' in phone.get(url(step.consultation)).content.decode()
    for wrong, told in (("", "Écrivez le code"), ("zzzz", "n’est pas connu")):
        refused = phone.post(url(step.consultation), filled(step, {1: 6}, code=wrong))
        assert refused.status_code == 422
        assert told in refused.content.decode()
        assert f's{step.pk}-o1" value="6" checked' in refused.content.decode()
    shown = marks.shown_code(code).upper()
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, code=shown)))
    again = phone.post(url(step.consultation), filled(step, {1: 1}, code=shown, nonce="m" * 24))
    assert again.status_code == 409
    assert "a déjà servi" in again.content.decode()
    assert [one.content for one in sealed(step)] == ["[6,0,0]"]


def test_a_code_used_for_one_part_still_answers_the_other(make, phone):
    step = make(access=Access.CODES)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    phone.post(url(step.consultation), filled(step, {1: 6}, code=code))
    other = StepFactory(consultation=step.consultation)
    OptionFactory(step=other, number=1)
    both = {**filled(step, {1: 1}), **filled(other, {1: 5}), "steps": f"{step.pk} {other.pk}", "nonce": "m" * 24}
    sent = phone.post(url(step.consultation), {**both, "code": code})
    assert "une partie avait déjà sa réponse" in sent.content.decode()
    assert [one.content for one in sealed(step)] == ["[6,0,0]"]
    assert [one.content for one in sealed(other)] == ["[5]"]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("J8X", 200),
        ("j8x 2a1", 200),
        ("J8X-2A1", 200),
        ("J8X\N{NO-BREAK SPACE}2A1", 200),
        (" j8x2a1 ", 200),
        ("J8X 2AI", 200),
        ("G1R", 422),
        ("G1R 5M4", 422),
        ("", 422),
        ("12345", 422),
        ("J8", 422),
        ("J8X 2", 200),
        ("D8X 2A1", 422),
        ("J8X 2A1 9", 422),
    ],
)
def test_the_postal_code_is_looked_at_and_not_kept(make, phone, typed, state):
    step = make(access=Access.POSTAL, postal_codes="J8X J8Y J9A")
    sent = phone.post(url(step.consultation), filled(step, {1: 6}, postal=typed))
    assert sent.status_code == state
    assert urn.ballots_so_far(step) == (state == 200)
    if state == 422:
        assert f's{step.pk}-o1" value="6" checked' in sent.content.decode()


def test_on_site_only_the_page_says_where_to_go(make, phone):
    step = make(access=Access.SITE)
    assert "se fait sur place" in phone.get(url(step.consultation)).content.decode()
    assert phone.post(url(step.consultation), filled(step, {1: 6})).status_code == 409
    assert urn.ballots_so_far(step) == 0


def test_weak_checks_are_said_where_the_link_is_open(make, phone):
    assert "personne ne vérifie" in phone.get(url(make().consultation)).content.decode().lower()
    text = phone.get(url(make(access=Access.CODES).consultation)).content.decode()
    assert "personne ne vérifie" not in text.lower()


def test_about_you_is_optional_and_says_what_it_is_for(make, phone):
    step = make()
    AboutQuestion.objects.create(consultation=step.consultation, kind=About.AGE, purpose="Voir qui a répondu.")
    AboutQuestion.objects.create(
        consultation=step.consultation, kind=About.PLACE, purpose="Voir d’où.", choices=[{"code": "n", "fr": "Nord"}]
    )
    text = phone.get(url(step.consultation)).content.decode()
    assert "Voir qui a répondu." in text
    assert "Nord" in text
    typed = {"about-age": "30-44", "about-place": "nowhere"}
    phone.post(url(step.consultation), filled(step, {1: 6}, **typed))
    phone.post(url(step.consultation), filled(step, {1: 5}))
    assert [one.about for one in sealed(step)] == ["", '{"age":"30-44"}']


@pytest.mark.parametrize("kind", [kind for kind in About if kind != About.PLACE])
def test_what_the_agent_is_shown_is_what_is_asked(make, phone, kind):
    """One list of choices: that which the agent chose from, stored with the question or not."""
    step = make()
    question = AboutQuestion.objects.create(consultation=step.consultation, kind=kind, purpose="Pour voir.")
    usual = choices(kind)
    assert len(usual) > 1
    for stored in ([], usual):
        question.choices = stored
        question.save()
        text = html.unescape(phone.get(url(step.consultation)).content.decode())
        select = text.split(f'name="about-{kind}"')[1].split("</select>")[0]
        assert re.findall(r'value="([^"]+)"[^>]*>([^<]+)<', select) == [(one["code"], one["fr"]) for one in usual]
    english = html.unescape(phone.get(url(step.consultation, language="/en")).content.decode())
    assert all(one["en"] in english for one in usual)


def test_about_you_is_asked_in_the_language_that_the_agent_wrote(make, phone):
    step = make()
    AboutQuestion.objects.create(
        consultation=step.consultation, kind=About.AGE, purpose="Pour voir.", choices=choices(About.AGE)
    )
    ConsultationLanguage.objects.create(consultation=step.consultation, code="es", name="Español")
    texts = {text.key: text.original for text in texts_of(step.consultation, "es")}
    assert texts["about:age"] == "Votre âge"  # the very words of the page
    assert texts["about:age:why"] == "Pour voir."
    for key in ("about:age", "about:age:why", "about:age:30-44"):
        Wording.objects.create(consultation=step.consultation, language="es", key=key, text=f"¡{key}!")
    text = phone.get(url(step.consultation) + "?langue=es").content.decode()
    assert all(f"¡{key}!" in text for key in ("about:age", "about:age:why", "about:age:30-44"))


def test_an_option_withdrawn_is_struck_with_its_reason_and_not_asked(make, phone):
    step = make()
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Déjà fait ailleurs.")
    text = phone.get(url(step.consultation)).content.decode()
    assert "<s>Choix fictif 2</s>" in text
    assert "Déjà fait ailleurs." in text
    assert f's{step.pk}-o2" value' not in text
    assert "Choix 2 sur 2" in text


def test_an_option_withdrawn_while_answering_is_told_once_and_the_rest_counts(make, phone):
    step = make()
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Déjà fait ailleurs.")
    told = phone.post(url(step.consultation), filled(step, {1: 6, 2: 5}))
    assert told.status_code == 422
    assert "a été retiré pendant que vous répondiez" in told.content.decode()
    assert f's{step.pk}-o1" value="6" checked' in told.content.decode()
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6})))
    assert [one.content for one in sealed(step)] == ["[6,0,0]"]


def test_a_form_from_another_site_is_not_taken(make, phone):
    step = make()
    for headers in ({"Origin": "https://ailleurs.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = phone.post(url(step.consultation), filled(step, {1: 6}), headers=headers)
        assert refused.status_code == 403
        assert f's{step.pk}-o1" value="6" checked' in refused.content.decode()
    assert urn.ballots_so_far(step) == 0
    same = phone.post(url(step.consultation), filled(step, {1: 6}), headers={"Origin": "http://testserver"})
    assert receipt_in(same)


def test_a_form_left_open_for_weeks_is_still_good(make, phone):
    step = make(closes_at=timezone.now() + dt.timedelta(days=90))
    nonce = re.search(r'name="nonce" value="([^"]+)"', phone.get(url(step.consultation)).content.decode()).group(1)
    import time_machine

    with time_machine.travel(timezone.now() + dt.timedelta(days=60)):
        assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, nonce=nonce)))


def test_a_nonce_made_by_hand_is_replaced(make, phone):
    step = make()
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, nonce="short")))


def test_the_rate_is_generous_said_and_loses_nothing(make, phone, monkeypatch):
    step = make()
    monkeypatch.setattr(limits, "ballots", limits.Turnstile(2))
    for nonce in "ab":
        assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, nonce=nonce * 24)))
    refused = phone.post(url(step.consultation), filled(step, {1: 6}, nonce="c" * 24))
    assert refused.status_code == 429
    assert "Attendez quelques minutes" in refused.content.decode()
    assert f's{step.pk}-o1" value="6" checked' in refused.content.decode()
    assert "c" * 24 in refused.content.decode()
    other = phone.post(url(step.consultation), filled(step, {1: 6}, nonce="c" * 24), REMOTE_ADDR="192.0.2.9")
    assert receipt_in(other)


def test_addresses_are_kept_nowhere_and_forgotten_with_the_window():
    gate = limits.Turnstile(1)
    assert gate.lets("192.0.2.1", now=0)
    assert not gate.lets("192.0.2.1", now=1)
    assert gate.lets("192.0.2.2", now=1)
    assert "192.0.2" not in repr([vars(gate), vars(gate.short), vars(gate.long)])
    assert gate.lets("192.0.2.1", now=limits.WINDOW)


def test_a_community_centre_is_not_locked_out_and_a_robot_is():
    most = 400  # as it is where nothing is said (docs/operations.md)
    centre, robot = limits.Turnstile(most), limits.Turnstile(most)
    # Sixty people an hour behind one address, from eight to six; then three hundred at once in a hall.
    assert all(centre.lets("192.0.2.1", now=60.0 * minute) for minute in range(600))
    assert all(centre.lets("192.0.2.1", now=40_000.0 + number) for number in range(300))
    day = [robot.lets("192.0.2.66", now=number) for number in range(86_400)]
    assert sum(day) == 3 * most
    assert sum(day[:600]) == most, "in its first ten minutes"
    assert robot.lets("192.0.2.67", now=86_399)
    assert robot.lets("192.0.2.66", now=86_400), "what is refused does not lock an address for good"


def test_where_a_code_opens_one_ballot_a_full_hall_behind_one_address_votes(make, phone, monkeypatch):
    step = make(access=Access.CODES)
    monkeypatch.setattr(limits, "ballots", limits.Turnstile(1))
    for number in range(3):
        code = marks.new_code()
        Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
        assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, code=code, nonce=f"{number}" * 24)))


def test_the_receipt_page_says_that_it_is_counted_and_nothing_else(make, phone):
    step = make()
    receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6})))
    found = phone.post(url(step.consultation, "recu"), {"receipt": receipt.lower().replace(" ", "-")})
    assert "Votre bulletin est compté." in found.content.decode()
    assert "Choix fictif" not in found.content.decode()
    assert "Essentiel" not in found.content.decode()
    assert found["Cache-Control"] == "no-store"
    lost = phone.post(url(step.consultation, "recu"), {"receipt": "SAULE 00 RIVE 00"})
    assert "Aucun bulletin" in lost.content.decode()
    assert "Changer mes réponses" not in found.content.decode()


def test_whoever_guesses_receipts_and_codes_locks_nobody_out_of_their_network(make, phone, monkeypatch):
    step = make(changeable=True, access=Access.CODES)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    monkeypatch.setattr(limits, "guesses", limits.Turnstile(1))
    for _guess in "123":
        lost = phone.post(url(step.consultation, "recu"), {"receipt": "SAULE 00 RIVE 00 LUNE 00"})
        phone.post(url(step.consultation), filled(step, {1: 6}, code="k7m29qxht4"))
        loaded = phone.post(url(step.consultation), {"load": "1", "receipt": "SAULE 00 RIVE 00 LUNE 00"})
    assert (lost.status_code, loaded.status_code) == (429, 429)
    receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, code=code)))
    assert receipt
    found = phone.post(url(step.consultation, "recu"), {"receipt": receipt})
    assert "Votre bulletin est compté." in found.content.decode()
    assert phone.post(url(step.consultation), {"load": "1", "receipt": receipt}).status_code == 200
    assert phone.post(url(step.consultation, "merci"), {"email": "voisine@example.org"}).status_code == 302


def test_a_ballot_is_changed_with_its_receipt_where_it_may(make, phone):
    step = make(changeable=True)
    receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6, 2: 4}, **{"about-age": "30-44"})))
    assert "Changer mes réponses" in phone.post(url(step.consultation, "recu"), {"receipt": receipt}).content.decode()
    loaded = phone.post(url(step.consultation), {"load": "1", "receipt": receipt})
    assert f's{step.pk}-o1" value="6" checked' in loaded.content.decode()
    assert "Envoyer mes nouvelles réponses" in loaded.content.decode()
    changed = phone.post(url(step.consultation), filled(step, {1: 1}, receipt=receipt))
    assert "remplacent les anciennes" in changed.content.decode()
    assert receipt_in(changed) == receipt
    assert [one.content for one in sealed(step)] == ["[1,0,0]"]
    wrong = phone.post(url(step.consultation), filled(step, {1: 1}, receipt="SAULE 00 RIVE 00 LUNE 00"))
    assert wrong.status_code == 404
    assert urn.ballots_so_far(step) == 1


def test_a_ballot_is_not_changed_where_it_may_not(make, phone):
    step = make()
    receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6})))
    assert phone.post(url(step.consultation), {"load": "1", "receipt": receipt}).status_code == 404
    assert phone.post(url(step.consultation), filled(step, {1: 1}, receipt=receipt)).status_code == 404
    assert [one.content for one in sealed(step)] == ["[6,0,0]"]


def test_an_address_is_left_for_that_alone_and_once(make, phone):
    step = make()
    for email in ("une.personne@example.org", "Une.Personne@example.org"):
        left = phone.post(url(step.consultation, "merci"), {"email": email})
        assert left.status_code == 302
        assert "example" not in left["Location"]
    assert "C’est noté" in phone.get(left["Location"]).content.decode()
    assert list(FollowAddress.objects.values_list("email", flat=True)) == ["une.personne@example.org"]
    wrong = phone.post(url(step.consultation, "merci"), {"email": "une.personne@"})
    assert wrong.status_code == 422
    assert "une.personne@" in wrong.content.decode()
    long = phone.post(url(step.consultation, "merci"), {"email": f"{'a' * 250}@example.org"})
    assert long.status_code == 422


def test_no_address_is_taken_once_what_was_done_is_told(make, phone):
    """One door for addresses: the page after a ballot refuses when the consultation's own page does."""
    step = make(state="published", feedback="C’est fait.")
    page = url(step.consultation, "merci")
    text = phone.get(page).content.decode()
    assert 'name="email"' not in text
    assert "déjà dit" in text
    assert phone.post(page, {"email": "une.personne@example.org"}).status_code == 422
    assert not FollowAddress.objects.exists()


def test_nothing_of_a_ballot_is_in_the_audit_log_or_the_logs(make, phone, caplog):
    step = make(access=Access.CODES)
    before = AuditEntry.objects.count()
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    with caplog.at_level("DEBUG", logger="maillage"):
        phone.post(url(step.consultation), filled(step, {1: 6}, code="wrong"))
        receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6}, code=code)))
        phone.post(url(step.consultation, "recu"), {"receipt": receipt})
        phone.post(url(step.consultation, "merci"), {"email": "une.personne@example.org"})
    assert AuditEntry.objects.count() == before
    assert caplog.text == ""


def test_no_line_of_a_log_tells_of_a_ballot_even_with_every_log_turned_up(make, phone, settings):
    """As whoever looks for a fault may do: ``DEBUG``, every logger at its lowest level."""
    settings.DEBUG = True
    step = make(access=Access.CODES, changeable=True)
    code = marks.new_code()
    elector = Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    AboutQuestion.objects.create(consultation=step.consultation, kind=About.AGE, purpose="Pour voir.")
    written = io.StringIO()
    handler, loggers = logging.StreamHandler(written), [logging.getLogger(name) for name in ("", "django", "maillage")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    more = {"HTTP_USER_AGENT": "Telephone-7", "REMOTE_ADDR": "192.0.2.77"}
    try:
        logging.getLogger("maillage").debug("heard")
        phone.post(url(step.consultation), filled(step, {1: 6}, code="k7m29qxht4"), **more)
        fields = filled(step, {1: 6}, code=code, **{"about-age": "30-44"})
        receipt = receipt_in(phone.post(url(step.consultation), fields, **more))
        phone.post(url(step.consultation, "recu"), {"receipt": receipt}, **more)
        phone.post(url(step.consultation), {"load": "1", "receipt": receipt}, **more)
        phone.post(url(step.consultation, "merci"), {"email": "une.personne@example.org"}, **more)
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
    text = written.getvalue()
    assert "heard" in text
    told = [code, elector.mark, "k7m29qxht4", receipt, "30-44", "une.personne", "192.0.2.77", "Telephone-7"]
    assert [one for one in told if one in text] == []
    assert "participation_" not in text, "no query, hence no order nor instant of the urn's rows"


def test_other_languages_right_to_left_too(make, phone):
    step = make()
    ConsultationLanguage.objects.create(consultation=step.consultation, code="ar", name="العربية", right_to_left=True)
    texts = {"title": "الأولويات", "ui:send_opinion": "أرسل رأيي", f"option:{step.options.first().uuid}:label": "السكن",
             "ui:answers_of": "{n} / {total} {oops}"}  # fmt: skip
    for key, text in texts.items():
        Wording.objects.create(consultation=step.consultation, language="ar", key=key, text=text)
    assert "العربية" in phone.get(url(step.consultation)).content.decode()
    text = phone.get(url(step.consultation) + "?langue=ar").content.decode()
    assert '<html lang="ar" dir="rtl"' in text
    assert "أرسل رأيي" in text
    assert "السكن" in text
    assert '<span data-say lang="fr" dir="ltr">Choix fictif 2</span>' in text
    assert '<span lang="fr" dir="ltr">C’est anonyme.</span>' in text
    refused = phone.post(url(step.consultation), filled(step, {}, langue="ar"))
    assert '<html lang="ar" dir="rtl"' in refused.content.decode()
    assert '<html lang="fr-CA"' in phone.get(url(step.consultation) + "?langue=xx").content.decode()


def test_what_the_product_says_by_itself_is_marked_in_a_language_that_it_does_not_speak(make, phone):
    step = make()
    ConsultationLanguage.objects.create(consultation=step.consultation, code="ar", name="العربية", right_to_left=True)
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Déjà fait ailleurs.")
    text = phone.post(url(step.consultation), filled(step, {1: 6, 2: 5}, langue="ar")).content.decode()
    assert text.count("a été retiré pendant que vous répondiez") == 2
    assert re.search(r'<li lang="fr" dir="ltr"><a href="#s\d+-o2">', text)
    assert re.search(r'<p class="bad" id="s\d+-o2" lang="fr" dir="ltr">', text)
    assert '<span dir="auto">Déjà fait ailleurs.</span>' in text
    assert 'role="status" dir="auto" data-status' in text
    plain = phone.post(url(step.consultation), filled(step, {1: 6, 2: 5})).content.decode()
    assert re.search(r'<p class="bad" id="s\d+-o2">', plain)


def test_english_where_it_is_offered(make, phone):
    step = make()
    assert "It is anonymous." in phone.get(url(step.consultation, language="/en")).content.decode()
    step.consultation.alliance.offers_english = False
    step.consultation.alliance.save()
    assert phone.get(url(step.consultation, language="/en")).status_code == 404


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [("draft", 404, ""), ("closed", 200, "fermé"), ("published", 200, "fermé"), ("cancelled", 200, "Trop tôt.")],
)
def test_what_each_state_shows(make, phone, state, status, told):
    step = make(state=state, cancelled_why="Trop tôt." if state == "cancelled" else "")
    page = phone.get(url(step.consultation))
    assert page.status_code == status
    assert told in page.content.decode()
    assert "data-ballot" not in page.content.decode()


def test_a_consultation_to_come_says_when(make, phone):
    consultation = ConsultationFactory(
        alliance=AllianceFactory(is_public=True), closes_at=timezone.now() + dt.timedelta(days=9)
    )
    StepFactory(consultation=consultation, state=Step.State.WAITING, opens_at=timezone.now() + dt.timedelta(days=2))
    assert "Ouverture le" in phone.get(url(consultation)).content.decode()


def test_an_alliance_that_is_not_public_shows_its_ballot_only_to_who_holds_a_code(make, phone):
    closed = AllianceFactory(is_public=False)
    assert phone.get(url(make(alliance=closed).consultation)).status_code == 404
    assert phone.get(url(make(alliance=closed, access=Access.CODES).consultation)).status_code == 200
    assert phone.post(url(make(alliance=closed).consultation), {}).status_code == 404


def test_a_consultation_of_another_alliance_is_not_found(make, phone):
    step, other = make(), AllianceFactory(is_public=True)
    assert phone.get(f"/{other.slug}/consultations/{step.consultation.uuid}/participer/").status_code == 404


def test_a_kind_that_nobody_registered_is_left_out(make, phone, monkeypatch):
    from maillage.participation import kinds

    step = make()
    other = StepFactory(consultation=step.consultation, kind="ideas", method="", counting="", title="Des idées")
    monkeypatch.delitem(kinds._kinds, "ideas", raising=False)
    text = phone.get(url(step.consultation)).content.decode()
    assert "Des idées" not in text
    assert str(other.pk) not in re.search(r'name="steps" value="([^"]*)"', text).group(1).split()


def test_the_page_asks_as_many_questions_of_the_database_for_fifty_options(make, phone):
    counts = []
    for options in (1, 50):
        step = make(options)
        phone.get(url(step.consultation))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            phone.get(url(step.consultation))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_markup_in_an_option_stays_text(make, phone):
    step = make(0)
    OptionFactory(step=step, number=1, label="<script>alert(1)</script>")
    assert "<script>alert" not in phone.get(url(step.consultation)).content.decode()


def test_channel_of_the_page_is_on_line(make, phone):
    step = make()
    phone.post(url(step.consultation), filled(step, {1: 6}, channel="kiosk"))
    assert [one.channel for one in sealed(step)] == [Channel.ONLINE]


def test_the_script_is_told_in_few_words(make, phone):
    step = make()
    json = {"headers": {"Accept": "application/json"}}
    told = phone.post(url(step.consultation), filled(step, {1: 6}), **json).json()
    assert told["state"] == "counted"
    assert re.fullmatch(r"[A-Z]+ \d\d [A-Z]+ \d\d", told["receipt"])
    blank = phone.post(url(step.consultation), filled(step, {}), **json)
    assert (blank.status_code, blank.json()["state"]) == (422, "blank")


def test_one_idea_a_screen_loses_nothing_without_script(make, phone):
    step = make(one_page=False)
    text = phone.get(url(step.consultation)).content.decode()
    assert "data-screens" in text
    assert text.count("data-screen data-item") == 3
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 6, 2: 3, 3: 1})))


@pytest.mark.parametrize("method", Method.values)
def test_each_method_has_its_sheet(make, phone, method):
    counting = {"grades": Counting.JUDGMENT, "approval": Counting.APPROVAL, "score": Counting.SUM,
                "ranking": Counting.SCHULZE, "budget": Counting.GREEDY}[method]  # fmt: skip
    step = make(step={"method": method, "counting": counting, "envelope_cents": 5_000_000})
    step.options.update(cost_cents=1_500_000)
    text = phone.get(url(step.consultation)).content.decode()
    assert text.count("Choix fictif") >= 3
    if method == "budget":
        assert "15\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}$" in text
        assert "50\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}$" in text
    answers = (
        {f"s{step.pk}-choice": ["1", "3"]}
        if method in {"approval", "budget"}
        else {f"s{step.pk}-o1": "1", f"s{step.pk}-o3": "2"}
    )
    wanted = {"grades": "[1,0,2]", "approval": "[1,3]", "score": "[1,null,2]", "ranking": "[1,0,2]", "budget": "[1,3]"}
    sent = phone.post(url(step.consultation), {"nonce": NONCE, "steps": str(step.pk), **answers})
    assert receipt_in(sent), sent.content.decode()
    assert [one.content for one in sealed(step)] == [wanted[method]]


def test_the_urn_of_a_step_without_key_takes_nothing(make, phone):
    step = make()
    UrnKey.objects.filter(step=step).delete()
    assert phone.post(url(step.consultation), filled(step, {1: 6})).status_code == 409
    assert not Envelope.objects.exists()


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize("error", [errors.Busy(), OperationalError("database is locked")])
def test_a_busy_urn_is_said_and_keeps_the_answers(make, phone, monkeypatch, error):
    step = make()
    monkeypatch.setattr(urn, "cast", failing(error))
    refused = phone.post(url(step.consultation), filled(step, {1: 6}))
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    text = refused.content.decode()
    assert "Le serveur est très occupé" in text
    assert f's{step.pk}-o1" value="6" checked' in text
    assert f'value="{NONCE}"' in text, "sent again, it counts once"
    told = phone.post(url(step.consultation), filled(step, {1: 6}), headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["state"]) == (503, "busy")
    assert "très occupé" in told.json()["words"]


def test_with_another_secret_it_is_said_everywhere_and_nothing_is_lost(make, phone, settings):
    """The instance was restored with another secret: no page breaks, none says what is not true."""
    step = make(changeable=True)
    receipt = receipt_in(phone.post(url(step.consultation), filled(step, {1: 6})))
    kept, settings.SECRET_KEY = settings.SECRET_KEY, "another secret than the one the urn was closed with"
    refused = phone.post(url(step.consultation), filled(step, {1: 5}, nonce="m" * 24))
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    text = refused.content.decode()
    assert "ne peut prendre aucun bulletin" in text
    assert f's{step.pk}-o1" value="5" checked' in text
    assert "n’a pas pu être compté" not in text
    changed = phone.post(url(step.consultation), filled(step, {1: 5}, receipt=receipt))
    assert changed.status_code == 503
    assert "ne peut prendre aucun bulletin" in changed.content.decode()
    for asked in (
        phone.post(url(step.consultation, "recu"), {"receipt": receipt}),
        phone.post(url(step.consultation), {"load": "1", "receipt": receipt}),
    ):
        assert asked.status_code == 503
        assert "Cela ne dit rien de votre bulletin" in asked.content.decode()
        assert "Aucun bulletin" not in asked.content.decode()
    settings.SECRET_KEY = kept
    assert receipt_in(phone.post(url(step.consultation), filled(step, {1: 5}, nonce="m" * 24)))
    assert [one.content for one in sealed(step)] == ["[5,0,0]", "[6,0,0]"]


def test_with_another_secret_a_good_code_is_not_called_wrong(make, phone, settings):
    step = make(access=Access.CODES)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    settings.SECRET_KEY = "another secret than the one the urn was closed with"
    refused = phone.post(url(step.consultation), filled(step, {1: 6}, code=code))
    assert refused.status_code == 503
    assert "n’est pas connu" not in refused.content.decode()
    assert code in refused.content.decode()


def test_a_receipt_is_not_called_unknown_while_the_database_is_busy(make, phone, monkeypatch):
    step = make()
    monkeypatch.setattr(urn, "counted_in", failing(OperationalError("database is locked")))
    assert phone.post(url(step.consultation, "recu"), {"receipt": "SAULE 47 RIVE 12"}).status_code == 503
