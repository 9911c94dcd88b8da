"""What the agent prepares around testimonies."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from maillage.participation.consultations.models import Step


def url(step: Step) -> str:
    found = step.consultation
    return reverse("participation_in:testimonies", args=[found.alliance.slug, found.uuid])


def missing(step: Step) -> Sequence[str]:
    """Nothing: the book of codes may be written once the first testimonies are there."""
    return []
