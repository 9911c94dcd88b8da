"""Taking ballots, opening the urn, putting paper in it, taking a batch out. Nothing here says who answered what.

A ballot is taken in one transaction: the elector's turnout, the receipt's mark, the sealed envelope. When the answer
(with the receipt) leaves the server, all three are on the disk; a process killed before has written none.

These services write no audit line of a ballot, by design: opening, closing, changes of the question and voids are in
the log; a ballot is not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.urn import errors, marks, seal
from maillage.participation.urn.models import Ballot, Elector, Envelope, Receipt, Turnout, UrnKey
from maillage.participation.vocabulary import ONE_BALLOT_EACH, Channel

logger = logging.getLogger("maillage.participation")
BATCH = 2000
Row = TypeVar("Row")


@dataclass(frozen=True)
class Taken:
    """What the person is told. ``again``: this very ballot had already been counted (it was sent twice)."""

    receipt: str
    again: bool = False


def prepare_urn(step: Step) -> UrnKey:
    """The keys of a step that is about to open. Called by the service that opens it, in its transaction."""
    found = UrnKey.objects.filter(step=step).first()
    if found is None:
        found = UrnKey.objects.create(
            step=step, salt=secrets.token_bytes(32), receipts_key=secrets.token_bytes(32).hex()
        )
    return found


def find_elector(consultation: Consultation, code: str) -> Elector:
    """Who holds this code. Errors: :class:`errors.CodeUnknown`."""
    mark = marks.code_mark(consultation, code)
    found = Elector.objects.filter(consultation=consultation, mark=mark, voided_at=None).first()
    if found is None:
        raise errors.CodeUnknown
    return found


def has_answered(step: Step, elector: Elector) -> bool:
    return Turnout.objects.filter(step=step, elector=elector).exists()


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
    carried; the same nonce with the same contents is the same ballot sent twice, and counts once.
    Errors: :class:`errors.NotTaken` and its kinds; ``ValueError`` for an empty or short nonce.
    """
    if len(nonce) < 16:
        raise ValueError("A nonce has at least 16 signs.")
    steps = sorted(contents, key=lambda step: step.pk)
    if not steps:
        raise ValueError("A ballot answers at least one step.")
    ours = hmac.new(seal.derive("maillage receipt", consultation.uuid.bytes), digestmod=hashlib.sha256)
    for part in (nonce, about, *(f"{step.uuid}{contents[step]}" for step in steps)):
        ours.update(hashlib.sha256(part.encode()).digest())
    tag = ours.digest()
    # The very same ballot sent again: nothing is written. Asked first, so that it is told even after the closing.
    keys = {key.step_id: key for key in UrnKey.objects.filter(step__in=steps)}
    found = _already(steps, keys, tag, consultation)
    if found is not None:
        return Taken(found, again=True)
    for turn in range(64):
        try:
            return _put(consultation, steps, contents, about, channel, elector, keys, tag, turn, now)
        except _TakenWords:
            continue
    raise RuntimeError("No receipt is free: the urn holds more ballots than there are receipts.")


class _TakenWords(Exception):
    """Another ballot has these words: take the next ones."""


def _tag_mark(key: UrnKey, tag: bytes) -> str:
    """What is kept to know the same ballot sent again: it says nothing without the nonce, which is kept nowhere."""
    return seal.digest(bytes.fromhex(key.receipts_key), f"tag {tag.hex()}")


def _already(steps: Sequence[Step], keys: Mapping[int, UrnKey], tag: bytes, consultation: Consultation) -> str | None:
    """The receipt given when this very ballot was first taken."""
    first = keys.get(steps[0].pk)
    if first is None:
        return None
    known = Receipt.objects.filter(step=steps[0], tag=_tag_mark(first, tag)).values_list("mark", flat=True).first()
    if known is None:
        return None
    for turn in range(64):
        text = marks.receipt_text(tag, turn, strong=consultation.changeable)
        if marks.receipt_mark(first.receipts_key, text) == known:
            return text
    return None


