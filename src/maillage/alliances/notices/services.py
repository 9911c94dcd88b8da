"""Telling people: at once, in their weekly digest, or not at all, as each chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.models import Notice, NoticeChoice
from maillage.alliances.presence import has_gone
from maillage.core import audit, contributions, mail
from maillage.core.access import require
from maillage.core.contributions import NoticeKind
from maillage.core.locks import lock
from maillage.core.withholding import is_withheld

STOP = "notices"
"""The purpose of the address at the foot of every notice: choose what you receive, one click to stop."""
STOP_LASTS = dt.timedelta(days=400)
DIGEST = "digest"
"""What stands for every weekly kind, in the address that stops the digest."""
TEMPLATE = "alliances/email/notice"
"""The plain message: what is said, one thing to do, how to stop."""


def kind_of(code: str) -> NoticeKind:
    """Errors: ``LookupError`` for a kind that no room declared."""
    for kind in contributions.notice_kinds:
        if kind.code == code:
            return kind
    raise LookupError(f"No notice kind is named {code!r}.")


def wanted(person: Person, kind: str) -> str:
    """When this person wants notices of this kind (a code of ``NoticeChoice.When``)."""
    habit = kind_of(kind).habit
    chosen = NoticeChoice.objects.filter(person=person, kind=kind).first()
    return chosen.when if chosen else habit


def choices_of(person: Person) -> dict[str, str]:
    """When this person wants each kind, what they chose or the kind's own habit."""
    chosen = dict(NoticeChoice.objects.filter(person=person).values_list("kind", "when"))
    return {kind.code: chosen.get(kind.code, kind.habit) for kind in contributions.notice_kinds}


@transaction.atomic
def choose(*, person: Person, choices: Mapping[str, str], language: str | None = None, by: Any, via: str) -> None:
    """Keep what a person wants: ``{kind: when}``; kinds not named are left as they are.

    ``by``: the account of that person, or ``None`` for whoever holds their personal address.
    Errors: ``LookupError`` for an unknown kind, ``ValueError`` for an unknown moment, ``PermissionDenied``.
    """
    if by is not None:
        require(by, "alliances.choose_notices", person)
    for kind, when in choices.items():
        kind_of(kind)
        if when not in NoticeChoice.When.values:
            raise ValueError(f"{when!r} is not a moment.")
    locked = lock(person)
    before = choices_of(person)
    changed = {kind: when for kind, when in choices.items() if before[kind] != when}
    for kind, when in changed.items():
        NoticeChoice.objects.update_or_create(person=person, kind=kind, defaults={"when": when})
        if when == NoticeChoice.When.NEVER:
            # What waited for the digest must not come after a « never ».
            Notice.objects.filter(person=person, kind=kind, sent_at=None).delete()
    after: dict[str, Any] = dict(changed)
    if language is not None and language != locked.language:
        locked.language = person.language = language
        locked.save(update_fields=["language"])
        after["language"] = language
    if after:
        audit.record("alliances.notices_chosen", person, by=by, alliance=person.alliance, after=after, via=via)


def stop(*, person: Person, kind: str, by: Any, via: str) -> None:
    """No more of this kind. Asked twice, nothing more happens."""
    choose(person=person, choices={kind: NoticeChoice.When.NEVER}, by=by, via=via)


def stop_digest(*, person: Person, by: Any, via: str) -> None:
    """No more weekly message: every weekly kind of this person, and of the other persons this account is at the same
    address, becomes « never »."""
    for row in _same_reader(person):
        weekly = [kind for kind, when in choices_of(row).items() if when == NoticeChoice.When.WEEKLY]
        never = str(NoticeChoice.When.NEVER)
        choose(person=row, choices=dict.fromkeys(weekly, never), by=by, via=via)


def _same_reader(person: Person) -> list[Person]:
    if person.user_id is None or not person.email:
        return [person]
    rows = Person.objects.filter(user_id=person.user_id, email__iexact=person.email, erased_at=None)
    return list(rows.select_related("alliance").order_by("pk"))


