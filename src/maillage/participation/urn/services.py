"""Taking ballots, changing one with its receipt, putting paper in the urn. Nothing here says who answered what.

A ballot is taken in one transaction: the elector's turnout, the receipt's mark, the sealed envelope. When the answer
(with the receipt) leaves the server, all three are on the disk; a process killed before has written none.

These services write no audit line of a ballot, by design: opening, closing, changes of the question and voids are in
the log; a ballot is not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.urn import errors, marks, rows, seal, writer
from maillage.participation.urn.models import Ballot, Elector, Envelope, Receipt, Turnout, UrnKey
from maillage.participation.urn.opening import destroy, forget_traces, open_urn, put_ballots
from maillage.participation.vocabulary import Channel

__all__ = [
    "Taken", "add_paper", "ballots_so_far", "cast", "change", "counted_in", "destroy", "find_elector", "forget_traces",
    "give_paper", "has_answered", "key_is_lost", "open_urn", "opened", "prepare_urn", "put_ballots", "read_back",
    "remove_batch",
]  # fmt: skip
BATCH = 2000
TURNS = 64
"""Receipts tried before giving up: with a million ballots, one in 2,600 is taken at the first try."""


@dataclass(frozen=True)
class Taken:
    """What the person is told. ``again``: this very ballot had already been counted (it was sent twice)."""

    receipt: str
    again: bool = False


def prepare_urn(step: Step) -> UrnKey:
    """The keys of a step that is about to open. Called by the service that opens it, in its transaction."""
    salt = secrets.token_bytes(32)
    check = seal.keys_of(step.uuid, salt).check_value
    return UrnKey.objects.get_or_create(step=step, defaults={"salt": salt, "check_value": check})[0]


def find_elector(consultation: Consultation, code: str) -> Elector:
    """Who holds this code. Errors: :class:`errors.CodeUnknown`."""
    mark = marks.code_mark(consultation, code)
    columns = ("id", "consultation_id", "mark", "label", "person_id")
    found = rows.select(
        f"SELECT {', '.join(columns)} FROM participation_elector"
        " WHERE consultation_id = {} AND mark = %s AND voided_at IS NULL",
        [consultation.pk], mark,
    )  # fmt: skip
    if not found:
        raise errors.CodeUnknown
    return Elector.from_db(connection.alias, columns, found[0])


def has_answered(step: Step, elector: Elector) -> bool:
    sql = "SELECT 1 FROM participation_turnout WHERE step_id IN ({}) AND elector_id = %s"
    return bool(rows.select(sql, [step.pk], elector.pk))


def cast(
    *,
    consultation: Consultation,
    contents: Mapping[Step, str],
    about: str = "",
    channel: str = Channel.ONLINE,
    elector: Elector | None = None,
    nonce: str,
    now: dt.datetime,
) -> Taken:
    """Put a ballot for each step in the urn: all of them, or none.

    ``contents``: canonical JSON by step, as ``kinds.read`` gives it. ``nonce``: at least 16 random signs that the page
    carried; the same nonce with the same contents is the same ballot sent twice, and counts once, as it first came.
    Errors: :class:`errors.NotTaken` and its kinds; ``ValueError`` for a short nonce, no step, or one of another
    consultation.
    """
    if len(nonce) < 16:
        raise ValueError("A nonce has at least 16 signs.")
    steps = sorted(contents, key=lambda step: step.pk)
    if not steps or any(step.consultation_id != consultation.pk for step in steps):
        raise ValueError("A ballot answers at least one step, all of one consultation.")
    tag = _tag(consultation, steps, contents, nonce)
    held = _held(steps)
    # The very same ballot sent again: nothing is written. Asked first, so that it is told even after the closing.
    found = _already(steps[0], held.get(steps[0].pk), tag, consultation)
    if found is not None:
        return Taken(found, again=True)
    if not all(step.pk in held and held[step.pk].salt for step in steps):
        raise errors.NotOpen
    keys = {step.pk: keys_of(step, held[step.pk]) for step in steps}
    for turn in range(TURNS):
        text = marks.receipt_text(tag, turn, strong=consultation.changeable)
        parts = tuple(
            _part(step, keys[step.pk], seal.Sealed(contents[step], about, str(channel)), text, tag, consultation)
            for step in steps
        )
        try:
            writer.put(rows.Prepared(consultation.pk, parts, str(channel), elector.pk if elector else None, now))
        except rows.Conflict as conflict:
            # The same ballot came by two roads at once; or this elector has answered; or the words are taken.
            found = _already(steps[0], held[steps[0].pk], tag, consultation)
            if found is not None:
                return Taken(found, again=True)
            if conflict.what == "turnout":
                raise errors.CodeUsed from None
        else:
            return Taken(text)
    raise RuntimeError("No receipt is free: the urn holds more ballots than there are receipts.")


def _tag(consultation: Consultation, steps: Sequence[Step], contents: Mapping[Step, str], nonce: str) -> bytes:
    """By which this very ballot is known; without the nonce, which is kept nowhere, nobody computes it.

    What was said about oneself is no part of it: a telephone that sends again after a reload has not kept that.
    """
    ours = hmac.new(seal.derive("maillage receipt", consultation.uuid.bytes), digestmod=hashlib.sha256)
    for part in (nonce, *(f"{step.uuid}{contents[step]}" for step in steps)):
        ours.update(hashlib.sha256(part.encode()).digest())
    return ours.digest()


def _part(
    step: Step, keys: seal.Keys, ballot: seal.Sealed, receipt: str, tag: bytes, consultation: Consultation
) -> rows.Part:
    row = uuid4()
    mark = marks.receipt_mark(keys.receipts, receipt)
    return rows.Part(
        step=step.pk,
        row=row,
        seal=seal.seal(keys, row, ballot),
        envelope_mark=mark if consultation.changeable else "",
        receipt_mark=mark,
        tag=_tag_mark(keys, tag),
    )


def _tag_mark(keys: seal.Keys, tag: bytes) -> str:
    return seal.digest(bytes.fromhex(keys.receipts), f"tag {tag.hex()}")[:32]


class Held(NamedTuple):
    """What the database holds of a step's key."""

    salt: bytes
    check_value: str
    receipts_key: str


