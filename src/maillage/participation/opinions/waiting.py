"""Statements that wait: what somebody proposed and a second person confirms, then those that nobody has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.moderation import MOST, Waiting
from maillage.participation.opinions.models import Statement
from maillage.participation.reading import CONFIRM, READ, asked_by, rank, what_to_do

LIVE = (Consultation.State.OPEN, Consultation.State.CLOSED)
"""Once published, nothing of the statements changes."""


def waiting(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query. What the viewer proposed waits for somebody else."""
    live = {row.pk: row for row in consultations if row.state in LIVE}
    found = Statement.objects.filter(step__consultation__in=live, checked=False).exclude(asked_by(viewer))
    found = found.annotate(rank=rank(Statement.State.SHOWN)).select_related("step")
    for row in found.order_by("rank", "step__consultation__closes_at", "step__position", "number")[: 2 * MOST]:
        consultation = live[row.step.consultation_id]
        url = reverse("participation_in:statements", args=[consultation.alliance.slug, consultation.uuid])
        yield Waiting(
            consultation, row.text, f"{url}?voir={CONFIRM if row.proposed else READ}#enonce-{row.number}",
            what_to_do(row.proposed), needs="participation.second" if row.proposed else "participation.moderate",
            language=row.language, confirm=bool(row.proposed),
        )  # fmt: skip
