"""Batches of paper: printed, handed out, keyed twice by two people, agreed, accepted once, voided whole by two.

Every service locks the consultation first, then the batch: publishing locks the same consultation, so that a batch is
accepted before the results are published, or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.paper import keeping, reading
from maillage.participation.paper.models import Batch, KeyedRound, KeyedSheet, SheetRuling
from maillage.participation.results.services import count_anew
from maillage.participation.urn import services as urn

S = Batch.State
MOST = 1000
"""Sheets of one batch: a pile that two people key in within two hours."""
KEYED = frozenset({S.OUT, S.KEYING})
"""States in which a sheet may be keyed in."""


def held(batch: Batch) -> Batch:
    """The batch under the locks, its step and consultation as they are now."""
    consultation = lock(batch.step.consultation)
    found = lock(batch)
    found.step = Step.objects.get(pk=found.step_id)
    found.step.consultation = consultation
    return found


def in_time(consultation: Consultation) -> None:
    if consultation.state not in {Consultation.State.OPEN, Consultation.State.CLOSED}:
        raise ValidationError(_("Paper is taken from the opening of the consultation until its results are published."))


def told(batch: Batch, kind: str, by: Any, entry: Any, now: dt.datetime, why: str = "", more: str = "") -> None:
    consultation = batch.step.consultation
    label = _("%(title)s · batch %(n)s") % {"title": consultation.title, "n": batch.number}
    tell(
        alliance=consultation.alliance, kind=kind, by=by, label=f"{label} · {more}" if more else label,
        reference=consultation.reference, source=why[:300], entry=entry, at=now,
    )  # fmt: skip


def record(act: str, batch: Batch, by: Any, via: str, **after: Any) -> Any:
    return audit.record(
        f"participation.{act}", batch, by=by, alliance=batch.alliance, via=via, after={"batch": batch.number, **after}
    )


@transaction.atomic
def print_batch(*, step: Step, printed: int, place: str, by: Any, now: dt.datetime, via: str = "web") -> Batch:
    """A pile of ballots to print. Its number is the next one of the whole consultation.

    Errors: ``PermissionDenied``; ``ValidationError`` where the step is not open, or the number of sheets out of reach.
    """
    require(by, "participation.key_paper", step)
    consultation = lock(step.consultation)
    fresh = Step.objects.get(pk=step.pk)
    if consultation.state != Consultation.State.OPEN or fresh.state == Step.State.CLOSED:
        raise ValidationError(_("Ballots are printed while the consultation is open."))
    if not reading.is_keyed(fresh):
        raise ValidationError(_("This step has no paper ballot."))
    if not 1 <= printed <= MOST:
        raise ValidationError({"printed": _("A batch has from 1 to %(most)s sheets.") % {"most": MOST}})
    last = Batch.objects.filter(step__consultation=consultation).aggregate(last=Max("number"))["last"] or 0
    batch = Batch(step=fresh, number=last + 1, printed=printed, place=" ".join(place.split())[:200])
    batch.save()
    batch.step.consultation = consultation
    entry = record("batch_printed", batch, by, via, printed=printed)
    told(batch, "paper-printed", by, entry, now, more=_("%(n)s sheets") % {"n": printed})
    return batch


@transaction.atomic
def count_batch(
    *, batch: Batch, handed_out: int | None, returned: int | None, by: Any, now: dt.datetime, via: str = "web"
) -> Batch:
    """Write how many sheets were handed out, and how many came back. Errors: ``ValidationError`` where more come back
    than left, or fewer than are keyed in."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    in_time(found.step.consultation)
    if found.state in {S.ACCEPTED, S.VOIDED}:
        raise ValidationError(_("This batch is no longer counted: it is accepted or voided."))
    if returned is not None and handed_out is None:
        raise ValidationError({"handed_out": _("Say first how many sheets were handed out.")})
    if handed_out is not None and handed_out > found.printed:
        raise ValidationError({"handed_out": _("Only %(n)s sheets were printed in this batch.") % {"n": found.printed}})
    if returned is not None and handed_out is not None and returned > handed_out:
        raise ValidationError({"returned": _(
            "More sheets came back than were handed out. Count the pile again. If sheets were copied, void the whole "
            "batch: nobody can say which ones are true."
        )})  # fmt: skip
    keyed = KeyedSheet.objects.filter(batch=found).aggregate(last=Max("line"))["last"] or 0
    if keyed > (returned or 0):
        raise ValidationError(
            {"returned": _("%(n)s sheets are already keyed in: the pile has as many at least.") % {"n": keyed}}
        )
    found.handed_out, found.returned = handed_out, returned
    if found.state in {S.PRINTED, S.OUT}:
        found.state = S.PRINTED if handed_out is None else S.OUT
    found.save(update_fields=["handed_out", "returned", "state"])
    record("batch_counts", found, by, via, handed_out=handed_out, returned=returned)
    return found


