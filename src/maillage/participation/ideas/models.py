"""Search for solutions: ideas on a named problem, gathered, merged with their authors' agreement, discussed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Idea(models.Model):
    """A solution that someone proposes. Its author is known by a receipt alone."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("idea", "to be read")
        SHOWN = "shown", pgettext_lazy("idea", "shown")
        REFUSED = "refused", pgettext_lazy("idea", "refused")
        MERGED = "merged", pgettext_lazy("idea", "merged into another")
        TAKEN_BACK = "taken-back", pgettext_lazy("idea", "taken back by its author")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="ideas")
    number = models.PositiveIntegerField()
    title = models.CharField(_("idea, in a few words"), max_length=200)
    text = models.TextField(_("how it would work"), blank=True, max_length=3000)
    problem = models.CharField(_("problem it answers"), max_length=200, blank=True)
    language = models.CharField(max_length=8, default="fr")
    mark = models.CharField(max_length=64, blank=True)
    """Keyed digest of its author's receipt, with which they agree to a merge or take it back."""
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    refuse_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    refused_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["step_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="participation_idea_number_once"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="participation_idea_refusal_says_why"
            ),
            models.CheckConstraint(
                condition=Q(refused_by=None) | ~Q(refused_by=F("refuse_asked_by")),
                name="participation_idea_refused_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MergeProposal(models.Model):
    """Several ideas that someone proposes to say as one: done once every author agreed, or the delay has passed."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("merge of ideas", "proposed to the authors")
        DONE = "done", pgettext_lazy("merge of ideas", "done")
        DROPPED = "dropped", pgettext_lazy("merge of ideas", "dropped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="merges")
    title = models.CharField(_("idea, in a few words"), max_length=200)
    text = models.TextField(_("how it would work"), blank=True, max_length=3000)
    proposed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    answers_until = models.DateField(_("answers until"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    result = models.ForeignKey(Idea, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["step_id", "id"]

    def __str__(self) -> str:
        return self.title


class MergeAnswer(models.Model):
    """What the author of one of the ideas answered. Null: not yet."""

    merge = models.ForeignKey(MergeProposal, models.CASCADE, related_name="answers")
    idea = models.ForeignKey(Idea, models.CASCADE, related_name="merge_answers")
    agreed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["merge_id", "id"]
        constraints = [models.UniqueConstraint(fields=["merge", "idea"], name="participation_merge_answer_once")]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.idea_id}"


class IdeaComment(models.Model):
    """Part of the discussion of an idea: without author, moderated as ideas are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idea = models.ForeignKey(Idea, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    text = models.TextField(_("comment"), max_length=1000)
    language = models.CharField(max_length=8, default="fr")
    state = models.CharField(max_length=10, choices=Idea.State, default=Idea.State.PENDING)
    refuse_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    refused_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["idea_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "number"], name="participation_comment_number_once"),
            models.CheckConstraint(
                condition=Q(refused_by=None) | ~Q(refused_by=F("refuse_asked_by")),
                name="participation_comment_refused_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
