"""A worker that a test kills: ``work`` runs it, ``slow`` jobs say when they begin, then wait."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

django.setup()

from maillage.core import jobs  # noqa: E402
from maillage.core.worker import Service  # noqa: E402


@jobs.handler("test.slow", label="Lent")
def slow(ctx: jobs.Context, *, folder: str, always: bool) -> dict[str, str]:
    ctx.progress(1, 2, "commencé")
    Path(folder, f"begun-{ctx.job.attempts}").touch()
    if always or ctx.job.attempts == 1:
        time.sleep(600)
    return {"message": "fini"}


if __name__ == "__main__":
    service = Service(poll=0.2)
    service.start()
    time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 300)
    service.stop(1)
