"""The network of an alliance as rows: its actors, their words, their ties. Six queries at most, whatever its size."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Max, Q, QuerySet

from maillage.actors.models import Actor as ActorRow
from maillage.actors.models import ActorField
from maillage.actors.models import Tie as TieRow
from maillage.actors.selectors import actor_condition
from maillage.actors.ties.selectors import tie_condition
from maillage.actors.vocabulary import Scheme
from maillage.alliances.models import Alliance
from maillage.concertation.network.asked import SEATED, Asked, Vocabulary
from maillage.concertation.selectors import seats_of
from maillage.core.dates import holding
from maillage.methods.network.network import Actor, Network, Tie

SEATS = "seats"
"""The kind of a tie between two actors that sit together."""
MOST_SEATS = 150
"""Beyond this many members, to sit in a space says nothing of who works with whom: it is left out, and told."""
WEIGHTS = {"weekly": 4.0, "monthly": 3.0, "yearly": 2.0, "rarely": 1.0}
MAIN = ("project", "funding", "premises", "referral", "concertation", SEATS)
"""Where two actors have several kinds of ties, the one that the drawing shows."""


@dataclass(frozen=True)
class Node:
    """An actor of the network. ``sectors``, ``fields``, ``scales``: codes, in the order of the lists."""

    id: str
    """Its place in the alphabet: results that depend on an order are in alphabetical order."""
    pk: int
    uuid: str
    name: str
    type: str
    is_public: bool
    sectors: tuple[str, ...]
    fields: tuple[str, ...]
    scales: tuple[str, ...]

    def group(self, by: str) -> str:
        if by == "type":
            return "" if self.type == "unspecified" else self.type
        codes = self.fields if by == Scheme.FIELD else self.sectors
        return codes[0] if codes else ""

    @property
    def scale(self) -> str:
        return self.scales[0] if self.scales else ""


@dataclass(frozen=True)
class Pair:
    """All the ties of two actors."""

    one: str
    other: str
    kinds: tuple[str, ...]
    """In the order of ``MAIN``."""
    confirmed: bool
    """The other side confirmed one of them."""
    since: dt.date | None
    """Since when the oldest one is known to hold."""


@dataclass(frozen=True)
class Known:
    """What was read, for one reader and one address. Equal: nothing of the network changed, names included."""

    __hash__ = None  # type: ignore[assignment]

    asked: Asked
    group: str
    """What the sectors of the drawing are: ``field``, ``sector`` or ``type``."""
    nodes: Mapping[str, Node]
    pairs: Mapping[tuple[str, str], Pair]
    network: Network
    told: int
    """Actors of the network that told a tie, or confirmed one."""
    told_on: dt.date | None
    """The last day someone told, confirmed or checked a tie."""
    left_spaces: tuple[str, ...] = ()
    """Names of the spaces that are too large for « sitting together »."""

    @property
    def unconfirmed(self) -> int:
        return sum(not pair.confirmed for pair in self.pairs.values())


def network_of(alliance: Alliance, asked: Asked, words: Vocabulary, *, everything: bool) -> Known:
    """Read the network of ``asked.day`` through its filters."""
    present = _nodes(alliance, actor_condition(asked.day, everything=everything), words)
    rows = _chosen(alliance, present, asked, words, everything)
    group = asked.group or default_group(rows.everyone)
    left: tuple[str, ...] = ()
    if asked.network == SEATED:
        found, left = _seated(alliance, asked.day, rows.ids, everything)
        told, told_on = set(rows.ids.values()), None
    else:
        found, told = _told(alliance, asked, rows.ids)
        told_on = _told_on(alliance, asked, everything)
    kept = rows.kept
    if asked.around:
        kept = kept | {end for pair in found for end in pair if set(pair) & rows.kept}
    pairs = {ends: pair for ends, pair in found.items() if ends[0] in kept and ends[1] in kept}
    if asked.around:
        # Those around are there for their ties with the chosen ones, not for those among themselves.
        pairs = {ends: pair for ends, pair in pairs.items() if set(ends) & rows.kept}
    nodes = {node.id: node for node in rows.everyone if node.id in kept}
    network = Network(
        tuple(Actor(node.id, node.group(group), node.type, node.scale, node.name) for node in nodes.values()),
        tuple(Tie(*ends, pair.kinds[0]) for ends, pair in pairs.items()),
    )
    return Known(asked, group, nodes, pairs, network, len(told & nodes.keys()), told_on, left)


def dated_network(alliance: Alliance, known: Known, words: Vocabulary, *, everything: bool) -> Network:
    """The same filters over all time: actors and ties with their dates, for what changed between two days."""
    asked = known.asked
    condition = Q(merged_into=None) if everything else Q(merged_into=None, is_public=True)
    rows = _chosen(alliance, _nodes(alliance, condition, words), asked, words, everything)
    bounds = {
        pk: (since, until)
        for pk, since, until in ActorRow.objects.filter(condition, alliance=alliance)
        .order_by()
        .values_list("pk", "since", "until")
    }
    actors = tuple(
        Actor(node.id, node.group(known.group), node.type, node.scale, node.name, *bounds[node.pk])
        for node in rows.everyone
        if node.id in rows.kept and _lasts(*bounds[node.pk])
    )
    present = {actor.id for actor in actors}
    ties = []
    for one, other, kind, since, until in _ties(alliance, asked).values_list(
        "first_id", "second_id", "kind", "since", "until"
    ):
        ends = rows.ids.get(one, ""), rows.ids.get(other, "")
        if ends[0] in present and ends[1] in present and _lasts(since, until):
            ties.append(Tie(*ends, kind, since=since, until=until))
    return Network(actors, tuple(ties))


def default_group(nodes: Iterable[Node]) -> str:
    """The list of which more words are used; where none is, the types."""
    fields = {code for node in nodes for code in node.fields}
    sectors = {code for node in nodes for code in node.sectors}
    if not fields and not sectors:
        return "type"
    return Scheme.SECTOR if len(sectors) > len(fields) else Scheme.FIELD


@dataclass(frozen=True)
class _Rows:
    everyone: Sequence[Node]
    kept: frozenset[str]
    """Ids of those that answer the filters."""
    ids: Mapping[int, str]
    """Key in the database → id."""


def _nodes(alliance: Alliance, condition: Q, words: Vocabulary) -> list[Node]:
    place = {(scheme, word.code): i for scheme, list_ in words.items() for i, word in enumerate(list_)}
    tags: dict[int, dict[str, list[str]]] = {}
    held = ActorField.objects.filter(scheme__in=Scheme.values, actor__alliance=alliance, actor__merged_into=None)
    for pk, scheme, code in held.order_by().values_list("actor_id", "scheme", "code"):
        tags.setdefault(pk, {}).setdefault(scheme, []).append(code)
    last = len(place)
    nodes = []
    actors = ActorRow.objects.filter(condition, alliance=alliance).order_by("sort_key", "id")
    for i, (pk, uuid, name, type_, public) in enumerate(actors.values_list("pk", "uuid", "name", "type", "is_public")):
        own = {
            scheme: tuple(sorted(codes, key=lambda code: (place.get((scheme, code), last), code)))
            for scheme, codes in tags.get(pk, {}).items()
        }
        nodes.append(
            Node(
                f"{i:06}", pk, str(uuid), name, type_, public,
                own.get(Scheme.SECTOR, ()), own.get(Scheme.FIELD, ()), own.get(Scheme.SCALE, ()),
            )
        )  # fmt: skip
    return nodes


def _chosen(alliance: Alliance, nodes: list[Node], asked: Asked, words: Vocabulary, everything: bool) -> _Rows:
    def covers(scheme: str, code: str) -> frozenset[str]:
        return next((word.covers for word in words[scheme] if word.code == code), frozenset({code}))

    kept = nodes
    if asked.type:
        kept = [node for node in kept if node.type == asked.type]
    for scheme, code, held in (
        (Scheme.SECTOR, asked.sector, "sectors"),
        (Scheme.FIELD, asked.field, "fields"),
        (Scheme.SCALE, asked.scale, "scales"),
    ):
        if code:
            wanted = covers(scheme, code)
            kept = [node for node in kept if wanted & set(getattr(node, held))]
    if asked.space:
        seats = seats_of(alliance, asked.day, everything=everything).filter(space__uuid=asked.space)
        there = set(seats.order_by().values_list("actor_id", flat=True))
        kept = [node for node in kept if node.pk in there]
    return _Rows(nodes, frozenset(node.id for node in kept), {node.pk: node.id for node in nodes})


def _ties(alliance: Alliance, asked: Asked) -> QuerySet[TieRow]:
    """The ties of the alliance that count: those that the other side did not decline."""
    found = TieRow.objects.filter(alliance=alliance).exclude(answer=TieRow.Answer.DECLINED).order_by()
    return found.filter(kind=asked.kind) if asked.kind else found


def _told(alliance: Alliance, asked: Asked, ids: Mapping[int, str]) -> tuple[dict[tuple[str, str], Pair], set[str]]:
    """The pairs tied on the day, and who told."""
    rows = (
        _ties(alliance, asked)
        .filter(holding(asked.day))
        .values_list("first_id", "second_id", "kind", "answer", "since", "told_by_id")
    )
    kinds: dict[tuple[str, str], set[str]] = {}
    confirmed: set[tuple[str, str]] = set()
    since: dict[tuple[str, str], dt.date] = {}
    told: set[str] = set()
    for first, second, kind, answer, begun, teller in rows:
        one, other = ids.get(first), ids.get(second)
        if one is None or other is None:
            continue
        ends = (one, other) if one < other else (other, one)
        kinds.setdefault(ends, set()).add(kind)
        if answer == TieRow.Answer.CONFIRMED:
            confirmed.add(ends)
            told.update(ends)
        told.add(ids.get(teller, ""))
        if begun is not None and (ends not in since or begun < since[ends]):
            since[ends] = begun
    pairs = {
        ends: Pair(*ends, tuple(kind for kind in MAIN if kind in found), ends in confirmed, since.get(ends))
        for ends, found in kinds.items()
    }
    return pairs, told


def _told_on(alliance: Alliance, asked: Asked, everything: bool) -> dt.date | None:
    """The last day someone told or checked a tie that counts. Asked of the database: six thousand instants are long to
    read."""
    counted = _ties(alliance, asked).filter(tie_condition(asked.day, everything=everything))
    last = counted.aggregate(told=Max("told_at"), checked=Max("checked_on"))
    days = [last["checked"], last["told"].astimezone(alliance.zone).date() if last["told"] else None]
    return max((day for day in days if day is not None), default=None)


def _seated(
    alliance: Alliance, day: dt.date, ids: Mapping[int, str], everything: bool
) -> tuple[dict[tuple[str, str], Pair], tuple[str, ...]]:
    """The pairs of actors that sit in one space at least, and the spaces too large to say anything."""
    held: dict[tuple[int, str], set[str]] = {}
    rows = seats_of(alliance, day, everything=everything).order_by()
    for actor, space, name in rows.values_list("actor_id", "space_id", "space__name"):
        if actor in ids:
            held.setdefault((space, name), set()).add(ids[actor])
    together: Counter[tuple[str, str]] = Counter()
    left = []
    for (_space, name), members in held.items():
        if len(members) > MOST_SEATS:
            left.append(name)
        else:
            together.update(combinations(sorted(members), 2))
    return {ends: Pair(*ends, (SEATS,), True, None) for ends in together}, tuple(sorted(left))


def _lasts(since: dt.date | None, until: dt.date | None) -> bool:
    """A row that ended on the day it began was never there."""
    return since is None or until is None or since < until
