"""A real worker, a real ``kill -9``: no job runs for ever."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from tests.core.instances import Instance, drop, make_instance

WORKER = str(Path(__file__).with_name("killed.py"))
STATE = "SELECT state, attempts, error, result FROM core_job WHERE kind = 'test.slow' ORDER BY id DESC LIMIT 1"
CARRIED = f"SELECT COUNT(*) FROM {DBTaskResult._meta.db_table} WHERE status = 'RUNNING'"


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """One for all: making its database takes longer than killing a worker."""
    made = make_instance(tmp_path_factory.mktemp("killed") / "instance")
    made.environment["MAILLAGE_JOB_LEASE"] = "2"
    yield made
    drop(made)


def begin(instance: Instance, *, always: bool) -> None:
    for mark in instance.data.glob("begun-*"):
        mark.unlink()
    instance.script(
        "import sys; sys.path.insert(0, '.')\n"
        "from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n"
        "import runpy; runpy.run_path('tests/core/killed.py', run_name='killed')\n"
        "from maillage.core import jobs\n"
        f"jobs.start('test.slow', by=None, params={{'folder': {str(instance.data)!r}, 'always': {always}}})\n"
        "from maillage.core.models import Job\n"
        "from django.utils import timezone\n"
        # No daily cleaning in the way.
        "Job.objects.create(kind='core.daily', state='done', finished_at=timezone.now())"
    )


def kill_once_begun(instance: Instance, attempt: int) -> None:
    worker = instance.start(WORKER)
    mark = instance.data / f"begun-{attempt}"
    deadline = time.monotonic() + 120
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert mark.exists()


def state(instance: Instance) -> list:
    [(state, attempts, error, result)] = instance.rows(STATE)
    result = json.loads(result) if isinstance(result, str) else result
    return [state, attempts, error, result.get("message"), instance.rows(CARRIED)[0][0]]


def wait_for(instance: Instance, wanted: set[str]) -> list:
    worker = instance.start(WORKER, "90")
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            found = state(instance)
            if found[0] in wanted:
                return found
            time.sleep(0.1)
        return state(instance)
    finally:
        worker.kill()
        worker.communicate()


def test_a_killed_job_is_tried_again_and_ends(instance):
    begin(instance, always=False)
    kill_once_begun(instance, 1)
    assert state(instance)[:2] == ["running", 1]
    assert wait_for(instance, {"done", "failed"}) == ["done", 2, "", "fini", 0]


def test_a_job_killed_twice_is_declared_failed_with_a_sentence(instance):
    begin(instance, always=True)
    kill_once_begun(instance, 1)
    kill_once_begun(instance, 2)
    found = wait_for(instance, {"failed"})
    assert found[:2] == ["failed", 2]
    assert found[2].endswith(".")
    assert found[4] == 0
