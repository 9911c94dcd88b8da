"""``maillage account SLUG``: the public account of an alliance, from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.core import terminal


@click.command(help="Write the public account of the alliance SLUG to a file.")
@click.argument("slug")
@click.option("--format", "format_", type=click.Choice(["pdf", "xlsx"]), default="pdf", show_default=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="File to write; by default, here.")
def account(slug: str, format_: str, lang: str, to: Path | None) -> None:
    terminal.start()
    from django.utils.translation import gettext as _
    from rich.console import Console

    from maillage.alliances.access import find_alliance
    from maillage.reporting.services import write_account

    console = Console(stderr=True)
    alliance, _current = find_alliance(slug)
    if alliance is None:
        raise terminal.Refusal(_("There is no alliance at the address “%(slug)s”.") % {"slug": slug})
    if lang == "en" and not alliance.offers_english:
        raise terminal.Refusal(_("This alliance does not offer English."))
    with console.status("…") as status:
        # Whoever holds the command line is the operator, who reads no private content: what is public only.
        name, data = write_account(
            alliance, viewer=None, format=format_, language=lang, audience="public", today=alliance.today(),
            progress=lambda done, total, _note: status.update(f"{done}/{total}"),  # notes are in the account's language
        )  # fmt: skip
    path = to or Path(name)
    try:
        path.write_bytes(data)
    except OSError as error:
        said = _("“%(path)s” cannot be written. Check that its folder exists and that you may write in it.")
        raise terminal.Refusal(said % {"path": path}) from error
    click.echo(str(path))
