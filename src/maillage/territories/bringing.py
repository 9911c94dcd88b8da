"""The road of a file from the operator's page: read, kept, shown, then brought in by a task.

Nothing is written about territories before the operator has seen what would change. The file is kept a day at
most, readable by the operator only, and deleted as soon as it is brought in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import documents, jobs
from maillage.core.models import Job
from maillage.core.tables import TableError
from maillage.territories import services
from maillage.territories.imports import boundaries, municipalities
from maillage.territories.models import BroughtFile

JOB = "territories.import"
KEPT = dt.timedelta(days=1)
SHOWN = 50
"""Rows listed in a preview before saying how many are left."""
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "geojson": "application/geo+json",
}


class Refused(Exception):
    """The file cannot be brought in. ``sentence`` says what to do, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Listing:
    """A part of the preview, in words. ``matters``: a person should read it, whatever is decided."""

    title: str
    rows: list[str]
    matters: bool = False

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def shown(self) -> list[str]:
        return self.rows[:SHOWN]

    @property
    def left(self) -> int:
        return self.total - len(self.shown)


@dataclass
class Preview:
    create: int
    update: int
    unchanged: int
    listings: list[Listing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.create and not self.update


def _listing(title: str, rows: list[str], matters: bool = False) -> list[Listing]:
    return [Listing(title, rows, matters)] if rows else []


def read(what: str, source: Any, name: str, vintage: int | None) -> Any:
    """The plan of a file: what it would change. Errors: :class:`Refused`."""
    try:
        if what == BroughtFile.What.MUNICIPALITIES:
            return municipalities.plan(*municipalities.read(source, name))
        return boundaries.plan(*boundaries.read(source), vintage or 0)
    except (TableError, boundaries.BoundaryError) as error:
        raise Refused(error.sentence) from error


def keep(cleaned: dict[str, Any], *, by: Any, now: dt.datetime) -> BroughtFile:
    """Read the file, then keep it for the preview. Errors: :class:`Refused`, ``PermissionDenied``."""
    services.require_importer(by, "web")
    file = cleaned["file"]
    read(cleaned["what"], file, file.name, cleaned.get("vintage"))
    try:
        document = documents.store(
            file,
            name=file.name,
            content_type=_type(cleaned["what"], file),
            rule="territories.import",
            owner=by,
            expires_at=now + KEPT,
        )
    except documents.DocumentRefused as error:
        raise Refused(str(error)) from error
    return BroughtFile.objects.create(
        document=document,
        what=cleaned["what"],
        vintage=cleaned.get("vintage") if cleaned["what"] == BroughtFile.What.BOUNDARIES else None,
        source=cleaned["source"],
    )


def _type(what: str, file: Any) -> str:
    if what == BroughtFile.What.BOUNDARIES:
        return TYPES["geojson"]
    from maillage.core.tables import read_table

    return TYPES[read_table(file, file.name).kind]


def kept(uuid: UUID, *, now: dt.datetime) -> BroughtFile | None:
    return BroughtFile.objects.select_related("document").filter(uuid=uuid, document__expires_at__gt=now).first()


def preview(brought: BroughtFile) -> Preview:
    """What the file would change today. Errors: :class:`Refused` where the tree changed under it."""
    with brought.document.file.open("rb") as file:
        plan = read(brought.what, file, brought.document.name, brought.vintage)
    return describe(brought.what, plan)


def describe(what: str, plan: Any) -> Preview:
    """A plan in words, for whoever decides."""
    if what == BroughtFile.What.MUNICIPALITIES:
        return _preview_of_municipalities(plan)
    return _preview_of_boundaries(plan)


def write(what: str, plan: Any, *, source: str, by: Any | None, via: str) -> services.Outcome:
    """Bring a plan in, all or nothing. Errors: ``PermissionDenied``."""
    if what == BroughtFile.What.MUNICIPALITIES:
        return services.apply_municipalities(plan, source=source, by=by, via=via)
    return services.apply_boundaries(plan, source=source, by=by, via=via)


def _preview_of_municipalities(plan: municipalities.Plan) -> Preview:
    added = [f"{placed.row.code} {placed.row.name}, {placed.parent.name}" for placed, _slug in plan.create]
    changed = [f"{placed.row.code} {place.name} → {placed.row.name}" for placed, place, _fields in plan.update]
    undecided = [f"{placed.row.code} {placed.row.name}, {placed.parent.name}" for placed in plan.undecided]
    rejected = [
        _("Line %(line)s: %(text)s. %(reason)s") % {"line": row.line, "text": row.text, "reason": row.reason}
        for row in plan.rejected
    ]
    return Preview(
        len(plan.create),
        len(plan.update),
        plan.unchanged,
        [
            *_listing(_("Rows left aside"), rejected, True),
            *_listing(_("MRC to be decided: put under their region"), undecided, True),
            *_listing(_("Changed"), changed),
            *_listing(_("Added"), added),
        ],
        plan.warnings,
    )


def _preview_of_boundaries(plan: boundaries.Plan) -> Preview:
    rejected = [
        _("Shape %(number)s: %(text)s. %(reason)s") % {"number": row.number, "text": row.text, "reason": row.reason}
        for row in plan.rejected
    ]
    unknown = [_("Shape %(number)s: %(text)s") % {"number": f.number, "text": f.label} for f in plan.unmatched]
    return Preview(
        len(plan.create),
        len(plan.update),
        plan.unchanged,
        [
            *_listing(_("Shapes left aside"), rejected, True),
            *_listing(_("Shapes that are no territory known here: left aside"), unknown, True),
            *_listing(_("Boundaries replaced"), [place.name for _feature, place in plan.update]),
            *_listing(_("Boundaries added"), [place.name for _feature, place in plan.create]),
        ],
    )


def start(brought: BroughtFile, *, by: Any) -> Job:
    """Ask for the import. Errors: ``PermissionDenied``."""
    services.require_importer(by, "web")
    return jobs.start(JOB, by=by, params={"uuid": str(brought.uuid)})


def run(uuid: str, *, by: Any) -> dict[str, int]:
    """Bring the file in, all or nothing, then forget it. Errors: :class:`Refused`, ``PermissionDenied``."""
    services.require_importer(by, "task")
    brought = BroughtFile.objects.select_related("document").filter(uuid=uuid).first()
    if brought is None:
        raise Refused(_("This file is no longer kept here. Choose it again."))
    with brought.document.file.open("rb") as file:
        plan = read(brought.what, file, brought.document.name, brought.vintage)
    # Apart from what follows, so that the drawing is not computed while the database waits. A worker that dies
    # between the two leaves a file that its last day takes away, and that changes nothing if it is brought in again.
    outcome = write(brought.what, plan, source=brought.source, by=by, via="task")
    with transaction.atomic():
        document = brought.document
        brought.delete()
        documents.delete(document)
    return outcome.as_dict()
