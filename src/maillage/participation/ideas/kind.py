"""The kind of step « search for solutions »: pages of its own, outside the ballot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.ideas import showing
from maillage.participation.ideas.ground import is_open
from maillage.participation.vocabulary import Access, Kind


def page(step: Step) -> tuple[Any, str]:
    """Where ideas are read, brought and discussed; still read once it is over."""
    consultation = step.consultation
    if step.state == Step.State.WAITING:
        return "", ""
    brings = is_open(step, timezone.now()) and consultation.access != Access.SITE
    words = _("See the ideas, bring mine") if brings else _("See the ideas")
    return words, reverse("participation_in:solutions", args=[consultation.alliance.slug, consultation.uuid, step.uuid])


def count(step: Step, sheets: Iterable[kinds.Sheet]) -> dict[str, Any]:
    """How many, as they stood at the closing. What everyone reads already is not withheld."""
    return showing.counted(step)


KIND = kinds.StepKind(
    code=Kind.IDEAS,
    sheet="",
    context=lambda step, language: {},
    read=lambda step, typed: kinds.Read(),
    typed=lambda step, content: {},
    count=count,
    result="participation/ideas/_result.html",
    told=showing.told,
    table=showing.table,
    headlines=showing.headlines,
    in_ballot=False,
    page=page,
)
