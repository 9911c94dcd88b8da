"""Paper: batches of sheets without identity, keyed in twice, compared, accepted or voided whole by two people."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Batch(models.Model):
    """A pile of printed ballots of one step: its number and its QR code are all that the sheets carry."""

    class State(models.TextChoices):
        PRINTED = "printed", pgettext_lazy("batch of paper", "printed")
        OUT = "out", pgettext_lazy("batch of paper", "handed out")
        KEYING = "keying", pgettext_lazy("batch of paper", "being keyed in")
        COMPARED = "compared", pgettext_lazy("batch of paper", "keyed twice, to be agreed")
        ACCEPTED = "accepted", pgettext_lazy("batch of paper", "counted")
        VOIDED = "voided", pgettext_lazy("batch of paper", "voided")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey("participation.Step", models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    place = models.CharField(_("where it goes"), max_length=200, blank=True)
    printed = models.PositiveSmallIntegerField(_("sheets printed"))
    handed_out = models.PositiveSmallIntegerField(_("sheets handed out"), null=True, blank=True)
    returned = models.PositiveSmallIntegerField(_("sheets returned"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PRINTED)
    exchanged = models.PositiveSmallIntegerField(default=0)
    """Sheets handed out against a code, or a name of the list. How many: nothing says whose."""
    just_given = models.CharField(max_length=200, blank=True)
    """By which an exchange sent twice is known (``exchanging``); nothing is read from it. Blank once keyed in."""
    difference_why = models.CharField(_("why the counts differ"), max_length=500, blank=True)
    untied_why = models.CharField(_("why sheets given without a code are counted"), max_length=500, blank=True)
    untied_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    untied_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked."""
    untied_at = models.DateTimeField(null=True, blank=True)
    counted = models.PositiveSmallIntegerField(default=0)
    """Sheets put in the urn, and those that could not be counted: known still once the sheets are erased."""
    spoilt = models.PositiveSmallIntegerField(default=0)
    accepted_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    void_why = models.CharField(_("why it is voided"), max_length=500, blank=True)
    void_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    voided_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["step_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="participation_batch_number_once"),
            models.CheckConstraint(
                condition=Q(voided_by=None) | ~Q(voided_by=F("void_asked_by")), name="participation_voided_by_two"
            ),
            models.CheckConstraint(condition=~Q(state="voided") | ~Q(void_why=""), name="participation_void_says_why"),
            models.CheckConstraint(
                condition=Q(handed_out=None) | Q(handed_out__lte=F("printed")), name="participation_out_of_printed"
            ),
            models.CheckConstraint(condition=Q(exchanged__lte=F("printed")), name="participation_exchanged_of_printed"),
            models.CheckConstraint(
                condition=Q(untied_by=None) | ~Q(untied_by=F("untied_asked_by")), name="participation_untied_by_two"
            ),
            models.CheckConstraint(
                condition=Q(untied_at=None) | ~Q(untied_why=""), name="participation_untied_says_why"
            ),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(returned__lte=F("handed_out")), name="participation_returned_of_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.number}"

    @property
    def alliance(self):  # the rules ask it
        return self.step.consultation.alliance


class KeyedRound(models.Model):
    """One reading of a batch, by one person from the first sheet to the last. The other one is someone else's."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rounds")
    round = models.PositiveSmallIntegerField()
    """1 or 2."""
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    finished = models.BooleanField(default=False)

    class Meta:
        ordering = ["batch_id", "round"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "round"], name="participation_round_once"),
            models.UniqueConstraint(fields=["batch", "by"], name="participation_keyed_by_two"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="participation_round_1_or_2"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.round}"


class KeyedSheet(models.Model):
    """A sheet as one person keyed it in. Two rounds by two people; erased when the consultation is published."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sheets")
    round = models.PositiveSmallIntegerField()
    """1 or 2."""
    line = models.PositiveSmallIntegerField()
    """Place of the sheet in the pile, from 1."""
    typed = models.CharField(max_length=600, blank=True)
    """As it was typed, to be corrected."""
    content = models.TextField(blank=True)
    doubtful = models.BooleanField(_("doubtful"), default=False)
    note = models.CharField(_("what is doubtful"), max_length=300, blank=True)
    spoilt = models.BooleanField(_("cannot be counted"), default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["batch_id", "round", "line"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "round", "line"], name="participation_sheet_once"),
            models.UniqueConstraint(fields=["batch", "by", "line"], name="participation_sheet_by_two"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="participation_two_rounds"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.round}/{self.line}"


class SheetRuling(models.Model):
    """What two people decided of a sheet that was doubtful, or that the two rounds read differently."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rulings")
    line = models.PositiveSmallIntegerField()
    typed = models.CharField(max_length=600, blank=True)
    content = models.TextField(blank=True)
    spoilt = models.BooleanField(default=False)
    why = models.CharField(_("why"), max_length=300, blank=True)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["batch_id", "line"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="participation_ruling_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="participation_ruled_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.line}"
