"""Pages of territories: public facts, for anyone; bringing files in, for the operator of the instance."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core import access, contributions, formats
from maillage.core.access import public
from maillage.territories import bringing, drawing, selectors, services
from maillage.territories.contributions import OPEN_DATA_HEADER, open_data_rows
from maillage.territories.forms import FindForm, ImportForm, PlaceForm
from maillage.territories.models import Territory
from maillage.territories.templatetags.territories import kind_of

PER_PAGE = 60


def _today() -> dt.date:
    return timezone.localdate()


def _user(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


@public
def index(request: HttpRequest) -> HttpResponse:
    """The regions and their MRC; or what the search found."""
    form = FindForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    today = _today()
    context: dict[str, Any] = {
        "form": form,
        "query": query,
        "may_import": access.may(request.user, "territories.import"),
        "import_url": reverse("territories:import"),
    }
    if query:
        page = Paginator(selectors.find(query), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "found": selectors.with_parents(page.object_list, today)}
    else:
        branches = selectors.tree(today)
        elsewhere = list(selectors.elsewhere(today)[:PER_PAGE])
        context |= {"branches": branches, "counts": selectors.counts(branches, today), "elsewhere": elsewhere}
        province = Territory.objects.filter(kind=Territory.Kind.PROVINCE).first()
        if province is not None:
            context |= _map(province, [], today)
    return render(request, "territories/index.html", context)


def _map(place: Territory, lineage: list[Territory], today: dt.date) -> dict[str, Any]:
    found = selectors.map_of(place, lineage, today)
    return {"map": found, "drawing": drawing.draw(found), "words": drawing.words(found)}


@public
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    return _territory_page(request, get_object_or_404(Territory, slug=slug))


def _territory_page(request: HttpRequest, place: Territory, form: PlaceForm | None = None) -> HttpResponse:
    today = _today()
    lineage = selectors.line(place, today)
    waits = selectors.waits_for_an_mrc(place, lineage)
    is_region = place.kind == Territory.Kind.REGION
    inside = selectors.children(place, today)
    if is_region:
        inside = inside.filter(kind__in=selectors.MRC_LEVEL)
    page = Paginator(inside, PER_PAGE).get_page(request.GET.get("page"))
    if waits and form is None and access.may(request.user, "territories.import"):
        form = PlaceForm(choices=selectors.children(lineage[-1], today).filter(kind__in=selectors.MRC_LEVEL))
    context = {
        "place": place,
        "lineage": lineage,
        "lede": _lede(place, lineage),
        "waits": waits,
        "place_form": form,
        "codes": list(place.codes.all()),
        "names": list(place.other_names.all()),
        "history": list(selectors.parents_over_time(place)),
        "kinds": selectors.children_by_kind(place, today),
        "to_decide": list(selectors.undecided(place, today)) if is_region else [],
        "page": page,
        "repeated": {name for name, times in Counter(child.name for child in page).items() if times > 1},
        "joined": selectors.joined(place),
        "panels": _panels(request, place, today),
        "position": _position(place),
        **_map(place, lineage, today),
    }
    context["listed_on_map"] = context["map"].drawable and context["map"].frame == place
    context["touching"] = selectors.touching(place, context["map"])
    return render(request, "territories/territory.html", context, status=400 if form and form.is_bound else 200)


def _lede(place: Territory, lineage: list[Territory]) -> str:
    said = [str(capfirst(kind_of(place)))]
    said += [parent.name for parent in reversed(lineage) if parent.kind != Territory.Kind.PROVINCE]
    return ", ".join(said) + "."


def _position(place: Territory) -> str:
    """« 46,340° N, 72,543° O »."""
    if place.latitude is None or place.longitude is None:
        return ""
    return _("%(latitude)s° N, %(longitude)s° W") % {
        "latitude": formats.number(abs(place.latitude), 3),
        "longitude": formats.number(abs(place.longitude), 3),
    }


def _panels(request: HttpRequest, place: Territory, today: dt.date) -> list[str]:
    """What other rooms say of this territory: the alliances that cover it…"""
    found = contributions.panels.collect(None, _user(request), today, page="territory", subject=place)
    ordered = sorted((panel for panel in found if panel.page == "territory"), key=lambda panel: panel.order)
    return [render_to_string(panel.template, dict(panel.context), request=request) for panel in ordered]


@require_POST
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Say in which MRC a municipality lies, where no list could tell."""
    access.require(request.user, "territories.import")
    town = get_object_or_404(Territory, slug=slug)
    lineage = selectors.line(town, _today())
    if not selectors.waits_for_an_mrc(town, lineage):
        messages.info(request, _("%(name)s already lies in an MRC.") % {"name": town.name})
        return redirect(town)
    choices = selectors.children(lineage[-1], _today()).filter(kind__in=selectors.MRC_LEVEL)
    form = PlaceForm(request.POST, choices=choices)
    if not form.is_valid():
        return _territory_page(request, town, form)
    parent = form.cleaned_data["parent"]
    services.place(town, parent=parent, source=form.cleaned_data["source"], by=request.user)
    messages.success(request, _("%(name)s is now in %(parent)s.") % {"name": town.name, "parent": parent.name})
    return HttpResponseRedirect(town.get_absolute_url())


class _Echo:
    """A file that gives back what is written to it, so that rows leave as they come."""

    def write(self, value: str) -> str:
        return value


@public
def open_data(request: HttpRequest) -> StreamingHttpResponse:
    """Every territory with its codes, in CSV: the same table as in the open data of the instance."""
    writer = csv.writer(_Echo())

    def lines():  # type: ignore[no-untyped-def]
        yield "\ufeff" + writer.writerow(OPEN_DATA_HEADER)
        for row in open_data_rows():
            yield writer.writerow(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="territoires.csv"'
    return response


# --- bringing files in ------------------------------------------------------------------------------------


def bring_in(request: HttpRequest) -> HttpResponse:
    """The operator chooses a file. It is read, kept for an hour, and shown: nothing is written yet."""
    access.require(request.user, "territories.import")
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = bringing.keep(form.cleaned_data, by=request.user, now=timezone.now())
        except bringing.Refused as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("territories:confirm_import", uuid=kept.uuid)
    status = 400 if form.is_bound else 200
    return render(request, "territories/import.html", {"form": form}, status=status)


def confirm_import(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the file would change; then the import itself, as a task."""
    access.require(request.user, "territories.import")
    kept = bringing.kept(uuid, now=timezone.now())
    if kept is None:
        messages.info(request, _("This file is no longer kept here. Choose it again."))
        return redirect("territories:import")
    if request.method == "POST":
        return redirect(bringing.start(kept, by=request.user))
    try:
        preview = bringing.preview(kept)
    except bringing.Refused as error:
        messages.error(request, error.sentence)
        return redirect("territories:import")
    return render(request, "territories/confirm_import.html", {"kept": kept, "preview": preview})
