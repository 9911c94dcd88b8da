"""Steps of testimonies, and people who tell them."""

from __future__ import annotations

import secrets

from maillage.participation.consultations import lifecycle
from maillage.participation.models import BookCode, Consultation, Step, Testimony
from maillage.participation.results import counting
from maillage.participation.testimonies import services
from maillage.participation.vocabulary import Kind
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

WEBM = b"\x1a\x45\xdf\xa3" + b"webm OpusHead" + bytes(200)


def step_of(**of) -> Step:
    return StepFactory(
        consultation=ConsultationFactory(**of),
        kind=Kind.TESTIMONIES,
        method="",
        counting="",
        position=0,
        title="Vivre ici",
    )


def tell(step, text="Le loyer prend tout.", *, now=NOW, **more) -> tuple[Testimony, str]:
    """The testimony, and its receipt."""
    before = set(Testimony.objects.values_list("pk", flat=True))
    receipt = services.keep(
        step=step, text=text, nonce=secrets.token_urlsafe(16), now=now, **{"may_read": True, **more}
    ).receipt
    return Testimony.objects.exclude(pk__in=before).get(), receipt


def book_of(step, labels=("Logement", "Faim")) -> list[BookCode]:
    return [
        BookCode.objects.create(step=step, kind=BookCode.Kind.PROBLEM, label=label, position=n)
        for n, label in enumerate(labels)
    ]


def close(step) -> None:
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    step.consultation.refresh_from_db()
    counting.count(step, now=NOW)


def publish(step) -> None:
    Consultation.objects.filter(pk=step.consultation_id).update(state=Consultation.State.PUBLISHED)
    step.consultation.refresh_from_db()
