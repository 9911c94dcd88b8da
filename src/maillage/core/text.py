"""Folding of French text: what two spellings of the same word have in common."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
)
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case, no accents, ligatures opened, one kind of apostrophe, single spaces.

    >>> fold("  L’Œuvre  de Saint-Éloi ")
    "l'oeuvre de saint-eloi"
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _SPACES.sub(" ", plain).strip().casefold()


def sort_key(text: str) -> str:
    """The stored key that lists sort on: the folded text without punctuation, so both databases agree.

    At most 200 characters, which is what the columns hold.
    """
    return re.sub(r"[^0-9a-z]+", " ", fold(text)).strip()[:200]
