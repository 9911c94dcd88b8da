"""A recorded voice: what it is, read from its content and never from its name; how large it may be."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from maillage.core import documents, sniffing
from maillage.core.models import Document
from maillage.participation.consultations.models import Step

MOST_BYTES = 12_000_000
MINUTES = 10
"""What the page's own recorder takes; at its quality, far under ``MOST_BYTES``."""
TYPES = {
    "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/wav": "wav",
}  # fmt: skip
HEAR = "participation.hear_testimony"


def type_of(data: bytes) -> str:
    """The type of a sound, by its content; empty where it is none."""
    return next((name for name in TYPES if sniffing.matches(io.BytesIO(data), name)), "")


def trouble(data: bytes, size: int) -> str:
    """What is wrong with a file, in a sentence; empty where nothing is."""
    if not size:
        return _("The file is empty. Record again, or choose another one.")
    if size > MOST_BYTES:
        return _("The file is too large. Choose a recording of about %(minutes)s minutes at most.") % {
            "minutes": MINUTES
        }
    if not type_of(data):
        return _("This file is not a recording of a voice. Choose a sound: webm, ogg, m4a, mp3 or wav.")
    return ""


def store(step: Step, data: bytes) -> Document:
    """Kept under a name and a key that say nothing, dated of the opening: not of the instant it came at."""
    kind = type_of(data)
    return documents.store(
        data, name=f"voix.{TYPES[kind]}", content_type=kind, rule=HEAR, alliance=step.consultation.alliance,
        as_of=step.consultation.opened_at or step.consultation.created_at,
    )  # fmt: skip
