"""How a space works, and how it fits with others: what the agent writes."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import LinkForm, SettingForm
from maillage.concertation.governance.holders import setting_of
from maillage.concertation.governance.models import SpaceLink
from maillage.concertation.governance.selectors.settings import functions_of, links_of, setting_history
from maillage.concertation.governance.views.common import refuse, sentences
from maillage.concertation.models import Space
from maillage.concertation.views.spaces import find_space


@in_alliance("concertation.edit")
def setting(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say how a space works, from a day on."""
    space, today = find_space(request, alliance, key), alliance.today()
    current = functions_of([space], today).get(space.pk, [])
    initial = SettingForm.initial_of(setting_of(space, today), current, today)
    form = SettingForm(request.POST or None, alliance=alliance, initial=initial)
    if request.method == "POST" and form.is_valid():
        since = form.cleaned_data["since"]
        try:
            with transaction.atomic():
                services.change_setting(space=space, changes=form.values(), by=request.user, since=since)
                services.set_functions(space=space, codes=form.cleaned_data["functions"], by=request.user, since=since)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("How the space works is written. The former way stays in its history."))
            return redirect(space)
    return _page(request, alliance, space, form)


def _page(
    request: HttpRequest,
    alliance: Alliance,
    space: Space,
    form: SettingForm | None = None,
    link_form: LinkForm | None = None,
) -> HttpResponse:
    today = alliance.today()
    if form is None:
        current = functions_of([space], today).get(space.pk, [])
        form = SettingForm(alliance=alliance, initial=SettingForm.initial_of(setting_of(space, today), current, today))
    links = links_of(space, today, everything=True)
    context = {
        "alliance": alliance, "space": space, "form": form, "history": setting_history(space), "links": links,
        "part_of": [link for link in links.part_of if link.other.alliance_id != alliance.pk],
        "link_form": link_form or LinkForm(space=space, today=today),
    }  # fmt: skip
    return render(request, "concertation/governance/setting.html", context)


@require_POST
@in_alliance("concertation.edit")
def link_add(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Write how this space fits with another."""
    space, today = find_space(request, alliance, key), alliance.today()
    form = LinkForm(request.POST, space=space, today=today)
    if form.is_valid():
        try:
            services.link_spaces(
                space=space, other=form.cleaned_data["other"], kind=form.cleaned_data["kind"], by=request.user,
                since=form.cleaned_data["since"],
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The link is written."))
            return redirect("concertation_in:space_setting", alliance.slug, space.uuid)
    return _page(request, alliance, space, link_form=form)


@require_POST
@in_alliance("concertation.edit")
def link_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID, pk: int) -> HttpResponse:
    """The link holds no more from today."""
    link = get_object_or_404(
        SpaceLink.objects.select_related("space__alliance"), pk=pk, space__uuid=key, space__alliance=alliance
    )
    try:
        services.end_link(link=link, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, sentences(refused))
    else:
        messages.success(request, _("The link has ended, and stays in the history."))
    return redirect("concertation_in:space_setting", alliance.slug, key)
