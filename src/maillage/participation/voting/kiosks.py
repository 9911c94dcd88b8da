"""A device lent to people: what a kiosk holds once the helper who opened it has left.

A signed token says which consultation, whether people answer alone at the kiosk or with a helper (beside them or by
telephone), and which account opened it: the device stops with the trust in that person, at once. It opens nothing else,
and ends with the consultation. Nobody who answers is in it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.core import audit
from maillage.core.access import may, require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation
from maillage.participation.voting.ballots import ON_SITE

SALT = "maillage.participation.kiosk"
LONGEST = dt.timedelta(days=30)


def cookie_of(consultation: Consultation) -> str:
    return f"maillage_borne_{consultation.short}"


def open_kiosk(*, consultation: Consultation, channel: str, by: Any, via: str = "web") -> str:
    """The token of a kiosk. Errors: ``PermissionDenied``; ``ValidationError`` where the consultation is not open."""
    require(by, "participation.help_kiosk", consultation)
    if channel not in ON_SITE:
        raise ValidationError(_("Say how people will answer."))
    with transaction.atomic():
        found = lock(consultation)
        if found.state != Consultation.State.OPEN:
            raise ValidationError(_("This consultation is not open."))
        audit.record("participation.kiosk_opened", found, by=by, alliance=found.alliance, via=via)
    return signing.dumps([consultation.uuid.hex, str(channel), by.pk, secrets.token_hex(4)], salt=SALT)


def channel_of(consultation: Consultation, token: str) -> str:
    """``kiosk`` or ``helped``; empty where the token is none of this consultation's, or whoever opened the device may
    no longer."""
    try:
        held, channel, opener, _device = signing.loads(token, salt=SALT, max_age=LONGEST)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    if held != consultation.uuid.hex or channel not in ON_SITE:
        return ""
    by = User.objects.filter(pk=opener, is_active=True).first()
    return str(channel) if by is not None and may(by, "participation.help_kiosk", consultation) else ""
