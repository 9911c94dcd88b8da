"""Who may answer, lost codes, reminders, languages, « about you », what was done with it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.alliances.rules import forget_roles
from maillage.concertation.models import Decision
from maillage.core.contributions import merge
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import (
    about,
    asking,
    copying,
    electors,
    feedback,
    indexing,
    lifecycle,
    services,
    wordings,
)
from maillage.participation.consultations.access import postal_matches, read_postal_codes
from maillage.participation.consultations.contributions import giving, personal, waiting
from maillage.participation.models import (
    AboutQuestion,
    CodeVoid,
    Consultation,
    Elector,
    FollowAddress,
    Helper,
    Option,
    Question,
    Result,
    Section,
    Statement,
    Step,
    Turnout,
    Wording,
)
from maillage.participation.urn import errors, marks
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import About, Access, Help
from maillage.participation.words import words_of
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, SpaceFactory, signed_in, user_with
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory
from tests.participation.makers import codes

pytestmark = pytest.mark.django_db
S = Consultation.State
SITE = "https://essai.test"
NONCE = "abcdefghijklmnop"


@pytest.fixture
def now():
    return timezone.now()


def made(alliance, access: str, state: str = S.OPEN, **fields) -> Consultation:
    now = timezone.now()
    fields.setdefault("opens_at", now - dt.timedelta(days=1))
    fields.setdefault("closes_at", now + dt.timedelta(days=7))
    found = ConsultationFactory(
        alliance=alliance, access=access, state=state, opened_at=None if state == S.DRAFT else now, **fields
    )
    step = StepFactory(consultation=found, state=Step.State.OPEN if state == S.OPEN else Step.State.WAITING)
    OptionFactory.create_batch(2, step=step)
    return found


def answer(consultation: Consultation, code: str, nonce: str = NONCE):
    step = consultation.steps.get()
    elector = urn.find_elector(consultation, code)
    return urn.cast(
        consultation=consultation, contents={step: "[6,1]"}, elector=elector, nonce=nonce, now=timezone.now()
    )


def address(name: str, found: Consultation, **more) -> str:
    return reverse(f"participation_in:{name}", kwargs={"slug": found.alliance.slug, "key": found.uuid, **more})


def member(alliance, **fields):
    person = PersonFactory(alliance=alliance, **fields)
    person.email = f"p{person.pk}@exemple.test"
    person.save()
    RoleFactory(person=person, kind=Role.Kind.MEMBER)
    return person


# Who may answer


def test_each_choice_says_what_it_protects_against_and_what_it_does_not(client, alliance):
    found = made(alliance, Access.OPEN, S.DRAFT)
    signed_in(client, alliance)
    page = client.get(address("access", found)).content.decode()
    assert page.count("Protège") == page.count("Ne protège pas") == len(Access.values)
    assert "Un reçu peut être pris à quelqu’un" in page, "what a ballot that may be changed costs"
    client.post(address("access", found), {"access": "postal", "postal_codes": "j0k, J6E 1A1", "changeable": "1"})
    found.refresh_from_db()
    assert (found.access, found.postal_codes, found.changeable) == ("postal", "J0K J6E1A1", True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("J0K J6E", "J0K J6E"), ("j6e 1a1; j6e-1a2", "J6E1A1 J6E1A2"), ("J0K\nJ0K", "J0K"), ("", ""),
     ("JOK 1AO", "J0K1A0"), ("H3Z\N{NO-BREAK SPACE}2Y7", "H3Z2Y7"), ("G1R 5", "G1R5"), ("Ｊ０Ｋ", "J0K")],
)  # fmt: skip
def test_postal_codes_are_read_as_people_write_them(typed, kept):
    assert read_postal_codes(typed) == kept


@pytest.mark.parametrize("typed", ["12345", "J0", "Joliette", "J0K X", "D0K", "W1A 1A1", "J0F", "J0K1A11"])
def test_what_is_no_postal_code_is_said(typed):
    with pytest.raises(ValidationError):
        read_postal_codes(typed)


def test_who_may_answer_no_longer_changes_once_open(alliance, agent):
    found = made(alliance, Access.CODES)
    with pytest.raises(ValidationError):
        electors.set_access(consultation=found, access="open", changeable=True, postal_codes="", by=agent)


@pytest.mark.parametrize(
    ("wanted", "typed", "matches"),
    [
        ("J0K J6E1A1", "j0k 2b0", True), ("J0K J6E1A1", "J6E-1A1", True), ("J0K J6E1A1", "J6E 1A2", False),
        ("J0K J6E1A1", "J6E", True), ("J0K J6E1A1", "JOK 2BO", True), ("J0K", "H2X 1Y4", False),
        ("", "K1A 0B1", True), ("J0K", "90210", None), ("J0K", "J0", None), ("J0K", "", None),
        ("J0K", "J\N{ARABIC-INDIC DIGIT THREE}K", None),
        ("J0K", "Z0K 1A1", None),
    ],
)  # fmt: skip
def test_a_citizen_s_postal_code_is_matched_by_the_same_rule(wanted, typed, matches):
    assert postal_matches(wanted, typed) is matches


# Printed codes


def test_codes_are_shown_once_and_kept_nowhere(client, alliance):
    found = made(alliance, Access.CODES, S.DRAFT)
    signed_in(client, alliance)
    got = client.post(address("codes_print", found), {"label": "Maison des familles", "count": "3", "form": "csv"})
    assert "no-store" in got["Cache-Control"]
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    given = [row[1] for row in rows[1:]]
    assert len(set(given)) == 3
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert found.short in rows[1][3]
    stored = json.dumps([list(model.objects.values()) for model in (Elector, AuditEntry, ActInName, Job)], default=str)
    for code in given:
        assert code not in stored
        assert marks.tidy_code(code) not in stored
        assert urn.find_elector(found, code)
    page = client.get(address("access", found)).content.decode()
    assert "Maison des familles" in page
    assert not any(code in page for code in given)
    line = ActInName.objects.get(kind="codes-printed")
    assert "3 codes" in line.label


def test_codes_come_as_slips_to_cut_out(client, alliance):
    found = made(alliance, Access.CODES, S.DRAFT)
    signed_in(client, alliance)
    got = client.post(address("codes_print", found), {"label": "Biblio", "count": "9", "form": "pdf"})
    assert got.content.startswith(b"%PDF")
    assert got["Content-Type"] == "application/pdf"


def test_lots_are_numbered_one_after_the_other(alliance, agent, now):
    found = made(alliance, Access.CODES, S.DRAFT)
    codes(found, 2, by=agent, now=now)
    second = electors.print_codes(consultation=found, count=2, label="B", by=agent, now=now)
    assert [row.number for row in second] == [3, 4]
    assert [(lot.label, lot.first, lot.last, lot.count) for lot in electors.lots(found)] == [
        ("A", 1, 2, 2),
        ("B", 3, 4, 2),
    ]


def test_it_does_not_open_without_code_or_list(alliance, agent, now):
    for access in (Access.CODES, Access.LIST):
        found = made(alliance, access, S.DRAFT)
        assert lifecycle.what_is_missing(found, now)
    found = made(alliance, Access.CODES, S.DRAFT)
    codes(found, 1, by=agent, now=now)
    assert not lifecycle.what_is_missing(found, now)


# Lost codes


def test_a_lost_code_is_made_void_by_two_and_another_is_given(client, alliance, agent, now):
    found = made(alliance, Access.CODES)
    code = codes(found, 1, by=agent, now=now)[0]
    row = electors.find_by_number(found, code.number)
    void = electors.ask_void(consultation=found, elector=row, why="code perdu", replace=True, by=agent, now=now)
    assert urn.find_elector(found, code.code), "it works until the second person confirms"
    with pytest.raises(ValidationError):
        electors.confirm_void(void=void, by=agent, now=now, site=SITE)
    second = signed_in(client, alliance)
    page = second.post(address("void_confirm", found, pk=void.pk))
    assert "no-store" in page["Cache-Control"]
    with pytest.raises(errors.CodeUnknown):
        urn.find_elector(found, code.code)
    fresh = Elector.objects.get(consultation=found, voided_at=None)
    assert fresh.number == 2
    line = ActInName.objects.get(kind="code-voided")
    assert line.source == "code perdu"
    assert page.content.decode().count("nouveau code") == 1
    again = second.get(address("voids", found)).content.decode()
    assert "nouveau code, montré" not in again, "shown once"


def test_a_code_that_was_used_is_never_void_nor_replaced(alliance, agent, now):
    found = made(alliance, Access.CODES)
    code = codes(found, 1, by=agent, now=now)[0]
    row = electors.find_by_number(found, code.number)
    void = electors.ask_void(consultation=found, elector=row, why="perdu", replace=True, by=agent, now=now)
    answer(found, code.code)
    with pytest.raises(ValidationError):
        electors.confirm_void(void=void, by=user_with(alliance), now=now, site=SITE)
    assert Elector.objects.filter(voided_at=None).count() == 1
    assert not CodeVoid.objects.exclude(confirmed_at=None).exists()


def test_whoever_asks_alone_does_not_learn_who_has_answered(client, alliance, agent, now):
    found, people = listed(alliance, agent, 2)
    answer(found, electors.list_code(found, Elector.objects.get(person=people[0])))
    signed_in(client, alliance)
    told = []
    for person in people:
        row = Elector.objects.get(person=person)
        electors.ask_void(consultation=found, elector=row, why="perdu", replace=True, by=agent, now=now)
        told.append(client.get(address("voids", found)).content.decode().count(f"{person.name}<"))
    assert told[0] == told[1]
    page = client.get(address("access", found)).content.decode()
    assert "personne a répondu" not in page, "of two people, how many answered tells who"
    assert "n’est pas montré" in page


def test_intruders_neither_print_nor_void(alliance, agent, now):
    found = made(alliance, Access.CODES)
    for by in (user_with(alliance, Role.Kind.MEMBER), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            electors.print_codes(consultation=found, count=1, label="A", by=by, now=now)
    codes(found, 1, by=agent, now=now)
    row = electors.find_by_number(found, 1)
    void = electors.ask_void(consultation=found, elector=row, why="perdu", replace=True, by=agent, now=now)
    for by in (user_with(alliance, Role.Kind.MEMBER), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            electors.confirm_void(void=void, by=by, now=now, site=SITE)


# A list


def listed(alliance, agent, n: int = 3) -> tuple[Consultation, list]:
    found = made(alliance, Access.LIST)
    people = [member(alliance) for _number in range(n)]
    asked = electors.ask_list(consultation=found, people=people, why="Oubliées.", by=agent, now=timezone.now())
    asking.confirm(asked=asked, by=user_with(alliance), now=timezone.now())
    return found, people


def send(found: Consultation, *, reminder: bool, day: dt.date) -> int:
    return electors.write_to_list(found, reminder=reminder, day=day, site=SITE)


def test_each_of_the_list_receives_a_code_that_opens_one_ballot(alliance, agent, mailoutbox):
    found, _people = listed(alliance, agent)
    today = alliance.today()
    electors.send_codes(consultation=found, by=agent, today=today, site=SITE, reminder=False)
    assert Job.objects.filter(kind="participation.codes").count() == 1
    assert send(found, reminder=False, day=today) == 3
    assert send(found, reminder=False, day=today) == 0, "run again, it writes to nobody twice"
    code = mailoutbox[0].body.split("/participer/#")[1].split()[0]
    script = finders.find("participation/voting.js")
    pattern = re.search(
        r"if \(code && /(.+?)/\.test\(location\.hash\)", Path(script).read_text(encoding="utf-8")
    ).group(1)
    assert re.fullmatch(pattern, f"#{code}"), "the page of the ballot fills it in"
    assert answer(found, code)
    with pytest.raises(errors.CodeUsed):
        answer(found, code, nonce="another-nonce-of-16")


def test_a_code_is_sent_under_the_title_that_the_ballot_has_in_the_language_of_the_person(alliance, agent, mailoutbox):
    found, people = listed(alliance, agent, 2)
    Wording.objects.create(consultation=found, language="en", key="title", text="What comes first?")
    type(people[0]).objects.filter(pk=people[0].pk).update(language="en")
    send(found, reminder=False, day=alliance.today())
    told = {mail.to[0]: mail.subject + mail.body for mail in mailoutbox}
    assert told[people[0].email].count("What comes first?") == 2
    assert found.title not in told[people[0].email]
    assert "What comes first?" not in told[people[1].email]


def test_reminders_go_to_those_who_have_not_answered_and_nobody_is_told_who(client, alliance, agent, mailoutbox):
    found, people = listed(alliance, agent)
    today = alliance.today()
    send(found, reminder=False, day=today)
    row = Elector.objects.get(person=people[0])
    answer(found, electors.list_code(found, row))
    mailoutbox.clear()
    later = today + dt.timedelta(days=3)
    electors.send_codes(consultation=found, by=agent, today=later, site=SITE, reminder=True)
    with pytest.raises(ValidationError):
        electors.send_codes(consultation=found, by=agent, today=later, site=SITE, reminder=True)
    assert send(found, reminder=True, day=later) == 2
    written = {recipient for mail in mailoutbox for recipient in mail.to}
    assert written == {people[1].email, people[2].email}
    assert electors.list_code(found, Elector.objects.get(person=people[1])) in "".join(
        mail.body for mail in mailoutbox
    ), "the same code as before"
    assert str(people[1].pk) not in json.dumps(
        list(AuditEntry.objects.filter(action="participation.reminders_sent").values("before", "after"))
    )
    signed_in(client, alliance)
    page = client.get(address("access", found)).content.decode()
    assert "personne a répondu" not in page


def test_a_lost_code_of_the_list_is_sent_again_to_the_same_person_only(alliance, agent, now, mailoutbox):
    found, people = listed(alliance, agent, 1)
    row = Elector.objects.get(person=people[0])
    former = electors.list_code(found, row)
    void = electors.ask_void(consultation=found, elector=row, why="courriel volé", replace=True, by=agent, now=now)
    assert electors.confirm_void(void=void, by=user_with(alliance), now=now, site=SITE) is None
    with pytest.raises(errors.CodeUnknown):
        urn.find_elector(found, former)
    fresh = electors.list_code(found, Elector.objects.get(person=people[0], voided_at=None))
    assert fresh != former
    assert urn.find_elector(found, fresh)
    assert fresh in mailoutbox[0].body


def test_a_list_is_made_from_spaces_roles_and_names(client, alliance):
    found = made(alliance, Access.LIST, S.DRAFT)
    people = [member(alliance) for _number in range(2)]
    PersonFactory(alliance=alliance)
    signed_in(client, alliance)
    client.post(address("list_add", found), {"everyone": "on"})
    assert set(Elector.objects.values_list("person", flat=True)) == {person.pk for person in people}
    with pytest.raises(ValidationError):
        electors.add_to_list(consultation=found, people=[member(AllianceFactory())], by=user_with(alliance))


# Languages


def test_every_text_is_written_side_by_side_right_to_left_too(client, alliance, agent):
    found = made(alliance, Access.OPEN, S.DRAFT)
    signed_in(client, alliance)
    client.post(address("languages", found), {"code": "ar", "name": ""})
    page = client.get(address("wordings", found, code="ar")).content.decode()
    assert 'dir="rtl"' in page
    option = Option.objects.first()
    texts = wordings.texts_of(found, "ar")
    for key in ("title", f"option:{option.uuid}:label"):
        assert key in {text.key for text in texts}
    data = {}
    for n, text in enumerate(texts):
        data |= {f"k{n}": text.key, f"t{n}": "السؤال" if text.key == "title" else ""}
    client.post(address("wordings", found, code="ar"), data)
    words = words_of(found, "ar")
    assert words.right_to_left
    assert words.title(found) == "السؤال"
    assert words.option(option) == option.label, "the original where it is missing"
    row = next(row for row in wordings.progress(found) if row.code == "ar")
    assert (row.done, row.missing) == (1, row.total - 1)


def test_the_words_of_the_page_itself_are_written_where_the_product_does_not_speak(alliance, agent, monkeypatch):
    found = made(alliance, Access.OPEN, S.DRAFT)
    monkeypatch.setattr(wordings.page_words, "known", lambda: {"send": "Envoyer"})
    wordings.add_language(consultation=found, code="es", name="Español", right_to_left=False, by=agent)
    wordings.write(consultation=found, language="es", texts={"ui:send": "Enviar", "ui:nothing": "x"}, by=agent)
    assert list(Wording.objects.values_list("key", "text")) == [("ui:send", "Enviar")]
    assert not any(text.key.startswith("ui:") for text in wordings.texts_of(found, "en"))


def test_the_words_of_the_ballot_page_are_listed(alliance, agent):
    found = made(alliance, Access.OPEN, S.DRAFT)
    wordings.add_language(consultation=found, code="es", name="", right_to_left=False, by=agent)
    keys = {text.key for text in wordings.texts_of(found, "es")}
    assert "ui:send_opinion" in keys
    assert wordings.progress(found)[-1].name == "Español"


def test_a_language_is_refused_with_a_sentence(alliance, agent):
    found = made(alliance, Access.OPEN, S.DRAFT)
    for code in ("fr", "x", "<script>"):
        with pytest.raises(ValidationError):
            wordings.add_language(consultation=found, code=code, name="x", right_to_left=False, by=agent)
    with pytest.raises(PermissionDenied):
        wordings.add_language(
            consultation=found, code="es", name="", right_to_left=False, by=user_with(alliance, Role.Kind.MEMBER)
        )


# About you


def test_each_question_about_you_says_its_purpose(client, alliance):
    found = made(alliance, Access.OPEN, S.DRAFT)
    signed_in(client, alliance)
    assert client.post(address("about", found), {"ask_age": "on", "purpose_age": ""}).status_code == 422
    client.post(
        address("about", found),
        {"ask_age": "on", "purpose_age": "Entendre chaque âge.", "ask_place": "on", "purpose_place": "Partout.",
         "places": "Rivière-aux-Saules\nLe Confluent"},
    )  # fmt: skip
    rows = list(found.about_questions.all())
    assert [row.kind for row in rows] == [About.AGE, About.PLACE]
    assert [choice["fr"] for choice in rows[1].choices] == ["Rivière-aux-Saules", "Le Confluent"]
    assert {"code", "fr", "en"} <= rows[0].choices[0].keys()


def test_many_questions_warn_that_someone_is_recognised(client, alliance):
    found = made(alliance, Access.OPEN, S.DRAFT)
    signed_in(client, alliance)
    data = {f"ask_{code}": "on" for code in ("age", "gender", "since", "disability")}
    data |= {f"purpose_{code}": "Entendre tout le monde." for code in ("age", "gender", "since", "disability")}
    page = client.post(address("about", found), data, follow=True).content.decode()
    assert "on pourrait reconnaître quelqu’un" in page


@pytest.mark.parametrize("kind", [code for code in About.values if code != About.PLACE])
def test_usual_choices_are_in_both_languages(kind):
    codes = [choice["code"] for choice in about.choices(kind)]
    assert len(codes) == len(set(codes)) >= 2
    assert all(choice["fr"] and choice["en"] for choice in about.choices(kind))


# What was done with it


@pytest.fixture
def published(alliance, agent):
    found = made(alliance, Access.OPEN, S.PUBLISHED, published_at=timezone.now())
    Result.objects.create(step=found.steps.get(), state="ready", ballots=40, computed_at=timezone.now())
    return found


def test_what_was_done_is_public_with_its_decisions_and_told_once(client, alliance, agent, published, now, mailoutbox):
    today = alliance.today()
    decision = Decision.objects.create(
        alliance=alliance, space=SpaceFactory(alliance=alliance), title="Une navette", state="closed", is_public=True,
        outcome="adopted", closed_at=now, rule="consensus", year=2026, number=1,
    )  # fmt: skip
    feedback.leave_address(consultation=published, email="Voisine@Exemple.test ", language="fr")
    feedback.leave_address(consultation=published, email="voisine@exemple.test", language="fr")
    feedback.leave_address(consultation=published, email="autre@exemple.test", language="fr")
    feedback.withdraw_address(consultation=published, email="AUTRE@exemple.test")
    assert [row.email for row in FollowAddress.objects.all()] == ["voisine@exemple.test"]
    feedback.write_feedback(
        consultation=published, text="La navette est lancée.", decisions=[decision], others=["Objectif 2.1"], by=agent,
        today=today, now=now,
    )  # fmt: skip
    page = client.get(published.get_absolute_url()).content.decode()
    for said in ("La navette est lancée.", "Une navette", "Objectif 2.1"):
        assert said in page
    assert feedback.send_feedback(consultation=published, by=agent, site=SITE) == 1
    published.refresh_from_db()
    assert feedback.write_to_followers(published, site=SITE) == 1
    assert not FollowAddress.objects.exists(), "deleted once told"
    assert [mail.to for mail in mailoutbox] == [["voisine@exemple.test"]]
    assert "La navette est lancée." in mailoutbox[0].body
    assert feedback.write_to_followers(published, site=SITE) == 0


@pytest.mark.parametrize(
    ("language", "title", "begins"), [("ar", "الأولويات", "Bonjour"), ("en", "", "Hello"), ("xx", "", "Bonjour")]
)
def test_it_is_told_by_the_title_that_the_person_read(
    alliance, agent, published, now, mailoutbox, language, title, begins
):
    Wording.objects.create(consultation=published, language="ar", key="title", text="الأولويات")
    feedback.leave_address(consultation=published, email="voisine@exemple.test", language=language)
    feedback.write_feedback(
        consultation=published, text="Fait.", decisions=[], others=[], by=agent, today=alliance.today(), now=now
    )
    assert feedback.write_to_followers(published, site=SITE) == 1
    (mail,) = mailoutbox
    assert mail.body.startswith(begins)
    assert mail.subject.endswith(title or published.title)
    assert (title or published.title) in mail.body


def test_the_message_itself_keeps_no_address(settings, alliance, agent, published, now, monkeypatch):
    from maillage.core import mail
    from maillage.core.jobs import run_waiting
    from maillage.core.models import MailMessage

    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "maillage.core.mail.Backend", {"host": "127.0.0.1"}
    monkeypatch.setattr(mail, "_transmit", lambda row: None)
    feedback.leave_address(consultation=published, email="voisine@exemple.test", language="fr")
    feedback.write_feedback(
        consultation=published, text="Fait.", decisions=[], others=[], by=agent, today=alliance.today(), now=now
    )
    assert feedback.write_to_followers(published, site=SITE) == 1
    assert MailMessage.objects.count() == 1
    run_waiting()
    assert not MailMessage.objects.exists()


def test_nothing_is_logged_of_an_address(alliance, published):
    before = AuditEntry.objects.count()
    feedback.leave_address(consultation=published, email="voisine@exemple.test", language="fr")
    feedback.withdraw_address(consultation=published, email="voisine@exemple.test")
    assert AuditEntry.objects.count() == before


def test_an_address_is_left_and_taken_back_from_the_page(client, published):
    url = address("follow", published)
    client.post(url, {"email": "voisine@exemple.test", "acte": "laisser"})
    assert FollowAddress.objects.count() == 1
    client.post(url, {"email": "voisine@exemple.test", "acte": "retirer"})
    assert not FollowAddress.objects.exists()
    assert client.post(url, {"email": "pas une adresse"}).status_code == 422


def test_the_team_is_reminded_while_feedback_is_missing(alliance, agent, published, now):
    def keys():
        return {row.key for row in waiting.of_the_team(alliance, agent, alliance.today())}

    assert f"consultation-feedback-{published.uuid}" in keys()
    feedback.write_feedback(
        consultation=published, text="Fait.", decisions=[], others=[], by=agent, today=alliance.today(), now=now
    )
    assert f"consultation-feedback-{published.uuid}" not in keys()
    assert not list(waiting.of_the_team(alliance, user_with(alliance, Role.Kind.MEMBER), alliance.today()))


def test_feedback_comes_after_the_results_and_from_the_team(alliance, agent, published, now):
    with pytest.raises(PermissionDenied):
        feedback.write_feedback(
            consultation=published, text="x", decisions=[], others=[], by=user_with(AllianceFactory()),
            today=alliance.today(), now=now,
        )  # fmt: skip
    early = made(alliance, Access.OPEN)
    with pytest.raises(ValidationError):
        feedback.write_feedback(
            consultation=early, text="x", decisions=[], others=[], by=agent, today=alliance.today(), now=now
        )


# What the others are given


def test_small_numbers_are_shown_nowhere(alliance, published):
    result = Result.objects.get()
    result.ballots, result.who = 40, {"channel": [["online", 37], ["paper", 3]]}
    result.save()
    assert giving.channels_of(result, 5) is None, "with the total, on line would tell paper"
    assert giving.shown_count(4, 5) is None
    table = next(iter(giving.section(alliance, None, alliance.today()))).blocks[1]
    assert table.rows[0][1] == 40
    assert set(table.rows[0][2:-1]) == {None}
    result.who = {"channel": [["online", None], ["paper", None]]}
    assert giving.channels_of(result, 5) is None, "kept already protected"
    result.who = {"channel": [["online", 30], ["paper", 10]]}
    result.save()
    table = next(iter(giving.section(alliance, None, alliance.today()))).blocks[1]
    assert 30 in table.rows[0]


def test_open_data_says_what_the_public_sees(alliance, published):
    made(alliance, Access.OPEN, S.DRAFT, title="Brouillon")
    export = next(iter(giving.open_tables(alliance, None, alliance.today())))
    rows = list(export.rows())
    assert [row[1] for row in rows] == [published.title]
    assert all(len(row) == len(export.header) for row in rows)


def test_the_memory_and_search_know_what_was_opened(alliance, agent, now):
    found = made(alliance, Access.OPEN, S.DRAFT, title="Une navette pour le rang")
    titles = [row.title for row in giving.opened_and_published(alliance, None, alliance.today())]
    assert not titles
    lifecycle.open_consultation(consultation=found, by=agent, now=now)
    # What is read of an alliance is kept on its object, for one request.
    later = type(alliance).objects.get(pk=alliance.pk)
    titles = [str(row.title) for row in giving.opened_and_published(later, None, alliance.today())]
    assert titles == ["Consultation ouverte\u00a0: Une navette pour le rang"]
    assert [row.title for row in indexing.rows()] == [found.title]


def test_erasing_a_person_keeps_their_code_and_never_touches_a_ballot(alliance, agent):
    found, people = listed(alliance, agent, 2)
    Helper.objects.create(consultation=found, person=people[0], help=Help.KIOSK)
    row = Elector.objects.get(person=people[0])
    answer(found, electors.list_code(found, row))
    feedback.leave_address(consultation=found, email=people[0].email, language="fr")
    told = personal.export(people[0])
    assert told["on_the_list_of"] == [found.title]
    assert "answered" not in json.dumps(told), "the file passes through other hands"
    assert personal.erase(people[0]) >= 3
    assert personal.export(people[0]) == {}
    assert Turnout.objects.count() == 1, "the ballot is counted, and cannot be found"
    assert Elector.objects.filter(consultation=found).count() == 2
    assert personal.erase(people[0]) == 0, "asked twice"


def test_an_address_without_person_is_found_and_erased(alliance, published):
    feedback.leave_address(consultation=published, email="voisine@exemple.test", language="fr")
    subject = next(iter(personal.find("Voisine@exemple.test")))
    assert personal.erase(subject) == 1
    assert not FollowAddress.objects.exists()


def test_names_leave_the_lists_two_years_after(alliance, agent):
    found, _people = listed(alliance, agent)
    Consultation.objects.filter(pk=found.pk).update(closed_at=timezone.now() - dt.timedelta(days=740))
    assert personal.purge(alliance.today()) == 3
    assert not Elector.objects.exclude(person=None).exists()


def test_two_files_on_one_person_become_one_and_back(alliance, agent):
    found, people = listed(alliance, agent, 1)
    kept = member(alliance)
    item = next(row for row in merge if row.model == "participation.elector")
    trace = item.apply(kept, people[0])
    assert Elector.objects.get(consultation=found).person == kept
    item.undo(kept, people[0], trace)
    assert Elector.objects.get(consultation=found).person == people[0]


def test_a_second_code_of_the_same_person_never_moves(alliance, agent):
    found, people = listed(alliance, agent, 2)
    item = next(row for row in merge if row.model == "participation.elector")
    assert item.apply(people[0], people[1]) == []
    assert Elector.objects.filter(consultation=found).count() == 2
    assert not CodeVoid.objects.exists()


def test_services_are_refused_to_whoever_only_helps(alliance):
    found = made(alliance, Access.OPEN, S.DRAFT)
    helper = member(alliance)
    Helper.objects.create(consultation=found, person=helper, help=Help.PAPER)
    with pytest.raises(PermissionDenied):
        services.update_consultation(consultation=found, changes={}, by=helper.user)


# Copying


def test_a_consultation_is_copied_into_a_sister_alliance_without_any_answer(client, alliance, agent):
    found = made(alliance, Access.CODES)
    codes(found, 3, by=agent, now=timezone.now())
    option = Option.objects.first()
    Wording.objects.create(consultation=found, language="en", key=f"option:{option.uuid}:label", text="First")
    sister = AllianceFactory(slug="soeur")
    signed_in(client, sister)
    assert "soeur" in client.get(found.get_absolute_url()).content.decode()
    client.post(address("consultation_copy", found), {"alliance": "soeur"})
    copy = Consultation.objects.get(alliance=sister)
    assert (copy.state, copy.title, copy.closes_at, copy.opened_at) == (S.DRAFT, found.title, None, None)
    assert copy.short != found.short
    held = copy.steps.get().options.first()
    assert held.number == 1
    assert words_of(copy, "en").option(held) == "First"
    assert not Elector.objects.filter(consultation=copy).exists()


def test_a_copy_takes_what_is_asked_and_its_rules_and_nothing_of_people(alliance, agent):
    found = made(alliance, Access.POSTAL, S.DRAFT, policy="Aucun nom.", moderation="after", postal_codes="J0K")
    AboutQuestion.objects.create(consultation=found, kind=About.AGE, purpose="Entendre chaque âge.")
    AboutQuestion.objects.create(consultation=found, kind=About.PLACE, purpose="Partout.", choices=[{"code": "a"}])
    opinions = StepFactory(consultation=found, kind="opinions", method="", counting="", state=Step.State.WAITING)
    seeds = {"added_by_participant": False, "state": "shown"}
    Statement.objects.create(step=opinions, number=1, text="Le bus passe trop peu.", **seeds)
    theirs = {**seeds, "added_by_participant": True}
    Statement.objects.create(step=opinions, number=2, text="Écrit par une personne.", **theirs)
    for row in opinions.statements.all():
        Wording.objects.create(
            consultation=found, language="en", key=f"statement:{row.uuid}", text=f"In English {row.number}"
        )
    asking = StepFactory(
        consultation=found, kind="questionnaire", method="", counting="", state=Step.State.WAITING, after=opinions
    )
    section = Section.objects.create(step=asking, title="Vos déplacements")
    first = Question.objects.create(section=section, kind="one", label="Prenez-vous le bus?", choices=[{"code": "a"}])
    Question.objects.create(section=section, kind="text", label="Où?", depends_on=first, depends_in=["a"], position=1)
    Helper.objects.create(consultation=found, person=member(alliance), help=Help.PAPER)
    sister = AllianceFactory(slug="soeur")
    RoleFactory(person=PersonFactory(alliance=sister, user=agent), kind=Role.Kind.AGENT)
    forget_roles(agent)
    copy = copying.copy_consultation(source=found, to=sister, by=agent)
    assert (copy.policy, copy.moderation, copy.postal_codes, copy.population) == ("Aucun nom.", "after", "", None)
    assert [row.kind for row in copy.about_questions.all()] == [About.AGE], "places are its own"
    _options, statements, questions = copy.steps.order_by("position")
    assert [row.text for row in statements.statements.all()] == ["Le bus passe trop peu."], "the alliance’s own only"
    assert [row.text for row in copy.wordings.all()] == ["In English 1"], "nor their words in another language"
    assert questions.after == statements
    asked = list(Question.objects.filter(section__step=questions).order_by("position"))
    assert [row.label for row in asked] == ["Prenez-vous le bus?", "Où?"]
    assert asked[1].depends_on == asked[0]
    assert not copy.helpers.exists()
    assert not Elector.objects.filter(consultation=copy).exists()
    acts = AuditEntry.objects.filter(action__startswith="participation.consultation_copied").order_by("pk")
    assert [row.alliance_id for row in acts] == [sister.pk, alliance.pk], "both logs say it"


def test_nobody_copies_into_an_alliance_they_do_not_steer(client, alliance):
    found = made(alliance, Access.OPEN)
    AllianceFactory(slug="soeur")
    signed_in(client, alliance)
    assert client.post(address("consultation_copy", found), {"alliance": "soeur"}).status_code == 403
    hidden = made(alliance, Access.OPEN, S.DRAFT)
    other = signed_in(client, AllianceFactory(slug="tierce"))
    assert other.post(address("consultation_copy", hidden), {"alliance": "tierce"}).status_code == 404