# Keying


@dataclass(frozen=True)
class Keyed:
    """What came of some lines: the sheets written, what is wrong with the first one refused, and what is left."""

    sheets: list[KeyedSheet]
    error: str = ""
    left: str = ""


def round_of(batch: Batch, by: Any) -> KeyedRound | None:
    """The reading of this person, if they began one."""
    return KeyedRound.objects.filter(batch=batch, by=by).first()


def _my_round(found: Batch, by: Any) -> KeyedRound:
    """Under the lock: this person's reading, begun now if there is room for it."""
    mine = round_of(found, by)
    if mine is not None:
        return mine
    taken = set(KeyedRound.objects.filter(batch=found).values_list("round", flat=True))
    free = [number for number in (1, 2) if number not in taken]
    if not free:
        raise ValidationError(_("Two people already key this batch in: it takes no third one."))
    return KeyedRound.objects.create(batch=found, round=free[0], by=by)


def _open_round(found: Batch, by: Any) -> KeyedRound:
    in_time(found.step.consultation)
    if found.state not in KEYED:
        raise ValidationError(_("Nothing is keyed in this batch now."))
    if found.returned is None:
        raise ValidationError(_("Say first how many sheets came back: count the pile."))
    mine = _my_round(found, by)
    if mine.finished:
        raise ValidationError(
            _("You have already keyed this whole batch. The second reading is someone else’s: nobody reads twice.")
        )
    return mine


@transaction.atomic
def key_sheets(*, batch: Batch, first: int, lines: Sequence[str], by: Any) -> Keyed:
    """Write the next sheets of this person's reading, from the place ``first``; stop at the first that is refused.

    What was written before the refusal is kept. The same line sent again (the answer was lost) changes nothing.
    Errors: ``PermissionDenied``; ``ValidationError`` where this person may not key this batch.
    """
    require(by, "participation.key_paper", batch)
    found = held(batch)
    mine = _open_round(found, by)
    known = {sheet.line: sheet for sheet in KeyedSheet.objects.filter(batch=found, by=by)}
    done: list[KeyedSheet] = []
    for offset, text in enumerate(lines):
        line = first + offset
        try:
            done.append(_key_one(found, mine, known, line, text, by))
        except ValidationError as refused:
            said = _("Sheet %(n)s: %(said)s") % {"n": line, "said": " ".join(refused.messages)}
            return Keyed(done, said, "\n".join(lines[offset:]))
    return Keyed(done)


