"""What an address asks of the network page: which actors, which ties, on which day. Nothing unknown stops the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from maillage.actors.models import Tie
from maillage.actors.selectors import Word
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.core.dates import FIRST, LAST

Vocabulary = Mapping[str, Sequence[Word]]
"""The words of each list, as ``actors.selectors.vocabulary`` gives them."""
GROUPS = (Scheme.FIELD.value, Scheme.SECTOR.value, "type")
"""What the sectors of the drawing may be."""
TOLD, SEATED = "", "sieges"
"""The two networks: the ties that actors told; who sits at the same tables."""


@dataclass(frozen=True)
class Asked:
    """Empty: nothing chosen. What is refused is in ``refused``, as it was typed, by its name in the address."""

    day: dt.date
    group: str = ""
    sector: str = ""
    field: str = ""
    scale: str = ""
    type: str = ""
    kind: str = ""
    space: str = ""
    network: str = TOLD
    around: bool = False
    """Also those that the chosen actors are tied to."""
    since: dt.date | None = None
    """The other day, for what changed."""
    refused: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False, hash=False)

    @property
    def filtered(self) -> bool:
        return bool(self.sector or self.field or self.scale or self.type or self.kind or self.space)

    @property
    def key(self) -> Asked:
        """What the reading depends on."""
        return replace(self, since=None)


NAMES = {
    "groupe": "group", "secteur": "sector", "domaine": "field", "palier": "scale", "type": "type", "sorte": "kind",
    "espace": "space", "reseau": "network", "autour": "around", "le": "day", "depuis": "since",
}  # fmt: skip
"""Name in the address → what it asks."""


def asked(given: Mapping[str, str], today: dt.date, words: Vocabulary) -> Asked:
    """Read an address. What names nothing known is left out; a day that is none, or that has not come, is refused."""
    raw = {name: given.get(name, "").strip()[:60] for name in NAMES}
    choices = {
        "groupe": frozenset(GROUPS),
        "type": frozenset(ActorType.values),
        "sorte": frozenset(Tie.Kind.values),
        "reseau": frozenset({SEATED}),
        "secteur": frozenset(word.code for word in words[Scheme.SECTOR]),
        "domaine": frozenset(word.code for word in words[Scheme.FIELD]),
        "palier": frozenset(word.code for word in words[Scheme.SCALE]),
    }
    chosen = {NAMES[name]: raw[name] if raw[name] in known else "" for name, known in choices.items()}
    refused: dict[str, str] = {}
    days = {name: _day(raw[name], today) for name in ("le", "depuis")}
    for name, day in days.items():
        if raw[name] and day is None:
            refused[name] = raw[name]
    day = days["le"] or today
    since = days["depuis"]
    if since is not None and since > day:
        refused["depuis"] = raw["depuis"]
        since = None
    space = raw["espace"] if _is_uuid(raw["espace"]) else ""
    return Asked(day=day, since=since, space=space, around=bool(raw["autour"]), refused=refused, **chosen)


def _day(text: str, today: dt.date) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if max(FIRST, dt.date(1900, 1, 1)) <= day <= min(LAST, today) else None


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
