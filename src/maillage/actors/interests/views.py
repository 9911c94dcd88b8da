"""« Mes intérêts »: one's own page, the same by a personal address, and what the agent writes down for someone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.actors.interests import services
from maillage.actors.interests.forms import InterestForm
from maillage.actors.interests.selectors import interests_read_by
from maillage.actors.interests.services import LINK
from maillage.actors.models import Interest, InterestReview, Withdrawal, WithdrawalNote
from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Alliance, Person
from maillage.core import contributions
from maillage.core.access import require

PURPOSE = "interests"
"""Of the personal address of this page."""
LEFT_SHOWN = 50
GET_AND_POST = ["GET", "HEAD", "POST"]


@in_alliance("actors.my_interests")
@never_cache
@require_http_methods(GET_AND_POST)
def my_interests(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """One's own page, signed in. Whoever oversees from the regional alliance has no file here."""
    person = get_object_or_404(Person, alliance=alliance, user=request.user, erased_at=None)
    person.alliance = alliance
    return _page(request, person, own=True, back=reverse("actors_in:my_interests", args=[alliance.slug]))


@behind_an_address
@require_http_methods(GET_AND_POST)
def interests_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page, by a personal address."""
    found = links.find(token, PURPOSE)
    if found is None:
        return closed(request)
    return _page(request, found.person, own=True, link=True, back=reverse("actors:interests_link", args=[token]))


@in_alliance("alliances.steer")
@never_cache
@require_http_methods(GET_AND_POST)
def interests_of(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What the agent reads of a person's declaration, and writes down for them."""
    person = get_object_or_404(Person, alliance=alliance, uuid=key, erased_at=None)
    person.alliance = alliance
    require(request.user, "actors.read_interests", person)
    if person.user_id == request.user.pk:
        return redirect("actors_in:my_interests", alliance.slug)
    return _page(request, person, own=False, back=reverse("actors_in:interests_of", args=[alliance.slug, key]))


def _page(request: HttpRequest, person: Person, *, own: bool, back: str, link: bool = False) -> HttpResponse:
    by, via = (None, LINK) if link else (request.user, "web")
    wanted = request.POST.get("do", "")
    form = InterestForm(request.POST if wanted == "declare" else None, alliance=person.alliance, own=own)
    if request.method == "POST":
        said = _done(request, person, form, wanted, by=by, via=via)
        if said:
            messages.success(request, said)
            return redirect(back)
    declared = interests_read_by(None if link else request.user, person, herself=link)
    today = person.alliance.today()
    left = Withdrawal.objects.filter(person=person, lifted_at=None).select_related("actor")[:LEFT_SHOWN]
    noted = WithdrawalNote.objects.filter(person=person, settled_at=None)[:LEFT_SHOWN] if own else []
    references = [row.reference for row in left] + [row.reference for row in noted]
    titles = _titles(references) if own else {}
    context = {
        "alliance": person.alliance,
        "person": person,
        "own": own,
        "form": form,
        "held": [row for row in declared if row.until is None or row.until > today],
        "former": [row for row in declared if row.until is not None and row.until <= today],
        "review": InterestReview.objects.filter(person=person).first() or InterestReview(person=person),
        "left": [(row, titles.get(row.reference, "")) for row in left],
        "noted": [(row, titles.get(row.reference, "")) for row in noted],
        "today": today,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "actors/interests/interests.html", context, status=status)


def _done(request: HttpRequest, person: Person, form: InterestForm, wanted: str, *, by: Any, via: str) -> str:
    """Do what the form asks; what to say of it, or nothing where it was refused."""
    now = timezone.now()
    try:
        if wanted == "declare":
            if not form.is_valid():
                return ""
            services.declare(person=person, by=by, via=via, now=now, **form.cleaned_data)
            return _("It is declared.")
        if wanted == "end":
            row = Interest.objects.select_related("person__alliance").filter(
                person=person, uuid=_uuid(request.POST.get("interest"))
            ).first()  # fmt: skip
            if row is None:
                raise Http404
            services.end_interest(interest=row, on=person.alliance.today(now), by=by, via=via)
            return _("It is ended. It stays below, with its dates.")
        if wanted == "confirm":
            services.confirm(person=person, by=by, via=via, now=now)
            return _("Thank you. We will ask you again in a year.")
        if wanted in {"undo", "refuse"}:
            return _not_so(request, person, wanted, by=by, via=via)
    except ValidationError as refused:
        if wanted == "declare":
            form.add_error(None, refused)
        else:
            messages.error(request, " ".join(refused.messages))
        return ""
    raise PermissionDenied


def _not_so(request: HttpRequest, person: Person, wanted: str, *, by: Any, via: str) -> str:
    """The person says that what was written down for them is not so."""
    now, key = timezone.now(), _uuid(request.POST.get("withdrawal"))
    if wanted == "undo":
        row = get_object_or_404(Withdrawal.objects.select_related("person", "alliance"), person=person, uuid=key)
        services.undo(withdrawal=row, now=now, by=by, via=via)
        return _("It is undone: you read the item again, and may take a position.")
    note = get_object_or_404(WithdrawalNote.objects.select_related("person__alliance"), person=person, uuid=key)
    services.refuse_note(note=note, now=now, by=by, via=via)
    return _("It is dropped: you have withdrawn from nothing.")


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise Http404 from None


def _titles(references: list[str]) -> dict[str, str]:
    """What was left is called, as rooms name it."""
    return {reference: str(title) for reference, title in contributions.left_titles.collect(references)}
