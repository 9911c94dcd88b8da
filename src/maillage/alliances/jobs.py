"""Work of the room that runs outside the request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from maillage.accounts.models import User
from maillage.alliances.handover import make_pdf
from maillage.alliances.models import Alliance
from maillage.core import audit, documents, jobs
from maillage.core.access import may, require
from maillage.core.models import Job

KEPT = dt.timedelta(days=14)
"""The file holds contact details: it does not stay."""


@transaction.atomic
def start_handover(alliance: Alliance, *, by: Any, language: str = "fr", site: str = "") -> Job:
    """Ask for the handover file. ``site``: the address people type, without its last slash."""
    require(by, "alliances.hand_over", alliance)
    job = jobs.start("alliances.handover", by=by, alliance=alliance, params={"language": language, "site": site})
    audit.record("alliances.handover_asked", alliance, by=by, alliance=alliance, after={"job": str(job.uuid)})
    return job


@jobs.handler("alliances.handover", label=gettext_lazy("Handover file"))
def handover(ctx: jobs.Context, *, language: str, site: str) -> dict[str, Any]:
    """Make the PDF and keep it for the one who asked, while they may still read it."""
    assert ctx.alliance_id is not None
    assert ctx.user_id is not None
    alliance = Alliance.objects.select_related("parent").get(pk=ctx.alliance_id)
    user = User.objects.get(pk=ctx.user_id)
    if not may(user, "alliances.hand_over", alliance):
        raise jobs.JobFailed(_("You may no longer make this file: your role has ended."))
    today = alliance.today()
    with override(language):
        ctx.progress(1, 3, _("Gathering what the alliance knows"))
        data = make_pdf(alliance, user, today, language, site)
        ctx.progress(2, 3, _("Keeping the file"))
        name = _("handover-%(slug)s-%(day)s.pdf") % {"slug": alliance.slug, "day": today.isoformat()}
        document = documents.store(
            data,
            name=name,
            content_type="application/pdf",
            rule="alliances.read_handover",
            alliance=alliance,
            owner=user,
            expires_at=timezone.now() + KEPT,
        )
        ctx.progress(3, 3)
        return {"url": document.get_absolute_url(), "message": _("The handover file is ready.")}
