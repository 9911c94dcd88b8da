"""Sections of the account: members by type, spaces, actors at several tables. What the public sees, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maillage.actors.forms import capital
from maillage.actors.vocabulary import type_words
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.concertation.selectors import seats_of, several_tables, types_by_space
from maillage.concertation.weaving import standing
from maillage.core import contributions
from maillage.core.contributions import ReportFigure, ReportSection, ReportTable
from maillage.core.formats import date, number, percent
from maillage.ui import charts

SEVERAL_SHOWN = 50


@contributions.report.register
def sections(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """What the account says of actors and spaces on ``today``. About ten queries."""
    found = standing(scope, today)
    types, spaces = found.types, found.spaces
    if types:
        yield _members(scope, today, types, spaces)
    if spaces:
        yield _spaces(scope, today, spaces)
    several = _several(scope, today)
    if several is not None:
        yield several


def _members(alliance: Alliance, today: dt.date, types: dict[str, int], spaces: Sequence[Space]) -> ReportSection:
    total = sum(types.values())
    words = ngettext("On %(day)s, %(n)s actor takes part.", "On %(day)s, %(n)s actors take part.", total)
    blocks: list[Any] = [words % {"day": date(today), "n": number(total)}]
    if spaces:
        picture = standing(alliance, today).picture()
        blocks.append(ReportFigure(charts.weave_picture(picture), charts.weave_words(picture), picture.caption))
    rows = [[capital(type_words(code, n)), n, percent(n / total)] for code, n in types.items()]
    header = (_("Type"), _("Actors"), _("Share"))
    blocks.append(ReportTable(_("Actors by type"), header, rows, numeric=frozenset({1, 2})))
    return ReportSection("members-by-type", _("Members by type"), blocks, order=40)


def _spaces(alliance: Alliance, today: dt.date, spaces: Sequence[Space]) -> ReportSection:
    composition = types_by_space(seats_of(alliance, today))
    rows = []
    for space in spaces:
        types = composition.get(space.pk, {})
        kind = capital(str(space.get_kind_display()))
        rows.append([space.name, kind, space.since, sum(types.values()), len(types)])
    words = ngettext("%(n)s space meets.", "%(n)s spaces meet.", len(spaces)) % {"n": number(len(spaces))}
    header = (_("Space"), _("Kind"), _("Since"), _("Members"), _("Types"))
    table = ReportTable(_("Spaces of concertation and their members"), header, rows, numeric=frozenset({3, 4}))
    return ReportSection("spaces", _("Spaces of concertation"), [words, table], order=50)


def _several(alliance: Alliance, today: dt.date) -> ReportSection | None:
    found = several_tables(alliance, today)
    count = found.count()
    if not count:
        return None
    words = ngettext("%(n)s actor sits in several spaces.", "%(n)s actors sit in several spaces.", count)
    rows = [
        [actor.name, capital(type_words(actor.type, 1)), getattr(actor, "tables", 0)] for actor in found[:SEVERAL_SHOWN]
    ]
    caption = _("Actors at several tables")
    if count > SEVERAL_SHOWN:
        caption = _("The %(n)s actors at the most tables") % {"n": number(SEVERAL_SHOWN)}
    table = ReportTable(caption, (_("Actor"), _("Type"), pgettext("spaces", "Tables")), rows, numeric=frozenset({2}))
    return ReportSection("several-tables", _("Who links the tables"), [words % {"n": number(count)}, table], order=60)
