"""The steps of an import, each checked, audited, and called alike by the page, the job and the command line."""

from __future__ import annotations

import codecs
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.actors import reasons
from maillage.actors.merging import refresh_proposals
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation.imports import columns as col
from maillage.concertation.imports import undo
from maillage.concertation.imports.categories import MOST, distinct, suggest
from maillage.concertation.imports.lines import Reading, read_lines, spellings
from maillage.concertation.imports.models import CategoryMemory, ImportMemory, ImportProposal, ImportRun
from maillage.concertation.imports.plan import Decided, Plan, Register, make_plan
from maillage.concertation.imports.write import write_plan
from maillage.core import audit, documents
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.tables import Table, TableError, read_table
from maillage.core.text import fold
from maillage.methods.matching import find_pairs, unite

KEPT_DAYS = 7
"""A list of members is kept this long, for whoever may import; the run itself stays."""
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
Decision = ImportProposal.Decision


def start_run(
    *, alliance: Alliance, file: IO[bytes], name: str, by: Any, now: dt.datetime, via: str = "web"
) -> ImportRun:
    """Read the file, keep it for a few days, guess what its columns are.

    Errors: ``PermissionDenied``; ``TableError`` with a sentence, nothing being kept.
    """
    require(by, "actors.import", alliance)
    table = read_table(file, name)
    file.seek(0)
    try:
        document = documents.store(
            _storable(file.read(), table), name=name or f"liste.{table.kind}", content_type=_TYPES[table.kind],
            rule="concertation.import_file", alliance=alliance, owner=by,
            expires_at=now + dt.timedelta(days=KEPT_DAYS),
        )  # fmt: skip
    except documents.DocumentRefused as refusal:
        raise TableError(refusal, "refused") from refusal
    with transaction.atomic():
        run = ImportRun(
            alliance=alliance, document=document, file_name=document.name, sha256=document.sha256,
            sheet=table.sheet, created_by=by, created_at=now,
        )  # fmt: skip
        _take_table(run, table)
        run.save()
        audit.record("concertation.import_started", run, by=by, alliance=alliance, via=via,
                     after={"rows": len(table.rows), "kind": table.kind})  # fmt: skip
    return run


def _storable(data: bytes, table: Table) -> bytes:
    """UTF-16 without its mark is kept with it, so that it is known for text."""
    if table.encoding == "UTF-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (codecs.BOM_UTF16_LE if data[1:2] == b"\0" else codecs.BOM_UTF16_BE) + data
    return data


def _take_table(run: ImportRun, table: Table) -> None:
    """The columns remembered for this header, or guessed."""
    memory = ImportMemory.objects.filter(alliance=run.alliance, fingerprint=col.fingerprint(table.header)).first()
    run.sheet, run.header_line = table.sheet[:120], table.header_line
    run.columns = dict(memory.columns) if memory else col.guess(table.header)
    run.options = dict(memory.options) if memory else {}


def open_table(run: ImportRun) -> Table:
    """The table of a run, read again. Errors: ``TableError``, also where the file is no longer kept."""
    if run.document is None:
        raise TableError(_("The file of this import is no longer kept. Send it again."), "gone")
    with run.document.file.open("rb") as file:
        return read_table(file, run.file_name, sheet=run.sheet, header_line=run.header_line)


@transaction.atomic
def choose_place(*, run: ImportRun, sheet: str, header_line: int | None, by: Any) -> Table:
    """Another sheet or another line for the header: the columns are guessed again.

    Errors: ``PermissionDenied``; ``TableError`` where there is none, the run being left as it was.
    """
    require(by, "actors.import", run)
    run = _editable(run)
    run.sheet, run.header_line = sheet, header_line
    table = open_table(run)
    _take_table(run, table)
    run.state = ImportRun.State.DRAFT
    run.save(update_fields=["sheet", "header_line", "columns", "options", "state"])
    return table


def _editable(run: ImportRun) -> ImportRun:
    run = lock(run)
    if run.state in {ImportRun.State.APPLIED, ImportRun.State.UNDONE}:
        raise ValidationError(_("This import is already done. Send the file again to start another one."), code="done")
    return run


