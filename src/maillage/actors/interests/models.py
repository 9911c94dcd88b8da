"""Standing declarations of interests, and withdrawals from one item."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import Dated, DatedQuerySet


class Interest(Dated):
    """What a person declares: an interest, an office, a family tie. Family ties are always private."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("board, direction or job")
        INTEREST = "interest", _("property, contract or business")
        FAMILY = "family", _("family or close tie")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="interests")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="interests_declared")
    """The actor it concerns, where it is one of the alliance: conflicts are then found from it."""
    what = models.CharField(_("what"), max_length=300)
    is_private = models.BooleanField(_("private"), default=False)
    declared_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Written for the person by someone else; null: by the person."""
    source = models.CharField(_("where it comes from"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "since", "id"]
        constraints = [
            Dated.interval("actors_interest"),
            models.CheckConstraint(condition=~Q(kind="family") | Q(is_private=True), name="actors_family_private"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class InterestReview(models.Model):
    """The person looked at what they declare and said that it is right, nothing at all included. Once a year."""

    person = models.OneToOneField("alliances.Person", models.CASCADE, related_name="interest_review")
    at = models.DateTimeField(null=True, blank=True)
    """Null: asked, and not answered yet."""
    reminded_on = models.DateField(null=True, blank=True)
    """The last day a reminder left, so that it leaves once a year."""

    class Meta:
        ordering = ["person_id"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.at}"


class Withdrawal(models.Model):
    """A person left one item for a conflict of interest: they neither see its deliberation nor act on it.

    ``reference`` is ``app.model:uuid`` of what they left (``concertation.decision:…``, ``concertation.agendaitem:…``;
    later an application for money). ``actor`` is the one they sat for. Never deleted: an error is lifted, by someone
    else, and both stay in the log.
    """

    class Reason(models.TextChoices):
        PROPOSES = "proposes", _("the organisation proposes it")
        CARRIES_OUT = "carries-out", _("the organisation will carry it out")
        CONCERNED = "concerned", _("the organisation is concerned")
        DECLARED = "declared", _("an interest that was declared")
        OTHER = "other", _("another reason")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="withdrawals")
    person = models.ForeignKey("alliances.Person", models.PROTECT, related_name="withdrawals")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="withdrawals")
    reference = models.CharField(max_length=120)
    reason = models.CharField(max_length=20, choices=Reason)
    public_words = models.CharField(_("what is said in public"), max_length=300, blank=True)
    found = models.BooleanField(default=False)
    """Found from the data rather than said by the person first."""
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Written for the person by someone else; null: said by the person."""

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reference"], condition=Q(lifted_at=None), name="actors_withdrawal_once"
            )
        ]
        indexes = [models.Index(fields=["reference"], name="actors_withdrawals_of")]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.reference}"


class WithdrawalNote(models.Model):
    """A withdrawal that someone wrote down for a person who was not there. It hides nothing from them until a second
    person confirms it; the person may say that it is not so, or withdraw themselves."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="withdrawal_notes")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="withdrawal_notes")
    reference = models.CharField(max_length=120)
    reason = models.CharField(max_length=20, choices=Withdrawal.Reason)
    public_words = models.CharField(_("what is said in public"), max_length=300, blank=True)
    source = models.CharField(_("where it comes from"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person, or the person themself."""
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reference"], condition=Q(settled_at=None), name="actors_withdrawal_note_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.reference}"
