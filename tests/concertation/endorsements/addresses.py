"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import OPEN, Expected, post_only

ADDRESSES: dict[str, Expected] = {
    "concertation_in:conflict_answer": post_only(OPEN).at(lambda world: {"key": "cle"}),
}
