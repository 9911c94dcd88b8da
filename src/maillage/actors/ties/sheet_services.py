"""Importing ties from a spreadsheet: read, choose, write in one transaction, or set aside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.models import Actor, Tie, TieImport
from maillage.actors.ties.sheet_plan import Names, Plan, make_plan, propose
from maillage.actors.ties.sheet_words import Role, guess
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Alliance
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.models import AuditEntry
from maillage.core.tables import Limits, read_table

ACT = "ties-imported"
LIMITS = Limits(rows=5_000)
LINES_KEPT = dt.timedelta(days=90)
"""How long the lines of a file are kept: long enough to look at what was set aside."""


@transaction.atomic
def start(*, alliance: Alliance, file: Any, name: str, by: Any, today: dt.date, now: dt.datetime) -> TieImport:
    """Read a CSV, XLSX or ODS file, guess its columns, look for the names that no actor bears.

    Errors: ``PermissionDenied``; ``TableError``, whose sentence says what to do.
    """
    require(by, "actors.import_ties", alliance)
    table = read_table(file, name, limits=LIMITS)
    run = TieImport(
        alliance=alliance, name=name[:200], header=list(table.header), columns=guess(table.header), created_by=by,
        rows=[[row.line, *row.cells] for row in table.rows], created_at=now,
    )  # fmt: skip
    run.proposals = _proposals(run, today)
    run.save()
    audit.record("actors.tie_import_started", run, by=by, alliance=alliance, after={"lines": len(run.rows)})
    return run


def _proposals(run: TieImport, today: dt.date) -> dict[str, list[list[Any]]]:
    indexes = [run.columns[role] for role in (Role.ACTOR, Role.OTHER) if role in run.columns]
    written = {row[index + 1].strip() for row in run.rows for index in indexes if index + 1 < len(row)}
    return propose(Names(run.alliance, today), sorted(written))


def _draft(run: TieImport) -> TieImport:
    alliance = run.alliance
    run = lock(run)
    run.alliance = alliance
    if run.state != TieImport.State.DRAFT:
        raise ValidationError(_("This file is already written, or set aside."), code="ended")
    return run


@transaction.atomic
def choose(
    *, run: TieImport, columns: Mapping[str, int], kind: str, decisions: Mapping[str, int], by: Any, today: dt.date
) -> TieImport:
    """What each column means, which actor each unknown name is (0: none).

    Errors: ``PermissionDenied``; ``ValidationError`` for a column chosen twice or missing, an unknown actor.
    """
    require(by, "actors.import_ties", run.alliance)
    run = _draft(run)
    if any(times > 1 for times in Counter(columns.values()).values()):
        raise ValidationError(_("A column was chosen twice. Keep it for one meaning only."), code="twice")
    if any(not 0 <= index < len(run.header) for index in columns.values()):
        raise ValidationError(_("A chosen column is not in this file. Choose again."), code="no_column")
    if not {Role.ACTOR, Role.OTHER} <= set(columns):
        raise ValidationError(_("Say which columns hold the two organisations."), code="no_names")
    if Role.KIND not in columns and not kind:
        raise ValidationError(
            _("Say which column tells what they do together, or choose one word for the whole file."), code="no_kind"
        )
    moved = {run.columns.get(role) for role in (Role.ACTOR, Role.OTHER)} != {columns[Role.ACTOR], columns[Role.OTHER]}
    run.columns, run.kind = dict(columns), kind
    if moved:
        run.proposals = _proposals(run, today)
    known = Names(run.alliance, today).present | {0}
    if set(decisions.values()) - known:
        raise ValidationError(_("A chosen actor is no longer in the directory. Choose again."), code="no_actor")
    run.decisions = {key: actor for key, actor in decisions.items() if key in run.proposals}
    run.save(update_fields=["columns", "kind", "proposals", "decisions"])
    audit.record("actors.tie_import_chosen", run, by=by, alliance=run.alliance, after={"columns": dict(columns)})
    return run


@transaction.atomic
def apply(*, run: TieImport, by: Any, today: dt.date, now: dt.datetime) -> Plan:
    """Write the new ties, all or none; those already there are left as they are.

    Each is told by the organisation of its line, not confirmed. Errors: ``PermissionDenied``; ``ValidationError``
    where it is written already.
    """
    require(by, "actors.import_ties", run.alliance)
    run = _draft(run)
    # Whoever tells a tie holds its two actors: all of them are held here, in the same order.
    list(Actor.objects.select_for_update().filter(alliance=run.alliance).order_by("pk").values_list("pk"))
    plan = make_plan(run, today)
    rows = []
    for line in plan.lines:
        if line.state == "new" and line.actor is not None and line.other is not None:
            first, second = sorted((line.actor, line.other), key=lambda actor: actor.pk)
            tie = Tie(
                alliance=run.alliance, first=first, second=second, kind=line.kind, told_by=line.actor, told_at=now
            )
            tie.frequency, tie.how, tie.since, tie.checked_on = line.frequency, line.how, line.since, today
            tie.source = "import"
            rows.append(tie)
    Tie.objects.bulk_create(rows, batch_size=500)
    run.state, run.counts, run.ended_at = TieImport.State.APPLIED, plan.counts(), now
    run.made = [tie.pk for tie in rows]
    run.save(update_fields=["state", "counts", "ended_at", "made"])
    entry = audit.record("actors.tie_import_applied", run, by=by, alliance=run.alliance, after=run.counts)
    if rows:

        def about() -> str:
            n = len(rows)
            return ngettext("%(n)s tie from a spreadsheet", "%(n)s ties from a spreadsheet", n) % {"n": n}

        tell(alliance=run.alliance, kind=ACT, by=by, label=about, reference=f"actors.tieimport:{run.uuid}", entry=entry)
    return plan


def held_by(run: TieImport) -> list[Tie]:
    """The ties of this file that someone answered, ended, checked or moved since: they hold the whole import. The
    ties that are no longer there hold nothing. One query, and one on the log."""
    made = Tie.objects.filter(pk__in=run.made).select_related("first", "second", "told_by")
    found = {tie.pk: tie for tie in made}
    touched = AuditEntry.objects.filter(
        alliance_id=run.alliance_id, model="actors.tie", object_id__in=[str(pk) for pk in found], at__gt=run.ended_at
    )
    ids = {int(pk) for pk in touched.values_list("object_id", flat=True)}
    written = run.ended_at
    return [
        tie
        for tie in found.values()
        if tie.pk in ids or tie.answer != Tie.Answer.WAITING or tie.until is not None or tie.told_at != written
    ]


@transaction.atomic
def undo(*, run: TieImport, by: Any, now: dt.datetime) -> int:
    """Take back every tie that the file wrote. Returns how many.

    Errors: ``PermissionDenied``; ``ValidationError`` where it was not written, or where a tie was used since.
    """
    require(by, "actors.import_ties", run.alliance)
    alliance = run.alliance
    run = lock(run)
    run.alliance = alliance
    if run.state != TieImport.State.APPLIED:
        raise ValidationError(_("Only a file that is written can be undone."), code="not_applied")
    # The same lock as telling or answering a tie, in the same order: nobody answers one while it is taken back.
    ties = Tie.objects.filter(pk__in=run.made)
    ends = {pk for pair in ties.values_list("first_id", "second_id") for pk in pair}
    list(Actor.objects.select_for_update().filter(pk__in=ends).order_by("pk").values_list("pk"))
    list(ties.select_for_update().order_by("pk").values_list("pk"))
    held = held_by(run)
    if held:
        raise ValidationError(
            _("The tie between %(first)s and %(second)s was used since. End the ties of this file by hand.")
            % {"first": held[0].first.name, "second": held[0].second.name},
            code="used_since",
        )
    count = ties.count()
    ties.delete()
    run.state, run.ended_at = TieImport.State.UNDONE, now
    run.save(update_fields=["state", "ended_at"])
    entry = audit.record("actors.tie_import_undone", run, by=by, alliance=alliance, after={"ties": count})
    if count:
        tell(
            alliance=alliance, kind=ACT, by=by, reference=f"actors.tieimport:{run.uuid}", entry=entry,
            label=lambda: ngettext(
                "%(n)s tie from a spreadsheet taken back", "%(n)s ties from a spreadsheet taken back", count
            ) % {"n": count},
        )  # fmt: skip
    return count


@transaction.atomic
def discard(*, run: TieImport, by: Any, now: dt.datetime) -> TieImport:
    """Set the file aside: nothing is written, its lines are forgotten.

    Errors: ``PermissionDenied``; ``ValidationError`` where it is written already.
    """
    require(by, "actors.import_ties", run.alliance)
    run = _draft(run)
    run.state, run.ended_at = TieImport.State.DISCARDED, now
    run.rows, run.proposals, run.decisions = [], {}, {}
    run.save(update_fields=["state", "ended_at", "rows", "proposals", "decisions"])
    audit.record("actors.tie_import_discarded", run, by=by, alliance=run.alliance)
    return run


def purge(today: dt.date) -> int:
    """Forget the lines of files older than their limit: they may name people. Returns how many files."""
    old = TieImport.objects.filter(created_at__date__lte=today - LINES_KEPT).exclude(rows=[])
    return old.update(rows=[], proposals={}, decisions={})
