"""Declaring interests, withdrawing from an item, lifting a withdrawal made by mistake."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests import selectors
from maillage.actors.interests.models import Interest, InterestReview, Withdrawal
from maillage.actors.models import Actor
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.core import audit, contributions
from maillage.core.access import require
from maillage.core.locks import lock

LINK = "link"
"""``via`` of what comes by a personal address: ``by`` is then ``None`` and the page has found the person."""


def _asked(by: Any, via: str, permission: str, obj: Any) -> None:
    if by is None and via == LINK:
        return
    require(by, permission, obj)


def _is_reference(text: str) -> bool:
    """``app.model:uuid``, and nothing else."""
    kind, _colon, key = text.partition(":")
    try:
        return "." in kind and str(uuid.UUID(key)) == key
    except ValueError:
        return False


def _for_someone(by: Any, person: Person) -> bool:
    """Whether somebody else writes it for the person."""
    return by is not None and person.user_id != by.pk


@transaction.atomic
def declare(
    *,
    person: Person,
    kind: str,
    what: str,
    now: dt.datetime,
    actor: Actor | None = None,
    since: dt.date | None = None,
    is_private: bool = False,
    source: str = "",
    by: Any = None,
    via: str = "web",
) -> Interest:
    """Declare an interest, an office or a family tie. The same one declared twice is one.

    Errors: ``PermissionDenied``; ``ValidationError`` for no words, an actor of another alliance, a family tie written
    by someone else than the person, or written for someone without saying where it comes from.
    """
    _asked(by, via, "actors.declare_interests", person)
    person = lock(person)
    what, source = what.strip(), source.strip()
    if not what:
        raise ValidationError({"what": _("Say in a few words what it is.")})
    if actor is not None and actor.alliance_id != person.alliance_id:
        raise ValidationError({"actor": _("Choose an actor of this alliance.")})
    others = _for_someone(by, person)
    if others and kind == Interest.Kind.FAMILY:
        raise ValidationError({"kind": _("Only the person declares a family tie: its words are for them alone.")})
    if others and not source:
        raise ValidationError({"source": _("Say where it comes from: a call, a form on paper, and its date.")})
    private = is_private or kind == Interest.Kind.FAMILY
    same = Interest.objects.filter(person=person, kind=kind, actor=actor, what=what, until=None).first()
    if same is not None:
        return same
    made = Interest(
        person=person, kind=kind, actor=actor, what=what, since=since, is_private=private, declared_at=now,
        recorded_by=by if others else None, source=source if others else "",
    )  # fmt: skip
    made.full_clean()
    made.save()
    _reviewed(person, now)
    entry = audit.record(
        "actors.interest_declared", made, by=by, alliance=person.alliance, via=via,
        after={"kind": kind, "actor": actor.pk if actor else None},
    )  # fmt: skip
    if others:
        # No reference, no actor: anyone reads this log, and a declaration is nobody else's business.
        tell(
            alliance=person.alliance, kind="interest-recorded", by=by, entry=entry, at=now,
            label=lambda: _("Interest written down for a member"),
        )  # fmt: skip
    return made


@transaction.atomic
def end_interest(*, interest: Interest, on: dt.date, by: Any = None, via: str = "web") -> None:
    """The interest holds no more from that day. It stays in the file.

    Errors: ``PermissionDenied``; ``ValidationError`` for a day before it began, or one that has ended already.
    """
    _asked(by, via, "actors.declare_interests", interest)
    interest = lock(interest)
    if interest.until is not None:
        raise ValidationError(_("This interest has ended already."))
    if interest.since is not None and on < interest.since:
        raise ValidationError(_("It cannot end before it began."))
    interest.until = on
    interest.save(update_fields=["until"])
    audit.record(
        "actors.interest_ended", interest, by=by, alliance=interest.person.alliance, via=via,
        after={"until": on.isoformat()},
    )  # fmt: skip


def _reviewed(person: Person, now: dt.datetime) -> None:
    InterestReview.objects.update_or_create(person=person, defaults={"at": now})


@transaction.atomic
def confirm(*, person: Person, now: dt.datetime, by: Any = None, via: str = "web") -> None:
    """The person looked at what they declare and says that it is right, nothing at all included.

    Errors: ``PermissionDenied`` for anyone else, whoever steers included.
    """
    _asked(by, via, "actors.own_interests", person)
    person = lock(person)
    _reviewed(person, now)
    audit.record("actors.interests_confirmed", person, by=by, alliance=person.alliance, via=via)


@transaction.atomic
def withdraw(
    *,
    person: Person,
    reference: str,
    reason: str,
    now: dt.datetime,
    actor: Actor | None = None,
    public_words: str = "",
    found: bool = False,
    by: Any = None,
    via: str = "web",
) -> Withdrawal:
    """The person leaves an item: from now on they neither see its deliberation nor act on it. Twice is once.

    ``reference``: ``app.model:uuid``. ``actor``: the one they sat for. ``found``: the conflict was found in the data.
    ``contributions.withdrawal_changed`` is told in the same transaction.
    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown reason, a reference that is none, an actor of
    another alliance.
    """
    _asked(by, via, "actors.withdraw", person)
    person = lock(person)
    already = Withdrawal.objects.filter(person=person, reference=reference, lifted_at=None).first()
    if already is not None:
        return already
    if reason not in Withdrawal.Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if not _is_reference(reference):
        raise ValidationError(_("This item cannot be left."))
    if actor is not None and actor.alliance_id != person.alliance_id:
        raise ValidationError({"actor": _("Choose an actor of this alliance.")})
    others = _for_someone(by, person)
    made = Withdrawal(
        alliance_id=person.alliance_id, person=person, actor=actor, reference=reference, reason=reason,
        public_words=public_words.strip(), found=found, at=now, recorded_by=by if others else None,
    )  # fmt: skip
    made.full_clean()
    made.save()
    entry = audit.record(
        "actors.withdrew", made, by=by, alliance=person.alliance, via=via,
        after={"reference": reference, "reason": reason, "actor": actor.pk if actor else None, "found": found},
    )  # fmt: skip
    if others:
        tell(
            alliance=person.alliance, kind="withdrawal-recorded", by=by, reference=reference, entry=entry,
            label=lambda: _("Withdrawal written down for a member"), at=now,
        )  # fmt: skip
    _changed(made, now)
    return made


@transaction.atomic
def lift(*, withdrawal: Withdrawal, why: str, by: Any, now: dt.datetime) -> None:
    """Undo a withdrawal made by mistake: by someone who steers and is not the person. Logged, and told to all.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason. Lifted twice is once.
    """
    require(by, "actors.lift_withdrawal", withdrawal)
    if by is None:
        raise PermissionDenied("actors.lift_withdrawal")
    lock(withdrawal.person)
    withdrawal = lock(withdrawal)
    if withdrawal.lifted_at is not None:
        return
    why = why.strip()
    if not why:
        raise ValidationError({"why": _("Say why the withdrawal is lifted.")})
    withdrawal.lifted_at, withdrawal.lifted_why = now, why
    withdrawal.full_clean(exclude=["person", "alliance", "actor"])
    withdrawal.save(update_fields=["lifted_at", "lifted_why"])
    entry = audit.record(
        "actors.withdrawal_lifted", withdrawal, by=by, alliance=withdrawal.alliance,
        after={"reference": withdrawal.reference},
    )  # fmt: skip
    tell(
        alliance=withdrawal.alliance, kind="withdrawal-lifted", by=by, reference=withdrawal.reference, entry=entry,
        label=lambda: _("Withdrawal lifted"), at=now,
    )  # fmt: skip
    _changed(withdrawal, now)


def _changed(withdrawal: Withdrawal, now: dt.datetime) -> None:
    selectors.forget()
    for told in contributions.withdrawal_changed:
        told(withdrawal, now)
    selectors.forget()
