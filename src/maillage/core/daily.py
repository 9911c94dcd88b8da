"""What is done once a day by the worker, in the morning: each limit of retention is applied, then the rooms' own work
(reminders, digests)."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import audit, contributions, documents, jobs, mail, personal

logger = logging.getLogger("maillage.daily")


@jobs.handler("core.daily", label=_("Daily work"))
def daily(ctx: jobs.Context) -> dict[str, Any]:
    now = timezone.now()
    counts = {
        "jobs": jobs.purge(now),
        "documents": documents.purge(now),
        "mails": mail.purge(now),
        "log": audit.purge(now),
        **personal.purge(timezone.localdate(now)),
    }
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    if any(counts.values()):
        # What was deleted leaves the search index and the file too.
        personal.scrub()
    # What rooms do once a day: one that fails is told in the log, and does not hold the others back.
    for work in contributions.daily:
        try:
            counts[f"daily.{work.room}"] = work.run(now)
        except Exception:
            logger.exception("The daily work of %s failed.", work.room)
    return {"counts": counts}
