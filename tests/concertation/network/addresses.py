"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import OPEN, Expected


def a_file(world):
    return {"what": "liens", "form": "csv"}


ADDRESSES: dict[str, Expected] = {
    "concertation_in:network": OPEN,
    "concertation_in:network_whole": OPEN,
    "concertation_in:network_graphml": OPEN,
    "concertation_in:network_marks": OPEN,
    "concertation_in:network_file": OPEN.at(a_file),
}
