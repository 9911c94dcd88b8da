"""Search for solutions: ideas on a named problem, gathered, merged with their authors' agreement, discussed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.text import fold
from maillage.participation.reading import DigestField, ReadByTwo, by_two
from maillage.participation.urn.models import Unordered


class NamedProblem(models.Model):
    """A problem that a step asks solutions for, in the alliance's own words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="problems")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("problem"), max_length=200)
    text = models.TextField(_("in plain words"), blank=True, max_length=1000)

    class Meta:
        ordering = ["step_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["step", "label"], name="participation_problem_once")]

    def __str__(self) -> str:
        return self.label


class Moderated(ReadByTwo):
    """What someone without account adds: shown by two people, or refused by two, with a reason."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("idea", "to be read")
        SHOWN = "shown", pgettext_lazy("idea", "shown")
        REFUSED = "refused", pgettext_lazy("idea", "refused")
        MERGED = "merged", pgettext_lazy("idea", "merged into another")
        TAKEN_BACK = "taken-back", pgettext_lazy("idea", "taken back by its author")

    class Reason(models.TextChoices):
        """What is told in public of a refusal: how many for each reason."""

        SUBJECT = "subject", pgettext_lazy("reason of a refusal", "about something else")
        SAME = "same", pgettext_lazy("reason of a refusal", "says the same as another one")
        UNCLEAR = "unclear", pgettext_lazy("reason of a refusal", "one cannot tell what is proposed")
        PERSON = "person", pgettext_lazy("reason of a refusal", "speaks of a person who can be recognised")
        HATE = "hate", pgettext_lazy("reason of a refusal", "insults, hatred or threats")
        NOISE = "noise", pgettext_lazy("reason of a refusal", "advertising, or signs without meaning")
        AUTHOR = "author", pgettext_lazy("reason of a refusal", "taken away at its author’s request")
        """Of one that nobody holds a receipt for: said in a workshop, or a comment."""

    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, blank=True)
    """Published with the count of refusals; what was refused is not."""
    note = models.CharField(_("in a few words, for its author and the second person"), max_length=300, blank=True)

    class Meta:
        abstract = True


class Idea(Moderated, Unordered):
    """A solution that someone proposes. Its author is known by a receipt alone; nothing tells their order."""

    class Came(models.TextChoices):
        ONLINE = "online", pgettext_lazy("where an idea comes from", "on line")
        WORKSHOP = "workshop", pgettext_lazy("where an idea comes from", "a workshop or a meeting")
        PAPER = "paper", pgettext_lazy("where an idea comes from", "on paper")

    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="ideas")
    number = models.PositiveIntegerField()
    """By which people speak of it: drawn (``ground.next_number``), so that it does not tell the order either."""
    title = models.CharField(_("idea, in a few words"), max_length=200, blank=True)
    """Blank once taken back, as ``text``: what it said is nowhere any more."""
    text = models.TextField(_("how it would work"), blank=True, max_length=2000)
    folded = models.TextField(blank=True, editable=False)
    """Title and text without capitals nor accents, for the list's own search."""
    digest = DigestField(of=["title", "text"])
    problem = models.ForeignKey(
        NamedProblem, models.PROTECT, null=True, blank=True, related_name="ideas",
        verbose_name=_("problem it answers"),
    )  # fmt: skip
    language = models.CharField(max_length=8, default="fr")
    came = models.CharField(_("where it comes from"), max_length=8, choices=Came, default=Came.ONLINE)
    source = models.CharField(_("where and when it was said"), max_length=120, blank=True)
    """« atelier du 3 novembre, à la bibliothèque »; no name."""
    mark = models.CharField(max_length=64, blank=True)
    """Keyed digest of its author's receipt, with which they agree to a merge or take it back. Blank: nobody holds one
    (said in a meeting, or made of several ideas)."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    given_back: Sequence[int] = ()
    """Not kept: the numbers of those it said together and that its refusal has just shown again."""

    class Meta:
        ordering = ["step_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="participation_idea_number_once"),
            models.UniqueConstraint(
                fields=["step", "mark"], condition=~Q(mark=""), name="participation_idea_mark_once"
            ),
            *by_two("participation_idea"),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="participation_idea_merged_into_one"
            ),
            models.CheckConstraint(
                condition=Q(state="taken-back") | ~Q(title=""), name="participation_idea_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["step", "state", "number"], name="participation_idea_list"),
            models.Index(fields=["step", "digest"], name="participation_idea_same"),
            models.Index(fields=["step", "state"], condition=Q(checked=False), name="participation_idea_wait"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.number)

    def save(self, *args, **kwargs) -> None:
        self.folded = fold(f"{self.title} {self.text}")
        names = kwargs.get("update_fields")
        if names is not None and {"title", "text"} & set(names):
            kwargs["update_fields"] = {*names, "folded", "digest"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        consultation = self.step.consultation
        args = [consultation.alliance.slug, consultation.uuid, self.step.uuid, self.number]
        return reverse("participation_in:idea", args=args)

    @property
    def reference(self) -> str:
        return f"participation.idea:{self.pk}"


class MergeProposal(models.Model):
    """Several ideas that someone proposes to say as one: done once every author agreed, or the delay has passed."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("merge of ideas", "proposed to the authors")
        DONE = "done", pgettext_lazy("merge of ideas", "done")
        DROPPED = "dropped", pgettext_lazy("merge of ideas", "dropped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="merges")
    title = models.CharField(_("idea, in a few words"), max_length=200)
    text = models.TextField(_("how it would work"), blank=True, max_length=2000)
    problem = models.ForeignKey(NamedProblem, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    answers_until = models.DateField(_("answers until"))
    """The last day when an author may answer."""
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    result = models.ForeignKey(Idea, models.PROTECT, null=True, blank=True, related_name="made_by")

    class Meta:
        ordering = ["step_id", "id"]

    def __str__(self) -> str:
        return self.title


class MergeAnswer(models.Model):
    """What the author of one of the ideas answered. Null: not yet.

    An idea made of several has an answer for each of theirs: ``idea`` is always one that somebody brought.
    """

    merge = models.ForeignKey(MergeProposal, models.CASCADE, related_name="answers")
    idea = models.ForeignKey(Idea, models.CASCADE, related_name="merge_answers")
    agreed = models.BooleanField(null=True, blank=True)
    noted_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Who wrote down the answer of an author without receipt: never the one who proposed the merge."""
    note = models.CharField(_("how the author answered"), max_length=300, blank=True)

    class Meta:
        ordering = ["merge_id", "id"]
        constraints = [models.UniqueConstraint(fields=["merge", "idea"], name="participation_merge_answer_once")]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.idea_id}"


class IdeaComment(Moderated, Unordered):
    """Part of the discussion of an idea: without author, moderated as ideas are."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    """Its place in this discussion, which is read in order; nothing orders those of two ideas."""
    text = models.TextField(_("comment"), max_length=1000)
    digest = DigestField(of=["text"])
    language = models.CharField(max_length=8, default="fr")

    class Meta:
        ordering = ["idea_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "number"], name="participation_comment_number_once"),
            *by_two("participation_comment"),
        ]
        indexes = [
            models.Index(fields=["idea", "digest"], name="participation_comment_same"),
            models.Index(fields=["idea", "state"], condition=Q(checked=False), name="participation_comment_wait"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def step(self):  # the rules ask it
        return self.idea.step
