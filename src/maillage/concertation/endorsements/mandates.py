"""Delegates: the mandate their actor gives them, what goes back to the board, and the board's answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests.services import LINK
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.concertation.endorsements.gate import require_free
from maillage.concertation.models import Decision, DelegateMandate, Seat
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

State = DelegateMandate.State


def _asked(by: Any, via: str, seat: Seat) -> None:
    if not (by is None and via == LINK):
        require(by, "concertation.keep_mandate", seat)


def _told(by: Any, person: Person | None, row: DelegateMandate, entry: Any) -> None:
    """What the agent writes for a delegate is told to everyone; the delegate's own words are not."""
    if by is not None and (person is None or person.user_id != by.pk):
        seat = row.seat
        # Anyone reads this log: neither an actor nor a space that is not shown to the public is named there.
        tell(
            alliance=seat.space.alliance, kind="mandate-recorded", by=by, entry=entry,
            on_behalf=seat.actor.name if seat.actor.is_public else "",
            label=seat.space.name if seat.space.is_public else lambda: _("A space that is not public"),
            reference=row.decision.reference if row.decision else "",
        )  # fmt: skip


@transaction.atomic
def give(
    *,
    seat: Seat,
    mandate: str,
    now: dt.datetime,
    person: Person | None = None,
    decision: Decision | None = None,
    by: Any = None,
    via: str = "web",
) -> DelegateMandate:
    """The mandate that the actor gives its delegate, standing or for one decision. Written again, it replaces them.

    Errors: ``PermissionDenied`` (withdrawn from the decision included); ``ValidationError`` without words, or for a
    decision of another space.
    """
    row = _row(seat, decision, person, now, by, via)
    mandate = mandate.strip()
    if not mandate:
        raise ValidationError({"mandate": _("Write what your organisation mandates you to say or decide.")})
    row.mandate = mandate
    return _kept(row, "mandate_kept", {"decision": decision.pk if decision else None}, by, via)


@transaction.atomic
def ask_board(
    *,
    seat: Seat,
    decision: Decision,
    question: str,
    now: dt.datetime,
    board_on: dt.date | None = None,
    person: Person | None = None,
    by: Any = None,
    via: str = "web",
) -> DelegateMandate:
    """The delegate takes a question back to their board before the decision. Members of the space see it, and the day.

    Errors: as for :func:`give`; also for a decision already closed, or a board that meets in the past.
    """
    if decision.state in {Decision.State.CLOSED, Decision.State.WITHDRAWN}:
        raise ValidationError(_("This decision is closed: nothing goes back to a board any more."))
    if board_on is not None and board_on < decision.alliance.today(now):
        raise ValidationError({"board_on": _("This day has passed: write the board’s next meeting.")})
    row = _row(seat, decision, person, now, by, via)
    question = question.strip()
    if not question:
        raise ValidationError({"question": _("Write what goes back to the board.")})
    row.question, row.board_on, row.state = question, board_on, State.ASKED
    row.answer, row.answered_on = "", None
    after = {"decision": decision.pk, "board_on": board_on.isoformat() if board_on else None}
    return _kept(row, "board_asked", after, by, via)


@transaction.atomic
def answer_board(
    *, mandate: DelegateMandate, answer: str, on: dt.date, by: Any = None, via: str = "web"
) -> DelegateMandate:
    """What the board answered. Errors: ``PermissionDenied``; ``ValidationError`` without words or without question."""
    _asked(by, via, mandate.seat)
    if mandate.decision is not None:
        _free(by, mandate.decision, mandate.person, on)
    row = lock(mandate)
    if row.state == State.GIVEN:
        raise ValidationError(_("Nothing went back to the board."))
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": _("Write what the board answered.")})
    row.answer, row.answered_on, row.state = answer, on, State.ANSWERED
    return _kept(row, "board_answered", {"on": on.isoformat()}, by, via)


def _free(by: Any, decision: Decision, person: Person | None, today: dt.date) -> None:
    """Neither whoever acts nor the delegate in whose name it is done has withdrawn, or has yet to answer."""
    require_free(by=by, subject=decision, today=today, person=person)


def _row(
    seat: Seat, decision: Decision | None, person: Person | None, now: dt.datetime, by: Any, via: str
) -> DelegateMandate:
    _asked(by, via, seat)
    lock(seat)
    if decision is not None:
        if decision.space_id != seat.space_id:
            raise ValidationError(_("This decision is of another space."))
        _free(by, decision, person, decision.alliance.today(now))
    same = DelegateMandate.objects.select_related("seat__actor", "seat__space__alliance", "decision")
    found = same.filter(seat=seat, decision=decision).first()
    if found is None:
        found = DelegateMandate(seat=seat, decision=decision, created_at=now)
    found.person = person or found.person
    return found


def _kept(row: DelegateMandate, act: str, after: dict[str, Any], by: Any, via: str) -> DelegateMandate:
    row.full_clean(exclude=["seat", "person", "decision"])
    row.save()
    seat = row.seat
    entry = audit.record(
        f"concertation.{act}", row, by=by, alliance=seat.space.alliance, via=via, after={"seat": seat.pk, **after}
    )
    _told(by, row.person, row, entry)
    return row
