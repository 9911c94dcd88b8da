"""``/sante/vivant``: the process answers. ``/sante/pret``: it can serve. Read by machines, without language."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from maillage.core import worker
from maillage.core.access import public

WORKER_SEEN = dt.timedelta(seconds=90)
_migrated = False


@public
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@public
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every check passes, 503 otherwise; which ones failed is in the body, without details.

    A missing worker makes an instance with its own worker thread unready (its thread died); where workers are
    separate, the pages are still served: it is only said.
    """
    checks: dict[str, bool] = {"database": _safely(_database), "migrations": _safely(_migrations)}
    checks["disk"] = _safely(_disk)
    checks["worker"] = _safely(lambda: worker.seen_since(timezone.now() - WORKER_SEEN))
    needed = [ok for name, ok in checks.items() if name != "worker" or settings.WORKER == "thread"]
    return JsonResponse({"ready": all(needed), **checks}, status=200 if all(needed) else 503)


def _safely(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError):
        return False


def _database() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    """Whether every migration is applied: once true, true for the life of this process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _disk() -> bool:
    folder = Path(settings.DATA_DIR)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".pret-") as probe:
        probe.write(b"1")
    return True
