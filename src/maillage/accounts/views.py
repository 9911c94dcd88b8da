from __future__ import annotations

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts import services
from maillage.accounts.devices import device_name
from maillage.accounts.forms import ProfileForm
from maillage.accounts.middleware import has_second_step, powers
from maillage.accounts.models import User
from maillage.core import contributions, personal
from maillage.core.access import public
from maillage.ui.context import address


def me(request: HttpRequest) -> User:
    """The signed-in user: ``LoginRequiredMiddleware`` lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


request_code = public(never_cache(RequestLoginCodeView.as_view(extra_context={"demo": settings.DEMO})))
"""The sign-in page: one address, one button; or a passkey."""


@public
@require_safe
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """How one gets an account: by an invitation."""
    return render(request, "account/signup_closed.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The person's own account: name, language, protections, sessions."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = services.save_profile(user=me(request), name=data["name"], language=data["language"])
        with translation.override(user.language):
            messages.success(request, _("Your account is saved."))
            return redirect(reverse("accounts:profile"))
    context = {
        "form": form,
        **_protections(me(request)),
        "session_count": len(_open_sessions(request)),
        "places": list(contributions.places.collect(None, me(request), timezone.localdate())),
        "powers": powers(me(request)),
        # Rooms above hold them.
        "notices_url": address("alliances:my_notices"),
        "links_url": address("alliances:my_links"),
    }
    return render(request, "accounts/profile.html", context)


def _protections(user: User) -> dict[str, Any]:
    held = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return {
        "passkeys": held.count(Authenticator.Type.WEBAUTHN),
        "has_app": Authenticator.Type.TOTP in held,
        "has_spare_codes": Authenticator.Type.RECOVERY_CODES in held,
    }


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Passkeys, application and spare codes: what there is, and how to add."""
    return render(request, "mfa/index.html", _protections(me(request)))


@never_cache
@require_safe
def protect(request: HttpRequest) -> HttpResponse:
    """Where those who hold power are led until they have a passkey or an application."""
    if has_second_step(me(request)):
        return redirect("mfa_index")
    return render(request, "accounts/protect.html", {"powers": powers(me(request))})


def _open_sessions(request: HttpRequest) -> list[UserSession]:
    """The sessions that still open something, newest first, in one query; the dead ones wait for the daily cleaning."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(
        UserSession.objects.filter(user_id=me(request).pk, session_key__in=alive).order_by("-created_at", "-id")[:100]
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The devices where one is signed in. POST closes every session but this one."""
    if request.method == "POST":
        ended = services.end_sessions(me(request), but=request.session.session_key)
        messages.success(request, _("Other sessions closed: %(count)s.") % {"count": ended})
        return redirect("usersessions_list")
    rows = [
        {"session": row, "device": device_name(row.user_agent), "current": row.is_current()}
        for row in _open_sessions(request)
    ]
    rows.sort(key=lambda row: not row["current"])
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Close one of one's own sessions, at once."""
    number = request.POST.get("session", "")
    own = UserSession.objects.filter(user_id=request.user.pk, session_key=request.session.session_key).first()
    if not number.isdecimal() or not services.end_session(user=me(request), session_id=int(number)):
        raise Http404
    if own is not None and own.pk == int(number):
        logout(request)
        messages.success(request, _("You are signed out."))
        return redirect("account_login")
    messages.success(request, _("The session is closed."))
    return redirect("usersessions_list")


def _spare_codes(user: User) -> list[str]:
    """The codes not used yet. allauth's own page also notes that they were seen: a GET here writes nothing."""
    held = get_object_or_404(Authenticator, user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
    return list(held.wrap().get_unused_codes())


@never_cache
@require_safe
@reauthentication_required(app="allauth.mfa")
def spare_codes(request: HttpRequest) -> HttpResponse:
    return render(request, "mfa/recovery_codes/index.html", {"unused_codes": _spare_codes(me(request))})


@never_cache
@require_safe
@reauthentication_required(app="allauth.mfa")
def spare_codes_file(request: HttpRequest) -> HttpResponse:
    context = {"unused_codes": _spare_codes(me(request))}
    response = render(request, "mfa/recovery_codes/download.txt", context, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="maillage-codes.txt"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held about oneself, room by room and why. POST downloads it all, and the log says so."""
    found = personal.export(me(request))
    if request.method != "POST":
        rooms = [(room, part["purpose"]) for room, part in found.items()]
        return render(request, "accounts/my_data.html", {"rooms": rooms})
    services.note_download(user=me(request))
    text = json.dumps(found, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="maillage-mes-donnees.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def erasure(request: HttpRequest) -> HttpResponse:
    """Ask that the account be erased, or withdraw that request."""
    if request.method == "POST":
        if request.POST.get("action") == "withdraw":
            services.withdraw_erasure(user=me(request))
            messages.success(request, _("Your request is withdrawn. Your account stays."))
        else:
            services.ask_erasure(user=me(request), now=timezone.now())
            messages.success(request, _("Your request is recorded. The operator answers within 30 days."))
        return redirect("accounts:erasure")
    return render(request, "accounts/erasure.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def sign_in_address(request: HttpRequest, token: str) -> HttpResponse:
    """A single-use address. GET shows a button and changes nothing; POST signs in."""
    now = timezone.now()
    if request.method != "POST":
        address = services.find_address(token, now)
        context: dict[str, Any] = {"address": address}
        return render(request, "accounts/sign_in_address.html", context, status=200 if address else 410)
    user = services.use_address(token=token, now=now)
    if user is None:
        return render(request, "accounts/sign_in_address.html", {"address": None}, status=410)
    if request.user.is_authenticated:
        logout(request)
    return perform_login(request, user, redirect_url=reverse("accounts:profile"))
