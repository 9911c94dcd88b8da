"""Everything that changes ties. Whoever acts is ``by``, or ``person`` where they came by a personal address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor, Mandate, Tie
from maillage.actors.ties.rules import speaks_for
from maillage.actors.ties.words import check_how
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.core import audit
from maillage.core.access import require
from maillage.core.dates import FIRST
from maillage.core.formats import date
from maillage.core.locks import lock

ACT = "tie-written"
"""The agent told, confirmed or ended a tie in an actor's name."""
SOURCES = {"link": "link", "import": "import", "demo": "demo"}


def check_speaker(actor: Actor, *, by: Any, person: Person | None, today: dt.date) -> None:
    """Errors: ``PermissionDenied`` unless this account, or the person who came by a link, speaks for the actor."""
    if by is not None:
        require(by, "actors.speak_for", actor)
        return
    held = Mandate.objects.at(today).filter(actor=actor, person=person, person__erased_at=None)
    if person is None or not held.exists():
        raise PermissionDenied("actors.speak_for")


def in_name(actor: Actor, *, by: Any, via: str) -> bool:
    """The agent acts for an actor that is not theirs: it is told to everyone."""
    return by is not None and via == "web" and not speaks_for(by, actor)


def _log(act: str, tie: Tie, actor: Actor, *, by: Any, person: Person | None, via: str, **values: Any) -> None:
    """The audit line; and, where the agent acted for the actor, a line of the public log."""
    personal = {"person": (None, person.pk)} if person is not None else None
    key = f"person:{person.pk}" if person is not None else ""
    after = {"actor_id": actor.pk, **values}
    entry = audit.record(
        f"actors.{act}", tie, by=by, alliance=tie.alliance, after=after, personal=personal, person_key=key, via=via
    )
    if in_name(actor, by=by, via=via):

        def about() -> str:
            # Only where both are public: the log is read by anyone.
            if tie.first.is_public and tie.second.is_public:
                return _("Tie: %(first)s and %(second)s") % {"first": tie.first.name, "second": tie.second.name}
            return _("Tie between two actors")

        tell(
            alliance=tie.alliance, kind=ACT, by=by, label=about, reference=f"actors.tie:{tie.uuid}",
            on_behalf=actor.name if actor.is_public else "", entry=entry,
        )  # fmt: skip


def _pair(actor: Actor, other: Actor, today: dt.date) -> tuple[Actor, Actor]:
    """The two actors under lock, the lower id first.

    Errors: ``ValidationError`` for the same actor, another alliance, one merged or gone.
    """
    if actor.pk == other.pk:
        raise ValidationError(_("An organisation has no tie with itself. Choose another one."), code="itself")
    if actor.alliance_id != other.alliance_id:
        raise ValidationError(
            _("%(name)s belongs to another alliance. Choose an actor of this one.") % {"name": other.name},
            code="other_alliance",
        )
    first, second = (lock(one) for one in sorted((actor, other), key=lambda one: one.pk))
    for one in (first, second):
        if one.merged_into_id is not None or not one.holds(today):
            raise ValidationError(
                _("%(name)s is no longer part of the alliance. Choose another actor.") % {"name": one.name}, code="gone"
            )
    return first, second


def check_since(since: dt.date | None, today: dt.date) -> None:
    """Errors: ``ValidationError`` for a beginning in the future, or one nobody can remember."""
    if since is not None and since > today:
        raise ValidationError(_("A tie begins today at the latest. Check the date."), code="future")
    if since is not None and since < FIRST:
        raise ValidationError(_("This date is too far in the past. Check the year."), code="too_old")


@dataclass(frozen=True)
class Told:
    """What telling a tie did. ``outcome``: ``new``, ``confirmed`` (the other had told it), ``changed``, ``same``."""

    tie: Tie
    outcome: str


@transaction.atomic
def tell_tie(
    *,
    actor: Actor,
    other: Actor,
    kind: str,
    frequency: str,
    by: Any,
    today: dt.date,
    now: dt.datetime,
    how: str = "",
    since: dt.date | None = None,
    person: Person | None = None,
    via: str = "web",
) -> Told:
    """``actor`` says that it works with ``other``. Where the other already told the same, this confirms it.

    Errors: ``PermissionDenied``; ``ValidationError`` for itself, another alliance, an actor that is gone, a date to
    come or inside a tie already ended, one that the other side did not recognise, words of conflict.
    """
    check_speaker(actor, by=by, person=person, today=today)
    first, second = _pair(actor, other, today)
    check_since(since, today)
    how = check_how(how)
    same = list(Tie.objects.select_for_update().filter(first=first, second=second, kind=kind).order_by("pk"))
    standing = next((tie for tie in same if tie.until is None), None)
    if standing is not None:
        standing.first, standing.second = first, second
        return _told_again(standing, actor, frequency, how, since, by=by, person=person, now=now, today=today, via=via)
    _check_overlap(same, since)
    agents = in_name(actor, by=by, via=via)
    tie = Tie(
        alliance=actor.alliance, first=first, second=second, kind=kind, frequency=frequency, how=how, since=since,
        told_by_id=actor.pk, told_at=now, checked_on=today, source=SOURCES.get(via, "agent" if agents else "member"),
    )  # fmt: skip
    tie.full_clean(exclude=["alliance", "first", "second", "told_by"])
    tie.save()
    _log("tie_told", tie, actor, by=by, person=person, via=via, kind=kind, other_id=other.pk)
    return Told(tie, "new")


