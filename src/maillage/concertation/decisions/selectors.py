"""Reads of decisions, each for a viewer: who may see it, and never what they withdrew from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import references_left
from maillage.actors.models import Withdrawal
from maillage.alliances.models import Alliance
from maillage.alliances.rules import oversees, role_kinds, steers
from maillage.concertation.decisions import words
from maillage.concertation.decisions.disclosed import figures_of
from maillage.concertation.decisions.models import Decision, Objection, Position
from maillage.concertation.decisions.outcome import Result
from maillage.concertation.decisions.voices import Key, Room, Voice, room_of, several_of
from maillage.concertation.models import Facilitation, Seat, SeatHolder
from maillage.concertation.vocabulary import Stand
from maillage.core.access import may
from maillage.core.dates import holding
from maillage.core.text import sort_key

SHOWN_ORDER = (Stand.OBJECTION, Stand.RESERVATION, Stand.AGREE, Stand.ABSTAIN, Stand.WITHDRAWN)
"""Dissent first."""


def inner_spaces(viewer: Any, alliance: Alliance, day: dt.date) -> set[int] | None:
    """The spaces whose deliberation the viewer may read; ``None``: all of them. Two queries at most."""
    if viewer is None or not viewer.is_authenticated or not role_kinds(viewer, alliance):
        return set()
    if steers.test(viewer, alliance) or oversees.test(viewer, alliance):
        return None
    held = SeatHolder.objects.at(day).filter(
        holding(day, "seat__"), seat__space__alliance=alliance, person__user_id=viewer.pk, person__erased_at=None
    )
    led = Facilitation.objects.at(day).filter(
        space__alliance=alliance, person__user_id=viewer.pk, person__erased_at=None
    )
    return set(held.values_list("seat__space", flat=True)) | set(led.values_list("space", flat=True))


def left_condition(viewer: Any) -> Q:
    """Those the viewer must not read: left, or to be answered first, directly or with their agenda item."""
    kind = "concertation.decision:"
    left = (reference for reference in references_left(viewer) if reference.startswith(kind))
    return Q(uuid__in=[reference.removeprefix(kind) for reference in left])


def decisions_for(viewer: Any, alliance: Alliance, day: dt.date, *, with_left: bool = False) -> QuerySet[Decision]:
    """The decisions the viewer may read: the published ones, and those of the spaces where they sit.

    What they must not read is left out until it is published; ``with_left`` keeps it, for a list that then shows
    nothing but its title.
    """
    found = Decision.objects.filter(alliance=alliance).select_related("space", "alliance", "agenda_item__meeting")
    inner = inner_spaces(viewer, alliance, day)
    if inner is not None:
        found = found.filter(Q(is_public=True) | Q(space__in=inner))
    if inner == set():
        return found
    return found if with_left else found.exclude(Q(is_public=False) & left_condition(viewer))


def later_than(decision: Decision, viewer: Any, day: dt.date) -> list[Decision]:
    """The decisions that take this one up again, as the viewer may read them. One in preparation is for those who
    prepare it. Three queries."""
    found = decisions_for(viewer, decision.alliance, day).filter(after=decision).order_by("pk")
    rows = list(found)
    for row in rows:
        row.alliance = row.space.alliance = decision.alliance
    draft = Decision.State.DRAFT
    return [row for row in rows if row.state != draft or may(viewer, "concertation.prepare_decision", row)]


def left_among(viewer: Any, decisions: list[Decision]) -> set[int]:
    """Of these, those the viewer must not read."""
    references = references_left(viewer)
    return {row.pk for row in decisions if row.reference in references}


@dataclass(frozen=True)
class Filters:
    """What the register is asked for. Empty: everything."""

    text: str = ""
    space: str = ""
    year: str = ""
    rule: str = ""
    outcome: str = ""
    dissent: bool = False
    state: str = ""

    @property
    def tells_outcome(self) -> bool:
        """Answering it would say something of the deliberation."""
        return bool(self.outcome or self.dissent or self.rule)


def filtered(found: QuerySet[Decision], asked: Filters) -> QuerySet[Decision]:
    """The register as it is asked for, the newest first, those in preparation before the numbered ones."""
    for word in sort_key(asked.text).split():
        code = Q()
        if word.isdecimal() and len(word) < 6:
            code = Q(number=int(word)) | Q(year=int(word))
        found = found.filter(Q(sort_key__contains=word) | code)
    if asked.space:
        found = found.filter(space__uuid=asked.space)
    if asked.year.isdecimal() and len(asked.year) == 4:
        found = found.filter(year=int(asked.year))
    if asked.rule:
        found = found.filter(rule=asked.rule)
    if asked.outcome:
        found = found.filter(outcome=asked.outcome)
    if asked.dissent:
        found = found.filter(has_dissent=True)
    if asked.state:
        found = found.filter(state=asked.state)
    return found.order_by("-created_at", "-pk")


@dataclass
class Said:
    """A line of « Qui a dit quoi »: an actor, or some of the citizens of a college."""

    seat: Seat
    name: str
    type: str
    url: str
    words: list[str] = field(default_factory=list)
    """What is quoted: whole."""
    count: int = 1
    out_of: int = 0
    """Citizens of the college, where it has several voices; 0 where the public is not told how they were shared out."""
    notes: list[str] = field(default_factory=list)
    """How it was given, on which version: for those inside."""
    names: list[str] = field(default_factory=list)
    """Persons who chose to be named here."""
    objection: Objection | None = None
    mine: bool = False


@dataclass
class Group:
    """Everyone who said the same."""

    stand: str
    lines: list[Said]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def quoted(self) -> list[Said]:
        return [line for line in self.lines if line.words or line.notes or line.objection]

    @property
    def listed(self) -> list[Said]:
        return [line for line in self.lines if not (line.words or line.notes or line.objection)]


@dataclass
class Picture:
    """A decision as one viewer may see it."""

    decision: Decision
    result: Result
    groups: list[Group]
    room: Room | None
    """For those inside; ``None`` for the public."""
    silent: list[Voice] = field(default_factory=list)
    gone: list[Position] = field(default_factory=list)
    waiting: list[Position] = field(default_factory=list)
    apart: int = 0
    """Citizens whose positions are in no figure here: see ``disclosed``."""


def picture_of(decision: Decision, *, inside: bool, day: dt.date) -> Picture:
    """What is shown of a decision. ``inside``: the members' view, else what everyone reads once it is published.

    A closed decision is shown as it was counted, whatever happened to its seats since.
    """
    room = room_of(decision, day)
    closed = decision.state == Decision.State.CLOSED
    if closed:
        kept = set(decision.tally["counted"])
        shown = [row for row in room.positions if row.pk in kept]
        out: list[Key] = [(seat, holder) for seat, holder in decision.tally["out"]]
        result = words.result_of(decision.tally)
        gone = [row for row in room.positions if row.pk in set(decision.tally["gone"])]
    else:
        shown, out, result, gone = (
            list(room.counted().values()),
            [v.key for v in room.out()],
            room.result(),
            room.gone(),
        )
    latest = decision.versions.order_by("-number").values_list("number", flat=True)[0]
    apart = 0
    if closed and not inside:
        figures = figures_of(decision, decision.alliance.threshold)
        result, apart = figures.result, figures.apart
    groups = _groups(decision, room, shown, out, inside=inside, latest=latest)
    if apart:
        groups = _without_citizens(groups)
    return Picture(
        decision=decision,
        result=result,
        groups=groups,
        room=room if inside else None,
        silent=room.silent() if inside and not closed else [],
        gone=gone if inside else [],
        waiting=room.waiting if inside and not closed else [],
        apart=apart,
    )


def _without_citizens(groups: list[Group]) -> list[Group]:
    """What is left to read where citizens could be recognised: their objections, and, without a number, the words they
    gave to be published and the names of those who chose to be named. Nobody who withdrew."""
    for group in groups:
        for line in group.lines:
            if line.out_of and not line.objection:
                line.count = 0
            line.out_of = 0
        group.lines = [
            line
            for line in group.lines
            if line.count or (group.stand != Stand.WITHDRAWN and (line.words or line.names))
        ]
    return [group for group in groups if group.lines]


def _groups(
    decision: Decision, room: Room, shown: list[Position], out: list[Key], *, inside: bool, latest: int
) -> list[Group]:
    objections = {
        row.voice: row for row in decision.objections.exclude(state=Objection.State.LIFTED).order_by("raised_at", "pk")
    }
    closed = decision.state == Decision.State.CLOSED
    # How many citizens each college had: as it was counted, once closed.
    several = {int(seat): n for seat, n in decision.tally["several"].items()} if closed else several_of(room.voices)
    lines: dict[str, list[Said]] = {stand: [] for stand in Stand.values}
    for row in sorted(shown, key=lambda row: (row.seat.actor.sort_key, row.pk)):
        lines[row.stand].append(_said(row, objections, several, inside=inside, latest=latest))
    lines[Stand.WITHDRAWN] += _withdrawn(decision, out, several, inside=inside)
    return [Group(stand, _together(lines[stand])) for stand in SHOWN_ORDER if lines[stand]]


def _name(seat: Seat, alliance: Alliance, *, inside: bool) -> tuple[str, str]:
    """The actor's name and page; neither where the public does not know it."""
    actor = seat.actor
    actor.alliance = alliance  # its address needs the slug: not a query for each
    if not inside and not actor.is_public:
        return _("A member not shown to the public"), ""
    return actor.name, actor.get_absolute_url()


