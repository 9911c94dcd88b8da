"""``maillage import territories|municipalities|boundaries``."""

from __future__ import annotations

from pathlib import Path

import click


def _start() -> None:
    import django

    django.setup()


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20
"""Rows listed before saying how many are left."""


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"{title}: {len(lines)}")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  … and {len(lines) - SHOWN} more")


@click.command("territories")
def import_territories() -> None:
    """Load Quebec, its 17 regions and its 104 MRC and equivalents, which come with Maillage."""
    _start()
    from maillage.territories import services

    outcome = services.load_tree(by=None, via="cli")
    click.echo(
        f"Territories: {outcome.created} rows added, {outcome.updated} changed, {outcome.unchanged} already there."
    )


@click.command("municipalities")
@click.argument("file", type=FILE)
@click.option("--source", default="", help="Where the list comes from. Default: the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_municipalities(file: Path, source: str, dry_run: bool) -> None:
    """Bring in municipalities from a list (CSV, XLSX, ODS) with their codes."""
    _start()
    from maillage.core.tables import TableError
    from maillage.territories import services
    from maillage.territories.imports import municipalities

    try:
        plan = municipalities.plan(*municipalities.read(file, file.name))
    except TableError as error:
        raise click.ClickException(error.sentence) from error
    for warning in plan.warnings:
        click.echo(warning)
    _list("Rows left aside", [f"line {row.line}: {row.text}: {row.reason}" for row in plan.rejected])
    _list(
        "MRC to be decided (put under their region)",
        [f"{each.row.code} {each.row.name}, {each.parent.name}" for each in plan.undecided],
    )
    if dry_run:
        click.echo(f"{len(plan.create)} to add, {len(plan.update)} to change, {plan.unchanged} the same.")
        return
    outcome = services.apply_municipalities(plan, source=source or file.name, by=None, via="cli")
    click.echo(f"Municipalities: {outcome.created} added, {outcome.updated} changed, {outcome.unchanged} the same.")


@click.command("boundaries")
@click.argument("file", type=FILE)
@click.option("--vintage", required=True, type=click.IntRange(1900, 2100), help="Year of the boundaries.")
@click.option("--source", default="", help="Where they come from. Default: the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_boundaries(file: Path, vintage: int, source: str, dry_run: bool) -> None:
    """Bring in boundaries from a GeoJSON file, in longitude and latitude."""
    _start()
    from maillage.territories import services
    from maillage.territories.imports import boundaries

    try:
        plan = boundaries.plan(*boundaries.read(file), vintage)
    except boundaries.BoundaryError as error:
        raise click.ClickException(error.sentence) from error
    _list("Shapes left aside", [f"shape {row.number}: {row.text}: {row.reason}" for row in plan.rejected])
    _list("Shapes that are no territory known here", [f"shape {each.number}: {each.label}" for each in plan.unmatched])
    if dry_run:
        click.echo(f"{len(plan.create)} to add, {len(plan.update)} to change, {plan.unchanged} the same.")
        return
    outcome = services.apply_boundaries(plan, source=source or file.name, by=None, via="cli")
    click.echo(f"Boundaries: {outcome.created} added, {outcome.updated} changed, {outcome.unchanged} the same.")
