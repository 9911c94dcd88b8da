"""« Mes mandats »: what a delegate keeps of their board, on their own page, by a personal address, or by the agent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.actors.interests.selectors import left_by, references_left
from maillage.actors.interests.services import LINK
from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Alliance, Person
from maillage.concertation.endorsements import mandates
from maillage.concertation.endorsements.forms import BoardAnswerForm, BoardForm, MandateForm
from maillage.concertation.endorsements.selectors import mandates_of, open_decisions, seat_of, seats_for
from maillage.concertation.endorsements.words import Behind, behind, lede_of
from maillage.concertation.governance.holders import person_of
from maillage.concertation.models import Decision, DelegateMandate, Seat
from maillage.core.access import may

PURPOSE = "mandates"
"""Of the personal address of this page."""
GET_AND_POST = ["GET", "HEAD", "POST"]
DECISIONS_SHOWN = 20
"""Of one seat; the soonest to close first."""


@dataclass
class Line:
    """A decision of the seat's space, and what goes back to the board about it."""

    decision: Decision
    mandate: DelegateMandate | None
    form: forms.Form


@dataclass
class Block:
    """A seat, its standing mandate, its open decisions."""

    seat: Seat
    standing: DelegateMandate | None
    form: MandateForm
    lines: list[Line] = field(default_factory=list)

    @property
    def words(self) -> Behind:
        return behind(self.seat.actor)


@in_alliance("concertation.my_mandates")
@never_cache
@require_http_methods(GET_AND_POST)
def my_mandates(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """One's own page, signed in."""
    person = person_of(request.user, alliance)
    if person is None:
        raise Http404
    seats = [held.seat for held in seats_for(person, alliance.today())]
    left = references_left(request.user)
    back = reverse("concertation_in:my_mandates", args=[alliance.slug])
    return _page(request, alliance, seats, person=person, left=left, back=back)


@behind_an_address
@require_http_methods(GET_AND_POST)
def mandates_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page, by a personal address."""
    found = links.find(token, PURPOSE)
    if found is None:
        return closed(request)
    person, alliance = found.person, found.person.alliance
    seats = [held.seat for held in seats_for(person, alliance.today())]
    left = left_by([person.pk]).get(person.pk, frozenset()) | references_left(request.user)
    back = reverse("concertation:mandates_link", args=[token])
    return _page(request, alliance, seats, person=person, left=left, back=back, link=True)


@in_alliance("alliances.steer")
@never_cache
@require_http_methods(GET_AND_POST)
def seat_mandates(request: HttpRequest, alliance: Alliance, pk: int) -> HttpResponse:
    """What the agent writes down for the delegate of a seat."""
    seat = seat_of(alliance, pk)
    if seat is None:
        raise Http404
    back = reverse("concertation_in:seat_mandates", args=[alliance.slug, pk])
    return _page(request, alliance, [seat], person=None, left=references_left(request.user), back=back)


def _page(
    request: HttpRequest, alliance: Alliance, seats: list[Seat], *, person: Person | None, left: frozenset[str],
    back: str, link: bool = False,
) -> HttpResponse:  # fmt: skip
    blocks = _blocks(alliance, seats, left)
    refused: tuple[str, forms.Form] | None = None
    if request.method == "POST":
        said, refused = _done(request, blocks, person, link)
        if said:
            messages.success(request, said)
            return redirect(back)
    if refused is not None:
        _show(blocks, *refused)
    context: dict[str, Any] = {"alliance": alliance, "blocks": blocks, "own": person is not None}
    context["lede"] = lede_of(seat.actor for seat in seats)
    status = 400 if request.method == "POST" else 200
    return render(request, "concertation/endorsements/mandates.html", context, status=status)


def _blocks(alliance: Alliance, seats: list[Seat], left: frozenset[str]) -> list[Block]:
    """Three queries, however many seats there are."""
    kept = {(row.seat_id, row.decision_id): row for row in mandates_of([seat.pk for seat in seats], left)}
    asked: dict[int, list[Decision]] = {}
    for decision in open_decisions(list({seat.space_id for seat in seats}), left):
        decision.alliance = alliance
        asked.setdefault(decision.space_id, []).append(decision)
    blocks = []
    for seat in seats:
        seat.space.alliance = alliance
        standing = kept.get((seat.pk, None))
        words = {"mandate": standing.mandate if standing else ""}
        block = Block(
            seat, standing, MandateForm(initial=words, auto_id=f"seat{seat.pk}_%s", behind=behind(seat.actor))
        )
        for decision in asked.get(seat.space_id, [])[:DECISIONS_SHOWN]:
            row = kept.get((seat.pk, decision.pk))
            block.lines.append(Line(decision, row, _form(seat, decision, row, alliance)))
        blocks.append(block)
    return blocks


def _form(seat: Seat, decision: Decision, row: DelegateMandate | None, alliance: Alliance) -> forms.Form:
    named: dict[str, Any] = {"auto_id": f"seat{seat.pk}-{decision.pk}_%s", "behind": behind(seat.actor)}
    if row is not None and row.state == DelegateMandate.State.ASKED:
        return BoardAnswerForm(initial={"on": alliance.today()}, **named)
    return BoardForm(**named)


def _show(blocks: list[Block], key: str, form: forms.Form) -> None:
    """Put the refused form back where it was, with all that was typed."""
    for block in blocks:
        if key == f"{block.seat.pk}:" and isinstance(form, MandateForm):
            block.form = form
        for line in block.lines:
            if key == f"{block.seat.pk}:{line.decision.uuid}":
                line.form = form


def _done(
    request: HttpRequest, blocks: list[Block], person: Person | None, link: bool
) -> tuple[str, tuple[str, forms.Form] | None]:
    """Do what the form asks: what to say of it, or the form that was refused."""
    block = next((one for one in blocks if str(one.seat.pk) == request.POST.get("seat")), None)
    if block is None or not (link or may(request.user, "concertation.keep_mandate", block.seat)):
        raise PermissionDenied
    line = next((one for one in block.lines if one.decision.uuid == _key(request)), None)
    who: dict[str, Any] = {"by": None, "via": LINK} if link else {"by": request.user}
    named: dict[str, Any] = {"auto_id": (line.form if line else block.form).auto_id, "behind": block.words}
    form: forms.Form
    try:
        if line is None:
            form = MandateForm(request.POST, **named)
            if form.is_valid():
                mandates.give(seat=block.seat, person=person, now=timezone.now(), **form.cleaned_data, **who)
                return _("The mandate is kept."), None
        elif line.mandate is not None and line.mandate.state == DelegateMandate.State.ASKED:
            form = BoardAnswerForm(request.POST, **named)
            if form.is_valid():
                mandates.answer_board(mandate=line.mandate, **form.cleaned_data, **who)
                return str(block.words.kept), None
        else:
            form = BoardForm(request.POST, **named)
            if form.is_valid():
                mandates.ask_board(
                    seat=block.seat, decision=line.decision, person=person, now=timezone.now(), **form.cleaned_data,
                    **who,
                )  # fmt: skip
                return str(block.words.noted), None
    except ValidationError as refused:
        form.add_error(None, refused)
    return "", (f"{block.seat.pk}:{line.decision.uuid if line else ''}", form)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("decision", ""))
    except ValueError:
        return None
