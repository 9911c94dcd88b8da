"""Statements that wait: refusals that a second person confirms, then those that nobody has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.moderation import MOST, Waiting
from maillage.participation.opinions.models import Statement

LIVE = (Consultation.State.OPEN, Consultation.State.CLOSED)
"""Once published, nothing of the statements changes."""


def waiting(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query. A refusal that the viewer asked for waits for somebody else."""
    live = {row.pk: row for row in consultations if row.state in LIVE}
    found = Statement.objects.filter(step__consultation__in=live, checked=False)
    found = found.exclude(state=Statement.State.REFUSED).exclude(refuse_asked_by=viewer.pk).select_related("step")
    rows = found.order_by("step__consultation__closes_at", "step__position", "number")[: 2 * MOST]
    for row in sorted(rows, key=lambda row: row.refuse_asked_by_id is None):
        consultation = live[row.step.consultation_id]
        asked = row.refuse_asked_by_id is not None
        url = reverse("participation_in:statements", args=[consultation.alliance.slug, consultation.uuid])
        yield Waiting(
            consultation, row.text, f"{url}#enonce-{row.number}",
            _("Look at the refusal, then confirm it or not") if asked else _("Accept it, or refuse it"),
            needs="participation.second" if asked else "participation.moderate", language=row.language,
        )  # fmt: skip
