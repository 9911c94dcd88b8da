"""The directory: the actors of an alliance, filtered, counted and found by letter. About ten queries in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from maillage.actors.indexing import KIND
from maillage.actors.models import Actor, ActorField
from maillage.actors.selectors import Word, actors_of, by_type, named_like
from maillage.actors.vocabulary import Scheme
from maillage.alliances.models import Alliance
from maillage.concertation.models import Seat, Space
from maillage.concertation.selectors import seats_of, spaces_of
from maillage.core import search

PER_PAGE = 15
SEARCHED = 100
"""What search adds to the names that hold the words asked: as much as it gives at once."""


@dataclass
class Directory:
    """What may be listed, and how it is filtered. ``chosen``: filter → what was asked (empty: nothing)."""

    alliance: Alliance
    day: dt.date
    everything: bool
    words: Mapping[str, Sequence[Word]]
    chosen: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def found(self) -> list[int]:
        """What search finds in names, other spellings and missions, words of the same stem included. Two queries."""
        hits = search.find(
            self.chosen.get("text", ""), kinds=[KIND], alliance_id=self.alliance.pk,
            include_private=self.everything, limit=SEARCHED,
        )  # fmt: skip
        return [int(hit.object_id) for hit in hits.results]

    def base(self) -> QuerySet[Actor]:
        return actors_of(self.alliance, self.day, everything=self.everything)

    def seats(self) -> QuerySet[Seat]:
        return seats_of(self.alliance, self.day, everything=self.everything)

    def several(self) -> QuerySet[Any, Any]:
        """The ids of the actors that sit in more than one space."""
        counted = self.seats().order_by().values("actor").annotate(n=Count("space", distinct=True))
        return counted.filter(n__gt=1).values("actor")

    def _condition(self, name: str, value: str) -> Q:
        if name == "text":
            return named_like(value) | Q(pk__in=self.found)
        if name == "type":
            return Q(type=value)
        if name == "space":
            return Q(Exists(self.seats().filter(actor=OuterRef("pk"), space__uuid=value)))
        if name == "several":
            return Q(pk__in=self.several())
        covers = next((word.covers for word in self.words[name] if word.code == value), frozenset())
        return Q(Exists(ActorField.objects.filter(actor=OuterRef("pk"), scheme=name, code__in=covers)))

    def actors(self, *leaving_out: str) -> QuerySet[Actor]:
        """The actors that answer every filter but ``leaving_out``: what its own counts are made on."""
        found = self.base()
        for name, value in self.chosen.items():
            if value and name not in leaving_out:
                found = found.filter(self._condition(name, value))
        return found

    @cached_property
    def types(self) -> dict[str, int]:
        """How many would answer with each type. One query."""
        return by_type(self.actors("type"))

    def spaces(self) -> list[tuple[Space, int]]:
        """How many would answer with each space. Two queries."""
        rows = self.seats().filter(actor__in=self.actors("space").order_by()).order_by()
        counts = {row["space"]: row["n"] for row in rows.values("space").annotate(n=Count("actor", distinct=True))}
        spaces = spaces_of(self.alliance, self.day, everything=self.everything)
        return [(space, counts.get(space.pk, 0)) for space in spaces]

    def several_count(self) -> int:
        """How many would answer with « à plusieurs tables ». One query."""
        return self.actors("several").filter(pk__in=self.several()).count()

    def tagged(self) -> dict[str, list[tuple[Word, int]]]:
        """How many would answer with each sector, field and scale. One query; a word that nobody has is left out.

        The counts of a list are made on what answers the other lists: the sets are crossed here rather than
        asked of the database three times.
        """
        rows = ActorField.objects.filter(actor__in=self.actors(*Scheme.values).order_by())
        held: dict[tuple[str, str], set[int]] = {}
        for scheme, code, actor in rows.order_by().values_list("scheme", "code", "actor_id"):
            held.setdefault((scheme, code), set()).add(actor)
        sets = {
            (scheme, word.code): set().union(*(held.get((scheme, code), set()) for code in word.covers))
            for scheme, words in self.words.items()
            for word in words
        }
        asked = {scheme: sets[scheme, self.chosen[scheme]] for scheme in Scheme.values if self.chosen.get(scheme)}
        found: dict[str, list[tuple[Word, int]]] = {}
        for scheme, words in self.words.items():
            others = [answering for other, answering in asked.items() if other != scheme]
            counted = [(word, len(sets[scheme, word.code].intersection(*others))) for word in words]
            found[scheme] = [(word, n) for word, n in counted if n or self.chosen.get(scheme) == word.code]
        return found

    def letters(self) -> list[tuple[str, int]]:
        """The first letters of what is listed, each with the page it begins on. One query."""
        rows = (
            self.actors()
            .order_by()
            .annotate(first=Substr("sort_key", 1, 1))
            .values("first")
            .annotate(n=Count("pk"))
            .order_by("first")
        )
        found: list[tuple[str, int]] = []
        before = 0
        for row in rows:
            letter = row["first"].upper() if row["first"].isalpha() else "#"
            if not found or found[-1][0] != letter:
                found.append((letter, before // PER_PAGE + 1))
            before += row["n"]
        return found


def spaces_by_actor(seats: QuerySet[Seat], actors: Sequence[Actor]) -> dict[int, list[Space]]:
    """For each of these actors, the spaces where it sits, by name. One query."""
    found: dict[int, list[Space]] = {actor.pk: [] for actor in actors}
    rows = seats.filter(actor__in=[actor.pk for actor in actors]).select_related("space")
    for seat in rows.order_by("space__sort_key", "space_id"):
        if seat.space not in found[seat.actor_id]:
            found[seat.actor_id].append(seat.space)
    return found
