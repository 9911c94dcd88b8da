"""What the agent must have done before a step of ideas opens."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.wordings import Text
from maillage.participation.ideas.models import NamedProblem


def url(step: Step) -> str:
    found = step.consultation
    return reverse("participation_in:ideas", args=[found.alliance.slug, found.uuid])


def missing(step: Step) -> list[str]:
    """A sentence for each thing to do before it opens."""
    lines = []
    if not NamedProblem.objects.filter(step=step).exists():
        lines.append(_("Name at least one problem that ideas answer."))
    if not step.consultation.policy.strip():
        lines.append(_("Write the rules of moderation: people read them before they bring an idea."))
    return lines


def texts(consultation: Consultation) -> Iterable[Text]:
    """The problems, to be written in other languages."""
    rows = NamedProblem.objects.filter(step__consultation=consultation).select_related("step")
    for row in rows.order_by("step__position", "position", "pk"):
        yield Text(f"problem:{row.uuid}", str(row.step), row.label)
        yield Text(f"problem:{row.uuid}:text", str(row.step), row.text, long=True)
