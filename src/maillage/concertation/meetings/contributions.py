"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.concertation.meetings.contributed import merges, personal, public, work
from maillage.core import contributions

__all__ = ["merges", "personal", "public", "work"]
"""Importing them registers them."""

contributions.name_actions(
    "concertation",
    _("Spaces of concertation"),
    {
        "meeting_created": _("Meeting created"),
        "meeting_updated": _("Meeting changed"),
        "meeting_state": _("Meeting begun or held"),
        "meeting_cancelled": _("Meeting cancelled"),
        "series_created": _("Series of meetings created"),
        "series_updated": _("Series of meetings changed"),
        "series_ended": _("Series of meetings ended"),
        "agenda_items_added": _("Points put on an agenda"),
        "agenda_item_updated": _("Point of an agenda changed"),
        "agenda_item_moved": _("Point of an agenda moved"),
        "agenda_item_removed": _("Point taken off an agenda"),
        "agenda_document_added": _("Document sent ahead added"),
        "agenda_document_removed": _("Document sent ahead taken off"),
        "people_listed": _("People put on the list of a meeting"),
        "guest_listed": _("Guest put on the list of a meeting"),
        "invitations_sent": _("Invitations to a meeting sent"),
        "meeting_answered": _("Invitation to a meeting answered"),
        "calendar_opened": _("Private address of a calendar made"),
        "calendar_closed": _("Private address of a calendar closed"),
    },
)
