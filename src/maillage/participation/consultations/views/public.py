"""What everyone reads: the list, a consultation's page, the short address of posters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may, public
from maillage.participation import kinds
from maillage.participation.consultations import copying, evaluating, explain
from maillage.participation.consultations.feedback import takes_addresses
from maillage.participation.consultations.indexing import is_shown
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.selectors import (
    consultations_of,
    in_order,
    is_weak,
    open_steps,
    sees_drafts,
    standing,
    steps_of,
    takes_ballots,
    way_in,
    with_steps,
)
from maillage.participation.consultations.setup import if_there
from maillage.participation.consultations.views.common import on_consultation
from maillage.participation.outreach import showing as outreach
from maillage.participation.vocabulary import Access, Kind
from maillage.participation.words import SPOKEN, offered, words_of

PER_PAGE = 20


def line_of(row: Consultation, now: dt.datetime) -> dict[str, Any]:
    """A consultation as lists show it."""
    return {
        "row": row,
        "standing": standing(row, now),
        "way": way_in(row, now),
        "results_url": if_there("results", row) if row.state == Consultation.State.PUBLISHED else "",
    }


@in_alliance("alliances.view")
def consultations(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Open ones first with what to do, then what is over; drafts for those who prepare them."""
    now = timezone.now()
    page = Paginator(in_order(with_steps(consultations_of(alliance, request.user))), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = []
    for row in page.object_list:
        row.alliance = alliance
        lines.append(line_of(row, now))
    groups: list[dict[str, Any]] = []
    for code in (0, 1, 2):
        chosen = [line for line in lines if line["row"].rank == code]
        if chosen:
            groups.append({"code": code, "lines": chosen})
    context = {
        "alliance": alliance, "page": page, "groups": groups,
        "may_run": may(request.user, "participation.run", alliance),
        "inside": sees_drafts(alliance, request.user),
    }  # fmt: skip
    return render(request, "participation/consultations/consultations.html", context)


@on_consultation("participation.view")
def consultation(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What it is for, who decides with it and when, what is promised, how to take part, until when."""
    now = timezone.now()
    words = words_of(found, get_language() or "fr")
    steps = steps_of(found)
    # The same rows for whatever reads the steps again.
    found._prefetched_objects_cache = {"steps": steps}  # type: ignore[attr-defined]
    results = found.state == Consultation.State.PUBLISHED
    context = {
        "alliance": found.alliance,
        "consultation": found,
        "words": words,
        "texts": {name: words.get(name, getattr(found, name)) for name in TEXTS},
        "langs": {name: words.lang_of(name) for name in TEXTS},
        "steps": [step_told(step, words) for step in steps],
        "standing": standing(found, now),
        "answers": bool(open_steps(found, now)),
        "way": way_in(found, now),
        "getting_in": explain.GETTING_IN[found.access],
        "on_site": found.access == Access.SITE,
        "weak": is_weak(found),
        "languages": [(code, name) for code, name in offered(found) if code not in SPOKEN],
        "receipt_url": if_there("receipt", found) if any(map(kinds.is_in_ballot, steps)) else "",
        "results_url": if_there("results", found) if results else "",
        "links": list(found.feedback_links.select_related("decision__alliance", "decision__space"))
        if found.feedback else [],
        "may_run": may(request.user, "participation.run", found),
        "may_second": may(request.user, "participation.second", found),
        "inside": may(request.user, "alliances.view_inside", found.alliance),
        "follows": takes_addresses(found),
        "evaluated": evaluating.told(found, request.user, words),
        "outreach": outreach.told(found, found.alliance.today()),
        "before": found.state in {Consultation.State.DRAFT, Consultation.State.OPEN},
        "sisters": copying.where(request.user, found, found.alliance.today()),
    }  # fmt: skip
    return render(request, "participation/consultations/consultation.html", context)


TEXTS = ("title", "intro", "purpose", "promise", "other_ways")


def step_told(step: Step, words: Any) -> dict[str, Any]:
    """A step as the public page tells it: what is asked, how it is counted."""
    is_priorities = step.kind == Kind.PRIORITIES
    return {
        "step": step,
        "title": words.step_title(step) or step.get_kind_display(),
        "titled": bool(words.step_title(step)),
        "intro": words.step_intro(step),
        "does": explain.BALLOTS[step.method] if is_priorities else explain.KINDS[step.kind],
        "rule": explain.RULES[step.counting] if is_priorities else "",
        "own_page": kinds.own_page(step),
        "options": [
            {"option": option, "label": words.option(option), "text": words.option_text(option)}
            for option in step.options.all()
        ],
    }


@public
def short(request: HttpRequest, short: str) -> HttpResponse:
    """``/v/<short>/``, as printed on posters: to the ballot while it is open, to the consultation's page otherwise."""
    found = get_object_or_404(Consultation.objects.select_related("alliance"), short=short.lower())
    if not is_shown(found):
        raise Http404
    name = "ballot" if takes_ballots(found, timezone.now()) else "consultation"
    try:
        url = reverse(f"participation_in:{name}", args=[found.alliance.slug, found.uuid])
    except NoReverseMatch:
        url = found.get_absolute_url()
    return redirect(url)
