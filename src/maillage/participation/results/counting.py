"""From ballots to aggregates and published files: the only functions that write a :class:`Result`."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from maillage.core import audit, documents
from maillage.core.locks import lock
from maillage.core.models import Document
from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.paper.models import Batch
from maillage.participation.results import groups
from maillage.participation.results.models import Result
from maillage.participation.urn import seal
from maillage.participation.urn.models import Ballot, Receipt, UrnKey

READ_PUBLISHED = "participation.read_published"
S = Result.State
BATCH = 5000


def voided_batches(step: Step) -> list[str]:
    """The batches of paper that are not counted."""
    found = Batch.objects.filter(step=step, state=Batch.State.VOIDED)
    return [str(batch) for batch in found.values_list("uuid", flat=True)]


def begin(step: Step) -> None:
    """Say that the count is under way; what was counted before stays until it is done."""
    Result.objects.update_or_create(step=step, defaults={"state": S.WAITING})


def fail(step: Step) -> None:
    """Say that the count stopped on an error: the agent starts it again."""
    Result.objects.update_or_create(step=step, defaults={"state": S.FAILED})


def count(step: Step, *, now: dt.datetime) -> Result:
    """Count the ballots of a step whose urn is open, and write the result in the place of the former one.

    With fewer ballots than the threshold nothing of what they hold is written: a result would say what each of these
    few people answered. The former count of a step that is counted anew stays in the audit log, in aggregate.
    """
    kind = kinds.of(step)
    sheets = list(_sheets(step))
    few = kind.in_ballot and len(sheets) < step.consultation.threshold
    data: dict[str, Any] = kind.count(step, sheets) if kind.count is not None and not few else {}
    who = {} if few or not kind.in_ballot else groups.who(step, sheets)
    published = None
    if kind.publish is not None and not few:
        published = kind.publish(step, [sheet.content for sheet in sheets])
    receipts = None if few else receipts_of(step, len(sheets))
    with transaction.atomic():
        lock(step)
        if Ballot.objects.filter(step=step).count() == len(sheets):
            values = {"ballots": len(sheets), "data": data, "who": who, "withheld": few}
            return _write(step, values, published, receipts, now)
    # A batch of paper came or was voided meanwhile: this count would take the place of the right one.
    return count(step, now=now)


def _write(
    step: Step, values: dict[str, Any], published: kinds.PublishedFile | None, receipts: bytes | None, now: dt.datetime
) -> Result:
    former = Result.objects.select_related("file", "receipts_file").filter(step=step).first()
    old = [] if former is None else [former.file, former.receipts_file]
    found, _made = Result.objects.update_or_create(
        step=step,
        defaults=values | {
            "state": S.READY, "computed_at": now,
            "file": None if published is None else _store(
                step, published.name, published.content_type, published.data
            ),
            "command": "" if published is None else published.command,
            "receipts_file": None if receipts is None else _store(step, receipts_name(step), "text/csv", receipts),
        },
    )  # fmt: skip
    for document in old:
        if document is not None:
            documents.delete(document)
    if former is not None and former.computed_at is not None:
        _record(former, found)
    return found


def _sheets(step: Step) -> Iterator[kinds.Sheet]:
    """The ballots in the order of their keys, drawn by lot. What many say alike is one text in memory."""
    table = connection.ops.quote_name(Ballot._meta.db_table)
    known: dict[str, str] = {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT content, about, channel FROM {table} WHERE step_id = %s ORDER BY id", [step.pk])
        while part := cursor.fetchmany(BATCH):
            for content, about, channel in part:
                yield kinds.Sheet(content, known.setdefault(about, about), known.setdefault(channel, channel))


def _record(former: Result, found: Result) -> None:
    """Keep what the former count said: how many ballots, which order. Nothing of a ballot."""
    audit.record(
        "participation.recounted", found, by=None, alliance=found.step.consultation.alliance,
        before=_outcome(former), after=_outcome(found), via="task",
    )  # fmt: skip


def _outcome(result: Result) -> dict[str, Any]:
    return {"ballots": result.ballots, "order": result.data.get("order", [])}


def _store(step: Step, name: str, content_type: str, data: bytes) -> Document:
    return documents.store(
        data, name=name, content_type=content_type, rule=READ_PUBLISHED, alliance=step.consultation.alliance
    )


def receipts_name(step: Step) -> str:
    return f"recus-{step.position + 1}.csv"


def receipts_of(step: Step, ballots: int) -> bytes | None:
    """The list of marks of receipts, in their own order; None where there is none.

    It has as many lines as there are ballots: without receipts of their own, those on paper have marks that answer to
    no words. Fewer lines would tell how many came on paper where the page hides it.
    """
    key = UrnKey.objects.filter(step=step).values_list("receipts_key", flat=True).first()
    if not key:
        return None
    lines: list[str] = []
    table = connection.ops.quote_name(Receipt._meta.db_table)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT mark FROM {table} WHERE step_id = %s ORDER BY mark", [step.pk])
        while part := cursor.fetchmany(BATCH):
            lines += [mark for (mark,) in part]
    if not lines:
        return None
    lines += _marks_of_nobody(step, ballots - len(lines))
    # Quick: they are sorted already, but for the last ones.
    lines.sort()
    return "\n".join(["empreinte", *lines, ""]).encode()


def _marks_of_nobody(step: Step, number: int) -> list[str]:
    """Marks that nobody outside tells from the others: drawn from the instance's secret, and the same at each count."""
    key = seal.derive("maillage marks of paper", step.uuid.bytes) if number > 0 else b""
    return [hmac.new(key, str(place).encode(), hashlib.sha256).hexdigest() for place in range(number)]


def example(key: str) -> str:
    """What computes the mark of a receipt, as it is typed in a terminal."""
    return f"printf '%s' 'SAULE 47 RIVE 12' | openssl dgst -sha256 -mac HMAC -macopt hexkey:{key}"
