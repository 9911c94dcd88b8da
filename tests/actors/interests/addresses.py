"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import INSIDE, STEERS, Expected, everyone
from tests.factories import PersonFactory

ADDRESSES: dict[str, Expected] = {
    "actors_in:my_interests": INSIDE,
    "actors_in:interests_of": STEERS.at(lambda world: {"key": PersonFactory(alliance=world.alliance).uuid}),
    "actors:interests_link": everyone(410).at(lambda world: {"token": "cle"}),
}
