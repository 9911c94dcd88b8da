"""``maillage demo``: loads the fictional alliance; ``--scale province`` makes a large instance to measure."""

from __future__ import annotations

import click

from maillage.core import terminal


@click.command(help="Load the fictional MRC des Deux-Rivières, where it is not there yet.")
@click.option("--reset", "reset_", is_flag=True, help="Remove what is fictional, then load it again.")
@click.option(
    "--scale",
    type=click.Choice(["alliance", "province"]),
    default="alliance",
    show_default=True,
    help="“province”: 104 alliances, 20,000 actors, 60,000 seats, for measuring.",
)
def demo(reset_: bool, scale: str) -> None:
    terminal.start()
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from maillage.demo import province, services

    columns = (TextColumn("{task.description:<16}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, note: str) -> None:
            bar.update(task, completed=done, total=total, description=note)

        try:
            if scale == "province":
                made = province.load(progress=show)
            elif reset_:
                services.reset(progress=show)
                made = True
            else:
                made = services.load(progress=show)
        except services.DemoRefused as refusal:
            raise terminal.Refusal(str(refusal)) from None
    click.echo(
        _("The demonstration is loaded.")
        if made
        else _("The demonstration is already there. Add --reset to start it over.")
    )
    for role, email in services.people_to_sign_in():
        click.echo(f"  {role:<30} {email}")
