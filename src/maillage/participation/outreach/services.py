"""The outreach plan: written, put in order, and told honestly afterwards, what did not take place included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from maillage.core import audit
from maillage.core.access import require
from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.services import locked
from maillage.participation.outreach.models import Outreach

S = Consultation.State
EDITABLE = frozenset(
    {"who", "obstacle", "relay", "relay_words", "place", "on", "until", "means", "offered", "aimed", "is_public"}
)
CODES = frozenset({"relay", "on", "until", "aimed", "is_public", "done_on", "cancelled_on"})
"""What the log may hold: ids, days, what was aimed at; words stay in the plan, and so does how many people came."""
MOST = 60
"""Ways of one plan."""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else getattr(value, "pk", value)


def _record(act: str, way: Outreach, by: Any, via: str, names: Iterable[str], **more: Any) -> None:
    after = {name: _plain(getattr(way, name)) for name in sorted(CODES & set(names))}
    audit.record(
        f"participation.{act}", way, by=by, alliance=way.consultation.alliance, via=via,
        after={"consultation": way.consultation_id, **after, **more},
    )  # fmt: skip


def _locked(way: Outreach) -> Outreach:
    """The way read again under the lock of its consultation. Errors: ``ValidationError`` where it is gone."""
    consultation = locked(way.consultation)
    found = Outreach.objects.select_related("relay").filter(pk=way.pk).first()
    if found is None:
        raise ValidationError(_("This is no longer in the plan."))
    found.consultation = consultation
    return found


def _check(way: Outreach) -> None:
    way.who = " ".join(way.who.split())
    errors: dict[str, str] = {}
    if way.relay is not None and way.relay.alliance_id != way.consultation.alliance_id:
        errors["relay"] = _("Choose an actor of the same alliance.")
    if way.until is not None and way.on is None:
        errors["on"] = _("Say the first day too.")
    elif way.on is not None and way.until is not None and way.until < way.on:
        errors["until"] = _("The last day comes before the first one.")
    if errors:
        raise ValidationError(errors)
    way.full_clean(exclude=["consultation", "relay"], validate_constraints=False)


@transaction.atomic
def add_way(*, consultation: Consultation, by: Any, via: str = "web", **values: Any) -> Outreach:
    """One more way towards people, after the others. ``values``: any of ``EDITABLE``.

    Errors: ``PermissionDenied``; ``ValidationError``, by field; ``KeyError`` for another field.
    """
    require(by, "participation.plan_outreach", consultation)
    if unknown := set(values) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    found = locked(consultation)
    require(by, "participation.plan_outreach", found)
    if found.outreach.count() >= MOST:
        raise ValidationError(_("The plan holds %(n)s at most: gather some of them.") % {"n": MOST})
    last = found.outreach.aggregate(last=Max("position"))["last"]
    way = Outreach(consultation=found, position=0 if last is None else last + 1, **values)
    _check(way)
    way.save()
    _record("outreach_added", way, by, via, values)
    return way


@transaction.atomic
def update_way(*, way: Outreach, changes: Mapping[str, Any], by: Any, via: str = "web") -> Outreach:
    """Change some of ``EDITABLE``, while nothing is said of what came of it. Errors: as :func:`add_way`."""
    require(by, "participation.plan_outreach", way)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    found = _locked(way)
    require(by, "participation.plan_outreach", found)
    if found.state != "planned":
        raise ValidationError(_("What came of it is written: what was planned no longer changes."))
    different = sorted(name for name, value in changes.items() if getattr(found, name) != value)
    if not different:
        return found
    for name in different:
        setattr(found, name, changes[name])
    _check(found)
    found.save()
    _record("outreach_updated", found, by, via, different, changed=different)
    return found


@transaction.atomic
def move_way(*, way: Outreach, up: bool, by: Any, via: str = "web") -> None:
    """Before the one above it, or after the one below. At the end of the list nothing happens."""
    require(by, "participation.plan_outreach", way)
    found = _locked(way)
    require(by, "participation.plan_outreach", found)
    rows = list(found.consultation.outreach.order_by("position", "pk"))
    place = [row.pk for row in rows].index(found.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    Outreach.objects.bulk_update(rows, ["position"])
    _record("outreach_updated", found, by, via, (), changed=["position"], position=other)


@transaction.atomic
def remove_way(*, way: Outreach, by: Any, via: str = "web") -> None:
    """Take it out of the plan, in preparation. Once people were asked, what was planned stays: it is cancelled, and
    says why. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.plan_outreach", way)
    found = _locked(way)
    if found.consultation.state != S.DRAFT:
        raise ValidationError(_("People are being asked: what was planned stays. Say why it does not take place."))
    if found.state != "planned":
        raise ValidationError(_("What came of it is written: it stays in the plan."))
    _record("outreach_removed", found, by, via, ())
    found.delete()


