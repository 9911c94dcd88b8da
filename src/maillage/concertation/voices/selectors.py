"""Who is around the table against who is wanted there: by sector, type and scale, from the seats held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.actors.forms import capital
from maillage.actors.models import ActorField
from maillage.actors.selectors import Word
from maillage.actors.vocabulary import TYPE_ORDER, ActorType, Scheme
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.concertation.selectors import seats_of
from maillage.concertation.voices.models import Approach, WantedVoice
from maillage.concertation.voices.words import covers_of, label_of, voice_label

Vocabulary = Mapping[str, Sequence[Word]]


@dataclass(frozen=True)
class Present:
    """An actor that holds a seat, with every code it is tagged with: it counts in each of its sectors."""

    type: str
    sectors: frozenset[str]
    scales: frozenset[str]


@dataclass(frozen=True)
class Row:
    """A wanted voice, against who is there."""

    voice: WantedVoice
    label: str
    present: int
    under_way: int = 0
    """Approaches given whose outcome is not told."""

    @property
    def missing(self) -> int:
        return max(0, self.voice.number - self.present)


@dataclass(frozen=True)
class GridRow:
    """A line of the grid, as ``{% presence %}`` draws it."""

    label: str
    by_type: Mapping[str, int]


@dataclass(frozen=True)
class Grid:
    rows: Sequence[GridRow]
    types: Sequence[str]
    required: frozenset[tuple[str, str]]
    """Cells where someone is wanted and nobody is there."""


def present_actors(
    alliance: Alliance, day: dt.date, *, everything: bool = False, space: Space | None = None
) -> list[Present]:
    """The actors that hold a seat on ``day``, in every space or in one. Two queries."""
    seats = seats_of(alliance, day, everything=everything)
    if space is not None:
        seats = seats.filter(space=space)
    types = dict(seats.order_by().values_list("actor_id", "actor__type"))
    tags: dict[int, tuple[set[str], set[str]]] = {pk: (set(), set()) for pk in types}
    held = ActorField.objects.filter(actor__alliance=alliance, scheme__in=Scheme.values).order_by()
    for pk, scheme, code in held.values_list("actor_id", "scheme", "code"):
        if pk in tags:
            tags[pk][scheme == Scheme.SCALE].add(code)
    return [Present(types[pk], frozenset(sectors), frozenset(scales)) for pk, (sectors, scales) in tags.items()]


def answers(actor: Present, voice: WantedVoice, words: Vocabulary) -> bool:
    """Whether this actor is the voice that is wanted; an empty code is any."""
    return (
        (not voice.type or actor.type == voice.type)
        and (not voice.sector or bool(covers_of(words, voice.sector, Scheme.FIELD, Scheme.SECTOR) & actor.sectors))
        and (not voice.scale or bool(covers_of(words, voice.scale, Scheme.SCALE) & actor.scales))
    )


def wanted_voices(alliance: Alliance, day: dt.date) -> QuerySet[WantedVoice]:
    """What the alliance wants on ``day``."""
    return WantedVoice.objects.at(day).filter(alliance=alliance)


def rows_of(
    alliance: Alliance, day: dt.date, words: Vocabulary, *, everything: bool = False, space: Space | None = None
) -> list[Row]:
    """Each wanted voice, the most missing first. ``words``: the vocabulary of the alliance. Four queries."""
    present = present_actors(alliance, day, everything=everything, space=space)
    return counted(list(wanted_voices(alliance, day)), present, alliance, words)


def counted(
    voices: Sequence[WantedVoice], present: Sequence[Present], alliance: Alliance, words: Vocabulary
) -> list[Row]:
    """These voices against these actors. One query: what is under way."""
    waiting: dict[int, int] = {}
    if voices:
        under = Approach.objects.filter(voice__in=voices, outcome=Approach.Outcome.WAITING).order_by()
        for pk in under.values_list("voice_id", flat=True):
            waiting[pk] = waiting.get(pk, 0) + 1
    rows = []
    for voice in voices:
        voice.alliance = alliance
        n = sum(answers(actor, voice, words) for actor in present)
        rows.append(Row(voice, voice_label(voice, words), n, waiting.get(voice.pk, 0)))
    return sorted(rows, key=lambda row: (-row.missing, row.label, row.voice.pk))


def grid(present: Sequence[Present], voices: Sequence[WantedVoice], words: Vocabulary, scale: str = "") -> Grid:
    """Sector × type, of the actors of one scale or of all. Actors of several sectors count in each; the first line
    has everyone, once."""
    scales = covers_of(words, scale, Scheme.SCALE) if scale else frozenset()
    shown = [actor for actor in present if not scale or scales & actor.scales]
    asked = [voice for voice in voices if not scale or not voice.scale or voice.scale == scale]
    # The list of which more words are used is the one that the network draws by, too.
    held = {code for actor in present for code in actor.sectors}
    used = {scheme: held.intersection(word.code for word in words[scheme]) for scheme in (Scheme.FIELD, Scheme.SECTOR)}
    scheme = Scheme.SECTOR if len(used[Scheme.SECTOR]) > len(used[Scheme.FIELD]) else Scheme.FIELD
    wanted = {voice.sector for voice in asked} - {""}
    codes = [word.code for word in words[scheme] if word.code in used[scheme] or word.code in wanted]
    codes += [
        word.code
        for other in (Scheme.FIELD, Scheme.SECTOR)
        if other != scheme
        for word in words[other]
        if word.code in wanted and word.code not in codes
    ]
    rare = {ActorType.OTHER_LEVEL, ActorType.UNSPECIFIED, ActorType.SOCIAL_ECONOMY}
    there = {actor.type for actor in shown} | {voice.type for voice in asked}
    types = [code for code in TYPE_ORDER if code in there or code not in rare]
    rows = [GridRow(_("All sectors"), _by_type(shown))]
    required: set[tuple[str, str]] = set()
    for code in codes:
        covers = covers_of(words, code, Scheme.FIELD, Scheme.SECTOR)
        label = capital(label_of(words, code, Scheme.FIELD, Scheme.SECTOR))
        rows.append(GridRow(label, _by_type([actor for actor in shown if covers & actor.sectors])))
        required |= {(label, voice.type) for voice in asked if voice.sector == code and voice.type}
    required |= {(_("All sectors"), voice.type) for voice in asked if not voice.sector and voice.type}
    vague = [actor for actor in shown if not actor.sectors]
    if vague:
        rows.append(GridRow(_("To be specified"), _by_type(vague)))
    return Grid(rows, types, frozenset(required))


def _by_type(actors: Sequence[Present]) -> dict[str, int]:
    found: dict[str, int] = {}
    for actor in actors:
        found[actor.type] = found.get(actor.type, 0) + 1
    return found


def approaches_of(voice: WantedVoice) -> QuerySet[Approach]:
    """What was tried for this voice, the newest first; members only."""
    return Approach.objects.filter(voice=voice).select_related("task__owner_actor", "task__owner_person", "actor")


def due_approaches(alliance: Alliance, today: dt.date) -> QuerySet[Approach]:
    """Those whose day has come without an outcome, the oldest first."""
    waiting = Q(outcome=Approach.Outcome.WAITING, task__done_on=None, task__cancelled_on=None)
    found = Approach.objects.filter(waiting, voice__alliance=alliance, task__due_on__lte=today)
    return found.select_related("voice", "task__owner_person").order_by("task__due_on", "id")
