"""The page of the account: what is published, for everyone; making and publishing, for who may."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core import jobs
from maillage.core.access import may
from maillage.reporting.forms import AccountForm
from maillage.reporting.jobs import KIND
from maillage.reporting.models import Account
from maillage.reporting.selectors import published, visible_to
from maillage.reporting.services import publish_account, withdraw_account

PER_PAGE = 20


def page(request: HttpRequest, alliance: Alliance, form: AccountForm | None, status: int = 200) -> HttpResponse:
    found = published(alliance)
    context: dict[str, Any] = {
        "alliance": alliance,
        "published": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "may_produce": may(request.user, "reporting.produce", alliance),
        "may_publish": may(request.user, "reporting.publish", alliance),
        "form": form,
        "made": None,
        "layout": "ui/base.html",
    }
    if context["may_produce"]:
        context["layout"] = "ui/workspace.html"
        context["form"] = form or AccountForm(
            alliance=alliance,
            initial={"format": "pdf", "audience": "public", "language": get_language()},
        )
        context["made"] = Paginator(
            visible_to(request.user, alliance, steers=context["may_publish"]), PER_PAGE
        ).get_page(request.GET.get("made"))
    return render(request, "reporting/accounts.html", context, status=status)


@in_alliance("alliances.view")
@require_safe
def accounts(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The accounts the alliance published and, for those who may make them, theirs."""
    return page(request, alliance, None)


@in_alliance("reporting.produce")
@require_POST
def produce(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Start making an account; the job's page shows how far it is."""
    form = AccountForm(request.POST, alliance=alliance)
    if not form.is_valid():
        return page(request, alliance, form, status=422)
    job = jobs.start(KIND, by=request.user, alliance=alliance, params=form.cleaned_data)
    return redirect("core:job", job.uuid)


def _account(alliance: Alliance, key: uuid.UUID) -> Account:
    return get_object_or_404(Account.objects.select_related("alliance", "document"), alliance=alliance, uuid=key)


@in_alliance("reporting.publish")
@require_POST
def publish(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    try:
        publish_account(account=_account(alliance, key), by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The report is on the public page."))
    return redirect("reporting_in:accounts", alliance.slug)


@in_alliance("reporting.publish")
@require_POST
def withdraw(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    withdraw_account(account=_account(alliance, key), by=request.user, now=timezone.now())
    messages.success(request, _("The report is no longer on the public page."))
    return redirect("reporting_in:accounts", alliance.slug)
