"""Statements that people agree or disagree with. Their votes are ballots of the urn: ``{"<number>": 1 | -1 | 0}``."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.reading import DigestField, ReadByTwo, by_two


class Statement(ReadByTwo):
    """Something short that one may agree with. Who added it is never kept."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("statement", "to be read")
        SHOWN = "shown", pgettext_lazy("statement", "shown")
        REFUSED = "refused", pgettext_lazy("statement", "refused")

    class Reason(models.TextChoices):
        """What is told in public of a refusal: how many for each reason."""

        SUBJECT = "subject", pgettext_lazy("reason of a refusal", "about something else")
        SAME = "same", pgettext_lazy("reason of a refusal", "says the same as another statement")
        SEVERAL = "several", pgettext_lazy("reason of a refusal", "several ideas in one")
        UNCLEAR = "unclear", pgettext_lazy("reason of a refusal", "one cannot tell what agreeing would mean")
        PERSON = "person", pgettext_lazy("reason of a refusal", "speaks of a person who can be recognised")
        HATE = "hate", pgettext_lazy("reason of a refusal", "insults, hatred or threats")
        NOISE = "noise", pgettext_lazy("reason of a refusal", "advertising, or signs without meaning")
        BEFORE = "before", pgettext_lazy("reason of a refusal", "refused where the conversation was held")
        """Of what is imported only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.CharField(_("statement"), max_length=280)
    language = models.CharField(max_length=8, default="fr")
    added_by_participant = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    checked = models.BooleanField(default=True)
    """Only what participants add waits for two readers: what the alliance wrote opened with it."""
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, blank=True)
    """Published with the count of refusals; the statement itself is not."""
    digest = DigestField(of=["text"])

    class Meta:
        ordering = ["step_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="participation_statement_number_once"),
            *by_two("participation_statement"),
        ]
        indexes = [
            models.Index(fields=["step", "digest"], name="participation_statement_same"),
            models.Index(fields=["step", "state"], condition=Q(checked=False), name="participation_statement_wait"),
        ]

    def __str__(self) -> str:
        return self.text


class OpinionReading(models.Model):
    """The groups as they stood when they were last computed: aggregates only, computed in the background."""

    step = models.OneToOneField("participation.Step", models.CASCADE, related_name="opinion_reading")
    data = models.JSONField(default=dict)
    participants = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.step_id)
