"""The kiosk: opened by a helper who signs in, then held by no account; people answer one after the other."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may, public
from maillage.participation import words as texts
from maillage.participation.consultations.indexing import is_shown
from maillage.participation.consultations.models import Consultation
from maillage.participation.paper import sheets
from maillage.participation.vocabulary import Channel
from maillage.participation.voting import guiding, kiosks
from maillage.participation.voting.addresses import address_of
from maillage.participation.voting.ballots import needs_code
from maillage.participation.voting.views.ballot import answer, around
from maillage.participation.voting.views.common import from_elsewhere, never_kept, page_of, taking_part
from maillage.participation.voting.words import PageWords

WORKER = Path(__file__).resolve().parents[2] / "static" / "participation" / "kiosk_worker.js"


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The ballot where this device is a kiosk; otherwise the form by which a helper makes it one."""
    channel = kiosks.channel_of(consultation, request.COOKIES.get(kiosks.cookie_of(consultation), ""))
    if channel:
        return answer(request, consultation, channel)
    if request.method == "POST":
        # A ballot that waited on a device which is no kiosk any more: it stays there until a helper opens it again.
        return JsonResponse({"state": "shut"}, status=401)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may(request.user, "participation.help_kiosk", consultation):
        raise PermissionDenied
    context = _to_open(request, consultation)
    return render(request, "participation/voting/kiosk_open.html", context)


def _to_open(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """The helper's own page is offered where the kiosk begins: as a square code, and as an address to type."""
    address = request.build_absolute_uri(reverse("participation:short_guide", args=[consultation.short]))
    return {
        "consultation": consultation, "alliance": consultation.alliance, "channels": Channel,
        "guide_url": address_of("kiosk_guide", consultation), "guide_shown": address.split("://", 1)[-1],
        "guide_square": mark_safe(sheets.square(address)),
    }  # fmt: skip


@taking_part
@require_safe
def kiosk_guide(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """For the telephone of whoever helps. It is the same page whoever answers, and whether anyone does."""
    spoken = "en" if get_language() == "en" else "fr"
    offered = dict(texts.offered(consultation))
    asked = request.GET.get("langue", "")
    words = texts.words_of(consultation, spoken)
    other = texts.words_of(consultation, asked) if asked in offered and asked != spoken else None
    page = page_of(request, consultation)
    context = page | around(page) | {
        "words": words, "ui": PageWords(words), "language": spoken, "page_lang": f"{spoken}-CA", "direction": "ltr",
        "languages": [one for one in page["languages"] if one["code"] in texts.SPOKEN and one["code"] != spoken],
        "langue": "", "channel": "", "other": other, "parts": guiding.asked(consultation, words, other),
        "others": [(code, name) for code, name in offered.items() if code != spoken],
        "wants_code": needs_code(consultation), "about": consultation.about_questions.exists(),
    }  # fmt: skip
    return render(request, "participation/voting/kiosk_guide.html", context)


@public
@require_safe
def short_guide(request: HttpRequest, short: str) -> HttpResponse:
    """``/v/<short>/aide/``, short enough to be typed on a telephone."""
    found = get_object_or_404(Consultation.objects.select_related("alliance"), short=short.lower())
    if not is_shown(found):
        raise Http404
    return HttpResponseRedirect(address_of("kiosk_guide", found))


@in_alliance("alliances.view")
@require_POST
def kiosk_open(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Make this device a kiosk. At a kiosk the helper's account leaves the device at once."""
    consultation = _found(request, alliance, key)
    back = address_of("kiosk", consultation)
    if request.POST.get("promise") != "1":
        said = {"missing": True, "channel": request.POST.get("channel", "")}
        context = _to_open(request, consultation) | said
        return never_kept(render(request, "participation/voting/kiosk_open.html", context, status=422))
    try:
        token = kiosks.open_kiosk(consultation=consultation, channel=request.POST.get("channel", ""), by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return HttpResponseRedirect(back)
    if request.POST["channel"] == Channel.KIOSK:
        logout(request)
    response = HttpResponseRedirect(back)
    response.set_cookie(
        kiosks.cookie_of(consultation), token, max_age=kiosks.LONGEST, httponly=True, samesite="Strict",
        secure=request.is_secure(),
    )  # fmt: skip
    return never_kept(response)


@taking_part
@require_POST
def kiosk_close(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """This device is no kiosk any more. What it still holds stays there, unreadable, until it is opened again."""
    response = HttpResponseRedirect(
        address_of("consultation", consultation) or consultation.alliance.get_absolute_url()
    )
    if not from_elsewhere(request):
        response.delete_cookie(kiosks.cookie_of(consultation), samesite="Strict")
    return response


@taking_part
@require_safe
def kiosk_worker(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The script that gives the kiosk's page back without network. Under the kiosk's address: it sees nothing else.

    A worker obeys the policy that comes with its own script, not that of a page: this one runs nothing, and asks this
    site alone.
    """
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response


def _found(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> Consultation:
    found: Any = get_object_or_404(Consultation, alliance=alliance, uuid=key)
    found.alliance = alliance
    if not may(request.user, "participation.help_kiosk", found):
        if not may(request.user, "participation.view", found):
            raise Http404
        raise PermissionDenied
    return found  # type: ignore[no-any-return]
