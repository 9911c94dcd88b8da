"""Periods of an alliance: cycles, the agreement of each, stages and their deliverables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.alliances.models import Agreement, AgreementParty, Alliance, Cycle, Deliverable, Stage
from maillage.alliances.services.common import check_dates, save_changes
from maillage.alliances.vocabulary import STAGES
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

PERM = "alliances.manage_cycle"


@transaction.atomic
def add_cycle(
    alliance: Alliance,
    *,
    by: Any,
    name: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
    notes: str = "",
    with_stages: bool = True,
) -> Cycle:
    """A new period, with the five stages of the method to come unless ``with_stages`` is false.

    The stages are named in French, the language of the alliance's texts; the agent may rename them.
    """
    require(by, PERM, alliance)
    alliance = lock(alliance)
    check_dates(since, until)
    cycle = Cycle(alliance=alliance, name=name, since=since, until=until, notes=notes)
    cycle.full_clean()
    cycle.save()
    if with_stages:
        with override("fr"):
            Stage.objects.bulk_create(
                Stage(cycle=cycle, kind=kind, name=str(label), position=position)
                for position, (kind, label) in enumerate(STAGES)
            )
    audit.record("alliances.cycle_added", cycle, by=by, alliance=alliance, after={"name": name, **_span(cycle)})
    return cycle


def _span(row: Any) -> dict[str, str | None]:
    return {
        "since": row.since.isoformat() if row.since else None,
        "until": row.until.isoformat() if row.until else None,
    }


@transaction.atomic
def update_cycle(cycle: Cycle, *, by: Any, **changes: Any) -> Cycle:
    """``name``, ``since``, ``until``, ``notes``."""
    require(by, PERM, cycle.alliance)
    cycle = lock(cycle)
    return save_changes(
        cycle,
        changes,
        frozenset({"name", "since", "until", "notes"}),
        action="alliances.cycle_updated",
        by=by,
        alliance=cycle.alliance,
    )


@transaction.atomic
def remove_cycle(cycle: Cycle, *, by: Any) -> None:
    """Remove a period made by mistake. Errors: ``ValidationError`` once it holds an agreement or work begun."""
    require(by, PERM, cycle.alliance)
    cycle = lock(cycle)
    begun = cycle.stages.exclude(state=Stage.State.PLANNED, deliverables=None).exists()
    if begun or Agreement.objects.filter(cycle=cycle).exists():
        raise ValidationError(_("This period already holds an agreement or stages begun: it stays in the memory."))
    audit.record("alliances.cycle_removed", cycle, by=by, alliance=cycle.alliance, before={"name": cycle.name})
    cycle.delete()


@transaction.atomic
def save_agreement(
    cycle: Cycle,
    *,
    by: Any,
    title: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
    signed_on: dt.date | None = None,
    envelope_cents: int | None = None,
    modulations: str = "",
    parties: Sequence[tuple[str, str]] = (),
    document: Any | None = None,
) -> Agreement:
    """The agreement of a cycle, made or changed. ``parties``: ``(name, capacity)`` in order of signing.

    ``document`` left out keeps the one already there. Errors: ``ValidationError``.
    """
    require(by, PERM, cycle.alliance)
    cycle = lock(cycle)
    check_dates(since, until)
    if envelope_cents is not None and envelope_cents < 0:
        raise ValidationError({"envelope": _("The envelope cannot be negative.")})
    agreement = Agreement.objects.filter(cycle=cycle).first() or Agreement(cycle=cycle)
    before = {} if agreement.pk is None else _agreement_log(agreement)
    agreement.title, agreement.since, agreement.until = title, since, until
    agreement.signed_on, agreement.envelope_cents, agreement.modulations = signed_on, envelope_cents, modulations
    agreement.document = document or agreement.document
    agreement.full_clean()
    agreement.save()
    wanted = [(name.strip(), capacity.strip()) for name, capacity in parties if name.strip()]
    if wanted != list(agreement.parties.values_list("name", "capacity")):
        rows = [
            AgreementParty(agreement=agreement, name=name, capacity=capacity, position=position)
            for position, (name, capacity) in enumerate(wanted)
        ]
        for row in rows:
            row.full_clean()
        agreement.parties.all().delete()
        AgreementParty.objects.bulk_create(rows)
    audit.record(
        "alliances.agreement_saved",
        agreement,
        by=by,
        alliance=cycle.alliance,
        before=before,
        after=_agreement_log(agreement),
    )
    return agreement


def _agreement_log(agreement: Agreement) -> dict[str, Any]:
    return {
        **_span(agreement),
        "title": agreement.title,
        "signed_on": agreement.signed_on.isoformat() if agreement.signed_on else None,
        "envelope_cents": agreement.envelope_cents,
        "document": agreement.document_id,
        "parties": agreement.parties.count(),
    }


@transaction.atomic
def add_stage(
    cycle: Cycle,
    *,
    by: Any,
    kind: str,
    name: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
    state: str = Stage.State.PLANNED,
    summary: str = "",
) -> Stage:
    """One more stage, last in order. The same kind may come twice, and dates may overlap."""
    require(by, PERM, cycle.alliance)
    cycle = lock(cycle)
    check_dates(since, until)
    last = cycle.stages.aggregate(last=Max("position"))["last"]
    stage = Stage(
        cycle=cycle,
        kind=kind,
        name=name,
        since=since,
        until=until,
        state=state,
        summary=summary,
        position=0 if last is None else last + 1,
    )
    stage.full_clean()
    stage.save()
    audit.record(
        "alliances.stage_added",
        stage,
        by=by,
        alliance=cycle.alliance,
        after={"kind": str(kind), "name": name, "state": str(state), **_span(stage)},
    )
    return stage


@transaction.atomic
def update_stage(stage: Stage, *, by: Any, **changes: Any) -> Stage:
    """``name``, ``kind``, ``since``, ``until``, ``state``, ``summary``. Any state may follow any other."""
    require(by, PERM, stage.cycle.alliance)
    stage = lock(stage)
    return save_changes(
        stage,
        changes,
        frozenset({"name", "kind", "since", "until", "state", "summary"}),
        action="alliances.stage_updated",
        by=by,
        alliance=stage.cycle.alliance,
    )


@transaction.atomic
def move_stage(stage: Stage, *, by: Any, step: int) -> Stage:
    """Put the stage ``step`` places later (negative: earlier) in the order of its cycle."""
    require(by, PERM, stage.cycle.alliance)
    cycle = lock(stage.cycle)
    stages = list(cycle.stages.all())
    place = next(index for index, row in enumerate(stages) if row.pk == stage.pk)
    stages.insert(max(0, min(len(stages) - 1, place + step)), stages.pop(place))
    for position, row in enumerate(stages):
        row.position = position
    Stage.objects.bulk_update(stages, ["position"])
    audit.record(
        "alliances.stage_moved",
        stage,
        by=by,
        alliance=cycle.alliance,
        before={"place": place},
        after={"place": next(index for index, row in enumerate(stages) if row.pk == stage.pk)},
    )
    stage.refresh_from_db()
    return stage


@transaction.atomic
def remove_stage(stage: Stage, *, by: Any) -> None:
    """Remove a stage that has not begun. Errors: ``ValidationError`` otherwise: what was done is kept."""
    require(by, PERM, stage.cycle.alliance)
    stage = lock(stage)
    if stage.state != Stage.State.PLANNED:
        raise ValidationError(_("A stage that has begun is kept. You may rename it or mark it done."))
    audit.record(
        "alliances.stage_removed",
        stage,
        by=by,
        alliance=stage.cycle.alliance,
        before={"kind": stage.kind, "name": stage.name},
    )
    stage.delete()


@transaction.atomic
def add_deliverable(stage: Stage, *, by: Any, title: str, due_on: dt.date | None = None) -> Deliverable:
    """Something the stage must produce, by a date or not."""
    require(by, PERM, stage.cycle.alliance)
    stage = lock(stage)
    last = stage.deliverables.aggregate(last=Max("position"))["last"]
    row = Deliverable(stage=stage, title=title, due_on=due_on, position=0 if last is None else last + 1)
    row.full_clean()
    row.save()
    after = {"title": title, "due_on": due_on.isoformat() if due_on else None}
    audit.record("alliances.deliverable_added", row, by=by, alliance=stage.cycle.alliance, after=after)
    return row


@transaction.atomic
def update_deliverable(row: Deliverable, *, by: Any, **changes: Any) -> Deliverable:
    """``title``, ``due_on``, ``done_on``."""
    alliance = row.stage.cycle.alliance
    require(by, PERM, alliance)
    row = lock(row)
    allowed = frozenset({"title", "due_on", "done_on"})
    return save_changes(row, changes, allowed, action="alliances.deliverable_updated", by=by, alliance=alliance)


@transaction.atomic
def complete_deliverable(row: Deliverable, *, by: Any, on: dt.date | None) -> Deliverable:
    """Done on this day; ``None`` puts it back to do."""
    alliance = row.stage.cycle.alliance
    require(by, PERM, alliance)
    action = "alliances.deliverable_done" if on else "alliances.deliverable_reopened"
    return save_changes(lock(row), {"done_on": on}, frozenset({"done_on"}), action=action, by=by, alliance=alliance)


@transaction.atomic
def remove_deliverable(row: Deliverable, *, by: Any) -> None:
    """Remove what is not expected any more. Errors: ``ValidationError`` once it is done."""
    alliance = row.stage.cycle.alliance
    require(by, PERM, alliance)
    row = lock(row)
    if row.done_on:
        raise ValidationError(_("What is done is kept. Put it back to do before removing it."))
    audit.record("alliances.deliverable_removed", row, by=by, alliance=alliance, before={"title": row.title})
    row.delete()
