"""What this part gives to the others: a section of the account, figures of the compass, the entry of the menu."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.selectors import vocabulary
from maillage.actors.vocabulary import Scheme
from maillage.alliances.models import Alliance
from maillage.concertation.network import words
from maillage.concertation.network.asked import Asked
from maillage.concertation.network.readings import Reading, read
from maillage.concertation.network.selectors import dated_network
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import (
    Evidence,
    NavigationItem,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportSection,
    ReportTable,
)
from maillage.core.formats import date, number
from maillage.methods.network.change import change
from maillage.ui import charts

LEAST_TIES = 5
LEAST_ACTORS = 5
"""Below, a share says nothing: « pas assez de données »."""
MOST_TIED = 10


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """« Qui fait quoi » for anyone; the agent has the page in the side menu too."""
    url = reverse("concertation_in:network", args=[scope.slug])
    voices = reverse("concertation_in:voices", args=[scope.slug])
    yield NavigationItem(label=_("Who does what"), url=url, order=34, also=[voices])
    if viewer is not None and may(viewer, "concertation.edit", scope):
        yield NavigationItem(
            label=_("Who works with whom"), url=url, area="workspace", group=_("Actors and ties"), order=34
        )


def _public(alliance: Alliance, today: dt.date) -> Reading:
    """The whole network as the public sees it."""
    return read(alliance, Asked(day=today), vocabulary(alliance), everything=False)


@contributions.report.register
def sections(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """The network in the account: figures, words, the drawing, what changed in a year. What the public sees."""
    reading = _public(scope, today)
    known = reading.known
    if not known.pairs:
        return
    known_words = vocabulary(scope)
    sectors = words.sector_names(known.group, known_words)
    told = ngettext(
        "On %(day)s, %(told)s actor out of %(all)s told its ties.",
        "On %(day)s, %(told)s actors out of %(all)s told their ties.",
        known.told,
    ) % {"day": date(today), "told": number(known.told), "all": number(len(known.nodes))}
    counted = ngettext(
        "%(n)s tie is known, %(waiting)s of which not confirmed yet.",
        "%(n)s ties are known, %(waiting)s of which not confirmed yet.",
        len(known.pairs),
    ) % {"n": number(len(known.pairs)), "waiting": number(known.unconfirmed)}
    said = [f"{line.name} – {line.words}" for line in words.silo_lines(reading, sectors)]
    said = [f"{line.name} {line.words}" for line in words.bridge_lines(reading)] + said
    if reading.to_reach:
        names = words.listed([node.name for node in reading.to_reach])
        said.append(_("To reach out to: %(names)s.") % {"names": names})
    if idea := words.idea(reading, sectors):
        said.append(idea)
    blocks: list[Any] = [f"{told} {counted}"]
    svg = reading.svg(sectors, palette=charts.PRINT)
    blocks.append(ReportFigure(svg, words.drawing_words(reading, sectors), _("Who works with whom, by sector")))
    if said:
        blocks += [ReportHeading(_("What the drawing shows")), ReportList(said)]
    rows = [
        [
            node.name,
            sectors.get(node.group(known.group), ""),
            reading.degrees[node.id],
            reading.brokers[node.id].reached,
        ]
        for node in reading.ranked[:MOST_TIED]
    ]  # fmt: skip
    header = (_("Actor"), _("Sector"), _("Ties"), _("Other sectors reached"))
    blocks.append(ReportTable(_("The most tied actors"), header, rows, numeric=frozenset({2, 3})))
    blocks += _change(scope, reading, today)
    yield ReportSection("network", _("The network"), blocks, order=62)


def _change(alliance: Alliance, reading: Reading, today: dt.date) -> list[Any]:
    """What came, ended and stayed in a year; nothing where no tie was known then."""
    since = today - dt.timedelta(days=365)
    known_words = vocabulary(alliance)
    found = change(dated_network(alliance, reading.known, known_words, everything=False), since, today)
    if not (found.ties_stayed or found.ties_ended):
        return []
    sectors = words.sector_names(reading.known.group, known_words)
    values = {
        "day": date(since), "came": number(len(found.ties_came)), "ended": number(len(found.ties_ended)),
        "stayed": number(len(found.ties_stayed)),
    }  # fmt: skip
    text = _("Since %(day)s: ties that came, %(came)s; that ended, %(ended)s; that stayed, %(stayed)s.") % values
    rows = [
        [sectors.get(row.sector, row.sector), row.ties_came, row.ties_ended, row.ties_stayed] for row in found.sectors
    ]
    header = (_("Sector"), _("Ties that came"), _("Ties that ended"), _("Ties that stayed"))
    caption = _("By sector. A tie between two sectors counts in both.")
    return [ReportHeading(_("What changed in a year")), text, ReportTable(caption, header, rows, frozenset({1, 2, 3}))]


@contributions.evidence.register
def evidence(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Key elements 3 and 7, in percents and counts; ``None`` where there is not enough to say."""
    reading = _public(scope, today)
    met = reading.meetings
    enough = met.ties >= LEAST_TIES
    source = _("ties told by the actors, on the page “Who works with whom”")
    yield Evidence(
        element=3,
        label=_("Ties across sectors"),
        value=round(100 * met.across / met.ties) if enough else None,
        formula=_("ties between two sectors ÷ ties whose two sectors are known × 100"),
        source=source,
        on=today,
        note="" if enough else _("Not enough data: at least %(n)s ties are needed.") % {"n": LEAST_TIES},
    )
    nodes = list(reading.known.nodes.values())
    scales = {code for node in nodes for code in node.scales}
    every = len(vocabulary(scope)[Scheme.SCALE])
    yield Evidence(
        element=3,
        label=_("Territory scales present"),
        value=len(scales) if scales else None,
        formula=_("different scales of the actors present, out of the %(n)s of the list") % {"n": number(every)},
        source=_("the actors’ pages"),
        on=today,
        note="" if scales else _("Not enough data: no actor says its scale."),
    )
    # Governance tells the balance of types around the tables; here, among all the actors.
    yield _balance(Counter(node.type for node in nodes), today)


def _balance(types: Counter[str], today: dt.date) -> Evidence:
    """The inverse of Simpson's index: how many types, equally present, would be as varied as these."""
    known = Counter({code: n for code, n in types.items() if code != "unspecified"})
    total = known.total()
    enough = total >= LEAST_ACTORS
    return Evidence(
        element=7,
        label=_("Balance of types among the actors"),
        value=round(total**2 / sum(n * n for n in known.values()), 1) if enough else None,
        formula=_("1 ÷ sum of the squared shares of the types (Simpson 1949): as varied as this many equal types"),
        source=_("types of the actors, those to be specified left out"),
        on=today,
        note="" if enough else _("Not enough data: at least %(n)s actors are needed.") % {"n": LEAST_ACTORS},
    )
