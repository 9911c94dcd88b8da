"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "concertation",
    _("Spaces of concertation"),
    {"task_added": _("Task added"), "task_done": _("Task done")},
)
