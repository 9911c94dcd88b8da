"""The receipt of an idea: all that is known of its author, and kept as a digest only."""

from __future__ import annotations

import hashlib
import hmac

from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas.models import Idea
from maillage.participation.urn import marks, seal
from maillage.participation.vocabulary import Kind


def _key(step: Step) -> bytes:
    return seal.derive("maillage idea", step.uuid.bytes)


def receipt_of(step: Step, nonce: str, said: str) -> str:
    """Drawn from what the page carried and from what it says: sent twice, an idea has one receipt; another idea sent
    from the same page, by going back, has its own."""
    drawn = hmac.digest(_key(step), f"receipt {nonce}\n{said}".encode(), hashlib.sha256)
    return marks.receipt_text(drawn, 0, strong=True)


def mark_of(step: Step, receipt: str) -> str:
    return seal.digest(_key(step), f"mark {marks.tidy_receipt(receipt)}")


def find(consultation: Consultation, receipt: str) -> Idea | None:
    """The idea that this receipt speaks for; None where there is none. A query for each step of ideas."""
    if not receipt.strip():
        return None
    for step in consultation.steps.filter(kind=Kind.IDEAS).order_by("pk"):
        found = Idea.objects.filter(step=step, mark=mark_of(step, receipt)).select_related("merged_into").first()
        if found is not None:
            step.consultation = consultation
            found.step = step
            if found.merged_into is not None:
                found.merged_into.step = step
            return found
    return None
