"""Closing a decision: the outcome computed under a lock, dissent recorded; publishing it; what became of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.concertation.decisions import indexing, words
from maillage.concertation.decisions.disclosed import split_of
from maillage.concertation.decisions.models import Decision, Objection
from maillage.concertation.decisions.services.common import locked, must_be, must_be_free, tell_person
from maillage.concertation.decisions.voices import Room, room_of, several_of
from maillage.concertation.endorsements.gate import require_free
from maillage.concertation.vocabulary import Stand
from maillage.core import audit
from maillage.core.access import require


@transaction.atomic
def close_decision(
    *,
    decision: Decision,
    by: Any,
    now: dt.datetime,
    site: str,
    follow_up_on: dt.date | None = None,
    via: str = "web",
    told: bool = True,
) -> Decision:
    """Close it: the outcome by the rule, from what counts at this instant. It never opens again.

    Objections nobody lifted are maintained. Positions that wait for a second person do not count, and are told.
    ``told=False``: nobody is written to.
    Errors: ``PermissionDenied``; :class:`Late` where someone else closed it first; ``ValidationError`` before it opens.
    """
    decision = locked(decision)
    require(by, "concertation.close_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.OPEN)
    room = room_of(decision, decision.alliance.today(now))
    result = room.result()
    decision.state, decision.closed_at, decision.closed_by = Decision.State.CLOSED, now, by
    decision.outcome, decision.has_dissent = result.outcome, result.dissent
    decision.tally = tally_of(room)
    if follow_up_on is not None:
        decision.follow_up_on = follow_up_on
    decision.save()
    _settle(room, now)
    audit.record(
        "concertation.decision_closed", decision, by=by, alliance=decision.alliance, via=via,
        after={"outcome": result.outcome, "reason": result.reason, "tally": asdict(result)},
    )  # fmt: skip
    indexing.put([decision])
    if told:
        _tell_members(room, now=now, site=site)
    return decision


def tally_of(room: Room) -> dict[str, Any]:
    """Everything the outcome was computed from, as it is kept: figures, the positions that counted, who withdrew."""
    several = several_of(room.voices)
    stands: dict[int, Counter[str]] = {seat: Counter() for seat in several}
    for (seat, _holder), row in room.counted().items():
        if seat in stands:
            stands[seat][row.stand] += 1
    for voice in room.out():
        if voice.seat.pk in stands:
            stands[voice.seat.pk][Stand.WITHDRAWN] += 1
    return {
        **asdict(room.result()),
        "counted": sorted(row.pk for row in room.counted().values()),
        "out": [list(voice.key) for voice in room.out()],
        "gone": sorted(row.pk for row in room.gone()),
        "several": {str(seat): n for seat, n in several.items()},
        "colleges": split_of(stands, several),
        "unconfirmed": len(room.waiting),
    }


def _settle(room: Room, now: dt.datetime) -> None:
    """What nobody lifted is maintained; what nobody may hold any more (a seat ended, a withdrawal) is lifted."""
    counted = room.counted()
    for objection in room.decision.objections.exclude(state=Objection.State.LIFTED):
        if objection.voice in counted:
            objection.state = Objection.State.MAINTAINED
            objection.settled_at = objection.settled_at or now
        else:
            objection.state, objection.settled_at = Objection.State.LIFTED, now
        objection.save(update_fields=["state", "settled_at"])


def _tell_members(room: Room, *, now: dt.datetime, site: str) -> None:
    decision = room.decision
    persons = {row.person_id: row.person for voice in room.voices for row in voice.holders}
    for person in persons.values():
        person.alliance = decision.alliance
        with translation.override(person.language):
            told = {"title": decision.title, "outcome": decision.get_outcome_display()}
            tell_person(
                person=person, decision=decision, kind="decision-closed", site=site, now=now,
                subject=_("Decision closed: %(title)s") % told,
                lines=[_("The decision “%(title)s” is closed: %(outcome)s.") % told, words.headline(room.result())],
            )  # fmt: skip


@transaction.atomic
def publish_decision(*, decision: Decision, by: Any, now: dt.datetime, via: str = "web") -> Decision:
    """Show a closed decision to everyone, dissent whole. By another person than the one who closed it.

    Errors: ``PermissionDenied``; ``ValidationError`` before it is closed, or where it is public already.
    """
    decision = locked(decision)
    require(by, "concertation.publish_decision", decision)
    must_be_free(decision, by, now)
    if decision.state != Decision.State.CLOSED:
        raise ValidationError(_("A decision is published once it is closed."))
    if decision.is_public:
        raise ValidationError(_("This decision is public already."))
    decision.is_public, decision.published_at = True, now
    decision.save(update_fields=["is_public", "published_at"])
    entry = audit.record("concertation.decision_published", decision, by=by, alliance=decision.alliance, via=via)
    tell(
        alliance=decision.alliance, kind="decision-published", by=by, reference=decision.reference, entry=entry,
        label=lambda: _("Decision %(code)s: %(title)s") % {"code": decision.code, "title": decision.title}, at=now,
    )  # fmt: skip
    indexing.put([decision])
    return decision


@transaction.atomic
def record_follow_up(
    *,
    decision: Decision,
    by: Any,
    today: dt.date,
    became: str,
    follow_up_on: dt.date | None = None,
    via: str = "web",
) -> Decision:
    """What became of it, and when to look again (``None``: no more).

    Errors: ``PermissionDenied``; ``ValidationError`` before it is closed, or for a day gone by.
    """
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    require_free(by=by, subject=decision, today=today)
    if decision.state != Decision.State.CLOSED:
        raise ValidationError(_("What became of it is written once it is closed."))
    if follow_up_on is not None and follow_up_on < today:
        raise ValidationError({"follow_up_on": _("Choose a day to come, or none.")})
    decision.became, decision.became_on, decision.follow_up_on = became.strip(), today, follow_up_on
    decision.full_clean(exclude=["alliance", "space", "agenda_item", "presenter", "after", "closed_by"])
    decision.save()
    audit.record(
        "concertation.decision_followed_up", decision, by=by, alliance=decision.alliance, via=via,
        after={"follow_up_on": follow_up_on.isoformat() if follow_up_on else None},
    )  # fmt: skip
    return decision