def _put(
    consultation: Consultation,
    steps: Sequence[Step],
    contents: Mapping[Step, str],
    about: str,
    channel: str,
    elector: Elector | None,
    keys: Mapping[int, UrnKey],
    tag: bytes,
    turn: int,
    now: dt.datetime,
) -> Taken:
    text = marks.receipt_text(tag, turn, strong=consultation.changeable)
    sealed = {
        step.pk: seal.seal(seal.key_of(step.uuid, keys[step.pk].salt), seal.Sealed(contents[step], about, str(channel)))
        for step in steps
        if step.pk in keys and keys[step.pk].salt
    }
    with transaction.atomic():
        _share(steps, consultation, channel, now)
        if len(sealed) != len(steps):
            raise errors.NotOpen
        if consultation.access in ONE_BALLOT_EACH and channel != Channel.PAPER:
            if elector is None or elector.consultation_id != consultation.pk:
                raise errors.CodeUnknown
            if not Elector.objects.filter(pk=elector.pk, voided_at=None).exists():
                raise errors.CodeUnknown
            try:
                with transaction.atomic():
                    Turnout.objects.bulk_create([Turnout(step=step, elector=elector) for step in steps])
            except IntegrityError:
                found = _already(steps, keys, tag, consultation)
                if found is not None:
                    return Taken(found, again=True)
                raise errors.CodeUsed from None
        try:
            with transaction.atomic():
                Receipt.objects.bulk_create(
                    [
                        Receipt(
                            step=step,
                            mark=marks.receipt_mark(keys[step.pk].receipts_key, text),
                            tag=_tag_mark(keys[step.pk], tag),
                        )
                        for step in steps
                    ]
                )
        except IntegrityError:
            # The same ballot came by two roads at once, or another ballot has these words.
            found = _already(steps, keys, tag, consultation)
            if found is not None:
                return Taken(found, again=True)
            raise _TakenWords from None
        Envelope.objects.bulk_create(
            [
                Envelope(
                    step=step,
                    seal=sealed[step.pk],
                    mark=(marks.receipt_mark(keys[step.pk].receipts_key, text) if consultation.changeable else ""),
                )
                for step in steps
            ]
        )
    return Taken(text)


def _share(steps: Sequence[Step], consultation: Consultation, channel: str, now: dt.datetime) -> None:
    """Refuse unless every step is open at this instant, held so until the transaction ends.

    Voters share the lock; the closing waits for them, and they for it. A ballot that came before the instant of the
    closing is taken; at that instant and after, it is not.
    """
    ids = [step.pk for step in steps]
    rows = Step.objects.filter(pk__in=ids).order_by("pk")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, state, closes_at, consultation_id FROM participation_step WHERE id = ANY(%s)"
                " ORDER BY id FOR SHARE",
                [ids],
            )
            found = [(state, closes_at) for _id, state, closes_at, _consultation in cursor.fetchall()]
    else:
        found = list(rows.values_list("state", "closes_at"))
    grace = dt.timedelta(minutes=consultation.kiosk_grace) if channel == Channel.KIOSK else dt.timedelta()
    end = Consultation.objects.filter(pk=consultation.pk).values_list("closes_at", flat=True).first()
    for state, closes_at in found:
        closing = closes_at or end
        if state != Step.State.OPEN or (closing is not None and now >= closing + grace):
            raise errors.NotOpen
    if len(found) != len(ids):
        raise errors.NotOpen


def change(
    *,
    consultation: Consultation,
    receipt: str,
    contents: Mapping[Step, str],
    about: str = "",
    now: dt.datetime,
) -> None:
    """Put another answer in the envelopes of this receipt; the receipt stays the same.

    Errors: :class:`errors.NotChangeable`, :class:`errors.ReceiptUnknown`, :class:`errors.NotOpen`.
    """
    if not consultation.changeable:
        raise errors.NotChangeable
    steps = sorted(contents, key=lambda step: step.pk)
    tidy = marks.tidy_receipt(receipt)
    keys = {key.step_id: key for key in UrnKey.objects.filter(step__in=steps)}
    with transaction.atomic():
        _share(steps, consultation, Channel.ONLINE, now)
        for step in steps:
            envelope = _envelope(step, keys, tidy)
            key = seal.key_of(step.uuid, keys[step.pk].salt)
            before = seal.unseal(key, envelope.seal)
            after = seal.Sealed(contents[step], about, before.channel, before.batch)
            Envelope.objects.filter(pk=envelope.pk).update(seal=seal.seal(key, after))


def read_back(*, consultation: Consultation, receipt: str, step: Step) -> seal.Sealed:
    """What the envelope of this receipt holds, to change it while the step is open. Same errors as :func:`change`."""
    if not consultation.changeable:
        raise errors.NotChangeable
    keys = {key.step_id: key for key in UrnKey.objects.filter(step=step)}
    envelope = _envelope(step, keys, marks.tidy_receipt(receipt))
    return seal.unseal(seal.key_of(step.uuid, keys[step.pk].salt), envelope.seal)


def _envelope(step: Step, keys: Mapping[int, UrnKey], tidy: str) -> Envelope:
    key = keys.get(step.pk)
    found = None
    if key is not None and key.salt:
        found = (
            Envelope.objects.select_for_update()
            .filter(step=step, mark=marks.receipt_mark(key.receipts_key, tidy))
            .first()
            if connection.in_atomic_block
            else Envelope.objects.filter(step=step, mark=marks.receipt_mark(key.receipts_key, tidy)).first()
        )
    if found is None:
        raise errors.ReceiptUnknown
    return found


def counted_in(consultation: Consultation, receipt: str) -> list[Step]:
    """The steps in which a ballot with this receipt is counted. Says nothing of what it holds."""
    tidy = marks.tidy_receipt(receipt)
    keys = UrnKey.objects.filter(step__consultation=consultation).select_related("step").order_by("step__position")
    found = []
    for key in keys:
        mark = marks.receipt_mark(key.receipts_key, tidy)
        if Receipt.objects.filter(step=key.step, mark=mark).exists():
            found.append(key.step)
    return found


