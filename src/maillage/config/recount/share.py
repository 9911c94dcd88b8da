"""``maillage share``: an envelope, or seats, between the territories of a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from maillage.config.recount import output
from maillage.config.recount.words import gettext as _
from maillage.core.terminal import language
from maillage.methods.apportionment.compare import Comparison, compare_shares
from maillage.methods.apportionment.dhondt import dhondt
from maillage.methods.apportionment.envelope import POPULATION, Criterion, Settings, Sharing, share_envelope
from maillage.methods.apportionment.explain import explain_share
from maillage.methods.apportionment.hamilton import hamilton
from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.read import Request, read_request
from maillage.methods.apportionment.sainte_lague import sainte_lague
from maillage.methods.apportionment.seats import Seats
from maillage.methods.apportionment.ties import Ties
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Number

METHODS = {"hamilton": hamilton, "sainte-lague": sainte_lague, "dhondt": dhondt}
AMOUNTS = {
    "envelope": "What is shared, in dollars.",
    "base": "To each first: an amount, or a percentage of the envelope in equal parts.",
    "floor": "Least for each.",
    "cap": "Most for each.",
    "floor-per-person": "Least for each, times its population.",
    "cap-per-person": "Most for each, times its population.",
    "unit": "Amounts are whole numbers of this: 0.01, or 100 for hundreds of dollars.",
}
"""Options that are lines of the file too, and win over them."""


def amounts(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of :data:`AMOUNTS`."""
    for name, words in reversed(AMOUNTS.items()):
        command = click.option(f"--{name}", metavar="AMOUNT", help=words)(command)
    return command


@click.command("share", cls=output.Command)
@click.argument("file", type=output.SOURCE)
@amounts
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="COLUMN=PART",
    help="Part of the rest shared by a column: population=60%, need=40%, population*need=100%.",
)
@click.option("--ties", type=click.Choice([str(ties) for ties in Ties]), help="Between equals. Seats: open by default.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the lot.")
@click.option("--seats", type=click.IntRange(min=0), help="Share this number of seats instead of an envelope.")
@click.option("--method", type=click.Choice(list(METHODS)), help="For seats: hamilton (default), sainte-lague, dhondt.")
@click.option("--minimum", type=click.IntRange(min=0), help="Seats: least for each.")
@click.option("--first-divisor", metavar="NUMBER", help="Sainte-Laguë: the divisor of a first seat, as 1.4.")
@click.option("--by", metavar="COLUMN", help="Seats: the column to share by (population).")
@click.option("--explain", multiple=True, metavar="TERRITORY", help="Why this amount or this number.")
@click.option(
    "--compare",
    metavar="FILE",
    type=output.SOURCE,
    help="What changes with another file (its lines; what they do not say is as here).",
)
@output.as_json
def share(file: str, explain: tuple[str, ...], compare: str | None, as_json: bool, **options: Any) -> None:
    """Share an envelope, or seats, between the territories of FILE (CSV or XLSX).

    One line a territory, after a header: territory, population, need… Lines before it may give what the options give
    (envelope; weight population; base…). Amounts in dollars. See docs/methods/apportionment.md.
    """
    request = _request(file)
    if options["seats"] is not None:
        _refuse_with_seats(options, compare)
        _share_seats(request, explain, as_json, {**options, "file": file})
        return
    _refuse_without_seats(options)
    sharing = _sharing(_asked(request, options))
    other = _sharing(_other(_request(compare), sharing)) if compare else None
    comparison = compare_shares(sharing, other) if other else None
    chosen = [_found(name, [share.name for share in sharing.shares]) for name in explain]
    if as_json:
        output.print_json({"file": file, **_as_json(sharing, chosen, comparison)})
        return
    _show(sharing, chosen, comparison)


def _request(file: str) -> Request:
    with output.reading(file) as source:
        if isinstance(source, Path) and source.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"):
            return read_request(_cells(source))
        return read_request(source)


def _cells(path: Path) -> list[list[str]]:
    """The first sheet of a workbook, cells as text; numbers with a point."""
    from python_calamine import CalamineError, CalamineWorkbook

    from maillage.methods.sentences import sentence

    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise Unreadable(sentence("this workbook cannot be opened. Save it again, or save it as CSV.")) from error
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        # The 15 digits that a spreadsheet shows: 1234567.89, not the nearest binary fraction to it.
        return format(Decimal(format(round(cell, 12), ".15g")), "f")
    return str(cell)


