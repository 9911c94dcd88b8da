"""Each part keeps its own table; ``tests/arch`` gathers them."""

ADDRESSES: dict = {}
