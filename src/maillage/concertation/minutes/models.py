"""What is written in the room, and what becomes of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.actors.vocabulary import ActorType


class Attendance(models.Model):
    """Who is in the room: an actor's seat, a guest, or so many citizens of a type, without names."""

    class Kind(models.TextChoices):
        SEAT = "seat", _("seat")
        GUEST = "guest", _("guest")
        CITIZENS = "citizens", _("citizens, without names")

    meeting = models.ForeignKey("concertation.Meeting", models.CASCADE, related_name="attendance")
    kind = models.CharField(max_length=10, choices=Kind)
    seat = models.ForeignKey("concertation.Seat", models.PROTECT, null=True, blank=True, related_name="attendance")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="attendance")
    type = models.CharField(_("type"), max_length=20, choices=ActorType)
    """The college it counts for."""
    people = models.PositiveSmallIntegerField(default=1)
    by_substitute = models.BooleanField(default=False)
    label = models.CharField(_("guest"), max_length=200, blank=True)
    """As written in the room: private, never in a public page."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["meeting_id", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(kind="seat"), name="concertation_present_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "type"], condition=Q(kind="citizens"), name="concertation_citizens_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.kind}"


class SpeakingTime(models.Model):
    """How long each college spoke, where the space keeps it. Never by person."""

    meeting = models.ForeignKey("concertation.Meeting", models.CASCADE, related_name="speaking_times")
    college = models.CharField(max_length=20, choices=ActorType)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["meeting_id", "college"]
        constraints = [models.UniqueConstraint(fields=["meeting", "college"], name="concertation_speaking_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.college} {self.seconds}"


class Note(models.Model):
    """The notes on an agenda item, as they stand. ``version`` grows with each save."""

    item = models.OneToOneField("concertation.AgendaItem", models.CASCADE, related_name="note")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item_id"]

    def __str__(self) -> str:
        return f"{self.item_id}: version {self.version}"


class NoteVersion(models.Model):
    """Every text received, whoever won: nothing that was typed is lost."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    """The version the writer began from; other than ``number - 1``: two people wrote at once."""
    from_sent = models.BooleanField(default=False)
    """It began from the text its writer sent as that version, rather than from what the note then said."""
    text = models.TextField(blank=True)
    """As received."""
    result = models.TextField(null=True, blank=True)
    """What the note then said, where that is something else."""
    key = models.CharField(max_length=64)
    """Of the browser's attempt: the same one sent twice counts once."""
    writer = models.CharField(max_length=64, blank=True)
    """Of the browser's tab: what it sends again replaces what it had waiting beside the note."""
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    merged = models.BooleanField(default=True)
    """Its words are in the note. False: they wait beside it for someone to choose."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When someone chose, or the same writer sent more."""

    class Meta:
        ordering = ["note_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="concertation_note_version_once"),
            models.UniqueConstraint(fields=["note", "key"], name="concertation_note_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.number}"

    @property
    def after(self) -> str:
        """What the note said once this was received."""
        return self.text if self.result is None else self.result


class Minutes(models.Model):
    """The minutes of a meeting: from its notes, corrected, circulated, approved at a later meeting."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CIRCULATED = "circulated", _("circulated for amendments")
        APPROVED = "approved", _("approved")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.OneToOneField("concertation.Meeting", models.CASCADE, related_name="minutes")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    circulated_at = models.DateTimeField(null=True, blank=True)
    amendments_until = models.DateField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_in = models.ForeignKey(
        "concertation.Meeting", models.PROTECT, null=True, blank=True, related_name="approves"
    )
    """Proposed for approval there, then approved: ``approved_at`` says which."""
    facts = models.JSONField(default=dict)
    """Attendance, decisions and tasks as they were when the minutes were approved: what changes since changes no
    minutes. Empty before."""
    language = models.CharField(max_length=2, default="fr")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)


class MinutesItem(models.Model):
    """What the minutes say of one agenda item, and whether the public reads it."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="items")
    item = models.ForeignKey("concertation.AgendaItem", models.PROTECT, related_name="minutes_items")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    is_public = models.BooleanField(_("shown in public"), default=False)

    class Meta:
        ordering = ["minutes_id", "item__position", "item_id"]
        constraints = [models.UniqueConstraint(fields=["minutes", "item"], name="concertation_minutes_item_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id}: {self.item_id}"


class MinutesText(models.Model):
    """A former text of a minutes item, kept."""

    item = models.ForeignKey(MinutesItem, models.CASCADE, related_name="former")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["item_id", "-version"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.version}"


class Amendment(models.Model):
    """A correction asked by someone who was there."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to look at")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("not kept")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(MinutesItem, models.CASCADE, related_name="amendments")
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, related_name="amendments")
    text = models.TextField(_("correction"), max_length=10_000)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reply = models.TextField(_("reply"), blank=True, max_length=2000)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item_id", "at", "id"]

    def __str__(self) -> str:
        return str(self.uuid)


class Erratum(models.Model):
    """A correction added to minutes that are approved: their text no longer changes."""

    item = models.ForeignKey(MinutesItem, models.CASCADE, related_name="errata")
    text = models.TextField(_("correction"), max_length=5000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["item_id", "at", "id"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.at}"
