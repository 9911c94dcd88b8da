"""Rows of this part's tests."""

from __future__ import annotations

import datetime as dt

from maillage.concertation.models import AgendaItem, Decision, DecisionConcern, Meeting, SeatHolder
from tests.factories import ActorFactory, RoleFactory, SeatFactory, SpaceFactory

NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)


def member_of(space, *, actor=None, part="holder", kind="member", user=True):
    """A person with a role who holds the seat of an actor in the space."""
    actor = actor or ActorFactory(alliance=space.alliance)
    seat = space.seats.filter(actor=actor).first() or SeatFactory(space=space, actor=actor)
    more = {} if user else {"person__user": None}
    person = RoleFactory(person__alliance=space.alliance, kind=kind, **more).person
    SeatHolder.objects.create(seat=seat, person=person, part=part)
    return person


def decision_in(space, **values):
    values = {"title": "Ouvrir une halte-chaleur", "state": Decision.State.OPEN, "opened_at": NOW, **values}
    return Decision.objects.create(alliance=space.alliance, space=space, **values)


def concerned(decision, actor, how="concerned", interest=True):
    return DecisionConcern.objects.create(decision=decision, actor=actor, how=how, interest=interest)


def item_in(space, **values):
    state = values.pop("meeting_state", Meeting.State.PLANNED)
    meeting = Meeting.objects.create(
        alliance=space.alliance, space=space, title="Rencontre", state=state,
        starts_at=NOW + dt.timedelta(days=3), ends_at=NOW + dt.timedelta(days=3, hours=2),
    )  # fmt: skip
    return AgendaItem.objects.create(**{"meeting": meeting, "title": "Halte-chaleur", "kind": "decision", **values})


def space_in(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")
