"""Testimonies: told, withdrawn; read by two people apart, settled, counted, quoted with consent.

Who told one is kept nowhere: no account, no address, no instant; its receipt alone finds it again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.alliances.models import Term
from maillage.core import audit, documents
from maillage.core.access import require
from maillage.core.formats import number
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.results import counting
from maillage.participation.results.services import drop_asked
from maillage.participation.testimonies import indexing, voices
from maillage.participation.testimonies.models import BookCode, CodingRound, Quote, Settled, Testimony, Withdrawn
from maillage.participation.urn import marks, seal
from maillage.participation.vocabulary import Kind
from maillage.participation.voting import ballots

S = Consultation.State
LONGEST = 20_000
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Received:
    receipt: str
    again: bool = False
    """It had already come: kept once."""
    kept: Testimony | None = None
    """Where it came again with other agreements: what is kept, to be told."""


def tidy(text: str) -> str:
    return CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _key(step: Step) -> bytes:
    return seal.derive("maillage testimony", step.uuid.bytes)


def _receipt(step: Step, nonce: str, text: str, voice: bytes) -> str:
    """Drawn from what the page carried and what was told: sent twice, a testimony has one receipt; another one told
    from the same page, by going back, has its own."""
    told = hashlib.sha256(voice).hexdigest() + text
    tag = hmac.digest(_key(step), f"receipt {nonce}\n{told}".encode(), hashlib.sha256)
    return marks.receipt_text(tag, 0, strong=True)


def _mark(step: Step, receipt: str) -> str:
    return seal.digest(_key(step), f"mark {marks.tidy_receipt(receipt)}")


@transaction.atomic
def keep(
    *, step: Step, text: str, may_read: bool, nonce: str, now: dt.datetime, voice: bytes = b"", may_quote: bool = False,
    signed_as: str = "", language: str = "fr", taken_by: Any = None, read_back: bool = False,
) -> Received:  # fmt: skip
    """Keep a testimony. ``taken_by``: the helper who takes it down, who reads it back first; not kept.

    Errors: ``ValidationError`` by field; ``PermissionDenied`` for a helper who is none.
    """
    if taken_by is not None:
        require(taken_by, "participation.code", step.consultation)
    found = lock(step)
    found.consultation = Consultation.objects.select_related("alliance__parent").get(pk=found.consultation_id)
    if found.kind != Kind.TESTIMONIES or not ballots.is_open(found, now):
        raise ValidationError(_("It is closed: your words are not received. Copy them before you leave this page."))
    plain = tidy(text)
    refused: dict[str, str] = {}
    if not plain and not voice:
        refused["text"] = _("Write something, or record your voice.")
    if len(plain) > LONGEST:
        refused["text"] = _("Your text has %(n)s signs. Shorten it to %(most)s at most: it is still here.") % {
            "n": number(len(plain)), "most": number(LONGEST),
        }  # fmt: skip
    if voice and (wrong := voices.trouble(voice, len(voice))):
        refused["voice"] = wrong
    if not may_read:
        refused["may_read"] = _("Without this agreement, nobody may read it: it cannot be received.")
    if taken_by is not None and not read_back:
        refused["read_back"] = _("Read it back to the person, and change what they ask, before you send it.")
    if refused:
        raise ValidationError(refused)
    receipt = _receipt(found, nonce, plain, voice)
    mark = _mark(found, receipt)
    if Withdrawn.objects.filter(step=found, mark=mark).exists():
        raise ValidationError(_("This testimony was withdrawn. To tell another, open the page again."))
    name = _name(signed_as) if may_quote else ""
    known = Testimony.objects.filter(step=found, mark=mark).first()
    if known is not None:
        return _sent_again(known, receipt, may_quote, name)
    Testimony.objects.create(
        step=found, text=plain, voice=voices.store(found, voice) if voice else None, language=language,
        may_read=True, may_quote=may_quote, signed_as=name, taken_down=taken_by is not None,
        read_back=read_back and taken_by is not None, mark=mark,
    )  # fmt: skip
    return Received(receipt)


def _name(signed_as: str) -> str:
    return " ".join(signed_as.split())[:80]


# What its author agreed to


def _sent_again(known: Testimony, receipt: str, may_quote: bool, name: str) -> Received:
    """The same words with other agreements, by going back or by a reload: what is less holds at once; what is more
    waits for a clear act, with the receipt. A phone that sends an old page again agrees to nothing."""
    if (may_quote, name) == (known.may_quote, known.signed_as):
        return Received(receipt, again=True)
    quoted = known.may_quote and may_quote
    _agree(known, may_quote=quoted, name=known.signed_as if quoted and name else "")
    return Received(receipt, again=True, kept=known)


def _agree(testimony: Testimony, *, may_quote: bool, name: str) -> None:
    """Passages that it no longer lets be quoted are gone at once. The caller holds the step."""
    row: Testimony = lock(testimony)
    row.may_quote = testimony.may_quote = may_quote
    row.signed_as = testimony.signed_as = name
    row.save(update_fields=["may_quote", "signed_as"])
    if not may_quote:
        indexing.forget(row.quotes.values_list("pk", flat=True))
        row.quotes.all().delete()


def find(consultation: Consultation, receipt: str) -> Testimony | None:
    """The testimony that this receipt speaks for. A query for each step of testimonies."""
    for step in consultation.steps.filter(kind=Kind.TESTIMONIES).order_by("pk") if receipt.strip() else ():
        found = Testimony.objects.filter(step=step, mark=_mark(step, receipt)).first()
        if found is not None:
            step.consultation = consultation
            found.step = step
            return found
    return None


@transaction.atomic
def change_agreement(*, consultation: Consultation, receipt: str, may_quote: bool, signed_as: str = "") -> bool:
    """What its author now agrees to, with their receipt: less or more, at any time. False: no testimony has it.

    Where somebody took it down, and saw the receipt, it agrees to less only. Errors: ``ValidationError``.
    """
    known = find(consultation, receipt)
    if known is None:
        return False
    lock(known.step)
    found = Testimony.objects.filter(pk=known.pk).first()
    if found is None:
        return False
    name = _name(signed_as) if may_quote else ""
    if (may_quote, name) == (found.may_quote, found.signed_as):
        return True
    if found.taken_down and ((may_quote and not found.may_quote) or (name and name != found.signed_as)):
        raise ValidationError(
            _("Someone took it down for you and saw this receipt: it can only agree to less. To agree to more, tell it "
              "again with their help.")
        )  # fmt: skip
    _agree(found, may_quote=may_quote, name=name)
    audit.record(
        "participation.testimony_agreement_changed", known.step, by=None, alliance=consultation.alliance, via="web"
    )
    return True


@transaction.atomic
def withdraw(*, consultation: Consultation, receipt: str) -> bool:
    """Erase it whole: text, voice, passages, codes. At any time, published or not. False: no testimony has it."""
    for step in consultation.steps.filter(kind=Kind.TESTIMONIES).order_by("pk"):
        mark = _mark(step, receipt)
        if Withdrawn.objects.filter(step=step, mark=mark).exists():
            return True
        if not Testimony.objects.filter(step=step, mark=mark).exists():
            continue
        lock(step)
        found = Testimony.objects.select_related("voice").filter(step=step, mark=mark).first()
        if found is None:
            return True
        erase(found)
        Withdrawn.objects.create(step=step, mark=mark)
        audit.record("participation.testimony_withdrawn", step, by=None, alliance=consultation.alliance, via="web")
        return True
    return False


def erase(testimony: Testimony) -> None:
    """Everything that was made from it goes with it."""
    indexing.forget(testimony.quotes.values_list("pk", flat=True))
    voice = testimony.voice
    testimony.delete()
    if voice is not None:
        documents.delete(voice)


# The book of codes


def _book(step: Step, by: Any) -> Step:
    require(by, "participation.run", step.consultation)
    found = lock(step)
    found.consultation = Consultation.objects.select_related("alliance__parent").get(pk=found.consultation_id)
    if found.kind != Kind.TESTIMONIES:
        raise ValidationError(_("This step has no testimonies."))
    if CodingRound.objects.filter(testimony__step=found).exists():
        raise ValidationError(_("Someone has begun to read with this book: it no longer changes."))
    return found


@transaction.atomic
def add_code(
    *, step: Step, kind: str, label: str, by: Any, definition: str = "", term: str = "", via: str = "web"
) -> BookCode:
    """Errors: ``PermissionDenied``; ``ValidationError``, once reading has begun included."""
    found = _book(step, by)
    plain = " ".join(label.split())
    if not plain:
        raise ValidationError({"label": _("Write a name.")})
    if BookCode.objects.filter(step=found, kind=kind, label=plain).exists():
        raise ValidationError({"label": _("This code is in the book already.")})
    made = BookCode.objects.create(
        step=found, kind=kind, label=plain[:120], definition=definition.strip(), term=term,
        position=found.book.count(),
    )  # fmt: skip
    audit.record("participation.code_added", made, by=by, alliance=found.consultation.alliance, via=via)
    return made


@transaction.atomic
def add_fields(*, step: Step, by: Any, via: str = "web") -> int:
    """The fields of the alliance that are not in the book yet. Returns how many."""
    found = _book(step, by)
    alliance = found.consultation.alliance
    known = set(found.book.filter(kind=BookCode.Kind.FIELD).values_list("label", flat=True))
    count = 0
    for term in Term.objects.filter(scheme="field").filter(alliance=None) | Term.objects.filter(
        scheme="field", alliance=alliance
    ):
        if term.fr[:120] not in known:
            add_code(step=found, kind=BookCode.Kind.FIELD, label=term.fr[:120], term=term.code, by=by, via=via)
            count += 1
    return count


@transaction.atomic
def remove_code(*, code: BookCode, by: Any, via: str = "web") -> None:
    found = _book(code.step, by)
    audit.record("participation.code_removed", code, by=by, alliance=found.consultation.alliance, via=via)
    code.delete()


# Reading by two


def _read_locked(testimony: Testimony, by: Any, permission: str = "participation.code") -> Testimony:
    require(by, permission, testimony.step.consultation)
    found = lock(testimony)
    found.step = testimony.step
    return found


@transaction.atomic
def write_down(*, testimony: Testimony, text: str, by: Any, via: str = "web") -> None:
    """What a recorded voice says, written by whoever listens. Once quoted or read by two, it no longer changes."""
    found = _read_locked(testimony, by)
    if found.voice_id is None:
        raise ValidationError(_("These are the person’s own words: they do not change."))
    if found.quotes.exists() or found.codings.exists():
        raise ValidationError(_("It is read or quoted already: its words no longer change."))
    plain = tidy(text)
    if not plain or len(plain) > LONGEST:
        raise ValidationError({"text": _("Write what the voice says, in %(n)s signs at most.") % {"n": LONGEST}})
    found.text = plain
    found.save(update_fields=["text"])
    _record("testimony_written", found, by, via)


def _record(act: str, testimony: Testimony, by: Any, via: str) -> Any:
    consultation = testimony.step.consultation
    return audit.record(f"participation.{act}", testimony, by=by, alliance=consultation.alliance, via=via)


@transaction.atomic
def code(*, testimony: Testimony, codes: Sequence[BookCode], by: Any, via: str = "web") -> CodingRound:
    """One person's reading, made apart. Two at most; once both are done neither changes.

    Where the two are the same, the reading is settled. Errors: ``PermissionDenied``; ``ValidationError``.
    """
    found = _read_locked(testimony, by)
    if not found.step.book.exists():
        raise ValidationError(_("Write the book of codes first."))
    rounds = list(CodingRound.objects.filter(testimony=found).order_by("pk"))
    mine = next((one for one in rounds if one.by_id == by.pk), None)
    if len(rounds) == 2:
        raise ValidationError(_("Two people have read it: what they said no longer changes."))
    made = mine or CodingRound.objects.create(testimony=found, by=by)
    made.codes.set([one for one in codes if one.step_id == found.step_id])
    _record("testimony_read", found, by, via)
    rounds = list(CodingRound.objects.filter(testimony=found).prefetch_related("codes").order_by("pk"))
    if len(rounds) == 2:
        first, second = ({one.pk for one in row.codes.all()} for row in rounds)
        if first == second:
            settled = Settled.objects.create(
                testimony=found, proposed_by=rounds[0].by, agreed_by=rounds[1].by, agreed=True
            )
            settled.codes.set(first)
    return made


@transaction.atomic
def propose_reading(*, testimony: Testimony, codes: Sequence[BookCode], by: Any, via: str = "web") -> Settled:
    """After two readings that differ, the codes that one of the two proposes. The other agrees, or proposes in turn."""
    found = _read_locked(testimony, by)
    readers = set(CodingRound.objects.filter(testimony=found).values_list("by", flat=True))
    if len(readers) < 2:
        raise ValidationError(_("Two people read it apart first."))
    if by.pk not in readers:
        raise PermissionDenied("participation.code")
    row, _made = Settled.objects.get_or_create(testimony=found)
    if row.agreed:
        raise ValidationError(_("The two readers have already settled it."))
    row.proposed_by, row.agreed_by = by, None
    row.save(update_fields=["proposed_by", "agreed_by"])
    row.codes.set([one for one in codes if one.step_id == found.step_id])
    _record("reading_proposed", found, by, via)
    return row


@transaction.atomic
def agree_reading(*, testimony: Testimony, by: Any, via: str = "web") -> None:
    """The other of the two readers."""
    found = _read_locked(testimony, by)
    row = Settled.objects.filter(testimony=found).first()
    readers = set(CodingRound.objects.filter(testimony=found).values_list("by", flat=True))
    if row is None or by.pk not in readers:
        raise PermissionDenied("participation.code")
    if row.agreed:
        return
    if row.proposed_by_id == by.pk:
        raise ValidationError(_("You proposed it: the other reader agrees."))
    row.agreed, row.agreed_by = True, by
    row.save(update_fields=["agreed", "agreed_by"])
    _record("reading_settled", found, by, via)


@transaction.atomic
def count_codes(*, step: Step, by: Any, now: dt.datetime, via: str = "web") -> None:
    """Count what they speak of, once every one is settled. Published, the count no longer moves: the difference between
    two counts would say what one person told. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", step.consultation)
    consultation = lock(step.consultation)
    if step.state != Step.State.CLOSED:
        raise ValidationError(_("It is counted once the step is closed."))
    if consultation.state != S.CLOSED:
        raise ValidationError(_("The results are published: the count no longer changes."))
    waiting = Testimony.objects.filter(step=step).exclude(settled__agreed=True).count()
    if waiting:
        raise ValidationError(_("Still to be settled by two people: %(n)s.") % {"n": waiting})
    counting.count(step, now=now)
    audit.record("participation.testimonies_counted", step, by=by, alliance=step.consultation.alliance, via=via)
    drop_asked(consultation, by=by, via=via)