def _key_one(found: Batch, mine: KeyedRound, known: dict[int, KeyedSheet], line: int, text: str, by: Any) -> KeyedSheet:
    tidy = " ".join(text.split())
    there = known.get(line)
    if there is not None:
        if there.typed == tidy:
            return there
        raise ValidationError(_("this sheet is already keyed in. Correct it in the list if it is wrong."))
    if line != len(known) + 1:
        raise ValidationError(_("it is not the next one: the next is sheet %(n)s.") % {"n": len(known) + 1})
    if line > (found.returned or 0):
        raise ValidationError(
            _("only %(n)s sheets came back in this batch. Count the pile again; if that number is wrong, correct it.")
            % {"n": found.returned}
        )
    read = reading.read_line(found.step, tidy)
    sheet = KeyedSheet.objects.create(
        batch=found, round=mine.round, line=line, typed=read.typed, content=read.content, doubtful=read.doubtful,
        note=read.note, spoilt=read.spoilt, by=by,
    )  # fmt: skip
    known[line] = sheet
    if found.state != S.KEYING:
        found.state = S.KEYING
        found.save(update_fields=["state"])
    return sheet


@transaction.atomic
def correct_sheet(*, batch: Batch, line: int, text: str, by: Any) -> KeyedSheet:
    """Write one's own sheet anew. Errors: ``ValidationError`` for a line that cannot be read, or not one's own."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    _open_round(found, by)
    sheet = _own_sheet(found, line, by)
    read = reading.read_line(found.step, text)
    sheet.typed, sheet.content, sheet.note = read.typed, read.content, read.note
    sheet.doubtful, sheet.spoilt = read.doubtful, read.spoilt
    sheet.save(update_fields=["typed", "content", "note", "doubtful", "spoilt"])
    return sheet


def _own_sheet(found: Batch, line: int, by: Any) -> KeyedSheet:
    sheet = KeyedSheet.objects.filter(batch=found, by=by, line=line).first()
    if sheet is None:
        raise ValidationError(_("You have not keyed sheet %(n)s.") % {"n": line})
    return sheet


@transaction.atomic
def remove_sheet(*, batch: Batch, line: int, by: Any) -> int:
    """Take out one's own sheet that was keyed twice; the next ones move up. How many are left."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    _open_round(found, by)
    _own_sheet(found, line, by).delete()
    _move(found, by, after=line, by_how_many=-1)
    return KeyedSheet.objects.filter(batch=found, by=by).count()


@transaction.atomic
def insert_sheet(*, batch: Batch, line: int, text: str, by: Any) -> KeyedSheet:
    """Put in a sheet that was skipped, before ``line``; that one and the next ones move down."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    mine = _open_round(found, by)
    _own_sheet(found, line, by)
    number = KeyedSheet.objects.filter(batch=found, by=by).count()
    if number >= (found.returned or 0):
        raise ValidationError(_("Only %(n)s sheets came back in this batch.") % {"n": found.returned})
    read = reading.read_line(found.step, text)
    _move(found, by, after=line - 1, by_how_many=1)
    return KeyedSheet.objects.create(
        batch=found, round=mine.round, line=line, typed=read.typed, content=read.content, doubtful=read.doubtful,
        note=read.note, spoilt=read.spoilt, by=by,
    )  # fmt: skip


def _move(found: Batch, by: Any, *, after: int, by_how_many: int) -> None:
    # In two moves: a place is never held twice, not even for an instant.
    far = MOST * 10
    mine = KeyedSheet.objects.filter(batch=found, by=by)
    mine.filter(line__gt=after).update(line=F("line") + far)
    mine.filter(line__gt=far).update(line=F("line") - far + by_how_many)


@dataclass(frozen=True)
class Finished:
    """``compared``: both readings are done. ``other``: how many sheets the other one has, where that is not as many."""

    compared: bool
    mine: int
    other: int | None = None


@transaction.atomic
def finish_round(*, batch: Batch, by: Any, now: dt.datetime, via: str = "web") -> Finished:
    """Say that one's reading is done. With the second one, the batch is compared, if both have as many sheets."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    mine = _open_round(found, by)
    number = KeyedSheet.objects.filter(batch=found, by=by).count()
    if not number:
        raise ValidationError(_("Nothing is keyed in yet."))
    mine.finished = True
    mine.save(update_fields=["finished"])
    record("batch_keyed", found, by, via, round=mine.round, sheets=number)
    other = KeyedRound.objects.filter(batch=found, finished=True).exclude(pk=mine.pk).first()
    if other is None:
        return Finished(False, number)
    theirs = KeyedSheet.objects.filter(batch=found, round=other.round).count()
    if theirs != number:
        return Finished(False, number, theirs)
    found.state, found.just_given = S.COMPARED, ""
    found.save(update_fields=["state", "just_given"])
    return Finished(True, number)


