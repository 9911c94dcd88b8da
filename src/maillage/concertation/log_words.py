"""How the acts of this room read in the log of an alliance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "concertation",
    _("Spaces of concertation"),
    {
        "space_created": _("Space added"),
        "space_updated": _("Space changed"),
        "seat_given": _("Seat given"),
        "seat_ended": _("Seat ended"),
        "import_started": _("Membership list brought"),
        "import_columns": _("Columns of the list chosen"),
        "import_types": _("Types of the list chosen"),
        "import_decided": _("Duplicate of the list decided"),
        "import_applied": _("Membership list written"),
        "import_undone": _("Membership list taken back"),
        "import_discarded": _("Membership list set aside"),
    },
)
