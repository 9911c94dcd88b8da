"""Voices wanted around the table, and who reaches out to those that are missing."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.actors.vocabulary import ActorType
from maillage.core.dates import Dated, DatedQuerySet


class WantedVoice(Dated):
    """The alliance said it wants so many actors of this sector, type and scale. An empty code means any."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="wanted_voices")
    sector = models.SlugField(max_length=60, blank=True)
    """A code of the scheme ``field`` or ``sector``: what the alliance groups its actors by."""
    type = models.CharField(max_length=20, choices=ActorType, blank=True)
    scale = models.SlugField(max_length=60, blank=True)
    number = models.PositiveSmallIntegerField(_("how many"), default=1)
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["alliance_id", "sector", "type", "scale", "id"]
        constraints = [
            Dated.interval("concertation_wanted"),
            models.UniqueConstraint(
                fields=["alliance", "sector", "type", "scale"],
                condition=models.Q(until=None),
                name="concertation_wanted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector} {self.type} {self.scale}"

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:voice", args=[self.alliance.slug, self.uuid])


class Approach(models.Model):
    """Someone reaches out to a voice that is missing; the task says who and by when, the outcome is kept."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("under way")
        JOINED = "joined", _("joined")
        LATER = "later", _("not now")
        DECLINED = "declined", _("does not wish to")
        LOST = "lost", _("not reached")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    voice = models.ForeignKey(WantedVoice, models.CASCADE, related_name="approaches")
    task = models.OneToOneField("concertation.Task", models.CASCADE, related_name="approach")
    whom = models.CharField(_("who is approached"), max_length=200)
    actor = models.ForeignKey("actors.Actor", models.SET_NULL, null=True, blank=True, related_name="approaches")
    """Once it has joined."""
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    outcome_on = models.DateField(_("on"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.whom

    @property
    def alliance(self):  # type: ignore[no-untyped-def]
        return self.voice.alliance
