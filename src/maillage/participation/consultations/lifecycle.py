"""Opening and closing: the instants that matter, each in the audit log, done once whoever asks first.

A step opens and closes at its own hours, or with its consultation. ``tick`` does it every few seconds in the worker;
a ballot that comes after the closing hour is refused by the urn itself, whether the tick has passed or not.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from maillage.core import audit, jobs
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.urn import services as urn

logger = logging.getLogger("maillage.participation")
S = Consultation.State


def open_consultation(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """Open it, and its steps whose hour has come. Errors: ``ValidationError`` with what is still missing."""
    require(by, "participation.run", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state != S.DRAFT:
            raise ValidationError(_("This consultation is no longer in preparation."))
        missing = what_is_missing(found, now)
        if missing:
            raise ValidationError(missing)
        if found.opens_at is None or found.opens_at > now:
            found.opens_at = now
        found.state, found.opened_at, found.opened_by = S.OPEN, now, by
        found.save(update_fields=["opens_at", "state", "opened_at", "opened_by"])
        audit.record("participation.consultation_opened", found, by=by, alliance=found.alliance, via=via)
        for step in found.steps.filter(state=Step.State.WAITING):
            if (step.opens_at or now) <= now:
                _open_step(step, by=by, via=via)
    return found


def what_is_missing(consultation: Consultation, now: dt.datetime) -> list[str]:
    """What must still be said before it opens, a sentence each; empty where it is ready."""
    missing = []
    if not consultation.steps.exists():
        missing.append(_("Add at least one step: what is asked of people."))
    if consultation.closes_at is None:
        missing.append(_("Say when it closes."))
    elif consultation.closes_at <= now:
        missing.append(_("The closing is already past: choose a later one."))
    return missing


def _open_step(step: Step, *, by: Any, via: str) -> None:
    step.state = Step.State.OPEN
    step.save(update_fields=["state"])
    urn.prepare_urn(step)
    audit.record("participation.step_opened", step, by=by, alliance=step.consultation.alliance, via=via)


def close_step(*, step: Step, by: Any, now: dt.datetime, via: str = "web") -> Step:
    """No ballot is taken any more; the urn is opened in the background. Asked twice, it does nothing the second time.

    ``by``: None for the hour that has come.
    """
    if by is not None:
        require(by, "participation.run", step.consultation)
    with transaction.atomic():
        found = lock(step)
        if found.state != Step.State.OPEN:
            return found
        found.state, found.closed_at = Step.State.CLOSED, now
        found.save(update_fields=["state", "closed_at"])
        alliance = found.consultation.alliance
        audit.record("participation.step_closed", found, by=by, alliance=alliance, via=via)
        jobs.start("participation.count", by=by, alliance=alliance, params={"step": str(found.uuid)})
    return found


def close_consultation(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """Close it and every step that is open or still to come."""
    if by is not None:
        require(by, "participation.run", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state != S.OPEN:
            return found
        for step in found.steps.filter(state=Step.State.OPEN).order_by("pk"):
            close_step(step=step, by=by, now=now, via=via)
        found.steps.filter(state=Step.State.WAITING).update(state=Step.State.CLOSED, closed_at=now)
        found.state, found.closed_at = S.CLOSED, now
        found.save(update_fields=["state", "closed_at"])
        audit.record("participation.consultation_closed", found, by=by, alliance=found.alliance, via=via)
    return found


def tick(now: dt.datetime) -> int:
    """Open and close what the hour has come for. How many things it did."""
    return sum(len(done) for done in (_close_due(now), _open_due(now)))


def _close_due(now: dt.datetime) -> Sequence[Any]:
    done: list[Any] = []
    # Kiosks send what they hold for some minutes more: the step closes once these are past.
    live = Step.objects.filter(state=Step.State.OPEN, consultation__state=S.OPEN)
    due = live.annotate(end=Coalesce("closes_at", "consultation__closes_at")).filter(end__lte=now)
    for step in due.select_related("consultation__alliance__parent").order_by("pk"):
        if step.end + dt.timedelta(minutes=step.consultation.kiosk_grace) <= now:
            done.append(close_step(step=step, by=None, now=now, via="task"))
    over = Consultation.objects.filter(state=S.OPEN, closes_at__lte=now).filter(
        ~Q(steps__state=Step.State.OPEN) | Q(kiosk_grace=0)
    )
    for consultation in over.select_related("alliance__parent").distinct().order_by("pk"):
        done.append(close_consultation(consultation=consultation, by=None, now=now, via="task"))
    return done


def _open_due(now: dt.datetime) -> Sequence[Any]:
    done = []
    due = Step.objects.filter(state=Step.State.WAITING, consultation__state=S.OPEN, opens_at__lte=now).exclude(
        closes_at__lte=F("opens_at")
    )
    for step in due.select_related("consultation__alliance__parent").order_by("pk"):
        with transaction.atomic():
            fresh = lock(step)
            if fresh.state == Step.State.WAITING:
                _open_step(fresh, by=None, via="task")
                done.append(fresh)
    return done
