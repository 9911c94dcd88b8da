"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.participation.results import giving

contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "recounted": _("Ballots counted anew"),
        "count_asked": _("Count started again"),
        "ballots_imported": _("Vote held elsewhere brought in"),
    },
)

__all__ = ["giving"]
"""Importing it registers what it gives."""
