"""The outreach plan of a consultation: who is far from services, through whom they are reached, what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
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
    """For a relay that is no actor; said in public instead of the name of an actor that is not public."""
    place = models.CharField(_("where"), max_length=200, blank=True)
    on = models.DateField(_("when"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    """The last day, itself included."""
    means = models.CharField(_("how"), max_length=300, blank=True)
    offered = models.CharField(_("offered: transport, childcare, meal, compensation…"), max_length=300, blank=True)
    aimed = models.PositiveIntegerField(_("people aimed at"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True, max_length=2000)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    cancelled_why = models.CharField(_("why it did not take place"), max_length=500, blank=True)
    is_public = models.BooleanField(_("told in public"), default=True)

    class Meta:
        ordering = ["consultation_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(on=None) | Q(until=None) | Q(on__lte=F("until")), name="participation_outreach_begins_first"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(on__isnull=False), name="participation_outreach_begins_to_end"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | (~Q(cancelled_why="") & Q(done_on=None, reached=None)),
                name="participation_outreach_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(outcome="", reached=None),
                name="participation_outreach_outcome_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def alliance(self):  # the rules ask it
        return self.consultation.alliance

    @property
    def state(self) -> str:
        """``cancelled``, ``done`` or ``planned``."""
        if self.cancelled_on is not None:
            return "cancelled"
        return "done" if self.done_on is not None else "planned"

    @property
    def last_day(self):
        """The day after which what came of it is waited for; None without date."""
        return self.until or self.on
