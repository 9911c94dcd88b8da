"""Ties between actors, campaigns that bring them up to date, what each actor brings."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.dates import Dated, DatedQuerySet


class Tie(Dated):
    """A relation between two actors, told by one and confirmed or not by the other. Ended, never deleted.

    ``first`` has the lower id: a pair and a kind hold one tie at a time. Nothing here can say a conflict.
    """

    class Kind(models.TextChoices):
        CONCERTATION = "concertation", _("concertation")
        PROJECT = "project", _("common project")
        REFERRAL = "referral", _("referral of people")
        FUNDING = "funding", _("funding")
        PREMISES = "premises", _("shared premises")

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        YEARLY = "yearly", _("a few times a year")
        RARELY = "rarely", _("now and then")

    class Answer(models.TextChoices):
        WAITING = "waiting", _("not confirmed yet")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("not recognised by the other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="ties")
    first = models.ForeignKey("actors.Actor", models.PROTECT, related_name="ties_first")
    second = models.ForeignKey("actors.Actor", models.PROTECT, related_name="ties_second")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency, default=Frequency.YEARLY)
    how = models.CharField(_("how"), max_length=500, blank=True)
    told_by = models.ForeignKey("actors.Actor", models.PROTECT, related_name="ties_told")
    told_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    """The last day a member said it still holds."""
    source = models.CharField(max_length=20, default="member")
    """``member``, ``link``, ``import``, ``agent`` or ``demo``."""

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["alliance_id", "first_id", "second_id", "kind", "id"]
        constraints = [
            Dated.interval("actors_tie"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="actors_tie_order"),
            models.UniqueConstraint(
                fields=["first", "second", "kind"], condition=Q(until=None), name="actors_tie_open_once"
            ),
        ]
        indexes = [models.Index(fields=["alliance", "kind"], name="actors_ties_by_kind")]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id} ({self.kind})"


class TieCampaign(models.Model):
    """Every actor is invited to bring its ties up to date, from a day until another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="tie_campaigns")
    name = models.CharField(_("name"), max_length=120)
    message = models.TextField(_("message"), blank=True, max_length=2000)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="actors_campaign_dates")]

    def __str__(self) -> str:
        return self.name


class CampaignReply(models.Model):
    """One actor in one campaign: invited, reminded, answered."""

    campaign = models.ForeignKey(TieCampaign, models.CASCADE, related_name="replies")
    actor = models.ForeignKey("actors.Actor", models.CASCADE, related_name="campaign_replies")
    invited_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["campaign_id", "actor_id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "actor"], name="actors_campaign_reply_once")]

    def __str__(self) -> str:
        return f"{self.actor_id} in {self.campaign_id}"


class Offering(models.Model):
    """What an actor brings and may share: the directory of what is already there."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience", _("experience")
        KNOWLEDGE = "knowledge", _("knowledge")
        PREMISES = "premises", _("premises and equipment")
        MONEY = "money", _("money")
        TIME = "time", _("people’s time")

    actor = models.ForeignKey("actors.Actor", models.CASCADE, related_name="offerings")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("in a few words"), max_length=500)
    is_public = models.BooleanField(_("shown in public"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["actor_id", "position", "id"]

    def __str__(self) -> str:
        return self.text


class TieImport(models.Model):
    """A spreadsheet of ties: as it was read, what a person chose, what came of it. Its lines are kept a short time."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        APPLIED = "applied", _("written")
        DISCARDED = "discarded", _("set aside")
        UNDONE = "undone", pgettext_lazy("a file", "undone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="tie_imports")
    name = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    """``[[line of the file, cell, …], …]``; emptied after its limit."""
    columns = models.JSONField(default=dict)
    """``{role: index of the column}``."""
    kind = models.CharField(max_length=20, choices=Tie.Kind, blank=True)
    """The kind of every line, where no column says it."""
    proposals = models.JSONField(default=dict)
    """``{folded name: [[actor, score, reasons], …]}`` for the names that no actor bears exactly."""
    decisions = models.JSONField(default=dict)
    """``{folded name: actor id, or 0 for « leave it aside »}``."""
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    counts = models.JSONField(default=dict)
    made = models.JSONField(default=list)
    """The ids of the ties it wrote: what undoing it takes back."""
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name
