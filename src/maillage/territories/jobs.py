"""Work that territories do outside the request."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.core import jobs
from maillage.territories import bringing


@jobs.handler(bringing.JOB, label=gettext_lazy("Import of territories"))
def bring_in(ctx: jobs.Context, *, uuid: str) -> dict[str, Any]:
    ctx.progress(0, 2, _("Reading the file"))
    by = User.objects.filter(pk=ctx.user_id or 0).first()
    try:
        counts = bringing.run(uuid, by=by)
    except bringing.Refused as error:
        raise jobs.JobFailed(error.sentence) from error
    except PermissionDenied as error:
        raise jobs.JobFailed(_("Only the operator of the instance brings in territories.")) from error
    ctx.progress(2, 2)
    said = _("%(created)s added, %(updated)s changed, %(unchanged)s the same.") % counts
    return {"url": reverse("territories:index"), "message": said}
