"""``maillage serve``: prepares the instance, then serves it with gunicorn, in one process tree.

In the demonstration mode it listens on this machine only. With the embedded database, background tasks
run in a thread of the server; with another database, run ``maillage worker`` beside it.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

import click

from maillage.core import terminal


@click.command(help="Prepare the instance and serve it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--bind", default="", help="Address to listen on (production only). Default: 127.0.0.1.")
@click.option("--workers", default=0, help="Processes. Default: one with the embedded database, else one per core.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
@click.option("--prepare-only", is_flag=True, help="Migrate, collect static files, then stop.")
def serve(port: int, bind: str, workers: int, threads: int, prepare_only: bool) -> None:
    terminal.start()
    from django.conf import settings

    _require_free_port(port)
    # Messages written outside a request (reminders, digests) lead to the port that was asked for.
    os.environ["MAILLAGE_PORT"] = str(port)
    prepare()
    if prepare_only:
        return
    host = "127.0.0.1" if settings.DEMO else (bind or "127.0.0.1")
    _say_where_to_look(port)
    _gunicorn(
        bind=f"{host}:{port}",
        workers=workers or (1 if settings.SQLITE else multiprocessing.cpu_count()),
        threads=threads,
    )


def _require_free_port(port: int) -> None:
    import socket

    from django.utils.translation import gettext as _

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            said = _("Port %(port)s is already taken on this machine. Choose another: make run PORT=%(next)s")
            raise terminal.Refusal(said % {"port": port, "next": port + 1}) from None


def prepare() -> None:
    """Static files, migrations and, the first time, the demonstration: each only where something changed."""
    from django.conf import settings
    from django.core.management import call_command

    _collect_static()
    call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMO:
        _load_demonstration()


def _load_demonstration() -> None:
    from django.utils.translation import gettext as _

    from maillage.demo.services import is_loaded, load

    if not is_loaded():
        click.echo(_("Loading the demonstration alliance (the first time only)…"))
        load()


def _static_fingerprint() -> str:
    """Changes when any static file of any app does (its path, size or date)."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    wanted = _static_fingerprint()
    if mark.exists() and mark.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(wanted)


def _say_where_to_look(port: int) -> None:
    from django.conf import settings
    from django.utils.translation import gettext as _

    address = f"http://localhost:{port}"
    click.echo(f"\nMaillage  {address}/")
    if settings.DEMO:
        from maillage.demo.services import people_to_sign_in

        lines = [
            (_("The fictional alliance"), f"{address}/deux-rivieres/"),
            (_("Sign in with one click"), f"{address}/demo/"),
            *((f"  {role}", email) for role, email in people_to_sign_in()),
            (_("Mails that would be sent"), f"{address}/courriels/"),
        ]
        width = max(len(name) for name, _where in lines)
        for name, where in lines:
            click.echo(f"  {name:<{width}}  {where}")
    click.echo(_("Stop with Ctrl+C. Your data is kept.") + "\n")
    sys.stdout.flush()


def _gunicorn(*, bind: str, workers: int, threads: int) -> None:
    from django.conf import settings
    from gunicorn.app.base import BaseApplication

    threaded = settings.WORKER == "thread"

    class Server(BaseApplication):
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": bind,
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "accesslog": None,  # addresses of readers are personal data
                "errorlog": "-",
                "loglevel": "warning",
                "timeout": 120,
                "graceful_timeout": 20,
                "max_requests": 0,
                "post_worker_init": _start_worker_thread if threaded else lambda worker: None,
                "worker_exit": _stop_worker_thread if threaded else lambda server, worker: None,
                "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
                "proc_name": "maillage",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from maillage.config.wsgi import application

            # What was made at the start stays for good: the collector need not read it again at each of its rounds,
            # during which nobody is answered.
            gc.collect()
            gc.freeze()
            return application

    _let_go_of_the_database()
    Server().run()


def _let_go_of_the_database() -> None:
    """Close what preparing opened. Processes made by a fork would share the pool's connections, and read each other's
    answers: each opens its own."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def _start_worker_thread(worker: Any) -> None:
    """A thread of tasks in each server process (one, with the embedded database), restarted ones included."""
    from maillage.core.worker import start_thread

    start_thread()


def _stop_worker_thread(server: Any, worker: Any) -> None:
    from maillage.core.worker import stop_thread

    stop_thread()


@click.command(
    help="Django's own commands: maillage manage migrate, …", context_settings={"ignore_unknown_options": True}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["maillage manage", *arguments])
