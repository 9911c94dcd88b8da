"""``maillage worker``, ``backup``, ``restore``, ``erase``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

import click

from maillage.core import terminal


@click.command(help="Run the background tasks, until stopped with Ctrl+C or SIGTERM.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 16), help="Tasks at the same time.")
def worker(threads: int) -> None:
    terminal.start()
    from django.utils.translation import gettext as _

    from maillage.core.worker import Service

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    services = [Service() for _index in range(threads)]
    for service in services:
        service.start()
    click.echo(_("The worker runs. Stop it with Ctrl+C: the task under way will end first."))
    while not stop.wait(5):
        for index, service in enumerate(services):
            if not service.runner.is_alive():
                services[index] = Service()
                services[index].start()
    for service in services:
        service.stop()


@click.command(help="Save the database, the files and the ledger of erasures in one archive.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="File or folder. Default: backups/ in the data.")
@click.option("--with-secret-key", is_flag=True, help="Include the secret key too: keep that archive locked away.")
def backup(target: Path | None, with_secret_key: bool) -> None:
    terminal.start()
    from django.utils.translation import gettext as _

    from maillage.core import backups, formats

    try:
        path = backups.backup(target, with_secret_key=with_secret_key)
    except backups.BackupError as error:
        raise terminal.Refusal(str(error)) from None
    size = formats.file_size(path.stat().st_size, terminal.language())
    click.echo(_("Saved in %(path)s (%(size)s).") % {"path": path, "size": size})


@click.command(help="Put back what an archive holds, then erase again what was erased since.")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what the instance holds (a copy of it is saved first).")
def restore(archive: Path, replace: bool) -> None:
    terminal.start()
    from django.utils.translation import gettext as _

    from maillage.core import backups

    try:
        done = backups.restore(archive, replace=replace)
    except backups.BackupError as error:
        raise terminal.Refusal(str(error)) from None
    if done.safety_copy:
        click.echo(_("What was there is saved in %(path)s.") % {"path": done.safety_copy})
    said = _("Restored: %(files)s files, database of %(made_at)s. Erased again: %(erased)s.")
    click.echo(said % {"files": done.files, "made_at": done.made_at, "erased": done.erased})
    click.echo(_("Everyone must sign in again."))


@click.command(help="Erase a person: by e-mail address, user:ID or person:UUID. Asks before it does.")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(who: str, yes: bool) -> None:
    terminal.start()
    from django.utils.translation import gettext as _

    from maillage.core import contributions, personal

    found: dict[str, Any] = {personal.key_of(user): user for user in personal.accounts_known_as(who)}
    for item in contributions.personal_data:
        for subject in item.find(who) if item.find else ():
            found[personal.key_of(subject)] = subject
    if not found:
        raise terminal.Refusal(
            _("Nobody is known as %(who)s. Write an e-mail address, user:ID or person:UUID.") % {"who": who}
        )
    for key, subject in found.items():
        place = getattr(subject, "alliance", None)
        click.echo(f"{key}: {subject}" + (f" ({place})" if place else ""))
    if not yes:
        terminal.confirm(_("Erase for good?"))
    total = sum(sum(personal.erase(subject, by=None, via="cli", scrub=False).values()) for subject in found.values())
    personal.scrub()
    said = _("Erased: %(count)s rows. Backups made before today hold them still; restoring one erases them again.")
    click.echo(said % {"count": total})