def choose_columns(
    *, run: ImportRun, columns: Mapping[str, int], options: Mapping[str, Any], by: Any, via: str = "web"
) -> ImportRun:
    """What each column means; the lines are read, the pairs to look at are found. Remembered for the next file.

    Errors: ``PermissionDenied``; ``ValidationError`` and ``TableError`` with a sentence.
    """
    require(by, "actors.import", run)
    table = open_table(run)
    col.check(columns, table.header, str(options.get("single_space", "")))
    reading = read_lines(table, columns, options)
    if not reading.lines:
        raise ValidationError(_("No line of this file can be used. Check the columns you chose."), code="no_line")
    counted = distinct(line.category for line in reading.lines)
    if len(counted) > MOST:
        raise ValidationError(
            _("The column of categories has %(count)s different values. Choose another column, or none.")
            % {"count": len(counted)},
            code="not_categories",
        )
    proposals = _propose(run.alliance, reading)
    with transaction.atomic():
        run = _editable(run)
        run.columns, run.options = dict(columns), dict(options)
        run.rejected, run.notes = reading.rejected, reading.notes
        run.categories = _types_of([name for name, _times in counted], run)
        run.state = ImportRun.State.READY
        run.save()
        _replace_proposals(run, proposals)
        ImportMemory.objects.update_or_create(
            alliance=run.alliance, fingerprint=col.fingerprint(table.header),
            defaults={"columns": run.columns, "options": run.options},
        )  # fmt: skip
        figures = {"columns": run.columns, "lines": len(reading.lines), "rejected": len(reading.rejected)}
        audit.record("concertation.import_columns", run, by=by, alliance=run.alliance, via=via, after=figures)
    return run


def _types_of(names: Sequence[str], run: ImportRun) -> dict[str, str]:
    """What was said of each category in this run, else remembered of it, else suggested by its words."""
    remembered = dict(CategoryMemory.objects.filter(alliance=run.alliance).values_list("folded", "actor_type"))
    return {name: run.categories.get(name) or remembered.get(fold(name)[:200]) or suggest(name) for name in names}


def _propose(alliance: Alliance, reading: Reading) -> list[ImportProposal]:
    """Pairs among the names of the file, and between new names and the actors there. Matching reads, never writes."""
    register = Register(alliance)
    hints = spellings(reading.lines)
    names: dict[Any, str] = {("file", name): name for name in hints}
    for name, actor_id in register.by_name.items():
        if name not in hints:
            names["actor", actor_id, name] = name
    known = {name for name in hints if register.named(name) is not None}
    found: list[ImportProposal] = []
    seen: set[tuple[str, Any]] = set()
    given = {("file", name): hint for name, hint in hints.items() if hint}
    for pair in find_pairs(names, identifiers=given):
        sides = sorted((pair.first, pair.second), key=lambda key: bool(key[0] != "file"))
        row = _proposal(sides[0], sides[1], register, known)
        if row is None or (row.left, row.right_actor_id or row.right) in seen:
            continue
        seen.add((row.left, row.right_actor_id or row.right))
        row.position, row.score = len(found) + 1, pair.score
        row.reasons, row.trivial = reasons.plain(pair.reasons), pair.trivial
        found.append(row)
    return found


def _proposal(one: Any, other: Any, register: Register, known: set[str]) -> ImportProposal | None:
    """A pair worth a question here; what concerns two actors already there is the register's own page."""
    if one[0] != "file":
        return None
    left, right = one[1], other[-1]
    actor_id = other[1] if other[0] == "actor" else None
    if actor_id is None and right in known:
        if left in known:
            return None
        actor_id = register.by_name[right]
    elif actor_id is None and left in known:
        left, right, actor_id = right, left, register.by_name[left]
    elif actor_id is not None and left in known:
        return None
    return ImportProposal(left=left, right=right, right_actor_id=actor_id)


