"""Pages where actors that look alike are compared, merged, said to differ, and merges undone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.actors import merging, reasons
from maillage.actors.models import Actor, ActorMerge
from maillage.actors.selectors import named_like
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core import contributions, jobs
from maillage.core.text import sort_key
from maillage.methods.differences import differences
from maillage.methods.matching import compare as compare_names
from maillage.methods.matching import read_name

PAIRS = 25
MERGES = 25
FOUND = 15


def _standing(alliance: Alliance, key: object) -> Actor:
    """An actor of the alliance that still stands. Errors: 404."""
    try:
        wanted = uuid.UUID(str(key))
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Actor.objects.current().select_related("alliance"), alliance=alliance, uuid=wanted)


@in_alliance("actors.import")
@require_safe
def duplicates(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The pairs of the register that look alike, the surest first."""
    waiting = merging.open_proposals(alliance).select_related("first", "second").order_by("-score", "id")
    page = Paginator(waiting, PAIRS).get_page(request.GET.get("page"))
    pairs = []
    for one in page.object_list:
        ours, theirs = differences(one.first.name, one.second.name)
        pairs.append((one, [(one.first, ours), (one.second, theirs)], reasons.sentences(one.reasons)))
    context = {"alliance": alliance, "page": page, "pairs": pairs}
    return render(request, "actors/duplicates.html", context)


@in_alliance("actors.import")
@require_POST
def seek(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Compare every name again, as a task."""
    job = jobs.start("actors.find_duplicates", by=request.user, alliance=alliance)
    return redirect(job.get_absolute_url())


@in_alliance("actors.import")
@require_POST
def answer(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Merge the two, or say they differ; then back to where the question was."""
    first, second = (_standing(alliance, request.POST.get(name, "")) for name in ("first", "second"))
    said = request.POST.get("answer", "")
    try:
        if said == "different":
            merging.say_different(first=first, second=second, by=request.user)
            messages.success(request, _("Noted: these two differ. They are not proposed again."))
        elif said in {"first", "second"}:
            kept, absorbed = (first, second) if said == "first" else (second, first)
            merging.merge_actors(kept=kept, absorbed=absorbed, by=request.user)
            told = _("“%(absorbed)s” is now “%(kept)s”. You can undo this on the page of merges.")
            messages.success(request, told % {"absorbed": absorbed.name, "kept": kept.name})
        else:
            messages.error(request, _("Choose one of the answers."))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    number = request.POST.get("page", "")
    back = reverse("actors_in:duplicates", args=[alliance.slug])
    return redirect(f"{back}?page={int(number)}" if number.isdecimal() else back)


@in_alliance("actors.import")
@require_safe
def compare(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Merge by hand: find the other one, look at both side by side, choose the one that stays."""
    first = _standing(alliance, key)
    query = request.GET.get("q", "").strip()[:200]
    other = request.GET.get("avec", "")
    second = _standing(alliance, other) if other else None
    if second is not None and second.pk == first.pk:
        raise Http404
    candidates: list[Actor] = []
    if second is None and sort_key(query):
        found = Actor.objects.current().filter(named_like(query), alliance=alliance).exclude(pk=first.pk)
        candidates = list(found.order_by("sort_key", "id")[:FOUND])
    context: dict[str, Any] = {
        "alliance": alliance, "first": first, "second": second, "query": query, "candidates": candidates,
    }  # fmt: skip
    if second is not None:
        why = compare_names(read_name(first.name), read_name(second.name))[1]
        context |= {
            "why": reasons.sentences(reasons.plain(why)),
            "sides": [(one, _panels(request, alliance, one)) for one in (first, second)],
        }
    return render(request, "actors/compare.html", context)


def _panels(request: HttpRequest, alliance: Alliance, actor: Actor) -> list[str]:
    """What the other rooms show of an actor on its page: its tables above all."""
    shown = contributions.panels.collect(alliance, request.user, alliance.today(), page="actor", subject=actor)
    return [
        render_to_string(panel.template, dict(panel.context), request)
        for panel in sorted(shown, key=lambda panel: panel.order)
        if panel.page == "actor"
    ]


@in_alliance("actors.import")
@require_safe
def merges(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The merges made, the newest first, each with its button to undo it."""
    made = (
        ActorMerge.objects.filter(alliance=alliance)
        .select_related("kept", "absorbed", "made_by")
        .order_by("-made_at", "-id")
    )
    page = Paginator(made, MERGES).get_page(request.GET.get("page"))
    return render(request, "actors/merges.html", {"alliance": alliance, "page": page})


@in_alliance("actors.import")
@require_POST
def undo(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Give the absorbed actor back all that was its own, or say why that cannot be."""
    made = get_object_or_404(ActorMerge.objects.select_related("kept", "absorbed"), alliance=alliance, uuid=key)
    try:
        restored = merging.undo_merge(merge=made, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("“%(name)s” is an actor of its own again.") % {"name": restored.name})
    return redirect("actors_in:merges", alliance.slug)
