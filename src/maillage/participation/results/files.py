"""A result to take away: its pictures, the table, the document. Nothing in them that the page does not show.

A kind of step gives its own by ``told["taken"]`` and ``told["pictures"]``, asked for only when they are taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.actors.sheets import Sheet
from maillage.core.contributions import (
    ReportBlock,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportSection,
    ReportTable,
)
from maillage.core.formats import date, number, percent
from maillage.core.typesetting import Cover, render_report
from maillage.participation.consultations.models import Consultation, FeedbackLink
from maillage.participation.outreach import showing as outreach
from maillage.participation.outreach.showing import Plan
from maillage.participation.results import charts
from maillage.participation.results.selectors import Shown
from maillage.participation.results.who import Who
from maillage.ui.charts import Bar, bars, bars_words

DRAWN_MOST = 40
"""Options of a picture; the others are in the table."""

WIDE = 6
"""Columns beyond which a table has no room for names."""


Picture = tuple[str, Callable[[], tuple[str, str]]]
"""What it shows, and what gives its ``(svg, words)``."""


def has_files(told: Mapping[str, Any]) -> bool:
    return ("table" in told or "taken" in told) and not told.get("empty")


def pictures(told: Mapping[str, Any]) -> Sequence[Picture]:
    """Each chart of a result; none where there is nothing to draw."""
    if "taken" in told:
        return told.get("pictures", ())
    return [(str(told["table_caption"]), lambda: drawing(told))]


def drawing(told: Mapping[str, Any]) -> tuple[str, str]:
    """``(svg, words)`` of a result: the bands, or the votes of the projects; colours resolved."""
    if told.get("budget"):
        items = [
            Bar(_chosen(row), row["votes"], number(row["votes"])) for row in told["rows"][:DRAWN_MOST]
        ]  # fmt: skip
        return bars(items), bars_words(items)
    bands = [row["band"] for row in told["rows"] if row["band"].total][:DRAWN_MOST]
    return charts.picture(bands, half=told["half"]), " ".join(f"{charts.words(band)}." for band in bands)


def _chosen(row: Mapping[str, Any]) -> str:
    return _("%(name)s (chosen)") % {"name": row["label"]} if row["won"] else str(row["label"])


def table(told: Mapping[str, Any]) -> tuple[Sequence[Any], list[Sequence[Any]]]:
    """The figures, as the page writes them."""
    header, rows = told["taken"]() if "taken" in told else (told["table_header"], told["table"])
    return header, [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: Any) -> Any:
    """A count as a number, so that a spreadsheet adds it up."""
    text = str(cell).replace("\N{NO-BREAK SPACE}", "")
    return int(text) if text.isdecimal() else cell


def sheets(told: Mapping[str, Any], who: Who | None, plan: Plan | None) -> list[Sheet]:
    """The workbook of a step: its figures, who took part, what each group says, the ways towards people."""
    header, rows = table(told)
    found: list[Sheet] = [(_("Results"), header, rows)]
    if who is not None:
        lines: list[list[Any]] = [[_("Everyone"), "", who.total, None]]
        if who.population:
            lines.append([_("Population of the territory"), who.source, who.population, None])
        lines += [
            [one.title, line.label, _("not published") if line.count is None else line.count,
             None if line.count is None else percent(line.share)]
            for one in who.tables for line in one.lines
        ]  # fmt: skip
        found.append((
            _("Who took part"), (_("What is counted"), _("Group"), _("Ballots"), _("Part of the ballots")), lines
        ))  # fmt: skip
    if shares := told.get("by_group"):
        cells = [
            [one.title, group, row[0], share]
            for one in shares for row in one.rows for group, share in zip(one.header[1:], row[1:], strict=True)
        ]  # fmt: skip
        header = (_("What is counted"), _("Group"), pgettext("of a ballot", "Option"), _("Part of the group"))
        found.append((_("By group"), header, cells))
    if plan is not None:
        found.append((_("Towards people"), *outreach.sheet(plan)))
    return found


def pdf(
    consultation: Consultation,
    title: str,
    steps: Sequence[Shown],
    who: Who | None,
    limits: Sequence[str],
    plan: Plan | None,
    links: Sequence[FeedbackLink] = (),
    *,
    language: str,
    on: dt.date,
) -> bytes:
    """The document of results, tagged for assistive technology. ``on`` dates it."""
    facts = [(_("Closed on"), date(consultation.closed_at))] if consultation.closed_at else []
    note = (
        _("This alliance, its organisations and its people are fictional.") if consultation.alliance.fictional else ""
    )
    cover = Cover(
        title=_("Results"), over=consultation.alliance.name, subtitle=title, facts=facts, note=note
    )  # fmt: skip
    sections = [section(one, f"step-{place}", place) for place, one in enumerate(steps) if one.ready and one.told]
    if consultation.feedback:
        sections.append(ReportSection("feedback", _("What was done with it"), _feedback(consultation, links), order=75))
    if who is not None:
        sections.append(ReportSection("who", _("Who took part?"), _who(who) + _by_group(steps), order=80))
    if plan is not None:
        sections.append(ReportSection("outreach", _("How we went towards people"), outreach.blocks(plan), order=85))
    if limits:
        sections.append(
            ReportSection("limits", _("What this result does not say"), [ReportList(list(limits))], order=90)
        )
    return render_report(cover, sections, language=language, on=on, contents=False)


def section(one: Shown, key: str, order: int) -> ReportSection:
    """One step: words, picture, table, how it was counted, how to count it again."""
    told = one.told
    if not has_files(told):
        said = " ".join(map(str, told.get("headline", ()))) or _("See the page of results.")
        return ReportSection(key, str(one.step), [said], order=order)
    blocks: list[ReportBlock] = [" ".join(map(str, told["headline"]))]
    for caption, picture in pictures(told):
        svg, words = picture()
        if words:
            blocks.append(ReportFigure(svg, words, caption))
    header, rows = table(told)
    if len(header) > WIDE:
        # The picture has the names, with the same numbers.
        rows = [[place, *row[1:]] for place, row in enumerate(rows, start=1)]
    numeric = frozenset(range(1, len(header)))
    if "taken" in told:
        numeric = frozenset(range(told["numeric_from"], len(header)))
    blocks.append(ReportTable(told["table_caption"], [str(cell) for cell in header], rows, numeric=numeric))
    if told.get("how_steps"):
        blocks.append(ReportHeading(_("How it was counted")))
        blocks += [str(told["how_name"])] if told["how_name"] else []
        blocks.append(ReportList([f"{head}. {text}" for head, text in told["how_steps"]]))
    if one.result is not None and one.result.command:
        blocks += [ReportHeading(_("Count again yourself")), one.result.command]
    title = one.step.title or (str(one.step) if "taken" in told else _("The order"))
    return ReportSection(key, title, blocks, order=order)


def _feedback(consultation: Consultation, links: Sequence[FeedbackLink]) -> list[ReportBlock]:
    """What the alliance says it did, with the decisions and objectives that this reader sees on the page."""
    named = [link.label or (link.decision.title if link.decision else "") for link in links]
    return [consultation.feedback, *([ReportList(named)] if named else [])]


def _who(who: Who) -> list[ReportBlock]:
    blocks: list[ReportBlock] = [f"{who.lede} {who.against}".strip()]
    for one in who.tables:
        rows = [[line.label, _("not published") if line.count is None else line.count] for line in one.lines]
        blocks.append(ReportTable(one.title, (_("Group"), _("Ballots")), rows, numeric=frozenset({1})))
    return blocks


def _by_group(steps: Sequence[Shown]) -> list[ReportBlock]:
    """What each group says of each step, as on the page."""
    blocks: list[ReportBlock] = []
    for one in steps:
        shares = one.told.get("by_group") if one.ready else None
        if not shares:
            continue
        said = _("What each group says")
        blocks.append(ReportHeading(f"{said}: {one.step}" if len(steps) > 1 else said))
        blocks.append(str(one.told["for_words"]))
        for table in shares:
            numeric = frozenset(range(1, len(table.header)))
            blocks.append(ReportTable(table.title, table.header, table.rows, numeric=numeric))
        blocks.append(_("Groups that are too small are not shown."))
    return blocks
