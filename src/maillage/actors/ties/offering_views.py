"""« Ce qui est déjà là »: the directory of what actors bring, and the page on which each says it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.actors import sheets
from maillage.actors.forms import capital
from maillage.actors.models import Actor, ActorField, Offering
from maillage.actors.selectors import sees_all, vocabulary
from maillage.actors.templatetags.actors import type_label
from maillage.actors.ties import offerings, offerings_index
from maillage.actors.ties.forms import MissionForm, OfferingForm, SearchForm
from maillage.actors.ties.selectors import may_write_for, offerings_at, offerings_of
from maillage.actors.ties.views import find_actor
from maillage.actors.vocabulary import Scheme
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core import search
from maillage.core.access import may

PER_PAGE = 10
BLANK = 3
FOUND = 1000
WRITERS = {"csv": sheets.csv_response, "xlsx": sheets.xlsx_response}


@dataclass
class Asked:
    """What the address asks for: words, a kind, a field. A filter that names nothing known is left out."""

    rows: QuerySet[Offering]
    form: SearchForm
    query: str

    @property
    def filtered(self) -> bool:
        return bool(self.query)


def _ids_found(alliance: Alliance, text: str, *, inside: bool) -> list[int]:
    """The lines that hold these words, accents and endings apart."""
    found: list[int] = []
    while len(found) < FOUND:
        page = search.find(
            text, kinds=[offerings_index.KIND], alliance_id=alliance.pk, include_private=inside, limit=100,
            offset=len(found),
        )  # fmt: skip
        found += [int(hit.object_id) for hit in page.results]
        if not page.results or len(found) >= page.total:
            break
    return found


def _asked(request: HttpRequest, alliance: Alliance) -> Asked:
    everything = sees_all(request.user, alliance)
    inside = may(request.user, "actors.read_ties", alliance)
    rows = offerings_at(alliance, alliance.today(), everything=everything, inside=inside)
    words = vocabulary(alliance)[Scheme.FIELD]
    given = {name: request.GET.get(name, "").strip()[:120] for name in ("q", "nature", "domaine")}
    kept = {"q": given["q"]}
    kept["nature"] = given["nature"] if given["nature"] in Offering.Kind.values else ""
    covers = next((word.covers for word in words if word.code == given["domaine"]), None)
    kept["domaine"] = given["domaine"] if covers else ""
    if kept["nature"]:
        rows = rows.filter(kind=kept["nature"])
    if covers:
        tagged = ActorField.objects.filter(actor=OuterRef("actor"), scheme=Scheme.FIELD, code__in=covers)
        rows = rows.filter(Exists(tagged))
    if kept["q"]:
        rows = rows.filter(pk__in=_ids_found(alliance, kept["q"], inside=inside))
    form = SearchForm(initial=kept)
    form.fields["nature"].choices = [  # type: ignore[attr-defined]
        ("", _("Everything")), *((code, capital(str(label))) for code, label in Offering.Kind.choices)
    ]  # fmt: skip
    form.fields["domaine"].choices = [  # type: ignore[attr-defined]
        ("", _("Every field")), *((word.code, capital(word.label)) for word in words)
    ]  # fmt: skip
    rows = rows.select_related("actor").order_by("actor__sort_key", "actor_id", "position", "pk")
    return Asked(rows, form, urlencode({name: value for name, value in kept.items() if value}))


@in_alliance("alliances.view")
@require_safe
def directory(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What is already there: experience, knowledge, premises, money, time. Its filters are its address."""
    asked = _asked(request, alliance)
    page = Paginator(asked.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "alliance": alliance, "form": asked.form, "page": page, "query": asked.query, "filtered": asked.filtered,
    }  # fmt: skip
    return render(request, "actors/ties/offerings.html", context)


@in_alliance("alliances.view")
@require_safe
def directory_file(request: HttpRequest, alliance: Alliance, form: str) -> HttpResponse:
    """What the filters list, as a file."""
    if form not in WRITERS:
        raise Http404
    header = [_("What it brings"), _("Kind"), _("Actor"), _("Type"), _("Address of the page")]
    rows = (_file_row(request, alliance, row) for row in _asked(request, alliance).rows)
    return WRITERS[form](_("already-there-%(slug)s") % {"slug": alliance.slug}, header, rows)


def _file_row(request: HttpRequest, alliance: Alliance, row: Offering) -> list[Any]:
    row.actor.alliance = alliance
    page = request.build_absolute_uri(row.actor.get_absolute_url())
    return [row.text, row.get_kind_display(), row.actor.name, type_label(row.actor.type), page]


@in_alliance("alliances.view_inside")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """An organisation says its mission and what it brings."""
    actor = find_actor(alliance, key)
    if not may_write_for(request.user, actor):
        if not may(request.user, "actors.view", actor):
            raise Http404
        raise PermissionDenied("actors.speak_for")
    mission = MissionForm(request.POST or None, initial={"mission": actor.mission})
    lines = _lines(request, actor)
    if request.method == "POST" and mission.is_valid() and all(line.is_valid() for line in lines):
        try:
            with transaction.atomic():
                _save(request, alliance, actor, mission, lines)
        except ValidationError as refused:
            mission.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(actor)
    refused_form = mission.is_bound and (bool(mission.errors) or any(line.errors for line in lines))
    context = {"alliance": alliance, "actor": actor, "mission": mission, "lines": lines, "refused": refused_form}
    return render(request, "actors/ties/profile.html", context, status=422 if refused_form else 200)


def _lines(request: HttpRequest, actor: Actor) -> list[OfferingForm]:
    """The known lines, then some for what is new; as they were sent, where they were."""
    if request.method == "POST":
        count = min(sum(1 for name in request.POST if name.startswith("o") and name.endswith("-kind")), 60)
        return [OfferingForm(request.POST, prefix=f"o{n}") for n in range(count)]
    rows = [
        {"pk": row.pk, "kind": row.kind, "text": row.text, "is_public": row.is_public}
        for row in offerings_of(actor, everything=True)
    ]
    rows += [{"kind": Offering.Kind.EXPERIENCE, "is_public": True}] * BLANK
    return [OfferingForm(prefix=f"o{n}", initial=row) for n, row in enumerate(rows)]


def _save(
    request: HttpRequest, alliance: Alliance, actor: Actor, mission: MissionForm, lines: list[OfferingForm]
) -> None:
    today = alliance.today()
    offerings.save_mission(actor=actor, mission=mission.cleaned_data["mission"], by=request.user, today=today)
    said = [line.cleaned_data for line in lines if line.cleaned_data["text"].strip()]
    offerings.save_offerings(
        actor=actor, by=request.user, today=today,
        rows=[offerings.Brought(row["kind"], row["text"], row["is_public"], row["pk"]) for row in said],
    )  # fmt: skip
