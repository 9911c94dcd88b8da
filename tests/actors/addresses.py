from maillage.actors.merging import merge_actors
from tests.arch.addresses import OPEN, STEERS, post_only
from tests.factories import ActorFactory, PersonFactory


def an_actor(world):
    return {"key": ActorFactory(alliance=world.alliance).uuid}


def a_mandate(world):
    from maillage.actors.models import Mandate

    actor = ActorFactory(alliance=world.alliance)
    mandate = Mandate.objects.create(actor=actor, person=PersonFactory(alliance=world.alliance))
    return {"key": actor.uuid, "mandate": mandate.uuid}


def a_merge(world):
    kept, absorbed = (ActorFactory(alliance=world.alliance) for _ in range(2))
    return {"key": merge_actors(kept=kept, absorbed=absorbed, by=world.agent).uuid}


ADDRESSES = {
    "actors_in:duplicates": STEERS,
    "actors_in:duplicates_seek": post_only(STEERS),
    "actors_in:duplicates_answer": post_only(STEERS),
    "actors_in:merges": STEERS,
    "actors_in:merge_undo": post_only(STEERS).at(a_merge),
    "actors_in:compare": STEERS.at(an_actor),
    "actors_in:actor": OPEN.at(an_actor),
    "actors_in:actor_new": STEERS,
    "actors_in:actor_edit": STEERS.at(an_actor),
    "actors_in:actor_end": STEERS.at(an_actor),
    "actors_in:mandate_give": post_only(STEERS).at(an_actor),
    "actors_in:mandate_contact": post_only(STEERS).at(a_mandate),
    "actors_in:mandate_end": post_only(STEERS).at(a_mandate),
}
