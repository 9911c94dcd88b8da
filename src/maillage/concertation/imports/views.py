"""The steps of an import, as pages. Each posts, redirects and says what happened; all work without JavaScript."""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from maillage.actors import reasons
from maillage.actors.sheets import plain
from maillage.actors.vocabulary import ActorType
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.imports import services
from maillage.concertation.imports.categories import distinct
from maillage.concertation.imports.columns import Role, guess
from maillage.concertation.imports.forms import ColumnsForm, FileForm, PlaceForm, ProposalsForm, TypesForm
from maillage.concertation.imports.lines import note
from maillage.concertation.imports.models import ImportProposal, ImportRun
from maillage.core import jobs
from maillage.core.tables import Table, TableError
from maillage.core.text import fold
from maillage.methods.differences import differences

PAIRS = 25
CATEGORIES = 60
SHOWN = 8
LONG = 3000
"""More lines than this are read by a job, not by the page."""


def _run(alliance: Alliance, key: uuid.UUID) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("document", "created_by"), alliance=alliance, uuid=key)


def _refused(request: HttpRequest, error: Exception) -> None:
    for sentence in error.messages if isinstance(error, ValidationError) else [str(error)]:
        messages.error(request, sentence)


def _steps(run: ImportRun, here: str) -> list[dict[str, Any]]:
    """The steps of the page's head; those not reached yet are not links."""
    ready = run.state == ImportRun.State.READY
    args = [run.alliance.slug, run.uuid]
    named = [
        ("columns", _("Columns"), True), ("types", _("Categories"), ready), ("proposals", _("Duplicates"), ready),
        ("preview", _("Preview"), ready),
    ]  # fmt: skip
    place = [key for key, _label, _open in named].index(here)
    return [
        {
            "label": label,
            "done": number < place,
            "url": reverse(f"concertation_in:import_{key}", args=args) if open_ else "",
            "now": key == here,
        }
        for number, (key, label, open_) in enumerate(named)
    ]


