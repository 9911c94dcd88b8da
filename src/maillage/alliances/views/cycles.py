"""Periods, agreements, stages and deliverables: the editor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.alliances import services
from maillage.alliances.access import in_alliance
from maillage.alliances.forms.cycles import AgreementForm, CycleForm, DeliverableForm, StageForm
from maillage.alliances.models import Alliance, Cycle, Deliverable, Stage
from maillage.alliances.selectors import periods
from maillage.alliances.views.common import first_sentence, form_page, here, page_of
from maillage.core import contributions, documents
from maillage.core.access import may

PERM = "alliances.manage_cycle"


def _cycle(alliance: Alliance, pk: int) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("alliance__parent"), pk=pk, alliance=alliance)


def _stage(alliance: Alliance, pk: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("cycle__alliance__parent"), pk=pk, cycle__alliance=alliance)


def _deliverable(alliance: Alliance, pk: int) -> Deliverable:
    rows = Deliverable.objects.select_related("stage__cycle__alliance__parent")
    return get_object_or_404(rows, pk=pk, stage__cycle__alliance=alliance)


def _initial(row: Any, form: Any) -> dict[str, Any]:
    return {field: getattr(row, field) for field in form.base_fields if hasattr(row, field)}


@require_safe
@in_alliance("alliances.oversee")
def cycles(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Every period, the current one first, with its agreement and its stages."""
    today = alliance.today()
    page = page_of(request, periods.cycles_of(alliance), 5)
    context = {
        "alliance": alliance,
        "page": page,
        "periods": [periods.period_of(cycle, today) for cycle in page],
        "may_edit": may(request.user, PERM, alliance),
        "today": today,
    }
    return render(request, "alliances/cycles.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def add_cycle(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = CycleForm(request.POST or None)
    if request.method == "POST" and form.write(services.add_cycle, alliance, by=request.user):
        messages.success(request, _("The period is added, with the five stages of the method to come."))
        return redirect(here("cycles", alliance))
    return form_page(
        request, alliance, form, title=_("New period"), submit=_("Add the period"),
        intro=_("It receives the five stages of the method. You may rename, repeat or add some."),
        back=(_("Period and stages"), here("cycles", alliance)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def edit_cycle(request: HttpRequest, alliance: Alliance, cycle_id: int) -> HttpResponse:
    cycle = _cycle(alliance, cycle_id)
    form = CycleForm(request.POST or None, initial=_initial(cycle, CycleForm))
    if request.method == "POST" and form.write(services.update_cycle, cycle, by=request.user):
        messages.success(request, _("The period is saved."))
        return redirect(here("cycles", alliance))
    return form_page(
        request, alliance, form, title=_("Period %(cycle)s") % {"cycle": cycle.name}, submit=_("Save the period"),
        back=(_("Period and stages"), here("cycles", alliance)),
        danger=(_("Remove this period"), here("cycle-remove", alliance, cycle.pk),
                _("Only a period made by mistake may go: no agreement, no stage begun.")),
    )  # fmt: skip


@require_POST
@in_alliance(PERM)
def remove_cycle(request: HttpRequest, alliance: Alliance, cycle_id: int) -> HttpResponse:
    try:
        services.remove_cycle(_cycle(alliance, cycle_id), by=request.user)
        messages.success(request, _("The period is removed."))
    except ValidationError as refused:
        messages.error(request, first_sentence(refused))
    return redirect(here("cycles", alliance))


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def agreement(request: HttpRequest, alliance: Alliance, cycle_id: int) -> HttpResponse:
    """The agreement of a period, made or changed. The signed document is kept with the public rule."""
    cycle = _cycle(alliance, cycle_id)
    known = periods.agreement_of(cycle)
    initial: dict[str, Any] = {}
    if known is not None:
        initial = _initial(known, AgreementForm)
        initial["parties_text"] = "\n".join(
            ", ".join(part for part in (party.name, party.capacity) if part) for party in known.parties.all()
        )
    form = AgreementForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.write(_save_agreement, cycle, request.user):
        messages.success(request, _("The agreement is saved."))
        return redirect(here("cycles", alliance))
    return form_page(
        request, alliance, form, title=_("Agreement of %(cycle)s") % {"cycle": cycle.name},
        submit=_("Save the agreement"), back=(_("Period and stages"), here("cycles", alliance)),
        multipart=True, document=known.document if known else None,
    )  # fmt: skip


def _save_agreement(cycle: Cycle, by: Any, *, parties_text: Any, file: Any, **fields: Any) -> Any:
    document = None
    if file is not None:
        try:
            document = documents.store(
                file, name=file.name, content_type="application/pdf", rule="alliances.read_agreement_document",
                alliance=cycle.alliance,
            )  # fmt: skip
        except documents.DocumentRefused as refused:
            raise ValidationError({"file": str(refused)}) from None
    return services.save_agreement(cycle, by=by, parties=parties_text, document=document, **fields)


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def add_stage(request: HttpRequest, alliance: Alliance, cycle_id: int) -> HttpResponse:
    cycle = _cycle(alliance, cycle_id)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.write(services.add_stage, cycle, by=request.user):
        messages.success(request, _("The stage is added."))
        return redirect(here("cycles", alliance))
    return form_page(
        request, alliance, form, title=_("New stage of %(cycle)s") % {"cycle": cycle.name},
        submit=_("Add the stage"), intro=_("The same stage may come back, and two may go on at once."),
        back=(_("Period and stages"), here("cycles", alliance)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def stage(request: HttpRequest, alliance: Alliance, stage_id: int) -> HttpResponse:
    """A stage and what it must produce."""
    row = _stage(alliance, stage_id)
    form = StageForm(request.POST or None, initial=_initial(row, StageForm))
    if request.method == "POST" and form.write(services.update_stage, row, by=request.user):
        messages.success(request, _("The stage is saved."))
        return redirect(here("stage", alliance, row.pk))
    context = {
        "alliance": alliance,
        "stage": row,
        "form": form,
        "deliverables": list(row.deliverables.all()[:200]),
        "deliverable_form": DeliverableForm(prefix="new"),
        "today": alliance.today(),
        "panels": list(
            contributions.panels.collect(alliance, request.user, alliance.today(), page="stage", subject=row)
        ),
    }
    return render(request, "alliances/stage.html", context, status=422 if form.errors else 200)


@require_POST
@in_alliance(PERM)
def move_stage(request: HttpRequest, alliance: Alliance, stage_id: int) -> HttpResponse:
    row = _stage(alliance, stage_id)
    services.move_stage(row, by=request.user, step=-1 if request.POST.get("step") == "-1" else 1)
    messages.success(request, _("The stage is moved."))
    return redirect(here("cycles", alliance))


@require_POST
@in_alliance(PERM)
def remove_stage(request: HttpRequest, alliance: Alliance, stage_id: int) -> HttpResponse:
    try:
        services.remove_stage(_stage(alliance, stage_id), by=request.user)
        messages.success(request, _("The stage is removed."))
    except ValidationError as refused:
        messages.error(request, first_sentence(refused))
        return redirect(here("stage", alliance, stage_id))
    return redirect(here("cycles", alliance))


@require_POST
@in_alliance(PERM)
def add_deliverable(request: HttpRequest, alliance: Alliance, stage_id: int) -> HttpResponse:
    row = _stage(alliance, stage_id)
    form = DeliverableForm(request.POST, prefix="new")
    if form.write(services.add_deliverable, row, by=request.user):
        messages.success(request, _("The deliverable is added."))
        return redirect(here("stage", alliance, row.pk) + "#livrables")
    context = {
        "alliance": alliance,
        "stage": row,
        "form": StageForm(initial=_initial(row, StageForm)),
        "deliverables": list(row.deliverables.all()[:200]),
        "deliverable_form": form,
        "today": alliance.today(),
    }
    return render(request, "alliances/stage.html", context, status=422)


@require_http_methods(["GET", "POST"])
@in_alliance(PERM)
def edit_deliverable(request: HttpRequest, alliance: Alliance, deliverable_id: int) -> HttpResponse:
    row = _deliverable(alliance, deliverable_id)
    form = DeliverableForm(request.POST or None, initial=_initial(row, DeliverableForm))
    back = here("stage", alliance, row.stage_id) + "#livrables"
    if request.method == "POST" and form.write(services.update_deliverable, row, by=request.user):
        messages.success(request, _("The deliverable is saved."))
        return redirect(back)
    return form_page(
        request, alliance, form, title=_("Deliverable"), submit=_("Save the deliverable"), back=(row.stage.name, back),
        danger=(_("Remove this deliverable"), here("deliverable-remove", alliance, row.pk),
                _("What is already done is kept.")),
    )  # fmt: skip


@require_POST
@in_alliance(PERM)
def do_deliverable(request: HttpRequest, alliance: Alliance, deliverable_id: int) -> HttpResponse:
    """Done today, or put back to do."""
    row = _deliverable(alliance, deliverable_id)
    on = None if row.done_on else alliance.today()
    services.complete_deliverable(row, by=request.user, on=on)
    messages.success(request, _("Done. It is in the memory.") if on else _("The deliverable is to do again."))
    return redirect(here("stage", alliance, row.stage_id) + "#livrables")


@require_POST
@in_alliance(PERM)
def remove_deliverable(request: HttpRequest, alliance: Alliance, deliverable_id: int) -> HttpResponse:
    row = _deliverable(alliance, deliverable_id)
    try:
        services.remove_deliverable(row, by=request.user)
        messages.success(request, _("The deliverable is removed."))
    except ValidationError as refused:
        messages.error(request, first_sentence(refused))
    return redirect(here("stage", alliance, row.stage_id) + "#livrables")
