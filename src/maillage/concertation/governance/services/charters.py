"""The charter of a space: versions, adopted by a decision, in force until the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import must_not_read
from maillage.concertation.decisions.models import Decision
from maillage.concertation.governance.models import Charter
from maillage.concertation.governance.services.common import clean, logged
from maillage.concertation.models import Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock


@transaction.atomic
def write_charter(*, space: Space, text: str, by: Any, language: str = "fr", via: str = "web") -> Charter:
    """Write the next version: the one in preparation is corrected, else a new number opens. Adopted ones stay as is.

    Errors: ``PermissionDenied``; ``ValidationError`` for an empty or too long text.
    """
    require(by, "concertation.edit", space)
    lock(space)
    last = Charter.objects.filter(space=space).order_by("-number").first()
    if last is not None and last.adopted_on is None:
        draft = last
    else:
        draft = Charter(space=space, number=(last.number if last else 0) + 1)
    text = text.replace("\r\n", "\n").strip()
    if draft.pk and draft.text == text and draft.language == language:
        return draft
    draft.text, draft.language = text, language
    clean(draft, "space", "decision")
    draft.save()
    audit.record(
        "concertation.charter_written", draft, by=by, alliance=space.alliance, via=via,
        after={"number": draft.number, "length": len(draft.text)},
    )  # fmt: skip
    return draft


@transaction.atomic
def adopt_charter(
    *, charter: Charter, decision: Decision, by: Any, on: dt.date, since: dt.date | None = None, via: str = "web"
) -> Charter:
    """The space's own decision adopted it on ``on``; in force from ``since`` (the same day where it is not said).

    Errors: ``PermissionDenied``; ``ValidationError`` for a charter already adopted, or a decision of another space or
    that did not adopt.
    """
    space = charter.space
    require(by, "concertation.edit", space)
    if must_not_read(by, decision.reference):
        raise PermissionDenied(_("You withdrew from this decision, or must first say whether you do."))
    lock(space)
    charter = lock(charter)
    if charter.adopted_on is not None:
        raise ValidationError(_("This charter is already adopted. Write the next version instead."))
    if decision.alliance_id != space.alliance_id:
        raise ValidationError({"decision": _("This decision was taken in another alliance.")})
    if decision.state != Decision.State.CLOSED or decision.outcome != Decision.Outcome.ADOPTED:
        raise ValidationError({"decision": _("Choose a decision that was adopted.")})
    begins = since or on
    if begins < on:
        raise ValidationError({"since": _("A charter is in force from its adoption at the earliest.")})
    for former in Charter.objects.filter(space=space, until=None).exclude(adopted_on=None):
        if former.since is not None and begins < former.since:
            raise ValidationError({"since": _("A later charter is already in force.")})
        former.until = begins
        former.save(update_fields=["until"])
    charter.decision, charter.adopted_on, charter.since = decision, on, begins
    charter.save(update_fields=["decision", "adopted_on", "since"])
    audit.record(
        "concertation.charter_adopted", charter, by=by, alliance=space.alliance, via=via,
        after=logged(charter, ("number", "decision_id", "adopted_on", "since")),
    )  # fmt: skip
    return charter
