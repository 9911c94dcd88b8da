"""Passages of answers that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.moderation import MOST, Waiting
from maillage.participation.questionnaires.models import Excerpt


def waiting(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query."""
    known = {row.pk: row for row in consultations}
    rows = Excerpt.objects.filter(question__section__step__consultation__in=known, agreed=False)
    others = rows.filter(Q(chosen_by=None) | ~Q(chosen_by=viewer.pk)).select_related("question__section__step")
    for row in others.order_by("pk")[:MOST]:
        step = row.question.section.step
        consultation = known[step.consultation_id]
        url = reverse("participation_in:excerpts", args=[consultation.alliance.slug, consultation.uuid, step.uuid])
        yield Waiting(
            consultation, row.text, url, _("Agree that it is shown, or take it away"), needs="participation.second",
            confirm=True,
        )  # fmt: skip
