"""What this part does outside the request."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maillage.actors.models import TieCampaign
from maillage.actors.ties import campaigns
from maillage.core import jobs


@jobs.handler("actors.tie_campaign", label=_("Letters of a campaign of ties"))
def write_to_all(ctx: jobs.Context, *, campaign: str, address: str, remind: bool) -> dict[str, Any]:
    """Write to each actor's contact persons. Run twice, nobody is written to twice."""
    found = TieCampaign.objects.select_related("alliance__parent").get(uuid=campaign)
    now, today = timezone.now(), found.alliance.today()
    rows = list(campaigns.to_write(found, now, remind=remind))
    reached = campaigns.contacts_of([row.actor_id for row in rows], today)
    wanted = [row for row in rows if row.actor_id in reached]
    count = 0
    for place, row in enumerate(wanted, start=1):
        count += campaigns.write(found, row.pk, reached[row.actor_id], now=now, address=address, remind=remind)
        ctx.progress(place, len(wanted))
    said = ngettext("%(n)s actor was written to.", "%(n)s actors were written to.", count) % {"n": count}
    return {"url": reverse("actors_in:tie_campaign", args=[found.alliance.slug, found.uuid]), "message": said}
