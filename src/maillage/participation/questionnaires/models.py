"""Questions of a questionnaire. The answers are ballots of the urn: ``{"<question uuid>": answer}``."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
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


class Erratum(models.Model):
    """A wording put right while people were answering: what it was, what it is, and why. Shown with the results."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="errata")
    choice = models.CharField(max_length=8, blank=True)
    """Code of the choice whose words changed; blank: the question's own."""
    before = models.CharField(max_length=500, blank=True)
    after = models.CharField(max_length=500, blank=True)
    why = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ["question_id", "id"]

    def __str__(self) -> str:
        return self.after


class Excerpt(models.Model):
    """A passage of a text answer, shown in public word for word: chosen by one person, agreed by another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="excerpts")
    text = models.CharField(_("passage"), max_length=500)
    chosen_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    agreed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who chose it."""
    agreed = models.BooleanField(default=False)

    class Meta:
        ordering = ["question_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "text"], name="participation_excerpt_once"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("chosen_by")), name="participation_excerpt_by_two"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
