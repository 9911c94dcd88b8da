"""Writing ballots: the rows of one or of many, in one transaction, without a trace in any log.

``ON CONFLICT DO NOTHING`` rather than a refusal caught: PostgreSQL writes each refused statement in its own log, with
its values and the time. Rows go in a fixed order, turnouts before receipts, so that two writers never wait for each
other in a circle; envelopes in the order of their random key, so that their place says nothing of the ballot beside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.urn import errors
from maillage.participation.urn.models import Envelope, Receipt, Turnout
from maillage.participation.vocabulary import ONE_BALLOT_EACH, Channel

WITHOUT_CODE = frozenset({str(Channel.PAPER), str(Channel.FILE)})


@dataclass(frozen=True)
class Part:
    """One step of a ballot, sealed."""

    step: int
    row: UUID
    seal: bytes
    envelope_mark: str
    receipt_mark: str
    tag: str


@dataclass(frozen=True)
class Prepared:
    """A ballot ready to be written: everything that could be computed before the transaction is."""

    consultation: int
    parts: tuple[Part, ...]
    channel: str
    elector: int | None
    now: dt.datetime


class Conflict(Exception):
    """Nothing was written: this elector has answered (``turnout``), or the receipt or this very ballot is there."""

    def __init__(self, what: str = "") -> None:
        super().__init__(what)
        self.what = what


def put_one(ballot: Prepared) -> None:
    """Write one ballot, whole. Errors: :class:`Conflict`, :class:`errors.NotTaken`; nothing is written then."""
    with transaction.atomic():
        refused = write([ballot])[0]
    if refused is not None:
        raise refused


def write(ballots: Sequence[Prepared]) -> list[errors.NotTaken | None]:
    """Inside a transaction: write all that may be; for each, ``None`` or why it is refused.

    Errors: :class:`Conflict` where any is already there in part or whole: roll back, and write them one by one.
    """
    outcomes = admitted(ballots)
    taken = [ballot for ballot, refused in zip(ballots, outcomes, strict=True) if refused is None]
    turnouts: list[tuple[Any, ...]] = []
    receipts: list[tuple[Any, ...]] = []
    envelopes: list[tuple[Any, ...]] = []
    for ballot in taken:
        for part in ballot.parts:
            if ballot.elector is not None:
                turnouts.append((part.step, ballot.elector, random_id()))
            receipts.append((part.step, part.receipt_mark, part.tag, random_id()))
            envelopes.append((adapted(part.row), part.step, part.envelope_mark, part.seal))
    with connection.cursor() as cursor:
        if insert(cursor, Turnout, ("step_id", "elector_id", "id"), sorted(turnouts)) != len(turnouts):
            raise Conflict("turnout")
        if insert(cursor, Receipt, ("step_id", "mark", "tag", "id"), sorted(receipts)) != len(receipts):
            raise Conflict("receipt")
        if insert(cursor, Envelope, ("id", "step_id", "mark", "seal"), sorted(envelopes)) != len(envelopes):
            raise Conflict("receipt")
    return outcomes


def random_id() -> Any:
    return adapted(uuid4())


def adapted(row: UUID) -> Any:
    """A key as the database holds it."""
    return row if connection.features.has_native_uuid_field else row.hex


def insert(cursor: Any, model: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
    """How many rows went in: fewer than were given where some were there."""
    if not rows:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    one = f"({', '.join(['%s'] * len(columns))})"
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * len(rows))} ON CONFLICT DO NOTHING",
        [value for row in rows for value in row],
    )
    return int(cursor.rowcount)


@dataclass(frozen=True)
class _Door:
    """What decides whether a step takes a ballot at an instant."""

    consultation: int
    is_open: bool
    end: dt.datetime | None
    kiosk_end: dt.datetime | None
    one_each: bool

    def lets_in(self, ballot: Prepared) -> bool:
        end = self.kiosk_end if ballot.channel == Channel.KIOSK else self.end
        return self.is_open and self.consultation == ballot.consultation and (end is None or ballot.now < end)


def admitted(ballots: Sequence[Prepared]) -> list[errors.NotTaken | None]:
    """For each, ``None`` where every step of it is open at its instant and its elector may answer; held so until the
    transaction ends. A ballot that came before the instant of the closing is taken; at that instant and after, not."""
    doors = _doors({part.step for ballot in ballots for part in ballot.parts})
    electors = {ballot.elector for ballot in ballots if ballot.elector is not None}
    valid = _electors(electors) if electors else {}
    return [_refusal(ballot, doors, valid) for ballot in ballots]


def _refusal(ballot: Prepared, doors: dict[int, _Door], valid: dict[int, int]) -> errors.NotTaken | None:
    found = [doors.get(part.step) for part in ballot.parts]
    if not all(door is not None and door.lets_in(ballot) for door in found):
        return errors.NotOpen()
    needed = any(door is not None and door.one_each for door in found) and ballot.channel not in WITHOUT_CODE
    if (needed or ballot.elector is not None) and valid.get(ballot.elector or 0) != ballot.consultation:
        return errors.CodeUnknown()
    return None


def _doors(steps: Iterable[int]) -> dict[int, _Door]:
    """Voters share the lock of the step; the closing waits for them, and they for it."""
    sql = (
        "SELECT s.id, s.state, s.closes_at, c.id, c.state, c.closes_at, c.kiosk_grace, c.access"
        " FROM participation_step s JOIN participation_consultation c ON c.id = s.consultation_id"
        " WHERE s.id IN ({}) ORDER BY s.id"
    )
    found: dict[int, _Door] = {}
    for pk, state, closes_at, consultation, whole, whole_end, grace, access in shared(sql, steps, "s"):
        end = instant(closes_at) or instant(whole_end)
        found[pk] = _Door(
            consultation=consultation,
            is_open=state == Step.State.OPEN and whole == Consultation.State.OPEN,
            end=end,
            kiosk_end=end and end + dt.timedelta(minutes=grace),
            one_each=access in ONE_BALLOT_EACH,
        )
    return found


def _electors(electors: set[int]) -> dict[int, int]:
    """The consultation of each elector who is not voided. Voiding one waits for the ballot, and the ballot for it."""
    sql = (
        "SELECT e.id, e.consultation_id FROM participation_elector e"
        " WHERE e.voided_at IS NULL AND e.id IN ({}) ORDER BY e.id"
    )
    return dict(shared(sql, electors, "e"))


def shared(sql: str, keys: Iterable[int], table: str) -> list[tuple[Any, ...]]:
    """The rows of a query, under a lock that readers of the same kind share (PostgreSQL; SQLite's is whole)."""
    lock = f" FOR SHARE OF {table}" if connection.vendor == "postgresql" else ""
    return select(sql + lock, keys)


def select(sql: str, keys: Iterable[Any], *more: Any) -> list[tuple[Any, ...]]:
    """``{}`` holds the place of the keys. By hand: what each ballot asks would cost ten times more by the ORM."""
    values = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(", ".join(["%s"] * len(values))), [*values, *more])
        return list(cursor.fetchall())


def instant(value: dt.datetime | None) -> dt.datetime | None:
    """SQLite gives instants in UTC, without saying so."""
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value
