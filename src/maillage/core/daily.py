"""What is done once a day by the worker: each limit of retention is applied here."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import documents, jobs, mail


@jobs.handler("core.daily", label=_("Daily cleaning"))
def daily(ctx: jobs.Context) -> dict[str, Any]:
    now = timezone.now()
    counts = {"jobs": jobs.purge(now), "documents": documents.purge(now), "mails": mail.purge(now)}
    return {"counts": counts}
