"""What waits for someone about decisions, and the entry of the menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.concertation.decisions.models import WAITS, Decision, Delegation, Objection, Position
from maillage.concertation.decisions.selectors import left_condition
from maillage.concertation.governance.holders import person_of, seats_of_person
from maillage.concertation.models import SeatHolder
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import NavigationItem, Todo

SHOWN = 5


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    url = reverse("concertation_in:decisions", args=[scope.slug])
    yield NavigationItem(label=_("Decisions"), url=url, order=36)
    if viewer is not None and may(viewer, "concertation.edit", scope):
        yield NavigationItem(label=_("Decisions"), url=url, area="workspace", group=_("Tables and meetings"), order=40)


def _open(scope: Alliance, viewer: Any) -> Any:
    found = Decision.objects.filter(alliance_id=scope.pk, state=Decision.State.OPEN).exclude(left_condition(viewer))
    return found.select_related("alliance", "space").order_by(F("closes_at").asc(nulls_last=True), "pk")


@contributions.todo.register
def positions(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Open decisions where the viewer's seat has not answered. Five queries at most."""
    person = person_of(viewer, scope)
    if person is None:
        return
    held = list(seats_of_person(person, today))
    if not held:
        return
    own = {row.seat_id: row.pk for row in held if row.part == SeatHolder.Part.HOLDER}
    stands_in = {row.seat_id for row in held if row.part == SeatHolder.Part.SUBSTITUTE} - set(own)
    waiting = list(_open(scope, viewer).filter(space__in={row.seat.space_id for row in held})[:50])
    said: set[tuple[int, int, int | None]] = set(
        Position.objects.filter(decision__in=waiting, seat__in=[*own, *stands_in], superseded_at=None)
        .exclude(WAITS)
        .values_list("decision", "seat", "holder")
    )
    delegated: set[tuple[int, int]] = set(
        Delegation.objects.filter(decision__in=waiting, holder__seat__in=stands_in, ended_at=None).values_list(
            "decision", "holder__seat"
        )
    )
    spaces = {row.seat_id: row.seat.space_id for row in held}
    shown = 0
    for decision in waiting:
        mine = [
            seat for seat, holder in own.items() if not said & {(decision.pk, seat, None), (decision.pk, seat, holder)}
        ]
        mine += [seat for seat in stands_in if (decision.pk, seat) in delegated]
        if not any(spaces[seat] == decision.space_id for seat in mine):
            continue
        due = scope.today(decision.closes_at) if decision.closes_at else None
        if due is not None and due < today:
            continue
        yield Todo(
            title=_("Take a position: %(title)s") % {"title": decision.title}, detail=decision.space.name,
            url=decision.get_absolute_url(), action=_("Take a position"), due=due, key=f"position-{decision.uuid}",
        )  # fmt: skip
        shown += 1
        if shown == SHOWN:
            return


@contributions.todo.register
def of_the_agent(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Objections without an answer, deadlines that passed, positions to confirm, follow-ups due. Four queries."""
    if viewer is None or not may(viewer, "concertation.edit", scope):
        return
    unanswered = Objection.objects.filter(decision__in=_open(scope, viewer).order_by(), state=Objection.State.RAISED)
    for row in unanswered.select_related("decision__alliance", "seat__actor").order_by("raised_at", "pk")[:SHOWN]:
        yield Todo(
            title=_("%(actor)s objects: %(title)s") % {"actor": row.seat.actor.name, "title": row.decision.title},
            url=reverse("concertation_in:objection_answer", args=[scope.slug, row.decision.uuid, row.uuid]),
            action=_("Answer"), key=f"objection-{row.uuid}",
        )  # fmt: skip
    begins = dt.datetime.combine(today, dt.time.min, tzinfo=scope.zone)
    for decision in _open(scope, viewer).filter(closes_at__lt=begins)[:SHOWN]:
        yield Todo(
            title=_("Answers are in: %(title)s") % {"title": decision.title},
            detail=_("Its time has passed. Nothing closes by itself."),
            url=reverse("concertation_in:decision_close", args=[scope.slug, decision.uuid]),
            action=_("See the count and close"), due=scope.today(decision.closes_at), key=f"to-close-{decision.uuid}",
        )  # fmt: skip
    absent = Position.objects.filter(
        WAITS, decision__in=_open(scope, viewer).order_by(), superseded_at=None
    ).exclude(recorded_by=viewer)  # fmt: skip
    for said in absent.select_related("decision__alliance", "seat__actor").order_by("given_at", "pk")[:SHOWN]:
        yield Todo(
            title=_("Confirm the position of %(actor)s") % {"actor": said.seat.actor.name}, detail=said.decision.title,
            url=said.decision.get_absolute_url(), action=_("Confirm"), key=f"confirm-{said.uuid}",
        )  # fmt: skip
    due = Decision.objects.filter(alliance_id=scope.pk, state=Decision.State.CLOSED, follow_up_on__lte=today)
    due = due.filter(Q(became_on=None) | Q(became_on__lt=F("follow_up_on"))).exclude(left_condition(viewer))
    for decision in due.select_related("alliance").order_by("follow_up_on", "pk")[:SHOWN]:
        yield Todo(
            title=_("What became of: %(title)s") % {"title": decision.title},
            url=reverse("concertation_in:decision_follow_up", args=[scope.slug, decision.uuid]),
            action=_("Say what became of it"), due=decision.follow_up_on, key=f"follow-up-{decision.uuid}",
        )  # fmt: skip
