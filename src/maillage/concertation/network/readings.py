"""What a network shows: measured and drawn once, then kept while the alliance does not change."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

from maillage.alliances.models import Alliance
from maillage.concertation.network.asked import Asked, Vocabulary
from maillage.concertation.network.selectors import Known, Node, Pair, network_of
from maillage.methods.network.between import Between, between
from maillage.methods.network.brokerage import Broker, brokerage
from maillage.methods.network.cut_points import CutPoint, cut_points
from maillage.methods.network.external import External, external
from maillage.methods.network.layout import Drawing, layout
from maillage.methods.network.meetings import Meeting, Meetings, meetings
from maillage.methods.network.silos import Silo, silos
from maillage.ui import charts

ELECTED, COMMUNITY = ("municipality",), ("community",)
KEPT = 24
"""Readings that one process keeps; the least recently shown leaves first."""
KEPT_SECONDS = 600
"""What writes no line in the log (an operator's own SQL) shows after this at most."""
BRIDGES_SHOWN = 3


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for dead cycles: a drawing makes tens of thousands of small objects that all stay, and the
    search through the whole process, begun again every few hundred, took two thirds of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Reading:
    """The measures that the page shows, each made when it is first asked. Nothing here depends on a language."""

    known: Known
    svgs: dict[tuple[object, ...], str] = field(default_factory=dict)

    @cached_property
    def degrees(self) -> Mapping[str, int]:
        """Actors that each is tied to."""
        graph = self.known.network.graph
        return dict(zip(graph.ids, graph.degrees.tolist(), strict=True))

    @cached_property
    def brokers(self) -> Mapping[str, Broker]:
        return {broker.actor: broker for broker in brokerage(self.known.network, "sector")}

    @cached_property
    def bridges(self) -> tuple[Broker, ...]:
        """Actors that join two other sectors at least and stand between two, the most open first."""
        found = [broker for broker in self.brokers.values() if broker.reached > 1 and broker.between]
        return tuple(sorted(found, key=lambda broker: (-broker.reached, -broker.between, broker.actor)))

    @cached_property
    def meetings(self) -> Meetings:
        return meetings(self.known.network, "sector")

    @cached_property
    def external(self) -> External:
        # What chance gives is told by the whole reading; here one draw stands for all.
        return external(self.known.network, "sector", draws=1)

    @cached_property
    def silos(self) -> tuple[Silo, ...]:
        return silos(self.known.network, self.external)

    @cached_property
    def most_open(self) -> tuple[str, Fraction] | None:
        """The sector that keeps the least of its ties inside, and this share."""
        found = [
            (Fraction(group.inside, group.inside + group.outside), group.group)
            for group in self.external.groups
            if group.inside + group.outside >= 3
        ]
        share, name = min(found, default=(None, ""))
        return (name, share) if share is not None else None

    @cached_property
    def to_reach(self) -> tuple[Node, ...]:
        """Actors without a known tie, then those with a single one: « à rejoindre »."""
        nodes = self.known.nodes.values()
        none = [node for node in nodes if not self.degrees[node.id]]
        return (*none, *(node for node in nodes if self.degrees[node.id] == 1)) if self.known.pairs else ()

    @cached_property
    def apart(self) -> Meeting | None:
        """The two sectors to bring together: the fewest ties (one at most), the most actors."""
        pairs = [pair for pair in self.meetings.pairs if not pair.inside and pair.ties < 2 and self.meetings.ties]
        return min(pairs, key=lambda pair: (pair.ties, -pair.possible, pair.one, pair.other), default=None)

    @cached_property
    def between(self) -> Between:
        return between(self.known.network, ELECTED, COMMUNITY)

    @cached_property
    def cut_points(self) -> tuple[CutPoint, ...]:
        return cut_points(self.known.network)

    @cached_property
    def drawing(self) -> Drawing:
        with uncollected():
            return layout(self.known.network)

    @cached_property
    def types(self) -> Counter[str]:
        return Counter(node.type for node in self.known.nodes.values())

    @cached_property
    def kinds(self) -> Counter[str]:
        """Pairs by kind: one with two kinds counts in both."""
        return Counter(kind for pair in self.known.pairs.values() for kind in pair.kinds)

    @cached_property
    def ranked(self) -> tuple[Node, ...]:
        """The actors, those with the most ties first."""
        reached = self.brokers
        return tuple(
            sorted(
                self.known.nodes.values(), key=lambda node: (-self.degrees[node.id], -reached[node.id].reached, node.id)
            )
        )

    def own(self, id_: str) -> list[tuple[tuple[str, str], Pair]]:
        """The pairs of one actor."""
        return [(ends, pair) for ends, pair in self.known.pairs.items() if id_ in ends]

    def is_bridge(self, node: Node) -> bool:
        return any(broker.actor == node.id for broker in self.bridges[:BRIDGES_SHOWN])

    def svg(self, sectors: Mapping[str, str], focus: str = "", palette: charts.Palette = charts.PAGE) -> str:
        """The drawing. On a page without focus it is kept, by language."""
        key = (get_language() or "", focus, tuple(sorted(sectors.items())))
        on_page = palette is charts.PAGE and not focus
        if on_page and key in self.svgs:
            return self.svgs[key]
        alone = {node.id for node in self.to_reach}
        bold = {broker.actor for broker in self.bridges[:BRIDGES_SHOWN]}
        marks = {
            node.id: charts.NetworkMark(node.name, node.type, node.id in bold, node.id in alone)
            for node in self.known.nodes.values()
        }
        # Beyond the names around, only the ties in focus are drawn one by one.
        shown = self.known.pairs.items() if charts.is_named(self.drawing) else self.own(focus)
        ties = {ends: charts.NetworkTie(pair.kinds[0], pair.confirmed) for ends, pair in shown}
        drawn = charts.network(self.drawing, marks, ties, sectors, palette, focus)
        if on_page:
            self.svgs[key] = drawn
        return drawn


class Shelf:
    """The readings of this process, bounded in number: the last one of each address."""

    def __init__(self) -> None:
        self.held: OrderedDict[tuple[object, ...], tuple[float, Reading, int]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple[object, ...], version: int) -> tuple[Reading | None, bool]:
        """The last reading of this address, and whether it still holds: same version of the alliance, not too old."""
        with self.lock:
            until, reading, of = self.held.get(key, (0.0, None, 0))
            if reading is not None:
                self.held.move_to_end(key)
            return reading, reading is not None and of == version and until > time.monotonic()

    def put(self, key: tuple[object, ...], version: int, reading: Reading) -> None:
        with self.lock:
            self.held[key] = time.monotonic() + KEPT_SECONDS, reading, version
            self.held.move_to_end(key)
            while len(self.held) > KEPT:
                self.held.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.held.clear()


shelf = Shelf()


def version_of(alliance: Alliance) -> int:
    """The number of the alliance's last line in the log: every change that matters writes one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM core_auditentry WHERE alliance_id = %s", [alliance.pk])
        row = cursor.fetchone()
    return int(row[0] or 0)


def read(alliance: Alliance, asked: Asked, words: Vocabulary, *, everything: bool) -> Reading:
    """The reading of this address, kept while the log of the alliance stays as it is. One query where it is kept.

    Most lines of the log change nothing of the network: rows are then read again, and where they are the same, what was
    measured and drawn of them serves again.
    """
    if not settings.KEPT_PAGES_SECONDS:
        return Reading(network_of(alliance, asked, words, everything=everything))
    # Read before the rows: a change meanwhile makes the reading old at once, never the reverse.
    key, version = (connection.settings_dict["NAME"], alliance.pk, everything, asked.key), version_of(alliance)
    found, holds = shelf.get(key, version)
    if found is None or not holds:
        known = network_of(alliance, asked, words, everything=everything)
        if found is None or found.known != known:
            found = Reading(known)
        shelf.put(key, version, found)
    return found
