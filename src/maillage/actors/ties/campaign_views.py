"""Campaigns of ties, for the agent: open, follow, remind, close."""

from __future__ import annotations

import uuid
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.actors.forms import DateInput
from maillage.actors.models import CampaignReply, TieCampaign
from maillage.actors.ties import campaigns
from maillage.actors.ties.selectors import progress_of
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.core.formats import number

PER_PAGE = 50
STATES = ("waiting", "unreached", "answered")


class CampaignForm(forms.Form):
    """A campaign to open."""

    name = forms.CharField(label=gettext_lazy("Name of the campaign"), max_length=120)
    message = forms.CharField(
        label=gettext_lazy("What you write to the members"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It goes in the e-mail, above the personal address of each."),
    )  # fmt: skip
    opens_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    closes_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput())


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _find(alliance: Alliance, key: uuid.UUID) -> TieCampaign:
    found = get_object_or_404(TieCampaign, alliance=alliance, uuid=key)
    found.alliance = alliance
    return found


@in_alliance("actors.see_campaign")
@require_safe
def campaigns_list(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The campaigns made, the newest first."""
    page = Paginator(TieCampaign.objects.filter(alliance=alliance), 20).get_page(request.GET.get("page"))
    context = {
        "alliance": alliance, "page": page, "today": alliance.today(),
        "may_run": may(request.user, "actors.run_campaign", alliance),
    }  # fmt: skip
    return render(request, "actors/ties/campaigns.html", context)


@in_alliance("actors.run_campaign")
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Open a campaign: everyone with a contact person is written to on its first day."""
    today = alliance.today()
    form = CampaignForm(request.POST or None, initial={"opens_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = campaigns.open_one(
                alliance=alliance, by=request.user, today=today, now=timezone.now(), address=_address(request),
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The campaign is open."))
            return redirect("actors_in:tie_campaign", alliance.slug, made.uuid)
    context = {"alliance": alliance, "form": form}
    return render(request, "actors/ties/campaign_form.html", context, status=422 if form.errors else 200)


@in_alliance("actors.see_campaign")
@require_safe
def campaign(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """How far the campaign is: who answered, who was invited, who is to be reached otherwise."""
    found, today = _find(alliance, key), alliance.today()
    shown = request.GET.get("etat", "")
    shown = shown if shown in STATES else "waiting"
    rows = CampaignReply.objects.filter(campaign=found, actor__merged_into=None).select_related("actor")
    rows = {
        "waiting": rows.filter(answered_at=None).exclude(invited_at=None),
        "unreached": rows.filter(answered_at=None, invited_at=None),
        "answered": rows.exclude(answered_at=None),
    }[shown]
    page = Paginator(rows.order_by("actor__sort_key", "actor_id"), PER_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(found)
    running = found.closed_at is None and found.opens_on <= today <= found.closes_on
    context: dict[str, Any] = {
        "alliance": alliance, "campaign": found, "progress": progress, "page": page, "shown": shown,
        "tabs": _tabs(progress, shown), "running": running, "today": today,
        "share": progress.answered / progress.actors if progress.actors else 0,
        "may_run": may(request.user, "actors.run_campaign", alliance),
    }  # fmt: skip
    return render(request, "actors/ties/campaign.html", context)


def _tabs(progress: Any, shown: str) -> list[tuple[str, str, bool]]:
    words = {
        "waiting": (_("Written to, no answer yet"), progress.waiting),
        "unreached": (_("To be reached otherwise"), progress.unreached),
        "answered": (_("They answered"), progress.answered),
    }
    return [(f"?etat={code}", f"{label} ({number(n)})", code == shown) for code, (label, n) in words.items()]


@require_POST
@in_alliance("actors.run_campaign")
def campaign_remind(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Remind those who did not answer; invite those who joined since."""
    found = _find(alliance, key)
    try:
        count = campaigns.remind(
            campaign=found, by=request.user, today=alliance.today(), now=timezone.now(), address=_address(request)
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = ngettext("%(n)s actor is written to.", "%(n)s actors are written to.", count) % {"n": number(count)}
        nobody = _("Nobody to remind: each answered, or was written to less than three days ago.")
        messages.success(request, words if count else nobody)
    return redirect("actors_in:tie_campaign", alliance.slug, key)


@require_POST
@in_alliance("actors.run_campaign")
def campaign_close(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """End the campaign before its last day."""
    try:
        campaigns.close(campaign=_find(alliance, key), by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The campaign is closed. Its counts stay."))
    return redirect("actors_in:tie_campaign", alliance.slug, key)
