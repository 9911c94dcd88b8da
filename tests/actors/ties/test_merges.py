"""Two actors become one: their ties, replies, what they bring and their participations; and back, exactly."""

from __future__ import annotations

import datetime as dt

import pytest

from maillage.actors.merging import merge_actors, undo_merge
from maillage.actors.models import Actor, CampaignReply, Mandate, Offering, Participation, Tie, TieCampaign
from maillage.actors.ties import selectors
from maillage.core import contributions, search
from tests.actors.ties.factories import TODAY, a_tie
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, user_with

pytestmark = pytest.mark.django_db
MODELS = (Tie, CampaignReply, Offering, Participation)


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in MODELS}


@pytest.fixture
def alliance():
    return AllianceFactory()


def test_what_the_absorbed_actor_had_goes_to_the_kept_one_and_comes_back_exactly(alliance):
    agent = user_with(alliance)
    other, kept, absorbed, third = (ActorFactory(alliance=alliance, name=name) for name in "ABCD")
    moved = a_tie(absorbed, third, answer="confirmed")
    alike = a_tie(absorbed, other)
    own = a_tie(kept, other)
    ended = a_tie(absorbed, other, kind="funding", until=dt.date(2025, 1, 1))
    between = a_tie(kept, absorbed, kind="premises")
    campaign = TieCampaign.objects.create(alliance=alliance, name="L", opens_on=TODAY, closes_on=TODAY)
    CampaignReply.objects.create(campaign=campaign, actor=absorbed)
    for actor in (kept, absorbed):
        Offering.objects.create(actor=actor, kind="time", text="Deux soirs")
        Participation.objects.create(alliance=alliance, on=TODAY, actor=actor, type="community", reference="a.b:1")
    Offering.objects.create(actor=absorbed, kind="money", text="Un don")
    Participation.objects.create(alliance=alliance, on=TODAY, actor=absorbed, type="community", reference="a.b:2")
    search.rebuild()
    before = everything()
    merge = merge_actors(kept=kept, absorbed=absorbed, by=agent)
    lines = selectors.ties_at(alliance, TODAY)
    assert {line.pk for line in lines} == {moved.pk, own.pk}
    tie = Tie.objects.get(pk=moved.pk)
    assert ((tie.first, tie.second), tie.told_by) == ((kept, third), kept)
    assert Tie.objects.get(pk=ended.pk).second == kept
    for aside in (alike, between):
        assert absorbed.pk in (Tie.objects.get(pk=aside.pk).first_id, Tie.objects.get(pk=aside.pk).second_id)
    assert CampaignReply.objects.get().actor == kept
    assert set(kept.offerings.values_list("text", flat=True)) == {"Deux soirs", "Un don"}
    assert kept.participations.count() == 2
    assert search.find("soirs", kinds=["offering"]).total == 1
    undo_merge(merge=merge, by=agent)
    assert everything() == before
    assert search.find("soirs", kinds=["offering"]).total == 2


def test_a_tie_changed_since_the_merge_keeps_what_people_said(alliance):
    agent = user_with(alliance)
    other, kept, absorbed = (ActorFactory(alliance=alliance, name=name) for name in "ABC")
    tie = a_tie(absorbed, other)
    merge = merge_actors(kept=kept, absorbed=absorbed, by=agent)
    Tie.objects.filter(pk=tie.pk).update(answer="confirmed", until=TODAY)
    undo_merge(merge=merge, by=agent)
    tie.refresh_from_db()
    assert (tie.told_by, tie.answer, tie.until) == (absorbed, "confirmed", TODAY)


def test_the_mandates_of_a_person_known_twice_are_those_of_one_and_come_back(alliance):
    actors = [ActorFactory(alliance=alliance) for _ in range(2)]
    kept, absorbed = (PersonFactory(alliance=alliance) for _ in range(2))
    for person, actor in ((kept, actors[0]), (absorbed, actors[0]), (absorbed, actors[1])):
        Mandate.objects.create(person=person, actor=actor)
    before = list(Mandate.objects.order_by("pk").values())
    [declared] = [one for one in contributions.merge if (one.target, one.model) == ("person", "actors.mandate")]
    trace = declared.apply(kept, absorbed)
    assert set(kept.mandates.values_list("actor_id", flat=True)) == {actor.pk for actor in actors}
    assert kept.mandates.count() == 2
    declared.undo(kept, absorbed, trace)
    assert list(Mandate.objects.order_by("pk").values()) == before


def test_every_key_to_an_actor_of_these_parts_has_its_merge():
    declared = {(one.model, name) for one in contributions.merge if one.target == "actor" for name in one.fields}
    parts = ("maillage.actors.ties", "maillage.actors.participation")
    linked = {
        (relation.related_model._meta.label_lower, relation.field.name)
        for relation in Actor._meta.get_fields(include_hidden=True)
        if relation.one_to_many and relation.auto_created and relation.related_model.__module__.startswith(parts)
    }
    assert linked
    assert linked <= declared
