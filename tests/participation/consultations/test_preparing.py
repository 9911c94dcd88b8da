"""Preparing a consultation: its words, its steps, its options; opening, closing, cancelling, publishing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from maillage.actors.models import Participation
from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.core.access import may
from maillage.core.models import AuditEntry, Document, Job
from maillage.participation.consultations import lifecycle, services, waiting
from maillage.participation.models import Consultation, Helper, Option, Result, Step
from maillage.participation.urn import services as urn
from maillage.participation.urn.errors import NotOpen
from maillage.participation.vocabulary import Help, Kind
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    RoleFactory,
    SpaceFactory,
    StageFactory,
    signed_in,
    user_with,
)
from tests.participation.factories import NOW, ConsultationFactory, OptionFactory, StepFactory

pytestmark = pytest.mark.django_db
S = Consultation.State
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def draft(alliance, agent, **values) -> Consultation:
    """Ready to open: a step of priorities with two options."""
    values.setdefault("closes_at", NOW + dt.timedelta(days=7))
    made = services.create_consultation(
        alliance=alliance, by=agent, title="Quels problèmes régler d’abord?", intro="Dites ce qui compte.",
        promise="Une réponse écrite en janvier.", decided_by="le comité", **values,
    )  # fmt: skip
    step = services.add_step(consultation=made, kind=Kind.PRIORITIES, method="grades", counting="judgment", by=agent)
    for label in ("Se loger", "Manger"):
        services.add_option(step=step, label=label, by=agent)
    return made


def address(name: str, found: Consultation, **more) -> str:
    return reverse(f"participation_in:{name}", kwargs={"slug": found.alliance.slug, "key": found.uuid, **more})


# Words, steps, options


def test_a_consultation_says_its_purpose_who_decides_and_what_is_promised(client, alliance, agent):
    signed_in(client, alliance)
    space = SpaceFactory(alliance=alliance, name="Comité de coordination")
    answer = client.post(
        reverse("participation_in:consultation_new", args=[alliance.slug]),
        {
            "title": "Que faire des samedis?", "intro": "Trois idées.", "purpose": "Choisir une activité.",
            "promise": "Le résultat est suivi.", "space": space.pk, "decided_on": "2027-01-15", "is_vote": "on",
            "closes_at": "2027-01-10T20:00", "one_page": "1", "moderation": "before", "kiosk_grace": "0",
            "threshold": "5", "language": "fr",
        },
    )  # fmt: skip
    made = Consultation.objects.get()
    assert answer.url == address("steps", made)
    assert (made.space, made.is_vote, made.state) == (space, True, S.DRAFT)
    assert made.closes_at == dt.datetime(2027, 1, 11, 1, tzinfo=dt.UTC), "eight in the evening, there"
    page = client.get(made.get_absolute_url()).content.decode()
    for said in ("Choisir une activité.", "Comité de coordination", "15\u00a0janvier 2027", "Le résultat est suivi."):
        assert said in page


def test_what_few_consultations_need_is_folded_until_it_says_something(client, alliance, agent):
    signed_in(client, alliance)

    def folded(address: str) -> set[str]:
        page = client.get(address).content.decode()
        return {
            name
            for part in re.findall(r'<details class="part">.*?</details>', page, re.S)
            for name in re.findall(r'name="(\w+)"', part)
        }

    new = folded(reverse("participation_in:consultation_new", args=[alliance.slug]))
    assert new == {"population", "population_source", "threshold", "policy", "moderation", "about", "evaluates",
                   "concerns"}  # fmt: skip
    made = draft(alliance, agent, policy="Une idée par phrase.", threshold=8)
    assert folded(address("consultation_edit", made)) == {"about", "evaluates", "concerns"}


def test_what_was_typed_stays_when_it_is_refused(client, alliance):
    signed_in(client, alliance)
    answer = client.post(
        reverse("participation_in:consultation_new", args=[alliance.slug]),
        {"title": "", "intro": "Un texte à garder.", "threshold": "2"},
    )
    assert answer.status_code == 422
    assert "Un texte à garder." in answer.content.decode()
    assert not Consultation.objects.exists()


def test_one_gives_an_opinion_where_it_advises_and_votes_only_where_it_decides(client, alliance, agent):
    opinion = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=timezone.now())
    page = client.get(opinion.get_absolute_url()).content.decode()
    assert "Donner mon avis" in page or "Donnez votre avis" in page
    assert "Voter" not in page
    Consultation.objects.filter(pk=opinion.pk).update(is_vote=True)
    # Pages are kept until the log says something new.
    AuditEntry.objects.create(action="participation.essai", model="x", object_id="1")
    page = client.get(opinion.get_absolute_url()).content.decode()
    assert "Voter" in page
    assert "Donner mon avis" not in page


def test_steps_are_added_ordered_and_taken_away(client, alliance, agent):
    found = draft(alliance, agent)
    signed_in(client, alliance)
    client.post(
        reverse("participation_in:step_new", args=[alliance.slug, found.uuid, "opinions"]), {"title": "Vos avis"}
    )
    first, second = found.steps.order_by("position")
    client.post(address("step_move", found, step=second.uuid), {"vers": "haut"})
    assert list(found.steps.order_by("position")) == [second, first]
    client.post(address("step_move", found, step=second.uuid), {"vers": "haut"})
    assert list(found.steps.order_by("position")) == [second, first], "already the first"
    client.post(address("step_remove", found, step=second.uuid))
    assert list(found.steps.all()) == [first]


@pytest.mark.parametrize(("method", "counting"), [("grades", "borda"), ("budget", "judgment"), ("", "")])
def test_a_rule_of_counting_suits_its_ballot(alliance, agent, method, counting):
    found = draft(alliance, agent)
    with pytest.raises(ValidationError):
        services.add_step(consultation=found, kind=Kind.PRIORITIES, method=method, counting=counting, by=agent)


def test_the_rule_is_explained_before_opening_and_fixed_after(client, alliance, agent):
    found = draft(alliance, agent)
    signed_in(client, alliance)
    assert "jugement majoritaire" in client.get(address("consultation_open", found)).content.decode()
    lifecycle.open_consultation(consultation=found, by=agent, now=NOW)
    step = found.steps.get()
    with pytest.raises(ValidationError):
        services.update_step(step=step, changes={"method": "ranking", "counting": "borda"}, by=agent)
    with pytest.raises(ValidationError):
        services.add_option(step=step, label="Une de plus", by=agent)
    with pytest.raises(ValidationError):
        services.update_option(option=step.options.first(), changes={"label": "Autre"}, by=agent)
    client.logout()
    page = client.get(found.get_absolute_url()).content.decode()
    assert "mention" in page, "the public reads how it is counted"


def test_a_picture_says_what_it_shows_and_follows_the_page(client, alliance, agent):
    found = draft(alliance, agent)
    step = found.steps.get()
    with pytest.raises(ValidationError) as refused:
        services.add_option(step=step, label="Parc", picture=(PNG, "parc.png", "image/png"), by=agent)
    assert "picture_alt" in refused.value.message_dict
    with pytest.raises(ValidationError):
        services.add_option(
            step=step, label="Parc", picture_alt="Un parc", picture=(b"<svg/>", "a.svg", "image/svg+xml"), by=agent
        )
    option = services.add_option(
        step=step, label="Parc", picture_alt="Un parc", picture=(PNG, "parc.png", "image/png"), by=agent
    )
    url = option.picture.get_absolute_url()
    assert client.get(url).status_code != 200, "nobody reads a draft"
    lifecycle.open_consultation(consultation=found, by=agent, now=timezone.now())
    shown = client.get(url)
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content) == PNG


def test_a_new_picture_takes_the_place_of_the_former(alliance, agent):
    found = draft(alliance, agent)
    option = services.add_option(
        step=found.steps.get(), label="Parc", picture_alt="Un parc", picture=(PNG, "a.png", "image/png"), by=agent
    )
    services.update_option(option=option, changes={}, picture=(PNG + b"1", "b.png", "image/png"), by=agent)
    assert Document.objects.count() == 1
    services.remove_option(option=option, by=agent)
    assert not Document.objects.exists()
    assert [row.number for row in found.steps.get().options.all()] == [1, 2]


def test_a_budget_says_its_envelope_and_every_cost(alliance, agent):
    found = services.create_consultation(
        alliance=alliance, by=agent, title="Budget", intro="…", promise="…", decided_by="le comité",
        closes_at=NOW + dt.timedelta(days=7),
    )  # fmt: skip
    step = services.add_step(
        consultation=found, kind=Kind.PRIORITIES, method="budget", counting="equal-shares", by=agent
    )
    for label in ("Banc", "Arbre"):
        services.add_option(step=step, label=label, by=agent)
    assert len(lifecycle.what_is_missing(found, NOW)) == 2
    services.update_step(step=step, changes={"envelope_cents": 100_00}, by=agent)
    Option.objects.update(cost_cents=500_00)
    assert lifecycle.what_is_missing(found, NOW), "it could pay for nothing"
    Option.objects.filter(number=1).update(cost_cents=50_00)
    assert not lifecycle.what_is_missing(found, NOW)


# Opening and closing


def test_nothing_opens_while_something_is_missing(client, alliance, agent):
    found = services.create_consultation(alliance=alliance, by=agent, title="Vide")
    with pytest.raises(ValidationError) as refused:
        lifecycle.open_consultation(consultation=found, by=agent, now=NOW)
    assert len(refused.value.messages) == 5
    signed_in(client, alliance)
    client.post(address("consultation_open", found))
    assert Consultation.objects.get().state == S.DRAFT


def test_opening_is_in_the_audit_log_and_the_public_one(alliance, agent):
    found = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=NOW)
    assert found.steps.get().state == Step.State.OPEN
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"participation.consultation_opened", "participation.step_opened"} <= actions
    assert ActInName.objects.get().kind == "consultation-opened"


def test_nothing_of_what_was_told_changes_alone_the_closing_included(alliance, agent):
    found = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=NOW)
    for changes in (
        {"closes_at": NOW + dt.timedelta(days=1)}, {"closes_at": NOW + dt.timedelta(days=20)}, {"closes_at": None},
        {"title": "Autre question"}, {"threshold": 50}, {"kiosk_grace": 600}, {"is_vote": True},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            services.update_consultation(consultation=found, changes=changes, by=agent)


def test_closing_on_time_asks_no_reason(alliance, agent):
    found = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=NOW)
    assert lifecycle.tick(NOW + dt.timedelta(days=6)) == 0
    assert lifecycle.tick(NOW + dt.timedelta(days=7) + lifecycle.SETTLE) > 0
    assert Consultation.objects.get().state == S.CLOSED
    assert lifecycle.tick(NOW + dt.timedelta(days=8)) == 0
    lifecycle.close_consultation(consultation=found, by=agent, now=NOW + dt.timedelta(days=8))
    assert Job.objects.filter(kind="participation.count").count() == 1


def test_two_people_cancel_and_it_stays_readable_with_its_reason(client, alliance, agent):
    found = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=timezone.now())
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    page = address("consultation_cancel", found)
    assert client.post(page, {"acte": "demander", "why": " "}).status_code == 422
    assert client.post(page).status_code == 302, "nobody asked yet"
    client.post(page, {"acte": "demander", "why": "Une option était fausse."})
    client.post(page, {"acte": "confirmer"})
    found.refresh_from_db()
    assert found.state == S.OPEN, "nobody stops it alone"
    assert "Une option était fausse." not in client.get(found.get_absolute_url()).content.decode()
    second = user_with(alliance, Role.Kind.MEMBER)
    Helper.objects.create(consultation=found, person=second.persons.get(), help=Help.PAPER, since=alliance.today())
    assert [row.key for row in waiting.of_the_second(alliance, second, alliance.today())] == [
        f"consultation-cancel-{found.uuid}"
    ]
    client.force_login(second, backend="django.contrib.auth.backends.ModelBackend")
    assert "Une option était fausse." in client.get(page).content.decode()
    assert client.post(page, {"acte": "demander", "why": "Moi aussi."}).status_code == 403
    client.post(page, {"acte": "confirmer"})
    found.refresh_from_db()
    assert (found.state, found.cancel_asked_by, found.cancelled_by) == (S.CANCELLED, agent, second)
    assert "Une option était fausse." in client.get(found.get_absolute_url()).content.decode()
    assert not Job.objects.filter(kind="participation.count").exists(), "its ballots are never counted"
    assert ActInName.objects.get(kind="consultation-cancelled").source == "Une option était fausse."
    assert lifecycle.tick(found.closes_at + dt.timedelta(days=9)) == 0


def test_results_wait_for_the_answer_to_whoever_asks_that_it_be_cancelled(alliance, agent, closed):
    second = user_with(alliance)
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    lifecycle.ask_cancel(consultation=closed, why="Une option était fausse.", by=agent, now=NOW)
    with pytest.raises(ValidationError):
        lifecycle.publish_results(consultation=closed, by=second, now=NOW)
    lifecycle.drop_cancel(consultation=closed, by=second, now=NOW)
    lifecycle.publish_results(consultation=closed, by=second, now=NOW)
    for call in (
        lambda: lifecycle.ask_cancel(consultation=closed, why="Trop tard.", by=agent, now=NOW),
        lambda: lifecycle.cancel_consultation(consultation=closed, by=second, now=NOW),
    ):
        with pytest.raises(ValidationError):
            call()


def test_a_ballot_that_came_just_before_the_hour_is_written_just_after_it(alliance, agent):
    found = lifecycle.open_consultation(consultation=draft(alliance, agent), by=agent, now=NOW)
    end, just = found.closes_at, dt.timedelta(milliseconds=1)

    def cast(now, nonce):
        return urn.cast(consultation=found, contents={found.steps.get(): "[6,1]"}, nonce=nonce * 16, now=now)

    assert lifecycle.tick(end + dt.timedelta(seconds=1)) == 0
    assert cast(end - just, "a").receipt
    with pytest.raises(NotOpen):
        cast(end, "b")
    lifecycle.tick(end + lifecycle.SETTLE)
    with pytest.raises(NotOpen):
        cast(end - just, "c")


def test_what_was_never_opened_is_thrown_away(client, alliance, agent):
    found = draft(alliance, agent)
    signed_in(client, alliance)
    client.post(address("consultation_cancel", found))
    assert not Consultation.objects.exists()
    assert AuditEntry.objects.filter(action="participation.consultation_deleted").exists()


# Publishing


@pytest.fixture
def closed(alliance):
    found = ConsultationFactory(alliance=alliance, state=S.CLOSED, opened_at=NOW, closed_at=NOW)
    step = StepFactory(consultation=found, state=Step.State.CLOSED)
    Result.objects.create(step=step, state=Result.State.READY, ballots=40, computed_at=NOW)
    return found


def test_two_people_publish(client, alliance, agent, closed):
    with pytest.raises(ValidationError):
        lifecycle.publish_results(consultation=closed, by=agent, now=NOW)
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    with pytest.raises(ValidationError):
        lifecycle.publish_results(consultation=closed, by=agent, now=NOW)
    second = user_with(alliance)
    lifecycle.publish_results(consultation=closed, by=second, now=NOW)
    closed.refresh_from_db()
    assert (closed.state, closed.publish_asked_by, closed.published_by) == (S.PUBLISHED, agent, second)
    assert ActInName.objects.get(kind="consultation-published")


def test_taking_part_is_recorded_at_the_stage_without_anyone_named(alliance, agent, closed):
    closed.stage = StageFactory(cycle__alliance=alliance)
    closed.save()
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    lifecycle.publish_results(consultation=closed, by=user_with(alliance), now=NOW)
    row = Participation.objects.get(reference=closed.reference)
    assert (row.stage, row.type, row.people, row.actor) == (closed.stage, "citizens", 40, None)


def test_a_small_number_is_not_recorded(alliance, agent, closed):
    closed.stage = StageFactory(cycle__alliance=alliance)
    closed.save()
    Result.objects.update(ballots=4)
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    lifecycle.publish_results(consultation=closed, by=user_with(alliance), now=NOW)
    assert not Participation.objects.exists()


def test_whoever_sits_where_it_is_decided_or_helps_may_be_the_second(client, alliance, agent, closed):
    space = SpaceFactory(alliance=alliance)
    closed.space = space
    closed.save()
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    member = user_with(alliance, Role.Kind.MEMBER)
    with pytest.raises(PermissionDenied):
        lifecycle.publish_results(consultation=closed, by=member, now=NOW)
    Helper.objects.create(
        consultation=closed, person=member.persons.get(), help=Help.PAPER, since=alliance.today() - dt.timedelta(days=1)
    )
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(address("consultation_publish", closed)).content.decode()
    Result.objects.update(withheld=True)
    assert address("results", closed) in page, "whoever confirms looks at the results first"
    assert client.get(address("results", closed)).status_code == 200
    lifecycle.drop_publication(consultation=closed, by=agent, now=NOW)
    assert client.get(address("results", closed)).status_code == 403, "asked no longer: those who prepare it only"
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    client.post(address("consultation_publish", closed), {"acte": "publier"})
    closed.refresh_from_db()
    assert closed.published_by == member


def test_results_not_counted_are_not_published(alliance, agent, closed, monkeypatch):
    monkeypatch.setattr(lifecycle, "not_counted", lambda consultation: list(consultation.steps.all()))
    with pytest.raises(ValidationError):
        lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)


def test_whoever_asked_takes_it_back(alliance, agent, closed):
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    lifecycle.drop_publication(consultation=closed, by=agent, now=NOW)
    closed.refresh_from_db()
    assert closed.publish_asked_by is None


# Who may see and do what


STATES = [S.DRAFT, S.OPEN, S.CLOSED, S.PUBLISHED, S.CANCELLED]


def in_state(alliance, state: str) -> Consultation:
    opened = None if state == S.DRAFT else NOW
    found = ConsultationFactory(
        alliance=alliance, state=state, opened_at=opened, cancelled_why="Erreur." if state == S.CANCELLED else ""
    )
    StepFactory(consultation=found, state=Step.State.OPEN if state == S.OPEN else Step.State.WAITING)
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reader", ["nobody", "member", "observer", "evaluator", "agent", "stranger"])
def test_the_page_for_each_reader_in_each_state(client, alliance, reader, state):
    found = in_state(alliance, state)
    kinds = {"member": Role.Kind.MEMBER, "observer": Role.Kind.OBSERVER, "agent": Role.Kind.AGENT}
    kinds["evaluator"] = getattr(Role.Kind, "EVALUATOR", Role.Kind.MEMBER)
    if reader == "stranger":
        signed_in(client, AllianceFactory())
    elif reader != "nobody":
        signed_in(client, alliance, kinds[reader])
    got = client.get(found.get_absolute_url()).status_code
    if reader == "agent":
        assert got == 200
    elif state == S.DRAFT:
        assert got == (302 if reader == "nobody" else 404)
    else:
        assert got == 200
    behind = client.get(address("steps", found)).status_code
    if reader == "agent":
        assert behind == 200
    elif reader == "nobody":
        assert behind == 302
    else:
        assert behind == (404 if state == S.DRAFT else 403)


ACTS = {
    "create": lambda found, by: services.create_consultation(alliance=found.alliance, by=by, title="x"),
    "update": lambda found, by: services.update_consultation(consultation=found, changes={}, by=by),
    "step": lambda found, by: services.add_step(consultation=found, kind="ideas", by=by),
    "open": lambda found, by: lifecycle.open_consultation(consultation=found, by=by, now=NOW),
    "close": lambda found, by: lifecycle.close_consultation(consultation=found, by=by, now=NOW),
    "ask to close": lambda found, by: lifecycle.ask_close(consultation=found, why="x", by=by, now=NOW),
    "ask to close later": lambda found, by: services.ask_extension(
        consultation=found, closes_at=NOW + dt.timedelta(days=90), why="x", by=by, now=NOW
    ),
    "ask to cancel": lambda found, by: lifecycle.ask_cancel(consultation=found, why="x", by=by, now=NOW),
    "cancel": lambda found, by: lifecycle.cancel_consultation(consultation=found, by=by, now=NOW),
    "keep": lambda found, by: lifecycle.drop_cancel(consultation=found, by=by, now=NOW),
    "ask": lambda found, by: lifecycle.ask_publication(consultation=found, by=by, now=NOW),
    "publish": lambda found, by: lifecycle.publish_results(consultation=found, by=by, now=NOW),
    "delete": lambda found, by: services.delete_consultation(consultation=found, by=by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["member", "stranger", "ended"])
def test_services_refuse_intruders(alliance, act, who):
    found = in_state(alliance, S.OPEN)
    if who == "ended":
        by = user_with(alliance, until=alliance.today() - dt.timedelta(days=1))
    else:
        by = user_with(AllianceFactory()) if who == "stranger" else user_with(alliance, Role.Kind.MEMBER)
    with pytest.raises(PermissionDenied):
        ACTS[act](found, by)


def test_an_agent_finds_nothing_of_another_alliance_under_their_own(client, alliance):
    found = in_state(AllianceFactory(), S.OPEN)
    signed_in(client, alliance)
    url = reverse("participation_in:steps", args=[alliance.slug, found.uuid])
    assert client.get(url).status_code == 404


def test_helpers_are_trusted_while_it_lasts(alliance, agent):
    found = in_state(alliance, S.OPEN)
    person = RoleFactory(person__alliance=alliance, kind=Role.Kind.MEMBER).person
    today = alliance.today()
    row = services.add_helper(
        consultation=found, person=person, help=Help.KIOSK, since=today - dt.timedelta(days=2), until=None, by=agent
    )
    assert may(person.user, "participation.help_kiosk", found)
    assert not may(person.user, "participation.moderate", found)
    services.end_helper(helper=row, on=today, by=agent)
    person.user.__dict__.pop("_maillage_roles", None)
    assert not may(person.user, "participation.help_kiosk", found)
    with pytest.raises(ValidationError):
        services.add_helper(
            consultation=found, person=PersonFactory(), help=Help.KIOSK, since=None, until=None, by=agent
        )


# The list


def test_open_ones_come_first_with_what_to_do(client, alliance, agent):
    over = ConsultationFactory(alliance=alliance, title="Finie", state=S.CLOSED, opened_at=NOW)
    hidden = ConsultationFactory(alliance=alliance, title="Brouillon", state=S.DRAFT)
    now = timezone.now()
    live = ConsultationFactory(
        alliance=alliance, title="Ouverte", opened_at=now, opens_at=now, closes_at=now + dt.timedelta(days=3)
    )
    StepFactory(consultation=live)
    url = reverse("participation_in:consultations", args=[alliance.slug])
    page = client.get(url).content.decode()
    assert page.index(live.title) < page.index(over.title)
    assert hidden.title not in page
    signed_in(client, alliance)
    assert hidden.title in client.get(url).content.decode()


def test_the_list_costs_the_same_for_one_and_for_fifty(client, alliance):
    url = reverse("participation_in:consultations", args=[alliance.slug])
    signed_in(client, alliance)
    space = SpaceFactory(alliance=alliance)

    def count(n: int) -> int:
        for _number in range(n):
            found = ConsultationFactory(alliance=alliance, opened_at=NOW, space=space)
            OptionFactory(step=StepFactory(consultation=found))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    count(1)
    assert count(1) == count(50)


def test_the_short_address_leads_to_the_page_and_a_draft_nowhere(client, alliance):
    live = ConsultationFactory(alliance=alliance, opened_at=NOW)
    url = reverse("participation:short", args=[live.short])
    assert client.get(url).status_code == 302
    assert str(live.uuid) in client.get(url).url
    assert client.get(url.replace(live.short, live.short.upper())).status_code == 302
    hidden = ConsultationFactory(alliance=alliance, state=S.DRAFT)
    assert client.get(reverse("participation:short", args=[hidden.short])).status_code == 404


def test_whoever_may_be_the_second_is_told_that_results_wait(alliance, agent, closed):
    lifecycle.ask_publication(consultation=closed, by=agent, now=NOW)
    helper = user_with(alliance, Role.Kind.MEMBER)
    today = alliance.today()

    def waits(user):
        return [row.key for row in waiting.of_the_second(alliance, user, today)]

    assert waits(helper) == []
    Helper.objects.create(consultation=closed, person=helper.persons.get(), help=Help.PAPER)
    assert waits(helper) == [f"consultation-publish-{closed.uuid}"]
    assert not [row for row in waiting.of_the_team(alliance, agent, today) if "publish" in row.key], "the agent asked"
    assert waits(None) == []


def test_the_menus_lead_there(alliance, agent):
    today = alliance.today()
    assert [row.area for row in waiting.navigation(alliance, None, today)] == ["public"]
    assert [row.area for row in waiting.navigation(alliance, agent, today)] == ["public", "workspace"]


def test_what_is_missing_in_a_step_is_said_in_one_way(alliance, agent):
    made = draft(alliance, agent)
    services.add_step(consultation=made, kind=Kind.OPINIONS, by=agent)
    made.steps.get(kind=Kind.PRIORITIES).options.all().delete()
    with translation.override("fr"):
        told = lifecycle.what_is_missing(made, NOW)
    assert "Priorités\u00a0: donnez au moins deux choix." in told
    assert any(line.startswith("Avis\u00a0: écrivez au moins 3 énoncés") for line in told)
