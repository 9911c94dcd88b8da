"""Inviting, and answering an invitation."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts.models import User
from maillage.alliances import invitations
from maillage.alliances.access import in_alliance
from maillage.alliances.invitation_forms import AcceptForm, InviteForm
from maillage.alliances.invitation_mail import send
from maillage.alliances.models import Alliance, Invitation
from maillage.core.access import may, public

PER_PAGE = 50


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("alliances:invitation", args=[token]))


@in_alliance("alliances.appoint")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Write an invitation; below, those that wait. The operator, who names an agent where none is left, sees none."""
    kinds = invitations.grantable(request.user, alliance)
    form = InviteForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        language = data.pop("language")
        try:
            invitation, token = invitations.create(alliance, by=request.user, now=timezone.now(), **data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            send(invitation, _address(request, token), language)
            messages.success(request, _("The invitation left for %(email)s.") % {"email": invitation.email})
            return redirect("alliances_in:invite", alliance.slug)
    context: dict[str, Any] = {"alliance": alliance, "form": form, "page": None, "now": timezone.now()}
    if may(request.user, "alliances.oversee", alliance):
        waiting = Invitation.objects.filter(alliance=alliance, accepted_at=None, withdrawn_at=None)
        paginator = Paginator(waiting.order_by("-created_at", "-id"), PER_PAGE)
        context["page"] = paginator.get_page(request.GET.get("page"))
        context["kinds"] = kinds
    return render(request, "alliances/invite.html", context)


def _own(alliance: Alliance, number: uuid.UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("alliance__parent"), alliance=alliance, uuid=number)


@in_alliance("alliances.appoint")
@require_POST
def withdraw(request: HttpRequest, alliance: Alliance, number: uuid.UUID) -> HttpResponse:
    try:
        invitations.withdraw(_own(alliance, number), by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is withdrawn. Its address no longer works."))
    return redirect("alliances_in:invite", alliance.slug)


@in_alliance("alliances.appoint")
@require_POST
def resend(request: HttpRequest, alliance: Alliance, number: uuid.UUID) -> HttpResponse:
    try:
        invitation, token = invitations.renew(_own(alliance, number), by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        known = User.objects.filter(email=invitation.email).first()
        send(invitation, _address(request, token), known.language if known else "fr")
        messages.success(request, _("The invitation left again for %(email)s.") % {"email": invitation.email})
    return redirect("alliances_in:invite", alliance.slug)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation, opened from its message. GET shows it; POST accepts it and signs in."""
    now = timezone.now()
    found = invitations.find(token)
    state = invitations.state_of(found, now)
    if found is None or state is not invitations.State.OPEN:
        return _closed(request, invitations.sentence(state))
    known = User.objects.filter(email=found.email).first()
    other = request.user.is_authenticated and request.user != known
    initial = {"name": known.name if known and known.name else found.name}
    form = AcceptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user, role = invitations.accept(
                token, now=now, name=form.cleaned_data["name"], language=get_language() or "fr"
            )
        except ValidationError as error:
            return _closed(request, " ".join(error.messages))
        home = role.person.alliance.get_absolute_url()
        messages.success(request, _("Welcome. Your role is open."))
        if request.user == user:
            return redirect(home)
        if other:
            logout(request)
        return perform_login(request, user, redirect_url=home)
    context = {"invitation": found, "form": form, "other": other}
    return render(request, "alliances/invitation.html", context)


def _closed(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "alliances/invitation_closed.html", {"reason": reason}, status=410)