def _held(steps: Sequence[Step]) -> dict[int, Held]:
    sql = "SELECT step_id, salt, check_value, receipts_key FROM participation_urnkey WHERE step_id IN ({})"
    found = rows.select(sql, [step.pk for step in steps])
    return {step: Held(bytes(salt), check, published) for step, salt, check, published in found}


def keys_of(step: Step, held: UrnKey | Held) -> seal.Keys:
    """Errors: :class:`errors.KeyLost`."""
    return seal.keys_of(step.uuid, held.salt, held.check_value)


def key_is_lost(step: Step) -> bool:
    """Whether the urn of this step was closed with another secret than the one of today: it takes nothing then."""
    held = _held([step]).get(step.pk)
    if held is None or not held.salt:
        return False
    try:
        keys_of(step, held)
    except errors.KeyLost:
        return True
    return False


def receipts_key(step: Step, held: UrnKey | Held) -> str:
    """The key of the marks of receipts, in hexadecimal; ``""`` where the urn was destroyed."""
    if held.receipts_key or not held.salt:
        return held.receipts_key
    return keys_of(step, held).receipts


def _already(step: Step, held: Held | None, tag: bytes, consultation: Consultation) -> str | None:
    """The receipt given when this very ballot was first taken."""
    if held is None:
        return None
    if not held.salt:
        return _already_counted(step, held, tag, consultation)
    keys = keys_of(step, held)
    # The condition of the index, word for word: SQLite would read every receipt of the step otherwise.
    found = rows.select(
        "SELECT mark FROM participation_receipt WHERE step_id = {} AND tag = %s AND NOT (tag = '')",
        [step.pk], _tag_mark(keys, tag),
    )  # fmt: skip
    if not found:
        return None
    known = found[0][0]
    texts = (marks.receipt_text(tag, turn, strong=consultation.changeable) for turn in range(TURNS))
    return next((text for text in texts if marks.receipt_mark(keys.receipts, text) == known), None)


def _already_counted(step: Step, held: Held, tag: bytes, consultation: Consultation) -> str | None:
    """After the opening tags are gone; the words are drawn from the ballot itself, and are found by their mark. That
    they be another ballot's has one chance in thousands, for a ballot that came too late anyway."""
    if not held.receipts_key:
        return None
    text = marks.receipt_text(tag, 0, strong=consultation.changeable)
    mark = marks.receipt_mark(held.receipts_key, text)
    return text if Receipt.objects.filter(step=step, mark=mark).exists() else None


def change(
    *,
    consultation: Consultation,
    receipt: str,
    contents: Mapping[Step, str],
    about: str = "",
    now: dt.datetime,
) -> None:
    """Put another answer in the envelopes of this receipt; the receipt stays the same. Of two changes at once, the
    last one to be written holds, whole.

    Errors: :class:`errors.NotChangeable`, :class:`errors.ReceiptUnknown`, :class:`errors.NotOpen`.
    """
    if not consultation.changeable:
        raise errors.NotChangeable
    steps = sorted(contents, key=lambda step: step.pk)
    tidy = marks.tidy_receipt(receipt)
    with transaction.atomic():
        # The elector, if any, is not asked: the receipt is the right to change, whatever became of the code.
        parts = tuple(rows.Part(step.pk, uuid4(), b"", "", "", "") for step in steps)
        refused = rows.admitted([rows.Prepared(consultation.pk, parts, str(Channel.FILE), None, now)])[0]
        if refused is not None:
            raise refused
        for step in steps:
            keys, envelope = _envelope(step, tidy, for_update=True)
            before = seal.unseal(keys, envelope.pk, envelope.seal)
            after = replace(before, content=contents[step], about=about)
            Envelope.objects.filter(pk=envelope.pk).update(seal=seal.seal(keys, envelope.pk, after))


