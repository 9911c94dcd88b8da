"""Work that runs outside the request, with progress that can be seen.

A room registers what it can do::

    @jobs.handler("reporting.account", label=_("Account in PDF"))
    def make_account(ctx, *, cycle_id):
        ctx.progress(1, 3, _("Reading the register"))
        return {"url": document.get_absolute_url(), "message": _("The account is ready.")}

in its ``jobs.py`` (imported when the project starts), and a service starts it with :func:`start`, in its own
transaction: the job exists if and only if the transaction does. Handlers may run twice (a worker killed
half-way): what they write must stand being written again.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from maillage.core.models import Job

logger = logging.getLogger("maillage.jobs")

KEPT_DAYS = 30
ATTEMPTS = 2
"""Once, and once more when the first worker died."""


class JobFailed(Exception):
    """The job cannot be done, for a reason the reader is told: ``JobFailed(_("sentence"))``."""


class JobLost(Exception):
    """The job was given to another worker, or stopped: this attempt must write nothing more."""


@dataclass(frozen=True)
class Handler:
    kind: str
    label: Any
    run: Callable[..., Mapping[str, Any] | None]
    limit: int
    retry: bool


_handlers: dict[str, Handler] = {}


def handler(
    kind: str, *, label: Any, limit: int = 3600, retry: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``run(ctx, **params) -> dict | None`` under ``kind``.

    ``label`` is what people read (lazy). ``limit``: seconds after which it is declared failed. ``retry``: whether
    a job whose worker died is tried once more.
    Errors: ``ValueError`` where the kind is taken.
    """

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        if kind in _handlers and _handlers[kind].run.__module__ != run.__module__:
            raise ValueError(f"Two handlers are named {kind!r}.")
        _handlers[kind] = Handler(kind, label, run, limit, retry)
        return run

    return decorate


def label(kind: str) -> str:
    """What people read for a kind; the kind itself where no handler has it any more."""
    found = _handlers.get(kind)
    return str(found.label) if found else kind


def lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


@dataclass
class Context:
    """What a handler receives: its job, who asked, and where to say how far it is."""

    job: Job
    token: uuid.UUID
    latest: dict[str, Any] = field(default_factory=dict)
    written_at: float = 0.0
    lost: bool = False
    pulsed: bool = False
    """Another thread writes the progress too; not so where the whole job runs inside a transaction."""

    @property
    def user_id(self) -> int | None:
        return self.job.owner_id

    @property
    def alliance_id(self) -> int | None:
        return self.job.alliance_id

    def progress(self, done: int, total: int | None = None, note: Any = "") -> None:
        """Say how far it is: at most two writes a second. Inside a transaction, the pulse writes it if it can.

        Errors: :class:`JobLost` where the job was taken away: let it go through.
        """
        if self.lost:
            raise JobLost(str(self.job.uuid))
        self.latest = {"done": done, "total": total, "note": str(note)[:200]}
        if not connection.in_atomic_block or not self.pulsed:
            now = time.monotonic()
            if now - self.written_at >= 0.5 or done == total:
                self.written_at = now
                self.beat(timezone.now())

    def beat(self, now: dt.datetime) -> None:
        """Renew the lease and write the latest progress, if the job is still ours."""
        values = {**self.latest, "heartbeat_at": now, "lease_until": now + lease()}
        if not Job.objects.filter(pk=self.job.pk, token=self.token, state=Job.State.RUNNING).update(**values):
            self.lost = True


stuck: set[int] = set()
"""The threads of this process that hold a job past its limit."""


