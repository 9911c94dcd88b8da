"""The outreach plan of a consultation: who is far from services, through whom they are reached, what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outreach(models.Model):
    """One way towards people who would otherwise not be heard. Never a list of people."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey("participation.Consultation", models.CASCADE, related_name="outreach")
    position = models.PositiveSmallIntegerField(default=0)
    who = models.CharField(_("people to reach"), max_length=200)
    obstacle = models.CharField(_("what keeps them away"), max_length=300, blank=True)
    relay = models.ForeignKey(
        "actors.Actor", models.PROTECT, null=True, blank=True, related_name="outreach", verbose_name=_("trusted relay")
    )
    relay_words = models.CharField(_("relay, in words"), max_length=200, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    on = models.DateField(_("when"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    means = models.CharField(_("how"), max_length=300, blank=True)
    offered = models.CharField(_("offered: transport, childcare, meal, compensation…"), max_length=300, blank=True)
    aimed = models.PositiveIntegerField(_("people aimed at"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True, max_length=2000)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        ordering = ["consultation_id", "position", "id"]

    def __str__(self) -> str:
        return self.who
