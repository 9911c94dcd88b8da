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
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit, jobs
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation import kinds
from maillage.participation.consultations import asking, setup, taking_part
from maillage.participation.consultations.access import missing_access
from maillage.participation.consultations.indexing import put
from maillage.participation.consultations.models import Asked, Consultation, Step
from maillage.participation.paper import keeping as paper
from maillage.participation.results.models import Result
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Kind, Method

logger = logging.getLogger("maillage.participation")
S = Consultation.State
SETTLE = dt.timedelta(seconds=3)
"""Ballots that reached the server before the hour are still being written at the hour: the step closes once they are.
None that reaches it at the hour or later is taken: the urn asks each for its instant."""


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
        entry = audit.record("participation.consultation_opened", found, by=by, alliance=found.alliance, via=via)
        _tell("consultation-opened", found, by, entry, now)
        for step in found.steps.filter(state=Step.State.WAITING):
            if (step.opens_at or now) <= now:
                open_step(step, by=by, via=via)
        put([found])
    return found


def _tell(kind: str, consultation: Consultation, by: Any, entry: Any, now: dt.datetime, source: str = "") -> None:
    """A line of the public log; nothing where the hour came by itself."""
    if by is not None:
        tell(
            alliance=consultation.alliance, kind=kind, by=by, label=consultation.title,
            reference=consultation.reference, source=source, entry=entry, at=now,
        )  # fmt: skip


def what_is_missing(consultation: Consultation, now: dt.datetime) -> list[str]:
    """What must still be said before it opens, a sentence each; empty where it is ready."""
    missing = []
    steps = list(consultation.steps.prefetch_related("options").order_by("position", "pk"))
    if not steps:
        missing.append(_("Add at least one step: what is asked of people."))
    if not consultation.intro.strip():
        missing.append(_("Say in plain words what it is about."))
    if not consultation.promise.strip():
        missing.append(_("Say what is promised to those who answer."))
    if not (consultation.space_id or consultation.decided_by.strip()):
        missing.append(_("Say who decides with it."))
    if consultation.is_evaluation and not consultation.concerns.strip():
        missing.append(_("Say whom the action that people look back on concerns."))
    for step in steps:
        step.consultation = consultation
        name = str(step)[:1].upper() + str(step)[1:]
        for what in _missing_in(step, now):
            missing.append(_("%(step)s: %(what)s") % {"step": name, "what": what[:1].lower() + what[1:]})
    missing += missing_access(consultation)
    if consultation.closes_at is None:
        missing.append(_("Say when it closes."))
    elif consultation.closes_at <= now:
        missing.append(_("The closing is already past: choose a later one."))
    return missing


def _missing_in(step: Step, now: dt.datetime) -> list[str]:
    found = []
    end = step.closes_at or step.consultation.closes_at
    if step.closes_at and step.closes_at <= now:
        found.append(_("its closing is already past."))
    elif step.opens_at and end and step.opens_at >= end:
        found.append(_("it would open after its closing."))
    if step.kind == Kind.PRIORITIES:
        options = list(step.options.all())
        # Its options come from the ideas of another step: they are chosen meanwhile, and it waits for them.
        if len(options) < 2 and not (step.after and step.after.kind == Kind.IDEAS and step.opens_at):
            found.append(_("give at least two options to choose from."))
        if step.method == Method.BUDGET:
            if not step.envelope_cents:
                found.append(_("say how much the envelope holds."))
            if any(option.cost_cents is None for option in options):
                found.append(_("say what each project costs."))
            elif step.envelope_cents and options and min(o.cost_cents or 0 for o in options) > step.envelope_cents:
                found.append(_("the envelope can pay for none of the projects."))
    return found + setup.missing(step)


def open_step(step: Step, *, by: Any, via: str) -> None:
    """A step whose hour has come, of an open consultation. The caller holds it."""
    step.state = Step.State.OPEN
    step.save(update_fields=["state"])
    urn.prepare_urn(step)
    audit.record("participation.step_opened", step, by=by, alliance=step.consultation.alliance, via=via)


def close_step(*, step: Step, now: dt.datetime, via: str = "task") -> Step:
    """Its hour has come: no ballot is taken any more; the urn is opened in the background. Asked twice, it does nothing
    the second time. Nobody closes one step by hand: it closes with its consultation."""
    return _close_step(step, by=None, now=now, via=via)


def _close_step(step: Step, *, by: Any, now: dt.datetime, via: str) -> Step:
    with transaction.atomic():
        found = lock(step)
        if found.state != Step.State.OPEN:
            return found
        found.state, found.closed_at = Step.State.CLOSED, now
        found.save(update_fields=["state", "closed_at"])
        alliance = found.consultation.alliance
        audit.record("participation.step_closed", found, by=by, alliance=alliance, via=via)
        asking.lapse(Asked.objects.filter(step=found), by=by, now=now, via=via)
        jobs.start("participation.count", by=by, alliance=alliance, params={"step": str(found.uuid)})
    return found


