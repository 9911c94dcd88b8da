"""What the services of decisions share: the refusals people read, the notices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.interests.selectors import person_has_left
from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.services import notify
from maillage.concertation.decisions.models import Decision
from maillage.concertation.endorsements.gate import require_free
from maillage.core import formats
from maillage.core.locks import lock
from maillage.core.withholding import is_withheld

LINK = "position"
"""The purpose of the personal address by which a member answers without signing in."""
LINK_DAYS = 400


class Late(ValidationError):
    """The decision no longer takes answers. What was typed is shown back by whoever catches it."""


class Outdated(ValidationError):
    """The proposal changed while the answer was being written."""


def locked(decision: Decision) -> Decision:
    """The decision as it is, under a lock, with what its rules read."""
    found = lock(decision)
    found.space = decision.space
    found.alliance = decision.alliance
    return found


def must_be(decision: Decision, *states: str) -> None:
    """Errors: :class:`Late` for a closed decision, ``ValidationError`` otherwise, where it is in none of the states."""
    if decision.state in states:
        return
    if decision.state == Decision.State.CLOSED and decision.closed_at is not None:
        raise Late(
            _("This decision was closed on %(when)s. Nothing can change it now.")
            % {"when": formats.datetime_(decision.closed_at, decision.alliance.time_zone)},
            code="closed",
        )
    sentences = {
        Decision.State.DRAFT: _("This decision is still in preparation. Open it first."),
        Decision.State.OPEN: _("This decision is already open."),
        Decision.State.WITHDRAWN: _("This proposal was taken back. Nothing more is asked about it."),
    }
    raise ValidationError(sentences[Decision.State(decision.state)], code=decision.state)


def must_take_answers(decision: Decision, now: dt.datetime) -> None:
    """Errors: :class:`Late` once it is closed or its time has passed."""
    must_be(decision, Decision.State.OPEN)
    if decision.closes_at is not None and decision.closes_at <= now:
        raise Late(
            _("Answers were taken until %(when)s. Yours arrived later and does not count.")
            % {"when": formats.datetime_(decision.closes_at, decision.alliance.time_zone)},
            code="late",
        )


def must_be_free(decision: Decision, by: Any, now: dt.datetime, person: Person | None = None) -> None:
    """Errors: ``PermissionDenied`` for whoever withdrew, or was found in a conflict and has not answered."""
    require_free(by=by, subject=decision, today=decision.alliance.today(now), person=person)


def tell_person(
    *,
    person: Person,
    decision: Decision,
    kind: str,
    subject: Any,
    lines: list[Any],
    site: str,
    now: dt.datetime,
    must: bool = False,
) -> bool:
    """Write to a member about the decision. Nobody who withdrew is told anything; whoever was found in a conflict and
    has not answered is only told, where an answer is expected, that they are asked first.

    ``must``: an answer is expected, so the message carries the member's personal address; otherwise, what may wait
    for a digest carries the page's own.
    """
    if not person.email or person_has_left(person, decision.reference):
        return False
    reference, label = decision.reference, gettext_lazy("Read and answer") if must else gettext_lazy("Read")
    if is_withheld(person.pk, decision.reference):
        if not must:
            return False
        # The title only: it may be told, and is about nothing that is withheld.
        told, reference, label = {"title": decision.title}, "", gettext_lazy("Answer")
        subject = _("Answer first: %(title)s") % told
        lines = [
            _("You are asked about the decision “%(title)s”.") % told,
            _("Say first whether you are in conflict of interest: you read it after that."),
        ]
    url, token = decision.get_absolute_url(), ""
    if must:
        expires = now + dt.timedelta(days=LINK_DAYS)
        token = links.make(person=person, purpose=LINK, reference=decision.reference, expires_at=expires)
        url = reverse("concertation:position", args=[token])
    return notify(
        person=person, kind=kind, subject=subject,
        context={"lines": lines, "action_label": label},
        site=site, url=url, reference=reference, secrets=(token,) if token else (), must=must,
    )  # fmt: skip