@in_alliance("actors.import")
def runs(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The imports made here, and the form that starts one."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.start_run(alliance=alliance, file=file, name=file.name, by=request.user, now=timezone.now())
        except TableError as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("concertation_in:import_columns", alliance.slug, run.uuid)
    made = ImportRun.objects.filter(alliance=alliance).select_related("created_by")
    page = Paginator(made, 20).get_page(request.GET.get("page"))
    context = {"alliance": alliance, "form": form, "page": page}
    status = 422 if form.errors else 200
    return render(request, "concertation/imports/runs.html", context, status=status)


@in_alliance("actors.import")
@require_safe
def run(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Where an import stands: its next step, or what came of it."""
    found = _run(alliance, key)
    if found.state == ImportRun.State.DRAFT:
        return redirect("concertation_in:import_columns", alliance.slug, key)
    if found.state == ImportRun.State.READY:
        return redirect("concertation_in:import_types", alliance.slug, key)
    context = {
        "alliance": alliance,
        "run": found,
        "counts": count_rows(found.counts),
        "rejected": list(services.rejected_rows(found))[:SHOWN],
        "notes": [note(code, figures) for code, figures in found.notes],
    }
    return render(request, "concertation/imports/result.html", context)


def count_rows(counts: dict[str, int]) -> list[tuple[str, int, int, int]]:
    """Rows of the table of figures: what, created, changed, unchanged."""
    labels = {"spaces": _("Spaces"), "actors": _("Actors"), "seats": _("Seats")}
    return [
        (label, *(counts.get(f"{kind}_{state}", 0) for state in ("created", "changed", "unchanged")))  # type: ignore[misc]
        for kind, label in labels.items()
    ]


@in_alliance("actors.import")
def columns(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What each column means."""
    found = _run(alliance, key)
    try:
        table = services.open_table(found)
    except TableError as error:
        _refused(request, error)
        return redirect("concertation_in:imports", alliance.slug)
    initial = {**found.options, **{role: str(index) for role, index in found.columns.items()}}
    form = ColumnsForm(request.POST or None, table=table, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _read_columns(request, alliance, found, table, form)
        except (ValidationError, TableError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else error.sentence)
    context = {
        "alliance": alliance, "run": found, "table": table, "form": form, "place": PlaceForm(table=table),
        "sample": [list(zip(table.header, row.cells, strict=False)) for row in table.rows[:5]],
        "steps": _steps(found, "columns"),
        "remembered": bool(found.columns) and found.columns != guess(table.header),
        "dates": [form[name] for name in (Role.SINCE, Role.UNTIL, "date_order", "epoch")],
        "main": [form[name] for name in (Role.ACTOR, Role.SPACE, Role.CATEGORY)],
        "others": [form[name] for name in (Role.SPACE_ID, Role.ACTOR_ID, Role.WEBSITE, "single_space")],
    }  # fmt: skip
    return render(request, "concertation/imports/columns.html", context, status=422 if form.errors else 200)


def _read_columns(
    request: HttpRequest, alliance: Alliance, found: ImportRun, table: Table, form: ColumnsForm
) -> HttpResponse:
    chosen, options = form.columns(), form.options()
    if len(table.rows) > LONG:
        job = jobs.start(
            "concertation.import_columns", by=request.user, alliance=alliance,
            params={"run": str(found.uuid), "columns": chosen, "options": options},
        )  # fmt: skip
        return redirect(job.get_absolute_url())
    found = services.choose_columns(run=found, columns=chosen, options=options, by=request.user)
    step = "import_types" if found.categories else "import_proposals"
    return redirect(f"concertation_in:{step}", alliance.slug, found.uuid)


@in_alliance("actors.import")
@require_POST
def place(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Another sheet, another line for the header."""
    found = _run(alliance, key)
    try:
        form = PlaceForm(request.POST, table=services.open_table(found))
        if form.is_valid():
            sheet = form.cleaned_data.get("sheet") or found.sheet
            line = form.cleaned_data["header_line"] if sheet == found.sheet else None
            services.choose_place(run=found, sheet=sheet, header_line=line, by=request.user)
            messages.success(request, _("The file is read from there."))
        else:
            messages.error(request, _("Write the number of a line of the file."))
    except (TableError, ValidationError) as error:
        _refused(request, error)
    return redirect("concertation_in:import_columns", alliance.slug, key)


@in_alliance("actors.import")
def types(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The type of actor of each category, once for the file."""
    found = _run(alliance, key)
    if found.state != ImportRun.State.READY:
        return redirect("concertation_in:import_run", alliance.slug, key)
    if not found.categories:
        return redirect("concertation_in:import_proposals", alliance.slug, key)
    lines = _lines_by_category(found)
    names = sorted(found.categories, key=lambda name: (-lines.get(name, 0), fold(name)))
    page = Paginator(names, CATEGORIES).get_page(request.GET.get("page"))
    form = TypesForm(request.POST or None, categories=page.object_list, chosen=found.categories)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_types(run=found, types=form.types(), by=request.user)
        except ValidationError as error:
            _refused(request, error)
            return redirect("concertation_in:import_run", alliance.slug, key)
        if page.has_next():
            return redirect(f"{request.path}?page={page.next_page_number()}")
        messages.success(request, _("The categories are kept for the next file."))
        return redirect("concertation_in:import_proposals", alliance.slug, key)
    vague = sum(code == ActorType.UNSPECIFIED for code in found.categories.values())
    context = {
        "alliance": alliance, "run": found, "form": form, "page": page, "steps": _steps(found, "types"), "vague": vague,
        "rows": [(form[key], lines.get(name, 0)) for key, name in form.names.items()],
    }  # fmt: skip
    return render(request, "concertation/imports/types.html", context, status=422 if form.errors else 200)


def _lines_by_category(run: ImportRun) -> dict[str, int]:
    """How many lines have each category, where the file is still there to say."""
    try:
        return dict(distinct(services.open_table(run).column(run.columns[Role.CATEGORY])))
    except (TableError, KeyError):
        return {}


@in_alliance("actors.import")
def proposals(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The pairs that look alike, 25 at a time; a person says of each."""
    found = _run(alliance, key)
    if found.state != ImportRun.State.READY:
        return redirect("concertation_in:import_run", alliance.slug, key)
    page = Paginator(found.proposals.order_by("position"), PAIRS).get_page(request.GET.get("page"))
    form = ProposalsForm(request.POST or None, proposals=page.object_list)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(run=found, decisions=form.decisions(), by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if page.has_next():
                return redirect(f"{request.path}?page={page.next_page_number()}")
            return redirect("concertation_in:import_preview", alliance.slug, key)
    context = {
        "alliance": alliance, "run": found, "form": form, "page": page, "steps": _steps(found, "proposals"),
        "pairs": [
            (one, field, reasons.sentences(one.reasons), differences(one.left, one.right))
            for one, field in form.pairs()
        ],
        **_figures(found),
    }  # fmt: skip
    return render(request, "concertation/imports/proposals.html", context, status=422 if form.errors else 200)


def _figures(run: ImportRun) -> dict[str, int]:
    same = Q(decision__in=[ImportProposal.Decision.LEFT, ImportProposal.Decision.RIGHT])
    figures: dict[str, int] = run.proposals.aggregate(
        total=Count("pk"), waiting=Count("pk", filter=Q(decision="")), same=Count("pk", filter=same),
        trivial=Count("pk", filter=Q(decision="", trivial=True)),
    )  # fmt: skip
    return figures


@in_alliance("actors.import")
@require_POST
def accept_trivial(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """One answer for the pairs that differ by capitals, accents, apostrophes or spaces only."""
    try:
        count = services.accept_trivial(run=_run(alliance, key), by=request.user, now=timezone.now())
    except ValidationError as error:
        _refused(request, error)
    else:
        said = ngettext("%(count)s pair accepted.", "%(count)s pairs accepted.", count) % {"count": count}
        messages.success(request, said)
    return redirect("concertation_in:import_proposals", alliance.slug, key)


@in_alliance("actors.import")
@require_safe
def preview(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What importing would create, change and set aside."""
    found = _run(alliance, key)
    if found.state != ImportRun.State.READY:
        return redirect("concertation_in:import_run", alliance.slug, key)
    try:
        seen = services.preview(found)
    except (TableError, ValidationError) as error:
        _refused(request, error)
        return redirect("concertation_in:imports", alliance.slug)
    context = {
        "alliance": alliance, "run": found, "steps": _steps(found, "preview"), "counts": count_rows(dict(seen.counts)),
        "figures": seen.counts, "nothing": seen.plan.empty, "seen": _first_of(seen.plan),
        "rejected": list(services.rejected_rows(found))[:SHOWN], "notes": [note(*one) for one in seen.reading.notes],
        **_figures(found),
    }  # fmt: skip
    return render(request, "concertation/imports/preview.html", context)


def _first_of(plan: Any) -> list[tuple[str, list[str], int]]:
    """A few names of what would be made or changed: enough to see that the columns are right."""
    groups = [
        (_("New spaces"), [one.name for one in plan.spaces if one.existing is None]),
        (_("New actors"), [one.name for one in plan.actors if one.existing is None]),
        (_("Actors changed"), [one.name for one in plan.actors if one.existing is not None and one.changes]),
    ]
    return [(label, names[:SHOWN], max(0, len(names) - SHOWN)) for label, names in groups if names]


@in_alliance("actors.import")
@require_POST
def apply(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Start the import as a task; its page shows how far it is."""
    found = _run(alliance, key)
    job = jobs.start("concertation.import", by=request.user, alliance=alliance, params={"run": str(found.uuid)})
    ImportRun.objects.filter(pk=found.pk).update(job=job.uuid)
    return redirect(job.get_absolute_url())


@in_alliance("actors.import")
@require_POST
def undo(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Take the import back, or say what holds it."""
    try:
        services.undo_run(run=_run(alliance, key), by=request.user, now=timezone.now())
    except ValidationError as error:
        _refused(request, error)
    else:
        messages.success(request, _("The import is undone: the register is as before."))
    return redirect("concertation_in:import_run", alliance.slug, key)


@in_alliance("actors.import")
@require_POST
def discard(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Give up an import that was not done."""
    try:
        services.discard_run(run=_run(alliance, key), by=request.user)
    except ValidationError as error:
        _refused(request, error)
    else:
        messages.success(request, _("The import is given up and its file deleted."))
    return redirect("concertation_in:imports", alliance.slug)


@in_alliance("actors.import")
@require_safe
def rejected_file(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The lines set aside, with their reason: a CSV that a spreadsheet opens."""
    found = _run(alliance, key)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lignes-ecartees.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Line"), _("Reason"), _("What was there")])
    for line, why, value in services.rejected_rows(found):
        writer.writerow([line, why, plain(value)])
    return response
