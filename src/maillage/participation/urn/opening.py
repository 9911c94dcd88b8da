"""Opening an urn: envelopes become ballots in an order drawn by lot, and nothing is left of who sent which."""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from maillage.core import audit
from maillage.core.locks import lock
from maillage.participation.consultations.models import Step
from maillage.participation.urn import seal
from maillage.participation.urn.models import Ballot, Envelope, Receipt, Turnout, UrnKey

logger = logging.getLogger("maillage.participation")
BATCH = 5000
AT_ONCE = 20_000
"""Ballots up to which turnout and receipts are written anew with the opening; beyond, people read the result first."""
SMALL = 64 * 1024 * 1024
"""Bytes of a table that PostgreSQL writes anew in a second or two: what voters of another step may wait for."""
_NULL = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SPECIAL = frozenset(map(chr, _ESCAPED))
Voided = Iterable[str] | Callable[[], Iterable[str]]


def open_urn(step: Step, *, now: dt.datetime, voided: Voided = ()) -> int:
    """Open the envelopes of a closed step, shake the urn, destroy the key. How many ballots there are.

    In one transaction, whatever the number: killed in the middle, the envelopes are all still there. Ballots are
    written in the order of keys drawn by lot; turnout and receipts are written anew, so that no hidden row number,
    place nor transaction number tells when each came (beyond ``AT_ONCE`` ballots, by ``forget_traces`` after the count:
    they are tied to no ballot meanwhile). Run twice, it does nothing the second time.

    ``voided``: batches of paper that are not counted, or how to know them, asked once nobody may void any more.
    Memory: about 0.4 kB a ballot of ten options. Errors: ``ValueError`` where the step is still open,
    :class:`errors.KeyLost` where the instance has another secret.
    """
    held = UrnKey.objects.filter(step=step).first()
    if held is None:
        return 0
    found: list[bytes] = []
    unreadable = 0
    if _is_waiting(step, held):
        # Outside the transaction: on SQLite nobody else writes while it lasts. A closed step takes paper only.
        found, unreadable = _unsealed(step, held)
    _wipe_what_is_deleted()
    with transaction.atomic():
        if lock(step).state != Step.State.CLOSED:
            raise ValueError("The urn of an open step stays closed.")
        held = UrnKey.objects.get(pk=held.pk)
        if held.destroyed_at is not None:
            return 0
        if held.opened_at is not None:
            return Ballot.objects.filter(step=step).count()
        if Envelope.objects.filter(step=step).count() != len(found) + unreadable:
            found, unreadable = _unsealed(step, held)
        receipts = seal.keys_of(step.uuid, held.salt, held.check_value).receipts
        number = _write_ballots(step, found, frozenset(voided() if callable(voided) else voided))
        _delete(Envelope, step)
        held.salt, held.receipts_key, held.opened_at, held.unreadable = b"", receipts, now, unreadable
        held.save(update_fields=["salt", "receipts_key", "opened_at", "unreadable"])
        if number <= AT_ONCE:
            _shake(held, now)
        values = {"ballots": number, "unreadable": unreadable}
        audit.record("participation.urn_opened", step, by=None, alliance=step.alliance, via="task", after=values)
    if unreadable:
        logger.error("%s envelopes of step %s did not open: they were changed in the database.", unreadable, step.pk)
    return number


def _is_waiting(step: Step, held: UrnKey) -> bool:
    closed = Step.objects.filter(pk=step.pk, state=Step.State.CLOSED).exists()
    return closed and held.opened_at is None and held.destroyed_at is None


def _unsealed(step: Step, held: UrnKey) -> tuple[list[bytes], int]:
    """The envelopes of the step, each as 16 new random bytes and its JSON, in the order of these bytes: by lot. And how
    many did not open."""
    keys = seal.keys_of(step.uuid, held.salt, held.check_value)
    found: list[bytes] = []
    unreadable = 0
    for row, sealed in _envelopes(step):
        try:
            plain = seal.plain_of(keys, row, sealed)
        except seal.CannotOpen:
            unreadable += 1
        else:
            found.append(secrets.token_bytes(16) + plain)
    found.sort()
    return found, unreadable


def _envelopes(step: Step) -> Iterator[tuple[bytes, bytes]]:
    table = connection.ops.quote_name(Envelope._meta.db_table)
    native = connection.features.has_native_uuid_field
    # As bytes from the database itself: a million ``UUID`` made to be taken apart cost seconds.
    key = "uuid_send(id)" if native else "id"
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {key}, seal FROM {table} WHERE step_id = %s", [step.pk])
        while part := cursor.fetchmany(BATCH):
            if native:
                yield from part
            else:
                yield from ((bytes.fromhex(row), sealed) for row, sealed in part)


