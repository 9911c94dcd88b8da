"""How the acts of this room read in the log of an alliance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "actors",
    _("Actors"),
    {
        "created": _("Actor added"),
        "updated": _("Actor changed"),
        "tagged": _("Fields of an actor changed"),
        "mandate_given": _("Mandate given"),
        "mandate_ended": _("Mandate ended"),
        "contact_set": _("Contact person chosen"),
        "merged": _("Two actors joined in one"),
        "merge_undone": _("Joining of two actors undone"),
        "said_different": _("Two actors said to be different"),
        "unsaid_different": _("Two actors to be compared again"),
        "duplicates_sought": _("Search for duplicates asked for"),
    },
)
