"""Telling what one lives: text or voice, without account nor script; consent; helped; withdrawn for good."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core.models import AuditEntry, Document
from maillage.participation.models import CodingRound, Consultation, Elector, Helper, Quote, Testimony, Turnout
from maillage.participation.testimonies import personal, public, services, voices
from maillage.participation.urn import marks
from maillage.participation.vocabulary import Access
from maillage.participation.voting import limits
from tests.factories import PersonFactory
from tests.participation.factories import NOW
from tests.participation.testimonies.makers import WEBM, book_of, close, publish, step_of, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at(step, page="testify"):
    args = [step.consultation.alliance.slug, step.consultation.uuid]
    return reverse(
        f"participation_in:{page}", args=[*args, step.uuid] if page in {"testify", "testimony_take_down"} else args
    )


def receipt_in(response) -> str:
    found = re.search(r"data-receipt>([^<]+)<", response.content.decode())
    return found.group(1) if found else ""


def test_someone_without_account_cookie_nor_script_tells():
    step, phone = step_of(), Client(enforce_csrf_checks=True)
    page = phone.get(at(step))
    assert page["Permissions-Policy"].count("microphone=(self)") == 1
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    # The microphone on this page only.
    for name in ("testimony_mine", "consultation", "receipt", "sent", "kiosk"):
        other = phone.get(at(step, name))
        assert "microphone=()" in other["Permissions-Policy"], name
        assert "media-src" not in other["Content-Security-Policy"], name
    said = phone.post(at(step), {"nonce": "n" * 24, "text": "مرحبا <script>alert(1)</script>", "may_read": "1"})
    assert said.status_code == 200
    assert re.fullmatch(r"[A-Z]+ \d\d [A-Z]+ \d\d [A-Z]+ \d\d", receipt_in(said))
    assert not phone.cookies
    row = Testimony.objects.get()
    assert row.text == "مرحبا <script>alert(1)</script>"
    assert not row.may_quote
    assert {field.name for field in Testimony._meta.get_fields()}.isdisjoint(
        {"by", "author", "user", "at", "created_at"}
    )
    assert not AuditEntry.objects.filter(action__contains="testimony").exists()


def test_sent_twice_it_is_kept_once_with_the_same_receipt(client):
    step, form = step_of(), {"nonce": "n" * 24, "text": "Une fois.", "may_read": "1"}
    first, second = client.post(at(step), form), client.post(at(step), form)
    assert receipt_in(first) == receipt_in(second) != ""
    assert "déjà arrivés" in second.content.decode()
    assert Testimony.objects.count() == 1


def test_somebody_else_s_words_told_from_the_same_page_are_not_lost_nor_given_the_first_one_s_receipt(client):
    """One goes back on a shared device: the page still carries what the first person's did."""
    step, page = step_of(), {"nonce": "n" * 24, "may_read": "1"}
    first, second = (receipt_in(client.post(at(step), page | {"text": text})) for text in ("La première.", "L’autre."))
    assert first != second != ""
    assert set(Testimony.objects.values_list("text", flat=True)) == {"La première.", "L’autre."}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text": "", "may_read": "1"}, "Écrivez quelque chose"),
        ({"text": "Bonjour"}, "Sans cet accord"),
        ({"text": "mot " * 250_000, "may_read": "1"}, "Raccourcissez"),
    ],
)
def test_what_is_refused_is_told_kindly_and_nothing_is_lost(client, form, words):
    step = step_of()
    page = client.post(at(step), {"nonce": "n" * 24, "signed_as": "une voisine", "may_quote": "1", **form})
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert form["text"].strip() in text
    assert 'value="une voisine"' in text
    assert Testimony.objects.count() == 0


def test_too_late_the_words_stay_on_the_page(client):
    step = step_of()
    Consultation.objects.update(closes_at=NOW)
    page = client.post(at(step), {"nonce": "n" * 24, "text": "Trop tard peut-être", "may_read": "1"})
    assert page.status_code == 422
    assert "Trop tard peut-être" in page.content.decode()
    assert Testimony.objects.count() == 0


