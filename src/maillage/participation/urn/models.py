"""Who may answer, who has answered, and what was answered: three things that nothing ties together.

Rows of :class:`Unlinkable` have a random key, no user, no instant, no history, and on SQLite no hidden row number
(``WITHOUT ROWID``, see the second migration), as all those of :class:`Unordered`. What is protected
against whom, and what is not: ``docs/methods/secrecy.md``.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.participation.vocabulary import Channel


class Elector(models.Model):
    """The right to one ballot: a code without name, or someone of a list. Never tied to a ballot."""

    consultation = models.ForeignKey("participation.Consultation", models.CASCADE, related_name="electors")
    mark = models.CharField(max_length=64)
    """Keyed digest of the code (``urn.marks.code_mark``): the code itself is kept nowhere."""
    number = models.PositiveIntegerField(null=True, blank=True)
    """Printed beside the code, so that a lost one may be voided without knowing it."""
    sent_on = models.DateField(null=True, blank=True)
    """When the code was last sent to someone of a list."""
    label = models.CharField(max_length=80, blank=True)
    """The lot of codes it was printed or sent with (« Maison des familles, 40 codes »)."""
    person = models.ForeignKey("alliances.Person", models.CASCADE, null=True, blank=True, related_name="electorates")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["consultation_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "mark"], name="participation_code_once"),
            models.UniqueConstraint(fields=["consultation", "number"], name="participation_code_number_once"),
            models.UniqueConstraint(
                fields=["consultation", "person"],
                condition=Q(person__isnull=False) & Q(voided_at__isnull=True),
                name="participation_elector_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.label}"


class Unordered(models.Model):
    """Base of rows that must not tell in which order they came: a random key, on SQLite the only one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Unlinkable(Unordered):
    """Base of every row of the urn: a random key and the step. A test forbids anything that says who or when."""

    step = models.ForeignKey(
        "participation.Step", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    """Each table has an index that begins by it: one more would cost every ballot. Nor does the database look the
    step up again for each of a million rows: whoever writes holds its lock, and a step with ballots is not removed."""

    class Meta:
        abstract = True


class Turnout(Unlinkable):
    """This elector has answered this step, or was given a sheet of paper for it: one row, the same for both. Written in
    the transaction of the ballot, or of the exchange; written anew at the closing."""

    elector = models.ForeignKey(Elector, models.PROTECT, related_name="turnouts")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["step", "elector"], name="participation_turnout_once")]

    def __str__(self) -> str:
        return str(self.id)


class Receipt(Unlinkable):
    """Keyed digest of a receipt: proof that a ballot is counted, which says nothing of what is in it."""

    mark = models.CharField(max_length=64)
    tag = models.CharField(max_length=32, blank=True)
    """By which the very same ballot, sent twice, is known: nothing can be read from it. Blank after the closing."""

    class Meta:
        ordering = ["mark"]
        constraints = [
            models.UniqueConstraint(fields=["step", "mark"], name="participation_receipt_once"),
            models.UniqueConstraint(fields=["step", "tag"], condition=~Q(tag=""), name="participation_tag_once"),
        ]

    def __str__(self) -> str:
        return self.mark


class Envelope(Unlinkable):
    """A sealed ballot, while its step is open: nobody can read it in the database. Gone at the closing."""

    seal = models.BinaryField()
    """AES-GCM of ``[content, about, channel, batch]`` under a key that is not in the database (``urn.seal``)."""
    mark = models.CharField(max_length=64, blank=True)
    """Of its receipt, only where a ballot may be changed; blank otherwise."""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["step", "id"], name="participation_envelopes")]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "mark"], condition=~Q(mark=""), name="participation_envelope_mark_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Ballot(Unlinkable):
    """A ballot out of its envelope, after the closing, in random order."""

    content = models.TextField()
    """Canonical JSON; its shape is that of the kind of step (``participation.kinds``)."""
    about = models.TextField(blank=True)
    """``{"age": "30-44", …}``: the answers « about you », never published but as protected tables."""
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    batch = models.UUIDField(null=True, blank=True)
    """The batch of paper it was keyed in with, so that a whole batch may be voided."""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["step", "id"], name="participation_ballots")]

    def __str__(self) -> str:
        return str(self.id)


class UrnKey(models.Model):
    """The half of a step's key that the database holds; destroyed when the envelopes have been opened."""

    step = models.OneToOneField("participation.Step", models.CASCADE, related_name="urn_key")
    salt = models.BinaryField()
    """32 random bytes. The other half is the instance's secret, which no backup holds unless asked."""
    check_value = models.CharField(max_length=32, blank=True)
    """Tells whether the instance still has the secret that the urn was closed with; opens nothing."""
    receipts_key = models.CharField(max_length=64, blank=True)
    """Written at the opening and published, so that anyone may compute the mark of their own receipt; blank before,
    so that a copy of the database does not let receipts be guessed while they may still change a ballot."""
    opened_at = models.DateTimeField(null=True, blank=True)
    """When the envelopes were opened and the urn shaken."""
    unreadable = models.PositiveIntegerField(default=0)
    """Envelopes that did not open: changed or copied by hand in the database. Told with the result."""
    destroyed_at = models.DateTimeField(null=True, blank=True)
    """When the envelopes were destroyed unopened: the consultation was cancelled."""
    anew_at = models.DateTimeField(null=True, blank=True)
    """When turnout and receipts were written anew: with the opening, or after the count where there are many."""
    cleaned_at = models.DateTimeField(null=True, blank=True)
    """When what the envelopes left in the files of the database was wiped (``urn.opening.forget_traces``)."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(destroyed_at=None), name="participation_urn_opened_or_destroyed"
            )
        ]

    def __str__(self) -> str:
        return str(self.step_id)


class FollowAddress(Unordered):
    """An address left to be told what was done with it, for that alone; deleted once told, tied to nothing."""

    consultation = models.ForeignKey("participation.Consultation", models.CASCADE, related_name="follow_addresses")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=8, default="fr")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "email"], name="participation_follow_once")]

    def __str__(self) -> str:
        return str(self.id)
