"""Import runs, what a person decided in them, and what the next file is spared of deciding again."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One file brought in: who, when, what was chosen, what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("columns to choose")
        READY = "ready", _("ready to import")
        APPLIED = "applied", _("imported")
        UNDONE = "undone", _("undone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="import_runs")
    document = models.ForeignKey("core.Document", models.SET_NULL, null=True, related_name="+")
    """Private, and gone after a few days: the run stays without it."""
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sheet = models.CharField(max_length=120, blank=True)
    header_line = models.PositiveIntegerField(null=True, blank=True)
    columns = models.JSONField(default=dict)
    """``{role: index of the column}``; see ``columns.Role``."""
    options = models.JSONField(default=dict)
    """``single_space``, ``date_order``, ``epoch``."""
    categories = models.JSONField(default=dict)
    """``{category as the file writes it: type of actor}``."""
    rejected = models.JSONField(default=list)
    """``[[line, code, what was there], …]``; see ``lines.REASONS``."""
    notes = models.JSONField(default=list)
    """``[[code, {figures}], …]``: what the reader of the file is told."""
    counts = models.JSONField(default=dict)
    trace = models.JSONField(default=dict)
    """What was made and changed, so that it can be undone."""
    job = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["alliance", "-created_at"], name="concertation_imports")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:import_run", args=[self.alliance.slug, self.uuid])


class ImportProposal(models.Model):
    """A name of the file that may be another name of the file, or an actor of the register."""

    class Decision(models.TextChoices):
        LATER = "", _("decide later")
        LEFT = "left", _("the same: keep the first name")
        RIGHT = "right", _("the same: keep the second name")
        DIFFERENT = "different", _("two different organisations")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="proposals")
    position = models.PositiveIntegerField()
    left = models.CharField(max_length=300)
    right = models.CharField(max_length=300)
    right_actor = models.ForeignKey("actors.Actor", models.CASCADE, null=True, blank=True, related_name="+")
    """Where the second name is that of an actor already there: its name is the one kept."""
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    trivial = models.BooleanField(default=False)
    """Only capitals, accents, apostrophes or spaces differ."""
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="concertation_proposal_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.position}"


class ImportMemory(models.Model):
    """The columns chosen for a header: the next file with the same header is spared the question."""

    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="import_memories")
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "fingerprint"], name="concertation_import_memory_once")
        ]

    def __str__(self) -> str:
        return self.fingerprint


class CategoryMemory(models.Model):
    """The type of actor that a category was said to be, in this alliance."""

    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="category_memories")
    folded = models.CharField(max_length=200)
    actor_type = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alliance", "folded"], name="concertation_category_memory_once")]

    def __str__(self) -> str:
        return f"{self.folded}: {self.actor_type}"