def read_back(*, consultation: Consultation, receipt: str, step: Step) -> seal.Sealed:
    """What the envelope of this receipt holds, to change it while the step is open. Same errors as :func:`change`."""
    if not consultation.changeable:
        raise errors.NotChangeable
    keys, envelope = _envelope(step, marks.tidy_receipt(receipt))
    return seal.unseal(keys, envelope.pk, envelope.seal)


def _envelope(step: Step, tidy: str, *, for_update: bool = False) -> tuple[seal.Keys, Envelope]:
    held = _held([step]).get(step.pk)
    if held is not None and held.salt:
        keys = keys_of(step, held)
        found = rows.select(
            "SELECT id FROM participation_envelope WHERE step_id = {} AND mark = %s AND NOT (mark = '')",
            [step.pk], marks.receipt_mark(keys.receipts, tidy),
        )  # fmt: skip
        if found:
            envelopes = Envelope.objects.select_for_update() if for_update else Envelope.objects.all()
            envelope = envelopes.filter(pk=found[0][0]).first()
            if envelope is not None:
                return keys, envelope
    raise errors.ReceiptUnknown


def counted_in(consultation: Consultation, receipt: str) -> list[Step]:
    """The steps in which a ballot with this receipt is counted. Says nothing of what it holds."""
    tidy = marks.tidy_receipt(receipt)
    held = UrnKey.objects.filter(step__consultation=consultation).select_related("step").order_by("step__position")
    found = []
    for key in held:
        published = receipts_key(key.step, key)
        if published and Receipt.objects.filter(step=key.step, mark=marks.receipt_mark(published, tidy)).exists():
            found.append(key.step)
    return found


def ballots_so_far(step: Step) -> int:
    """How many ballots the step has, sealed or not."""
    return Envelope.objects.filter(step=step).count() + Ballot.objects.filter(step=step).count()


def opened(step: Step) -> Iterator[seal.Sealed]:
    """What the envelopes of an open step hold, in random order, for readings that live while it is open (groups of
    opinions). Nothing is written: whoever calls keeps aggregates only. One that does not open is left out."""
    held = UrnKey.objects.get(step=step)
    if not held.salt:
        return
    keys = keys_of(step, held)
    found = Envelope.objects.filter(step=step).order_by("id").values_list("pk", "seal")
    for row, sealed in found.iterator(BATCH):
        try:
            yield seal.unseal(keys, row, sealed)
        except seal.CannotOpen:
            continue


def add_paper(*, step: Step, contents: Sequence[str], batch: str, now: dt.datetime) -> None:
    """Put the accepted sheets of a batch in the urn: sealed while the step is open, as ballots afterwards.

    ``batch``: its uuid. The caller holds the batch's lock, so that a batch is put once.
    Errors: :class:`errors.NotOpen` where the envelopes of the step were destroyed.
    """
    sheets = [seal.Sealed(content, "", str(Channel.PAPER), str(UUID(str(batch)))) for content in contents]
    with transaction.atomic():
        lock(step)
        held = prepare_urn(step)
        if held.destroyed_at is not None:
            raise errors.NotOpen
        if held.opened_at is not None:
            put_ballots(step, sheets)
            return
        keys = keys_of(step, held)
        # In the order of their random keys: not that of the pile.
        numbered = sorted(((uuid4(), sheet) for sheet in sheets), key=lambda pair: pair[0])
        with connection.cursor() as cursor:
            for start in range(0, len(numbered), BATCH):
                rows.insert(
                    cursor,
                    Envelope,
                    ("id", "step_id", "mark", "seal"),
                    [
                        (rows.adapted(row), step.pk, "", seal.seal(keys, row, sheet))
                        for row, sheet in numbered[start : start + BATCH]
                    ],
                )


def give_paper(*, step: Step, elector: Elector, now: dt.datetime) -> None:
    """This elector takes a sheet of paper: the turnout of any other answer, and no ballot. In a transaction.

    Nothing tells this row from those of ballots sent on line, which is why nothing takes it back.
    Errors: :class:`errors.NotOpen`, :class:`errors.CodeUnknown`, :class:`errors.CodeUsed`.
    """
    part = rows.Part(step.pk, uuid4(), b"", "", "", "")
    with transaction.atomic():
        # The same doors, in the same order, as a ballot sent at this instant: one of the two is refused.
        refused = rows.admitted([rows.Prepared(step.consultation_id, (part,), str(Channel.PAPER), elector.pk, now)])[0]
        if refused is not None:
            raise refused
        with connection.cursor() as cursor:
            turnout = [(step.pk, elector.pk, rows.random_id())]
            if not rows.insert(cursor, Turnout, ("step_id", "elector_id", "id"), turnout):
                raise errors.CodeUsed


def remove_batch(*, step: Step, batch: str) -> int:
    """Take the ballots of a voided batch out of the urn; how many. Before the opening, ``open_urn`` leaves them out."""
    with transaction.atomic():
        lock(step)  # an opening under way ends first: its ballots are then found
        return int(Ballot.objects.filter(step=step, batch=batch)._raw_delete(Ballot.objects.db))
