"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from maillage.core import contributions

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "notes_begun": gettext_lazy("Notes begun on an agenda item"),
        "attendance_noted": gettext_lazy("Attendance noted"),
        "guest_noted": gettext_lazy("Guest noted"),
        "guest_removed": gettext_lazy("Guest taken off"),
        "speaking_noted": gettext_lazy("Speaking time noted"),
        "participation_recorded": gettext_lazy("Participation recorded"),
    },
)
