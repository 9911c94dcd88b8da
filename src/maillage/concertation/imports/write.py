"""Writing a plan: spaces, actors, other spellings, seats and their log, all in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from maillage.actors import indexing as actors_indexing
from maillage.actors.models import Actor, ActorAlias, NotDuplicate, Organisation
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation import indexing as spaces_indexing
from maillage.concertation.imports.plan import Plan, PlannedActor
from maillage.concertation.models import Seat, Space
from maillage.core.models import AuditEntry
from maillage.core.text import fold, sort_key

BATCH = 500
Progress = Callable[[int], None]


def write_plan(
    plan: Plan, *, alliance: Alliance, run: str, by: Any, via: str, progress: Progress = lambda done: None
) -> dict[str, Any]:
    """Write everything; returns the trace that undoing needs. ``progress`` hears 1 to 4.

    The caller holds the lock of the alliance and the transaction, and has checked the permission.
    """
    log = _Log(alliance, run, by, via)
    trace: dict[str, Any] = {"changed": {}}
    _write_spaces(plan, alliance, trace, log)
    progress(1)
    _write_actors(plan, alliance, trace, log)
    progress(2)
    _write_seats(plan, trace, log)
    _write_differences(plan, trace, log)
    progress(3)
    AuditEntry.objects.bulk_create(log.entries, batch_size=BATCH)
    spaces_indexing.put([one.existing for one in plan.spaces if one.existing is not None])
    actors_indexing.put([one.existing for one in plan.actors if one.existing is not None])
    progress(4)
    return trace


class _Log:
    """Lines of the audit log, written together at the end."""

    def __init__(self, alliance: Alliance, run: str, by: Any, via: str) -> None:
        self.entries: list[AuditEntry] = []
        self.common = {"alliance_id": alliance.pk, "user_id": getattr(by, "pk", None), "via": via}
        self.run = run
        self.now = timezone.now()

    def add(self, action: str, row: models.Model, before: Mapping[str, Any] | None = None, **after: Any) -> None:
        kept = {**after, "import": self.run}
        entry = AuditEntry(
            action=action, model=row._meta.label_lower, object_id=str(row.pk), at=self.now, **self.common
        )
        entry.before, entry.after = dict(before or {}), kept
        self.entries.append(entry)


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def change(row: models.Model, changes: Mapping[str, Any], trace: dict[str, Any]) -> dict[str, Any]:
    """Set the fields and remember what they were; returns the former values. The row is saved by the caller."""
    before = {name: plain(getattr(row, name)) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    kept = trace["changed"].setdefault(row._meta.label_lower, {})
    kept[str(row.pk)] = {name: [before[name], plain(value)] for name, value in changes.items()}
    return before


def _write_spaces(plan: Plan, alliance: Alliance, trace: dict[str, Any], log: _Log) -> None:
    trace["spaces"] = []
    for planned in plan.spaces:
        if planned.existing is None:
            planned.existing = Space.objects.create(
                alliance=alliance, name=planned.name, external_id=planned.external_id
            )
            trace["spaces"].append(planned.existing.pk)
            log.add("concertation.space_created", planned.existing, kind=planned.existing.kind)
        elif planned.changes:
            before = change(planned.existing, planned.changes, trace)
            planned.existing.save(update_fields=list(planned.changes))
            log.add("concertation.space_updated", planned.existing, before, changed=sorted(planned.changes))


def _write_actors(plan: Plan, alliance: Alliance, trace: dict[str, Any], log: _Log) -> None:
    new = [planned for planned in plan.actors if planned.existing is None]
    trace["organisations"] = _organisations(new)
    made = Actor.objects.bulk_create((_actor(planned, alliance) for planned in new), batch_size=BATCH)
    for planned, actor in zip(new, made, strict=True):
        planned.existing = actor
        log.add("actors.created", actor, type=actor.type, is_public=actor.is_public)
    trace["actors"] = [actor.pk for actor in made]
    changed = [planned for planned in plan.actors if planned.changes]
    for planned in changed:
        assert planned.existing is not None
        before = change(planned.existing, planned.changes, trace)
        logged = {name: value for name, value in before.items() if name == "type"}
        log.add("actors.updated", planned.existing, logged, changed=sorted(planned.changes))
    Actor.objects.bulk_update([one.existing for one in changed if one.existing], ["type", "website"], batch_size=BATCH)
    aliases = [
        ActorAlias(actor=planned.existing, name=name, folded=fold(name)[:300])
        for planned in plan.actors
        for name in planned.new_aliases
    ]
    trace["aliases"] = [alias.pk for alias in ActorAlias.objects.bulk_create(aliases, batch_size=BATCH)]


def _organisations(new: Iterable[PlannedActor]) -> list[int]:
    """An organisation for the instance for each new actor, except citizens' colleges; set on ``changes``."""
    named = [planned for planned in new if planned.type != ActorType.CITIZENS]
    made = Organisation.objects.bulk_create(
        (Organisation(name=one.name, sort_key=sort_key(one.name), website=one.website) for one in named),
        batch_size=BATCH,
    )
    for planned, organisation in zip(named, made, strict=True):
        planned.changes = {"organisation": organisation}
    return [organisation.pk for organisation in made]


def _actor(planned: PlannedActor, alliance: Alliance) -> Actor:
    organisation = planned.changes.pop("organisation", None)
    return Actor(
        alliance=alliance, organisation=organisation, name=planned.name, sort_key=sort_key(planned.name),
        type=planned.type, website=planned.website,
    )  # fmt: skip


def _write_seats(plan: Plan, trace: dict[str, Any], log: _Log) -> None:
    new = [planned for planned in plan.seats if planned.existing is None]
    made = Seat.objects.bulk_create(
        (
            Seat(space=one.space.existing, actor=one.actor.existing, category=one.category, since=one.since,
                 until=one.until)
            for one in new
        ),
        batch_size=BATCH,
    )  # fmt: skip
    for seat in made:
        log.add("concertation.seat_given", seat, space_id=seat.space_id, actor_id=seat.actor_id,
                since=plain(seat.since), until=plain(seat.until))  # fmt: skip
    trace["seats"] = [seat.pk for seat in made]
    changed = [planned for planned in plan.seats if planned.existing is not None and planned.changes]
    for planned in changed:
        assert planned.existing is not None
        before = change(planned.existing, planned.changes, trace)
        log.add("concertation.seat_updated", planned.existing, before, changed=sorted(planned.changes))
    Seat.objects.bulk_update(
        [one.existing for one in changed if one.existing], ["category", "since", "until"], batch_size=BATCH
    )


def _write_differences(plan: Plan, trace: dict[str, Any], log: _Log) -> None:
    """What a person refused in this file is remembered of the actors themselves."""
    pairs = set()
    for one, other in plan.different:
        assert one.existing is not None
        assert other.existing is not None
        pairs.add(tuple(sorted((one.existing.pk, other.existing.pk))))
    known = set(
        NotDuplicate.objects.filter(first_id__in=[low for low, _high in pairs]).values_list("first_id", "second_id")
    )
    rows = [NotDuplicate(first_id=low, second_id=high) for low, high in sorted(pairs - known) if low != high]
    made = NotDuplicate.objects.bulk_create(rows, batch_size=BATCH)
    for said in made:
        log.add("actors.said_different", said, first=said.first_id, second=said.second_id)
    trace["different"] = [said.pk for said in made]
