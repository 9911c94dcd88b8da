"""How we decide: the organigram, the functions covered, the decision path, as they are or as they were."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import StepForm
from maillage.concertation.governance.models import DecisionStep
from maillage.concertation.governance.selectors.path import (
    functions_covered,
    group_words,
    may_see_all,
    organigram_of,
    path_of,
)
from maillage.concertation.governance.views.common import asked_day, refuse, sentences
from maillage.core.access import may
from maillage.ui import charts
from maillage.ui.charts import PAGE


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years before; 28 February for the 29th."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


@in_alliance("alliances.view")
def governance(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """« Comment on décide »: who decides what, where, and how the spaces fit together, on a day."""
    today, everything = alliance.today(), may_see_all(request.user, alliance)
    day, readable = asked_day(request, today)
    picture = organigram_of(alliance, day, everything=everything)
    groups = group_words(picture.boxes)
    kinds = {tie.kind for tie in picture.ties}
    context = {
        "alliance": alliance, "today": today, "day": day, "readable": readable,
        "svg": charts.organigram(picture.boxes, picture.ties, PAGE) if picture.boxes else "",
        "words": charts.organigram_words(picture.boxes, picture.ties), "trees": picture.trees, "kinds": kinds,
        "several": len(groups) > 1, "lanes": path_of(alliance, day, everything=everything),
        "parts": [str(label) for _code, label in DecisionStep.Part.choices],
        "functions": functions_covered(alliance, day, everything=everything),
        "may_edit": may(request.user, "concertation.edit", alliance),
        "earlier": [years_before(today, years) for years in (1, 2)],
    }  # fmt: skip
    return render(request, "concertation/governance/governance.html", context)


@in_alliance("concertation.edit")
def path(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The steps of the decision path, written by the agent."""
    today = alliance.today()
    form = StepForm(request.POST or None, alliance=alliance, today=today, initial={"scale": "mrc"})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_step(alliance=alliance, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The step is written."))
            return redirect("concertation_in:path", alliance.slug)
    lanes = path_of(alliance, today, everything=True)
    return render(request, "concertation/governance/path.html", {"alliance": alliance, "form": form, "lanes": lanes})


@require_POST
@in_alliance("concertation.edit")
def step_end(request: HttpRequest, alliance: Alliance, pk: int) -> HttpResponse:
    """The step holds no more from today."""
    step = get_object_or_404(DecisionStep.objects.select_related("alliance"), pk=pk, alliance=alliance)
    try:
        services.end_step(step=step, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, sentences(refused))
    else:
        messages.success(request, _("The step has ended, and stays readable at its date."))
    return redirect("concertation_in:path", alliance.slug)
