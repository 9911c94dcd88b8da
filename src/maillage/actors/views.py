"""Pages of one actor: what anyone may read, what the agent adds and changes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors import services
from maillage.actors.forms import ActorForm, EndForm, MandateForm
from maillage.actors.models import Actor, Mandate
from maillage.actors.selectors import elsewhere, tag_words
from maillage.actors.vocabulary import ActorType
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may

ELSEWHERE_SHOWN = 20


def _find(alliance: Alliance, key: uuid.UUID) -> Actor:
    actor = get_object_or_404(
        Actor.objects.select_related("merged_into", "organisation", "territory"), alliance=alliance, uuid=key
    )
    actor.alliance = alliance
    return actor


def _to_change(alliance: Alliance, key: uuid.UUID) -> Actor:
    """The actor, where it still stands: one absorbed by another is changed no more."""
    actor = _find(alliance, key)
    if actor.merged_into_id is not None:
        raise Http404
    return actor


def _kept(actor: Actor) -> Actor:
    """The actor that this one became part of."""
    seen = {actor.pk}
    while actor.merged_into is not None and actor.merged_into.pk not in seen:
        actor = actor.merged_into
        seen.add(actor.pk)
    return actor


@in_alliance("alliances.view")
def actor(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The page of one actor. The address of a merged one leads to the one that was kept."""
    found = _find(alliance, key)
    if found.merged_into_id is not None:
        kept = _kept(found)
        kept.alliance = alliance
        return redirect(kept)
    if not may(request.user, "actors.view", found):
        raise Http404
    today = alliance.today()
    panels = contributions.panels.collect(alliance, request.user, today, page="actor", subject=found)
    context: dict[str, Any] = {
        "alliance": alliance,
        "actor": found,
        "today": today,
        "words": tag_words(found),
        "elsewhere": list(elsewhere(found, today)[:ELSEWHERE_SHOWN]),
        "panels": sorted(panels, key=lambda panel: panel.order),
        "may_edit": may(request.user, "actors.edit", found),
        "private": None,
    }
    if may(request.user, "actors.view_private", found):
        context["private"] = _private(found, alliance)
    return render(request, "actors/actor.html", context)


def _private(found: Actor, alliance: Alliance) -> dict[str, Any]:
    today = alliance.today()
    mandates = list(Mandate.objects.filter(actor=found).select_related("person"))
    return {
        "aliases": list(found.aliases.all()[:50]),
        "mandates": [mandate for mandate in mandates if mandate.holds(today)],
        "former": [mandate for mandate in mandates if not mandate.holds(today)],
        "form": MandateForm(alliance=alliance, auto_id="mandate_%s"),
    }


@in_alliance("actors.edit")
def actor_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Add an actor by hand."""
    blank = {"is_public": True, "type": ActorType.UNSPECIFIED}
    form = ActorForm(request.POST or None, alliance=alliance, initial=blank)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = services.create_actor(alliance=alliance, by=request.user, **form.changes())
            for scheme, codes in form.tags().items():
                services.tag_actor(actor=made, scheme=scheme, codes=codes, by=request.user)
        messages.success(request, _("%(name)s is now in the directory.") % {"name": made.name})
        return redirect(made)
    return render(request, "actors/actor_form.html", {"alliance": alliance, "form": form, "actor": None})


@in_alliance("actors.edit")
def actor_edit(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Change an actor."""
    found = _to_change(alliance, key)
    form = ActorForm(request.POST or None, alliance=alliance, actor=found, initial=ActorForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.update_actor(actor=found, changes=form.changes(), by=request.user)
                for scheme, codes in form.tags().items():
                    services.tag_actor(actor=found, scheme=scheme, codes=codes, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(found)
    return render(request, "actors/actor_form.html", {"alliance": alliance, "form": form, "actor": found})


@in_alliance("actors.edit")
def actor_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say from which day an actor is no longer part of the alliance."""
    found = _to_change(alliance, key)
    form = EndForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_actor(actor=found, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as refused:
            form.add_error("on", refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("%(name)s keeps its page and its history.") % {"name": found.name})
            return redirect(found)
    return render(request, "actors/actor_end.html", {"alliance": alliance, "form": form, "actor": found})


@require_POST
@in_alliance("actors.edit")
def mandate_give(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say who speaks for the actor."""
    found = _to_change(alliance, key)
    form = MandateForm(request.POST, alliance=alliance)
    if not form.is_valid():
        messages.error(request, _("Choose a person, and check the date."))
        return redirect(found)
    try:
        services.give_mandate(actor=found, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The person now speaks for this actor."))
    return redirect(found)


@require_POST
@in_alliance("actors.edit")
def mandate_contact(request: HttpRequest, alliance: Alliance, key: uuid.UUID, mandate: uuid.UUID) -> HttpResponse:
    """The person receives what is sent to the actor, or no longer does."""
    held = get_object_or_404(Mandate, uuid=mandate, actor__alliance=alliance, actor__uuid=key)
    services.set_contact(mandate=held, is_contact=request.POST.get("contact") == "1", by=request.user)
    messages.success(request, _("The changes are saved."))
    return redirect("actors_in:actor", alliance.slug, key)


@require_POST
@in_alliance("actors.edit")
def mandate_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID, mandate: uuid.UUID) -> HttpResponse:
    """The person no longer speaks for the actor, from today."""
    held = get_object_or_404(Mandate, uuid=mandate, actor__alliance=alliance, actor__uuid=key)
    try:
        services.end_mandate(mandate=held, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The person no longer speaks for this actor."))
    return redirect("actors_in:actor", alliance.slug, key)