def _write_ballots(step: Step, found: list[bytes], voided: frozenset[str]) -> int:
    """Write ballots, each 16 random bytes and its JSON, in the order given. How many were."""
    parts = (_values(step, found[start : start + BATCH], voided) for start in range(0, len(found), BATCH))
    table = connection.ops.quote_name(Ballot._meta.db_table)
    columns = "(id, step_id, content, about, channel, batch)"
    number = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One copy for all: the server writes some while the next are read here.
            with cursor.copy(f"COPY {table} {columns} FROM STDIN") as copy:
                for part in parts:
                    copy.write(_lines(part))
                    number += len(part)
            return number
        for part in parts:
            cursor.executemany(f"INSERT INTO {table} {columns} VALUES (%s, %s, %s, %s, %s, %s)", part)
            number += len(part)
    return number


Row = tuple[str, int, str, str, str, str | None]


def _values(step: Step, part: list[bytes], voided: frozenset[str]) -> list[Row]:
    # One text read at once: five thousand calls cost twice as much.
    read: list[list[str]] = json.loads(b"[%b]" % b",".join([one[16:] for one in part]))
    return [
        (one[:16].hex(), step.pk, content, about, channel, UUID(batch).hex if batch else None)
        for one, (content, about, channel, batch) in zip(part, read, strict=True)
        if batch not in voided
    ]


def _lines(values: list[Row]) -> str:
    """Rows as PostgreSQL's COPY reads them (its « text » format)."""
    texts = "".join([f"{content}{about}" for _row, _step, content, about, _channel, _batch in values])
    if not _SPECIAL.isdisjoint(texts):
        values = [
            (row, step, content.translate(_ESCAPED), about.translate(_ESCAPED), channel, batch)
            for row, step, content, about, channel, batch in values
        ]
    return "".join(
        [
            f"{row}\t{step}\t{content}\t{about}\t{channel}\t{batch or _NULL}\n"
            for row, step, content, about, channel, batch in values
        ]
    )


def put_ballots(step: Step, found: Iterable[seal.Sealed]) -> None:
    """Write ballots in an order drawn by lot. Inside a transaction."""
    numbered = [
        secrets.token_bytes(16) + json.dumps([one.content, one.about, one.channel, one.batch]).encode() for one in found
    ]
    numbered.sort()
    _write_ballots(step, numbered, frozenset())


def destroy(step: Step, *, now: dt.datetime) -> int:
    """Destroy the envelopes of a step unopened, its key with them: its consultation was cancelled. How many ballots.

    Who answered is forgotten too, receipts included. Nothing happens where the urn is open already, or destroyed.
    The caller has ended the step, in the same transaction or before, and says it in the log.
    Errors: ``ValueError`` where the step still takes ballots.
    """
    _wipe_what_is_deleted()
    with transaction.atomic():
        if lock(step).state == Step.State.OPEN:
            raise ValueError("The envelopes of an open step are not destroyed: end the step first.")
        held = UrnKey.objects.filter(step=step, opened_at=None, destroyed_at=None).first()
        if held is None:
            return 0
        number = _delete(Envelope, step)
        _delete(Turnout, step)
        _delete(Receipt, step)
        held.salt, held.destroyed_at, held.anew_at = b"", now, now
        held.save(update_fields=["salt", "destroyed_at", "anew_at"])
        values = {"ballots": number}
        audit.record("participation.urn_destroyed", step, by=None, alliance=step.alliance, via="task", after=values)
    return number


def _shake(held: UrnKey, now: dt.datetime) -> None:
    """Write turnout and receipts of a step anew: in one transaction on PostgreSQL, which shows its number; in
    sixteen on SQLite where there are many, so that whoever votes in another step does not wait."""
    parts = [""] if connection.vendor == "postgresql" or connection.in_atomic_block else list("0123456789abcdef")
    for part in parts:
        # A savepoint would have a transaction number of its own.
        with transaction.atomic(savepoint=False):
            _write_anew(Turnout, held.step_id, part, ("elector_id",))
            # Marks of ballots sent twice are of no use any more.
            _write_anew(Receipt, held.step_id, part, ("mark",), {"tag": ""})
            if part == parts[-1]:
                UrnKey.objects.filter(pk=held.pk).update(anew_at=now)


def _delete(model: Any, step: Step) -> int:
    return int(model._base_manager.filter(step=step)._raw_delete(model._base_manager.db))