def _check_overlap(same: list[Tie], since: dt.date | None) -> None:
    """Errors: ``ValidationError`` where the new tie would begin inside one that was ended."""
    ended = [tie.until for tie in same if tie.until is not None]
    if ended and (since is None or since < max(ended)):
        raise ValidationError(
            _("This tie is already written until %(day)s. If it holds again, say since which day, then or later.")
            % {"day": date(max(ended))},
            code="overlap",
        )


def _told_again(
    tie: Tie, actor: Actor, frequency: str, how: str, since: dt.date | None,
    *, by: Any, person: Person | None, now: dt.datetime, today: dt.date, via: str,
) -> Told:  # fmt: skip
    """Two people told the same tie: one row, what the second one adds is kept."""
    mine = tie.told_by_id == actor.pk
    if mine and tie.answer == Tie.Answer.DECLINED:
        raise ValidationError(
            _("The other organisation did not recognise this tie. Agree with it first, then end this one here."),
            code="declined",
        )
    changes: dict[str, Any] = {}
    if mine and tie.frequency != frequency:
        changes["frequency"] = frequency
    if how and how != tie.how and (mine or not tie.how):
        changes["how"] = how
    if since is not None and (tie.since is None or (mine and tie.since != since)):
        changes["since"] = since
    confirms = not mine and tie.answer != Tie.Answer.CONFIRMED
    if confirms:
        changes |= {"answer": Tie.Answer.CONFIRMED, "answered_at": now}
    for name, value in changes.items():
        setattr(tie, name, value)
    tie.checked_on = today
    tie.save()
    if confirms:
        _log("tie_answered", tie, actor, by=by, person=person, via=via, answer=tie.answer)
        return Told(tie, "confirmed")
    if changes:
        _log("tie_changed", tie, actor, by=by, person=person, via=via, changed=sorted(changes))
        return Told(tie, "changed")
    return Told(tie, "same")


def _own(tie: Tie, actor: Actor, *, by: Any, person: Person | None, today: dt.date) -> Tie:
    """The tie under lock, for one of its two sides. Errors: ``PermissionDenied``; ``ValidationError`` if it ended."""
    if actor.pk not in (tie.first_id, tie.second_id):
        raise PermissionDenied("actors.speak_for")
    check_speaker(actor, by=by, person=person, today=today)
    tie = lock(tie)
    if tie.until is not None:
        raise ValidationError(
            _("This tie ended on %(day)s: it changes no more. Tell it again if it holds.") % {"day": date(tie.until)},
            code="ended",
        )
    return tie


@transaction.atomic
def answer_tie(
    *, tie: Tie, actor: Actor, recognised: bool, by: Any, now: dt.datetime, today: dt.date,
    person: Person | None = None, via: str = "web",
) -> Tie:  # fmt: skip
    """``actor`` confirms a tie that the other side told, or says that it does not recognise it.

    Errors: ``PermissionDenied``; ``ValidationError`` where it told the tie itself, it ended, or it was confirmed.
    """
    tie = _own(tie, actor, by=by, person=person, today=today)
    if tie.told_by_id == actor.pk:
        raise ValidationError(
            _("Your organisation told this tie: the other one confirms it. You can end it."), code="own"
        )
    answer = Tie.Answer.CONFIRMED if recognised else Tie.Answer.DECLINED
    if tie.answer == answer:
        return tie
    if tie.answer == Tie.Answer.CONFIRMED:
        raise ValidationError(_("This tie was confirmed. If it no longer holds, say when it ended."), code="confirmed")
    tie.answer, tie.answered_at = answer, now
    if recognised:
        tie.checked_on = today
    tie.save(update_fields=["answer", "answered_at", "checked_on"])
    _log("tie_answered", tie, actor, by=by, person=person, via=via, answer=answer)
    return tie


@transaction.atomic
def end_tie(
    *, tie: Tie, actor: Actor, on: dt.date, by: Any, today: dt.date, person: Person | None = None, via: str = "web"
) -> Tie:
    """The two no longer work together in this way from ``on``. The tie stays, ended: nothing is deleted.

    Errors: ``PermissionDenied``; ``ValidationError`` where it ended already, or the day cannot be.
    """
    tie = _own(tie, actor, by=by, person=person, today=today)
    if on > today:
        raise ValidationError(_("Say it when it has ended: this day is still to come."), code="future")
    if on < FIRST:
        raise ValidationError(_("This date is too far in the past. Check the year."), code="too_old")
    if tie.since is not None and on < tie.since:
        raise ValidationError(
            _("The end cannot come before the beginning, %(day)s.") % {"day": date(tie.since)}, code="before"
        )
    tie.until = on
    tie.save(update_fields=["until"])
    _log("tie_ended", tie, actor, by=by, person=person, via=via, until=on.isoformat())
    return tie


@transaction.atomic
def check_tie(
    *, tie: Tie, actor: Actor, by: Any, today: dt.date, person: Person | None = None, via: str = "web"
) -> Tie:
    """One side says that the tie still holds. Errors: ``PermissionDenied``; ``ValidationError`` where it ended."""
    tie = _own(tie, actor, by=by, person=person, today=today)
    if tie.checked_on != today:
        tie.checked_on = today
        tie.save(update_fields=["checked_on"])
        _log("tie_checked", tie, actor, by=by, person=person, via=via)
    return tie
