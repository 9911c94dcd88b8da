"""The message that carries an invitation."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.models import Invitation
from maillage.core import mail


def send(invitation: Invitation, url: str, language: str) -> None:
    """Send ``url`` to the invited address, in text and HTML, in French or English."""
    alliance = invitation.alliance
    context = {"invitation": invitation, "alliance": alliance, "url": url}
    with translation.override(language):
        subject = _("Invitation: %(alliance)s") % {"alliance": alliance.short_name}
    token = url.rstrip("/").rsplit("/", 1)[-1]
    mail.send(invitation.email, subject, "alliances/email/invitation", context, language, secrets=[token])
