"""The directory of actors: search, filters, counts, letters, pages, and the same list as a file."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.actors import sheets
from maillage.actors.forms import capital
from maillage.actors.models import Actor
from maillage.actors.selectors import sees_all, vocabulary
from maillage.actors.templatetags.actors import type_label
from maillage.actors.vocabulary import ActorType, Scheme, type_words
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.directory import PER_PAGE, Directory, spaces_by_actor
from maillage.concertation.forms import DirectoryForm
from maillage.core.access import may

SPACES_SHOWN = 3
WRITERS = {"csv": sheets.csv_response, "xlsx": sheets.xlsx_response}


def _asked(request: HttpRequest, alliance: Alliance) -> tuple[Directory, DirectoryForm]:
    """The directory as the address asks for it. A filter that names nothing known is left out, and said."""
    form = DirectoryForm(initial={name: request.GET.get(name, "") for name in DirectoryForm.FILTERS})
    directory = Directory(
        alliance=alliance,
        day=alliance.today(),
        everything=sees_all(request.user, alliance),
        words=vocabulary(alliance),
    )
    # What is asked is checked below, against the choices offered: they need the other filters first.
    raw = {filter_: request.GET.get(name, "").strip()[:120] for name, filter_ in DirectoryForm.FILTERS.items()}
    directory.chosen = _known(raw, directory)
    types = directory.types
    offered = [(code, type_label(code), n) for code, n in types.items()]
    if raw["type"] and raw["type"] not in types and directory.chosen["type"]:
        offered.append((raw["type"], type_label(raw["type"]), 0))
    form.offer("type", _("Every type"), offered)
    form.offer("espace", _("Every space"), [(str(space.uuid), space.name, n) for space, n in directory.spaces()])
    every = {"secteur": _("Every sector"), "domaine": _("Every field"), "palier": _("Every scale")}
    tagged = directory.tagged()
    for name, words in every.items():
        counted = tagged[DirectoryForm.FILTERS[name]]
        form.offer(name, words, [(word.code, word.label, n) for word, n in counted])
    return directory, form


def _known(raw: dict[str, str], directory: Directory) -> dict[str, str]:
    """``raw`` without what names nothing: an unknown type, word, or an address that is no UUID."""
    chosen = dict(raw)
    if raw["type"] not in ActorType.values:
        chosen["type"] = ""
    for scheme in Scheme.values:
        if raw[scheme] not in {word.code for word in directory.words[scheme]}:
            chosen[scheme] = ""
    if raw["space"] and not _is_uuid(raw["space"]):
        chosen["space"] = ""
    return chosen


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _addresses(view: str, alliance: Alliance) -> Callable[[uuid.UUID], str]:
    """Many addresses of one view, resolved once: a page of the directory has a hundred of them."""
    some = uuid.UUID(int=0)
    before, after = reverse(view, args=[alliance.slug, some]).split(str(some))
    return lambda key: f"{before}{key}{after}"


def _lines(asked: Directory, actors: list[Actor]) -> list[dict[str, Any]]:
    """What each line shows: the actor and its address, its first spaces as ``(label, address)``, how many more."""
    held = spaces_by_actor(asked.seats(), actors)
    to_actor = _addresses("actors_in:actor", asked.alliance)
    to_space = _addresses("concertation_in:space", asked.alliance)
    return [
        {
            "actor": actor,
            "url": to_actor(actor.uuid),
            "spaces": [(space.label, to_space(space.uuid)) for space in held[actor.pk][:SPACES_SHOWN]],
            "more": len(held[actor.pk][SPACES_SHOWN:]),
        }
        for actor in actors
    ]


@in_alliance("alliances.view")
def directory(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The directory. Its filters are its address: it can be kept and sent."""
    asked, form = _asked(request, alliance)
    page = Paginator(asked.actors(), PER_PAGE).get_page(request.GET.get("page"))
    filters = {name: str(value) for name, value in request.GET.items() if value and name in DirectoryForm.FILTERS}
    return render(
        request,
        "concertation/directory.html",
        {
            "alliance": alliance,
            "form": form,
            "page": page,
            "lines": _lines(asked, list(page.object_list)),
            "total": page.paginator.count if not any(asked.chosen.values()) else asked.base().count(),
            "filtered": any(asked.chosen.values()),
            "several": asked.several_count(),
            "types": _type_links(asked, filters),
            "letters": _letter_links(asked, filters) if page.paginator.num_pages > 1 else [],
            "query": urlencode(filters),
            "may_edit": may(request.user, "actors.edit", alliance),
        },
    )


def _type_links(asked: Directory, filters: dict[str, str]) -> list[dict[str, Any]]:
    """The types of what is listed, each a link that keeps only it, or the way back from the one chosen."""
    chosen = asked.chosen["type"]
    others = {name: value for name, value in filters.items() if name != "type"}
    return [
        {
            "code": code,
            "words": capital(type_words(code, n)),
            "n": n,
            "url": f"?{urlencode(others if code == chosen else others | {'type': code})}",
            "chosen": code == chosen,
        }
        for code, n in asked.types.items()
    ]


def _letter_links(asked: Directory, filters: dict[str, str]) -> list[tuple[str, str]]:
    return [(letter, f"?{urlencode(filters | {'page': str(page)})}") for letter, page in asked.letters()]


@in_alliance("alliances.view")
def directory_file(request: HttpRequest, alliance: Alliance, form: str) -> HttpResponse:
    """What the filters list, as a file."""
    if form not in WRITERS:
        raise Http404
    asked, _form = _asked(request, alliance)
    actors = list(asked.actors())
    held = spaces_by_actor_all(asked)
    header = [_("Name"), _("Type"), _("Website"), _("Spaces"), _("Number of spaces"), _("Address of the page")]
    rows = (_file_row(request, alliance, actor, held.get(actor.pk, [])) for actor in actors)
    return WRITERS[form](f"acteurs-{alliance.slug}", header, rows)


def spaces_by_actor_all(asked: Directory) -> dict[int, list[str]]:
    """For every actor of the alliance, the names of its spaces. One query, whatever the number of actors."""
    found: dict[int, list[str]] = {}
    rows = asked.seats().order_by("space__sort_key", "space_id").values_list("actor_id", "space__name")
    for actor_id, name in rows.distinct():
        found.setdefault(actor_id, []).append(name)
    return found


def _file_row(request: HttpRequest, alliance: Alliance, actor: Actor, spaces: list[str]) -> list[Any]:
    actor.alliance = alliance
    page = request.build_absolute_uri(actor.get_absolute_url())
    return [actor.name, type_label(actor.type), actor.website, "; ".join(spaces), len(spaces), page]