def _asked(request: Request, options: Mapping[str, Any]) -> Request:
    """The file's request with the options, which win. They are read as lines of a file would be."""
    lines = [[name.replace("-", " "), options[name.replace("-", "_")]] for name in AMOUNTS]
    lines = [line for line in lines if line[1] is not None]
    for weight in options["weights"]:
        column, sign, part = weight.rpartition("=")
        if not sign:
            raise output.Refusal(_("--weight is written COLUMN=PART, as population=60%."))
        lines.append([f"weight {column}", part])
    said = _as_lines(lines, request)
    settings = _merged(request.settings, said.settings, options)
    return replace(request, envelope=request.envelope if said.envelope is None else said.envelope, settings=settings)


def _as_lines(lines: list[list[str]], request: Request) -> Request:
    """Options read as the first lines of a file that has the columns of this one."""
    try:
        return read_request([*lines, ["territory", *request.columns.values()], ["-"]])
    except Unreadable as error:
        raise output.Refusal(error.reason.said(language())) from None


def _other(request: Request, sharing: Sharing) -> Request:
    """The file to compare with: its own envelope and settings, those of the first where it has none."""
    said = request.settings.criteria or request.settings.base_part
    envelope = sharing.envelope if request.envelope is None else request.envelope
    return replace(request, envelope=envelope, settings=request.settings if said else sharing.settings)


def _merged(settings: Settings, said: Settings, options: Mapping[str, Any]) -> Settings:
    given = {name.replace("-", "_") for name in AMOUNTS if options[name.replace("-", "_")] is not None}
    changes: dict[str, Any] = {name: getattr(said, name) for name in given - {"envelope", "base"}}
    if "base" in given:
        changes |= {"base": said.base, "base_part": said.base_part}
    if options["weights"]:
        changes["criteria"] = said.criteria
    if options["ties"]:
        changes["ties"] = Ties(options["ties"])
    if options["seed"] is not None:
        changes["seed"] = options["seed"]
    merged = replace(settings, **changes)
    _refuse_seed(options["seed"], merged.ties)
    return merged


def _refuse_seed(seed: int | None, ties: Ties) -> None:
    if seed is not None and ties is not Ties.LOT:
        raise output.Refusal(_("%(option)s goes with %(other)s only.") % {"option": "--seed", "other": "--ties lot"})


def _sharing(request: Request) -> Sharing:
    if request.envelope is None:
        raise output.Refusal(_("How much is there to share? Give --envelope, or a line « envelope » in the file."))
    if not request.settings.criteria and not request.settings.base_part:
        columns = ", ".join(request.columns.values()) or "-"
        raise output.Refusal(
            _("Say how to share: --weight population=100%%, for instance. The file's columns: %(columns)s.")
            % {"columns": columns}
        )
    try:
        return share_envelope(request.envelope, request.territories, request.settings)
    except Impossible as error:
        raise output.Refusal(error.said(language())) from None


def _found(name: str, names: list[str]) -> str:
    """The territory that this option names, whatever its case."""
    close = [other for other in names if other.casefold() == name.strip().casefold()]
    if name in names or close:
        return name if name in names else close[0]
    raise output.Refusal(_("No territory is named “%(name)s” in this file.") % {"name": name})


def _money(cents: int) -> Number:
    return Number(Fraction(cents, 100), 2, exact=True)


def _show(sharing: Sharing, chosen: list[str], comparison: Comparison | None) -> None:
    heads: list[str | output.Right] = [_("Territory"), output.Right(_("Base ($)"))]
    heads += [output.Right(f"{criterion} ($)") for criterion in sharing.settings.criteria]
    heads += [output.Right(_("Floors and caps ($)")), output.Right(_("Amount ($)"))]
    rows: list[list[Any]] = []
    for share in sharing.shares:
        parts = [_money(round(part)) for part in (share.base, *share.parts, share.bounds)]
        rows.append([share.name, *parts, _money(share.amount)])
    rows.append([_("Total"), *("" for _part in range(len(heads) - 2)), _money(sharing.envelope)])
    output.print_table(heads, rows)
    for name in chosen:
        total = sharing.by_name[name].amount
        rows = [[line.words, _money(line.cents)] for line in explain_share(sharing, name)]
        output.say()
        output.print_table([_("Why"), output.Right(_("Amount ($)"))], [*rows, [_("Total"), _money(total)]], title=name)
    if comparison:
        heads = [
            _("Territory"),
            output.Right(_("Before ($)")),
            output.Right(_("After ($)")),
            output.Right(_("Change ($)")),
        ]
        rows = [[row.name, *(None if cents is None else _money(cents) for cents in (row.before, row.after)),
                 _money(row.cents)] for row in comparison.changes]  # fmt: skip
        output.say()
        output.print_table(heads, rows)
        for words in comparison.words:
            output.say(words)