def test_many_from_one_network_wait_and_another_site_is_refused(client, monkeypatch):
    step, form = step_of(), {"text": "Bonjour", "may_read": "1"}
    assert client.post(at(step), form, HTTP_ORIGIN="https://ailleurs.test").status_code == 403
    monkeypatch.setattr(public, "sent", limits.Turnstile(1))
    assert client.post(at(step), {**form, "nonce": "a" * 24}).status_code == 200
    page = client.post(at(step), {**form, "nonce": "b" * 24})
    assert page.status_code == 429
    assert "Bonjour" in page.content.decode()


def test_a_voice_is_kept_under_no_name_and_heard_by_those_trusted_only(client, people):
    step = step_of(alliance=people.alliance)
    file = SimpleUploadedFile("Marie Untel maison.webm", WEBM, "text/plain")
    said = client.post(at(step), {"nonce": "n" * 24, "text": "", "may_read": "1", "voice": file})
    assert receipt_in(said)
    voice = Testimony.objects.get().voice
    assert (voice.name, voice.content_type) == ("voix.webm", "audio/webm")
    assert voice.created_at != NOW
    assert client.get(voice.get_absolute_url()).status_code in {302, 403, 404}
    client.force_login(people.member)
    assert client.get(voice.get_absolute_url()).status_code in {403, 404}
    client.force_login(people.agent)
    heard = client.get(voice.get_absolute_url())
    assert heard.status_code == 200
    assert heard["X-Content-Type-Options"] == "nosniff"
    heard.close()


def test_nothing_kept_with_a_voice_tells_when_it_came_nor_in_which_order():
    step = step_of(opened_at=NOW - dt.timedelta(days=9))
    voices_kept = [tell(step, "", voice=WEBM, now=NOW + dt.timedelta(hours=n))[0].voice for n in range(12)]
    keys = [voice.pk for voice in voices_kept]
    assert keys != sorted(keys)
    assert keys != sorted(keys, reverse=True)
    assert all(key < 0 for key in keys), "the counter of the other documents is not moved"
    assert {voice.created_at for voice in voices_kept} == {step.consultation.opened_at}
    paths = [Path(voice.file.path) for voice in voices_kept]
    assert {path.stat().st_mtime for path in paths} == {step.consultation.opened_at.timestamp()}
    assert len({path.parent for path in paths}) == 1
    assert all(path.name.startswith(str(voice.uuid)) for path, voice in zip(paths, voices_kept, strict=True))
    assert all(voice.uuid.version == 4 for voice in voices_kept)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 not a voice", b"", b"<html>", b"\x1a\x45\xdf\xa3 V_VP9 a film", b"\0\0\0\x20ftypisom vide"],
)
def test_a_file_that_is_no_voice_is_refused_and_the_text_stays(client, content):
    step = step_of()
    file = SimpleUploadedFile("voix.webm", content, "audio/webm")
    page = client.post(at(step), {"nonce": "n" * 24, "text": "Mes mots", "may_read": "1", "voice": file})
    assert page.status_code == 422
    assert "Mes mots" in page.content.decode()
    assert Document.objects.count() == 0


def test_a_voice_too_large_is_refused(client, monkeypatch):
    monkeypatch.setattr(voices, "MOST_BYTES", 100)
    page = client.post(at(step_of()), {
        "nonce": "n" * 24, "text": "Mes mots", "may_read": "1", "voice": SimpleUploadedFile("v.webm", WEBM),
    })  # fmt: skip
    assert page.status_code == 422
    assert "trop lourd" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WEBM, "audio/webm"), (b"OggS" + bytes(40), "audio/ogg"), (b"\0\0\0\x20ftypM4A " + bytes(40), "audio/mp4"),
        (b"ID3" + bytes(40), "audio/mpeg"), (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), (b"hello", ""),
    ],
)  # fmt: skip
def test_the_type_is_read_from_the_content(content, kind):
    assert voices.type_of(content) == kind


