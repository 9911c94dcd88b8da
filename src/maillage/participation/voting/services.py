"""What is written outside the urn when people take part: an address left, a kiosk opened."""

from __future__ import annotations

from django.db import transaction

from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation
from maillage.participation.urn.models import FollowAddress


def leave_address(*, consultation: Consultation, email: str, language: str) -> None:
    """Keep an address to be told what was done with it, once. No audit line: it would tell when someone answered."""
    with transaction.atomic():
        lock(consultation)
        if not FollowAddress.objects.filter(consultation=consultation, email__iexact=email).exists():
            FollowAddress.objects.create(consultation=consultation, email=email.lower(), language=language)
