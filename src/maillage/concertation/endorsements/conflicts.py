"""What people answer when the data show a conflict of interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests import services as interests
from maillage.actors.interests.selectors import forget
from maillage.actors.interests.services import LINK
from maillage.actors.models import Actor, Withdrawal, WithdrawalNote
from maillage.alliances.models import Person
from maillage.concertation.endorsements.found import Conflict, Subject, conflicts_of
from maillage.concertation.governance.holders import seats_of_person
from maillage.concertation.models import AgendaItem, Decision, Meeting, NoConflict, SeatHolder
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock


def subject_of(reference: str) -> Subject | None:
    """The decision or agenda item of a reference, with what its pages need."""
    kind, _colon, key = reference.partition(":")
    try:
        if kind == "concertation.decision":
            return Decision.objects.select_related("alliance__parent", "space", "agenda_item").filter(uuid=key).first()
        if kind == "concertation.agendaitem":
            related = ("meeting__alliance__parent", "meeting__space")
            return AgendaItem.objects.select_related(*related).filter(uuid=key).first()
    except ValidationError:
        return None
    return None


def subjects_of(references: Collection[str]) -> dict[str, Subject]:
    """The same for many, by reference: two queries. What is no longer there is absent."""
    kinds: dict[str, list[str]] = {}
    for reference in references:
        kind, _colon, key = reference.partition(":")
        kinds.setdefault(kind, []).append(key)
    decisions = Decision.objects.select_related("alliance__parent", "space", "agenda_item")
    items = AgendaItem.objects.select_related("meeting__alliance__parent", "meeting__space")
    rows: list[Subject] = [
        *decisions.filter(uuid__in=kinds.get("concertation.decision", ())),
        *items.filter(uuid__in=kinds.get("concertation.agendaitem", ())),
    ]
    return {row.reference: row for row in rows}


def seat_actor(person: Person, subject: Subject, day: dt.date) -> Actor | None:
    """The actor this person sits for in the subject's space, where they sit for one only."""
    space = subject.space_id if isinstance(subject, Decision) else subject.meeting.space_id
    actors = {
        held.seat.actor_id: held.seat.actor for held in seats_of_person(person, day) if held.seat.space_id == space
    }
    return next(iter(actors.values())) if len(actors) == 1 else None


def leave(
    *,
    person: Person,
    subject: Subject,
    now: dt.datetime,
    reason: str = "",
    public_words: str = "",
    by: Any = None,
    via: str = "web",
) -> Withdrawal:
    """The person themself withdraws from the subject. The reason found in the data stands where none is given.

    Errors: as for ``actors.interests.services.withdraw``.
    """
    day = subject.alliance.today(now)
    found = conflicts_of(person, subject, day)
    return interests.withdraw(
        person=person, reference=subject.reference, now=now, actor=seat_actor(person, subject, day),
        reason=reason or _reason(found), public_words=public_words, found=bool(found), by=by, via=via,
    )  # fmt: skip


def was_there(person: Person, subject: Subject) -> bool:
    """Whether the person is noted present in the meeting where the subject is dealt with, begun already.

    A seat that several people hold says that somebody is there, not who: nobody is taken at one person's word then.
    """
    from maillage.concertation.minutes.keeping import people_there

    item = subject.agenda_item if isinstance(subject, Decision) else subject
    if item is None or item.meeting.state not in {Meeting.State.OPEN, Meeting.State.HELD}:
        return False
    if person not in people_there(item.meeting):
        return False
    holders = SeatHolder.objects.at(item.meeting.day).filter(
        seat__space=item.meeting.space_id, part=SeatHolder.Part.HOLDER
    )
    own = holders.filter(person=person).values("seat")
    return not holders.filter(seat__in=own).exclude(person=person).exists()


