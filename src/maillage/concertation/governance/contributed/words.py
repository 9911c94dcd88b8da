"""How the acts of this part read in the log of an alliance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions

contributions.name_actions(
    "concertation",
    _("Spaces of concertation"),
    {
        "setting_changed": _("Way a space works changed"),
        "functions_changed": _("Functions of a space changed"),
        "spaces_linked": _("Two spaces linked"),
        "link_ended": _("Link between two spaces ended"),
        "seats_planned": _("Seats of a college fixed"),
        "holder_added": _("Person added to a seat"),
        "holder_ended": _("Mandate at a seat ended"),
        "holder_named": _("Choice to be named for a seat"),
        "turn_added": _("Turn of facilitation added"),
        "turn_ended": _("Turn of facilitation ended"),
        "turn_taken_back": _("Turn of facilitation taken back"),
        "step_added": _("Step of the decision path added"),
        "step_ended": _("Step of the decision path ended"),
        "conditions_promised": _("Conditions of savoir d’expérience promised"),
        "conditions_kept": _("Conditions kept at a meeting noted"),
        "charter_written": _("Charter written"),
        "charter_adopted": _("Charter adopted"),
        "obstacle_named": _("Obstacle named"),
        "obstacle_changed": _("Obstacle changed"),
        "obstacle_tried": _("Attempt against an obstacle noted"),
        "obstacle_outcome": _("Outcome of an attempt noted"),
    },
)