@transaction.atomic
def note_outcome(
    *, way: Outreach, done_on: dt.date, reached: int | None, outcome: str, by: Any, today: dt.date, via: str = "web"
) -> Outreach:
    """Say what came of it: when, how many people, in words. Said again, it is corrected.

    Errors: ``PermissionDenied``; ``ValidationError``, by field, where it is cancelled included.
    """
    require(by, "participation.note_outreach", way)
    found = _locked(way)
    require(by, "participation.note_outreach", found)
    if found.state == "cancelled":
        raise ValidationError(_("It is written that it did not take place. Take that back first."))
    words = outcome.strip()
    if done_on > today:
        raise ValidationError({"done_on": _("Write it once it has taken place.")})
    if reached is None and not words:
        raise ValidationError({"outcome": _("Say what came of it, or how many people were reached.")})
    if (found.done_on, found.reached, found.outcome) == (done_on, reached, words):
        return found
    found.done_on, found.reached, found.outcome = done_on, reached, words
    found.full_clean(exclude=["consultation", "relay"], validate_constraints=False)
    found.save(update_fields=["done_on", "reached", "outcome"])
    _record("outreach_noted", found, by, via, ["done_on"])
    return found


@transaction.atomic
def cancel_way(*, way: Outreach, why: str, by: Any, today: dt.date, via: str = "web") -> Outreach:
    """It does not take place, or did not: the reason stays in the plan.

    Errors: ``PermissionDenied``; ``ValidationError`` without reason, or where it took place.
    """
    require(by, "participation.note_outreach", way)
    found = _locked(way)
    require(by, "participation.note_outreach", found)
    words = " ".join(why.split())
    if not words:
        raise ValidationError({"why": _("Say why it does not take place.")})
    if found.state == "done":
        raise ValidationError(_("It took place: what came of it is written."))
    if found.state == "cancelled" and found.cancelled_why == words:
        return found
    found.cancelled_on, found.cancelled_why = found.cancelled_on or today, words
    found.full_clean(exclude=["consultation", "relay"], validate_constraints=False)
    found.save(update_fields=["cancelled_on", "cancelled_why"])
    _record("outreach_cancelled", found, by, via, ["cancelled_on"])
    return found


@transaction.atomic
def hide_way(*, way: Outreach, by: Any, via: str = "web") -> Outreach:
    """No longer told in public, at once, also when it took place and the results are published: it could put people in
    danger. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.note_outreach", way)
    found = _locked(way)
    require(by, "participation.note_outreach", found)
    if found.is_public:
        found.is_public = False
        found.save(update_fields=["is_public"])
        _record("outreach_updated", found, by, via, ["is_public"], changed=["is_public"])
    return found


@transaction.atomic
def take_back(*, way: Outreach, by: Any, via: str = "web") -> Outreach:
    """Written by mistake: what came of it, or why it did not take place, is emptied; it is planned again."""
    require(by, "participation.note_outreach", way)
    found = _locked(way)
    require(by, "participation.note_outreach", found)
    if found.state == "planned":
        return found
    found.done_on = found.reached = found.cancelled_on = None
    found.outcome = found.cancelled_why = ""
    found.save(update_fields=["done_on", "reached", "outcome", "cancelled_on", "cancelled_why"])
    _record("outreach_taken_back", found, by, via, ())
    return found
