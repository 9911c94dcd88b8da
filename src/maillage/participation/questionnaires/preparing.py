"""What the agent must have done before a questionnaire opens."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires.models import Question, Section


def url(step: Step) -> str:
    found = step.consultation
    return reverse("participation_in:questions", args=[found.alliance.slug, found.uuid, step.uuid])


def missing(step: Step) -> list[str]:
    """A sentence for each thing to do before it opens."""
    if not Question.objects.filter(section__step=step).exists():
        return [_("write at least one question.")]
    empty = Section.objects.filter(step=step, questions=None).first()
    return [_("the part “%(part)s” has no question.") % {"part": empty}] if empty is not None else []
