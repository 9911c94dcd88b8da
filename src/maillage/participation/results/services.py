"""What an agent does about a count."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import audit, jobs
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.models import Job
from maillage.participation.consultations.models import Step
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
