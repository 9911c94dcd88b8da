"""The public log of what the agent (or another role) did in the members' name, and appeals to the coordination."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ActInName(models.Model):
    """An act done in someone else's name: never who, always which role, on what, from which source.

    ``kind`` is declared in ``core.contributions.act_kinds``; ``reference`` is ``app.model:uuid``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="acts_in_name")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    role_kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=300)
    """What it was about, in words anyone may read: « Décision 2026-47 ». No person's name."""
    on_behalf = models.CharField(max_length=300, blank=True)
    """The actor in whose name it was done."""
    source = models.CharField(max_length=300, blank=True)
    """Where it comes from: « appel du 12 novembre », « bulletin papier »."""
    done_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Never shown: whoever did it does not answer the appeal against it."""
    audit_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["alliance", "-at", "-id"], name="alliances_acts")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Appeal(models.Model):
    """A member asks the coordination to look again at an act done in the members' name."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the coordination")
        UPHELD = "upheld", _("the act stands")
        CORRECTED = "corrected", _("corrected")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.ForeignKey(ActInName, models.CASCADE, related_name="appeals")
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, related_name="appeals")
    reason = models.TextField(_("reason"), max_length=5000)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=5000)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)
