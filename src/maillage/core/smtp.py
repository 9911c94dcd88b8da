"""The address of the mail server, read by the settings: nothing of Django's applications may be imported here."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_server(url: str) -> dict[str, Any]:
    """The arguments of Django's SMTP backend from one address; empty for none.

    ``smtp://user:secret@host:587`` (STARTTLS), ``smtps://…:465`` (TLS from the start), ``smtp+plain://…:25`` (none).
    Errors: ``ImproperlyConfigured`` for anything else; the secret is never in the message.
    """
    if not url:
        return {}
    wrong = ImproperlyConfigured("MAILLAGE_SMTP_URL is written smtp://user:password@host:587 (or smtps://…:465).")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise wrong
    return {
        "host": parts.hostname,
        "port": port or PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 20,
    }
