"""What each reader gets at the addresses of this part."""

import datetime as dt

from maillage.concertation.voices import services
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, post_only


def _voice(world):
    return services.want_voice(alliance=world.alliance, by=world.agent, since=dt.date(2025, 1, 1), type="citizens")


def a_voice(world):
    return {"key": _voice(world).uuid}


def an_approach(world):
    """Given to an actor: nobody but the agent may tell what came of it."""
    from tests.factories import ActorFactory

    owner = ActorFactory(alliance=world.alliance)
    approach = services.give_approach(voice=_voice(world), whom="Un groupe", owner_actor=owner, by=world.agent)
    return {"key": approach.uuid}


ADDRESSES: dict[str, Expected] = {
    "concertation_in:voices": OPEN,
    "concertation_in:voice_new": STEERS,
    "concertation_in:voice": INSIDE.at(a_voice),
    "concertation_in:voice_edit": STEERS.at(a_voice),
    "concertation_in:voice_end": post_only(STEERS).at(a_voice),
    "concertation_in:approach_new": STEERS.at(a_voice),
    "concertation_in:approach_outcome": STEERS.at(an_approach),
}
