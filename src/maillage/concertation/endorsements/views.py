"""Pages of conflicts of interest: the question's answer, leaving an item, the agent's list, the public register."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.actors.interests import services as interests
from maillage.actors.interests.services import LINK
from maillage.actors.models import Withdrawal, WithdrawalNote
from maillage.alliances.access import find_alliance, in_alliance
from maillage.alliances.models import Alliance, Person
from maillage.alliances.presence import has_gone
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.forms import WITHDRAW, ConflictForm, LiftForm, WithdrawForm
from maillage.concertation.endorsements.found import (
    Subject,
    conflicts_of,
    counts,
    overview,
    space_of,
    standing_withdrawals,
    waiting_notes,
)
from maillage.concertation.endorsements.gate import ask_first, has_left, question, read_key, withdrew
from maillage.concertation.governance.holders import holders_of, person_of
from maillage.concertation.models import Decision
from maillage.core import contributions
from maillage.core.access import may, public

GET_AND_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 50
KINDS = {"decision": "concertation.decision", "point": "concertation.agendaitem"}
"""What an address calls what can be left."""


@public
@never_cache
@require_POST
def conflict_answer(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The answer to the question of the gate: withdraw, or say why not. The form carries a signed key, so that it
    works from a personal address too."""
    alliance, _slug = find_alliance(slug)
    read = read_key(key)
    if alliance is None:
        raise Http404
    person = Person.objects.filter(pk=read[0], alliance=alliance, erased_at=None).first() if read else None
    subject = conflicts.subject_of(read[1]) if read else None
    if person is None or subject is None or subject.alliance != alliance or has_gone(person, alliance.today()):
        return render(request, "concertation/endorsements/closed.html", {"alliance": alliance}, status=410)
    own = request.user.is_authenticated and request.user.pk == person.user_id
    by, via = (request.user, "web") if own else (None, LINK)
    form = ConflictForm(request.POST)
    if form.is_valid():
        now = timezone.now()
        try:
            if form.cleaned_data["answer"] == WITHDRAW:
                conflicts.leave(person=person, subject=subject, now=now, by=by, via=via)
                messages.success(request, _("You have withdrawn. The others deliberate without you."))
            else:
                conflicts.say_no_conflict(
                    person=person, subject=subject, words=form.cleaned_data["words"], now=now, by=by, via=via
                )
                messages.success(request, _("Your answer is kept with the item."))
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            return redirect(_next(request, form.cleaned_data["next"], alliance.get_absolute_url()))
    found = conflicts_of(person, subject, alliance.today())
    return question(request, alliance, subject, person, found, form=form, status=400)


