"""The pages where people take part. They need no account, no cookie and no script; a kiosk alone holds a token."""

from maillage.participation.voting.views.ballot import ballot
from maillage.participation.voting.views.kiosk import (
    kiosk,
    kiosk_close,
    kiosk_guide,
    kiosk_open,
    kiosk_worker,
    short_guide,
)
from maillage.participation.voting.views.receipt import receipt
from maillage.participation.voting.views.sent import sent

__all__ = [
    "ballot",
    "kiosk",
    "kiosk_close",
    "kiosk_guide",
    "kiosk_open",
    "kiosk_worker",
    "receipt",
    "sent",
    "short_guide",
]
