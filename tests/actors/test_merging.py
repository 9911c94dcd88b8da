"""Two actors become one, and that is undone exactly, or refused with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.actors import merging
from maillage.actors.models import Actor, ActorAlias, ActorField, DuplicateProposal, Mandate, NotDuplicate
from maillage.actors.services import update_actor
from maillage.concertation.models import Seat
from maillage.core import contributions, search
from maillage.core.models import AuditEntry
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    SeatFactory,
    SpaceFactory,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def everything() -> dict[str, list]:
    """All that hangs on actors, and the actors, to compare before and after."""
    models = (Actor, ActorAlias, ActorField, Mandate, NotDuplicate, Seat)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def pair(alliance):
    """Two actors, each with a bit of everything, some of it the same."""
    kept = ActorFactory(alliance=alliance, name="Maison du Ruisseau")
    absorbed = ActorFactory(alliance=alliance, name="La Maison du ruisseau inc.", type="community", mission="Loger.")
    third = ActorFactory(alliance=alliance)
    shared, own = SpaceFactory(alliance=alliance), SpaceFactory(alliance=alliance)
    SeatFactory(space=shared, actor=kept, category="Membre")
    SeatFactory(space=shared, actor=absorbed, category="Allié")
    SeatFactory(space=own, actor=absorbed, since=dt.date(2020, 1, 1))
    for actor in (kept, absorbed):
        ActorAlias.objects.create(actor=actor, name="Le Ruisseau", folded="le ruisseau")
        ActorField.objects.create(actor=actor, scheme="sector", code="social")
        Mandate.objects.create(actor=actor, person=PersonFactory(alliance=alliance))
    low, high = sorted((absorbed, third), key=lambda actor: actor.pk)
    NotDuplicate.objects.create(first=low, second=high)
    return kept, absorbed


def test_every_foreign_key_to_an_actor_has_its_merge():
    """A table that points to actors and says nothing of merges would keep pointing to one that is gone."""
    declared = {(one.model, field) for one in contributions.merge if one.target == "actor" for field in one.fields}
    there = {(key.model._meta.label_lower, key.name) for key in merging.foreign_keys()}
    assert there == declared


def test_merging_gathers_everything_on_the_kept_one(pair, agent):
    kept, absorbed = pair
    merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert absorbed.merged_into_id == kept.pk
    assert kept.seats.count() == 2
    assert {alias.name for alias in kept.aliases.all()} == {"Le Ruisseau", "La Maison du ruisseau inc."}
    assert kept.mandates.count() == 2
    assert (kept.type, kept.mission) == ("community", "Loger.")
    assert AuditEntry.objects.filter(action="actors.merged", object_id=str(kept.pk), user_id=agent.pk).exists()
    found = search.find("ruisseau", alliance_id=kept.alliance_id, include_private=True)
    assert [hit.object_id for hit in found.results] == [str(kept.pk)]


def test_undoing_restores_everything_exactly(pair, agent):
    kept, absorbed = pair
    before = everything()
    made = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    assert everything() != before
    merging.undo_merge(merge=made, by=agent)
    assert everything() == before
    found = search.find("ruisseau", alliance_id=kept.alliance_id, include_private=True)
    assert {hit.object_id for hit in found.results} == {str(kept.pk), str(absorbed.pk)}
    with pytest.raises(ValidationError) as caught:
        merging.undo_merge(merge=made, by=agent)
    assert caught.value.code == "already"


def test_what_was_added_since_stays_with_the_kept_one(pair, agent):
    kept, absorbed = pair
    made = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    seat = SeatFactory(space=SpaceFactory(alliance=kept.alliance), actor=kept)
    update_actor(actor=kept, changes={"website": "https://a.test"}, by=agent)
    merging.undo_merge(merge=made, by=agent)
    seat.refresh_from_db()
    kept.refresh_from_db()
    assert seat.actor_id == kept.pk
    assert kept.website == "https://a.test"


@pytest.mark.parametrize("change", ["deleted", "moved", "field"])
def test_undoing_is_refused_where_what_moved_was_changed(pair, agent, change):
    kept, absorbed = pair
    made = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    seat = Seat.objects.get(actor=kept, since=dt.date(2020, 1, 1))
    if change == "deleted":
        seat.delete()
    elif change == "moved":
        Seat.objects.filter(pk=seat.pk).update(actor=ActorFactory(alliance=kept.alliance))
    else:
        kept.refresh_from_db()
        update_actor(actor=kept, changes={"type": "institution"}, by=agent)
    before = everything()
    with pytest.raises(ValidationError) as caught:
        merging.undo_merge(merge=made, by=agent)
    assert caught.value.code == "changed_since"
    assert caught.value.messages[0].endswith(".")
    assert everything() == before


def test_merges_in_a_chain_are_undone_from_the_last(pair, agent):
    kept, absorbed = pair
    final = ActorFactory(alliance=kept.alliance)
    before = everything()
    one = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    two = merging.merge_actors(kept=final, absorbed=kept, by=agent)
    with pytest.raises(ValidationError) as caught:
        merging.undo_merge(merge=one, by=agent)
    assert caught.value.code == "later_merge"
    merging.undo_merge(merge=two, by=agent)
    merging.undo_merge(merge=one, by=agent)
    assert everything() == before


def test_what_cannot_be_merged(pair, agent):
    kept, absorbed = pair
    for other in (kept, ActorFactory()):
        with pytest.raises(ValidationError):
            merging.merge_actors(kept=kept, absorbed=other, by=agent)
    merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    with pytest.raises(ValidationError):
        merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)


def test_said_to_differ_they_are_no_longer_proposed(alliance, agent):
    first, second = (ActorFactory(alliance=alliance, name=name) for name in ("La Passerelle", "Passerelle inc."))
    assert merging.refresh_proposals(alliance=alliance, by=agent) == 1
    merging.say_different(first=second, second=first, by=agent)
    assert merging.open_proposals(alliance).count() == 0
    assert merging.refresh_proposals(alliance=alliance, by=agent) == 0
    merging.unsay_different(first=first, second=second, by=agent)
    assert merging.refresh_proposals(alliance=alliance, by=agent) == 1
    assert DuplicateProposal.objects.get().reasons == [["writing", "", ""]]


def test_another_spelling_is_compared_too(alliance, agent):
    first = ActorFactory(alliance=alliance, name="Tout autre nom")
    ActorAlias.objects.create(actor=first, name="Passerelle du Nord", folded="passerelle du nord")
    ActorFactory(alliance=alliance, name="La Passerelle du Nord")
    assert merging.refresh_proposals(alliance=alliance, by=agent) == 1


@pytest.mark.parametrize("kind", ["member", "observer", "elected"])
def test_only_those_who_steer_merge(pair, alliance, agent, kind):
    kept, absorbed = pair
    made = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    for intruder in (user_with(alliance, kind), user_with(AllianceFactory()), None):
        for act in (
            lambda by: merging.merge_actors(kept=kept, absorbed=absorbed, by=by),
            lambda by: merging.undo_merge(merge=made, by=by),
            lambda by: merging.say_different(first=kept, second=absorbed, by=by),
            lambda by: merging.unsay_different(first=kept, second=absorbed, by=by),
            lambda by: merging.refresh_proposals(alliance=alliance, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(intruder)
