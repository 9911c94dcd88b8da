"""The ballot: read, filled in, sent. Sent again by a reload or by a phone that lost the network, it counts once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maillage.core import formats
from maillage.participation.consultations.models import AboutQuestion, Consultation
from maillage.participation.consultations.selectors import way_in
from maillage.participation.urn import errors as refused
from maillage.participation.vocabulary import Access, Channel, Method
from maillage.participation.voting import about, ballots, limits
from maillage.participation.voting.addresses import address_of
from maillage.participation.voting.ballots import Outcome, Part, Reading
from maillage.participation.voting.views.common import from_elsewhere, page_of, taking_part

STATUS = {
    "closed": 409, "code_used": 409, "code_unknown": 422, "code_missing": 422, "postal_missing": 422,
    "postal_outside": 422, "errors": 422, "blank": 422, "partly_closed": 409, "slow_down": 429, "elsewhere": 403,
    "receipt_lost": 404, "busy": 503, "key_lost": 503, "receipt_unsure": 503,
}  # fmt: skip
"""What the page's script reads; a person reads the sentence."""
FIELD_OF = {
    "code_missing": "code", "code_unknown": "code", "code_used": "code", "postal_missing": "postal",
    "postal_outside": "postal",
}  # fmt: skip


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    return answer(request, consultation, Channel.ONLINE)


def answer(request: HttpRequest, consultation: Consultation, channel: str) -> HttpResponse:
    """The ballot by this channel: shown, or sent."""
    page = page_of(request, consultation) | {"channel": channel, "action": request.path}
    now = timezone.now()
    parts = ballots.parts_of(consultation)
    if request.method != "POST":
        # Once it has closed, a kiosk may send what it holds, and asks nobody any more.
        open_parts = [part for part in parts if ballots.is_open(part.step, now)]
        if not parts and channel == Channel.ONLINE and (way := way_in(consultation, now)):
            # No step has a ballot: what is asked is told on a page of its own (a testimony, an idea).
            return HttpResponseRedirect(f"{way.url}?langue={page['langue']}" if page["langue"] else way.url)
        if not open_parts or (consultation.access == Access.SITE and channel not in ballots.ON_SITE):
            return not_open(request, consultation, page, bool(open_parts))
        return show(request, page, open_parts, about.questions_of(consultation))
    return _send(request, consultation, page, parts, channel, now)


def _send(
    request: HttpRequest,
    consultation: Consultation,
    page: dict[str, Any],
    parts: Sequence[Part],
    channel: str,
    now: dt.datetime,
) -> HttpResponse:
    typed = {name: values for name, values in request.POST.lists() if isinstance(name, str)}
    asked = set(request.POST.get("steps", "").split())
    shown = [part for part in parts if str(part.step.pk) in asked] or list(parts)
    questions = about.questions_of(consultation)
    page["nonce"] = ballots.tidy_nonce(request.POST.get("nonce", ""))
    receipt = request.POST.get("receipt", "")
    if receipt and request.POST.get("load"):
        return _load(request, consultation, page, shown, questions, receipt, now)
    open_parts = [part for part in shown if ballots.is_open(part.step, now, channel)]
    state, reading = "", ballots.read(shown, questions, typed)
    if from_elsewhere(request):
        state = "elsewhere"
    elif _is_counted(consultation, channel) and not limits.ballots.lets(limits.network_address(request)):
        state = "slow_down"
    elif consultation.access == Access.SITE and channel not in ballots.ON_SITE:
        state = "closed"
    elif reading.errors and open_parts:
        state = "errors"
    elif ballots.needs_postal(consultation, channel) and not receipt:
        state = ballots.postal_trouble(consultation, request.POST.get("postal", ""))
    if not state and shown and not reading.answered and not request.POST.get("blank"):
        state = "blank"
    if state:
        outcome = Outcome(state)
    elif not shown:
        outcome = Outcome("closed")
    elif receipt:
        outcome = ballots.change(consultation=consultation, reading=reading, receipt=receipt, now=now)
    else:
        outcome = ballots.cast(
            consultation=consultation, reading=reading, channel=channel, code=request.POST.get("code", ""),
            nonce=page["nonce"], now=now,
        )  # fmt: skip
    if (
        outcome.state == "code_unknown"
        and channel not in ballots.ON_SITE
        and not limits.guesses.lets(limits.network_address(request))
    ):
        outcome = Outcome("slow_down")
    if outcome.state == "closed" and 0 < len(open_parts) < len(shown):
        outcome = Outcome("partly_closed")
    if "application/json" in request.headers.get("Accept", ""):
        return _for_the_script(outcome, page, reading)
    if outcome.counted or outcome.state == "changed":
        return thanks(request, page, outcome)
    sendable = outcome.state != "closed"
    return show(
        request, page, open_parts if outcome.state == "partly_closed" else shown, questions, typed=typed,
        errors=reading.errors if outcome.state == "errors" else {}, state=outcome.state, sendable=sendable,
        receipt=receipt, status=STATUS[outcome.state],
    )  # fmt: skip


