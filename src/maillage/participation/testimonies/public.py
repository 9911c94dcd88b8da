"""Where one testifies, and where one takes it back: no account, no cookie, no script needed."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.headers import PERMISSIONS, POLICY
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.testimonies import personal, services, voices
from maillage.participation.vocabulary import Access, Channel, Kind
from maillage.participation.voting import ballots, limits
from maillage.participation.voting.addresses import address_of
from maillage.participation.voting.views.ballot import around, not_open
from maillage.participation.voting.views.common import code_trouble, from_elsewhere, page_of, taking_part

sent = limits.Turnstile(limits.ballots.most and 30)
"""Testimonies that one network address may send in ten minutes: a room of people behind one network fits."""
MICROPHONE = PERMISSIONS.replace("microphone=()", "microphone=(self)")
LISTENING = f"{POLICY}; media-src 'self' blob:"
"""What was just recorded is listened to from the page's own memory."""
OF_NO_BALLOT = {"receipt_url": ""}
"""The page that checks the receipts of ballots knows none of these."""
FIELDS = ("text", "may_read", "may_quote", "signed_as", "read_back", "code")


def typed_in(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


def voice_in(request: HttpRequest) -> tuple[bytes, str]:
    """``(content, what is wrong)`` of the file that was sent; its name is not read."""
    file = request.FILES.get("voice")
    if file is None:
        return b"", ""
    head = file.read() if (file.size or 0) <= voices.MOST_BYTES else b""
    return head, voices.trouble(head, file.size or 0)


def receive(request: HttpRequest, step: Step, **more: Any) -> services.Received:
    """Keep what was sent. Errors: ``ValidationError`` by field."""
    typed = typed_in(request)
    voice, wrong = voice_in(request)
    if wrong:
        raise ValidationError({"voice": wrong})
    return services.keep(
        step=step, text=typed["text"], voice=voice, may_read=bool(typed["may_read"]),
        may_quote=bool(typed["may_quote"]), signed_as=typed["signed_as"],
        nonce=ballots.tidy_nonce(request.POST.get("nonce", "")), now=timezone.now(), **more,
    )  # fmt: skip


def errors_of(refused: ValidationError) -> dict[str, str]:
    if hasattr(refused, "error_dict"):
        return {name: " ".join(words) for name, words in refused.message_dict.items()}
    return {"": " ".join(refused.messages)}


def step_in(consultation: Consultation, key: uuid.UUID) -> Step:
    found = get_object_or_404(Step, consultation=consultation, uuid=key, kind=Kind.TESTIMONIES)
    found.consultation = consultation
    return found


def form_words(page: dict[str, Any]) -> dict[str, Any]:
    ui = page["ui"]
    return {
        "voice_hint": ui.say("testify_voice_hint", minutes=voices.MINUTES),
        "kept_words": ui.say("testify_kept", voices=personal.VOICES_MONTHS, texts=personal.TEXTS_MONTHS),
        "minutes_most": voices.MINUTES, "bytes_most": f"{voices.MOST_BYTES}",
        "recording_words": ui.plain("testify_recording", time="{time}"),
    }  # fmt: skip


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def testify(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The page, and what is sent from it; refused, what was written is still there."""
    found = step_in(consultation, step)
    page = page_of(request, consultation) | {"channel": Channel.ONLINE, "action": request.path, "step": found}
    page |= around(page) | OF_NO_BALLOT | form_words(page)
    page["mine_url"] = address_of("testimony_mine", consultation, page["langue"])
    page["wants_code"] = ballots.needs_code(consultation)
    opened = ballots.is_open(found, timezone.now())
    if request.method != "POST":
        if not opened or consultation.access == Access.SITE:
            return not_open(request, consultation, page, opened)
        return _page(request, page, typed_in(request), {}, 200)
    typed, errors, status = typed_in(request), {}, 422
    if from_elsewhere(request):
        errors, status = {"": _("This was not sent from this site. Check your words, then send them from here.")}, 403
    elif consultation.access == Access.SITE:
        errors, status = {"": str(page["ui"].plain("site_only"))}, 403
    elif wrong := code_trouble(request, consultation):
        errors = {"code": page["ui"].plain(wrong)}
    elif not sent.lets(limits.network_address(request)):
        errors, status = {"": _("Many testimonies came from this network. Wait a few minutes, then send again.")}, 429
    else:
        try:
            received = receive(request, found, language=page["language"])
        except ValidationError as refused:
            errors = errors_of(refused)
        else:
            told = page | {"received": received, "kept": received.kept}
            return render(request, "participation/testimonies/received.html", told)
    page["had_file"] = "voice" in request.FILES
    return _page(request, page, typed, errors, status)


def _page(
    request: HttpRequest, page: dict[str, Any], typed: dict[str, str], errors: dict[str, str], status: int
) -> HttpResponse:
    told = page | {"typed_in": typed, "errors": errors, "nonce": ballots.tidy_nonce(request.POST.get("nonce", ""))}
    told.setdefault("had_file", False)
    response = render(request, "participation/testimonies/testify.html", told, status=status)
    response.headers["Permissions-Policy"] = MICROPHONE
    response.headers["Content-Security-Policy"] = LISTENING
    return response


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """With the receipt, at any time: see and change what one agreed to, or withdraw. The receipt is in no address; the
    words of the testimony are not shown, to nobody behind a shoulder either."""
    if not consultation.steps.filter(kind=Kind.TESTIMONIES).exists():
        raise Http404
    page = page_of(request, consultation) | {"channel": Channel.ONLINE, "state": "", "typed_receipt": ""}
    page |= around(page) | OF_NO_BALLOT | {"found": None, "error": "", "saved": False, "typed_in": {}}
    status = 200
    if request.method == "POST":
        page["typed_receipt"], address = request.POST.get("receipt", "")[:200], limits.network_address(request)
        if from_elsewhere(request):
            page["state"], status = "elsewhere", 403
        elif not limits.lookups.lets(address):
            page["state"], status = "slow_down", 429
        else:
            status = _act(request, consultation, page, page["typed_receipt"])
            if status == 404 and not limits.guesses.lets(address):
                page["state"], status = "slow_down", 429
    return render(request, "participation/testimonies/mine.html", page, status=status)


def _act(request: HttpRequest, consultation: Consultation, page: dict[str, Any], receipt: str) -> int:
    act, status = request.POST.get("act", ""), 200
    if act == "erase":
        known = services.withdraw(consultation=consultation, receipt=receipt)
        page["state"] = "done" if known else "unknown"
        return 200 if known else 404
    if act == "agree":
        may_quote, name = bool(request.POST.get("may_quote")), request.POST.get("signed_as", "")
        try:
            page["saved"] = services.change_agreement(
                consultation=consultation, receipt=receipt, may_quote=may_quote, signed_as=name
            )
        except ValidationError as refused:
            page["error"], status = " ".join(refused.messages), 422
            page["typed_in"] = {"may_quote": may_quote, "signed_as": name}
    found = page["found"] = services.find(consultation, receipt)
    if found is None:
        page["state"] = "unknown"
        return 404
    page["typed_in"] = page["typed_in"] or {"may_quote": found.may_quote, "signed_as": found.signed_as}
    return status
