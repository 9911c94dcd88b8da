"""``maillage import territories|municipalities|boundaries``. What they say is in the language of the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.core import terminal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20
"""Rows listed before saying how many are left."""


def _list(title: str, lines: list[str]) -> None:
    from django.utils.translation import gettext as _

    if not lines:
        return
    click.echo(f"{title} ({len(lines)})")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo("  … " + _("and %(left)s more.") % {"left": len(lines) - SHOWN})


def _outcome(counts: dict[str, int]) -> None:
    from django.utils.translation import gettext as _

    click.echo(_("%(created)s added, %(updated)s changed, %(unchanged)s the same.") % counts)


@click.command("territories")
def import_territories() -> None:
    """Load Quebec, its 17 regions and its 104 MRC and equivalents, which come with Maillage."""
    terminal.start()
    from maillage.territories import services

    _outcome(services.load_tree(by=None, via="cli").as_dict())


@click.command("municipalities")
@click.argument("file", type=FILE)
@click.option("--source", default="", help="Where the list comes from. Default: the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_municipalities(file: Path, source: str, dry_run: bool) -> None:
    """Bring in municipalities from a list (CSV, XLSX, ODS) with their codes."""
    _bring_in("municipalities", file, source, dry_run)


@click.command("boundaries")
@click.argument("file", type=FILE)
@click.option("--vintage", required=True, type=click.IntRange(1900, 2100), help="Year of the boundaries.")
@click.option("--source", default="", help="Where they come from. Default: the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_boundaries(file: Path, vintage: int, source: str, dry_run: bool) -> None:
    """Bring in boundaries from a GeoJSON file, in longitude and latitude."""
    _bring_in("boundaries", file, source, dry_run, vintage)


def _bring_in(what: str, file: Path, source: str, dry_run: bool, vintage: int | None = None) -> None:
    """The same reading, preview and writing as on the operator's page."""
    terminal.start()
    from django.utils.translation import gettext as _

    from maillage.territories import bringing

    try:
        plan = bringing.read(what, file, file.name, vintage)
    except bringing.Refused as error:
        raise terminal.Refusal(error.sentence) from error
    preview = bringing.describe(what, plan)
    for warning in preview.warnings:
        click.echo(warning)
    for listing in preview.listings:
        if listing.matters or dry_run:
            _list(listing.title, listing.rows)
    if dry_run:
        said = _("%(created)s to add, %(updated)s to change, %(unchanged)s the same. Nothing was written.")
        click.echo(said % {"created": preview.create, "updated": preview.update, "unchanged": preview.unchanged})
        return
    _outcome(bringing.write(what, plan, source=source or file.name, by=None, via="cli").as_dict())
