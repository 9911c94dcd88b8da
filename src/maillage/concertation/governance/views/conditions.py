"""Savoir d'expérience: what a space promises, what its meetings kept."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import KeptForm, PromiseForm
from maillage.concertation.governance.models import ConditionKept
from maillage.concertation.governance.selectors.conditions import ENOUGH, conditions_of, promises_of
from maillage.concertation.governance.views.common import refuse, tabs
from maillage.concertation.meetings.models import Meeting
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may, require


@in_alliance("alliances.view")
def conditions(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The conditions promised and kept; the agent says what is promised."""
    space, today = find_space(request, alliance, key), alliance.today()
    may_edit = may(request.user, "concertation.edit", space)
    inside = may(request.user, "concertation.view_space_inside", space)
    form = None
    if may_edit:
        promised = {code: offer.note for code, offer in promises_of(space, today).items()}
        form = PromiseForm(request.POST or None, promised=promised, initial={"since": today})
    if request.method == "POST":
        require(request.user, "concertation.edit", space)
        if form is not None and form.is_valid():
            try:
                services.promise_conditions(
                    space=space, promised=form.values(), by=request.user, since=form.cleaned_data["since"]
                )
            except ValidationError as refused:
                refuse(form, refused)
            else:
                messages.success(request, _("What the space promises is written."))
                return redirect("concertation_in:conditions", alliance.slug, space.uuid)
    may_note = may_edit or may(request.user, "concertation.note_conditions", Meeting(space=space, alliance=alliance))
    context = {
        "alliance": alliance, "space": space, "today": today, "form": form,
        "found": conditions_of(space, today, inside=inside),
        "may_edit": may_edit, "enough": ENOUGH, "tabs": tabs(request, space, "conditions"),
        "may_note": may_note,
    }  # fmt: skip
    return render(request, "concertation/governance/conditions.html", context)


def kept_form(meeting: Meeting, data: object = None, prefix: str = "conditions") -> KeptForm | None:
    """The form of one meeting: the conditions promised on its day, and those already noted. ``None``: none of them.

    For the page of the room as well. Two queries.
    """
    day = meeting.starts_at.astimezone(meeting.alliance.zone).date()
    kept = dict(ConditionKept.objects.filter(meeting=meeting).values_list("code", "kept"))
    codes = list(promises_of(meeting.space, day))
    codes += [code for code in kept if code not in codes]
    return KeptForm(data, codes=codes, kept=kept, prefix=prefix) if codes else None


@in_alliance("alliances.view_inside")
def kept(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say whether one meeting kept the conditions promised: the agent, or whoever holds a citizens' seat there."""
    meeting = get_object_or_404(Meeting.objects.select_related("space"), uuid=key, alliance=alliance)
    meeting.alliance = meeting.space.alliance = alliance
    if not may(request.user, "concertation.note_conditions", meeting):
        raise PermissionDenied("concertation.note_conditions")
    form = kept_form(meeting, request.POST or None)
    if form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_conditions(meeting=meeting, kept=form.values(), by=request.user)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("What was kept is noted."))
            return redirect("concertation_in:conditions", alliance.slug, meeting.space.uuid)
    context = {"alliance": alliance, "space": meeting.space, "meeting": meeting, "form": form}
    return render(request, "concertation/governance/kept.html", context)
