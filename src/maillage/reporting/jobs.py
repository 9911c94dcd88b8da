"""The background job that makes an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.alliances.models import Alliance
from maillage.core import jobs
from maillage.reporting.services import produce_account

KIND = "reporting.account"


@jobs.handler(KIND, label=gettext_lazy("Making the accountability report"))
def run(ctx: Any, *, format: str, language: str, audience: str) -> dict[str, str]:
    """Make the account asked for; the rule is asked again, since a role may have ended meanwhile."""
    alliance = Alliance.objects.select_related("parent").get(pk=ctx.alliance_id)
    user = User.objects.get(pk=ctx.user_id)
    account = produce_account(
        alliance=alliance, by=user, format=format, language=language, audience=audience,
        today=alliance.today(), progress=ctx.progress,
    )  # fmt: skip
    return {
        "url": account.document.get_absolute_url(),
        "message": _("The report is ready. It stays thirty days, longer if it is published."),
        "back": reverse("reporting_in:accounts", args=[alliance.slug]),
    }
