"""``maillage import territories|municipalities|boundaries``."""

from __future__ import annotations

import click


def _start() -> None:
    import django

    django.setup()


@click.command("territories")
def import_territories() -> None:
    """Load Quebec, its 17 regions and its 104 MRC and equivalents, which come with Maillage."""
    _start()
    from maillage.territories import services

    outcome = services.load_tree(by=None, via="cli")
    click.echo(
        f"Territories: {outcome.created} rows added, {outcome.updated} changed, {outcome.unchanged} already there."
    )
