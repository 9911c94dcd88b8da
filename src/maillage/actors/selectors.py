"""Reads of actors, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from maillage.actors.models import Actor, ActorAlias
from maillage.actors.vocabulary import TYPE_ORDER, Scheme
from maillage.alliances.models import Alliance, AllianceTerritory, Term
from maillage.core.access import may
from maillage.core.dates import holding
from maillage.core.text import fold, sort_key
from maillage.territories.models import Territory, TerritoryMembership


def sees_all(viewer: Any, alliance: Alliance) -> bool:
    """Whether the viewer also sees what is not shown in public."""
    return viewer is not None and may(viewer, "actors.view_all", alliance)


def actor_condition(day: dt.date, *, everything: bool, prefix: str = "") -> Q:
    """Present on ``day``, not absorbed by another, and public unless ``everything``."""
    condition = holding(day, prefix) & Q(**{f"{prefix}merged_into": None})
    return condition if everything else condition & Q(**{f"{prefix}is_public": True})


def actors_of(alliance: Alliance, day: dt.date, *, everything: bool = False) -> QuerySet[Actor]:
    """The actors of the alliance on ``day``; only those shown in public unless ``everything``."""
    return Actor.objects.filter(actor_condition(day, everything=everything), alliance=alliance)


def named_like(text: str) -> Q:
    """Each word of ``text`` is in the name or in another spelling of it, accents and case apart."""
    condition: Any = Q()
    for word in sort_key(text).split():
        spelled = ActorAlias.objects.filter(actor=OuterRef("pk"), folded__contains=word)
        condition &= Q(sort_key__contains=word) | Exists(spelled)
    found: Q = condition
    return found


def by_type(actors: QuerySet[Actor]) -> dict[str, int]:
    """How many of these actors are of each type, in the fixed order; types without any are left out. One query."""
    counts = {row["type"]: row["n"] for row in actors.order_by().values("type").annotate(n=Count("pk", distinct=True))}
    return dict(sorted(counts.items(), key=lambda item: TYPE_ORDER.get(item[0], len(TYPE_ORDER))))


@dataclass(frozen=True)
class Word:
    """A term of a list, in the reader's language. ``covers``: the codes that count as it, itself included."""

    code: str
    label: str
    covers: frozenset[str]


def vocabulary(alliance: Alliance) -> dict[str, list[Word]]:
    """Sectors, fields and scales: the fixed ones, then the alliance's own. One query."""
    english = get_language() == "en"
    terms = Term.objects.filter(Q(alliance=None) | Q(alliance=alliance), scheme__in=Scheme.values)
    found: dict[str, list[Word]] = {scheme: [] for scheme in Scheme.values}
    covered: dict[tuple[str, str], set[str]] = defaultdict(set)
    ordered = sorted(terms, key=lambda term: (term.alliance_id is not None, term.position, term.code))
    for term in ordered:
        covered[term.scheme, term.counts_as or term.code].add(term.code)
    for term in ordered:
        covers = frozenset({term.code}) if term.alliance_id else frozenset(covered[term.scheme, term.code])
        found[term.scheme].append(Word(term.code, (english and term.en) or term.fr, covers))
    return found


def known_codes(alliance: Alliance, scheme: str) -> set[str]:
    """Every code the alliance may tag with in this scheme."""
    return {word.code for word in vocabulary(alliance).get(scheme, ())}


def same_name(alliance: Alliance, name: str) -> QuerySet[Actor]:
    """Actors of the alliance whose name or other spelling is this one, accents and punctuation apart."""
    spelled = ActorAlias.objects.filter(actor=OuterRef("pk"), folded=fold(name)[:300])
    return Actor.objects.current().filter(Q(sort_key=sort_key(name)) | Exists(spelled), alliance=alliance)


def elsewhere(actor: Actor, day: dt.date) -> QuerySet[Actor]:
    """The same organisation's presence in other alliances, where both are open to the public."""
    if actor.organisation_id is None:
        return Actor.objects.none()
    return (
        Actor.objects.filter(
            actor_condition(day, everything=False), organisation_id=actor.organisation_id, alliance__is_public=True
        )
        .exclude(alliance_id=actor.alliance_id)
        .select_related("alliance")
        .order_by("alliance__sort_key", "id")
    )


def tag_words(actor: Actor) -> list[tuple[str, list[str]]]:
    """What the actor is tagged with: ``(scheme's label, words)``, schemes without any left out. Two queries."""
    tags = {(tag.scheme, tag.code) for tag in actor.tags.all()}
    if not tags:
        return []
    known = vocabulary(actor.alliance)
    found = [
        (str(Scheme(scheme).label), [word.label for word in words if (scheme, word.code) in tags])
        for scheme, words in known.items()
    ]
    return [(label, words) for label, words in found if words]


MOST_PLACES = 400
"""Places offered to choose from."""


def places_of(alliance: Alliance, day: dt.date) -> list[Territory]:
    """Where an actor of the alliance may be: its territories, what lies in them, and below. Three queries."""
    known = list(
        Territory.objects.filter(pk__in=AllianceTerritory.objects.filter(alliance=alliance).values("territory"))
    )
    found, level = {place.pk: place for place in known}, known
    for _step in range(2):
        links = TerritoryMembership.objects.at(day).filter(parent__in=level).select_related("child")
        level = [
            link.child for link in links.order_by("child__sort_key", "pk")[:MOST_PLACES] if link.child_id not in found
        ]
        found |= {place.pk: place for place in level}
    return sorted(found.values(), key=lambda place: (place.sort_key, place.pk))[:MOST_PLACES]
