"""The kind of step « testimonies »: pages of its own, outside the ballot."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.testimonies import counting, showing
from maillage.participation.vocabulary import Access, Kind
from maillage.participation.voting import ballots


def page(step: Step) -> tuple[Any, str]:
    """Where one testifies, while it is open."""
    consultation = step.consultation
    if not ballots.is_open(step, timezone.now()) or consultation.access == Access.SITE:
        return "", ""
    args = [consultation.alliance.slug, consultation.uuid, step.uuid]
    return _("Tell what I live"), reverse("participation_in:testify", args=args)


KIND = kinds.StepKind(
    code=Kind.TESTIMONIES,
    sheet="",
    context=lambda step, language: {},
    read=lambda step, typed: kinds.Read(),
    typed=lambda step, content: {},
    count=counting.count,
    result="participation/testimonies/_result.html",
    told=showing.told,
    table=showing.table,
    headlines=showing.headlines,
    in_ballot=False,
    page=page,
)
