"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "participation",
    _("Consultations"),
    {"kiosk_opened": _("Kiosk of a consultation opened, or help by telephone begun")},
)
