"""Who works with whom: the drawing and its words, an actor's own ties, what changed, the whole reading, the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.actors.selectors import sees_all, vocabulary
from maillage.actors.vocabulary import Scheme
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.network import files, words
from maillage.concertation.network.asked import NAMES, SEATED, Asked, Vocabulary, asked
from maillage.concertation.network.forms import ChangeForm, FilterForm
from maillage.concertation.network.readings import Reading, read
from maillage.concertation.network.selectors import MAIN, MOST_SEATS, SEATS, Node, dated_network
from maillage.concertation.selectors import spaces_of
from maillage.core.access import may
from maillage.core.text import sort_key
from maillage.methods.network.change import Change, change
from maillage.methods.network.chapters import Subject, chapters
from maillage.methods.network.reading import reading as whole_reading
from maillage.ui import charts

PER_PAGE = 10
REACH_SHOWN = 6
OWN_SHOWN = 60
CHANGED_SHOWN = 12


def _read(request: HttpRequest, alliance: Alliance, *, everything: bool) -> tuple[Reading, Vocabulary]:
    known_words = vocabulary(alliance)
    asked_of = asked(request.GET, alliance.today(), known_words)
    return read(alliance, asked_of, known_words, everything=everything), known_words


@in_alliance("alliances.view")
def network(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The page. Its filters are its address: it can be kept and sent."""
    everything = sees_all(request.user, alliance)
    known_words = vocabulary(alliance)
    question = asked(request.GET, alliance.today(), known_words)
    reading = read(alliance, question, known_words, everything=everything)
    known = reading.known
    sectors = words.sector_names(known.group, known_words)
    inside = may(request.user, "alliances.view_inside", alliance)
    focus = next((node for node in known.nodes.values() if node.uuid == request.GET.get("acteur")), None)
    named_like = request.GET.get("q", "").strip()[:120]
    page = Paginator(_named_like(reading, named_like), PER_PAGE).get_page(request.GET.get("page"))
    query = _query(request)
    context: dict[str, Any] = {
        "alliance": alliance,
        "asked": question,
        "reading": reading,
        "known": known,
        "total": len(known.nodes),
        "ties": len(known.pairs),
        "seated": question.network == SEATED,
        "most_seats": MOST_SEATS,
        "form": _form(request, alliance, question, known_words, everything),
        "query": query,
        "kept": [(name, request.GET[name]) for name in NAMES if request.GET.get(name)],
        "named_like": named_like,
        "types": dict(reading.types),
        "kinds": [(kind, words.kind_label(kind), charts.DASHES[kind]) for kind in MAIN if reading.kinds[kind]],
        "svg": reading.svg(sectors, focus.id if focus else ""),
        "svg_words": words.drawing_words(reading, sectors),
        "named": charts.is_named(reading.drawing),
        "crowded": reading.drawing.crowded,
        "draws_inside": charts.draws_inside(reading.drawing),
        "bridges": words.bridge_lines(reading),
        "silos": words.silo_lines(reading, sectors),
        "open_line": words.open_line(reading, sectors),
        "to_reach": reading.to_reach[:REACH_SHOWN],
        "reach_more": len(reading.to_reach) - REACH_SHOWN,
        "idea": words.idea(reading, sectors),
        "meetings_url": _address("concertation_in:meetings", alliance),
        "holding": words.holding_lines(reading, sectors) if inside else [],
        "inside": inside,
        "focus": _focus(reading, focus) if focus else None,
        "page": page,
        "turned": bool(named_like) or "page" in request.GET,
        "lines": [_line(reading, node, sectors) for node in page.object_list],
        "elected": _elected(reading, known_words),
    }
    context |= _change(request, alliance, question, reading, known_words, sectors, everything)
    return render(request, "concertation/network/network.html", context)


def _query(request: HttpRequest, *without: str) -> str:
    """The filters of the address, for the links that keep them."""
    kept = {name: request.GET[name] for name in (*NAMES,) if request.GET.get(name) and name not in without}
    return urlencode(kept)


def _address(name: str, alliance: Alliance) -> str:
    """The address of a page that another part may have, or nothing."""
    try:
        return reverse(name, args=[alliance.slug])
    except NoReverseMatch:
        return ""


def _form(
    request: HttpRequest,
    alliance: Alliance,
    question: Asked,
    known_words: Vocabulary,
    everything: bool,
) -> FilterForm:
    initial: dict[str, Any] = {name: getattr(question, field) for name, field in NAMES.items() if field != "since"}
    if question.day == alliance.today():
        initial["le"] = ""
    form = FilterForm(initial=initial | dict(question.refused))
    form.offer(known_words, list(spaces_of(alliance, question.day, everything=everything)))
    return form


def _named_like(reading: Reading, text: str) -> Sequence[Node]:
    """The actors whose name holds each of these words, those with the most ties first; without words, all of them."""
    words_of = sort_key(text).split()
    if not words_of:
        return reading.ranked
    return [node for node in reading.ranked if all(word in sort_key(node.name) for word in words_of)]


def _line(reading: Reading, node: Node, sectors: Mapping[str, str]) -> dict[str, Any]:
    return {
        "node": node,
        "sector": sectors.get(node.group(reading.known.group), ""),
        "ties": reading.degrees[node.id],
        "reached": reading.brokers[node.id].reached,
        "bridge": reading.is_bridge(node),
        "to_reach": bool(reading.known.pairs) and reading.degrees[node.id] < 2,
    }


