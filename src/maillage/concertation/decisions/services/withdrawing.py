"""Leaving a decision for a conflict of interest: from then on the person sees nothing of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.actors.interests import services as interests
from maillage.actors.models import Actor, Withdrawal
from maillage.alliances.models import Person
from maillage.concertation.decisions.models import Decision, Objection, Position
from maillage.concertation.vocabulary import Stand
from maillage.core import contributions
from maillage.core.access import may


def leave(
    *,
    decision: Decision,
    person: Person,
    actor: Actor,
    reason: str,
    words: str,
    by: Any,
    now: dt.datetime,
    via: str,
    present: bool = False,
    recorded_by: Any = None,
) -> Withdrawal:
    """The withdrawal itself, once. The decision is locked by the caller, who has asked the right of a second person.

    ``present``, ``recorded_by``: as for ``actors.interests.services.withdraw``.
    Errors: ``ValidationError`` where whoever records it may not withdraw someone else.
    """
    if by is not None and recorded_by is None and not may(by, "actors.withdraw", person):
        raise ValidationError(_("Only the person, or whoever supports the alliance, records a withdrawal."))
    reason = reason if reason in Withdrawal.Reason.values else Withdrawal.Reason.OTHER
    return interests.withdraw(
        person=person, reference=decision.reference, reason=reason, actor=actor, public_words=words.strip()[:300],
        now=now, by=by, via=via, present=present, recorded_by=recorded_by,
    )  # fmt: skip


@contributions.withdrawal_changed.add
def follow(withdrawal: Withdrawal, now: dt.datetime) -> None:
    """Someone left, or was let back in, by any road: their objection falls; lifted, their seat may answer again.

    What counts is computed from the withdrawals themselves (``voices.Room``): nothing else has to change.
    """
    kind, _colon, key = withdrawal.reference.partition(":")
    field = {"concertation.decision": "decision__uuid", "concertation.agendaitem": "decision__agenda_item__uuid"}
    if kind not in field:
        return
    mine = Position.objects.filter(
        **{field[kind]: key}, person=withdrawal.person_id, superseded_at=None, decision__state=Decision.State.OPEN
    )
    if withdrawal.lifted_at is not None:
        mine.filter(stand=Stand.WITHDRAWN).update(superseded_at=now, aside=Position.Aside.CHANGED)
        return
    for row in mine.filter(stand=Stand.OBJECTION):
        standing = Objection.objects.filter(decision=row.decision_id, seat=row.seat_id, holder=row.holder_id)
        standing.exclude(state=Objection.State.LIFTED).update(state=Objection.State.LIFTED, settled_at=now)
