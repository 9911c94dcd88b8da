"""``maillage import ballots``: votes held elsewhere, as closed and published consultations.

Another import of this room is one more command here, named in ``config/imports_cli.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from maillage.core import terminal


@click.command("ballots", help="Bring in votes held elsewhere: Pabulib files (.pb), tables of grades or scores (.csv).")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alliance", "slug", required=True, help="Address of the alliance.")
@click.option("--by", "email", default="", help="Account that acts; by default an agent of the alliance.")
@click.option("--method", type=click.Choice(["grades", "score"]), default="grades", show_default=True,
              help="What the numbers of a table are.")  # fmt: skip
def import_ballots(files: tuple[Path, ...], slug: str, email: str, method: str) -> None:
    terminal.start()
    from django.core.exceptions import PermissionDenied
    from django.utils.translation import gettext as _

    from maillage.participation.results.imports import ImportRefused

    alliance, user = acting(slug, email)
    for file in files:
        try:
            _import(file, alliance, user, method)
        except ImportRefused as error:
            raise terminal.Refusal(f"{file.name}: {error}") from error
        except PermissionDenied as error:
            raise terminal.Refusal(_("This account may not import in this alliance.")) from error


def acting(slug: str, email: str) -> tuple[Any, Any]:
    """The alliance, and the account that is written in the log: the one named, else an agent of the alliance."""
    from django.utils.translation import gettext as _

    from maillage.accounts.models import User
    from maillage.alliances.models import Alliance, Role

    alliance = Alliance.objects.select_related("parent").filter(slug=slug).first()
    if alliance is None:
        raise terminal.Refusal(_("There is no alliance at the address “%(slug)s”.") % {"slug": slug})
    if email:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
    else:
        agents = Role.objects.at(alliance.today()).filter(
            person__alliance=alliance, person__user__is_active=True, kind=Role.Kind.AGENT
        )
        role = agents.select_related("person__user").order_by("id").first()
        user = role.person.user if role else None
    if user is None:
        raise terminal.Refusal(_("No account may import in this alliance. Name one with --by."))
    return alliance, user


def _import(file: Path, alliance: Any, user: Any, method: str) -> None:
    from django.utils import timezone

    from maillage.participation.results import imports

    with _told(file.name) as show:
        done = imports.import_ballots(
            alliance=alliance, data=file.read_bytes(), name=file.name, by=user, now=timezone.now(), method=method,
            progress=show,
        )  # fmt: skip
    _said(file.name, alliance, done)


@click.command("opinions", help="Bring in conversations held elsewhere: folders of votes as Polis exports them.")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--alliance", "slug", required=True, help="Address of the alliance.")
@click.option("--by", "email", default="", help="Account that acts; by default an agent of the alliance.")
@click.option("--language", default="fr", show_default=True, help="Language of the statements.")
def import_opinions(folders: tuple[Path, ...], slug: str, email: str, language: str) -> None:
    terminal.start()
    from django.core.exceptions import PermissionDenied
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from maillage.participation.opinions import importing
    from maillage.participation.results.imports import ImportRefused

    alliance, user = acting(slug, email)
    for folder in folders:
        try:
            with _told(folder.name) as show:
                done = importing.import_opinions(
                    alliance=alliance, folder=folder, by=user, now=timezone.now(), language=language[:8], progress=show
                )
        except ImportRefused as error:
            raise terminal.Refusal(f"{folder.name}: {error}") from error
        except PermissionDenied as error:
            raise terminal.Refusal(_("This account may not import in this alliance.")) from error
        _said(folder.name, alliance, done)


@contextmanager
def _told(name: str) -> Iterator[Callable[[int, int, str], None]]:
    """How far it is, on the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<16}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name[:40], total=None)
        yield lambda done, total, note: bar.update(task, completed=done, total=total or None, description=note)


def _said(name: str, alliance: Any, done: Any) -> None:
    """What became of it, and where."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    where = terminal.address(lambda: reverse("participation_in:results", args=[alliance.slug, done.consultation.uuid]))
    if not done.made:
        click.echo(_("%(file)s was there already: nothing changed. %(where)s") % {"file": name, "where": where})
        return
    click.echo(_("%(file)s: %(title)s. %(where)s") % {"file": name, "title": done.consultation.title, "where": where})
    for note in done.notes:
        click.echo(f"  {note}")
