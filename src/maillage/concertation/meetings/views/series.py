"""Series of meetings: create, change, go on, end."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from maillage.actors.forms import EndForm
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.meetings import series as services
from maillage.concertation.meetings.forms import SeriesForm, UntilForm
from maillage.concertation.meetings.views.common import refuse, site_of
from maillage.concertation.meetings.views.pages import choose_space, space_asked
from maillage.concertation.models import Meeting, MeetingSeries

SHOWN = 60


def _find(alliance: Alliance, key: uuid.UUID) -> MeetingSeries:
    found = get_object_or_404(MeetingSeries.objects.select_related("space"), uuid=key, space__alliance=alliance)
    found.space.alliance = alliance
    return found


def _made(count: int) -> str:
    return ngettext("%(n)d meeting is created.", "%(n)d meetings are created.", count) % {"n": count}


@in_alliance("concertation.organise_meeting")
def series_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Create a series and its first meetings."""
    space = space_asked(request, alliance)
    if space is None:
        return choose_space(request, alliance, _("Create a series of meetings"))
    initial = {"is_public": True, "title": space.name, "minutes": 120, "every": MeetingSeries.Every.MONTH}
    form = SeriesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.create_series(
                space=space, by=request.user, first=data["first"], until=data["until"], access=form.offers(),
                **form.values(),
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _made(made.meetings.count()))
            return redirect("concertation_in:series", alliance.slug, made.uuid)
    context = {"alliance": alliance, "space": space, "form": form}
    return render(request, "concertation/meetings/series_form.html", context)


@in_alliance("concertation.organise_meeting")
def series(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """A series: its meetings to come, and its changes."""
    found = _find(alliance, key)
    now = timezone.now()
    form = SeriesForm(request.POST or None, series=found, initial=SeriesForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        access = [list(pair) for pair in form.offers()]
        changes = form.values() | {"since": form.cleaned_data["first"], "access": access}
        try:
            changed = services.update_series(
                series=found, changes=changes, by=request.user, now=now, site=site_of(request)
            )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            words = ngettext(
                "The series is changed, and %(n)d meeting to come with it.",
                "The series is changed, and %(n)d meetings to come with it.",
                len(changed),
            )
            messages.success(request, words % {"n": len(changed)})
            return redirect("concertation_in:series", alliance.slug, found.uuid)
    coming = list(found.meetings.filter(ends_at__gte=now).order_by("starts_at", "pk")[:SHOWN])
    for meeting in coming:
        meeting.alliance, meeting.space = alliance, found.space
    context = {
        "alliance": alliance,
        "series": found,
        "space": found.space,
        "form": form,
        "until_form": UntilForm(),
        "end_form": EndForm(),
        "coming": coming,
        "planned": Meeting.State.PLANNED,
    }
    return render(request, "concertation/meetings/series.html", context)


@require_POST
@in_alliance("concertation.organise_meeting")
def series_generate(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Create the next meetings of a series."""
    found = _find(alliance, key)
    form = UntilForm(request.POST)
    if form.is_valid():
        made = services.generate(
            series=found, until=form.cleaned_data["until"], by=request.user, today=alliance.today()
        )
        messages.success(request, _made(len(made)))
    else:
        messages.error(request, _("Check the date: it is written year, month, day, as in 2026-11-20."))
    return redirect("concertation_in:series", alliance.slug, found.uuid)


@require_POST
@in_alliance("concertation.organise_meeting")
def series_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """End a series."""
    found = _find(alliance, key)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Check the date: it is written year, month, day, as in 2026-11-20."))
        return redirect("concertation_in:series", alliance.slug, found.uuid)
    try:
        cancelled, removed = services.end_series(
            series=found, on=form.cleaned_data["on"], by=request.user, now=timezone.now(), site=site_of(request)
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = _("The series is ended: %(cancelled)d meetings cancelled, %(removed)d taken away.")
        messages.success(request, words % {"cancelled": len(cancelled), "removed": removed})
    return redirect("concertation_in:series", alliance.slug, found.uuid)