def stop_all(*, person: Person, by: Any, via: str) -> None:
    """No more of any kind."""
    never = {kind.code: str(NoticeChoice.When.NEVER) for kind in contributions.notice_kinds}
    choose(person=person, choices=never, by=by, via=via)


def notify(
    *,
    person: Person,
    kind: str,
    subject: Any,
    template: str = TEMPLATE,
    context: Mapping[str, Any],
    site: str,
    url: str = "",
    reference: str = "",
    summary: Any = "",
    secrets: tuple[str, ...] = (),
    must: bool = False,
    attachments: Sequence[mail.Attachment] = (),
) -> bool:
    """Tell a person something. ``True`` where it left, or waits for the digest.

    Most parts need no template of their own: without one, the plain message is written from ``context``:
    ``lines`` (paragraphs, a list of strings) and ``action_label`` (what the address opens, « Répondre »); an empty
    ``url`` leaves the action out. A template of yours (``.txt`` and ``.html``) may extend
    ``alliances/email/notice.txt`` and ``.html`` and fill ``{% block more %}``. Every template is given ``context`` and
    ``person``, ``alliance``, ``subject``, ``url``, ``must``, ``stop_url`` (no more of this kind) and ``choices_url``.

    Lazy translations in ``subject``, ``lines``, ``action_label`` and ``summary`` are read in the person's language.
    ``site``: the address of the instance, without its last slash. ``url``: whole, or beginning with a slash.
    ``reference``: what the notice is about; a person who must not see it is told nothing. ``summary``: its words in a
    digest (without any, ``lines``); no personal address there nor in ``url`` if the notice may wait.
    ``must``: an answer is expected from this person (an invitation, a position asked), so that it leaves at once
    whatever they chose. Nothing is sent without an e-mail address, nor to someone whose role in the alliance ended.
    Call it in the transaction of what it tells; for
    many people at once, :func:`notify_many`.
    """
    when = wanted(person, kind)
    if not person.email or person.erased_at is not None or has_gone(person, person.alliance.today()):
        return False
    if must:
        when = NoticeChoice.When.AT_ONCE
    if when == NoticeChoice.When.NEVER or (reference and is_withheld(person.pk, reference)):
        return False
    if url.startswith("/"):
        url = site + url
    with translation.override(person.language):
        if when == NoticeChoice.When.WEEKLY:
            told = str(summary) or "\n\n".join(str(line) for line in context.get("lines", ()))
            Notice.objects.create(
                person=person, kind=kind, subject=str(subject)[:300], body=told[:5000], url=url[:300],
                reference=reference,
            )  # fmt: skip
            return True
        _send(person, kind, subject, template, context, site, url, secrets, must, attachments)
    return True


def _send(
    person: Person,
    kind: str,
    subject: Any,
    template: str,
    context: Mapping[str, Any],
    site: str,
    url: str,
    secrets: tuple[str, ...],
    must: bool,
    attachments: Sequence[mail.Attachment] = (),
) -> None:
    token = links.make(person=person, purpose=STOP, expires_at=timezone.now() + STOP_LASTS)
    stop_url = site + reverse("alliances:notice_stop", args=[token, kind])
    values = {
        "person": person, "alliance": person.alliance, "subject": subject, "url": url, "must": must,
        "stop_url": stop_url, "choices_url": site + reverse("alliances:notice_choices", args=[token]),
        "lines": (), "action_label": _("See it on Maillage"), **context,
    }  # fmt: skip
    headers = {}
    if not must:
        # A click of the mail program stops this kind (RFC 8058); where an answer is expected, it would stop nothing.
        headers = {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail.send(
        person.email, subject, template, values, person.language, secrets=[token, *secrets], headers=headers,
        attachments=attachments,
    )  # fmt: skip
