"""What this room does outside the request."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maillage.accounts.models import User
from maillage.actors.merging import refresh_proposals
from maillage.alliances.models import Alliance
from maillage.core import jobs


@jobs.handler("actors.find_duplicates", label=_("Search for duplicates"))
def find_duplicates(ctx: jobs.Context) -> dict[str, Any]:
    """Compare every name of the register; the result page lists the proposals."""
    alliance = Alliance.objects.get(pk=ctx.alliance_id or 0)
    ctx.progress(0, 1, _("Comparing the names"))
    count = refresh_proposals(alliance=alliance, by=User.objects.get(pk=ctx.user_id or 0), via="task")
    ctx.progress(1, 1)
    said = ngettext("%(count)s pair to look at.", "%(count)s pairs to look at.", count) % {"count": count}
    return {"url": reverse("actors_in:duplicates", args=[alliance.slug]), "message": said}


from maillage.actors.ties import jobs as tie_jobs  # noqa: E402

__all__ = ["find_duplicates", "tie_jobs"]
"""Importing it registers the part's work."""
