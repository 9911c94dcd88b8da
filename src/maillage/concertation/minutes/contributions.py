"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from maillage.core import contributions

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {"notes_begun": gettext_lazy("Notes begun on an agenda item")},
)
