"""Tasks: who does what by when."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Task(models.Model):
    """Something to do, with its owner and its date. ``outcome`` says what came of it: kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="concertation_tasks")
    space = models.ForeignKey("concertation.Space", models.CASCADE, null=True, blank=True, related_name="tasks")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=300)
    notes = models.TextField(_("notes"), blank=True, max_length=5000)
    owner_actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="tasks")
    owner_person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, blank=True, related_name="tasks")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True, max_length=5000)
    agenda_item = models.ForeignKey(
        "concertation.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    decision = models.ForeignKey("concertation.Decision", models.CASCADE, null=True, blank=True, related_name="tasks")
    is_public = models.BooleanField(_("shown in public"), default=False)
    reminded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["alliance", "done_on", "due_on"], name="concertation_tasks"),
            models.Index(fields=["owner_person", "done_on"], name="concertation_tasks_of"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:task", args=[self.alliance.slug, self.uuid])

    @property
    def reference(self) -> str:
        return f"concertation.task:{self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.cancelled_on is None