class Pulse(threading.Thread):
    """Renews the lease of one job while its handler runs; stops by itself once the handler's limit is passed."""

    def __init__(self, ctx: Context, limit: int) -> None:
        super().__init__(name=f"pulse-{ctx.job.pk}", daemon=True)
        self.ctx, self.limit, self.over = ctx, limit, threading.Event()
        self.runner = threading.get_ident()

    def run(self) -> None:
        started = beaten = time.monotonic()
        shown: dict[str, Any] = {}
        every = max(0.2, lease().total_seconds() / 6)
        try:
            while not self.over.wait(min(1.0, every)):
                now = time.monotonic()
                if now - started > self.limit:
                    # Its next word about progress will stop it; if it never says one, its worker takes another thread.
                    self.ctx.lost = True
                    stuck.add(self.runner)
                    return
                if now - beaten >= every or shown != self.ctx.latest:
                    shown = self.ctx.latest
                    try:
                        self.ctx.beat(timezone.now())
                        beaten = now
                    except DatabaseError:
                        # The handler holds the only write lock (SQLite): the next beat will do.
                        logger.debug("The pulse of job %s waits for the database.", self.ctx.job.uuid)
        finally:
            connection.close()

    def stop(self) -> None:
        self.over.set()
        self.join(timeout=30)


def start(
    kind: str,
    *,
    by: Any | None,
    alliance: Any | None = None,
    params: Mapping[str, Any] | None = None,
    rule: str = "",
    after: dt.datetime | None = None,
) -> Job:
    """Ask for a job. The caller has checked that ``by`` may. ``params`` are plain JSON values, ids rather than names.

    ``rule``: a permission that opens the progress page to others than ``by``, with the job as its object.
    ``after``: not before that instant. Errors: ``LookupError`` where no handler has this kind.
    """
    if kind not in _handlers:
        raise LookupError(f"No handler is named {kind!r}.")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            owner_id=getattr(by, "pk", None),
            alliance_id=getattr(alliance, "pk", None),
            rule=rule,
            language=(translation.get_language() or "fr")[:5],
            params=dict(params or {}),
        )
        _enqueue(job, after)
        transaction.on_commit(wake)
    return job


def _enqueue(job: Job, after: dt.datetime | None = None) -> None:
    carried = run_job.using(run_after=after) if after else run_job
    job.task_id = uuid.UUID(carried.enqueue(str(job.uuid)).id)
    job.save(update_fields=["task_id"])


waker = threading.Event()
"""Set when a job is asked for in this process, so that the worker thread does not wait for its next look."""


def wake() -> None:
    waker.set()


@task()
def run_job(job_uuid: str) -> None:
    """What the queue carries: only the job's address, so that the queue holds nothing personal."""
    execute(uuid.UUID(job_uuid))


def execute(job_uuid: uuid.UUID) -> None:
    """Run one waiting job here and now, to its end. Nothing happens if it is not waiting any more."""
    token = uuid.uuid4()
    now = timezone.now()
    claimed = Job.objects.filter(uuid=job_uuid, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, token=token, started_at=now, heartbeat_at=now,
        lease_until=now + lease(), attempts=F("attempts") + 1,
    )  # fmt: skip
    if not claimed:
        return
    job = Job.objects.get(uuid=job_uuid)
    with translation.override(job.language):
        found = _handlers.get(job.kind)
        if found is None:
            _finish(job, token, error=_("This task is no longer known. Start it again from its page."))
            return
        _run(job, token, found)


def _run(job: Job, token: uuid.UUID, found: Handler) -> None:
    ctx = Context(job=job, token=token)
    pulse = Pulse(ctx, found.limit) if not connection.in_atomic_block else None
    if pulse is not None:
        ctx.pulsed = True
        pulse.start()
    try:
        result = found.run(ctx, **job.params)
    except JobFailed as failure:
        outcome: dict[str, Any] = {"error": str(failure)}
    except JobLost:
        outcome = {}
    except Exception:
        logger.exception("Job %s (%s) failed.", job.uuid, job.kind)
        outcome = {
            "error": _("The task stopped on an unexpected error. It was noted for the operator. Start it again.")
        }
    else:
        outcome = {"result": {key: _plain(value) for key, value in (result or {}).items()}}
    finally:
        if pulse is not None:
            pulse.stop()
            stuck.discard(pulse.runner)
    if outcome:
        _finish(job, token, latest=ctx.latest, **outcome)


