"""``maillage protect``: tables of counts that may be published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maillage.config.recount import output
from maillage.config.recount.words import gettext as _
from maillage.config.recount.words import ngettext
from maillage.core.terminal import language

if TYPE_CHECKING:
    from maillage.methods.disclosure.protect import Protected, Protection
    from maillage.methods.disclosure.tables import Cell, CountTable

MARK = "×"
"""What is shown in place of a count withheld: the same for all of them."""


@click.command("protect", cls=output.Command)
@click.argument("file", type=output.SOURCE)
@click.option("--threshold", type=click.IntRange(min=2), default=5, help="The least count published (5).")
@click.option("--width", type=click.IntRange(min=1), help="Least uncertainty about a cell withheld (threshold - 1).")
@click.option("--by", multiple=True, metavar="A,B,C", help="FILE has one line a person: count them by these columns.")
@click.option("--zeros", type=click.Choice(["open", "known", "small"]), default="open", help="See the page.")
@click.option("--hide-unanimous", is_flag=True, help="Hide also that everyone of a group gave the same answer.")
@click.option("--least", type=click.Choice(["cells", "people"]), default="cells", help="What to lose least of.")
@click.option("--seconds", type=click.IntRange(min=0), default=10, help="Time to look for the fewest cells (10).")
@click.option("--explain", multiple=True, metavar="CELL", help="Why: « age=18-29,sex=F », or « total ».")
@click.option("--output", "target", type=click.Path(), metavar="FILE", help="Write what may be published to a CSV.")
@output.as_json
def protect(file: str, explain: tuple[str, ...], target: str | None, as_json: bool, **options: Any) -> None:
    """Withhold small counts of FILE (CSV), and what would give them back.

    One line a cell: categories, then a count; totals are computed. Or one line a person, with --by. What is printed
    (ranges, reasons) is for the author; --output is for the public. See docs/methods/disclosure-control.md.
    """
    protection = _protection(file, options)
    chosen = [_found(name, protection) for name in explain]
    if target is not None:
        _write(protection, target)
    if as_json:
        output.print_json(_as_json(protection, chosen))
    else:
        _show(protection, chosen)


def _protection(file: str, options: dict[str, Any]) -> Protection:
    from maillage.methods.disclosure.counting import count_people
    from maillage.methods.disclosure.protect import protect as protected
    from maillage.methods.disclosure.reading import read_counts
    from maillage.methods.disclosure.tables import CannotProtect, Least, Zeros

    by = [[name.strip() for name in one.split(",")] for one in options["by"]]
    with output.reading(file) as source:
        tables = count_people(source, by) if by else read_counts(source)
    try:
        return protected(
            tables, options["threshold"], options["width"], zeros=Zeros(options["zeros"]),
            hide_unanimous=options["hide_unanimous"], least=Least(options["least"]), seconds=options["seconds"],
        )  # fmt: skip
    except CannotProtect as error:
        raise output.Refusal(error.reason.said(language())) from None


def _found(text: str, protection: Protection) -> Cell:
    """The cell that « age=18-29,sex=F » names, whatever the order and the spaces."""

    def folded(cell: Cell) -> str:
        return ",".join(f"{name}={label}" for name, label in cell.parts).casefold().replace(" ", "")

    wanted = ",".join(sorted(text.casefold().replace(" ", "").split(",")))
    for cell in protection.of:
        if ",".join(sorted(folded(cell).split(","))) == wanted or (not cell.parts and wanted == "total"):
            return cell
    raise output.Refusal(_("There is no cell « %(name)s ». Write it as: age=18-29,sex=F.") % {"name": text})


def _cells(table: CountTable, protection: Protection) -> Iterator[tuple[list[str], Protected]]:
    """Each cell of a table, totals last, with what to call its categories."""
    levels = [[*labels, *table.groups.get(name, {}), None]
              for name, labels in zip(table.variables, table.categories, strict=True)]  # fmt: skip
    for labels in product(*levels):
        yield [_("total") if label is None else label for label in labels], protection.of[table.cell(*labels)]


def _show(protection: Protection, chosen: list[Cell]) -> None:
    from maillage.methods.disclosure.explain import explain
    from maillage.methods.disclosure.tables import Status

    states = {Status.PUBLISHED: "", Status.PRIMARY: _("small"), Status.COMPLEMENTARY: _("helps to hide")}
    for table in protection.tables:
        rows: list[list[Any]] = []
        for labels, one in _cells(table, protection):
            range_ = "" if one.range is None else _range(one.range.low, one.range.high)
            rows.append([*labels, MARK if one.shown is None else one.shown, states[one.status], range_])
        heads: list[str | output.Right] = [
            *table.variables,
            output.Right(_("People")),
            _("Why"),
            _("What can be deduced"),
        ]
        output.print_table(heads, rows, title=table.name)
    _summary(protection)
    for cell in chosen:
        output.say()
        for line in explain(protection, cell):
            output.say(line)


def _range(low: int, high: int | None) -> str:
    if high is None:
        return _("%(low)s or more") % {"low": output.number(low)}
    return _("%(low)s to %(high)s") % {"low": output.number(low), "high": output.number(high)}


def _summary(protection: Protection) -> None:
    lost = len(protection.suppressed)
    output.say(ngettext("%(count)s cell withheld of %(all)s.", "%(count)s cells withheld of %(all)s.", lost)
               % {"count": lost, "all": len(protection.cells)})  # fmt: skip
    if lost:
        output.say(_("None can be deduced: each may be %(threshold)s or more, and cannot be placed closer than "
                     "%(width)s.") % {"threshold": protection.threshold, "width": protection.width})  # fmt: skip
    if not protection.optimal:
        output.say(_("This is safe, but it is not proven that fewer cells would not do. More time: --seconds."))
    if same := len(protection.unanimous):
        output.say(ngettext(
            "In %(count)s group, everyone is in the same category, and it shows. To hide it: --hide-unanimous.",
            "In %(count)s groups, everyone is in the same category, and it shows. To hide it: --hide-unanimous.", same,
        ) % {"count": same})  # fmt: skip


def _write(protection: Protection, target: str) -> None:
    """The public form: no reason, no range, one mark."""
    variables = list(dict.fromkeys(name for table in protection.tables for name in table.variables))
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    several = len(protection.tables) > 1
    lines.writerow([*(["table"] if several else []), *variables, "count"])
    for table in protection.tables:
        for labels, one in _cells(table, protection):
            held = dict(zip(table.variables, labels, strict=True))
            cells = [held.get(name, "") for name in variables]
            lines.writerow(
                [*([table.name] if several else []), *map(_inert, cells), MARK if one.shown is None else one.shown]
            )
    try:
        Path(target).write_text(text.getvalue(), encoding="utf-8")
    except (OSError, ValueError):
        raise output.Refusal(_("%(file)s cannot be written.") % {"file": target}) from None


def _inert(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def _as_json(protection: Protection, chosen: list[Cell]) -> dict[str, Any]:
    """For the author, as the table is: ``value`` is what may be published."""
    from maillage.methods.disclosure.explain import explain

    tables = []
    for table in protection.tables:
        cells = []
        for _labels, one in _cells(table, protection):
            range_ = None if one.range is None else {
                "low": one.range.low, "high": one.range.high, "exact": one.range.exact
            }  # fmt: skip
            cells.append({"categories": dict(one.cell.parts), "value": one.shown, "status": str(one.status),
                          "range": range_})  # fmt: skip
        tables.append({"name": table.name, "population": table.population, "variables": table.variables,
                       "cells": cells})  # fmt: skip
    ranges = [one.range for one in protection.cells if one.range is not None]
    return {
        "threshold": protection.threshold,
        "width": protection.width,
        "tables": tables,
        "audit": {
            "cells": len(protection.cells),
            "withheld": len(ranges),
            "narrowest": min((found.high - found.low for found in ranges if found.high is not None), default=None),
            "optimal": protection.optimal,
            "unanimous": [dict(line.group.parts) for line in protection.unanimous],
        },
        "explain": {
            ",".join(f"{a}={b}" for a, b in cell.parts) or "total": list(explain(protection, cell)) for cell in chosen
        },
    }
