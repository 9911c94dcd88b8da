"""Questions of a questionnaire. The answers are ballots of the urn: ``{"<question uuid>": answer}``."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Section(models.Model):
    """Some questions under one heading, which may be passed over whole."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True, max_length=2000)
    optional = models.BooleanField(_("may be passed over"), default=False)

    class Meta:
        ordering = ["step_id", "position", "id"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A question, how it is answered, and what it depends on."""

    class Kind(models.TextChoices):
        ONE = "one", pgettext_lazy("kind of question", "one choice")
        SEVERAL = "several", pgettext_lazy("kind of question", "several choices")
        GRADE = "grade", pgettext_lazy("kind of question", "a grade")
        NUMBER = "number", pgettext_lazy("kind of question", "a number")
        TEXT = "text", pgettext_lazy("kind of question", "a text")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("answered by"), max_length=8, choices=Kind)
    label = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("help"), max_length=500, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    choices = models.JSONField(default=list, blank=True)
    """``[{"code": "a", "label": "…"}]`` of a choice or a grade; a grade's go from worst to best."""
    least = models.IntegerField(_("smallest number"), null=True, blank=True)
    most = models.IntegerField(_("largest number"), null=True, blank=True)
    depends_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="dependents")
    depends_in = models.JSONField(default=list, blank=True)
    """Codes of the choices of ``depends_on`` under which it is asked."""

    class Meta:
        ordering = ["section_id", "position", "id"]

    def __str__(self) -> str:
        return self.label
