"""What a network tells, in words, subject by subject. No sentence judges an actor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from maillage.methods.network.between import ScaleTies
from maillage.methods.network.depth import Part
from maillage.methods.network.reading import Reading
from maillage.methods.network.silos import Silo
from maillage.methods.sentences import Number, Sentence, Value
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

SHOWN = 5
"""Lines of one kind, and names in one line; what is left out is counted."""
CHANCE = 0.05
"""Below, a difference with chance is told as one."""


class Subject(StrEnum):
    WHOLE = "whole"
    ACROSS = "across"
    APART = "apart"
    CONNECTORS = "connectors"
    HOLDING = "holding"
    TO_REACH = "to-reach"
    ELECTED = "elected"
    MISSING = "missing"
    CHANGE = "change"


@dataclass(frozen=True)
class Chapter:
    subject: Subject
    heading: Sentence
    lines: tuple[Sentence, ...]


def chapters(reading: Reading, names: Mapping[str, Value] | None = None) -> tuple[Chapter, ...]:
    """The subjects on which there is something to say, in order.

    ``names`` gives the words of the codes of sectors, types and scales (the code itself where there are none).
    """
    say = _Words(reading, names or {})
    if not reading.network.actors:
        return (Chapter(Subject.WHOLE, _("The whole"), (_("There is no actor yet."),)),)
    written: list[tuple[Subject, Sentence, Callable[[], Iterable[Sentence]]]] = [
        (Subject.WHOLE, _("The whole"), say.whole),
        (Subject.ACROSS, _("From one sector to another"), say.across),
        (Subject.APART, _("Sectors to bring together"), say.apart),
        (Subject.CONNECTORS, _("Who links the sectors"), say.connectors),
        (Subject.HOLDING, _("What holds by one thread"), say.holding),
        (Subject.TO_REACH, _("Actors to reach out to"), say.to_reach),
        (Subject.ELECTED, _("Municipalities and community organisations"), say.elected),
        (Subject.MISSING, _("Who is awaited"), say.missing),
        (Subject.CHANGE, _("What changed"), say.change),
    ]
    found = ((subject, heading, tuple(lines())) for subject, heading, lines in written)
    return tuple(Chapter(subject, heading, lines) for subject, heading, lines in found if lines)


@dataclass(frozen=True)
class _Words:
    reading: Reading
    names: Mapping[str, Value]

    def whole(self) -> Iterable[Sentence]:
        reading = self.reading
        n = len(reading.network.actors)
        yield ngettext("%(count)s actor.", "%(count)s actors.", n)
        if not reading.ties:
            yield _("No tie is known yet.")
            return
        if reading.density is not None:
            yield ngettext(
                "%(count)s tie, %(share)s of all the possible ones.",
                "%(count)s ties, %(share)s of all the possible ones.",
                reading.ties,
                share=Number(reading.density, 1, percent=True),
            )
        tied = [part for part in reading.components if len(part) > 1]
        if len(tied) == 1 and len(tied[0]) == n:
            yield _("All hold together: from tie to tie, each actor can reach every other.")
        elif len(tied) == 1:
            yield _("All the actors who have a tie hold together: from tie to tie, each can reach the others.")
        else:
            yield ngettext(
                "The ties make %(count)s group that holds together. The largest has %(largest)s actors.",
                "The ties make %(count)s groups that are not joined. The largest has %(largest)s actors.",
                len(tied),
                largest=len(tied[0]),
            )
        circles = len(reading.communities.members)
        if circles > 1:
            yield ngettext(
                "%(count)s circle of actors has more ties among its members than chance would give.",
                "%(count)s circles of actors have more ties among themselves than chance would give.",
                circles,
            )

    def across(self) -> Iterable[Sentence]:
        met, index = self.reading.meetings, self.reading.by_sector
        if met.share_across is None or len(met.actors) < 2:
            return
        yield ngettext(
            "%(across)s of the %(count)s tie joins two sectors (%(share)s).",
            "%(across)s of the %(count)s ties join two sectors (%(share)s).",
            met.ties,
            across=met.across,
            share=Number(met.share_across, 0, percent=True),
        )
        if index.index is not None and index.expected is not None and index.chance is not None:
            # The E-I index goes from −1 to 1; the share across, which is easier to read, from 0 to 1.
            share = Number((1 + index.expected) / 2, 0, percent=True)
            if index.chance > CHANCE:
                yield _("Ties made at random would give about as many: %(share)s.", share=share)
            elif index.index > index.expected:
                yield _("Sectors meet more than if ties were made at random (%(share)s).", share=share)
            else:
                yield _("Sectors meet less than if ties were made at random (%(share)s).", share=share)
        types = self.reading.by_type
        if types.inside + types.outside and len(types.groups) > 1:
            yield ngettext(
                "%(across)s of the %(count)s tie joins two types of actors (%(share)s).",
                "%(across)s of the %(count)s ties join two types of actors (%(share)s).",
                types.inside + types.outside,
                across=types.outside,
                share=Number(types.outside / (types.inside + types.outside), 0, percent=True),
            )
        if met.unknown:
            yield ngettext(
                "%(count)s tie is left out: the sector of one of its actors is not known.",
                "%(count)s ties are left out: the sector of one of their actors is not known.",
                met.unknown,
            )
        for kind in (str, int):
            closed = [silo for silo in self.reading.silos if isinstance(silo.group, kind)]
            for silo in closed[:SHOWN]:
                yield self._silo(silo)
            if len(closed) > SHOWN:
                yield ngettext(
                    "%(count)s other group has most of its ties inside.",
                    "%(count)s other groups have most of their ties inside.",
                    len(closed) - SHOWN,
                )

    def apart(self) -> Iterable[Sentence]:
        met = self.reading.meetings
        # Pairs with the most actors first: this is where a meeting would open the most doors.
        pairs = sorted(
            (pair for pair in met.pairs if not pair.inside and pair.ties < 2 and met.ties),
            key=lambda pair: (pair.ties, -pair.possible, pair.one, pair.other),
        )
        for pair in pairs[:SHOWN]:
            one, other = self._named(pair.one), self._named(pair.other)
            if pair.ties:
                yield _("A single tie joins %(one)s and %(other)s.", one=one, other=other)
            else:
                yield _("No known tie joins %(one)s and %(other)s.", one=one, other=other)
        if len(pairs) > SHOWN:
            yield ngettext(
                "%(count)s other pair of sectors has one tie at most.",
                "%(count)s other pairs of sectors have one tie at most.",
                len(pairs) - SHOWN,
            )

    def connectors(self) -> Iterable[Sentence]:
        reading = self.reading
        for broker in reading.connectors[:SHOWN]:
            yield ngettext(
                "%(actor)s links %(count)s other sector.",
                "%(actor)s links %(count)s other sectors.",
                broker.reached,
                actor=self._actor(broker.actor),
            )
        if len(reading.connectors) > SHOWN:
            yield ngettext(
                "%(count)s other actor stands between two sectors.",
                "%(count)s other actors stand between two sectors.",
                len(reading.connectors) - SHOWN,
            )
        found = reading.betweenness
        passed = [found.actors[i] for i in found.ranked()[:3] if found.scores[i] > 0]
        if passed:
            yield _(
                "The shortest ways from one actor to another pass most often through: %(actors)s.",
                actors=self._actors(passed),
            )
            if not found.exact:
                yield _(
                    "This is an estimate: the ways were followed from %(sources)s actors drawn among %(actors)s.",
                    sources=found.sources,
                    actors=len(found.actors),
                )

    def holding(self) -> Iterable[Sentence]:
        reading = self.reading
        for point in reading.cut_points[:SHOWN]:
            yield ngettext(
                "Without %(actor)s, %(count)s actor would be cut off from the others: %(cut)s.",
                "Without %(actor)s, %(count)s actors would be cut off from the others: %(cut)s.",
                point.cut_actors,
                actor=self._actor(point.actor),
                cut=self._cut(point.cut),
            )
        if len(reading.cut_points) > SHOWN:
            yield ngettext(
                "%(count)s other actor alone holds others to the network.",
                "%(count)s other actors alone hold others to the network.",
                len(reading.cut_points) - SHOWN,
            )
        # A tie to an actor that has no other is already told by the actors to reach out to.
        for bridge in [bridge for bridge in reading.bridges if bridge.cut.size > 1][:SHOWN]:
            yield _(
                "The tie between %(one)s and %(other)s alone joins %(cut)s actors to %(kept)s others.",
                one=self._actor(bridge.one),
                other=self._actor(bridge.other),
                cut=bridge.cut.size,
                kept=bridge.kept,
            )

    def to_reach(self) -> Iterable[Sentence]:
        none, single = self.reading.to_reach, self.reading.by_one_tie
        if none:
            yield ngettext(
                "%(count)s actor without a known tie: %(actors)s.",
                "%(count)s actors without a known tie: %(actors)s.",
                len(none),
                actors=self._actors(none),
            )
        if single:
            yield ngettext(
                "%(count)s actor with a single tie: %(actors)s.",
                "%(count)s actors with a single tie: %(actors)s.",
                len(single),
                actors=self._actors(single),
            )

    def elected(self) -> Iterable[Sentence]:
        found = self.reading.between
        if not all(found.actors):
            return
        yield ngettext(
            "%(count)s tie joins a municipality and a community organisation.",
            "%(count)s ties join a municipality and a community organisation.",
            found.ties,
        )
        for row in found.first:
            yield self._scale(row)

    def missing(self) -> Iterable[Sentence]:
        anyone = _("actors")
        for row in self.reading.coverage.missing:
            codes = [self._named(code) for code in row.cell if code]
            yield ngettext(
                "%(cell)s: %(present)s present, %(count)s more is wanted.",
                "%(cell)s: %(present)s present, %(count)s more are wanted.",
                row.lacking,
                cell=self._listed(codes or [anyone]),
                present=row.present,
            )

    def change(self) -> Iterable[Sentence]:
        found = self.reading.change
        if found is None:
            return
        yield _(
            "Actors: %(came)s new, %(ended)s gone, %(stayed)s still there.",
            came=len(found.actors_came), ended=len(found.actors_ended), stayed=len(found.actors_stayed),
        )  # fmt: skip
        yield _(
            "Ties: %(came)s new, %(ended)s ended, %(stayed)s kept.",
            came=len(found.ties_came), ended=len(found.ties_ended), stayed=len(found.ties_stayed),
        )  # fmt: skip

    def _silo(self, silo: Silo) -> Sentence:
        share = Number(silo.share, 0, percent=True)
        ties = silo.inside + silo.outside
        if isinstance(silo.group, str):
            return ngettext(
                "%(sector)s: %(inside)s of its %(count)s tie stays inside the sector (%(share)s).",
                "%(sector)s: %(inside)s of its %(count)s ties stay inside the sector (%(share)s).",
                ties,
                sector=self._named(silo.group),
                inside=silo.inside,
                share=share,
            )
        members = self.reading.communities.members[silo.group]
        return ngettext(
            "A circle of %(count)s actor keeps %(share)s of its ties inside: %(actors)s.",
            "A circle of %(count)s actors keeps %(share)s of its ties inside: %(actors)s.",
            silo.actors,
            share=share,
            actors=self._actors(members),
        )

    def _scale(self, row: ScaleTies) -> Sentence:
        return _(
            "%(scale)s: municipalities that have such a tie: %(tied)s out of %(all)s.",
            scale=self._named(row.scale),
            tied=row.tied,
            all=row.actors,
        )

    def _cut(self, parts: Sequence[Part]) -> Value:
        """The actors cut off where all are named; else their sectors."""
        ids = [id for part in parts for id in part.actors]
        if len(ids) == sum(part.size for part in parts):
            return self._actors(ids)
        sectors: Counter[str] = Counter()
        for part in parts:
            sectors.update(dict(part.sectors))
        rows = sorted(sectors.items(), key=lambda row: (-row[1], row[0]))
        return self._listed([_("%(name)s (%(number)s)", name=self._named(code), number=n) for code, n in rows])

    def _actor(self, id: str) -> str:
        return self._labels[id]

    def _actors(self, ids: Sequence[str]) -> Value:
        return self._listed([self._labels[id] for id in ids])

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {actor.id: actor.label for actor in self.reading.network.actors}

    def _named(self, code: str) -> Value:
        return self.names.get(code, code) if code else _("not yet known")

    def _listed(self, values: Sequence[Value]) -> Value:
        """``a, b and c``; beyond ``SHOWN``, the others are counted."""
        shown, rest = list(values[:SHOWN]), len(values) - SHOWN
        last = shown.pop() if rest <= 0 and len(shown) > 1 else None
        joined = shown[0]
        for value in shown[1:]:
            joined = _("%(first)s, %(next)s", first=joined, next=value)
        if last is not None:
            return _("%(first)s and %(last)s", first=joined, last=last)
        if rest > 0:
            return ngettext("%(first)s and %(count)s other", "%(first)s and %(count)s others", rest, first=joined)
        return joined