def _write_anew(model: Any, step: int, part: str, kept: tuple[str, ...], fixed: dict[str, str] | None = None) -> None:
    """Delete and write again the rows of a step, in the order of their random keys, in this transaction. ``part``:
    those whose key begins by this sign (SQLite, where keys are text); all of them where it is blank."""
    table = connection.ops.quote_name(model._meta.db_table)
    fixed = fixed or {}
    columns = ", ".join(("id", "step_id", *kept))
    into = ", ".join((columns, *fixed))
    values = ", ".join((columns, *(["%s"] * len(fixed))))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"WITH gone AS (DELETE FROM {table} WHERE step_id = %s RETURNING {columns})"
                f" INSERT INTO {table} ({into}) SELECT {values} FROM gone ORDER BY id",
                [step, *fixed.values()],
            )
            return
        those = "step_id = %s AND id >= %s AND id < %s"
        values_of: tuple[int, str, str] = (step, part, f"{part}g")
        # In memory (``temp_store``), gone with the transaction.
        cursor.execute(f"CREATE TEMP TABLE urn_anew AS SELECT {columns} FROM {table} WHERE {those}", values_of)
        cursor.execute(f"DELETE FROM {table} WHERE {those}", values_of)
        cursor.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM urn_anew ORDER BY id", list(fixed.values()))
        cursor.execute("DROP TABLE urn_anew")


def _wipe_what_is_deleted() -> None:
    """SQLite: the bytes of what is deleted are overwritten, whatever this connection was opened with."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.fetchall()


def forget_traces(*, now: dt.datetime) -> bool:
    """Clean what openings left behind in the files of the database: pages of deleted rows, journal. Whether all is.

    Outside any transaction. SQLite: the journal is emptied (deleted rows were overwritten already). PostgreSQL: the
    tables of the urn are written anew; those that are large, once no step of the instance is open;
    and once every older transaction ended. What is in use by
    others is left for the next time: the worker asks again every few seconds (``tidy_up``).
    """
    if connection.in_atomic_block:
        raise RuntimeError("forget_traces() runs outside a transaction.")
    _wipe_what_is_deleted()
    for held in UrnKey.objects.filter(opened_at__isnull=False, anew_at=None).order_by("pk"):
        _shake(held, now)
    done = _empty_the_journal() if connection.vendor == "sqlite" else _rewrite_tables()
    if done:
        UrnKey.objects.filter(_opened_or_destroyed(), cleaned_at=None).update(cleaned_at=now)
        logger.info("The files of the urn were cleaned.")
    return done


def tidy_up(now: dt.datetime) -> int:
    """Finish a cleaning that could not be: one query where there is none to do."""
    if not UrnKey.objects.filter(_opened_or_destroyed(), cleaned_at=None).exists():
        return 0
    return int(forget_traces(now=now))


def _opened_or_destroyed() -> Q:
    return ~Q(opened_at=None) | ~Q(destroyed_at=None)


def _empty_the_journal() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _pages, _moved = cursor.fetchone()
    return not busy


def _rewrite_tables() -> bool:
    voting = Step.objects.filter(state=Step.State.OPEN).exists()
    done = True
    with connection.cursor() as cursor:
        if not _forgettable(cursor):
            return False
        for model in (UrnKey, Envelope, Turnout, Receipt):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute("SELECT pg_relation_size(%s)", [model._meta.db_table])
            whole = not voting or cursor.fetchone()[0] <= SMALL
            done = _vacuum(cursor, table, whole=whole) and whole and done
    return done


def _forgettable(cursor: Any) -> bool:
    """PostgreSQL keeps a deleted row, even through ``VACUUM FULL``, as long as a transaction older than its deletion
    runs anywhere on the server: whether all those ended since the urns were opened."""
    cursor.execute(
        "SELECT COALESCE(bool_and(age(k.xmin) > GREATEST("
        " age(pg_snapshot_xmin(pg_current_snapshot())::xid),"
        " (SELECT max(age(backend_xmin)) FROM pg_stat_activity"
        "  WHERE datname = current_database() AND pid <> pg_backend_pid()))), true)"
        " FROM participation_urnkey k"
        " WHERE k.cleaned_at IS NULL AND (k.opened_at IS NOT NULL OR k.destroyed_at IS NOT NULL)"
    )
    return bool(cursor.fetchone()[0])


def _vacuum(cursor: Any, table: str, *, whole: bool) -> bool:
    """``False`` where others kept the table busy for five seconds."""
    cursor.execute("SET lock_timeout = '5s'")
    try:
        cursor.execute(f"VACUUM (FULL, ANALYZE) {table}" if whole else f"VACUUM (ANALYZE) {table}")
    except OperationalError:
        return False
    finally:
        cursor.execute("RESET lock_timeout")
    return True