def _said(
    row: Position, objections: dict[Key, Objection], several: dict[int, int], *, inside: bool, latest: int
) -> Said:
    name, url = _name(row.seat, row.decision.alliance, inside=inside)
    quoted = row.why if inside or row.stand in {Stand.OBJECTION, Stand.RESERVATION} else ""
    notes: list[str] = []
    if inside:
        if row.by_substitute:
            notes.append(_("by the substitute"))
        if row.source in {Position.Source.PHONE, Position.Source.PAPER, Position.Source.ABSENT}:
            notes.append(str(row.get_source_display()))
        if row.version.number < latest:
            notes.append(_("given on version %(n)s") % {"n": row.version.number})
    return Said(
        seat=row.seat, name=name, type=row.seat.actor.type, url=url, words=[quoted] if quoted else [],
        out_of=several.get(row.seat_id, 0) if row.holder_id else 0, notes=notes,
        names=[row.person.name] if row.named and row.person and row.person.name else [],
        objection=objections.get(row.voice) if row.stand == Stand.OBJECTION else None,
    )  # fmt: skip


def _withdrawn(decision: Decision, out: list[Key], several: dict[int, int], *, inside: bool) -> list[Said]:
    seats = {seat.pk: seat for seat in Seat.objects.filter(pk__in=[key[0] for key in out]).select_related("actor")}
    said: dict[int, str] = {}
    for row in Withdrawal.objects.filter(reference__in=decision.references, lifted_at=None, actor__isnull=False):
        said.setdefault(row.actor_id, row.public_words)  # type: ignore[arg-type]
    found = []
    for seat_id, holder_id in out:
        seat = seats[seat_id]
        name, url = _name(seat, decision.alliance, inside=inside)
        quoted = said.get(seat.actor_id, "")
        found.append(
            Said(
                seat=seat, name=name, type=seat.actor.type, url=url, words=[quoted] if quoted else [],
                out_of=several.get(seat_id, 0) if holder_id else 0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda line: line.seat.actor.sort_key)


def _together(lines: list[Said]) -> list[Said]:
    """The citizens of a college who said the same make one line: « 3 sur 4 ». An objection keeps its own."""
    found: list[Said] = []
    colleges: dict[int, Said] = {}
    for line in lines:
        if not line.out_of or line.objection:
            found.append(line)
        elif line.seat.pk in colleges:
            first = colleges[line.seat.pk]
            first.count += 1
            first.words += line.words
            first.names += line.names
            first.notes += [note for note in line.notes if note not in first.notes]
        else:
            colleges[line.seat.pk] = line
            found.append(line)
    return found


def former_positions(decision: Decision) -> list[Position]:
    """What was said before and no longer stands, the newest first: for those inside. One query."""
    rows = decision.positions.exclude(superseded_at=None).select_related("seat__actor", "person", "version")
    return list(rows.order_by("-superseded_at", "-pk"))
