"""What runs the jobs: a thread inside the server (embedded default) or ``maillage worker``.

One runner takes jobs from the queue; one keeper says that the worker lives, gives back the jobs of the dead and
starts the daily work in the morning. Nothing starts on import: the serving command calls :func:`start_thread`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import uuid

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from maillage.core import contributions, jobs
from maillage.core.models import Job, Worker

logger = logging.getLogger("maillage.worker")

DAILY = "core.daily"
MORNING = dt.time(7)
"""The daily work sends mails: not before this hour of ``settings.TIME_ZONE``. A worker that was off does it when it
comes back, the same day."""
FORGOTTEN = dt.timedelta(days=1)


class Service:
    """A runner and a keeper. ``start`` returns at once; ``stop`` lets the job under way end."""

    def __init__(self, poll: float = 1.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.poll = poll
        self.stopping = threading.Event()
        self.tasks = TaskWorker(
            queue_names=["*"], interval=poll, batch=False, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=self.name[-64:], excluded_queue_names=[],
        )  # fmt: skip
        self.suspects: dict[int, object] = {}
        self.runner = threading.Thread(target=self._run, name="maillage-runner", daemon=True)
        self.keeper = threading.Thread(target=self._keep, name="maillage-keeper", daemon=True)

    def start(self) -> None:
        self.runner.start()
        self.keeper.start()

    def stop(self, timeout: float = 30) -> None:
        self.stopping.set()
        jobs.wake()
        self.runner.join(timeout)
        self.keeper.join(timeout)

    def _run(self) -> None:
        """Take and run, one at a time, until told to stop."""
        try:
            while not self.stopping.is_set() and threading.current_thread() is self.runner:
                jobs.waker.clear()
                try:
                    busy = self.run_one()
                except DatabaseError:
                    logger.warning("The worker cannot reach the database; it will try again.", exc_info=True)
                    close_old_connections()
                    busy = False
                if not busy and not self.stopping.is_set():
                    jobs.waker.wait(self.poll)
        finally:
            connections.close_all()

    def run_one(self) -> bool:
        """Run the next job of the queue, if there is one."""
        ready = DBTaskResult.objects.ready()
        if not ready.exists():
            return False
        with exclusive_transaction(ready.db):
            taken = ready.get_locked()
            if taken is not None:
                taken.claim(self.tasks.worker_id)
        if taken is None:
            return False
        self.tasks.run_task(taken)
        return True

    def _keep(self) -> None:
        every = min(5.0, settings.JOB_LEASE_SECONDS / 3)
        try:
            while True:
                try:
                    self.look_after(timezone.now())
                except DatabaseError:
                    logger.warning("The keeper cannot reach the database; it will try again.", exc_info=True)
                    close_old_connections()
                if self.stopping.wait(every):
                    Worker.objects.filter(name=self.name).delete()
                    return
        finally:
            connection.close()

    def look_after(self, now: dt.datetime) -> None:
        """Say that we live, give back what the dead left (seen twice), start the daily work each morning."""
        Worker.objects.update_or_create(name=self.name, defaults={"seen_at": now})
        Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
        if self.runner.ident in jobs.stuck:
            # A thread cannot be stopped from outside: another takes the queue, this one ends with its job.
            self.runner = threading.Thread(target=self._run, name="maillage-runner", daemon=True)
            self.runner.start()
        jobs.recover(now, only=self.suspects)
        self.suspects = jobs.lost(now)
        local = timezone.localtime(now)
        if local.time() >= MORNING and not Job.objects.filter(kind=DAILY, created_at__date=local.date()).exists():
            jobs.start(DAILY, by=None)
        for tick in contributions.ticks:
            try:
                tick.run(now)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("What %s looks at every few seconds failed.", tick.room)


_service: Service | None = None
_lock = threading.Lock()


def start_thread() -> Service:
    """Start the worker of this process, once, after any fork. Called by the serving command only."""
    global _service
    with _lock:
        if _service is None or not _service.runner.is_alive():
            _service = Service()
            _service.start()
        return _service


def stop_thread(timeout: float = 15) -> None:
    """Let the job under way end, for at most ``timeout`` seconds. Harmless where no thread was started."""
    if _service is not None:
        _service.stop(timeout)


def seen_since(moment: dt.datetime) -> bool:
    """Whether any worker, here or elsewhere, gave a sign since then."""
    return Worker.objects.filter(seen_at__gte=moment).exists()
