"""What changes the agenda of a meeting: items, their order, their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.concertation.meetings import indexing
from maillage.concertation.models import AgendaDocument, AgendaItem, Meeting
from maillage.core import audit, documents, search
from maillage.core.access import require
from maillage.core.locks import lock

EDITABLE = frozenset({"title", "kind", "length", "preparation", "presenter", "is_public"})
MOST = 300
"""Items of one agenda."""
MOST_DOCUMENTS = 10
DOCUMENT_RULE = "concertation.read_agenda_document"


def _open(meeting: Meeting, by: Any) -> Meeting:
    """The meeting under a lock, once its agenda may change."""
    require(by, "concertation.edit_meeting", meeting)
    meeting = lock(meeting)
    if meeting.is_cancelled:
        raise ValidationError(_("This meeting is cancelled: its agenda no longer changes."))
    return meeting


def _check(item: AgendaItem) -> None:
    item.full_clean(exclude=["meeting", "presenter"], validate_unique=False)
    if item.presenter is not None and item.presenter.alliance_id != item.meeting.alliance_id:
        raise ValidationError({"presenter": _("This actor belongs to another alliance.")})


def _touch(meeting: Meeting, now: dt.datetime) -> None:
    meeting.changed_at = now
    meeting.save(update_fields=["changed_at"])


@transaction.atomic
def add_items(
    *, meeting: Meeting, items: Sequence[Mapping[str, Any]], by: Any, now: dt.datetime, via: str = "web"
) -> list[AgendaItem]:
    """Add points at the end of the agenda, all or none. ``items``: some of ``EDITABLE``, ``title`` at least.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value or more than ``MOST``; ``KeyError``.
    """
    meeting = _open(meeting, by)
    count = meeting.items.count()
    if count + len(items) > MOST:
        raise ValidationError(_("An agenda holds %(most)d points at most. Make another meeting.") % {"most": MOST})
    made = []
    for position, values in enumerate(items, count + 1):
        if unknown := set(values) - EDITABLE:
            raise KeyError(f"Not editable: {sorted(unknown)}")
        item = AgendaItem(meeting=meeting, position=position, **values)
        item.title = item.title.strip()
        _check(item)
        made.append(item)
    AgendaItem.objects.bulk_create(made)
    indexing.put_points(made)
    _touch(meeting, now)
    audit.record(
        "concertation.agenda_items_added", meeting, by=by, alliance=meeting.alliance, via=via,
        after={"items": [str(item.uuid) for item in made]},
    )  # fmt: skip
    return made


@transaction.atomic
def update_item(
    *, item: AgendaItem, changes: Mapping[str, Any], by: Any, now: dt.datetime, via: str = "web"
) -> AgendaItem:
    """Change some of ``EDITABLE``. Whoever withdrew from the item does not change it.

    Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError`` for another field.
    """
    require(by, "concertation.view_agenda_item", item)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    meeting = _open(item.meeting, by)
    item = lock(item)
    item.meeting = meeting
    different = sorted(name for name, value in changes.items() if getattr(item, name) != value)
    if not different:
        return item
    for name in different:
        setattr(item, name, changes[name])
    _check(item)
    item.save()
    _touch(meeting, now)
    indexing.put_points([item])
    if {"is_public", "title"} & set(different):
        from maillage.concertation.minutes.indexing import follow

        follow([meeting])
    audit.record(
        "concertation.agenda_item_updated", item, by=by, alliance=meeting.alliance, via=via,
        after={"changed": different},
    )  # fmt: skip
    return item


@transaction.atomic
def move_item(*, item: AgendaItem, to: int, by: Any, now: dt.datetime, via: str = "web") -> AgendaItem:
    """Put the item at place ``to`` (1 is the first; beyond the end is the last); the others close up."""
    require(by, "concertation.view_agenda_item", item)
    meeting = _open(item.meeting, by)
    items = list(meeting.items.order_by("position", "pk"))
    moved = next(row for row in items if row.pk == item.pk)
    before = items.index(moved) + 1
    items.remove(moved)
    items.insert(max(1, min(to, len(items) + 1)) - 1, moved)
    changed = []
    for position, row in enumerate(items, 1):
        if row.position != position:
            row.position = position
            changed.append(row)
    if not changed:
        return moved
    AgendaItem.objects.bulk_update(changed, ["position"])
    _touch(meeting, now)
    audit.record(
        "concertation.agenda_item_moved", moved, by=by, alliance=meeting.alliance, via=via,
        before={"position": before}, after={"position": moved.position},
    )  # fmt: skip
    return moved


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any, now: dt.datetime, via: str = "web") -> None:
    """Take an item off the agenda; the others close up.

    Errors: ``PermissionDenied``; ``ValidationError`` where notes, minutes or a decision already hang on it.
    """
    require(by, "concertation.view_agenda_item", item)
    meeting = _open(item.meeting, by)
    noted = hasattr(item, "note") and bool(item.note.text)
    if noted or item.minutes_items.exists() or item.decisions.exists():
        raise ValidationError(_("Notes or a decision hang on this point: it stays on the agenda."))
    audit.record(
        "concertation.agenda_item_removed", item, by=by, alliance=meeting.alliance, via=via,
        before={"meeting_id": meeting.pk, "position": item.position},
    )  # fmt: skip
    search.remove(indexing.POINT, [item.pk])
    item.delete()
    rest = list(meeting.items.order_by("position", "pk"))
    for position, row in enumerate(rest, 1):
        row.position = position
    AgendaItem.objects.bulk_update(rest, ["position"])
    _touch(meeting, now)


# Documents sent ahead


@transaction.atomic
def add_document(
    *,
    item: AgendaItem,
    data: Any,
    name: str,
    content_type: str,
    title: str,
    by: Any,
    now: dt.datetime,
    via: str = "web",
) -> AgendaDocument:
    """Keep a document of this point, for those expected at the meeting.

    Errors: ``PermissionDenied``; ``ValidationError`` for a file that is not kept, or beyond ``MOST_DOCUMENTS``.
    """
    require(by, "concertation.view_agenda_item", item)
    meeting = _open(item.meeting, by)
    if item.documents.count() >= MOST_DOCUMENTS:
        raise ValidationError(_("This point already has %(most)d documents.") % {"most": MOST_DOCUMENTS})
    try:
        document = documents.store(
            data, name=name, content_type=content_type, rule=DOCUMENT_RULE, alliance=meeting.alliance
        )
    except documents.DocumentRefused as refused:
        raise ValidationError(str(refused)) from refused
    row = AgendaDocument.objects.create(item=item, document=document, title=(title.strip() or document.name)[:200])
    _touch(meeting, now)
    audit.record(
        "concertation.agenda_document_added", item, by=by, alliance=meeting.alliance, via=via,
        after={"document": document.pk},
    )  # fmt: skip
    return row


@transaction.atomic
def remove_document(*, document: AgendaDocument, by: Any, now: dt.datetime, via: str = "web") -> None:
    """Take a document off a point; its file is deleted. Errors: ``PermissionDenied``; ``ValidationError``."""
    item = document.item
    require(by, "concertation.view_agenda_item", item)
    meeting = _open(item.meeting, by)
    audit.record(
        "concertation.agenda_document_removed", item, by=by, alliance=meeting.alliance, via=via,
        before={"document": document.document_id},
    )  # fmt: skip
    file = document.document
    document.delete()
    documents.delete(file)
    _touch(meeting, now)
