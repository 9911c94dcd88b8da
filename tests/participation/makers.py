"""From an open step to its result."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.urls import reverse

from maillage.participation.consultations import asking, electors, lifecycle
from maillage.participation.models import Consultation, Result
from maillage.participation.results import counting
from maillage.participation.urn import services as urn
from tests.factories import user_with
from tests.participation.factories import NOW


def close(step, *, published=True) -> Result:
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    urn.open_urn(step, now=NOW)
    counting.count(step, now=NOW)
    if published:
        Consultation.objects.filter(pk=step.consultation_id).update(state=Consultation.State.PUBLISHED)
        step.consultation.refresh_from_db()
    return Result.objects.get(step=step)


def taken(client, step) -> dict[str, bytes]:
    """Every file that the page of results offers of a step: pictures, table, document."""
    consultation = step.consultation
    page = reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid])
    text = client.get(page).content.decode()
    names = re.findall(rf'href="{page}{step.position}/([^"/]+\.(?:svg|xlsx|pdf))"', text)
    found = {}
    for name in names:
        answer = client.get(f"{page}{step.position}/{name}")
        assert answer.status_code == 200, name
        found[name] = answer.content
    return found


def codes(found: Consultation, count: int, *, by: Any, now: dt.datetime, label: str = "A") -> list[electors.Printed]:
    """Codes made as they may be: alone in preparation, by two once it is open."""
    if found.state == Consultation.State.DRAFT:
        return electors.print_codes(consultation=found, count=count, label=label, by=by, now=now)
    asked = electors.ask_codes(consultation=found, count=count, label=label, why="Il en manque.", by=by, now=now)
    asked = asking.confirm(asked=asked, by=user_with(found.alliance), now=now)
    return electors.print_agreed(asked=asked, by=by, now=now)
