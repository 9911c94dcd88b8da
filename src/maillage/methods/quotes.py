"""Quotation marks of tables that say nothing, for readers that go fast."""

from __future__ import annotations

import numpy as np


def only_around_cells(chunk: bytes, separator: str) -> bool:
    """Whether quotes only surround whole cells, with no other quote, separator or end of line inside.

    They then say nothing: cells are the same without them.
    """
    text = np.frombuffer(b"\n" + chunk, dtype=np.uint8)
    quotes = np.flatnonzero(text == 34)
    opens, closes = quotes[0::2], quotes[1::2]
    if len(opens) != len(closes):
        return False
    ends = (text == ord(separator)) | (text == 10)
    if not (ends[opens - 1].all() and ends[np.minimum(closes + 1, len(text) - 1)].all()):
        return False
    before = np.cumsum(ends, dtype=np.int32)
    return bool((before[opens] == before[closes]).all())
