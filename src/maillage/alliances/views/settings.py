"""Settings of the alliance, for those who steer it; a new alliance, for the operator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.alliances import services
from maillage.alliances.access import in_alliance
from maillage.alliances.forms.settings import AllianceForm, CoverForm, CreateForm, LeaveForm, SlugForm
from maillage.alliances.models import Alliance, AllianceTerritory
from maillage.alliances.selectors import places
from maillage.alliances.views.common import first_sentence, form_page, here
from maillage.core.access import require
from maillage.territories.models import Territory


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new alliance, by the operator of the instance."""
    require(request.user, "alliances.create")
    form = CreateForm(request.POST or None)
    if request.method == "POST" and form.write(services.create_alliance, by=request.user):
        messages.success(request, _("The alliance is created. Name its first agent now."))
        return redirect(here("invite", form.result))
    return form_page(
        request, None, form, title=_("New alliance"), submit=_("Create the alliance"),
        intro=_("Its public pages stay closed until its agent opens them."),
        back=(_("All alliances"), reverse("alliances:index")),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.edit")
def settings(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What the alliance says of itself; its address, pages and territories have their own small forms."""
    initial = {field: getattr(alliance, field) for field in AllianceForm.base_fields}
    form = AllianceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.write(services.update_alliance, alliance, by=request.user):
        messages.success(request, _("The settings are saved."))
        return redirect(here("settings", alliance))
    context: dict[str, Any] = {
        "alliance": alliance,
        "form": form,
        "slug_form": SlugForm(initial={"slug": alliance.slug}),
        "former": list(alliance.former_slugs.order_by("slug").values_list("slug", flat=True)),
        "coverage": places.coverage_of(alliance),
        "today": alliance.today(),
        "text": request.GET.get("territoire", "")[:100],
    }
    context["found"] = places.find_territories(context["text"])
    return render(request, "alliances/settings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.rename")
def rename(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = SlugForm(request.POST or None, initial={"slug": alliance.slug})
    if request.method == "POST" and form.write(services.rename_slug, alliance, by=request.user):
        messages.success(request, _("The address is changed. The former one leads here."))
        return redirect(here("settings", form.result))
    return form_page(
        request, alliance, form, title=_("Address of the alliance"), submit=_("Change the address"),
        intro=_("The former address will lead to the new one. Nobody else may take it."),
        back=(_("The alliance"), here("settings", alliance)),
    )  # fmt: skip


@require_POST
@in_alliance("alliances.publish")
def open_pages(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    if request.POST.get("open") == "1":
        services.open_public_pages(alliance, by=request.user)
        messages.success(request, _("The public pages are open to everyone."))
    else:
        services.close_public_pages(alliance, by=request.user)
        messages.success(request, _("The public pages are closed. Only people inside read them."))
    return redirect(here("settings", alliance))


@require_POST
@in_alliance("alliances.edit")
def cover(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = CoverForm(request.POST)
    if form.is_valid():
        territory = get_object_or_404(Territory, pk=form.cleaned_data["territory"])
        try:
            services.cover_territory(alliance, by=request.user, territory=territory, since=form.cleaned_data["since"])
            messages.success(request, _("%(territory)s is added.") % {"territory": territory.name})
        except ValidationError as refused:
            messages.error(request, first_sentence(refused))
    else:
        messages.error(request, _("Write the date as 2026-11-20."))
    return redirect(here("settings", alliance) + "#territoires")


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.edit")
def leave(request: HttpRequest, alliance: Alliance, coverage_id: int) -> HttpResponse:
    row = get_object_or_404(AllianceTerritory.objects.select_related("territory"), pk=coverage_id, alliance=alliance)
    form = LeaveForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.write(services.leave_territory, row, by=request.user):
        messages.success(request, _("The date is saved."))
        return redirect(here("settings", alliance) + "#territoires")
    return form_page(
        request, alliance, form, title=_("%(territory)s is no longer covered") % {"territory": row.territory.name},
        submit=_("Save the date"), back=(_("The alliance"), here("settings", alliance)),
    )  # fmt: skip
