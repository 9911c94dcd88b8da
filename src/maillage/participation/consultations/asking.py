"""Acts on a consultation under way that nobody does alone: one person asks and says why, another one confirms.

Who asked meanwhile changes nothing for those who answer: an option still counts, the hour stands, no code is made.
Where it closes before a second person confirms, what was asked falls, and its page says so.

A part says what an act does from its ``contributions.py``::

    asking.register(Act(Asked.Kind.WITHDRAW, title, do))

Rows are locked in one order: the consultation, its steps, then what is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Asked, Consultation, Step

S = Consultation.State
LIVE = (Asked.State.WAITING, Asked.State.AGREED)


@dataclass(frozen=True)
class Line:
    """One thing to look at before confirming: what it is about, as it is now, as it would be."""

    label: str
    before: str = ""
    after: str = ""
    removed: bool = False


def _nothing(asked: Asked) -> Iterable[Line]:
    return ()


@dataclass(frozen=True)
class Act:
    """``title(asked)``: what would be done, in a few words. ``do(asked, by, now, via)``: does it, under the locks, by
    the second person; it may refuse (``ValidationError``). ``lines(asked)``: what the second person looks at;
    ``effect``: what confirming does, where its title does not say it all.

    ``later``: once confirmed it is still to be done, by the team.
    """

    kind: str
    title: Callable[[Asked], str]
    do: Callable[[Asked, Any, dt.datetime, str], None] | None
    lines: Callable[[Asked], Iterable[Line]] = _nothing
    later: bool = False
    effect: Any = ""


_acts: dict[str, Act] = {}


def register(act: Act) -> Act:
    _acts[act.kind] = act
    return act


def act_of(asked: Asked) -> Act:
    return _acts[asked.kind]


def is_open(consultation: Consultation) -> None:
    """Errors: ``ValidationError`` where nobody is answering it."""
    if consultation.state != S.OPEN:
        raise ValidationError(_("This is done while the consultation is open only."))


def ask(
    *, consultation: Consultation, kind: str, why: str, by: Any, now: dt.datetime, step: Step | None = None,
    subject: str = "", given: dict[str, Any] | None = None, via: str = "web",
) -> Asked:  # fmt: skip
    """Keep what the first person asks. In the transaction of the caller, who asked the rule and holds the consultation.

    Errors: ``ValidationError`` where it is not open, without reason, or where it is asked already.
    """
    is_open(consultation)
    if not why.strip():
        raise ValidationError({"why": _("Say why: the second person decides on it.")})
    if live(consultation).filter(kind=kind, subject=subject[:80]).exists():
        raise ValidationError(_("It is already asked: a second person confirms."))
    made = Asked.objects.create(
        consultation=consultation, step=step, kind=kind, subject=subject[:80], given=given or {},
        why=why.strip()[:500], asked_by=by, asked_at=now,
    )  # fmt: skip
    _record("act_asked", made, by, via)
    return made


def _record(act: str, asked: Asked, by: Any, via: str) -> None:
    audit.record(
        f"participation.{act}", asked, by=by, alliance=asked.consultation.alliance, via=via, after={"kind": asked.kind}
    )


def live(consultation: Consultation) -> QuerySet[Asked]:
    """What waits for a second person, or for the team once it is confirmed."""
    return Asked.objects.filter(consultation=consultation, state__in=LIVE)


def waiting_for(consultation: Consultation, kind: str, subject: str = "") -> Asked | None:
    """What is asked of this kind, if anything."""
    return live(consultation).filter(kind=kind, subject=subject[:80]).first()


def held(asked: Asked) -> Asked:
    """What is asked, read again under its locks."""
    consultation = lock(asked.consultation)
    consultation.alliance = asked.consultation.alliance
    # A closing by the hour holds its step alone, and a ballot in the making too: wait for them.
    list(Step.objects.select_for_update().filter(consultation=consultation).order_by("pk").values_list("pk"))
    found = lock(asked)
    found.consultation = consultation
    return found


@transaction.atomic
def confirm(*, asked: Asked, by: Any, now: dt.datetime, via: str = "web") -> Asked:
    """The second person, never the one who asked: it is done. Confirmed twice, it is done once.

    Errors: ``PermissionDenied``; ``ValidationError`` for whoever asked, or where it fell, or can no longer be done.
    """
    require(by, "participation.second", asked.consultation)
    found = held(asked)
    if found.state in {Asked.State.AGREED, Asked.State.DONE}:
        return found
    if found.state != Asked.State.WAITING:
        raise ValidationError(_("Nobody asks for it any more, or it closed meanwhile: nothing is done."))
    if found.asked_by_id is not None and found.asked_by_id == by.pk:
        raise ValidationError(_("You asked for it: a second person confirms."))
    is_open(found.consultation)
    act = act_of(found)
    found.state = Asked.State.AGREED if act.later else Asked.State.DONE
    found.confirmed_by, found.ended_at = by, now
    found.save(update_fields=["state", "confirmed_by", "ended_at"])
    _record("act_confirmed", found, by, via)
    if act.do is not None:
        act.do(found, by, now, via)
    _forget_people(found)
    return found


def _forget_people(asked: Asked) -> None:
    """Who was to be added is written where it is of use; nothing of it stays here."""
    people = asked.given.pop("people", None)
    if people is not None:
        asked.given["count"] = len(people)
        asked.save(update_fields=["given"])


@transaction.atomic
def drop(*, asked: Asked, by: Any, now: dt.datetime, via: str = "web") -> Asked:
    """Whoever asked takes it back, or the second person does not confirm. Nothing happens once it has ended."""
    require(by, "participation.second", asked.consultation)
    found = held(asked)
    if found.state in LIVE:
        found.state, found.ended_at = Asked.State.DROPPED, now
        found.save(update_fields=["state", "ended_at"])
        _forget_people(found)
        _record("act_dropped", found, by, via)
    return found


def lapse(rows: QuerySet[Asked], *, by: Any, now: dt.datetime, via: str) -> None:
    """It closed before a second person confirmed. Inside the transaction of the closing."""
    for row in rows.filter(state__in=LIVE).select_related("consultation__alliance").order_by("pk"):
        row.state, row.ended_at = Asked.State.LAPSED, now
        row.save(update_fields=["state", "ended_at"])
        _forget_people(row)
        _record("act_lapsed", row, by, via)


@dataclass(frozen=True)
class Told:
    """What is asked, as its page shows it."""

    asked: Asked
    title: str
    lines: Sequence[Line]
    mine: bool
    effect: Any


def tell(asked: Asked, viewer: Any) -> Told:
    act = act_of(asked)
    lines = list(act.lines(asked)) if asked.state in LIVE else []
    mine = asked.asked_by_id is not None and asked.asked_by_id == viewer.pk
    return Told(asked, act.title(asked), lines, mine, act.effect)
