"""The message that carries an invitation."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.models import Invitation


def send(invitation: Invitation, url: str, language: str) -> None:
    """Send ``url`` to the invited address, in text and HTML, in French or English."""
    alliance = invitation.alliance
    context = {"invitation": invitation, "alliance": alliance, "url": url, "LANGUAGE_CODE": language}
    with translation.override(language):
        subject = _("Invitation: %(alliance)s") % {"alliance": alliance.short_name}
        text = render_to_string("alliances/email/invitation.txt", context)
        page = render_to_string("alliances/email/invitation.html", context)
    message = EmailMultiAlternatives(subject, text.strip(), settings.DEFAULT_FROM_EMAIL, [invitation.email])
    message.attach_alternative(page, "text/html")
    message.send()