# Passages


@transaction.atomic
def choose_quote(*, testimony: Testimony, text: str, by: Any, via: str = "web") -> Quote:
    """The first of two people chooses a passage, word for word, only where its author agreed to be quoted."""
    found = _read_locked(testimony, by)
    if not found.may_quote:
        raise ValidationError(_("This person did not agree to be quoted."))
    plain = " ".join(text.split())
    if len(plain) < 3 or len(plain) > 600:
        raise ValidationError({"text": _("Choose a passage of 3 to 600 signs.")})
    if plain not in " ".join(found.text.split()):
        raise ValidationError({"text": _("The testimony does not say this word for word. Copy the passage as it is.")})
    same = found.quotes.filter(text=plain).first()
    if same is not None:
        return same
    made = Quote.objects.create(testimony=found, text=plain, chosen_by=by)
    _record("quote_chosen", found, by, via)
    return made


@transaction.atomic
def agree_quote(*, quote: Quote, by: Any, now: dt.datetime, via: str = "web") -> None:
    """The second person: never the one who chose it."""
    consultation = quote.testimony.step.consultation
    require(by, "participation.second", consultation)
    found = lock(quote)
    found.testimony = quote.testimony
    if found.agreed_by_id is not None:
        return
    if found.chosen_by_id == by.pk:
        raise ValidationError(_("You chose this passage: another person agrees."))
    found.agreed_by = by
    found.save(update_fields=["agreed_by"])
    entry = _record("quote_agreed", found.testimony, by, via)
    tell(
        alliance=consultation.alliance, kind="quote-agreed", by=by, label=consultation.title,
        reference=consultation.reference, entry=entry, at=now,
    )  # fmt: skip
    indexing.put([found])


@transaction.atomic
def drop_quote(*, quote: Quote, by: Any, via: str = "web") -> None:
    """Either of the two takes it back: what is doubtful is not shown."""
    require(by, "participation.second", quote.testimony.step.consultation)
    _record("quote_dropped", quote.testimony, by, via)
    indexing.forget([quote.pk])
    quote.delete()
