"""Making, publishing and withdrawing accounts. Every one of these is in the audit log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.alliances.models import Alliance
from maillage.core import audit, documents
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.typesetting import render_report
from maillage.reporting.gathering import Gathered, Progress, gather, silent
from maillage.reporting.models import Account
from maillage.reporting.workbook import render_xlsx

CONTENT_TYPES = {
    Account.Format.PDF: "application/pdf",
    Account.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT = dt.timedelta(days=30)
"""How long an account that is not published stays: it can always be made again."""


def render(gathered: Gathered, format: str) -> bytes:
    """The file, in the language it was gathered in."""
    if format == Account.Format.XLSX:
        return render_xlsx(gathered)
    return render_report(gathered.cover, gathered.sections, language=gathered.language, on=gathered.on)


def write_account(
    alliance: Alliance,
    *,
    viewer: Any | None,
    format: str,
    language: str,
    audience: str,
    today: dt.date,
    progress: Progress = silent,
) -> tuple[str, bytes]:
    """Name and bytes of the account as ``viewer`` may see it (``None``: what is public). Writes nothing."""
    with override(language):
        gathered = gather(alliance, viewer, today, language, audience=audience, progress=progress)
        return f"{gathered.name}.{format}", render(gathered, format)


def produce_account(
    *,
    alliance: Alliance,
    by: Any,
    format: str,
    language: str,
    audience: str,
    today: dt.date,
    progress: Progress = silent,
    via: str = "task",
) -> Account:
    """Make the account and keep it as a private document, for a month unless it is published.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown choice.
    """
    require(by, "reporting.produce", alliance)
    if language == "en" and not alliance.offers_english:
        raise ValidationError(_("This alliance does not offer English. Choose French."))
    account = Account(
        alliance=alliance, format=format, language=language, audience=audience, on=today, made_by=by,
        made_at=timezone.now(),
    )  # fmt: skip
    account.full_clean(exclude=["alliance", "document", "made_by"])
    name, data = write_account(
        alliance, viewer=by, format=format, language=language, audience=audience, today=today, progress=progress
    )
    with transaction.atomic():
        account.document = documents.store(
            data, name=name, content_type=CONTENT_TYPES[Account.Format(format)], rule="reporting.read_account",
            alliance=alliance, owner=by, expires_at=account.made_at + KEPT,
        )  # fmt: skip
        account.save()
        audit.record(
            "reporting.account_made", account, by=by, alliance=alliance, via=via,
            after={"format": format, "language": language, "audience": audience, "on": today.isoformat()},
        )  # fmt: skip
    return account


@transaction.atomic
def publish_account(*, account: Account, by: Any, now: dt.datetime) -> Account:
    """Show the account on the public page, and keep its file.

    Errors: ``PermissionDenied``; ``ValidationError`` for a version that holds more than what is public.
    """
    require(by, "reporting.publish", account)
    account = lock(account)
    if account.audience != Account.Audience.PUBLIC:
        raise ValidationError(_("This version holds more than what is public. Make the public version, then publish."))
    if account.published_at is None:
        account.published_at = now
        account.save(update_fields=["published_at"])
        _keep(account, None)
        audit.record(
            "reporting.account_published", account, by=by, alliance=account.alliance,
            after={"published_at": now.isoformat()},
        )  # fmt: skip
    return account


@transaction.atomic
def withdraw_account(*, account: Account, by: Any, now: dt.datetime) -> Account:
    """Take the account off the public page; its file then stays a month. Errors: ``PermissionDenied``."""
    require(by, "reporting.publish", account)
    account = lock(account)
    if account.published_at is not None:
        before = account.published_at
        account.published_at = None
        account.save(update_fields=["published_at"])
        _keep(account, now + KEPT)
        audit.record(
            "reporting.account_withdrawn", account, by=by, alliance=account.alliance,
            before={"published_at": before.isoformat()}, after={"published_at": None},
        )  # fmt: skip
    return account


def _keep(account: Account, until: dt.datetime | None) -> None:
    account.document.expires_at = until
    account.document.save(update_fields=["expires_at"])
