from __future__ import annotations

from tests.arch.addresses import OPEN

ADDRESSES = {
    "alliances_in:home": OPEN,
}
