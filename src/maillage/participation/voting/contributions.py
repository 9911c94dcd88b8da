"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.participation import kinds
from maillage.participation.consultations import setup
from maillage.participation.consultations.models import Consultation
from maillage.participation.voting.addresses import address_of

contributions.name_actions(
    "participation",
    _("Consultations"),
    {"kiosk_opened": _("Kiosk of a consultation opened, or help by telephone begun")},
)


def kiosk_url(consultation: Consultation) -> str:
    """Only while it is open, and asks a ballot: a kiosk is made on the device that people will use."""
    is_asked = consultation.state == Consultation.State.OPEN and any(map(kinds.is_in_ballot, consultation.steps.all()))
    return address_of("kiosk", consultation) if is_asked else ""


setup.tools.append(setup.Tool(_("Kiosk and help"), kiosk_url, _("on the device that people will use")))
