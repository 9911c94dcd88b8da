"""Who leads the meetings of a space, in turn."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import TurnForm
from maillage.concertation.governance.models import Facilitation
from maillage.concertation.governance.selectors.turns import turns_of
from maillage.concertation.governance.views.common import refuse, sentences, tabs
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may, require


@in_alliance("alliances.view")
def turns(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Who leads now, who is next, who led before; the agent adds a turn."""
    space, today = find_space(request, alliance, key), alliance.today()
    may_edit = may(request.user, "concertation.edit", space)
    form = None
    if may_edit:
        form = TurnForm(request.POST or None, space=space, today=today, initial={"since": today})
    if request.method == "POST":
        require(request.user, "concertation.edit", space)
        if form is not None and form.is_valid():
            try:
                services.add_turn(space=space, by=request.user, **form.cleaned_data)
            except ValidationError as refused:
                refuse(form, refused)
            else:
                messages.success(request, _("The turn is written."))
                return redirect("concertation_in:turns", alliance.slug, space.uuid)
    context = {
        "alliance": alliance, "space": space, "today": today, "turns": turns_of(space, today), "may_edit": may_edit,
        "inside": may(request.user, "concertation.view_space_inside", space), "form": form,
        "tabs": tabs(request, space, "turns"),
    }  # fmt: skip
    return render(request, "concertation/governance/turns.html", context)


@require_POST
@in_alliance("concertation.edit")
def turn_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID, pk: int) -> HttpResponse:
    """The turn stops today, or is taken back if it had not begun."""
    rows = Facilitation.objects.select_related("space__alliance", "actor")
    turn = get_object_or_404(rows, pk=pk, space__uuid=key, space__alliance=alliance)
    try:
        services.end_turn(turn=turn, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, sentences(refused))
    else:
        messages.success(request, _("The turn stops today."))
    return redirect("concertation_in:turns", alliance.slug, key)
