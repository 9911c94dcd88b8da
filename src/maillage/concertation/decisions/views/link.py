"""Answering from the address a member was sent, without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Person
from maillage.concertation.decisions import services, words
from maillage.concertation.decisions.forms import PositionForm, TextForm, read_voice
from maillage.concertation.decisions.models import Decision, Objection
from maillage.concertation.decisions.selectors import picture_of
from maillage.concertation.decisions.services.common import LINK, Late
from maillage.concertation.decisions.views.pages import own
from maillage.concertation.decisions.voices import room_of
from maillage.concertation.endorsements.gate import gate
from maillage.concertation.models import SeatHolder
from maillage.core.dates import holding


@behind_an_address
def position(request: HttpRequest, token: str) -> HttpResponse:
    """The proposal and the answer of one member. Reading changes nothing; answering is sent by a button."""
    link = links.find(token, LINK, now=timezone.now())
    decision = _decision(link.reference) if link is not None else None
    if link is None or decision is None or link.person.alliance_id != decision.alliance_id:
        return closed(request)
    person = link.person
    request.alliance = decision.alliance  # type: ignore[attr-defined]
    refused = gate(request, decision.alliance, decision, person=person)
    if refused is not None:
        return refused
    if decision.state in {Decision.State.DRAFT, Decision.State.WITHDRAWN}:
        return closed(request)
    day = decision.alliance.today()
    held = SeatHolder.objects.at(day).filter(holding(day, "seat__"), person=person, seat__space=decision.space_id)
    if not held.exists():
        return _plain(request, "no_seat", decision=decision, alliance=decision.alliance)
    if request.method == "POST":
        return _post(request, token, decision, person)
    return _show(request, token, decision, person)


def _decision(reference: str) -> Decision | None:
    kind, _colon, key = reference.partition(":")
    if kind != "concertation.decision":
        return None
    found = Decision.objects.select_related("space", "alliance__parent", "agenda_item__meeting", "presenter")
    decision = found.filter(uuid=key).first()
    if decision is not None:
        decision.space.alliance = decision.alliance
    return decision


def _plain(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"concertation/decisions/link_{name}.html", context, status=status)


def _show(
    request: HttpRequest,
    token: str,
    decision: Decision,
    person: Person,
    *,
    status: int = 200,
    refused: PositionForm | None = None,
    text_form: TextForm | None = None,
    late: str = "",
) -> HttpResponse:
    now = timezone.now()
    room = room_of(decision, decision.alliance.today(now))
    closed = decision.state == Decision.State.CLOSED
    past = bool(decision.closes_at and decision.closes_at <= now)
    versions = list(decision.versions.order_by("-number"))
    picture = picture_of(decision, inside=True, day=decision.alliance.today(now))
    context = {
        "alliance": decision.alliance,
        "decision": decision,
        "person": person,
        "token": token,
        "version": versions[0],
        "former_version": versions[1] if len(versions) > 1 else None,
        "rule_words": words.rule_words(decision),
        "mine": own(room, person, refused),
        "is_closed": closed,
        "past": past,
        "takes_answers": decision.state == Decision.State.OPEN and not past,
        "options": list(decision.options.all()),
        "objections": list(
            decision.objections.exclude(state=Objection.State.LIFTED).select_related("seat__actor", "holder__person")
        ),
        "picture": picture,
        "headline": words.headline(picture.result),
        "explanation": words.explanation(picture.result, decision.share_percent),
        "text_form": text_form,
        "late": late,
        "refused": refused,
    }
    return render(request, "concertation/decisions/link.html", context, status=status)


def _post(request: HttpRequest, token: str, decision: Decision, person: Person) -> HttpResponse:
    acts = {"commenter": _comment, "confier": _delegate, "maintenir": _maintain}
    act = acts.get(request.POST.get("geste", ""), _take)
    try:
        return act(request, token, decision, person)
    except PermissionDenied:
        # Withdrawn, or without a seat, since the page was shown.
        return _plain(request, "no_seat", 403, decision=decision, alliance=decision.alliance)


def _take(request: HttpRequest, token: str, decision: Decision, person: Person) -> HttpResponse:
    form = PositionForm(request.POST)
    if not form.is_valid():
        return _show(request, token, decision, person, status=422, refused=form)
    values = dict(form.cleaned_data)
    try:
        services.take_position(
            decision=decision, key=values.pop("voice"), person=person, by=None, now=timezone.now(), via="link", **values
        )
    except Late as refused:
        decision.refresh_from_db()
        comment = TextForm(initial={"text": form.cleaned_data["why"]})
        late = " ".join(refused.messages)
        return _show(request, token, decision, person, status=409, text_form=comment, late=late)
    except ValidationError as refused:
        form.refuse(refused)
        return _show(request, token, decision, person, status=422, refused=form)
    messages.success(request, _("Your position is recorded. You may change it until the decision closes."))
    return redirect("concertation:position", token)


def _comment(request: HttpRequest, token: str, decision: Decision, person: Person) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            services.add_comment(
                decision=decision, key=read_voice(request.POST.get("voice", "")), person=person,
                text=form.cleaned_data["text"], by=None, now=timezone.now(), via="link",
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your comment is added."))
            return redirect("concertation:position", token)
    return _show(request, token, decision, person, status=422, text_form=form)


def _delegate(request: HttpRequest, token: str, decision: Decision, person: Person) -> HttpResponse:
    holders = {str(row.uuid): row for row in person.seats_held.filter(seat__space=decision.space)}
    holder = holders.get(request.POST.get("siege", ""))
    try:
        if holder is None:
            raise ValidationError(_("You no longer hold this seat: your answer cannot count."))
        services.delegate(decision=decision, holder=holder, by=None, person=person, now=timezone.now(), via="link")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Your substitute may answer in your place. If you answer too, yours stands."))
    return redirect("concertation:position", token)


def _maintain(request: HttpRequest, token: str, decision: Decision, person: Person) -> HttpResponse:
    asked = request.POST.get("objection", "")
    row = next((known for known in decision.objections.all() if str(known.uuid) == asked), None)
    try:
        if row is None:
            raise ValidationError(_("This objection was lifted since. There is nothing left to answer."))
        row.decision = decision
        services.maintain_objection(objection=row, person=person, by=None, now=timezone.now(), via="link")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Your objection is maintained. It will be recorded with the decision."))
    return redirect("concertation:position", token)