@transaction.atomic
def reopen_round(*, batch: Batch, by: Any, via: str = "web") -> KeyedRound:
    """Take up one's own reading again, before the two are compared: a pile was badly counted."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    in_time(found.step.consultation)
    mine = round_of(found, by)
    if mine is None or not mine.finished or found.state != S.KEYING:
        raise ValidationError(_("This reading can no longer be taken up again."))
    mine.finished = False
    mine.save(update_fields=["finished"])
    record("batch_reopened", found, by, via, round=mine.round)
    return mine


@transaction.atomic
def drop_round(*, batch: Batch, number: int, by: Any, via: str = "web") -> None:
    """Throw away a reading: one's own; or, for the team, that of someone who does not come back. It is begun anew."""
    require(by, "participation.key_paper", batch)
    found = held(batch)
    in_time(found.step.consultation)
    row = KeyedRound.objects.filter(batch=found, round=number).first()
    if row is None or found.state != S.KEYING:
        raise ValidationError(_("This reading can no longer be thrown away."))
    if row.by_id != by.pk:
        require(by, "participation.run", found)
    KeyedSheet.objects.filter(batch=found, round=number).delete()
    row.delete()
    if not KeyedRound.objects.filter(batch=found).exists():
        found.state = S.OUT
        found.save(update_fields=["state"])
    record("batch_round_dropped", found, by, via, round=number)


# Agreeing


@transaction.atomic
def propose_ruling(
    *, batch: Batch, line: int, choice: str, text: str = "", why: str = "", by: Any, via: str = "web"
) -> SheetRuling:
    """Say what a sheet says, where the readings differ or doubt. ``choice``: ``1``, ``2``, ``x`` or ``other`` (with
    ``text``, a line as it is keyed in). Someone else confirms; proposing again takes the place of what was proposed.
    """
    require(by, "participation.key_paper", batch)
    found = held(batch)
    in_time(found.step.consultation)
    pair = _pair(found, line)
    if choice == "other":
        read = reading.read_line(found.step, text)
        typed, content, spoilt = read.typed, read.content, read.spoilt
        if not spoilt and not content:
            raise ValidationError(_("Decide: what the sheet says, or that it cannot be counted."))
    elif choice == "x":
        typed, content, spoilt = reading.SPOILT, "", True
    elif choice in {"1", "2"}:
        sheet = pair.first if choice == "1" else pair.second
        typed, content, spoilt = sheet.typed, sheet.content, sheet.spoilt
        if not spoilt and not content:
            raise ValidationError(
                _("This reading says nothing: type what the sheet says, or that it cannot be counted.")
            )
    else:
        raise ValidationError(_("Choose what the sheet says."))
    ruling, _made = SheetRuling.objects.update_or_create(
        batch=found, line=line,
        defaults={
            "typed": typed, "content": content, "spoilt": spoilt, "why": why.strip()[:300], "proposed_by": by,
            "confirmed_by": None,
        },
    )  # fmt: skip
    return ruling


def _pair(found: Batch, line: int) -> reading.Pair:
    if found.state != S.COMPARED:
        raise ValidationError(_("The two readings of this batch are not being compared."))
    sheets = list(KeyedSheet.objects.filter(batch=found, line=line))
    pair = next(iter(reading.pairs(found.step, sheets)), None)
    if pair is None or not pair.to_rule:
        raise ValidationError(_("The two readings agree on sheet %(n)s.") % {"n": line})
    return pair


