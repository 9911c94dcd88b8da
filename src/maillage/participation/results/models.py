"""What the count of a step gave: aggregates only, computed in the background after the closing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Result(models.Model):
    """One a step. Rebuilt by one function from the ballots (``results.counting.count``), never by hand.

    Everything its page shows is here: the page reads no ballot, whatever their number.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("result", "being counted")
        READY = "ready", pgettext_lazy("result", "counted")
        FAILED = "failed", pgettext_lazy("result", "could not be counted")

    step = models.OneToOneField("participation.Step", models.CASCADE, related_name="result")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    ballots = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict)
    """Its shape is that of the kind of step and, for priorities, of the counting rule."""
    who = models.JSONField(default=dict)
    """How many ballots by channel and by answer « about you », protected (``groups.who``)."""
    withheld = models.BooleanField(default=False)
    """Too few ballots: nothing of what they hold is kept here, nor shown to anyone."""
    computed_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    """The published ballots (``.pb`` or CSV), where small numbers allow."""
    command = models.CharField(max_length=500, blank=True)
    """What recounts ``file``, as it is typed in a terminal."""
    receipts_file = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.step_id)

    @property
    def consultation(self):  # the rules ask it
        return self.step.consultation
