"""Rows for tests. ``signed_in(client, alliance, kind)`` gives a client that holds that role."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from maillage.accounts.models import User
from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Cycle, Person, Role, Stage
from maillage.concertation.models import Seat, Space
from maillage.territories.models import Territory


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"personne{n}@exemple.test")
    name = factory.Sequence(lambda n: f"Personne {n}")


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    kind = Territory.Kind.MRC
    name = factory.Sequence(lambda n: f"MRC fictive {n}")
    slug = factory.Sequence(lambda n: f"mrc-fictive-{n}")
    source = "Essai"


class AllianceFactory(DjangoModelFactory):
    class Meta:
        model = Alliance

    slug = factory.Sequence(lambda n: f"alliance-{n}")
    name = factory.Sequence(lambda n: f"Alliance pour la solidarité {n}")
    short_name = factory.Sequence(lambda n: f"MRC {n}")
    is_public = True


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    alliance = factory.SubFactory(AllianceFactory)
    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Personne {n}")


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    kind = Role.Kind.MEMBER
    since = dt.date(2024, 1, 1)


class CycleFactory(DjangoModelFactory):
    class Meta:
        model = Cycle

    alliance = factory.SubFactory(AllianceFactory)
    name = "2024-2029"
    since = dt.date(2024, 4, 1)


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    cycle = factory.SubFactory(CycleFactory)
    kind = Stage.Kind.PORTRAIT
    name = "Portrait du territoire"


class ActorFactory(DjangoModelFactory):
    class Meta:
        model = Actor

    alliance = factory.SubFactory(AllianceFactory)
    name = factory.Sequence(lambda n: f"Organisme {n}")


class SpaceFactory(DjangoModelFactory):
    class Meta:
        model = Space

    alliance = factory.SubFactory(AllianceFactory)
    name = factory.Sequence(lambda n: f"Table {n}")


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    space = factory.SubFactory(SpaceFactory)
    actor = factory.SubFactory(ActorFactory, alliance=factory.SelfAttribute("..space.alliance"))


def user_with(alliance: Alliance, kind: str = Role.Kind.AGENT, **dates: dt.date) -> User:
    """A user who holds this role in the alliance."""
    return RoleFactory(person__alliance=alliance, kind=kind, **dates).person.user


def signed_in(client, alliance: Alliance, kind: str = Role.Kind.AGENT, **dates: dt.date):
    """The client, signed in as a new user who holds this role."""
    client.force_login(user_with(alliance, kind, **dates), backend="django.contrib.auth.backends.ModelBackend")
    return client
