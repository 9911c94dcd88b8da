"""A consultation that is open now, and the form of its ballot as a phone sends it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.participation.models import Consultation, Step
from tests.factories import AllianceFactory
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory

NONCE = "n" * 24


@pytest.fixture
def make(db) -> Callable[..., Step]:
    """``make(options=3, method=…, access=…)``: an open step of an open consultation, and its options."""

    def build(options: int = 3, *, step: dict[str, Any] | None = None, **kwargs: Any) -> Step:
        now = timezone.now()
        kwargs.setdefault("alliance", AllianceFactory(is_public=True, offers_english=True))
        kwargs.setdefault("closes_at", now + dt.timedelta(days=7))
        consultation = ConsultationFactory(opens_at=now - dt.timedelta(days=7), **kwargs)
        made = StepFactory(consultation=consultation, **(step or {}))
        for number in range(1, options + 1):
            OptionFactory(step=made, number=number, label=f"Choix fictif {number}", text=f"Texte {number}.")
        return made

    return build


def url(consultation: Consultation, page: str = "participer", language: str = "") -> str:
    return f"{language}/{consultation.alliance.slug}/consultations/{consultation.uuid}/{page}/"


def filled(step: Step, answers: dict[int, int | str], **more: Any) -> dict[str, Any]:
    """The form: a grade, score or rank by option number."""
    named = {f"s{step.pk}-o{number}": str(value) for number, value in answers.items()}
    return {"nonce": NONCE, "steps": str(step.pk), **named, **more}


def receipt_in(response: Any) -> str:
    """The receipt that the page shows; empty where it shows none."""
    found = re.search(r"data-receipt>([^<]*)<", response.content.decode().split("<template", 1)[0])
    return found.group(1) if found else ""


@pytest.fixture
def phone() -> Client:
    """A browser that keeps no cookie and refuses forged forms as a server does."""
    return Client(enforce_csrf_checks=True)
