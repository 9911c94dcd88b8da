"""What decisions give to the other rooms."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.actors.interests import services as interests
from maillage.concertation.decisions import personal, services
from maillage.concertation.models import Decision, Objection, Position
from maillage.core import contributions, search
from tests.concertation.decisions.world import SITE, TEXT, table
from tests.concertation.meetings.factories import ItemFactory
from tests.factories import ActorFactory, PersonFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def made(n=4, **fields):
    t = table(n)
    now = timezone.now()
    fields.setdefault("closes_at", now + 3 * DAY)
    row = services.create_decision(
        space=t.space, title="Un fonds d’aide", text=TEXT, by=t.agent, now=now, rule="majority", **fields
    )
    t.decision = services.open_decision(decision=row, by=t.agent, now=now, site=SITE)
    return t


def say(t, index, stand, why="Trop bas."):
    return services.take_position(
        decision=t.decision, key=(t.seats[index].pk, None), person=t.people[index], stand=stand, why=why,
        by=t.people[index].user, now=timezone.now(),
    )  # fmt: skip


def closed(t):
    t.decision = services.close_decision(decision=t.decision, by=t.agent, now=timezone.now(), site=SITE)
    t.decision = services.publish_decision(decision=t.decision, by=t.people[0].user, now=timezone.now())
    return t.decision


def todos(t, user):
    return {todo.key.partition("-")[0] for todo in contributions.todo.collect(t.alliance, user, t.alliance.today())} & {
        "position", "objection", "to", "confirm", "follow",
    }  # fmt: skip


def test_a_position_waits_for_each_who_has_not_answered():
    t = made()
    assert todos(t, t.people[0].user) == {"position"}
    say(t, 0, "agree")
    assert todos(t, t.people[0].user) == set()
    person = t.people[1]
    interests.withdraw(
        person=person, reference=t.decision.reference, reason="other", now=timezone.now(), by=person.user
    )
    assert todos(t, person.user) == set()
    assert todos(t, None) == set()


def test_objections_passed_deadlines_and_follow_ups_wait_for_the_agent():
    t = made()
    say(t, 0, "objection")
    assert todos(t, t.agent) == {"objection"}
    Decision.objects.filter(pk=t.decision.pk).update(closes_at=timezone.now() - 2 * DAY)
    assert todos(t, t.agent) == {"objection", "to"}
    assert todos(t, t.people[1].user) == set()
    t.decision.refresh_from_db()
    say_all = closed(t)
    Decision.objects.filter(pk=say_all.pk).update(follow_up_on=t.alliance.today())
    assert todos(t, t.agent) == {"follow"}


def test_what_is_published_is_in_the_memory_search_open_data_and_the_account():
    t = made()
    for index in range(3):
        say(t, index, "agree")
    say(t, 3, "objection", "Confidence gardée jusque-là.")
    today = t.alliance.today()

    def given():
        lines = [line.title for line in contributions.timeline.collect(t.alliance, None, today, limit=50)]
        tables = {table.name: list(table.rows()) for table in contributions.exports.collect(t.alliance, None, today)}
        sections = [section.key for section in contributions.report.collect(t.alliance, None, today)]
        found = search.find("fonds d’aide", alliance_id=t.alliance.pk, include_private=True)
        return any("Un fonds d’aide" in line for line in lines), len(tables["decisions"]), sections, found.total

    assert given()[:2] == (False, 0)
    assert "decisions" not in given()[2]
    assert given()[3] == 0
    closed(t)
    assert given()[:2] == (True, 1)
    assert "decisions" in given()[2]
    assert given()[3] == 1
    export = next(
        table for table in contributions.exports.collect(t.alliance, None, today) if table.name == "decisions"
    )
    assert all(len(row) == len(export.header) for row in export.rows())


def test_the_compass_reads_decisions_together_and_says_when_there_are_not_enough():
    t = made()
    say(t, 0, "agree")
    closed(t)
    found = {row.element: row for row in contributions.evidence.collect(t.alliance, None, t.alliance.today())}
    assert (found[5].value, found[7].value) == (None, None)
    assert "5" in found[5].note


def test_a_meeting_and_a_space_show_their_decisions_to_each():
    t = table(2)
    item = ItemFactory(meeting__space=t.space)
    now = timezone.now()
    row = services.create_decision(space=t.space, title="Un fonds", text=TEXT, by=t.agent, now=now, agenda_item=item)
    t.decision = services.open_decision(decision=row, by=t.agent, now=now, site=SITE, tell=False)

    def panels(page, subject, user):
        given = contributions.panels.collect(t.alliance, user, t.alliance.today(), page=page, subject=subject)
        return [panel for panel in given if panel.template.startswith("concertation/decisions")]

    (panel,) = panels("meeting", item.meeting, t.people[0].user)
    assert [line["decision"] for line in panel.context["lines"]] == [t.decision]
    assert panels("meeting", item.meeting, None) == panels("space", t.space, None) == []
    assert panels("space", t.space, t.agent)


def test_actors_and_persons_that_become_one_keep_what_was_said():
    t = made()
    say(t, 0, "agree")
    kept, absorbed = PersonFactory(alliance=t.alliance), t.people[0]
    mine = [merge for merge in contributions.merge if merge.model.startswith("concertation.")]
    persons = [merge for merge in mine if merge.model in {"concertation.position", "concertation.positioncomment"}]
    traces = [merge.apply(kept, absorbed) for merge in persons]
    assert Position.objects.get().person == kept
    for merge, trace in zip(persons, traces, strict=True):
        merge.undo(kept, absorbed, trace)
    assert Position.objects.get().person == absorbed
    actor, other = ActorFactory(alliance=t.alliance), ActorFactory(alliance=t.alliance)
    Decision.objects.update(presenter=other)
    (presenter,) = (merge for merge in mine if merge.model == "concertation.decision")
    trace = presenter.apply(actor, other)
    assert Decision.objects.get().presenter == actor
    presenter.undo(actor, other, trace)
    assert Decision.objects.get().presenter == other


def test_a_person_gets_what_they_said_and_may_be_forgotten():
    t = made()
    say(t, 0, "objection")
    given = personal.export(t.people[0])
    assert given["positions"][0]["why"] == "Trop bas."
    assert personal.export(t.people[1]) == {}
    assert personal.erase(t.people[0]) == 1
    # The actor's position stays: the table decides with it.
    assert (Position.objects.get().person, Objection.objects.get().state) == (None, "raised")
    assert t.room().result().objection == 1