@transaction.atomic
def confirm_ruling(*, batch: Batch, line: int, typed: str, by: Any, now: dt.datetime, via: str = "web") -> SheetRuling:
    """The second person agrees with what is proposed (``typed``: what they read, should it have changed meanwhile).

    Errors: ``ValidationError`` for whoever proposed it.
    """
    require(by, "participation.key_paper", batch)
    found = held(batch)
    in_time(found.step.consultation)
    ruling = SheetRuling.objects.filter(batch=found, line=line).first()
    if ruling is None or found.state != S.COMPARED:
        raise ValidationError(_("Nothing is proposed for sheet %(n)s.") % {"n": line})
    if ruling.confirmed_by_id is not None:
        return ruling
    if ruling.proposed_by_id == by.pk:
        raise ValidationError(_("You proposed it: a second person confirms."))
    if ruling.typed != typed:
        raise ValidationError(_("Another reading was proposed meanwhile: look at it again."))
    ruling.confirmed_by = by
    ruling.save(update_fields=["confirmed_by"])
    entry = record("sheet_ruled", found, by, via, sheet=line, counted=not ruling.spoilt)
    told(found, "paper-ruled", by, entry, now, more=_("sheet %(n)s") % {"n": line})
    return ruling


@transaction.atomic
def accept_batch(*, batch: Batch, difference_why: str = "", by: Any, now: dt.datetime, via: str = "web") -> Batch:
    """Put the sheets in the urn, once. Asked twice, it does nothing the second time.

    Errors: ``ValidationError`` where sheets are still to be agreed, where the counts do not reconcile, where some were
    given without a code and two people have not said why they count, before the opening and after the publication.
    """
    require(by, "participation.key_paper", batch)
    found = held(batch)
    if found.state == S.ACCEPTED:
        return found
    step = found.step
    in_time(step.consultation)
    if step.state == Step.State.WAITING:
        raise ValidationError(_("This step is not open yet."))
    if found.state != S.COMPARED:
        raise ValidationError(_("This batch is accepted once two people have keyed it in."))
    pairs = reading.pairs(step, list(KeyedSheet.objects.filter(batch=found)))
    rulings = {row.line: row for row in SheetRuling.objects.filter(batch=found).exclude(confirmed_by=None)}
    left = [pair.line for pair in pairs if pair.to_rule and pair.line not in rulings]
    if left:
        raise ValidationError(
            _("Two people have yet to agree on these sheets: %(sheets)s.")
            % {"sheets": ", ".join(str(line) for line in left[:20])}
        )
    if len(pairs) != (found.returned or 0) and not difference_why.strip():
        raise ValidationError({"difference_why": _(
            "%(returned)s sheets came back and %(keyed)s were keyed in: say why, or correct the counts."
        ) % {"returned": found.returned or 0, "keyed": len(pairs)}})  # fmt: skip
    if keeping.untied(found, len(pairs)) and found.untied_at is None:
        raise ValidationError(
            _("More sheets were keyed in than codes were exchanged: two people first say why they count.")
        )
    now_says = reading.today(step, [ruling.content for ruling in rulings.values()])
    contents = []
    for pair in pairs:
        ruling = rulings.get(pair.line)
        if ruling is None and not pair.first.spoilt:
            contents.append(pair.content)
        elif ruling is not None and not ruling.spoilt:
            contents.append(now_says[ruling.content])
    if contents:
        urn.add_paper(step=step, contents=contents, batch=str(found.uuid), now=now)
    found.state, found.accepted_by = S.ACCEPTED, by
    found.counted, found.spoilt = len(contents), len(pairs) - len(contents)
    found.difference_why = difference_why.strip()[:500]
    found.save(update_fields=["state", "accepted_by", "counted", "spoilt", "difference_why"])
    entry = record("batch_accepted", found, by, via, counted=found.counted, spoilt=found.spoilt)
    told(found, "paper-accepted", by, entry, now, why=found.difference_why)
    count_anew(step=found.step, by=by, via=via)
    return found