def is_early(consultation: Consultation, now: dt.datetime) -> bool:
    """Whether people were told that they, or the kiosks, have more time: it is then closed by two people only."""
    end = consultation.closes_at
    return end is not None and now < end + dt.timedelta(minutes=consultation.kiosk_grace) + SETTLE


def close_consultation(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """Close it and every step that is open or still to come, its hour past. Asked twice, it does nothing the second
    time. ``by``: None for the hour that has come.

    Errors: ``ValidationError`` where it is before the hour that was said: two people do it (``ask_close``).
    """
    if by is not None:
        require(by, "participation.run", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state != S.OPEN:
            return found
        if by is not None and is_early(found, now):
            raise ValidationError(_("People were told that they had more time: two people close it before its hour."))
        _close(found, by=by, now=now, via=via)
    return found


def ask_close(*, consultation: Consultation, why: str, by: Any, now: dt.datetime, via: str = "web") -> Asked:
    """The first of two people asks that it close before its hour, with the reason. It goes on until the second one
    confirms. Errors: ``PermissionDenied``; ``ValidationError`` without reason, where it is not open, or past its hour.
    """
    require(by, "participation.run", consultation)
    if not why.strip():
        raise ValidationError({"why": _("People were told that they had more time: say why it closes before.")})
    with transaction.atomic():
        found = lock(consultation)
        asking.is_open(found)
        if not is_early(found, now):
            raise ValidationError(_("Its hour has come: it closes by itself."))
        return asking.ask(consultation=found, kind=Asked.Kind.CLOSE, why=why, by=by, now=now, via=via)


def close_early(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: it closes now, and its page says why."""
    found = asked.consultation
    if is_early(found, now):
        found.closed_why = asked.why
    _close(found, by=by, now=now, via=via)


def _close(found: Consultation, *, by: Any, now: dt.datetime, via: str) -> None:
    for step in found.steps.filter(state=Step.State.OPEN).order_by("pk"):
        _close_step(step, by=by, now=now, via=via)
    found.steps.filter(state=Step.State.WAITING).update(state=Step.State.CLOSED, closed_at=now)
    found.state, found.closed_at = S.CLOSED, now
    found.save(update_fields=["state", "closed_at", "closed_why"])
    entry = audit.record("participation.consultation_closed", found, by=by, alliance=found.alliance, via=via)
    _tell("consultation-closed", found, by, entry, now, source=found.closed_why[:300])
    asking.lapse(Asked.objects.filter(consultation=found), by=by, now=now, via=via)
    put([found])


def ask_cancel(*, consultation: Consultation, why: str, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """The first of two people asks that it stop for good, with the reason. It goes on until the second one confirms.

    Errors: ``PermissionDenied``; ``ValidationError`` without reason, before it opens, or once results are published.
    """
    require(by, "participation.run", consultation)
    if not why.strip():
        raise ValidationError({"why": _("Say why it is cancelled: people who answered will read it.")})
    with transaction.atomic():
        found = lock(consultation)
        _may_be_cancelled(found)
        if found.cancel_asked_by_id is not None:
            raise ValidationError(_("It is already asked: a second person confirms."))
        found.cancel_asked_by, found.cancelled_why = by, why.strip()[:500]
        found.save(update_fields=["cancel_asked_by", "cancelled_why"])
        audit.record("participation.cancel_asked", found, by=by, alliance=found.alliance, via=via)
    return found


def _may_be_cancelled(found: Consultation) -> None:
    if found.state == S.PUBLISHED:
        raise ValidationError(_("Its results are published: it is no longer cancelled."))
    if found.state == S.DRAFT:
        raise ValidationError(_("It was never opened: throw it away."))
    if found.state == S.CANCELLED:
        raise ValidationError(_("It is cancelled already."))


def drop_cancel(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """Whoever asked takes it back, or the second person does not confirm."""
    require(by, "participation.second", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state == S.CANCELLED or found.cancel_asked_by_id is None:
            return found
        found.cancel_asked_by, found.cancelled_why = None, ""
        found.save(update_fields=["cancel_asked_by", "cancelled_why"])
        audit.record("participation.cancel_dropped", found, by=by, alliance=found.alliance, via=via)
    return found


def cancel_consultation(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """The second person confirms: what was put in the urn is not counted, and its results never come.

    Errors: ``PermissionDenied``; ``ValidationError`` for whoever asked, where nobody did, once results are published.
    """
    require(by, "participation.second", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state == S.CANCELLED:
            return found
        _may_be_cancelled(found)
        if found.cancel_asked_by_id is None:
            raise ValidationError(_("Someone of the team asks for it first, and says why."))
        if found.cancel_asked_by_id == by.pk:
            raise ValidationError(_("You asked for it: a second person confirms."))
        found.steps.exclude(state=Step.State.CLOSED).update(state=Step.State.CLOSED, closed_at=now)
        # What is sealed is destroyed unopened: nobody will read it.
        for step in found.steps.order_by("pk"):
            urn.destroy(step, now=now)
        asking.lapse(Asked.objects.filter(consultation=found), by=by, now=now, via=via)
        found.state, found.cancelled_at, found.cancelled_by = S.CANCELLED, now, by
        found.save(update_fields=["state", "cancelled_at", "cancelled_by"])
        entry = audit.record("participation.consultation_cancelled", found, by=by, alliance=found.alliance, via=via)
        _tell("consultation-cancelled", found, by, entry, now, source=found.cancelled_why[:300])
        put([found])
    return found


def not_counted(consultation: Consultation) -> list[Step]:
    """The steps whose ballots are still to be counted; one that never opened has none. Two queries."""
    counted = {code for code in kinds.known() if (kind := kinds.get(code)).in_ballot and kind.count is not None}
    ready = set(
        Result.objects.filter(step__consultation=consultation, state=Result.State.READY).values_list("step", flat=True)
    )
    never = Q(state=Step.State.CLOSED, urn_key=None, result=None)
    steps = consultation.steps.filter(kind__in=counted).exclude(never).order_by("position", "pk")
    return [step for step in steps if step.pk not in ready]


def ask_publication(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """The first of two people asks that results be published. Errors: ``ValidationError`` before they are counted."""
    require(by, "participation.run", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.publish_asked_by_id is not None and found.state == S.CLOSED:
            return found
        _may_be_published(found)
        found.publish_asked_by = by
        found.save(update_fields=["publish_asked_by"])
        audit.record("participation.publication_asked", found, by=by, alliance=found.alliance, via=via)
    return found


def _may_be_published(found: Consultation) -> None:
    if found.state != S.CLOSED:
        raise ValidationError(_("Results are published once the consultation is closed."))
    if found.cancel_asked_by_id is not None:
        raise ValidationError(_("Someone asks that it be cancelled: a second person answers first."))
    if waiting := not_counted(found):
        raise ValidationError(
            _("The ballots are still being counted: %(steps)s. Come back in a minute.")
            % {"steps": ", ".join(str(step) for step in waiting)}
        )
    if batches := paper.uncounted(found):
        raise ValidationError(
            _("Paper ballots came back that are not counted yet. Batches: %(batches)s. Accept them, or void them.")
            % {"batches": ", ".join(str(number) for number in batches)}
        )
    if batches := paper.unsettled(found):
        raise ValidationError(
            _("Paper ballots were given without a code. Batches: %(batches)s. Two people first say why they count.")
            % {"batches": ", ".join(str(number) for number in batches)}
        )


def drop_publication(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """Whoever asked takes it back, or the second person sends it back."""
    require(by, "participation.second", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state != S.CLOSED or found.publish_asked_by_id is None:
            return found
        found.publish_asked_by = None
        found.save(update_fields=["publish_asked_by"])
        audit.record("participation.publication_dropped", found, by=by, alliance=found.alliance, via=via)
    return found


def publish_results(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> Consultation:
    """The second person publishes. Errors: ``ValidationError`` for whoever asked, or where nobody did."""
    require(by, "participation.second", consultation)
    with transaction.atomic():
        found = lock(consultation)
        if found.state == S.PUBLISHED:
            return found
        _may_be_published(found)
        if found.publish_asked_by_id is None:
            raise ValidationError(_("Someone of the team asks for the publication first."))
        if found.publish_asked_by_id == by.pk:
            raise ValidationError(_("You asked for it: a second person publishes."))
        found.state, found.published_at, found.published_by = S.PUBLISHED, now, by
        found.save(update_fields=["state", "published_at", "published_by"])
        entry = audit.record("participation.results_published", found, by=by, alliance=found.alliance, via=via)
        _tell("consultation-published", found, by, entry, now)
        taking_part.record(found)
        put([found])
    return found


def tick(now: dt.datetime) -> int:
    """Open and close what the hour has come for. How many things it did."""
    return sum(len(done) for done in (_close_due(now), _open_due(now)))


def _close_due(now: dt.datetime) -> Sequence[Any]:
    done: list[Any] = []
    settled = now - SETTLE
    # Kiosks send what they hold for some minutes more: the step closes once these are past.
    live = Step.objects.filter(state=Step.State.OPEN, consultation__state=S.OPEN)
    due = live.annotate(end=Coalesce("closes_at", "consultation__closes_at")).filter(end__lte=settled)
    for step in due.select_related("consultation__alliance__parent").order_by("pk"):
        if step.end + dt.timedelta(minutes=step.consultation.kiosk_grace) <= settled:
            done.append(close_step(step=step, now=now))
    over = Consultation.objects.filter(state=S.OPEN, closes_at__lte=settled).filter(
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
    # A ballot without options asks nothing: it waits until somebody chose them among the ideas.
    due = due.annotate(given=Count("options")).exclude(kind=Kind.PRIORITIES, given__lt=2)
    for step in due.select_related("consultation__alliance__parent").order_by("pk"):
        with transaction.atomic():
            fresh = lock(step)
            if fresh.state == Step.State.WAITING:
                open_step(fresh, by=None, via="task")
                done.append(fresh)
    return done
