"""What anyone may read: the list of alliances, the home of one, its search."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.alliances.selectors import memory, periods, places
from maillage.alliances.views.common import page_of
from maillage.core import contributions, formats
from maillage.core import search as index_of_words
from maillage.core.access import may, public
from maillage.core.withholding import references_left


@public
def index(request: HttpRequest) -> HttpResponse:
    """The home of the instance: what Maillage is, one's own alliances, every open alliance by region."""
    text = request.GET.get("q", "").strip()[:100]
    region = request.GET.get("region", "")[:200]
    page = page_of(request, places.open_alliances(text, region))
    context = {
        "page": page,
        "text": text,
        "region": region,
        "regions": places.regions_with_alliances(),
        "mine": places.alliances_of(request.user, timezone.localdate()),
        "may_create": may(request.user, "alliances.create"),
        "filtered": bool(text or region),
    }
    return render(request, "alliances/index.html", context)


def collect_panels(alliance: Alliance, viewer: Any, page: str) -> list[contributions.Panel]:
    """Parts of this page that the rooms give, in their order."""
    today = alliance.today()
    found = contributions.panels.collect(alliance, viewer, today, page=page, subject=None)
    return sorted((panel for panel in found if panel.page == page), key=lambda panel: panel.order)


def lede(alliance: Alliance, viewer: Any, today: dt.date, children: int) -> str:
    """The sentence under the title: the alliance's own, else its figures in words. Empty where there are none."""
    if alliance.summary:
        return alliance.summary
    members = sum(part.count for part in contributions.composition.collect(alliance, viewer, today))
    parts = []
    if children:
        parts.append(ngettext("%(count)s local alliance", "%(count)s local alliances", children)
                     % {"count": formats.number(children)})  # fmt: skip
    if members:
        parts.append(ngettext("%(count)s member", "%(count)s members", members) % {"count": formats.number(members)})
    if not parts:
        return ""
    return _("%(figures)s. Here, everyone sees what is decided and what changes.") % {"figures": ", ".join(parts)}


def missing_words(stages: bool, agreement: Any, lines: Any) -> str:
    """One sentence for what is not written down yet, rather than an empty box each. Empty: it is all there."""
    absent = [
        str(word)
        for word, present in ((_("the stages"), stages), (_("the agreement"), agreement), (_("the memory"), lines))
        if not present
    ]
    return _("Not published yet: %(what)s.") % {"what": ", ".join(absent)} if absent else ""


@in_alliance("alliances.view")
def home(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The public home: only what exists, and one honest sentence for the rest."""
    today = alliance.today()
    periods.read_cycles(alliance)
    period = periods.current_period(alliance, today)
    hero = collect_panels(alliance, request.user, "home.hero")
    panels = collect_panels(alliance, request.user, "home")
    lines = memory.latest(alliance, request.user, today)
    children: list[Alliance] = []
    children_total = 0
    if alliance.scale == Alliance.Scale.REGIONAL:
        children = places.open_children_of(alliance)
        children_total = len(children)
        if children_total == places.CHILDREN:
            children_total = Alliance.objects.filter(parent=alliance, is_public=True).count()
    agreement = period.agreement if period else None
    nothing_yet = not (hero or panels or lines or agreement or (period and period.stages) or children)
    context = {
        "alliance": alliance,
        "lede": lede(alliance, request.user, today, children_total),
        "hero_panels": hero,
        "panels": panels,
        "period": period,
        "agreement": agreement,
        "lines": lines,
        "children": children,
        "children_total": children_total,
        "all_children_url": places.list_of_region(alliance) if children_total > len(children) else "",
        "parties": list(agreement.parties.all()) if agreement else [],
        "territories": places.territories_of(alliance, today),
        "nothing_yet": nothing_yet,
        "missing": "" if nothing_yet else missing_words(bool(period and period.stages), agreement, lines),
        "may_steer": may(request.user, "alliances.steer", alliance),
    }
    return render(request, "alliances/home.html", context)


RESULTS = 20


@in_alliance("alliances.view")
def search(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Everything of the alliance that holds these words; what is private for those inside only."""
    text = request.GET.get("q", "").strip()[:200]
    kinds = {item.kind: item.label for item in contributions.search}
    kind = request.GET.get("sorte", "")
    inside = may(request.user, "alliances.view_inside", alliance)
    number = request.GET.get("page", "1")
    offset = (max(1, min(int(number), 500)) - 1) * RESULTS if number.isdecimal() and len(number) < 6 else 0
    found = index_of_words.Page((), 0)
    if text:
        found = index_of_words.find(
            text,
            kinds=[kind] if kind in kinds else None,
            alliance_id=alliance.pk,
            include_private=inside,
            groups=index_of_words.groups_of(alliance, request.user, alliance.today()) if inside else (),
            left=references_left(request.user),
            limit=RESULTS,
            offset=offset,
        )
    language = get_language() or "fr"
    # Addresses are kept in French: they are recognised in French only.
    with translation.override("fr"):
        urls = [translate_url(hit.url, language) for hit in found.results]
    hits = [(hit, kinds.get(hit.kind, hit.kind), url) for hit, url in zip(found.results, urls, strict=True)]
    page = Paginator(range(found.total), RESULTS).get_page(offset // RESULTS + 1)
    context = {
        "alliance": alliance,
        "text": text,
        "kind": kind,
        "kinds": sorted(kinds.items(), key=lambda pair: str(pair[1])),
        "hits": hits,
        "total": found.total,
        "page": page,
    }
    return render(request, "alliances/search.html", context)