def ballots_so_far(step: Step) -> int:
    """How many ballots the step has, sealed or not."""
    return Envelope.objects.filter(step=step).count() + Ballot.objects.filter(step=step).count()


def opened(step: Step) -> Iterator[seal.Sealed]:
    """What the envelopes of an open step hold, in random order, for readings that live while it is open (groups of
    opinions). Nothing is written: whoever calls keeps aggregates only."""
    key = UrnKey.objects.get(step=step)
    if not key.salt:
        return
    secret = seal.key_of(step.uuid, key.salt)
    for sealed in Envelope.objects.filter(step=step).order_by("id").values_list("seal", flat=True).iterator(BATCH):
        yield seal.unseal(secret, sealed)


def open_urn(step: Step, *, now: dt.datetime, voided: Iterable[str] = ()) -> int:
    """Open the envelopes of a closed step, shake the urn, destroy the key. How many ballots there are.

    In one transaction, whatever the number: killed in the middle, the envelopes are all still there. Ballots are
    written in an order drawn by lot; turnout and receipts are written anew, so that no hidden row number nor
    transaction number ties a person to an envelope. Run twice, it does nothing the second time.
    Errors: ``ValueError`` where the step is still open.
    """
    out = set(voided)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What is deleted below is wiped, not only unlinked.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.fetchall()
    with transaction.atomic():
        lock(step)
        fresh = Step.objects.get(pk=step.pk)
        if fresh.state != Step.State.CLOSED:
            raise ValueError("The urn of an open step stays closed.")
        key = UrnKey.objects.filter(step=step).first()
        if key is None:
            return 0
        if key.opened_at is not None:
            return Ballot.objects.filter(step=step).count()
        secret = seal.key_of(step.uuid, key.salt)
        found = [
            unsealed
            for sealed in Envelope.objects.filter(step=step).values_list("seal", flat=True).iterator(BATCH)
            if (unsealed := seal.unseal(secret, sealed)).batch not in out
        ]
        put_ballots(step, found)
        Envelope.objects.filter(step=step)._raw_delete(Envelope.objects.db)
        _write_anew(Turnout, step)
        _write_anew(Receipt, step)
        # Marks of ballots sent twice are of no use any more.
        Receipt.objects.filter(step=step).update(tag="")
        key.salt, key.opened_at = b"", now
        key.save(update_fields=["salt", "opened_at"])
    return len(found)


def put_ballots(step: Step, found: list[seal.Sealed]) -> None:
    """Write ballots in an order drawn by lot. Inside a transaction."""
    secrets.SystemRandom().shuffle(found)
    for part in _parts(found):
        Ballot.objects.bulk_create(
            [
                Ballot(step=step, content=one.content, about=one.about, channel=one.channel, batch=one.batch or None)
                for one in part
            ]
        )


def add_paper(*, step: Step, contents: Sequence[str], batch: str, now: dt.datetime) -> None:
    """Put the accepted sheets of a batch in the urn: sealed while the step is open, as ballots afterwards.

    ``batch``: its uuid. The caller holds the batch's lock, so that a batch is put once.
    """
    sheets = [seal.Sealed(content, "", str(Channel.PAPER), str(batch)) for content in contents]
    with transaction.atomic():
        lock(step)
        key = prepare_urn(step)
        if key.opened_at is not None:
            put_ballots(step, sheets)
            return
        secret = seal.key_of(step.uuid, key.salt)
        secrets.SystemRandom().shuffle(sheets)
        for part in _parts(sheets):
            Envelope.objects.bulk_create([Envelope(step=step, seal=seal.seal(secret, one)) for one in part])


def remove_batch(*, step: Step, batch: str) -> int:
    """Take the ballots of a voided batch out of the urn; how many. Before the opening, ``open_urn`` leaves them out."""
    return Ballot.objects.filter(step=step, batch=batch).delete()[0]


def _write_anew(model: Any, step: Step) -> None:
    """Delete and write again every row of the step, in the order of their random keys, in this transaction."""
    rows = list(model._base_manager.filter(step=step).order_by("id"))
    model._base_manager.filter(step=step)._raw_delete(model._base_manager.db)
    for part in _parts(rows):
        model._base_manager.bulk_create(part)


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def forget_traces() -> None:
    """Clean what the opening left behind in the files of the database: pages of deleted rows, journal.

    Outside any transaction. SQLite: the journal is emptied and free pages are wiped; PostgreSQL: the tables of the
    urn are written anew. Harmless when asked twice; a table in use by others is left for the next time.
    """
    if connection.in_atomic_block:
        raise RuntimeError("forget_traces() runs outside a transaction.")
    tables = [model._meta.db_table for model in (Envelope, Turnout, Receipt, Ballot)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        else:
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
    logger.info("The urn's files were cleaned at %s.", timezone.now().date())
