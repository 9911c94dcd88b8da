"""Notes taken in the room: saved every two seconds, by several people, over a connection that comes and goes.

Every text received is kept. A text that began from an older version is woven into the note; where it touches the same
words as someone else's, the note stands and the text waits beside it until someone chooses.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.concertation.minutes.models import Minutes, Note, NoteVersion
from maillage.concertation.minutes.weaving import merge
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core import audit
from maillage.core.access import require
from maillage.core.formats import file_size
from maillage.core.locks import lock

MOST_BYTES = 200_000
KEY_LENGTH = 64
BOTH, MINE, DROP = "both", "mine", "drop"


@dataclass(frozen=True)
class Saved:
    """The note after a text was received. ``number``: the version this text made (its base, for what comes next)."""

    note: Note
    number: int
    beside: NoteVersion | None
    """The text, where it waits beside the note."""

    @property
    def merged(self) -> bool:
        return self.beside is None


def tidy(text: str) -> str:
    """The text with one kind of line ending, and nothing that a database refuses."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def check_size(text: str) -> None:
    """Errors: ``ValidationError`` of code ``too-long``."""
    size = len(text.encode())
    if size > MOST_BYTES:
        words = _(
            "These notes are too long: %(size)s, where %(most)s fit. Cut some, or attach the document to the meeting."
        )
        raise ValidationError(words % {"size": file_size(size), "most": file_size(MOST_BYTES)}, code="too-long")


def check_open(meeting: Meeting) -> None:
    """Errors: ``ValidationError`` of code ``closed``, once the minutes are approved or the meeting is cancelled."""
    if meeting.state == Meeting.State.CANCELLED:
        raise ValidationError(_("This meeting is cancelled: its notes no longer change."), code="closed")
    if Minutes.objects.filter(meeting=meeting, state=Minutes.State.APPROVED).exists():
        raise ValidationError(_("The minutes are approved: the notes no longer change."), code="closed")


@transaction.atomic
def save_note(
    *,
    item: AgendaItem,
    text: str,
    base_version: int,
    key: str,
    by: Any,
    now: dt.datetime,
    from_sent: bool = False,
    writer: str = "",
) -> Saved:
    """Receive a text. ``base_version``: the version it began from (0: an empty note); with ``from_sent``, from the text
    that this writer sent as that version, rather than from what the note then said. ``key``: of this attempt; the same
    one received again changes nothing. ``writer``: of the browser's tab.

    Errors: ``PermissionDenied``; ``ValidationError`` of code ``too-long``, ``closed`` or ``key``.
    """
    require(by, "concertation.take_notes", item)
    if not 0 < len(key) <= KEY_LENGTH or len(writer) > KEY_LENGTH:
        raise ValidationError(
            _("The page sent something unreadable. Load it again: your text stays in it."), code="key"
        )
    text = tidy(text)
    check_size(text)
    lock(item)
    note, made = Note.objects.get_or_create(item=item, defaults={"saved_at": now})
    known = NoteVersion.objects.filter(note=note, key=key).first()
    if known is not None:
        waits = not known.merged and known.settled_at is None
        return Saved(note, known.number, known if waits else None)
    check_open(item.meeting)
    if base_version == note.version and not from_sent and text == note.text:
        return Saved(note, note.version, None)
    if made:
        # Once for an item: the versions themselves say who wrote what and when.
        audit.record("concertation.notes_begun", note, by=by, alliance=item.meeting.alliance)
    return _receive(note, text, base_version, from_sent, key, by, now, writer)


def _base(note: Note, base_version: int, from_sent: bool) -> str | None:
    """The text the writer began from; ``None`` where it is not known any more."""
    if base_version == 0:
        return ""
    if base_version == note.version and not from_sent:
        return note.text
    found = NoteVersion.objects.filter(note=note, number=base_version).first()
    if found is None:
        return None
    return found.text if from_sent else found.after


def _receive(
    note: Note, text: str, base_version: int, from_sent: bool, key: str, by: Any, now: dt.datetime, writer: str
) -> Saved:
    base = _base(note, base_version, from_sent)
    if base is None:
        fits, after = text == note.text or not note.text.strip(), text
    else:
        found = merge(base, note.text, text)
        fits, after = found.clean, found.text
    if fits and len(after.encode()) > MOST_BYTES:
        # Both fit alone, not together.
        fits = False
    if not fits:
        after = note.text
    if writer:
        # This text holds what the same writer had waiting: it is not asked twice.
        waiting = NoteVersion.objects.filter(note=note, writer=writer, merged=False, settled_at=None)
        waiting.update(settled_at=now)
    row = NoteVersion.objects.create(
        note=note, number=note.version + 1, base=base_version, from_sent=from_sent, text=text,
        result=None if after == text else after, key=key, writer=writer, by=by, at=now, merged=fits,
    )  # fmt: skip
    note.version, note.text, note.saved_at = row.number, after, now
    note.save(update_fields=["version", "text", "saved_at"])
    return Saved(note, row.number, None if fits else row)


def waiting(meeting: Meeting) -> dict[int, list[NoteVersion]]:
    """The texts that wait beside the notes of the meeting, by agenda item. One query."""
    rows = NoteVersion.objects.filter(note__item__meeting=meeting, merged=False, settled_at=None)
    found: dict[int, list[NoteVersion]] = {}
    for row in rows.select_related("note").order_by("note_id", "number"):
        found.setdefault(row.note.item_id, []).append(row)
    return found


@transaction.atomic
def settle(*, version: NoteVersion, choice: str, by: Any, now: dt.datetime) -> Note:
    """Choose what becomes of a text that waits: ``both`` (its words after the note's own), ``mine`` (instead of the
    note) or ``drop`` (it stays among the versions, no more). Asked twice, it is done once.

    Errors: ``PermissionDenied``; ``ValidationError`` of code ``too-long`` or ``closed``; ``KeyError`` for another
    choice.
    """
    item = version.note.item
    require(by, "concertation.take_notes", item)
    if choice not in {BOTH, MINE, DROP}:
        raise KeyError(choice)
    lock(item)
    note, row = lock(version.note), lock(version)
    if row.settled_at is not None or row.merged:
        return note
    check_open(item.meeting)
    if choice != DROP:
        base = _base(note, row.base, row.from_sent) or ""
        after = row.text if choice == MINE else merge(base, note.text, row.text).text
        check_size(after)
        NoteVersion.objects.create(
            note=note, number=note.version + 1, base=note.version, text=after, key=f"settled-{row.pk}", by=by, at=now
        )
        note.version, note.text, note.saved_at = note.version + 1, after, now
        note.save(update_fields=["version", "text", "saved_at"])
    row.settled_at = now
    row.save(update_fields=["settled_at"])
    return note


def thin(before: dt.datetime) -> int:
    """Delete the intermediate versions of notes last saved before that: the note stays, and what was not merged.

    Returns how many."""
    rows = NoteVersion.objects.filter(note__saved_at__lt=before, merged=True)
    return rows.delete()[0]