def _replace_proposals(run: ImportRun, proposals: list[ImportProposal]) -> None:
    """New proposals, keeping what was already decided of the same pair."""
    former = {(one.left, one.right): one for one in run.proposals.exclude(decision="")}
    run.proposals.all().delete()
    for row in proposals:
        row.run = run
        if before := former.get((row.left, row.right)):
            row.decision, row.decided_by_id, row.decided_at = before.decision, before.decided_by_id, before.decided_at
    ImportProposal.objects.bulk_create(proposals, batch_size=500)


@transaction.atomic
def choose_types(*, run: ImportRun, types: Mapping[str, str], by: Any, via: str = "web") -> ImportRun:
    """The type of actor that each category means, once for the whole file; remembered for the next one.

    Errors: ``PermissionDenied``; ``ValidationError`` for a category or a type that does not exist.
    """
    require(by, "actors.import", run)
    run = _editable(run)
    if set(types) - set(run.categories) or set(types.values()) - set(ActorType.values):
        raise ValidationError(_("This category or this type is not in the list. Open the page again."))
    run.categories = {**run.categories, **types}
    run.save(update_fields=["categories"])
    for name, code in types.items():
        CategoryMemory.objects.update_or_create(
            alliance=run.alliance, folded=fold(name)[:200], defaults={"actor_type": code}
        )
    audit.record("concertation.import_types", run, by=by, alliance=run.alliance, via=via, after={"types": len(types)})
    return run


@transaction.atomic
def decide(*, run: ImportRun, decisions: Mapping[int, str], by: Any, now: dt.datetime, via: str = "web") -> int:
    """What a person says of some proposals (``{position: decision}``); returns how many changed.

    Errors: ``PermissionDenied``; ``ValidationError`` where two decisions contradict each other.
    """
    require(by, "actors.import", run)
    run = _editable(run)
    changed = 0
    for row in run.proposals.filter(position__in=list(decisions)):
        decision = decisions[row.position]
        if decision not in Decision.values or (decision == Decision.LEFT and row.right_actor_id):
            raise ValidationError(_("This answer is not in the list. Open the page again."))
        if decision != row.decision:
            row.decision, row.decided_by, row.decided_at = decision, by, now
            row.save(update_fields=["decision", "decided_by", "decided_at"])
            changed += 1
    _check_decisions(run)
    if changed:
        audit.record("concertation.import_decided", run, by=by, alliance=run.alliance, via=via,
                     after={"decisions": {str(position): value for position, value in decisions.items()}})  # fmt: skip
    return changed


def _check_decisions(run: ImportRun) -> None:
    """Names said to be one, and said to differ: the person is shown which."""
    rows = list(run.proposals.exclude(decision=""))
    keys = {row.pk: (row.left, row.right_actor_id or row.right) for row in rows}
    every = dict.fromkeys(key for pair in keys.values() for key in pair)
    same = [keys[row.pk] for row in rows if row.decision in {Decision.LEFT, Decision.RIGHT}]
    groups = {key: at for at, group in enumerate(unite(every, same)) for key in group}
    for row in rows:
        left, right = keys[row.pk]
        if row.decision == Decision.DIFFERENT and groups[left] == groups[right]:
            raise ValidationError(
                _(
                    "You said that “%(left)s” and “%(right)s” differ, but other answers make them one. "
                    "Change one of them."
                )
                % {"left": row.left, "right": row.right},
                code="contradiction",
            )
    actors: dict[int, set[Any]] = {}
    for key, at in groups.items():
        if isinstance(key, int):
            actors.setdefault(at, set()).add(key)
    if any(len(found) > 1 for found in actors.values()):
        raise ValidationError(
            _(
                "These answers make one of two actors of the register. "
                "Merge those two first, on the page of duplicates."
            ),
            code="two_actors",
        )


def accept_trivial(*, run: ImportRun, by: Any, now: dt.datetime, via: str = "web") -> int:
    """Accept the undecided pairs that differ by capitals, accents, apostrophes or spaces only."""
    waiting = run.proposals.filter(trivial=True, decision="").values_list("position", flat=True)
    return decide(run=run, decisions=dict.fromkeys(waiting, Decision.RIGHT.value), by=by, now=now, via=via)


