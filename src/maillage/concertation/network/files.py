"""The network as files: what the page shows to this reader's public side, in formats that programs open.

Never more than the public sees, whoever asks: a file travels. What was ended, declined, hidden or merged is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.actors import sheets
from maillage.actors.templatetags.actors import type_label
from maillage.concertation.network.asked import Vocabulary
from maillage.concertation.network.readings import Reading
from maillage.concertation.network.words import kind_labels, scale_names, sector_names
from maillage.core.text import sort_key

NODES, TIES = "acteurs", "liens"
FORMS = ("csv", "xlsx")
WRITERS = {"csv": sheets.csv_response, "xlsx": sheets.xlsx_response}


def table(reading: Reading, what: str, form: str, name: str, words: Vocabulary) -> HttpResponse:
    """The actors or the ties, as CSV or XLSX."""
    header, rows = _nodes(reading, words) if what == NODES else _ties(reading)
    return WRITERS[form](f"{what}-{name}", header, rows)


def _nodes(reading: Reading, words: Vocabulary) -> tuple[list[str], Iterator[list[Any]]]:
    sectors, scales = sector_names(reading.known.group, words), scale_names(words)
    header = [
        _("Identifier"), _("Actor"), _("Type"), _("Sector"), _("Territory scale"), _("Ties"),
        _("Other sectors reached"),
    ]  # fmt: skip
    rows = (
        [
            node.uuid, node.name, type_label(node.type), sectors.get(node.group(reading.known.group), ""),
            scales.get(node.scale, ""), reading.degrees[node.id], reading.brokers[node.id].reached,
        ]
        for node in reading.ranked
    )  # fmt: skip
    return header, rows


def _ties(reading: Reading) -> tuple[list[str], Iterator[list[Any]]]:
    nodes = reading.known.nodes
    header = [
        _("Actor"), _("Other actor"), _("Kinds of ties"), _("Since"), _("Confirmed"), _("Identifier"),
        _("Identifier of the other actor"),
    ]  # fmt: skip
    rows = (
        [
            nodes[one].name, nodes[other].name, kind_labels(pair.kinds), pair.since.isoformat() if pair.since else "",
            _("yes") if pair.confirmed else _("no"), nodes[one].uuid, nodes[other].uuid,
        ]
        for (one, other), pair in sorted(reading.known.pairs.items())
    )  # fmt: skip
    return header, rows


KEYS = (
    ("node", "name", "string"), ("node", "type", "string"), ("node", "sector", "string"), ("node", "scale", "string"),
    ("edge", "kinds", "string"), ("edge", "since", "string"), ("edge", "confirmed", "boolean"),
)  # fmt: skip
_BAD = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
"""What XML cannot hold at all."""


def graphml(reading: Reading, name: str) -> HttpResponse:
    """The network for Gephi, networkx, igraph…: codes rather than words, so that programs read both languages."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'<key id="{kind[0]}-{key}" for="{kind}" attr.name="{key}" attr.type="{type_}"/>'
            for kind, key, type_ in KEYS
        ),
        f'<graph id={quoteattr(sort_key(name) or "graph")} edgedefault="undirected">',
    ]
    nodes = reading.known.nodes
    for node in nodes.values():
        values = {
            "name": node.name, "type": node.type, "sector": node.group(reading.known.group), "scale": node.scale
        }  # fmt: skip
        lines.append(f'<node id="{node.uuid}">{_data("n", values)}</node>')
    for (one, other), pair in sorted(reading.known.pairs.items()):
        values = {
            "kinds": " ".join(pair.kinds), "since": pair.since.isoformat() if pair.since else "",
            "confirmed": "true" if pair.confirmed else "false",
        }  # fmt: skip
        lines.append(f'<edge source="{nodes[one].uuid}" target="{nodes[other].uuid}">{_data("e", values)}</edge>')
    lines += ["</graph>", "</graphml>", ""]
    response = HttpResponse("\n".join(lines).encode(), content_type="application/graphml+xml")
    response["Content-Disposition"] = f'attachment; filename="reseau-{name}.graphml"'
    return response


def _data(kind: str, values: dict[str, str]) -> str:
    return "".join(
        f'<data key="{kind}-{key}">{escape(value.translate(_BAD))}</data>' for key, value in values.items() if value
    )


def marks_and_ties(reading: Reading) -> HttpResponse:
    """For the page's own script: the ties of every mark of the drawing, by its place, with their kinds."""
    place = {id_: i for i, id_ in enumerate(reading.known.network.graph.ids)}
    ties = [
        [place[one], place[other], kind_labels(pair.kinds)]
        for (one, other), pair in sorted(reading.known.pairs.items())
    ]
    return HttpResponse(json.dumps({"ties": ties}, ensure_ascii=False), content_type="application/json")