def test_a_helper_takes_it_down_once_read_back_and_is_not_kept(client, people):
    step = step_of(alliance=people.alliance)
    form = {"nonce": "n" * 24, "text": "Dit de vive voix", "may_read": "1"}
    client.force_login(people.agent)
    page = client.post(at(step, "testimony_take_down"), form)
    assert page.status_code == 422
    assert "Relisez-le à la personne" in page.content.decode()
    assert "Dit de vive voix" in page.content.decode()
    done = client.post(at(step, "testimony_take_down"), {**form, "read_back": "1"})
    assert receipt_in(done)
    row = Testimony.objects.get()
    assert row.taken_down
    assert row.read_back
    with pytest.raises(PermissionDenied):
        services.keep(
            step=step, text="x", may_read=True, nonce="m" * 24, now=NOW, taken_by=people.member, read_back=True
        )


def test_a_named_helper_may_take_down_and_code(people):
    from maillage.core.access import may

    step = step_of(alliance=people.alliance)
    person = people.member.persons.first() if hasattr(people.member, "persons") else None
    person = person or PersonFactory._meta.model.objects.get(user=people.member)
    assert not may(people.member, "participation.code", step.consultation)
    Helper.objects.create(
        consultation=step.consultation, person=person, help="code", since=NOW.date() - dt.timedelta(days=400)
    )
    assert may(people.member, "participation.code", step.consultation)
    assert not may(people.member, "participation.run", step.consultation)


def test_withdrawn_with_the_receipt_nothing_is_left_even_once_published(
    client, people, django_capture_on_commit_callbacks
):
    step = step_of(alliance=people.alliance)
    codes = book_of(step)
    row, receipt = tell(step, "Le toit coule depuis mars.", voice=WEBM, may_quote=True)
    for _n in range(6):
        tell(step)
    services.code(testimony=row, codes=codes[:1], by=people.agent)
    services.code(testimony=row, codes=codes[:1], by=people.second)
    quote = services.choose_quote(testimony=row, text="Le toit coule", by=people.agent)
    services.agree_quote(quote=quote, by=people.second, now=NOW)
    close(step)
    publish(step)
    results = reverse("participation_in:results", args=[step.consultation.alliance.slug, step.consultation.uuid])
    assert "Le toit coule" in client.get(results).content.decode()
    wrong = client.post(at(step, "testimony_mine"), {"receipt": "SAULE 47 RIVE 12 PONT 03", "act": "erase"})
    assert wrong.status_code == 404
    storage, path = row.voice.file.storage, row.voice.file.name
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(at(step, "testimony_mine"), {"receipt": receipt.lower().replace(" ", "-"), "act": "erase"})
    text = done.content.decode()
    assert "C’est effacé." in text
    assert "déjà imprimé" in text
    assert not Testimony.objects.filter(pk=row.pk).exists()
    assert not Quote.objects.exists()
    assert not CodingRound.objects.exists()
    assert not Document.objects.filter(pk=row.voice_id).exists()
    assert not storage.exists(path)
    page = client.get(results).content.decode()
    assert "Le toit coule" not in page
    assert "7 personnes ont témoigné" in page.replace("\xa0", " ")  # a count that moved would say what one person told
    # Asked again it says the same; sent again it does not come back.
    assert services.withdraw(consultation=step.consultation, receipt=receipt)


def test_what_was_withdrawn_does_not_come_back_with_a_reload(client):
    step, form = step_of(), {"nonce": "n" * 24, "text": "Une fois.", "may_read": "1"}
    receipt = receipt_in(client.post(at(step), form))
    services.withdraw(consultation=step.consultation, receipt=receipt)
    assert client.post(at(step), form).status_code == 422
    assert Testimony.objects.count() == 0


# What one agrees to: the last word holds, and is never more than what was clearly agreed to


FORM = {"nonce": "n" * 24, "text": "Une fois.", "may_read": "1"}
QUOTED = {"may_quote": "1", "signed_as": "une voisine"}


