"""Rows of this part, for tests."""

from __future__ import annotations

import datetime as dt

from maillage.actors.models import Actor, Mandate, Tie
from maillage.alliances.models import Person
from tests.factories import ActorFactory, PersonFactory, RoleFactory


def a_tie(first: Actor, second: Actor, **values) -> Tie:
    """A tie that ``first`` told, in the order that the database wants."""
    low, high = sorted((first, second), key=lambda actor: actor.pk)
    values = {"kind": "project", "told_by": first} | values
    return Tie.objects.create(alliance=first.alliance, first=low, second=high, **values)


def speaker(actor: Actor, *, role: str = "member", **values) -> Person:
    """A person with a mandate for this actor, and an account that holds a role in the alliance."""
    person = PersonFactory(alliance=actor.alliance)
    Mandate.objects.create(actor=actor, person=person, **values)
    if role:
        RoleFactory(person=person, kind=role)
    return person


def contact(actor: Actor, email: str = "contact@exemple.test", **values) -> Person:
    """A contact person without an account."""
    person = PersonFactory(alliance=actor.alliance, user=None, email=email, **values)
    Mandate.objects.create(actor=actor, person=person, is_contact=True)
    return person


def two(alliance) -> tuple[Actor, Actor]:
    return (
        ActorFactory(alliance=alliance, name="Le Garde-manger", type="community"),
        ActorFactory(alliance=alliance, name="La Navette", type="social-economy"),
    )


TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
