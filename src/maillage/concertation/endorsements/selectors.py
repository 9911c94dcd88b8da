"""Reads of resolutions and mandates: who sees which, in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from maillage.actors.interests.selectors import references_left
from maillage.alliances.models import Alliance, Person
from maillage.concertation.endorsements.rules import takes_part
from maillage.concertation.governance.holders import seats_of_person
from maillage.concertation.models import Decision, DelegateMandate, Endorsement, Seat, SeatHolder
from maillage.core.access import may

State = Endorsement.State
WORDS_A_MINUTE = 200
"""How fast an adult reads plain French, at the least."""


def endorsements_read_by(viewer: Any, alliance: Alliance) -> QuerySet[Endorsement]:
    """The resolutions this reader may list, newest first: as ``concertation.view_endorsement`` says of each one."""
    rows = Endorsement.objects.filter(alliance=alliance).select_related("council", "decision")
    if may(viewer, "alliances.oversee", alliance) or may(viewer, "alliances.steer", alliance):
        shown = rows
    elif takes_part.test(viewer, alliance):
        shown = rows.exclude(state=State.DRAFT)
    else:
        shown = rows.exclude(state=State.DRAFT).filter(is_public=True)
    return shown.exclude(uuid__in=_left(viewer)).order_by("-created_at", "-id")


def _left(viewer: Any) -> list[str]:
    left = references_left(viewer)
    return [one.partition(":")[2] for one in left if one.startswith("concertation.endorsement:")]


def public_endorsements(alliance: Alliance) -> QuerySet[Endorsement]:
    """What anyone reads, for exports and the account."""
    rows = Endorsement.objects.filter(alliance=alliance, is_public=True).exclude(state=State.DRAFT)
    return rows.select_related("council", "decision").order_by("-answered_on", "-created_at", "-id")


def waiting_for_councils(viewer: Any, alliance: Alliance) -> QuerySet[Endorsement]:
    """What was sent and waits for an answer, the next session first."""
    rows = endorsements_read_by(viewer, alliance).filter(state=State.SENT).prefetch_related("interests")
    return rows.order_by("session_on", "created_at", "id")


def minutes_to_read(endorsement: Endorsement) -> int:
    """How long it takes to read the resolution, in minutes, rounded up."""
    words = sum(len(text.split()) for text in [*endorsement.whereas, endorsement.resolved])
    return max(1, -(-words // WORDS_A_MINUTE))


def mandates_on(decision: Decision) -> QuerySet[DelegateMandate]:
    """What goes back to boards before this decision, for the members of its space."""
    rows = DelegateMandate.objects.filter(decision=decision).exclude(state=DelegateMandate.State.GIVEN)
    return rows.select_related("seat__actor").order_by("board_on", "id")


def boards_to_hear(day: dt.date) -> QuerySet[DelegateMandate]:
    """What went back to boards that have met by ``day``, over decisions still open, and has no answer."""
    rows = DelegateMandate.objects.filter(
        state=DelegateMandate.State.ASKED, board_on__lt=day, decision__state=Decision.State.OPEN
    )
    return rows.select_related("decision", "seat__actor").order_by("board_on", "id")


def seats_for(person: Person, day: dt.date) -> list[SeatHolder]:
    """The seats this person holds, with actor and space."""
    return list(seats_of_person(person, day))


def open_decisions(spaces: list[int], left: frozenset[str]) -> QuerySet[Decision]:
    """The decisions that members of these spaces are asked about, without those that were left."""
    keys = [one.partition(":")[2] for one in left if one.startswith("concertation.decision:")]
    rows = Decision.objects.filter(space__in=spaces, state=Decision.State.OPEN).exclude(uuid__in=keys)
    return rows.order_by("closes_at", "id")


def mandates_of(seats: list[int], left: frozenset[str]) -> QuerySet[DelegateMandate]:
    """What these seats keep: standing mandates, and those of decisions still open, without those that were left."""
    keys = [one.partition(":")[2] for one in left if one.startswith("concertation.decision:")]
    rows = DelegateMandate.objects.filter(seat__in=seats).filter(
        Q(decision=None) | Q(decision__state=Decision.State.OPEN)
    )
    return rows.exclude(decision__uuid__in=keys).select_related("decision", "seat__actor", "seat__space__alliance")


def seat_of(alliance: Alliance, pk: int) -> Seat | None:
    rows = Seat.objects.select_related("actor", "space__alliance__parent")
    return rows.filter(pk=pk, space__alliance=alliance).first()