# Voiding


@transaction.atomic
def ask_void(*, batch: Batch, why: str, by: Any, now: dt.datetime, via: str = "web") -> Batch:
    """The first of two people asks that the whole batch be voided, with the reason, which is public."""
    require(by, "participation.key_paper", batch)
    if not why.strip():
        raise ValidationError({"why": _("Say why the batch is voided: the reason is public.")})
    found = held(batch)
    if found.step.consultation.state == Consultation.State.CANCELLED:
        raise ValidationError(_("This consultation is cancelled: none of its ballots is counted."))
    if found.state == S.VOIDED:
        return found
    _may_be_void(found)
    found.void_why, found.void_asked_by = why.strip()[:500], by
    found.save(update_fields=["void_why", "void_asked_by"])
    record("batch_void_asked", found, by, via)
    return found


def _may_be_void(found: Batch) -> None:
    """Once results are published, a few sheets no longer leave them: the difference would say what they held."""
    consultation = found.step.consultation
    published = consultation.state == Consultation.State.PUBLISHED and found.state == S.ACCEPTED
    if published and 0 < found.counted < consultation.threshold:
        raise ValidationError(
            _(
                "The results are published. Without the %(n)s ballots of this batch, anyone would read what they say "
                "by the difference: the batch stays. Say in the feedback what is wrong with it."
            )
            % {"n": found.counted}
        )
    others = Batch.objects.filter(step=found.step_id, state=S.ACCEPTED).exclude(pk=found.pk)
    left = others.aggregate(left=Sum("counted"))["left"] or 0
    if published and found.counted and 0 < left < consultation.threshold:
        raise ValidationError(
            _(
                "The results are published. Without this batch, %(n)s ballots on paper would be left: anyone would "
                "read what they say by the difference. The batch stays. Say in the feedback what is wrong with it."
            )
            % {"n": left}
        )


@transaction.atomic
def drop_void(*, batch: Batch, by: Any, via: str = "web") -> Batch:
    """Whoever asked takes it back, or the second person refuses."""
    require(by, "participation.second", batch)
    found = held(batch)
    if found.state == S.VOIDED or found.void_asked_by_id is None:
        return found
    found.void_why, found.void_asked_by = "", None
    found.save(update_fields=["void_why", "void_asked_by"])
    record("batch_void_dropped", found, by, via)
    return found


@transaction.atomic
def confirm_void(*, batch: Batch, by: Any, now: dt.datetime, via: str = "web") -> Batch:
    """The second person voids the batch. Its ballots leave the urn; what was counted is counted anew, published or not.

    Errors: ``ValidationError`` for whoever asked, or where nobody did.
    """
    require(by, "participation.second", batch)
    found = held(batch)
    if found.state == S.VOIDED:
        return found
    if found.void_asked_by_id is None:
        raise ValidationError(_("Someone asks first that the batch be voided, and says why."))
    if found.void_asked_by_id == by.pk:
        raise ValidationError(_("You asked for it: a second person confirms."))
    _may_be_void(found)
    was_counted = found.state == S.ACCEPTED
    found.state, found.voided_by, found.voided_at = S.VOIDED, by, now
    found.save(update_fields=["state", "voided_by", "voided_at"])
    entry = record("batch_voided", found, by, via, counted_before=found.counted if was_counted else 0)
    told(found, "paper-voided", by, entry, now, why=found.void_why)
    if was_counted:
        # While the urn is sealed nothing leaves it: its opening leaves voided batches out.
        urn.remove_batch(step=found.step, batch=str(found.uuid))
        count_anew(step=found.step, by=by, via=via)
    return found
