"""What this room does outside the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.concertation.imports import services
from maillage.concertation.imports.models import ImportRun
from maillage.core import jobs
from maillage.core.tables import TableError


def _run_and_user(ctx: jobs.Context, run: str) -> tuple[ImportRun, User]:
    found = ImportRun.objects.select_related("alliance", "document").filter(uuid=run).first()
    user = User.objects.filter(pk=ctx.user_id or 0).first()
    if found is None or user is None:
        raise jobs.JobFailed(_("This import was given up. Send the file again."))
    return found, user


def _failed(error: Exception) -> jobs.JobFailed:
    if isinstance(error, ValidationError):
        return jobs.JobFailed(" ".join(error.messages))
    if isinstance(error, PermissionDenied):
        return jobs.JobFailed(_("You may no longer import in this alliance."))
    return jobs.JobFailed(str(error))


@jobs.handler("concertation.import", label=_("Import of a list of members"))
def import_list(ctx: jobs.Context, *, run: str) -> dict[str, Any]:
    """Write the import. Run again after a killed worker, it finds nothing half-written and does it whole."""
    found, user = _run_and_user(ctx, run)
    try:
        done = services.apply_run(run=found, by=user, via="task", progress=lambda step: ctx.progress(step, 5))
    except (ValidationError, TableError, PermissionDenied) as error:
        raise _failed(error) from error
    return {"url": done.get_absolute_url(), "message": _("The list is imported."), "action": _("See what it changed")}


@jobs.handler("concertation.import_columns", label=_("Reading of a list of members"))
def read_columns(
    ctx: jobs.Context, *, run: str, columns: Mapping[str, int], options: Mapping[str, Any]
) -> dict[str, Any]:
    """For a long list: read its lines and look for duplicates away from the page."""
    found, user = _run_and_user(ctx, run)
    ctx.progress(0, 1, _("Comparing the names"))
    try:
        services.choose_columns(run=found, columns=columns, options=options, by=user, via="task")
    except (ValidationError, TableError, PermissionDenied) as error:
        raise _failed(error) from error
    ctx.progress(1, 1)
    return {"url": found.get_absolute_url(), "message": _("The list is read."), "action": _("Continue the import")}