def _is_counted(consultation: Consultation, channel: str) -> bool:
    """Whether ballots are counted by network address: where nothing else bounds them."""
    return channel not in ballots.ON_SITE and not ballots.needs_code(consultation)


def _load(
    request: HttpRequest,
    consultation: Consultation,
    page: dict[str, Any],
    parts: Sequence[Part],
    questions: Sequence[AboutQuestion],
    receipt: str,
    now: dt.datetime,
) -> HttpResponse:
    """The ballot of a receipt, to be changed."""
    open_parts = [part for part in parts if ballots.is_open(part.step, now)]
    state, typed, address = "", {}, limits.network_address(request)
    if not limits.lookups.lets(address):
        state = "slow_down"
    else:
        try:
            typed = ballots.typed_back(open_parts, consultation, receipt)
        except (refused.ReceiptUnknown, refused.NotChangeable):
            state = "receipt_lost" if limits.guesses.lets(address) else "slow_down"
        except (refused.KeyLost, OperationalError):
            state = "receipt_unsure"
    if state or not open_parts:
        return render(
            request, "participation/voting/receipt.html", page | around(page)
            | {"looked": True, "state": state or "closed", "typed_receipt": receipt, "may_change": False},
            status=STATUS.get(state, 409),
        )  # fmt: skip
    return show(request, page, open_parts, questions, typed=typed, receipt=receipt)


def _for_the_script(outcome: Outcome, page: Mapping[str, Any], reading: Reading) -> JsonResponse:
    """The same answer, in few words, for a page that stays in place."""
    ui = page["ui"]
    told: dict[str, Any] = {"state": outcome.state, "receipt": outcome.receipt, "words": ""}
    if outcome.counted or outcome.state == "changed":
        told["state"] = "counted"
        told["words"] = {"partly": ui.plain("already_part"), "changed": ui.plain("changed")}.get(
            outcome.state, ui.plain("again") if outcome.again else ""
        )
    elif outcome.state == "errors":
        told["words"] = " ".join(reading.errors.values())
    elif outcome.state == "blank":
        told["words"] = f"{ui.plain('all_blank')} {ui.plain('all_blank_text')}"
    elif outcome.state == "closed":
        told["words"] = ui.plain("is_closed")
    else:
        told["words"] = ui.plain(outcome.state)
    return JsonResponse(told, status=STATUS.get(outcome.state, 200))


def show(
    request: HttpRequest,
    page: dict[str, Any],
    parts: Sequence[Part],
    questions: Sequence[AboutQuestion],
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, str] | None = None,
    state: str = "",
    sendable: bool = True,
    receipt: str = "",
    status: int = 200,
) -> HttpResponse:
    """The ballot's page, with what was typed and what is to be looked at again."""
    consultation, ui, words = page["consultation"], page["ui"], page["words"]
    spoken = "en" if page["language"] == "en" else "fr"
    sheets, total = [], 0
    for part in parts:
        context = dict(part.kind.context(part.step, page["language"]))
        total += part.kind.read(part.step, {}).total
        sheets.append({"step": part.step, "template": part.kind.sheet, "prefix": part.prefix, "context": context})
    # A box left unticked is an answer: only the other questions may be left, and are counted as answered.
    leaves = any(part.step.method not in (Method.APPROVAL, Method.BUDGET) for part in parts)
    ends = [end for part in parts if (end := ballots.closing_of(part.step))]
    zone = consultation.alliance.time_zone
    told = (
        page
        | {
            "sheets": sheets,
            "steps": " ".join(str(part.step.pk) for part in parts),
            "typed": typed or {},
            "errors": errors or {},
            "state": state,
            "sendable": sendable,
            "receipt": receipt,
            "nonce": page.get("nonce") or ballots.new_nonce(),
            "total": total,
            "minutes": ui.say("minutes", n=ballots.minutes_for(total)) if total else "",
            "until": ui.say("until", date=formats.datetime_(min(ends), zone, spoken)) if ends else "",
            "closed_late": ui.say("closed_late", date=formats.datetime_(max(ends), zone, spoken))
            if ends
            else ui["is_closed"],
            "questions": [
                {
                    "name": f"{about.PREFIX}{one.kind}",
                    "label": about.asked(one, words),
                    "why": ui.say("about_why", purpose=words.get(f"about:{one.kind}:why", one.purpose)),
                    "choices": about.choices_of(one, words, spoken),
                }
                for one in questions
            ],
            "wants_code": ballots.needs_code(consultation) and not receipt,
            "wants_postal": ballots.needs_postal(consultation, page["channel"]) and not receipt,
            "weak": {Access.OPEN: ui["weak"], Access.POSTAL: ui["weak_postal"]}.get(consultation.access, ""),
            "wrong_field": FIELD_OF.get(state, ""),
            "count_words": ui.plain("answers_of" if leaves else "ticks_of", n="{n}", total="{total}"),
            "leaves": leaves,
            "draft": f"{consultation.uuid}",
        }
        | around(page)
    )
    template = "kiosk" if page["channel"] in ballots.ON_SITE else "ballot"
    return render(request, f"participation/voting/{template}.html", told, status=status)