@pytest.mark.parametrize(
    ("first", "again", "kept", "told"),
    [
        (QUOTED, {}, (False, ""), "rien n’est cité"),
        ({}, QUOTED, (False, ""), "rien n’est cité"),
        (QUOTED, {"may_quote": "1"}, (True, ""), "sans aucun nom"),
        ({"may_quote": "1"}, QUOTED, (True, ""), "sans aucun nom"),
        (QUOTED, {"may_quote": "1", "signed_as": "un voisin"}, (True, "une voisine"), "nomme ainsi : une voisine"),
    ],
)  # fmt: skip
def test_the_same_words_sent_again_with_other_agreements_keep_the_least_and_say_so(client, first, again, kept, told):
    step = step_of()
    one, two = (client.post(at(step), FORM | more) for more in (first, again))
    assert receipt_in(one) == receipt_in(two) != ""
    text = two.content.decode().replace("\xa0", " ")
    assert "Voici ce qui est gardé" in text
    assert told in text
    assert at(step, "testimony_mine") in text
    row = Testimony.objects.get()
    assert (row.may_quote, row.signed_as) == kept
    assert not AuditEntry.objects.filter(action__contains="testimony").exists(), "nothing dates it"


def test_agreements_said_again_the_same_are_only_said_to_be_there(client):
    step = step_of()
    for _n in range(2):
        page = client.post(at(step), FORM | QUOTED)
    assert "déjà arrivés" in page.content.decode()
    assert "Voici ce qui est gardé" not in page.content.decode()
    assert Testimony.objects.get().signed_as == "une voisine"


def test_with_the_receipt_one_agrees_to_more_then_to_less_and_what_was_quoted_is_gone(client, people):
    step = step_of(alliance=people.alliance)
    row, receipt = tell(step, "Le toit coule depuis mars.")
    mine = at(step, "testimony_mine")
    found = client.post(mine, {"receipt": receipt.lower()})
    assert found["Cache-Control"] == "no-store"
    assert "Le toit coule" not in found.content.decode(), "nobody behind a shoulder reads it"
    assert Testimony.objects.filter(pk=row.pk).exists(), "looking erases nothing"
    saved = client.post(mine, {"receipt": receipt, "act": "agree", **QUOTED})
    assert "Vos choix sont gardés" in saved.content.decode()
    assert 'value="une voisine"' in saved.content.decode()
    row.refresh_from_db()
    assert (row.may_quote, row.signed_as) == (True, "une voisine")
    quote = services.choose_quote(testimony=row, text="Le toit coule", by=people.agent)
    services.agree_quote(quote=quote, by=people.second, now=NOW)
    client.post(mine, {"receipt": receipt, "act": "agree", "signed_as": "une voisine"})
    row.refresh_from_db()
    assert (row.may_quote, row.signed_as) == (False, "")
    assert not Quote.objects.exists()
    with pytest.raises(ValidationError):
        services.choose_quote(testimony=row, text="Le toit coule", by=people.agent)
    entries = AuditEntry.objects.filter(action="participation.testimony_agreement_changed")
    assert {(one.model, one.object_id, one.user_id) for one in entries} == {("participation.step", str(step.pk), None)}
    assert entries.count() == 2


def test_a_receipt_that_is_not_known_changes_nothing_and_guesses_are_few(client, monkeypatch):
    step = step_of()
    row, _receipt = tell(step)
    form = {"receipt": "SAULE 47 RIVE 12 PONT 03", "act": "agree", **QUOTED}
    assert client.post(at(step, "testimony_mine"), form).status_code == 404
    assert client.post(at(step, "testimony_mine"), form, HTTP_ORIGIN="https://ailleurs.test").status_code == 403
    monkeypatch.setattr(limits, "guesses", limits.Turnstile(1))
    statuses = [client.post(at(step, "testimony_mine"), form).status_code for _n in range(2)]
    assert statuses == [404, 429]
    row.refresh_from_db()
    assert not row.may_quote


def test_whoever_took_it_down_saw_the_receipt_which_can_then_only_agree_to_less(client, people):
    step = step_of(alliance=people.alliance)
    row, receipt = tell(step, may_quote=True, signed_as="Annie", taken_by=people.agent, read_back=True)
    mine = at(step, "testimony_mine")
    assert "pas plus" in client.post(mine, {"receipt": receipt}).content.decode()
    named = client.post(mine, {"receipt": receipt, "act": "agree", "may_quote": "1", "signed_as": "Annie Untel"})
    assert named.status_code == 422
    assert 'value="Annie Untel"' in named.content.decode()
    assert client.post(mine, {"receipt": receipt, "act": "agree"}).status_code == 200
    row.refresh_from_db()
    assert not row.may_quote
    assert client.post(mine, {"receipt": receipt, "act": "agree", "may_quote": "1"}).status_code == 422
    row.refresh_from_db()
    assert not row.may_quote
    client.force_login(people.agent)
    again = {**FORM, "read_back": "1"}
    client.post(at(step, "testimony_take_down"), again)
    page = client.post(at(step, "testimony_take_down"), again | QUOTED)
    assert "Voici ce qui est gardé" in page.content.decode()


