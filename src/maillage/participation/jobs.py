"""What this room does outside the request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import jobs
from maillage.participation.consultations import electors, feedback, taking_part
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.results import counting
from maillage.participation.urn import keys
from maillage.participation.urn import services as urn
from maillage.participation.urn.errors import KeyLost


@jobs.handler("participation.count", label=_("Counting of a consultation"))
def count_step(ctx: jobs.Context, *, step: str) -> dict[str, Any]:
    """Open the urn of a closed step, then count it. Run again, it finds the urn open and counts anew."""
    found = Step.objects.select_related("consultation__alliance").filter(uuid=step).first()
    if found is None:
        raise jobs.JobFailed(_("This consultation is no longer there."))
    counting.begin(found)
    ctx.progress(0, 3, _("Opening the envelopes"))
    try:
        urn.open_urn(found, now=timezone.now(), voided=lambda: counting.voided_batches(found))
        ctx.progress(1, 3, _("Counting"))
        counting.count(found, now=timezone.now())
        if found.consultation.state == Consultation.State.PUBLISHED:
            # A batch was voided since: as many people fewer took part.
            taking_part.record(found.consultation)
    except KeyLost:
        counting.fail(found)
        raise jobs.JobFailed(keys.sentence()) from None
    except Exception:
        counting.fail(found)
        raise
    ctx.progress(2, 3, _("Cleaning what the envelopes left"))
    # The files are cleaned outside any transaction: where one is under way (the demonstration), once it is over.
    transaction.on_commit(lambda: urn.forget_traces(now=timezone.now()))
    ctx.progress(3, 3)
    return {"url": found.consultation.get_absolute_url(), "message": _("The ballots are counted.")}


def _consultation(key: str) -> Consultation:
    found = Consultation.objects.select_related("alliance").filter(uuid=key).first()
    if found is None:
        raise jobs.JobFailed(_("This consultation is no longer there."))
    return found


@jobs.handler("participation.codes", label=_("Sending of personal codes"))
def send_codes(ctx: jobs.Context, *, consultation: str, reminder: bool, site: str, day: str) -> dict[str, Any]:
    """Write to those of a list. Run again, it writes to nobody twice. How many is not said of a reminder: it would tell
    how many have not answered."""
    found = _consultation(consultation)
    if found.state == Consultation.State.OPEN:
        electors.write_to_list(found, reminder=reminder, day=dt.date.fromisoformat(day), site=site)
    return {"url": found.get_absolute_url(), "message": _("The messages are sent.")}


@jobs.handler("participation.feedback", label=_("Telling what was done with a consultation"))
def send_feedback(ctx: jobs.Context, *, consultation: str, site: str) -> dict[str, Any]:
    """Write to those who left an address, and forget each. Run again, it writes to those that are left."""
    found = _consultation(consultation)
    feedback.write_to_followers(found, site=site)
    return {"url": found.get_absolute_url(), "message": _("The messages are sent.")}
