"""How the acts of this room read in the log of an alliance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "reporting",
    _("Accountability report"),
    {
        "account_made": _("Accountability report made"),
        "account_published": _("Accountability report published"),
        "account_withdrawn": _("Accountability report withdrawn"),
    },
)
