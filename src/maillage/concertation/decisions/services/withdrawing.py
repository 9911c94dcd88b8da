"""Leaving a decision for a conflict of interest: from then on the person sees nothing of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from maillage.actors.models import Actor, Withdrawal
from maillage.alliances.models import Person
from maillage.concertation.decisions.models import Decision
from maillage.core import audit


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
) -> Withdrawal:
    """The withdrawal itself, once. The decision is locked by the caller."""
    reason = reason if reason in Withdrawal.Reason.values else Withdrawal.Reason.OTHER
    row, made = Withdrawal.objects.get_or_create(
        person=person, reference=decision.reference, lifted_at=None,
        defaults={
            "alliance": decision.alliance, "actor": actor, "reason": reason, "public_words": words.strip()[:300],
            "at": now,
        },
    )  # fmt: skip
    if made:
        audit.record(
            "concertation.decision_left", decision, by=by, alliance=decision.alliance, via=via,
            after={"withdrawal": row.pk, "reason": reason},
        )  # fmt: skip
    if person.user is not None:
        person.user.__dict__.pop("_maillage_withdrawn", None)
    if by is not None:
        by.__dict__.pop("_maillage_withdrawn", None)
    return row
