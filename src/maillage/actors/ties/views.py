"""An organisation's ties: read by anyone, brought up to date by its people, signed in or by their personal link."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.actors.models import Actor, CampaignReply, Tie
from maillage.actors.selectors import sees_all
from maillage.actors.ties import campaigns
from maillage.actors.ties.forms import LISTED, TieSheet, others_of
from maillage.actors.ties.selectors import (
    former_ties,
    may_write_for,
    open_campaign,
    other_side,
    own_ties,
    spoken_for,
    ties_of,
)
from maillage.actors.ties.services import check_speaker
from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address
from maillage.alliances.models import Alliance, Person
from maillage.core.access import may

PER_PAGE = 50
LINK = "ties"
"""The purpose of the personal address of a sheet; its reference names the actor."""


def find_actor(alliance: Alliance, key: uuid.UUID) -> Actor:
    """An actor that stands; 404 for one merged into another."""
    found = get_object_or_404(Actor, alliance=alliance, uuid=key, merged_into=None)
    found.alliance = alliance
    return found


@in_alliance("alliances.view_inside")
@require_safe
def my_ties(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """« Nos liens »: straight to the only organisation one speaks for, or the choice between several."""
    own = list(spoken_for(request.user, alliance, alliance.today())[:50])
    if len(own) == 1:
        return redirect("actors_in:ties", alliance.slug, own[0].uuid)
    return render(request, "actors/ties/mine.html", {"alliance": alliance, "actors": own})


@in_alliance("alliances.view")
@require_http_methods(["GET", "HEAD", "POST"])
def ties(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The ties of one actor. Its own people, and the agent, find the sheet that brings them up to date."""
    actor = find_actor(alliance, key)
    if not may(request.user, "actors.view", actor) and not may_write_for(request.user, actor):
        raise Http404
    if may_write_for(request.user, actor) and actor.holds(alliance.today()):
        return _sheet(request, alliance, actor, by=request.user, person=None, via="web")
    if request.method == "POST":
        raise PermissionDenied("actors.speak_for")
    today = alliance.today()
    page = Paginator(ties_of(actor, today, everything=sees_all(request.user, alliance)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "alliance": alliance, "actor": actor, "page": page,
        "lines": [(tie, other_side(tie, actor)) for tie in page.object_list],
        "inside": may(request.user, "actors.read_ties", alliance),
    }  # fmt: skip
    return render(request, "actors/ties/ties.html", context)


@behind_an_address
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same sheet, opened from an e-mail, without an account."""
    found = links.find(token, LINK)
    actor = _of_link(found.reference) if found is not None else None
    if found is None or actor is None or actor.alliance_id != found.person.alliance_id:
        return render(request, "actors/ties/closed.html", status=410)
    alliance = found.person.alliance
    actor.alliance = alliance
    try:
        check_speaker(actor, by=None, person=found.person, today=alliance.today())
    except PermissionDenied:
        return render(request, "actors/ties/closed.html", status=410)
    if may(request.user, "alliances.view", alliance):
        request.alliance = alliance  # type: ignore[attr-defined]
    return _sheet(request, alliance, actor, by=None, person=found.person, via="link")


def _of_link(reference: str) -> Actor | None:
    """The actor a link names, or the one that absorbed it; ``None`` where it is gone."""
    _model, _colon, key = reference.partition(":")
    found = Actor.objects.select_related("merged_into").filter(uuid=key).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def _sheet(
    request: HttpRequest, alliance: Alliance, actor: Actor, *, by: Any, person: Person | None, via: str
) -> HttpResponse:
    today, now = alliance.today(), timezone.now()
    everything = by is not None and sees_all(by, alliance)
    others = others_of(actor, alliance, today, everything=everything)
    page = Paginator(own_ties(actor, today), PER_PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        said = {key[2:] for key in request.POST if key.startswith("t-")}
        # All of the page, so that a refused sheet comes back whole; and what was answered, ended since or not.
        rows = list({tie.pk: tie for tie in [*page.object_list, *_posted(actor, said)]}.values())
        sheet = TieSheet(actor=actor, ties=rows, others=others, today=today, data=request.POST)
        with transaction.atomic():
            done = sheet.save(by=by, now=now, person=person, via=via) if sheet.is_valid() else None
            if done is not None:
                campaigns.record_reply(actor=actor, by=by, person=person, today=today, now=now, via=via)
                address = request.build_absolute_uri("/").rstrip("/")
                campaigns.ask_other_side(actor=actor, ties=sheet.told, today=today, address=address)
        if done is not None:
            messages.success(request, " ".join(said_done(done)))
            return redirect(request.get_full_path())
    else:
        sheet = TieSheet(actor=actor, ties=page.object_list, others=others, today=today)
    names = list(others.values_list("name", flat=True)[: LISTED + 1])
    campaign = open_campaign(alliance, today)
    context = {
        "alliance": alliance, "actor": actor, "page": page, "sheet": sheet, "today": today, "by_link": via == "link",
        "person": person, "names": names if len(names) <= LISTED else [], "campaign": campaign,
        "reply": CampaignReply.objects.filter(campaign=campaign, actor=actor).first() if campaign else None,
        "former": [(tie, other_side(tie, actor)) for tie in former_ties(actor, today)[:PER_PAGE]],
        "in_name": by is not None and not spoken_for(by, alliance, today).filter(pk=actor.pk).exists(),
    }  # fmt: skip
    return render(request, "actors/ties/sheet.html", context, status=422 if sheet.errors else 200)


def _posted(actor: Actor, said: set[str]) -> list[Tie]:
    """The ties of this actor that the form speaks of, ended since or not: the service says so."""
    keys = [key for key in said if _is_uuid(key)][: PER_PAGE * 2]
    rows = Tie.objects.filter(uuid__in=keys).select_related("first", "second", "told_by").order_by("pk")
    return [tie for tie in rows if actor.pk in (tie.first_id, tie.second_id)]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def said_done(done: dict[str, int]) -> list[str]:
    """What was saved, in sentences; « nothing to change » is an answer too."""
    sentences = []
    for code, one, many in (
        ("new", _("One tie was added."), _("%(n)s ties were added.")),
        ("confirmed", _("One tie was confirmed."), _("%(n)s ties were confirmed.")),
        ("yes", _("One tie was confirmed."), _("%(n)s ties were confirmed.")),
        ("no", _("One tie is not recognised."), _("%(n)s ties are not recognised.")),
        ("keep", _("One tie still holds."), _("%(n)s ties still hold.")),
        ("end", _("One tie has ended."), _("%(n)s ties have ended.")),
        ("changed", _("One tie was brought up to date."), _("%(n)s ties were brought up to date.")),
        ("same", _("One tie was already written."), _("%(n)s ties were already written.")),
    ):
        if n := done.get(code):
            sentences.append(one if n == 1 else many % {"n": n})
    return [_("Thank you."), *(sentences or [_("Nothing to change: your answer is kept.")])]