def _plain(value: Any) -> Any:
    """Lazy translations become text; the rest must be JSON already."""
    return value if value is None or isinstance(value, bool | int | float | list | dict) else str(value)


def _finish(
    job: Job,
    token: uuid.UUID,
    *,
    result: dict[str, Any] | None = None,
    error: str = "",
    latest: Mapping[str, Any] | None = None,
) -> None:
    Job.objects.filter(pk=job.pk, token=token, state=Job.State.RUNNING).update(
        **(latest or {}),
        state=Job.State.FAILED if error else Job.State.DONE,
        result=result or {},
        error=error[:500],
        finished_at=timezone.now(),
        lease_until=None,
    )


def lost(now: dt.datetime) -> dict[int, Any]:
    """The jobs whose worker gave no sign: running past their lease, or waiting with nothing to carry them."""
    late = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    waiting = Job.objects.filter(state=Job.State.WAITING, created_at__lt=now - lease())
    carried = set(
        DBTaskResult.objects.filter(status="READY", pk__in=waiting.values("task_id")).values_list("pk", flat=True)
    )
    seen: dict[int, Any] = {job.pk: job.lease_until for job in late}
    seen.update({job.pk: job.task_id for job in waiting if job.task_id not in carried})
    return seen


def recover(now: dt.datetime, only: Mapping[int, Any] | None = None) -> int:
    """Retry once, or declare failed, the jobs that lost their worker. Returns how many.

    ``only``: what :func:`lost` gave at an earlier look; a job that gave a sign since is left alone.
    """
    count = 0
    for pk, sign in lost(now).items():
        if only is not None and only.get(pk) != sign:
            continue
        with transaction.atomic():
            still = Q(state=Job.State.RUNNING, lease_until__lt=now) | Q(state=Job.State.WAITING)
            job = Job.objects.select_for_update().filter(still, pk=pk).first()
            if job is not None:
                _give_back(job, now)
                count += 1
    return count


def _give_back(job: Job, now: dt.datetime) -> None:
    if job.task_id:
        DBTaskResult.objects.filter(pk=job.task_id).exclude(status__in=["SUCCESSFUL", "FAILED"]).delete()
    found = _handlers.get(job.kind)
    never_ran = job.state == Job.State.WAITING
    overran = bool(
        found and job.started_at and job.heartbeat_at
        and (job.heartbeat_at - job.started_at).total_seconds() >= found.limit - lease().total_seconds()
    )  # fmt: skip
    job.token = None
    job.lease_until = None
    job.attempts += never_ran
    if job.attempts < ATTEMPTS and not overran and (found is None or found.retry or never_ran):
        job.state = Job.State.WAITING
        job.done, job.total, job.note = 0, None, ""
        job.save()
        _enqueue(job)
        transaction.on_commit(wake)
        return
    job.state = Job.State.FAILED
    job.finished_at = now
    with translation.override(job.language):
        job.error = (
            _("The task took too long and was stopped. Start it again with less at once.")
            if overran
            else _("The task was interrupted before its end. Start it again.")
        )
    job.save()


def start_worker_thread() -> None:
    """Run jobs in a thread of this process: called by the serving command, after any fork."""
    from maillage.core import worker

    worker.start_thread()


def purge(now: dt.datetime) -> int:
    """Delete the jobs that ended more than 30 days ago, and what the queue kept of them."""
    limit = now - dt.timedelta(days=KEPT_DAYS)
    count, _by_model = Job.objects.filter(finished_at__lt=limit).delete()
    DBTaskResult.objects.filter(finished_at__lt=limit).delete()
    return count


def run_waiting(limit: int = 100) -> int:
    """Run the waiting jobs in this thread until none is left: for tests and for the command line."""
    count = 0
    while count < limit:
        job = Job.objects.filter(state=Job.State.WAITING).order_by("id").first()
        if job is None:
            return count
        DBTaskResult.objects.filter(pk__in=[job.task_id]).delete()
        execute(job.uuid)
        count += 1
    return count
