"""« Rétroaction »: what the alliance did with the answers, and telling it to those who left an address for that alone.

An address is tied to nothing: neither to a ballot, nor to a person, nor to an instant. No line of the log says that one
was left or taken back; the log says when the feedback was written, and that it was sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import EmailField
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.concertation.models import Decision
from maillage.core import audit, jobs, mail
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.indexing import put
from maillage.participation.consultations.models import Consultation, FeedbackLink
from maillage.participation.consultations.services import RELATED, locked
from maillage.participation.urn.models import FollowAddress
from maillage.participation.words import words_of

S = Consultation.State
TEMPLATE = "participation/consultations/email/feedback"
MOST = 20
"""Links."""


@transaction.atomic
def write_feedback(
    *,
    consultation: Consultation,
    text: str,
    decisions: Iterable[Decision],
    others: Iterable[str],
    by: Any,
    today: dt.date,
    now: dt.datetime,
    via: str = "web",
) -> Consultation:
    """Say what was done with the answers, with the decisions it led to and, in words, the objectives.

    ``others``: a line each, « Objectif 2.1: … ». Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", consultation)
    found = locked(consultation)
    if found.state != S.PUBLISHED:
        raise ValidationError(_("The feedback comes after the results."))
    if not text.strip():
        raise ValidationError({"text": _("Say what was done, or why nothing was.")})
    chosen = list(decisions)
    lines = [line.strip() for line in others if line.strip()]
    if any(decision.alliance_id != found.alliance_id for decision in chosen):
        raise ValidationError({"decisions": _("Choose decisions of the same alliance.")})
    if len(chosen) + len(lines) > MOST:
        raise ValidationError({"others": _("%(n)s links at most.") % {"n": MOST}})
    first = not found.feedback
    found.feedback, found.feedback_on = text.strip(), today
    found.full_clean(exclude=RELATED)
    found.save(update_fields=["feedback", "feedback_on"])
    found.feedback_links.all().delete()
    rows = [FeedbackLink(consultation=found, decision=decision, position=n) for n, decision in enumerate(chosen)]
    rows += [
        FeedbackLink(consultation=found, label=line[:300], position=len(chosen) + n) for n, line in enumerate(lines)
    ]
    FeedbackLink.objects.bulk_create(rows)
    entry = audit.record(
        "participation.feedback_written", found, by=by, alliance=found.alliance, via=via,
        after={"decisions": [decision.pk for decision in chosen], "links": len(rows)},
    )  # fmt: skip
    if first:
        tell(
            alliance=found.alliance, kind="feedback-written", by=by, label=found.title, reference=found.reference,
            entry=entry, at=now,
        )  # fmt: skip
    put([found])
    return found


@transaction.atomic
def send_feedback(*, consultation: Consultation, by: Any, site: str, via: str = "web") -> int:
    """Tell those who left an address, in the worker; each address is deleted as its message leaves. How many wait.

    Errors: ``PermissionDenied``; ``ValidationError`` where nothing is written yet.
    """
    require(by, "participation.run", consultation)
    found = locked(consultation)
    if not found.feedback:
        raise ValidationError(_("Write first what was done with the answers."))
    waiting = FollowAddress.objects.filter(consultation=found).count()
    if waiting:
        audit.record("participation.feedback_sent", found, by=by, alliance=found.alliance, via=via)
        jobs.start(
            "participation.feedback", by=by, alliance=found.alliance,
            params={"consultation": str(found.uuid), "site": site},
        )  # fmt: skip
    return waiting


def write_to_followers(consultation: Consultation, *, site: str) -> int:
    """What the worker does: a message to each address, which goes in the same transaction."""
    sent = 0
    for pk in list(FollowAddress.objects.filter(consultation=consultation).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = FollowAddress.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            # Its title in the language of the ballot, where it was written; the rest in one that the product speaks.
            title = words_of(consultation, row.language).title(consultation)
            context = {
                "consultation": consultation, "alliance": consultation.alliance, "title": title,
                "url": site + consultation.get_absolute_url() + "#suites",
            }  # fmt: skip
            language = "en" if row.language == "en" else "fr"
            mail.send(row.email, _subject(title, language), TEMPLATE, context, language, forget=True)
            row.delete()
            sent += 1
    return sent


def _subject(title: str, language: str) -> str:
    from django.utils import translation

    with translation.override(language):
        return _("What was done with your answers: %(title)s") % {"title": title}


def takes_addresses(consultation: Consultation) -> bool:
    """While there is still something to be told."""
    return consultation.state in {S.OPEN, S.CLOSED, S.PUBLISHED} and not consultation.feedback


def leave_address(*, consultation: Consultation, email: str, language: str) -> None:
    """Keep an address to be told what was done, for that alone. Left twice, it is kept once; nothing is logged.

    Errors: ``ValidationError`` for what is not an address, or once there is nothing to tell.
    """
    if not takes_addresses(consultation):
        raise ValidationError(_("There is nothing more to be told: what was done is on this page."))
    address = email.strip().lower()
    EmailField(max_length=254).clean(address)
    with transaction.atomic():
        lock(consultation)
        FollowAddress.objects.get_or_create(
            consultation=consultation, email=address, defaults={"language": language[:8]}
        )


def withdraw_address(*, consultation: Consultation, email: str) -> None:
    """Forget an address. Whether it was there is not said."""
    FollowAddress.objects.filter(consultation=consultation, email=email.strip().lower()).delete()