def _focus(reading: Reading, node: Node) -> dict[str, Any]:
    """The ties of one actor, the others' names in alphabetical order."""
    nodes = reading.known.nodes
    own = []
    for (one, other), pair in reading.own(node.id):
        own.append((nodes[other if one == node.id else one], pair))
    own.sort(key=lambda item: item[0].id)
    lines = [
        {"node": met, "kinds": words.kind_labels(pair.kinds), "pair": pair, "seated": pair.kinds == (SEATS,)}
        for met, pair in own[:OWN_SHOWN]
    ]
    return {"node": node, "lines": lines, "count": len(own), "more": len(own) - len(lines)}


def _elected(reading: Reading, known_words: Vocabulary) -> dict[str, Any] | None:
    """Ties between municipalities and community organisations, by scale; nothing where one side is absent."""
    found = reading.between
    if not all(found.actors):
        return None
    scales = words.scale_names(known_words)
    order = {word.code: i for i, word in enumerate(known_words[Scheme.SCALE])}
    sides = [
        [
            {"scale": scales.get(row.scale, row.scale), "actors": row.actors, "tied": row.tied, "ties": row.ties}
            for row in sorted(rows, key=lambda row: order.get(row.scale, len(order)))
        ]
        for rows in (found.first, found.second)
    ]
    return {"ties": found.ties, "municipalities": sides[0], "community": sides[1], "actors": found.actors}


def _change(
    request: HttpRequest, alliance: Alliance, question: Asked, reading: Reading, known_words: Vocabulary,
    sectors: Mapping[str, str], everything: bool,
) -> dict[str, Any]:  # fmt: skip
    """What changed since the day that was asked, where one was."""
    since, refused = question.since, question.refused
    form = ChangeForm(
        initial={"depuis": refused.get("depuis") or since, "le": refused.get("le") or question.day},
        auto_id="change_%s",
    )
    context: dict[str, Any] = {
        "change_form": form,
        "change_hidden": [
            (name, request.GET[name]) for name in NAMES if request.GET.get(name) and name not in ("le", "depuis")
        ],
        "refused": refused,
        "change": None,
    }
    if since is None or question.network == SEATED:
        return context
    dated = dated_network(alliance, reading.known, known_words, everything=everything)
    found = change(dated, since, question.day)
    names = {actor.id: actor.name for actor in dated.actors}
    context["change"] = {
        "since": since,
        "day": question.day,
        "none_before": not (found.ties_ended or found.ties_stayed),
        "figures": [
            (len(found.ties_came), _("ties came")),
            (len(found.ties_ended), _("ties ended")),
            (len(found.ties_stayed), _("ties stayed")),
        ],
        "sectors": [
            (sectors.get(row.sector, row.sector), row)
            for row in sorted(found.sectors, key=lambda row: (not row.sector, sectors.get(row.sector, row.sector)))
        ],
        "came": _named_pairs(found.ties_came, names),
        "ended": _named_pairs(found.ties_ended, names),
        "found": found,
        "actors": _actors_changed(found, names),
    }
    return context


def _named_pairs(pairs: Sequence[tuple[str, str]], names: Mapping[str, str]) -> dict[str, Any]:
    shown = [(names[one], names[other]) for one, other in pairs[:CHANGED_SHOWN]]
    return {"shown": shown, "more": len(pairs) - len(shown)}


def _actors_changed(found: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "came": words.listed([names[id_] for id_ in found.actors_came]),
        "ended": words.listed([names[id_] for id_ in found.actors_ended]),
    }


@in_alliance("alliances.view")
def whole(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Everything the method says of the network, subject by subject; what holds by one thread, for members only."""
    everything = sees_all(request.user, alliance)
    reading, known_words = _read(request, alliance, everything=everything)
    names = words.sector_names(reading.known.group, known_words) | words.scale_names(known_words)
    inside = may(request.user, "alliances.view_inside", alliance)
    language = "en" if get_language() == "en" else "fr"
    found = [
        (chapter.heading.said(language), [line.said(language) for line in chapter.lines])
        for chapter in chapters(whole_reading(reading.known.network), names)
        if inside or chapter.subject != Subject.HOLDING
    ]
    context = {
        "alliance": alliance,
        "known": reading.known,
        "chapters": found,
        "query": _query(request),
        "inside": inside,
    }
    return render(request, "concertation/network/whole.html", context)


@in_alliance("alliances.view")
def network_file(request: HttpRequest, alliance: Alliance, what: str, form: str) -> HttpResponse:
    """The actors or the ties, as CSV or XLSX, through the page's filters."""
    if what not in (files.NODES, files.TIES) or form not in files.FORMS:
        raise Http404
    reading, known_words = _read(request, alliance, everything=False)
    return files.table(reading, what, form, alliance.slug, known_words)


@in_alliance("alliances.view")
def network_graphml(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The whole as GraphML."""
    reading, _words = _read(request, alliance, everything=False)
    return files.graphml(reading, alliance.slug)


@in_alliance("alliances.view")
def network_marks(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """For the script of the page: what the reader sees there, no more."""
    reading, _words = _read(request, alliance, everything=sees_all(request.user, alliance))
    return files.marks_and_ties(reading)