# Where codes are asked


def coded(step, **more) -> str:
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code), **more)
    return code


def test_where_a_code_opens_the_ballot_a_testimony_asks_for_one_and_keeps_nothing_of_it(client, monkeypatch):
    step = step_of(access=Access.CODES)
    code, void = coded(step, number=1), coded(step, number=2, voided_at=NOW)
    assert 'id="code"' in client.get(at(step)).content.decode()
    for typed, words in (("", "Écrivez le code"), ("k7m2-9qxh-t4", "n’est pas connu"), (void, "n’est pas connu")):
        page = client.post(at(step), {**FORM, "code": typed})
        text = page.content.decode()
        assert page.status_code == 422
        assert words in text
        assert "Une fois." in text
        assert f'value="{typed}"' in text
    assert not Testimony.objects.exists()
    before = list(Elector.objects.values())
    for number in range(2):
        # A code that has answered is as good: words are no ballot, and nobody counts them by person.
        assert receipt_in(client.post(at(step), {**FORM, "nonce": f"{number}" * 24, "code": f" {code.upper()} "}))
    assert list(Elector.objects.values()) == before
    assert not Turnout.objects.exists()
    row = Testimony.objects.first()
    assert code not in str(row.__dict__)
    assert Elector.objects.first().mark not in str(row.__dict__)
    monkeypatch.setattr(limits, "guesses", limits.Turnstile(1))
    guesses = [client.post(at(step), {**FORM, "code": "k7m29qxht4"}).content.decode() for _n in range(2)]
    assert "Beaucoup de codes" in guesses[1]
    assert receipt_in(client.post(at(step), {**FORM, "nonce": "z" * 24, "code": code})), "what is right still passes"


def test_elsewhere_no_code_is_asked_and_a_helper_needs_none(client, people):
    assert 'id="code"' not in client.get(at(step_of())).content.decode()
    step = step_of(alliance=people.alliance, access=Access.LIST)
    client.force_login(people.agent)
    done = client.post(at(step, "testimony_take_down"), {**FORM, "read_back": "1"})
    assert receipt_in(done)


def test_voices_go_first_then_texts_and_what_is_quoted_stays(people):
    step = step_of(alliance=people.alliance)
    spoken, _ = tell(step, "", voice=WEBM)
    both, _ = tell(step, "Aussi écrit", voice=WEBM)
    quoted, _ = tell(step, "J’attends un logement depuis deux ans. Je dors mal.", may_quote=True)
    quote = services.choose_quote(testimony=quoted, text="depuis deux ans", by=people.agent)
    services.agree_quote(quote=quote, by=people.second, now=NOW)
    close(step)
    assert personal.purge(NOW.date() + dt.timedelta(days=150)) == 0
    personal.purge(NOW.date() + dt.timedelta(days=190))
    assert not Testimony.objects.filter(pk=spoken.pk).exists()
    both.refresh_from_db()
    assert both.voice is None
    assert Document.objects.count() == 0
    personal.purge(NOW.date() + dt.timedelta(days=760))
    assert [row.text for row in Testimony.objects.all()] == ["depuis deux ans"]
    assert personal.purge(NOW.date() + dt.timedelta(days=800)) == 0


def test_closed_the_page_says_so(client):
    step = step_of()
    close(step)
    page = client.get(at(step))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    with pytest.raises(ValidationError, match="fermé"):
        services.keep(step=step, text="x", may_read=True, nonce="m" * 24, now=NOW)


def test_the_page_of_the_consultation_leads_there(client):
    step = step_of()
    page = client.get(step.consultation.get_absolute_url()).content.decode()
    assert at(step) in page
    assert "Raconter ce que je vis" in page
