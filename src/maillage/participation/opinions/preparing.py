"""What the agent must have done before an opinions step opens."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.participation.consultations.models import Step
from maillage.participation.opinions.models import Statement

FEWEST = 3
"""Statements of the alliance itself, so that the first person has something to answer."""


def url(step: Step) -> str:
    found = step.consultation
    return f"{reverse('participation_in:statements', args=[found.alliance.slug, found.uuid])}#etape-{step.position + 1}"


def missing(step: Step) -> list[str]:
    """A sentence for each thing to do before it opens."""
    lines = []
    count = Statement.objects.filter(step=step, state=Statement.State.SHOWN).count()
    if count < FEWEST:
        lines.append(
            ngettext(
                "Write at least %(fewest)s statements: there is %(n)s.",
                "Write at least %(fewest)s statements: there are %(n)s.",
                count,
            )
            % {"fewest": FEWEST, "n": count}
        )
    if not step.consultation.changeable:
        lines.append(
            _(
                "Let people change their ballot with their receipt: that is how they come back to answer the "
                "statements added since."
            )
        )
    if not step.consultation.policy.strip():
        lines.append(_("Write the rules of moderation: people read them before they add a statement."))
    return lines
