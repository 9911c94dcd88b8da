"""Mails: written from a template in the reader's language, sent when there is a server, kept to be read otherwise.

Django's own mails (sign-in codes) take the same road, through :class:`Backend`. With ``MAILLAGE_SMTP_URL`` each mail
is a job, tried again when the server does not answer; without it the operator reads it at ``/courriels/``, codes and
single-use addresses masked in production. No address nor subject is ever written in a log.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from maillage.core import jobs
from maillage.core.models import MailMessage

logger = logging.getLogger("maillage.mail")

KEPT_DAYS = 30
RETRY_MINUTES = (1, 5, 20, 60, 240, 720)
"""Minutes before each new try; after the last one, the mail is declared not sent."""
MASK = "••••••"

# What opens a door: a code (0866-8402, ABC-DEF, 123456) or a long random piece of an address.
_CODE = re.compile(r"\b(?:[0-9A-Z]{3,5}-[0-9A-Z]{3,5}|\d{6,8})\b")
_KEY = re.compile(r"(https?://\S*?[/=])[\w:.-]{20,}")


@dataclass(frozen=True)
class Attachment:
    """A small text sent along: ``Attachment("rencontre.ics", "text/calendar", text)``."""

    name: str
    content_type: str
    text: str


def send(
    to: str | Sequence[str],
    subject: Any,
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    secrets: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    forget: bool = False,
) -> None:
    """Write ``template`` (``.txt``, and ``.html`` where there is one) in ``language``, and send it.

    Call it in the transaction of what it tells: the mail leaves if and only if that is saved. ``secrets``: pieces of
    the text (a code, a key) that the operator must not read. ``headers``: those the mail adds (``List-Unsubscribe``);
    they may hold secrets, and nobody reads them here. ``attachments``: small texts (a calendar file). ``forget``:
    nothing is kept of it once a server took it, or refused it for good; without one the operator reads it as any other.
    """
    with translation.override(language):
        values = {"language": language, **context}
        message = EmailMultiAlternatives(
            subject=" ".join(str(subject).split()),
            body=render_to_string(f"{template}.txt", values).strip() + "\n",
            to=[to] if isinstance(to, str) else list(to),
            headers=dict(headers or {}),
        )
        try:
            html = str(render_to_string(f"{template}.html", values))
        except TemplateDoesNotExist:
            html = ""
        if html:
            message.attach_alternative(html, "text/html")
        for file in attachments:
            message.attach(file.name, file.text, file.content_type)
        message.secrets = tuple(secrets)  # type: ignore[attr-defined]
        message.forget = forget  # type: ignore[attr-defined]
        message.send()


def masked(text: str, secrets: Sequence[str] = ()) -> str:
    """The text without what would open a door in someone else's name."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return _CODE.sub(MASK, _KEY.sub(rf"\1{MASK}", text))


class Backend(BaseEmailBackend):
    """Django's way in: every mail becomes a :class:`MailMessage`, kept or sent by a job."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        return sum(bool(_keep(message)) for message in email_messages if message.recipients())


def _keep(message: Any) -> MailMessage:
    html = next((part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
    secrets = getattr(message, "secrets", ())
    served = bool(settings.MAIL_SERVER)
    # Without a server, in production, what is masked is not even stored.
    hide = settings.PRODUCTION and not served
    row = MailMessage.objects.create(
        state=MailMessage.State.QUEUED if served else MailMessage.State.KEPT,
        sender=message.from_email,
        recipients=message.recipients(),
        subject=masked(message.subject, secrets)[:300] if hide else message.subject[:300],
        text=masked(message.body, secrets) if hide else message.body,
        html="" if hide else html,
        # Read by mail programs only: without a server, nobody needs them.
        headers=dict(getattr(message, "extra_headers", {})) if served else {},
        attachments=[] if hide else [[name, kind, text] for name, text, kind in message.attachments],
        language=(translation.get_language() or "fr")[:5],
    )
    if served:
        forget = {"forget": True} if getattr(message, "forget", False) else {}
        jobs.start("core.mail", by=None, params={"mail": str(row.uuid), **forget})
    return row


@jobs.handler("core.mail", label=_("Sending of a mail"), limit=120)
def deliver(ctx: jobs.Context, *, mail: str, forget: bool = False) -> dict[str, Any]:
    """Send one mail. A server that does not answer is tried again later; an address it refuses is not.
    ``forget``: it is deleted then."""
    row = MailMessage.objects.filter(uuid=mail, state=MailMessage.State.QUEUED).first()
    if row is None:
        return {}
    row.attempts += 1
    try:
        _transmit(row)
    except (OSError, smtplib.SMTPException) as error:
        _try_again(row, error, timezone.now(), {"forget": True} if forget else {})
    else:
        row.state, row.sent_at, row.error = MailMessage.State.SENT, timezone.now(), ""
        _empty(row)
    if forget and row.state != MailMessage.State.QUEUED:
        row.delete()
    else:
        row.save()
    return {}


def _empty(row: MailMessage) -> None:
    """What it said is no longer our affair."""
    row.text, row.html, row.headers, row.attachments = "", "", {}, []


def _transmit(row: MailMessage) -> None:
    message = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text,
        from_email=row.sender,
        to=row.recipients,
        headers={
            **row.headers,
            "Content-Language": row.language,
            "Auto-Submitted": "auto-generated",
            # The same at each try, so that a mail sent twice is recognised.
            "Message-ID": f"<{row.uuid}@{parseaddr(row.sender)[1].rpartition('@')[2] or 'localhost'}>",
        },
        connection=get_connection(settings.MAIL_TRANSPORT, fail_silently=False, **settings.MAIL_SERVER),
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    for name, content_type, text in row.attachments:
        message.attach(name, text, content_type)
    message.send()


def _try_again(row: MailMessage, error: Exception, now: dt.datetime, more: Mapping[str, Any]) -> None:
    refused = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
    codes = [code for code, _text in getattr(error, "recipients", {}).values()] or [getattr(error, "smtp_code", 0)]
    permanent = refused and all(500 <= code < 600 for code in codes)
    row.error = type(error).__name__
    logger.warning("Mail %s was not sent (%s, try %d).", row.uuid, row.error, row.attempts)
    if permanent or row.attempts > len(RETRY_MINUTES):
        row.state = MailMessage.State.FAILED
        _empty(row)
        return
    after = now + dt.timedelta(minutes=RETRY_MINUTES[row.attempts - 1])
    jobs.start("core.mail", by=None, params={"mail": str(row.uuid), **more}, after=after)


def purge(now: dt.datetime) -> int:
    """Delete the mails of more than 30 days. Returns how many."""
    return MailMessage.objects.filter(created_at__lt=now - dt.timedelta(days=KEPT_DAYS)).delete()[0]


def sent_to(address: str) -> list[int]:
    """The ids of the mails kept for this address."""
    wanted = address.strip().lower()
    if not wanted:
        return []
    rows = MailMessage.objects.only("pk", "recipients").order_by("pk").iterator(chunk_size=500)
    return [row.pk for row in rows if any(parseaddr(to)[1].lower() == wanted for to in row.recipients)]


def forget(address: str) -> int:
    """Delete every mail sent to this address (erasure). Returns how many."""
    return MailMessage.objects.filter(pk__in=sent_to(address)).delete()[0]
