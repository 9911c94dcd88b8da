"""Declaring interests, withdrawing from an item, lifting a withdrawal made by mistake."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.interests import selectors
from maillage.actors.interests.models import Interest, InterestReview, Withdrawal, WithdrawalNote
from maillage.actors.models import Actor
from maillage.alliances.acts.services import LANGUAGE, tell
from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices import services as notices
from maillage.core import audit, contributions, site
from maillage.core.access import require
from maillage.core.locks import lock

NOTICE = "withdrawal-recorded"
ADDRESS_DAYS = dt.timedelta(days=60)
"""How long the address of such a notice opens the page where it is undone."""
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
    present: bool = False,
    recorded_by: Any = None,
) -> Withdrawal:
    """The person leaves an item: from now on they neither see its deliberation nor act on it. Twice is once.

    ``reference``: ``app.model:uuid``. ``actor``: the one they sat for. ``found``: the conflict was found in the data.
    ``contributions.withdrawal_changed`` is told in the same transaction.

    No one alone withdraws somebody else. ``recorded_by``: who wrote it down first, ``by`` being the second person,
    whose right the caller has asked. ``present``: the caller knows the person to be in the room, and ``by`` takes the
    notes.
    The public log tells both, and the person is written to: they may undo it (:func:`undo`).
    Errors: ``PermissionDenied``; ``ValidationError`` for one person alone, an unknown reason, a reference that is none,
    an actor of another alliance.
    """
    others = _for_someone(by, person)
    if not others or recorded_by is None:
        _asked(by, via, "actors.withdraw", person)
    if others and not present and (recorded_by is None or recorded_by.pk == by.pk):
        raise ValidationError(
            _("You wrote it down: a second person confirms it. Only the person withdraws by themselves."), code="alone"
        )
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
    made = Withdrawal(
        alliance_id=person.alliance_id, person=person, actor=actor, reference=reference, reason=reason,
        public_words=public_words.strip(), found=found, at=now, recorded_by=(recorded_by or by) if others else None,
    )  # fmt: skip
    made.full_clean()
    made.save()
    WithdrawalNote.objects.filter(person=person, reference=reference, settled_at=None).update(
        settled_at=now, settled_by=by, confirmed=True
    )
    entry = audit.record(
        "actors.withdrew", made, by=by, alliance=person.alliance, via=via,
        after={"reference": reference, "reason": reason, "actor": actor.pk if actor else None, "found": found},
    )  # fmt: skip
    if others:
        if recorded_by is None:
            tell(
                alliance=person.alliance, kind="withdrawal-recorded", by=by, reference=reference, entry=entry,
                label=lambda: _("Withdrawal written down for a member"), at=now,
            )  # fmt: skip
        else:
            tell(
                alliance=person.alliance, kind="withdrawal-confirmed", by=by, reference=reference, entry=entry,
                label=lambda: _("Withdrawal of a member confirmed"), at=now,
            )  # fmt: skip
        if via != "demo":
            _tell_person(person, reference, now, waits=False)
    _changed(made, now)
    return made


@transaction.atomic
def note(
    *,
    person: Person,
    reference: str,
    reason: str,
    source: str,
    now: dt.datetime,
    by: Any,
    actor: Actor | None = None,
    public_words: str = "",
    via: str = "web",
) -> WithdrawalNote:
    """Write down that someone who is not there withdraws: nothing is hidden from them until a second person confirms.

    ``source``: where it comes from. The public log tells it, and the person is written to. Twice is once.
    Errors: ``PermissionDenied``; ``ValidationError`` for oneself, without a source, for someone who withdrew already,
    and as for :func:`withdraw`.
    """
    require(by, "actors.withdraw", person)
    if not _for_someone(by, person):
        raise ValidationError(_("You withdraw yourself: nobody else has to confirm it."))
    person = lock(person)
    if not source.strip():
        raise ValidationError({"source": _("Say where it comes from: a call, a form on paper, and its date.")})
    if reason not in Withdrawal.Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if not _is_reference(reference) or (actor is not None and actor.alliance_id != person.alliance_id):
        raise ValidationError(_("This item cannot be left."))
    if Withdrawal.objects.filter(person=person, reference=reference, lifted_at=None).exists():
        raise ValidationError(_("This person has already withdrawn from this item."))
    waiting = WithdrawalNote.objects.filter(person=person, reference=reference, settled_at=None).first()
    if waiting is not None:
        return waiting
    made = WithdrawalNote(
        person=person, actor=actor, reference=reference, reason=reason, public_words=public_words.strip(),
        source=source.strip(), at=now, recorded_by=by,
    )  # fmt: skip
    made.full_clean()
    made.save()
    entry = audit.record(
        "actors.withdrawal_noted", made, by=by, alliance=person.alliance, via=via,
        after={"reference": reference, "reason": reason, "actor": actor.pk if actor else None},
    )  # fmt: skip
    tell(
        alliance=person.alliance, kind="withdrawal-recorded", by=by, reference=reference, entry=entry, at=now,
        label=lambda: _("Withdrawal written down for a member, to be confirmed"),
    )  # fmt: skip
    _tell_person(person, reference, now, waits=True)
    return made


@transaction.atomic
def undo(*, withdrawal: Withdrawal, now: dt.datetime, by: Any = None, via: str = "web") -> None:
    """The person says that they did not withdraw: what someone else wrote down for them holds no more, at once.

    Errors: ``PermissionDenied`` for anyone else, or for a withdrawal they said themselves. Undone twice is once.
    """
    _asked(by, via, "actors.undo_withdrawal", withdrawal)
    if withdrawal.recorded_by_id is None:
        raise PermissionDenied("actors.undo_withdrawal")
    lock(withdrawal.person)
    withdrawal = lock(withdrawal)
    if withdrawal.lifted_at is not None:
        return
    withdrawal.lifted_at = now
    with translation.override(LANGUAGE):
        withdrawal.lifted_why = _("The person says that they did not withdraw.")
    withdrawal.save(update_fields=["lifted_at", "lifted_why"])
    audit.record(
        "actors.withdrawal_undone", withdrawal, by=by, alliance=withdrawal.alliance, via=via,
        after={"reference": withdrawal.reference},
    )  # fmt: skip
    _changed(withdrawal, now)


@transaction.atomic
def refuse_note(*, note: WithdrawalNote, now: dt.datetime, by: Any = None, via: str = "web") -> None:
    """The person says that they do not withdraw: nobody may confirm it any more. Asked twice, it is done once.

    Errors: ``PermissionDenied`` for anyone else.
    """
    _asked(by, via, "actors.undo_withdrawal", note)
    drop(note=note, now=now, by=by, via=via)


def drop(*, note: WithdrawalNote, now: dt.datetime, by: Any, via: str = "web") -> None:
    """The note waits no more, and nobody withdrew. The caller has asked the rule."""
    lock(note.person)
    note = lock(note)
    if note.settled_at is not None:
        return
    note.settled_at, note.settled_by = now, by
    note.save(update_fields=["settled_at", "settled_by"])
    audit.record(
        "actors.withdrawal_note_dropped", note, by=by, alliance=note.person.alliance, via=via,
        after={"reference": note.reference},
    )  # fmt: skip


def _tell_person(person: Person, reference: str, now: dt.datetime, *, waits: bool) -> None:
    """Write to whom a withdrawal was written down for: the title of the item, and not a word of its deliberation."""
    address, url, token = site.address(), "", ""
    # A substitute without a role is written to, but has no page of interests: the address would be closed to them.
    if links.opens_to(person, "interests", person.alliance.today(now)):
        token = links.make(person=person, purpose="interests", expires_at=now + ADDRESS_DAYS)
        url = address + reverse("actors:interests_link", args=[token])
    with translation.override(person.language):
        titles = dict(contributions.left_titles.collect([reference]))
        title = str(titles.get(reference) or _("An item"))
        if waits:
            said = _("Someone wrote down that you withdraw from “%(title)s”, for a conflict of interest.")
            then = _("It holds once a second person confirms it: from then on you read no more of it.")
        else:
            said = _("It was written down that you withdraw from “%(title)s”, for a conflict of interest.")
            then = _("You read no more of what is said of it, and take no position on it.")
        lines = [
            said % {"title": title},
            then,
            _("If it is not so, say it on the page below: it is undone at once, without any reason to give.")
            if url
            else _("If it is not so, tell the team of the alliance: it is undone without any reason to give."),
            _("The public log tells this act, without your name. You may also appeal against it to the coordination."),
        ]
        subject = _("Your withdrawal was written down: %(title)s") % {"title": title}
        # No reference: whoever withdrew is told nothing of the item but this.
        notices.notify(
            person=person, kind=NOTICE, subject=subject, must=True, site=address, url=url,
            secrets=(token,) if token else (),
            context={"lines": lines, "action_label": _("Look at it, or say that it is not so")},
        )  # fmt: skip


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
