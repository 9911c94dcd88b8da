"""What is done about a count: started again, or made anew because what it counts has changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import audit, jobs
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.models import Job
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.results import counting


def start_count(*, step: Step, by: Any, via: str = "web") -> Job:
    """Count a closed step anew, in the background. One that is under way is left to end.

    Errors: ``ValidationError`` where the step is still open.
    """
    require(by, "participation.run", step.consultation)
    with transaction.atomic():
        found = lock(step)
        if found.state != Step.State.CLOSED:
            raise ValidationError(_("This step is not closed yet: it is counted after its closing."))
        counting.begin(found)
        live = Job.objects.filter(
            kind="participation.count", params__step=str(found.uuid), state__in=[Job.State.WAITING, Job.State.RUNNING]
        ).first()
        if live is not None:
            return live
        alliance = step.consultation.alliance
        audit.record("participation.count_asked", found, by=by, alliance=alliance, via=via)
        return jobs.start("participation.count", by=by, alliance=alliance, params={"step": str(found.uuid)})


def count_anew(*, step: Step, by: Any, via: str = "web") -> None:
    """What this step holds has changed since it closed: what was counted, and what someone asked to publish, no longer
    hold. Inside the transaction of the change, which holds the consultation; nothing happens while the step is open."""
    if step.state != Step.State.CLOSED:
        return
    drop_asked(step.consultation, by=by, via=via)
    counting.begin(step)
    waiting = Job.objects.filter(
        kind="participation.count", params__step=str(step.uuid), state=Job.State.WAITING
    ).exists()
    # One that runs may have read the ballots already: another follows it.
    if not waiting:
        alliance = step.consultation.alliance
        jobs.start("participation.count", by=by, alliance=alliance, params={"step": str(step.uuid)})


def drop_asked(consultation: Consultation, *, by: Any, via: str = "web") -> None:
    """Whoever asked for the publication had looked at other results: it is asked again."""
    if consultation.state == Consultation.State.CLOSED and consultation.publish_asked_by_id is not None:
        Consultation.objects.filter(pk=consultation.pk).update(publish_asked_by=None)
        audit.record("participation.publication_dropped", consultation, by=by, alliance=consultation.alliance, via=via)
