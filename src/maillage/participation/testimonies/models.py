"""Testimonies: text or voice, with a consent for each use; coded by two people on a small book of codes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.urn.models import Unordered


class Testimony(Unordered):
    """What someone lives, in their own words. No author, no instant; withdrawn with its receipt."""

    __test__ = False

    step = models.ForeignKey("participation.Step", models.PROTECT, related_name="testimonies")
    text = models.TextField(_("testimony"), blank=True, max_length=20_000)
    """For a voice: what was written down from it."""
    voice = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="fr")
    may_read = models.BooleanField(_("the alliance may read it to understand the situation"), default=False)
    may_quote = models.BooleanField(_("passages may be quoted in public"), default=False)
    signed_as = models.CharField(_("quoted as"), max_length=80, blank=True)
    """Blank: without any name. The person's own choice of words (« une mère de trois enfants »)."""
    taken_down = models.BooleanField(_("taken down by a helper"), default=False)
    read_back = models.BooleanField(_("read back to the person, who agreed"), default=False)
    mark = models.CharField(max_length=64, blank=True)
    """Keyed digest of its receipt, with which its author withdraws it."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(may_read=True), name="participation_testimony_consented"),
            models.UniqueConstraint(
                fields=["step", "mark"], condition=~Q(mark=""), name="participation_testimony_mark_once"
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(voice__isnull=False), name="participation_testimony_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class BookCode(models.Model):
    """An entry of the book of codes of a step."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", pgettext_lazy("code of testimonies", "problem")
        FIELD = "field", pgettext_lazy("code of testimonies", "field")
        GROUP = "group", pgettext_lazy("code of testimonies", "group")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="book")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    label = models.CharField(_("name"), max_length=120)
    definition = models.CharField(_("when it applies"), max_length=500, blank=True)
    term = models.CharField(max_length=60, blank=True)
    """Code of the fixed field it is, for kind ``field``."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["step_id", "kind", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["step", "kind", "label"], name="participation_book_once")]

    def __str__(self) -> str:
        return self.label


class CodingRound(models.Model):
    """One person's reading of one testimony: all the codes that apply, once it is done."""

    testimony = models.ForeignKey(Testimony, models.CASCADE, related_name="codings")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    codes: models.ManyToManyField = models.ManyToManyField(BookCode, related_name="codings", blank=True)

    class Meta:
        ordering = ["testimony_id", "id"]
        constraints = [models.UniqueConstraint(fields=["testimony", "by"], name="participation_coding_once")]

    def __str__(self) -> str:
        return f"{self.testimony_id} {self.by_id}"


class Settled(models.Model):
    """The codes that stand once two people have read it apart: the same for both, or one proposes, another agrees."""

    testimony = models.OneToOneField(Testimony, models.CASCADE, related_name="settled")
    codes: models.ManyToManyField = models.ManyToManyField(BookCode, related_name="+", blank=True)
    proposed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    agreed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    agreed = models.BooleanField(default=False)

    class Meta:
        ordering = ["testimony_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("proposed_by")), name="participation_settled_by_two"
            )
        ]

    def __str__(self) -> str:
        return str(self.testimony_id)


class Withdrawn(Unordered):
    """The mark of a testimony that its author took back: sent again by a reload, it does not come back."""

    step = models.ForeignKey("participation.Step", models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)

    class Meta:
        ordering = ["step_id", "mark"]
        constraints = [models.UniqueConstraint(fields=["step", "mark"], name="participation_withdrawn_once")]

    def __str__(self) -> str:
        return self.mark[:8]


class Quote(models.Model):
    """A passage shown in public, word for word, with consent; chosen by one person, agreed by another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    testimony = models.ForeignKey(Testimony, models.CASCADE, related_name="quotes")
    text = models.TextField(_("passage"), max_length=2000)
    chosen_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("chosen_by")), name="participation_quoted_by_two"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
