"""Telling people: at once, in their weekly digest, or not at all, as each chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.models import Notice, NoticeChoice
from maillage.core import contributions, mail
from maillage.core.contributions import NoticeKind
from maillage.core.withholding import is_withheld

STOP = "notices"
"""The purpose of the address at the foot of every notice: choose what you receive, one click to stop."""


def kind_of(code: str) -> NoticeKind:
    """Errors: ``LookupError`` for a kind that no room declared."""
    for kind in contributions.notice_kinds:
        if kind.code == code:
            return kind
    raise LookupError(f"No notice kind is named {code!r}.")


def wanted(person: Person, kind: str) -> str:
    """When this person wants notices of this kind (a code of ``NoticeChoice.When``)."""
    chosen = NoticeChoice.objects.filter(person=person, kind=kind).first()
    return chosen.when if chosen else kind_of(kind).habit


def notify(
    *,
    person: Person,
    kind: str,
    subject: Any,
    template: str,
    context: Mapping[str, Any],
    site: str,
    url: str = "",
    reference: str = "",
    summary: Any = "",
    secrets: tuple[str, ...] = (),
    must: bool = False,
) -> bool:
    """Tell a person something. ``True`` where it left, or waits for the digest.

    ``template``: as for ``core.mail.send``; it is given ``context``, ``person``, ``alliance``, ``url``, ``stop_url``.
    ``site``: the address of the instance, without its last slash. ``reference``: what the notice is about; a person
    who must not see it is told nothing. ``summary``: its words in a digest. ``must``: an answer is expected from this
    person (an invitation, a position asked), so that it leaves at once whatever they chose.
    Nothing is sent without an e-mail address. Call it in the transaction of what it tells.
    """
    if not person.email or person.erased_at is not None:
        return False
    if reference and is_withheld(person.pk, reference):
        return False
    when = NoticeChoice.When.AT_ONCE if must else wanted(person, kind)
    if when == NoticeChoice.When.NEVER:
        return False
    if when == NoticeChoice.When.WEEKLY:
        with translation.override(person.language):
            Notice.objects.create(
                person=person, kind=kind, subject=str(subject)[:300], body=str(summary)[:5000], url=url[:300],
                reference=reference,
            )  # fmt: skip
        return True
    token = links.make(person=person, purpose=STOP)
    with translation.override(person.language):
        from django.urls import reverse

        stop_url = site + reverse("alliances:notice_choices", args=[token])
        values = {"person": person, "alliance": person.alliance, "url": url, "stop_url": stop_url, **context}
        mail.send(person.email, subject, template, values, person.language, secrets=[token, *secrets])
    return True
