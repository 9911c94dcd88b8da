"""Where readers find this instance: for addresses written outside a request (reminders, digests, calendars)."""

from __future__ import annotations

import os

from django.conf import settings


def address() -> str:
    """The address of the instance, without its last slash: ``MAILLAGE_URL``, else the first of ``MAILLAGE_HOSTS``."""
    said = os.environ.get("MAILLAGE_URL", "").rstrip("/")
    if said:
        return said
    host = next((host for host in settings.ALLOWED_HOSTS if host not in {"*", "testserver"}), "localhost")
    if host in {"localhost", "127.0.0.1"}:
        return f"http://{host}:{os.environ.get('MAILLAGE_PORT', '8000')}"
    return f"https://{host}"