def decided(run: ImportRun) -> list[Decided]:
    rows = run.proposals.exclude(decision="").order_by("position")
    return [Decided(row.left, row.right, row.right_actor_id, row.decision) for row in rows]


@dataclass(frozen=True)
class Preview:
    """What importing would do now."""

    plan: Plan
    counts: Mapping[str, int]
    reading: Reading


def preview(run: ImportRun) -> Preview:
    """Read the file again and compare; writes nothing. Errors: ``TableError``, ``ValidationError``."""
    reading = read_lines(open_table(run), run.columns, run.options)
    plan = make_plan(run.alliance, reading, run.categories, decided(run))
    return Preview(plan, {**plan.counts(), "rejected": len(reading.rejected), "lines": len(reading.lines)}, reading)


def apply_run(
    *,
    run: ImportRun,
    by: Any,
    now: dt.datetime | None = None,
    via: str = "web",
    progress: Callable[[int], None] = lambda done: None,
) -> ImportRun:
    """Write everything or nothing. The file is read before the transaction; the comparison is made again inside,
    under the lock of the alliance, so that two imports at once see each other. Done twice, it changes nothing.

    Errors: ``PermissionDenied``; ``TableError``; ``ValidationError``.
    """
    require(by, "actors.import", run)
    reading = read_lines(open_table(run), run.columns, run.options)
    progress(1)
    with transaction.atomic():
        alliance = lock(run.alliance)
        run = lock(run)
        if run.state == ImportRun.State.APPLIED:
            return run
        if run.state != ImportRun.State.READY:
            raise ValidationError(_("Choose the columns before importing."), code="not_ready")
        plan = make_plan(alliance, reading, run.categories, decided(run))
        run.counts = {**plan.counts(), "rejected": len(reading.rejected), "lines": len(reading.lines)}
        run.trace = write_plan(
            plan, alliance=alliance, run=str(run.uuid), by=by, via=via, progress=lambda done: progress(done + 1)
        )
        run.rejected, run.notes = reading.rejected, reading.notes
        run.state, run.applied_at = ImportRun.State.APPLIED, now or timezone.now()
        run.save()
        audit.record("concertation.import_applied", run, by=by, alliance=alliance, via=via, after=run.counts)
    refresh_proposals(alliance=alliance, by=by, via=via)
    return run


@transaction.atomic
def undo_run(*, run: ImportRun, by: Any, now: dt.datetime, via: str = "web") -> ImportRun:
    """Everything the import made goes, everything it changed is as before.

    Errors: ``PermissionDenied``; ``ValidationError`` where later work hangs on it.
    """
    require(by, "actors.import", run)
    alliance = lock(run.alliance)
    run = lock(run)
    if run.state != ImportRun.State.APPLIED:
        raise ValidationError(_("Only an import that was done can be undone."), code="not_applied")
    undo.check(run)
    undo.take_back(run)
    run.state, run.undone_at = ImportRun.State.UNDONE, now
    run.save(update_fields=["state", "undone_at"])
    audit.record("concertation.import_undone", run, by=by, alliance=alliance, via=via, before=run.counts)
    return run


@transaction.atomic
def discard_run(*, run: ImportRun, by: Any, via: str = "web") -> None:
    """Give up an import that was not done: its file goes at once. Errors: ``PermissionDenied``, ``ValidationError``."""
    require(by, "actors.import", run)
    run = _editable(run)
    audit.record("concertation.import_discarded", run, by=by, alliance=run.alliance, via=via)
    document = run.document
    run.delete()
    if document is not None:
        documents.delete(document)


def rejected_rows(run: ImportRun) -> Iterable[tuple[int, str, str]]:
    """Line, reason in the reader's language, and what was there."""
    from maillage.concertation.imports.lines import reason

    for line, code, value in run.rejected:
        yield line, reason(code, value), value
