"""While people answer, nobody changes alone who may answer, what they are asked, or until when."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import asking, electors, lifecycle, services, waiting, wordings
from maillage.participation.models import Asked, Consultation, Elector, Helper, Option, Step, Wording
from maillage.participation.urn import services as urn
from maillage.participation.urn.errors import NotOpen
from maillage.participation.vocabulary import Access, Help
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, signed_in, user_with
from tests.participation.factories import NOW, ConsultationFactory, OptionFactory, StepFactory

pytestmark = pytest.mark.django_db
S, A = Consultation.State, Asked.State
BACKEND = "django.contrib.auth.backends.ModelBackend"


def made(alliance, state: str = S.OPEN, now: dt.datetime | None = None, **fields) -> Consultation:
    now = now or timezone.now()
    fields.setdefault("closes_at", now + dt.timedelta(days=7))
    found = ConsultationFactory(
        alliance=alliance, state=state, opened_at=None if state == S.DRAFT else now,
        opens_at=now - dt.timedelta(days=1), cancelled_why="Erreur." if state == S.CANCELLED else "", **fields,
    )  # fmt: skip
    states = {S.OPEN: Step.State.OPEN, S.DRAFT: Step.State.WAITING}
    OptionFactory.create_batch(3, step=StepFactory(consultation=found, state=states.get(state, Step.State.CLOSED)))
    return found


def address(name: str, found: Consultation, **more) -> str:
    return reverse(f"participation_in:{name}", kwargs={"slug": found.alliance.slug, "key": found.uuid, **more})


def option_of(found: Consultation) -> Option:
    option = Option.objects.select_related("step__consultation").filter(step__consultation=found).first()
    option.step.consultation = found
    return option


def person(alliance):
    made_one = PersonFactory(alliance=alliance)
    made_one.email = f"p{made_one.pk}@exemple.test"
    made_one.save()
    return made_one


ASKS = {
    "withdraw": lambda found, by, now: services.ask_withdrawal(option=option_of(found), why="Vendu.", by=by, now=now),
    "close": lambda found, by, now: lifecycle.ask_close(consultation=found, why="Vendu.", by=by, now=now),
    "extend": lambda found, by, now: services.ask_extension(
        consultation=found, closes_at=now + dt.timedelta(days=30), why="Vendu.", by=by, now=now
    ),
    "codes": lambda found, by, now: electors.ask_codes(
        consultation=found, count=5, label="Biblio", why="Vendu.", by=by, now=now
    ),
    "list": lambda found, by, now: electors.ask_list(
        consultation=found, people=[person(found.alliance)], why="Vendu.", by=by, now=now
    ),
    "words": lambda found, by, now: wordings.ask_write(
        consultation=found, language="en", texts={"title": "What first?"}, why="Vendu.", by=by, now=now
    ),
}  # fmt: skip
ACCESS = {"codes": Access.CODES, "list": Access.LIST}
TOLD = {
    "withdraw": "option-withdrawn", "close": "consultation-closed", "extend": "consultation-extended",
    "list": "list-changed", "words": "words-written",
}  # fmt: skip


def asked(kind: str, alliance, agent, now: dt.datetime | None = None) -> tuple[Consultation, Asked]:
    now = now or timezone.now()
    found = made(alliance, now=now, access=ACCESS.get(kind, Access.OPEN))
    return found, ASKS[kind](found, agent, now)


def as_it_is(found: Consultation) -> tuple:
    """Everything that bears on the vote."""
    fresh = Consultation.objects.get(pk=found.pk)
    return (
        fresh.state, fresh.closes_at, Elector.objects.count(), Wording.objects.count(),
        Option.objects.filter(withdrawn_at=None).count(), fresh.closed_why,
    )  # fmt: skip


# Asked, then confirmed


@pytest.mark.parametrize("kind", ASKS)
def test_asked_nothing_changes_and_nobody_confirms_what_they_asked(alliance, agent, kind):
    found, row = asked(kind, alliance, agent)
    before = as_it_is(found)
    assert (row.state, row.asked_by, row.confirmed_by) == (A.WAITING, agent, None)
    with pytest.raises(ValidationError):
        asking.confirm(asked=row, by=agent, now=timezone.now())
    row.refresh_from_db()
    assert row.state == A.WAITING
    assert as_it_is(found) == before
    assert not ActInName.objects.exists(), "the public log says what is done"
    assert AuditEntry.objects.filter(action="participation.act_asked").count() == 1


@pytest.mark.parametrize("kind", ASKS)
def test_the_second_person_confirms_and_it_is_done_once(alliance, agent, kind):
    found, row = asked(kind, alliance, agent)
    second = user_with(alliance)
    before = as_it_is(found)
    asking.confirm(asked=row, by=second, now=timezone.now())
    asking.confirm(asked=row, by=user_with(alliance), now=timezone.now())
    row.refresh_from_db()
    assert row.confirmed_by == second
    if kind == "codes":
        assert (row.state, as_it_is(found)) == (A.AGREED, before), "they are still to be made"
        return
    assert row.state == A.DONE
    assert as_it_is(found) != before
    line = ActInName.objects.get()
    assert (line.kind, line.source) == (TOLD[kind], "Vendu.")


@pytest.mark.parametrize("who", ["asker", "second"])
@pytest.mark.parametrize("kind", ASKS)
def test_either_of_the_two_drops_it_and_it_may_be_asked_again(alliance, agent, kind, who):
    found, row = asked(kind, alliance, agent)
    before = as_it_is(found)
    asking.drop(asked=row, by=agent if who == "asker" else user_with(alliance), now=timezone.now())
    row.refresh_from_db()
    assert row.state == A.DROPPED
    assert as_it_is(found) == before
    with pytest.raises(ValidationError):
        asking.confirm(asked=row, by=user_with(alliance), now=timezone.now())
    again = ASKS[kind](found, agent, timezone.now())
    assert again.state == A.WAITING
    with pytest.raises(ValidationError):
        ASKS[kind](found, agent, timezone.now()) if kind != "list" else asking.ask(
            consultation=found, kind=Asked.Kind.LIST, why="x", by=agent, now=timezone.now()
        )


@pytest.mark.parametrize("kind", ASKS)
def test_what_nobody_confirmed_before_the_closing_falls_and_its_page_says_so(client, alliance, agent, kind):
    found, row = asked(kind, alliance, agent)
    options = Option.objects.filter(withdrawn_at=None).count()
    lifecycle.tick(found.closes_at + lifecycle.SETTLE)
    row.refresh_from_db()
    assert row.state == A.LAPSED
    with pytest.raises(ValidationError):
        asking.confirm(asked=row, by=user_with(alliance), now=found.closes_at)
    assert Option.objects.filter(withdrawn_at=None).count() == options
    assert Consultation.objects.get().closed_why == ""
    assert "people" not in row.given, "who was to be added is kept nowhere"
    signed_in(client, alliance)
    assert "Tombée" in client.get(address("asked", found)).content.decode()


def test_codes_agreed_on_and_not_made_before_the_closing_fall_too(alliance, agent):
    found, row = asked("codes", alliance, agent)
    row = asking.confirm(asked=row, by=user_with(alliance), now=timezone.now())
    lifecycle.tick(found.closes_at + lifecycle.SETTLE)
    with pytest.raises(ValidationError):
        electors.print_agreed(asked=row, by=agent, now=found.closes_at)
    assert not Elector.objects.exists()


def test_the_withdrawal_falls_with_its_own_step_though_the_consultation_goes_on(alliance, agent):
    found, row = asked("withdraw", alliance, agent)
    later = StepFactory(consultation=found, state=Step.State.WAITING)
    step = option_of(found).step
    lifecycle.close_step(step=step, now=timezone.now())
    row.refresh_from_db()
    assert row.state == A.LAPSED
    with pytest.raises(ValidationError):
        ASKS["withdraw"](found, agent, timezone.now())
    option = OptionFactory(step=later)
    assert services.ask_withdrawal(option=option, why="Vendu.", by=agent, now=timezone.now()), "one still to come"


def test_between_the_hour_and_the_closing_nothing_is_asked_nor_confirmed(alliance, agent):
    found, row = asked("withdraw", alliance, agent)
    extended = ASKS["extend"](found, agent, timezone.now())
    for one in (row, extended):
        with pytest.raises(ValidationError):
            asking.confirm(asked=one, by=user_with(alliance), now=found.closes_at)
    with pytest.raises(ValidationError):
        ASKS["withdraw"](found, agent, found.closes_at)
    assert as_it_is(found)[4] == 3


def test_cancelled_nothing_waits_any_more(alliance, agent):
    found, row = asked("withdraw", alliance, agent)
    lifecycle.ask_cancel(consultation=found, why="Erreur.", by=agent, now=timezone.now())
    lifecycle.cancel_consultation(consultation=found, by=user_with(alliance), now=timezone.now())
    row.refresh_from_db()
    assert row.state == A.LAPSED


# Who


STATES = [S.DRAFT, S.OPEN, S.CLOSED, S.PUBLISHED, S.CANCELLED]
ROLES = ["agent", "second agent", "helper", "member", "observer", "stranger", "ended"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_who_asks_and_who_confirms_in_each_state(alliance, agent, role, state):
    found = made(alliance, state)
    row = Asked.objects.create(
        consultation=found, kind=Asked.Kind.EXTEND, why="Neige.", asked_by=agent, asked_at=timezone.now(),
        given={"closes_at": (found.closes_at + dt.timedelta(days=3)).isoformat()},
    )  # fmt: skip
    by = {
        "agent": lambda: agent, "second agent": lambda: user_with(alliance),
        "helper": lambda: user_with(alliance, "member"), "member": lambda: user_with(alliance, "member"),
        "observer": lambda: user_with(alliance, Role.Kind.OBSERVER), "stranger": lambda: user_with(AllianceFactory()),
        "ended": lambda: user_with(alliance, until=alliance.today() - dt.timedelta(days=1)),
    }[role]()  # fmt: skip
    if role == "helper":
        Helper.objects.create(consultation=found, person=by.persons.get(), help=Help.KIOSK, since=alliance.today())

    def outcome(call) -> str:
        try:
            call()
        except PermissionDenied:
            return "forbidden"
        except ValidationError:
            return "refused"
        return "done"

    now = timezone.now()
    open_now = state == S.OPEN
    team = role in {"agent", "second agent"}
    for kind in ("withdraw", "close"):
        expected = "forbidden" if not team else "done" if open_now else "refused"
        assert outcome(lambda kind=kind: ASKS[kind](found, by, now)) == expected, kind
    expected = "forbidden" if role not in {"agent", "second agent", "helper"} else "refused"
    if open_now and role in {"second agent", "helper"}:
        expected = "done"
    assert outcome(lambda: asking.confirm(asked=row, by=by, now=now)) == expected
    expected = "done" if role in {"agent", "second agent", "helper"} else "forbidden"
    assert outcome(lambda: asking.drop(asked=row, by=by, now=now)) == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reader", ["nobody", "member", "observer", "stranger", "helper", "agent"])
def test_the_page_of_what_waits_for_each_reader_in_each_state(client, alliance, reader, state):
    found = made(alliance, state)
    if reader == "stranger":
        signed_in(client, AllianceFactory())
    elif reader == "helper":
        by = user_with(alliance, Role.Kind.MEMBER)
        Helper.objects.create(consultation=found, person=by.persons.get(), help=Help.KIOSK, since=alliance.today())
        client.force_login(by, backend=BACKEND)
    elif reader != "nobody":
        kinds = {"member": Role.Kind.MEMBER, "observer": Role.Kind.OBSERVER, "agent": Role.Kind.AGENT}
        signed_in(client, alliance, kinds[reader])
    got = client.get(address("asked", found)).status_code
    if reader in {"agent", "helper"}:
        assert got == 200
    elif reader == "nobody":
        assert got == 302
    else:
        assert got == (404 if state == S.DRAFT else 403)


def test_what_is_asked_of_another_consultation_is_not_found(client, alliance, agent):
    _found, row = asked("close", alliance, agent)
    other = made(alliance)
    signed_in(client, alliance)
    assert client.post(address("asked_answer", other, asked=row.uuid), {"acte": "confirmer"}).status_code == 404
    assert client.get(address("asked_answer", other, asked=row.uuid)).status_code == 405


# By the pages


def test_an_option_is_withdrawn_by_two_and_nobody_reads_that_it_was_asked(client, alliance, agent):
    found = made(alliance)
    option = option_of(found)
    number = option.number
    client.force_login(agent, backend=BACKEND)
    url = address("option_withdraw", found, option=option.uuid)
    assert client.post(url, {"why": " "}).status_code == 422
    answer = client.post(url, {"why": "Le terrain est vendu."})
    assert answer.url == address("asked", found)
    page = client.get(answer.url).content.decode()
    assert option.label in page
    assert "Le terrain est vendu." in page
    assert "Confirmer" not in page, "nobody confirms what they asked"
    assert "Le terrain est vendu." in client.get(address("option_edit", found, option=option.uuid)).content.decode()
    assert "Retrait demandé" in client.get(address("step_edit", found, step=option.step.uuid)).content.decode()
    client.logout()
    for public in (found.get_absolute_url(), address("ballot", found)):
        page = client.get(public).content.decode()
        assert option.label in page
        assert "Le terrain est vendu." not in page
        assert "<s>" not in page
        assert "etir" not in page.split("<main")[1]
    urn.cast(consultation=found, contents={option.step: "[6,1,2]"}, nonce="a" * 16, now=timezone.now())
    signed_in(client, alliance)
    row = Asked.objects.get()
    assert "Confirmer" in client.get(address("asked", found)).content.decode()
    client.post(address("asked_answer", found, asked=row.uuid), {"acte": "confirmer"})
    option.refresh_from_db()
    assert (option.withdrawn_why, option.number) == ("Le terrain est vendu.", number)
    client.logout()
    for public in (found.get_absolute_url(), address("ballot", found)):
        page = client.get(public).content.decode()
        assert "Le terrain est vendu." in page
        assert option.label in page


def test_it_closes_before_its_hour_by_two(client, alliance, agent):
    found = made(alliance)
    client.force_login(agent, backend=BACKEND)
    assert client.post(address("consultation_close", found), {"why": ""}).status_code == 422
    with pytest.raises(ValidationError):
        lifecycle.close_consultation(consultation=found, by=agent, now=timezone.now())
    answer = client.post(address("consultation_close", found), {"why": "Inondation : salle fermée."})
    assert answer.url == address("asked", found)
    row = Asked.objects.get()
    client.post(address("asked_answer", found, asked=row.uuid), {"acte": "confirmer"})
    found.refresh_from_db()
    assert found.state == S.OPEN, "nobody closes it alone"
    assert "Inondation" not in client.get(found.get_absolute_url()).content.decode()
    assert "Inondation" in client.get(address("consultation_close", found)).content.decode()
    helper = user_with(alliance, Role.Kind.MEMBER)
    Helper.objects.create(consultation=found, person=helper.persons.get(), help=Help.PAPER, since=alliance.today())
    client.force_login(helper, backend=BACKEND)
    client.post(address("asked_answer", found, asked=row.uuid), {"acte": "confirmer"})
    found.refresh_from_db()
    assert (found.state, found.closed_why) == (S.CLOSED, "Inondation : salle fermée.")
    assert "Inondation" in client.get(found.get_absolute_url()).content.decode()
    assert Job.objects.filter(kind="participation.count").count() == 1
    with pytest.raises(NotOpen):
        urn.cast(consultation=found, contents={found.steps.get(): "[6,1,2]"}, nonce="a" * 16, now=timezone.now())


@pytest.mark.parametrize("minutes", [0, 30])
def test_past_its_hour_one_person_closes_it_once_kiosks_have_had_their_time(alliance, agent, minutes):
    found = made(alliance, now=NOW, kiosk_grace=minutes)
    end = found.closes_at + dt.timedelta(minutes=minutes) + lifecycle.SETTLE
    with pytest.raises(ValidationError):
        lifecycle.close_consultation(consultation=found, by=agent, now=end - dt.timedelta(seconds=1))
    with pytest.raises(ValidationError):
        lifecycle.ask_close(consultation=found, why="Trop tard.", by=agent, now=end)
    closed = lifecycle.close_consultation(consultation=found, by=agent, now=end)
    assert (closed.state, closed.closed_why) == (S.CLOSED, "")


def test_it_closes_later_by_two_and_never_sooner(client, alliance, agent):
    found = made(alliance)
    client.force_login(agent, backend=BACKEND)
    page = address("consultation_extend", found)
    for day in ("2020-01-01T10:00", ""):
        assert client.post(page, {"closes_at": day, "why": "Neige."}).status_code == 422
    former = found.closes_at
    later = (former + dt.timedelta(days=5)).astimezone(alliance.zone).replace(second=0, microsecond=0)
    assert client.post(page, {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "why": " "}).status_code == 422
    client.post(page, {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "why": "Tempête de neige."})
    found.refresh_from_db()
    assert found.closes_at == former
    assert "closes_at" not in client.get(address("consultation_edit", found)).content.decode(), "there either"
    assert "Tempête de neige." in client.get(page).content.decode()
    signed_in(client, alliance)
    client.post(address("asked_answer", found, asked=Asked.objects.get().uuid), {"acte": "confirmer"})
    found.refresh_from_db()
    assert found.closes_at == later
    assert ActInName.objects.get(kind="consultation-extended").source == "Tempête de neige."


def test_codes_are_made_while_people_answer_once_two_people_agree(client, alliance, agent):
    found = made(alliance, access=Access.CODES)
    with pytest.raises(ValidationError):
        electors.print_codes(consultation=found, count=500, label="A", by=agent, now=timezone.now())
    client.force_login(agent, backend=BACKEND)
    url = address("codes_print", found)
    assert client.post(url, {"label": "Maison des familles", "count": "500", "form": "csv"}).status_code == 422
    client.post(url, {"label": "Maison des familles", "count": "500", "why": "Une salle de plus."})
    row = Asked.objects.get()
    made_url = address("codes_agreed", found, asked=row.uuid)
    assert client.post(made_url, {"form": "csv"}).status_code == 302
    assert not Elector.objects.exists()
    client.force_login(user_with(alliance), backend=BACKEND)
    page = client.get(address("asked", found)).content.decode()
    assert "500 codes" in page
    assert "Une salle de plus." in page
    client.post(address("asked_answer", found, asked=row.uuid), {"acte": "confirmer"})
    client.force_login(agent, backend=BACKEND)
    assert "500 codes" in client.get(address("access", found)).content.decode()
    got = client.post(made_url, {"form": "csv"})
    assert "no-store" in got["Cache-Control"]
    assert len(list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))) == 501
    assert client.post(made_url, {"form": "csv"}).status_code == 302, "once"
    assert Elector.objects.count() == 500
    line = ActInName.objects.get(kind="codes-printed")
    assert "500 codes" in line.label
    assert line.source == "Maison des familles · Une salle de plus."


def test_people_are_added_to_the_list_while_others_answer_by_two(client, alliance, agent):
    found = made(alliance, access=Access.LIST)
    wanted = person(alliance)
    RoleFactory(person=wanted, kind=Role.Kind.MEMBER)
    with pytest.raises(ValidationError):
        electors.add_to_list(consultation=found, people=[wanted], by=agent)
    client.force_login(agent, backend=BACKEND)
    assert client.post(address("list_add", found), {"people": [wanted.pk]}).status_code == 422, "it says why"
    client.post(address("list_add", found), {"people": [wanted.pk], "why": "Oubliée."})
    row = Asked.objects.get()
    assert not Elector.objects.exists()
    signed_in(client, alliance)
    assert wanted.name in client.get(address("asked", found)).content.decode(), "the second person sees who"
    client.post(address("asked_answer", found, asked=row.uuid), {"acte": "confirmer"})
    assert Elector.objects.get().person == wanted
    row.refresh_from_db()
    assert row.given == {"count": 1}
    assert wanted.name not in client.get(address("asked", found)).content.decode()
    stored = json.dumps(list(ActInName.objects.values("label", "source")))
    assert wanted.name not in stored


def test_who_was_erased_meanwhile_is_not_added(alliance, agent):
    found = made(alliance, access=Access.LIST)
    people = [person(alliance) for _number in range(2)]
    row = electors.ask_list(consultation=found, people=people, why="Oubliées.", by=agent, now=timezone.now())
    people[0].erased_at = timezone.now()
    people[0].save()
    asking.confirm(asked=row, by=user_with(alliance), now=timezone.now())
    assert [elector.person for elector in Elector.objects.all()] == [people[1]]


def test_what_people_read_in_another_language_changes_by_two(client, alliance, agent):
    found = made(alliance)
    option = option_of(found)
    key = f"option:{option.uuid}:label"
    Wording.objects.create(consultation=found, language="en", key=key, text="Housing")
    with pytest.raises(ValidationError):
        wordings.write(consultation=found, language="en", texts={key: "Do not choose this"}, by=agent)
    client.force_login(agent, backend=BACKEND)
    url = address("wordings", found, code="en")
    typed = {"k0": key, "t0": "A home", "k1": "title", "t1": "What comes first?"}
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "What comes first?" in refused.content.decode(), "what was typed stays"
    client.post(url, {**typed, "why": "Plus simple."})
    assert Wording.objects.get().text == "Housing"
    assert client.post(url, {**typed, "why": "Encore."}).status_code == 200, "one at a time"
    signed_in(client, alliance)
    page = client.get(address("asked", found)).content.decode()
    for said in ("Housing", "A home", option.label, "What comes first?"):
        assert said in page
    client.post(address("asked_answer", found, asked=Asked.objects.get().uuid), {"acte": "confirmer"})
    assert set(Wording.objects.values_list("text", flat=True)) == {"A home", "What comes first?"}
    assert ActInName.objects.get(kind="words-written").label.endswith("2")


def test_a_helper_named_while_it_goes_on_is_in_the_public_log_without_name(alliance, agent):
    found = made(alliance, S.DRAFT)
    named = {"since": None, "until": None, "by": agent, "now": timezone.now()}
    services.add_helper(consultation=found, person=PersonFactory(alliance=alliance), help=Help.PAPER, **named)
    assert not ActInName.objects.exists()
    Consultation.objects.update(state=S.OPEN)
    helper = PersonFactory(alliance=alliance)
    services.add_helper(consultation=found, person=helper, help=Help.KIOSK, **named)
    line = ActInName.objects.get()
    assert line.kind == "helper-named"
    assert helper.name not in line.label + line.source


# What waits


def test_it_waits_on_the_page_of_whoever_may_confirm_never_of_who_asked(alliance, agent):
    found, row = asked("close", alliance, agent)
    helper, second, member = user_with(alliance, Role.Kind.MEMBER), user_with(alliance), user_with(alliance, "member")
    Helper.objects.create(consultation=found, person=helper.persons.get(), help=Help.PAPER, since=alliance.today())

    def keys(user) -> list[str]:
        return [row.key for row in waiting.of_the_second(alliance, user, alliance.today())]

    expected = [f"consultation-asked-{row.uuid}"]
    assert (keys(helper), keys(second), keys(agent), keys(member)) == (expected, expected, [], [])
    asking.confirm(asked=row, by=second, now=timezone.now())
    assert keys(helper) == []


def test_codes_agreed_on_wait_for_the_team(alliance, agent):
    found, row = asked("codes", alliance, agent)
    asking.confirm(asked=row, by=user_with(alliance), now=timezone.now())
    todo = waiting.of_the_second(alliance, agent, alliance.today())
    assert [item.url for item in todo] == [address("access", found)]


def test_the_page_costs_the_same_for_one_and_for_many(client, alliance, agent):
    found = made(alliance)
    signed_in(client, alliance)

    def count(n: int) -> int:
        for _number in range(n):
            Asked.objects.create(
                consultation=found, kind=Asked.Kind.CLOSE, why="x", asked_by=agent, asked_at=NOW, state=A.DROPPED,
                ended_at=NOW,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("asked", found)).status_code == 200
        return len(queries)

    count(1)
    assert count(1) == count(20)
