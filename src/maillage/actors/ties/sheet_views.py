"""Importing ties, as pages: bring a file, say what it means, look, write."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from maillage.actors import reasons
from maillage.actors.forms import capital
from maillage.actors.models import Actor, Tie, TieImport
from maillage.actors.ties import sheet_services
from maillage.actors.ties.sheet_plan import make_plan
from maillage.actors.ties.sheet_words import Role
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.formats import number
from maillage.core.tables import TableError
from maillage.core.text import fold

LINES = 50
NAMES = 100
"""Names to decide on one page; the others come once these are decided."""


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"), help_text=gettext_lazy("CSV, XLSX or ODS. One line for each tie.")
    )


class ColumnsForm(forms.Form):
    """Which column gives what."""

    def __init__(self, *args: Any, run: TieImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("No column")), *((str(index), name) for index, name in enumerate(run.header))]
        for role, label in Role.choices:
            initial = str(run.columns.get(role, ""))
            self.fields[role] = forms.ChoiceField(
                label=capital(str(label)), choices=offered, required=role in {Role.ACTOR, Role.OTHER}, initial=initial,
                error_messages={"required": _("Say which columns hold the two organisations.")},
            )  # fmt: skip
        kinds = [("", _("The column says it")), *((code, capital(str(label))) for code, label in Tie.Kind.choices)]
        self.fields["all_kind"] = forms.ChoiceField(
            label=_("Or the same for every line"), choices=kinds, required=False, initial=run.kind
        )

    def columns(self) -> dict[str, int]:
        return {role: int(self.cleaned_data[role]) for role in Role.values if self.cleaned_data[role]}


@dataclass
class Unknown:
    """A name that no actor bears exactly, and who it may be. ``chosen``: an actor's id, ``0``, or nothing yet."""

    key: str
    name: str
    candidates: list[tuple[Actor, str]]
    chosen: str


def _find(alliance: Alliance, key: uuid.UUID) -> TieImport:
    found = get_object_or_404(TieImport, alliance=alliance, uuid=key)
    found.alliance = alliance
    return found


@in_alliance("actors.import_ties")
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The files brought, and the form that brings one."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = sheet_services.start(
                alliance=alliance, file=file, name=file.name, by=request.user, today=alliance.today(),
                now=timezone.now(),
            )  # fmt: skip
        except TableError as refused:
            form.add_error("file", refused.sentence)
        else:
            return redirect("actors_in:tie_import", alliance.slug, run.uuid)
    rows = TieImport.objects.filter(alliance=alliance).defer("rows", "proposals").select_related("created_by")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {"alliance": alliance, "form": form, "page": page}
    return render(request, "actors/ties/imports.html", context, status=422 if form.errors else 200)


@in_alliance("actors.import_ties")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What the file means, and what it would change."""
    found, today = _find(alliance, key), alliance.today()
    form = ColumnsForm(request.POST or None, run=found)
    if request.method == "POST" and form.is_valid():
        try:
            sheet_services.choose(
                run=found, columns=form.columns(), kind=form.cleaned_data["all_kind"], by=request.user, today=today,
                decisions=_decided(request, found),
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("Your choices are kept. Look at the lines below."))
            return redirect("actors_in:tie_import", alliance.slug, key)
    plan = make_plan(found, today)
    shown = request.GET.get("etat", "")
    lines = [line for line in plan.lines if shown not in {"new", "same", "aside"} or line.state == shown]
    labels = {"": _("All the lines"), "new": _("New"), "same": _("Already there"), "aside": _("Set aside")}
    counts = plan.counts()
    context = {
        "alliance": alliance, "run": found, "form": form, "counts": counts, "draft": found.state == "draft",
        "tabs": [
            (f"?etat={code}", f"{label} ({number(counts.get(code, len(plan.lines)))})", code == shown)
            for code, label in labels.items()
        ],
        "page": Paginator(lines, LINES).get_page(request.GET.get("page")),
        "unknown": _unknown(request, found) if found.state == "draft" else [],
    }  # fmt: skip
    return render(request, "actors/ties/import.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, found: TieImport) -> dict[str, int]:
    """What was chosen for each unknown name, those of other pages kept."""
    decisions = dict(found.decisions)
    for index, key in enumerate(sorted(found.proposals)):
        value = request.POST.get(f"nom-{index}")
        if value is not None:
            decisions.pop(key, None)
            if value.isdigit():
                decisions[key] = int(value)
    return decisions


def _unknown(request: HttpRequest, found: TieImport) -> list[tuple[int, Unknown]]:
    written: dict[str, str] = {}
    for role in (Role.ACTOR, Role.OTHER):
        if (index := found.columns.get(role)) is not None:
            written |= {fold(row[index + 1]): row[index + 1] for row in found.rows if index + 1 < len(row)}
    ids = {line[0] for lines in found.proposals.values() for line in lines} | set(found.decisions.values())
    actors = Actor.objects.in_bulk(ids - {0})
    shown = []
    for place, key in enumerate(sorted(found.proposals)):
        candidates = [
            (actors[pk], " ".join(reasons.sentences(why)))
            for pk, _score, why in found.proposals[key]
            if pk in actors and actors[pk].merged_into_id is None
        ]
        kept = str(found.decisions.get(key, ""))
        chosen = request.POST.get(f"nom-{place}", kept)
        shown.append((place, Unknown(key, written.get(key, key), candidates, chosen)))
    waiting = [row for row in shown if row[1].key not in found.decisions and row[1].candidates]
    others = [row for row in shown if row not in waiting and row[1].candidates]
    return [*waiting, *others][:NAMES]


@require_POST
@in_alliance("actors.import_ties")
def write(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Write the new ties."""
    try:
        plan = sheet_services.apply(
            run=_find(alliance, key), by=request.user, today=alliance.today(), now=timezone.now()
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        n = plan.counts()["new"]
        words = ngettext("%(n)s tie is written.", "%(n)s ties are written.", n) % {"n": number(n)}
        messages.success(request, words if n else _("Nothing new in this file: nothing has changed."))
    return redirect("actors_in:tie_import", alliance.slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@in_alliance("actors.import_ties")
def undo(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Take a whole file back: what would go, then the act."""
    found = _find(alliance, key)
    if request.method == "POST":
        try:
            n = sheet_services.undo(run=found, by=request.user, now=timezone.now())
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            words = ngettext("%(n)s tie was taken back.", "%(n)s ties were taken back.", n) % {"n": number(n)}
            messages.success(request, words)
        return redirect("actors_in:tie_import", alliance.slug, key)
    if found.state != TieImport.State.APPLIED:
        return redirect("actors_in:tie_import", alliance.slug, key)
    context = {
        "alliance": alliance, "run": found, "n": Tie.objects.filter(pk__in=found.made).count(),
        "held": sheet_services.held_by(found)[:LINES],
    }  # fmt: skip
    return render(request, "actors/ties/import_undo.html", context)


@require_POST
@in_alliance("actors.import_ties")
def discard(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Set the file aside."""
    try:
        sheet_services.discard(run=_find(alliance, key), by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The file is set aside. Nothing was written."))
    return redirect("actors_in:tie_imports", alliance.slug)
