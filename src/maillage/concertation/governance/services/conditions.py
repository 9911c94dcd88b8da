"""The conditions of savoir d'expérience: what a space promises, what each meeting kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.concertation.governance.models import ConditionKept, ConditionOffer
from maillage.concertation.governance.services.common import check_end, clean
from maillage.concertation.meetings.models import Meeting
from maillage.concertation.models import Space
from maillage.concertation.vocabulary import Condition
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

NOTE_LENGTH = 300


def _known(codes: set[str]) -> None:
    if codes - set(Condition.values):
        raise ValidationError(_("Choose conditions of the list."))


@transaction.atomic
def promise_conditions(
    *, space: Space, promised: Mapping[str, str], by: Any, since: dt.date | None, via: str = "web"
) -> None:
    """From ``since`` on, the space promises these conditions: ``{code: how}``; no others.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown condition, or one that would end before it began.
    """
    require(by, "concertation.edit", space)
    lock(space)
    _known(set(promised))
    notes = {code: note.strip() for code, note in promised.items()}
    held = list(ConditionOffer.objects.filter(space=space, until=None))
    ended, same = [], set()
    for row in held:
        if notes.get(row.code) == row.note:
            same.add(row.code)
            continue
        check_end(row.since, since)
        ended.append(row.code)
        if row.since == since:
            row.delete()
        else:
            row.until = since
            row.save(update_fields=["until"])
    begun = sorted(set(notes) - same)
    for code in begun:
        offer = ConditionOffer(space=space, code=code, note=notes[code], since=since)
        clean(offer, "space")
        offer.save()
    if begun or ended:
        audit.record(
            "concertation.conditions_promised", space, by=by, alliance=space.alliance, via=via,
            before={"ended": sorted(ended)}, after={"begun": begun, "since": since.isoformat() if since else None},
        )  # fmt: skip


@transaction.atomic
def keep_conditions(
    *,
    meeting: Meeting,
    kept: Mapping[str, bool | None],
    by: Any,
    notes: Mapping[str, str] | None = None,
    via: str = "web",
) -> None:
    """Say, condition by condition, whether the meeting kept it; ``None``: not known, nothing is written.

    Codes left out stay as they were. Errors: ``PermissionDenied``; ``ValidationError`` for an unknown condition.
    """
    require(by, "concertation.note_conditions", meeting)
    lock(meeting)
    _known(set(kept))
    notes = notes or {}
    rows = {row.code: row for row in ConditionKept.objects.filter(meeting=meeting, code__in=list(kept))}
    before = {code: row.kept for code, row in rows.items()}
    for code, value in kept.items():
        if value is None:
            if code in rows:
                rows[code].delete()
            continue
        row = rows.get(code) or ConditionKept(meeting=meeting, code=code)
        row.kept = value
        row.note = notes.get(code, row.note).strip()[:NOTE_LENGTH]
        row.save()
    after = {code: value for code, value in kept.items() if before.get(code) != value}
    if after:
        audit.record(
            "concertation.conditions_kept", meeting, by=by, alliance=meeting.alliance, via=via,
            before={code: before.get(code) for code in after}, after=after,
        )  # fmt: skip
