"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.core.contributions import Tick, ticks
from maillage.participation.consultations import lifecycle

ticks.add(Tick("participation", lifecycle.tick))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "consultation_opened": _("Consultation opened"),
        "consultation_closed": _("Consultation closed"),
        "step_opened": _("Step of a consultation opened"),
        "step_closed": _("Step of a consultation closed"),
    },
)
