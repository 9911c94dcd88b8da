"""What people answer when the data show a conflict of interest."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests import services as interests
from maillage.actors.interests.selectors import forget
from maillage.actors.interests.services import LINK
from maillage.actors.models import Actor, Withdrawal
from maillage.alliances.models import Person
from maillage.concertation.endorsements.found import Conflict, Subject, conflicts_of
from maillage.concertation.governance.holders import seats_of_person
from maillage.concertation.models import AgendaItem, Decision, NoConflict
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
    """The person withdraws from the subject. The reason found in the data stands where none is given.

    Errors: as for ``actors.interests.services.withdraw``.
    """
    day = subject.alliance.today(now)
    found = conflicts_of(person, subject, day)
    return interests.withdraw(
        person=person, reference=subject.reference, now=now, actor=seat_actor(person, subject, day),
        reason=reason or _reason(found), public_words=public_words, found=bool(found), by=by, via=via,
    )  # fmt: skip


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
