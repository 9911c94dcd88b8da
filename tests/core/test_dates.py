"""The same thing is not said twice for the same day, an unknown day being a day like another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from maillage.alliances.models import AllianceTerritory, Term
from maillage.concertation.models import Seat
from maillage.territories.models import TerritoryCode, TerritoryMembership
from tests.factories import ActorFactory, AllianceFactory, SpaceFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


def coverage():
    return AllianceTerritory, {"alliance": AllianceFactory(), "territory": TerritoryFactory()}


def code():
    return TerritoryCode, {"territory": TerritoryFactory(), "scheme": "mrc", "code": "930", "source": "Essai"}


def membership():
    return TerritoryMembership, {"child": TerritoryFactory(), "parent": TerritoryFactory(), "source": "Essai"}


def seat():
    alliance = AllianceFactory()
    return Seat, {"space": SpaceFactory(alliance=alliance), "actor": ActorFactory(alliance=alliance)}


def refused(model, values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**values)


@pytest.mark.parametrize("given", [coverage, code, membership, seat])
def test_a_dated_row_comes_once_for_each_day_and_once_for_an_unknown_day(given):
    model, values = given()
    days = [None, dt.date(2024, 4, 1), dt.date(2025, 4, 1)]
    for day in days:
        model.objects.create(**values, since=day)
    for day in days:
        refused(model, {**values, "since": day})


def test_a_word_comes_once_for_all_and_once_in_each_alliance():
    ours, theirs = AllianceFactory(), AllianceFactory()
    word = {"scheme": "essai", "code": "mot", "fr": "mot", "counts_as": "mot"}
    for alliance in (None, ours, theirs):
        Term.objects.create(**word, alliance=alliance)
    for alliance in (None, ours, theirs):
        refused(Term, {**word, "alliance": alliance})


def test_no_constraint_asks_for_what_one_of_the_databases_cannot_do():
    constraints = [constraint for model in apps.get_models() for constraint in model._meta.constraints]
    unique = [constraint for constraint in constraints if isinstance(constraint, models.UniqueConstraint)]
    assert unique
    assert not [constraint.name for constraint in unique if constraint.nulls_distinct is not None]
