"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.participation.consultations import setup, taking_away
from maillage.participation.consultations.models import Consultation
from maillage.participation.outreach import giving
from maillage.participation.outreach import taking_away as archive


def plan_url(consultation: Consultation) -> str:
    return setup.if_there("outreach", consultation)


taking_away.register(archive.tables)
setup.tools.append(
    setup.Tool(_("Going towards people"), plan_url, _("who is far from services, through whom, and what came of it"))
)
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "outreach_added": _("Way towards people added to a plan"),
        "outreach_updated": _("Way towards people changed"),
        "outreach_removed": _("Way towards people taken out of a plan"),
        "outreach_noted": _("What came of a way towards people, written"),
        "outreach_cancelled": _("Way towards people that does not take place"),
        "outreach_taken_back": _("What was written of a way towards people, taken back"),
    },
)

__all__ = ["giving"]
"""Importing it registers what it gives."""