def _as_json(sharing: Sharing, chosen: list[str], comparison: Comparison | None) -> dict[str, Any]:
    settings = sharing.settings
    wanted = chosen or [share.name for share in sharing.shares]
    found: dict[str, Any] = {
        "shares": {share.name: share.amount for share in sharing.shares},
        "lines": {
            name: [{"words": line.words, "cents": line.cents} for line in explain_share(sharing, name)]
            for name in wanted
        },
        "total": sharing.envelope,
        "settings": {
            "envelope": sharing.envelope,
            "criteria": [{"columns": list(each.columns), "weight": each.weight} for each in settings.criteria],
            "base": settings.base,
            "base_part": settings.base_part,
            "floor": settings.floor,
            "cap": settings.cap,
            "floor_per_person": settings.floor_per_person,
            "cap_per_person": settings.cap_per_person,
            "unit": settings.unit,
            "ties": settings.ties,
            "seed": settings.seed,
        },
        "ties": [share.name for share in sharing.shares if share.tied],
    }
    if comparison:
        found["comparison"] = {
            "moved": comparison.moved,
            "changes": {
                row.name: {"before": row.before, "after": row.after, "change": row.cents} for row in comparison.changes
            },
        }
    return found


# Seats


def _refuse_with_seats(options: Mapping[str, Any], compare: str | None) -> None:
    wrong = [f"--{name}" for name in AMOUNTS if options[name.replace("-", "_")] is not None]
    wrong += ["--weight"] * bool(options["weights"]) + ["--compare"] * bool(compare)
    if options["first_divisor"] and options["method"] != "sainte-lague":
        wrong.append("--first-divisor")
    if wrong:
        raise output.Refusal(_("%(option)s does not go with these seats.") % {"option": wrong[0]})


def _refuse_without_seats(options: Mapping[str, Any]) -> None:
    for name in ("method", "minimum", "first_divisor", "by"):
        if options[name] is not None:
            option = "--" + name.replace("_", "-")
            raise output.Refusal(_("%(option)s goes with %(other)s only.") % {"option": option, "other": "--seats"})


def _share_seats(request: Request, explain: tuple[str, ...], as_json: bool, options: Mapping[str, Any]) -> None:
    method, more = options["method"] or "hamilton", {}
    if options["first_divisor"]:
        more["first"] = _divisor(options["first_divisor"])
    by = _as_lines([[f"weight {options['by'] or POPULATION}", "100%"]], request).settings.criteria[0]
    claims = _claims(request, by)
    ties = Ties(options["ties"] or "open")
    _refuse_seed(options["seed"], ties)
    minimum, seed = options["minimum"] or 0, options["seed"] or 0
    give: Callable[..., Seats] = METHODS[method]
    try:
        found = give(claims, options["seats"], minimum=minimum, ties=ties, seed=seed, **more)
    except Impossible as error:
        raise output.Refusal(error.said(language())) from None
    chosen = [_found(name, list(claims)) for name in explain]
    if as_json:
        tie = found.tie and {"names": found.tie.names, "seats": found.tie.seats, "given_to": found.tie.given_to}
        settings = {"method": method, "seats": options["seats"], "by": list(by.columns), "minimum": minimum,
                    "ties": ties, "seed": seed, **more}  # fmt: skip
        lines = {name: found.lines[name] for name in chosen or claims}
        output.print_json({"file": options["file"], "seats": found.seats, "lines": lines, "tie": tie,
                           "price": found.price, "total": sum(found.seats.values()), "settings": settings})  # fmt: skip
        return
    rows: list[list[Any]] = [[name, claims[name], seats] for name, seats in found.seats.items()]
    rows.append([_("Total"), sum(claims.values()), sum(found.seats.values())])
    output.print_table([_("Territory"), output.Right(str(by)), output.Right(_("Seats"))], rows)
    if found.tie and not found.tie.given_to:
        output.say(_("Tie for %(seats)s: %(names)s. Decide it with --ties.")
                   % {"seats": found.tie.seats, "names": ", ".join(found.tie.names)})  # fmt: skip
    for name in chosen:
        output.say()
        output.say(_("%(name)s: %(value)s") % {"name": name, "value": found.seats[name]})
        for line in found.lines[name]:
            output.say(line)


def _claims(request: Request, by: Criterion) -> dict[str, Fraction]:
    claims = {}
    for territory in request.territories:
        claim = Fraction(1)
        for column in by.columns:
            if column not in territory.values:
                raise output.Refusal(
                    _("“%(name)s” has no number for “%(column)s”.") % {"name": territory.name, "column": column}
                )
            claim *= territory.values[column]
        claims[territory.name] = claim
    return claims


def _divisor(text: str) -> Fraction:
    try:
        first = Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        first = Fraction(0)
    if not 1 <= first < 3:
        raise output.Refusal(_("--first-divisor is at least 1, and under 3."))
    return first