def _next(request: HttpRequest, wanted: str, otherwise: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else otherwise


def _subject(alliance: Alliance, kind: str, key: uuid.UUID) -> Subject:
    subject = conflicts.subject_of(f"{KINDS[kind]}:{key}") if kind in KINDS else None
    if subject is None or subject.alliance != alliance:
        raise Http404
    return subject


def _home_of(subject: Subject, alliance: Alliance) -> str:
    """The page of what was left; an item of an agenda is on its meeting's."""
    page = subject if isinstance(subject, Decision) else subject.meeting
    try:
        return str(page.get_absolute_url())
    except NoReverseMatch:  # pragma: no cover - the page of another part
        return alliance.get_absolute_url()


@in_alliance("actors.my_interests")
@never_cache
@require_http_methods(GET_AND_POST)
def withdraw(request: HttpRequest, alliance: Alliance, kind: str, key: uuid.UUID) -> HttpResponse:
    """Leave an item of one's own accord; with ``?personne=``, whoever steers writes down that someone left it."""
    subject = _subject(alliance, kind, key)
    person, holders = _leaving(request, alliance, subject)
    if person is not None and has_left(None, person, subject):
        return withdrew(request, alliance, subject, person)
    if request.method != "POST" and "personne" not in request.GET and _is_inside(request, subject):
        # Whoever was found is asked, wherever they come from: a line of an agenda leads here.
        refused = ask_first(request, alliance, subject, back=_home_of(subject, alliance))
        if refused is not None:
            return refused
    own = person is not None and person.user_id == request.user.pk
    there = person is not None and not own and conflicts.was_there(person, subject)
    form = WithdrawForm(request.POST if request.method == "POST" else None, source=not (own or there))
    if request.method == "POST" and person is not None and form.is_valid():
        values = {"person": person, "subject": subject, "by": request.user, "now": timezone.now(), **form.cleaned_data}
        try:
            made = conflicts.leave(**values) if own else conflicts.write_down(**values)
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            if own:
                messages.success(request, _("You have withdrawn. The others deliberate without you."))
                return redirect(_home_of(subject, alliance))
            if isinstance(made, Withdrawal):
                messages.success(request, _("The withdrawal is kept. The person is written to, and may undo it."))
            else:
                messages.success(request, _("The withdrawal waits for a second person: until then it does not hold."))
            return redirect("concertation_in:conflicts", alliance.slug)
    context = {
        "alliance": alliance,
        "subject": subject,
        "space": space_of(subject),
        "person": person,
        "own": own,
        "there": there,
        "holders": holders,
        "form": form,
    }
    return render(request, "concertation/endorsements/withdraw.html", context)


def _is_inside(request: HttpRequest, subject: Subject) -> bool:
    """Whether the reader knows of the subject: of a point, as whoever sees the inside of its meeting."""
    return isinstance(subject, Decision) or may(request.user, "concertation.view_meeting_inside", subject.meeting)


def _leaving(request: HttpRequest, alliance: Alliance, subject: Subject) -> tuple[Person | None, list[Person]]:
    """Who leaves: the reader, who holds a seat there or steers; or the one whom who steers has chosen. Then the persons
    to choose from."""
    day = alliance.today()
    steers = may(request.user, "concertation.see_conflicts", alliance)
    holders = {held.person_id: held.person for held in holders_of(space_of(subject), day)}
    me = person_of(request.user, alliance)
    if steers and "personne" in request.GET:
        chosen = [one for one in holders.values() if str(one.uuid) == request.GET["personne"]]
        if chosen:
            chosen[0].alliance = alliance
        return (chosen[0] if chosen else None), sorted(holders.values(), key=lambda one: one.sort_key)
    if me is None or not (steers or me.pk in holders):
        raise Http404
    return me, []


@in_alliance("concertation.see_conflicts")
@require_safe
def conflicts_page(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """For whoever steers: who was found, what they answered, who withdrew. Nothing of the deliberation is here."""
    lines = overview(alliance, alliance.today())
    page = Paginator(sorted(lines, key=lambda line: not line.waits), PER_PAGE).get_page(request.GET.get("page"))
    left = Paginator(standing_withdrawals(alliance), PER_PAGE).get_page(request.GET.get("retraits"))
    titles = dict(contributions.left_titles.collect([row.reference for row in left]))
    noted = list(waiting_notes(alliance)[:PER_PAGE])
    titles_of_notes = dict(contributions.left_titles.collect([row.reference for row in noted])) if noted else {}
    for row in left:
        row.alliance = row.person.alliance = alliance
    context = {
        "alliance": alliance,
        "page": page,
        "waiting": sum(line.waits for line in lines),
        # Whoever withdrew from an item does not read what the others answered about it.
        "lines": [(line, not has_left(request.user, None, line.subject)) for line in page],
        "left": left,
        "noted": [(row, titles_of_notes.get(row.reference, "")) for row in noted],
        "withdrawals": [
            (row, titles.get(row.reference, ""), may(request.user, "actors.lift_withdrawal", row)) for row in left
        ],
    }
    return render(request, "concertation/endorsements/conflicts.html", context)


@in_alliance("concertation.see_conflicts")
@require_http_methods(GET_AND_POST)
def withdrawal_lift(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Undo a withdrawal made by mistake. Never one's own."""
    row = get_object_or_404(
        Withdrawal.objects.select_related("person", "actor", "alliance__parent"), alliance=alliance, uuid=key,
        lifted_at=None,
    )  # fmt: skip
    row.person.alliance = row.alliance = alliance
    if not may(request.user, "actors.lift_withdrawal", row):
        raise PermissionDenied("actors.lift_withdrawal")
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            interests.lift(withdrawal=row, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The withdrawal is lifted. Everyone is told that one was."))
            return redirect("concertation_in:conflicts", alliance.slug)
    titles = dict(contributions.left_titles.collect([row.reference]))
    context = {"alliance": alliance, "row": row, "title": titles.get(row.reference, ""), "form": form}
    return render(request, "concertation/endorsements/lift.html", context)


@in_alliance("alliances.view_inside")
@never_cache
@require_http_methods(GET_AND_POST)
def withdrawal_note(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The second person confirms a withdrawal written down for someone, or does not. Nothing of the deliberation."""
    row = get_object_or_404(
        WithdrawalNote.objects.select_related("person__alliance", "actor"), person__alliance=alliance, uuid=key
    )
    subject = conflicts.subject_of(row.reference)
    if subject is None or not may(request.user, "concertation.confirm_withdrawal", subject):
        raise Http404
    if request.method == "POST":
        confirms = request.POST.get("do") == "confirm"
        act = conflicts.confirm if confirms else conflicts.turn_down
        try:
            act(note=row, by=request.user, now=timezone.now())
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            done = _("The withdrawal holds. The person is written to.") if confirms else _("It is dropped.")
            messages.success(request, done)
        return redirect("concertation_in:withdrawal_note", alliance.slug, row.uuid)
    context = {
        "alliance": alliance,
        "row": row,
        "subject": subject,
        "space": space_of(subject),
        "own": row.recorded_by_id is None or row.recorded_by_id == request.user.pk,
    }
    return render(request, "concertation/endorsements/withdrawal_note.html", context)


@in_alliance("alliances.view")
@require_safe
def withdrawals(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The public register of withdrawals: counts, never who."""
    found = counts(alliance)
    context: dict[str, Any] = {"alliance": alliance, "counts": found}
    return render(request, "concertation/endorsements/withdrawals.html", context)
