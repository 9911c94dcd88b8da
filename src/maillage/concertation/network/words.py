"""Words of the page: names of sectors, types and kinds of ties, and what the drawing shows, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.models import Tie
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.concertation.network.asked import Vocabulary
from maillage.concertation.network.readings import BRIDGES_SHOWN, Reading
from maillage.concertation.network.selectors import SEATS
from maillage.core.formats import number, percent
from maillage.methods.network.depth import Part

NAMES_SHOWN = 5


def kind_label(kind: str) -> str:
    """« Projet commun »."""
    return capital(_("sitting together") if kind == SEATS else str(Tie.Kind(kind).label))


def kind_labels(kinds: Iterable[str]) -> str:
    """« Projet commun, référence de personnes »."""
    labels = [_("sitting together") if kind == SEATS else str(Tie.Kind(kind).label) for kind in kinds]
    return capital(", ".join(labels))


def sector_names(group: str, words: Vocabulary) -> dict[str, str]:
    """The names of what the drawing groups by; the empty code is « à préciser »."""
    if group == "type":
        named = {code: str(label) for code, label in ActorType.choices}
    else:
        named = {word.code: word.label for word in words[group]}
    return {code: capital(label) for code, label in named.items()} | {"": _("To be specified")}


def scale_names(words: Vocabulary) -> dict[str, str]:
    """The names of the scales; the empty code is « à préciser »."""
    return {word.code: capital(word.label) for word in words[Scheme.SCALE]} | {"": _("To be specified")}


def listed(names: Sequence[str]) -> str:
    """« a, b et c »; beyond a few, the others are counted."""
    rest = len(names) - NAMES_SHOWN
    if rest > 0:
        first = ", ".join(names[:NAMES_SHOWN])
        words = ngettext("%(names)s and %(n)s other", "%(names)s and %(n)s others", rest)
        return words % {"names": first, "n": number(rest)}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


@dataclass(frozen=True)
class Line:
    """A sentence whose first words are a name, in bold; ``actor``: whose it is."""

    name: str
    words: str
    uuid: str = ""


def bridge_lines(reading: Reading) -> list[Line]:
    """Who links the sectors."""
    nodes, by_type = reading.known.nodes, reading.known.group == "type"
    found = []
    for broker in reading.bridges[:BRIDGES_SHOWN]:
        node, n = nodes[broker.actor], broker.reached
        words = (
            ngettext("links %(n)s other type of actors.", "links %(n)s other types of actors.", n)
            if by_type
            else ngettext("links %(n)s other sector.", "links %(n)s other sectors.", n)
        )
        found.append(Line(node.name, words % {"n": number(n)}, node.uuid))
    return found


def silo_lines(reading: Reading, sectors: Mapping[str, str]) -> list[Line]:
    """The sectors whose ties stay inside, the most closed first."""
    found = []
    for silo in reading.silos[:BRIDGES_SHOWN]:
        ties = silo.inside + silo.outside
        words = ngettext(
            "%(inside)s of its %(n)s tie stays inside (%(share)s).",
            "%(inside)s of its %(n)s ties stay inside (%(share)s).",
            ties,
        )
        values = {"inside": number(silo.inside), "n": number(ties), "share": percent(float(silo.share))}
        found.append(Line(sectors.get(str(silo.group), str(silo.group)), words % values))
    return found


def open_line(reading: Reading, sectors: Mapping[str, str]) -> str:
    """« Le plus ouvert : Transport (38 %) », where one is told closed."""
    found = reading.most_open
    if found is None or any(silo.group == found[0] for silo in reading.silos):
        return ""
    return _("The most open: %(sector)s (%(share)s).") % {
        "sector": sectors.get(found[0], found[0]),
        "share": percent(float(found[1])),
    }


def idea(reading: Reading, sectors: Mapping[str, str]) -> str:
    """Which two sectors could meet."""
    pair = reading.apart
    if pair is None:
        return ""
    values = {"one": sectors.get(pair.one, pair.one), "other": sectors.get(pair.other, pair.other)}
    if pair.ties:
        return _("Invite “%(one)s” and “%(other)s” to a common meeting: a single thread joins them today.") % values
    return _("Invite “%(one)s” and “%(other)s” to a common meeting: no known tie joins them today.") % values


def holding_lines(reading: Reading, sectors: Mapping[str, str]) -> list[Line]:
    """Without whom others would be cut off: for members only."""
    nodes = reading.known.nodes
    found = []
    for point in reading.cut_points[:NAMES_SHOWN]:
        n = point.cut_actors
        words = ngettext(
            "Without this actor, %(n)s other would be cut off from the rest: %(cut)s.",
            "Without this actor, %(n)s others would be cut off from the rest: %(cut)s.",
            n,
        )
        values = {"n": number(n), "cut": _cut(point.cut, reading, sectors)}
        found.append(Line(nodes[point.actor].name, words % values, nodes[point.actor].uuid))
    return found


def _cut(parts: Sequence[Part], reading: Reading, sectors: Mapping[str, str]) -> str:
    """The actors cut off where all are named; else their sectors."""
    ids = [id_ for part in parts for id_ in part.actors]
    if len(ids) == sum(part.size for part in parts):
        return listed([reading.known.nodes[id_].name for id_ in ids])
    codes = sorted({code for part in parts for code, _n in part.sectors})
    return listed([sectors.get(code, code) for code in codes])


def drawing_words(reading: Reading, sectors: Mapping[str, str]) -> str:
    """The drawing as one sentence or two, for whoever does not see it."""
    actors, ties = len(reading.known.nodes), len(reading.known.pairs)
    said = [
        ngettext("%(n)s actor around a circle", "%(n)s actors around a circle", actors) % {"n": number(actors)}
        + ngettext(", joined by %(n)s tie.", ", joined by %(n)s ties.", ties) % {"n": number(ties)}
    ]
    names = [sectors.get(wedge.sector, wedge.sector) for wedge in reading.drawing.wedges]
    if names:
        said.append(_("Clockwise from the top: %(names)s.") % {"names": ", ".join(names)})
    said.append(_("The table below holds the same data."))
    return " ".join(said)