@transaction.atomic
def write_down(
    *,
    person: Person,
    subject: Subject,
    by: Any,
    now: dt.datetime,
    reason: str = "",
    source: str = "",
    public_words: str = "",
    via: str = "web",
) -> Withdrawal | WithdrawalNote:
    """Someone else writes down that the person withdraws. Said in the room where they are noted present, it holds at
    once; otherwise it waits for a second person (:func:`confirm`). The person is written to, the public log tells it.

    Errors: as for ``actors.interests.services.note``.
    """
    day = subject.alliance.today(now)
    found = conflicts_of(person, subject, day)
    common = {
        "person": person, "reference": subject.reference, "actor": seat_actor(person, subject, day), "now": now,
        "reason": reason or _reason(found), "public_words": public_words, "by": by, "via": via,
    }  # fmt: skip
    if was_there(person, subject):
        return interests.withdraw(found=bool(found), present=True, **common)
    return interests.note(source=source, **common)


def _waiting(note: WithdrawalNote, by: Any) -> WithdrawalNote:
    subject = subject_of(note.reference)
    if subject is None:
        raise ValidationError(_("This item is gone: there is nothing left to withdraw from."))
    require(by, "concertation.confirm_withdrawal", subject)
    lock(note.person)
    row = WithdrawalNote.objects.select_related("person__alliance", "actor", "recorded_by").get(pk=note.pk)
    if row.settled_at is not None:
        raise ValidationError(_("This withdrawal no longer waits for anyone."))
    if row.recorded_by_id is None or row.recorded_by_id == by.pk:
        raise ValidationError(_("You wrote it down: a second person confirms it."))
    return row


@transaction.atomic
def confirm(*, note: WithdrawalNote, by: Any, now: dt.datetime, via: str = "web") -> Withdrawal:
    """The second person says that the source says so: from now on the withdrawal holds.

    Errors: ``PermissionDenied``; ``ValidationError`` for whoever wrote it down, or where it waits no more.
    """
    row = _waiting(note, by)
    return interests.withdraw(
        person=row.person, reference=row.reference, reason=row.reason, actor=row.actor, public_words=row.public_words,
        now=now, by=by, via=via, recorded_by=row.recorded_by,
    )  # fmt: skip


@transaction.atomic
def turn_down(*, note: WithdrawalNote, by: Any, now: dt.datetime, via: str = "web") -> None:
    """The second person does not confirm it: nobody withdrew. Errors: as for :func:`confirm`."""
    interests.drop(note=_waiting(note, by), now=now, by=by, via=via)


def _reason(found: list[Conflict]) -> str:
    if not found:
        return str(Withdrawal.Reason.OTHER)
    first = found[0]
    return str(Withdrawal.Reason.DECLARED) if first.through == "interest" else first.reason


@transaction.atomic
def say_no_conflict(
    *, person: Person, subject: Subject, words: str, now: dt.datetime, by: Any = None, via: str = "web"
) -> NoConflict:
    """The person says in words why what was found is no conflict. Kept, and read by the members of the space.

    Errors: ``PermissionDenied`` for anyone else than the person; ``ValidationError`` without words, or where the person
    has withdrawn already.
    """
    if not (by is None and via == LINK):
        require(by, "actors.own_interests", person)
    person = lock(person)
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("Say in a few words why there is no conflict.")})
    if Withdrawal.objects.filter(person=person, reference=subject.reference, lifted_at=None).exists():
        raise ValidationError(_("You have already withdrawn from this item."))
    day = subject.alliance.today(now)
    found = conflicts_of(person, subject, day)
    made = NoConflict(
        alliance=subject.alliance, reference=subject.reference, person=person, words=words, at=now,
        actor=found[0].actor if found else seat_actor(person, subject, day),
        found=sorted({conflict.key for conflict in found}),
    )  # fmt: skip
    made.full_clean()
    made.save()
    forget()
    audit.record(
        "concertation.conflict_denied", made, by=by, alliance=subject.alliance, via=via,
        # The words stay with the item: whoever reads the log may have withdrawn from it.
        after={"reference": subject.reference, "found": made.found},
    )  # fmt: skip
    return made