def around(page: Mapping[str, Any]) -> dict[str, Any]:
    """What stands around a ballot: where to go from it, who decides."""
    consultation, ui = page["consultation"], page["ui"]
    spoken = "en" if page["language"] == "en" else "fr"
    decided = consultation.decided_on
    return {
        "results_url": address_of("results", consultation),
        "receipt_url": address_of("receipt", consultation, page["langue"]),
        "ballot_url": address_of("ballot", consultation, page["langue"]),
        "consultation_url": address_of("consultation", consultation),
        "sent_url": address_of("sent", consultation, page["langue"]),
        "home_url": consultation.alliance.get_absolute_url(),
        "decided": ui.say("results_on", date=formats.date(decided, spoken)) if decided else "",
        "decided_by": ui.say("decided_by", who=consultation.decided_by) if consultation.decided_by else "",
        "phone": consultation.alliance.contact_phone,
        "kiosk_url": address_of("kiosk", consultation),
        "worker_url": address_of("kiosk_worker", consultation),
        "waiting_words": ui.plain("kiosk_waiting", n="{n}"),
        "lost_words": ui.plain("kiosk_lost", n="{n}"),
        "close_url": address_of("kiosk_close", consultation),
    }


def thanks(request: HttpRequest, page: dict[str, Any], outcome: Outcome) -> HttpResponse:
    """The receipt, in the answer itself: in no address, no cookie, no history. A reload sends the very same ballot."""
    told = page | {"outcome": outcome} | around(page)
    response = render(request, "participation/voting/sent.html", told)
    if page["channel"] == Channel.KIOSK:
        # Without a script, a kiosk empties itself so: the receipt of one person is not left for the next.
        response.headers["Refresh"] = f"45; url={told['kiosk_url']}"
    return response


def not_open(request: HttpRequest, consultation: Consultation, page: dict[str, Any], on_site: bool) -> HttpResponse:
    """To come, closed, cancelled, or held on site: said plainly, with what can be done."""
    ui, zone = page["ui"], consultation.alliance.time_zone
    spoken = "en" if page["language"] == "en" else "fr"
    S = Consultation.State  # noqa: N806
    if on_site:
        said, why = ui["site_only"], ""
    elif consultation.state == S.CANCELLED:
        said, why = ui["is_cancelled"], consultation.cancelled_why
    elif consultation.state == S.OPEN and (starts := _next_opening(consultation)):
        said, why = ui["not_open_yet"], ui.say("opens_on", date=formats.datetime_(starts, zone, spoken))
    else:
        end = consultation.closed_at or consultation.closes_at
        said, why = ui["is_closed"], ui.say("is_closed_on", date=formats.datetime_(end, zone, spoken)) if end else ""
    template = "kiosk_closed" if page["channel"] in ballots.ON_SITE else "not_open"
    return render(request, f"participation/voting/{template}.html", page | {"said": said, "why": why} | around(page))


def _next_opening(consultation: Consultation) -> dt.datetime | None:
    found = consultation.steps.filter(state="waiting", opens_at__isnull=False).order_by("opens_at").first()
    return found.opens_at if found else None
