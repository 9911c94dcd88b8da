"""The record of participation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.actors.vocabulary import ActorType
from maillage.core.dates import once


class Participation(models.Model):
    """On a day, at a stage, one actor (or so many people of a type, without names) took part in something.

    ``reference`` is ``app.model:uuid`` of what it was (``concertation.meeting:…``).
    """

    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="participations")
    stage = models.ForeignKey("alliances.Stage", models.SET_NULL, null=True, blank=True, related_name="participations")
    on = models.DateField()
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="participations")
    type = models.CharField(_("type"), max_length=20, choices=ActorType)
    people = models.PositiveIntegerField(default=1)
    reference = models.CharField(max_length=120)

    class Meta:
        ordering = ["on", "id"]
        constraints = [*once("actors_participation_once", "reference", "type", or_none="actor")]
        indexes = [
            models.Index(fields=["alliance", "on"], name="actors_participations"),
            models.Index(fields=["stage", "type"], name="actors_by_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.type} × {self.people}, {self.reference}"
