"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import Expected

ADDRESSES: dict[str, Expected] = {}
