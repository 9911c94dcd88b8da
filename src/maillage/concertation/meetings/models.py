"""Series of meetings, meetings, their agenda, what they offer, who is invited and what they answered."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.concertation.vocabulary import Access
from maillage.core.dates import Dated, DatedQuerySet


class MeetingSeries(Dated):
    """Meetings that come back: same space, hour and place. Hours are local, whatever the season."""

    class Every(models.TextChoices):
        WEEK = "week", _("every week")
        FORTNIGHT = "fortnight", _("every two weeks")
        MONTH = "month", _("every month, the same weekday")
        QUARTER = "quarter", _("every three months, the same weekday")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="series")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    every = models.CharField(_("how often"), max_length=10, choices=Every, default=Every.MONTH)
    at = models.TimeField(_("begins at"))
    minutes = models.PositiveSmallIntegerField(_("length, in minutes"), default=120)
    place = models.CharField(_("place"), max_length=300, blank=True)
    online_url = models.URLField(_("to join on line"), blank=True)
    access = models.JSONField(default=list, blank=True)
    """What its meetings offer: ``[[code, note], …]``, codes of ``Access``."""
    is_public = models.BooleanField(_("shown in public"), default=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "-since", "-id"]
        constraints = [Dated.interval("concertation_series")]

    def __str__(self) -> str:
        return self.title


class Meeting(models.Model):
    """One meeting of a space. ``starts_at`` and ``ends_at`` are instants; the alliance's time zone gives the hour."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("under way")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="meetings")
    space = models.ForeignKey("concertation.Space", models.PROTECT, related_name="meetings")
    series = models.ForeignKey(MeetingSeries, models.SET_NULL, null=True, blank=True, related_name="meetings")
    series_day = models.DateField(null=True, blank=True)
    """The day of its series it stands for, even moved or cancelled: that day is never generated again."""
    by_hand = models.BooleanField(default=False)
    """Changed on its own: a change of its series leaves it as it is."""
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    online_url = models.URLField(_("to join on line"), blank=True)
    """Sent to those invited, never shown in public."""
    introduction = models.TextField(_("in a few words"), blank=True, max_length=5000)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    is_public = models.BooleanField(_("shown in public"), default=True)
    sequence = models.PositiveIntegerField(default=0)
    """Of the calendar file: grows with each change that calendars must take."""
    changed_at = models.DateTimeField(default=timezone.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    facilitator = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="facilitates")
    """The actor that leads this one."""
    stage = models.ForeignKey("alliances.Stage", models.SET_NULL, null=True, blank=True, related_name="meetings")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("meeting")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="concertation_meeting_interval"),
            models.UniqueConstraint(fields=["series", "series_day"], name="concertation_series_day_once"),
        ]
        indexes = [
            models.Index(fields=["alliance", "starts_at"], name="concertation_meetings"),
            models.Index(fields=["space", "starts_at"], name="concertation_space_meetings"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:meeting", args=[self.alliance.slug, self.uuid])

    @property
    def day(self) -> dt.date:
        """Its day, where the alliance lives."""
        return self.starts_at.astimezone(self.alliance.zone).date()

    @property
    def minutes_long(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def reference(self) -> str:
        return f"concertation.meeting:{self.uuid}"


class MeetingAccess(models.Model):
    """What the meeting offers so that everyone can come."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="access")
    code = models.CharField(max_length=20, choices=Access)
    note = models.CharField(_("details"), max_length=300, blank=True)

    class Meta:
        ordering = ["meeting_id", "code"]
        constraints = [models.UniqueConstraint(fields=["meeting", "code"], name="concertation_access_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.code}"


class AgendaItem(models.Model):
    """A point of the agenda: its length, what is expected of it, its documents; then the notes taken on it."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("information")
        DISCUSSION = "discussion", _("discussion")
        DECISION = "decision", _("decision")
        MINUTES = "minutes", _("approval of minutes")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DISCUSSION)
    length = models.PositiveSmallIntegerField(_("length, in minutes"), null=True, blank=True)
    preparation = models.TextField(_("to prepare"), blank=True, max_length=10_000)
    presenter = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="agenda_items")
    is_public = models.BooleanField(_("shown in public"), default=True)

    class Meta:
        ordering = ["meeting_id", "position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def alliance(self):  # type: ignore[no-untyped-def]
        return self.meeting.alliance

    @property
    def reference(self) -> str:
        return f"concertation.agendaitem:{self.uuid}"


class AgendaDocument(models.Model):
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="documents")
    document = models.ForeignKey("core.Document", models.PROTECT, related_name="+")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)

    class Meta:
        ordering = ["item_id", "id"]

    def __str__(self) -> str:
        return self.title


class MeetingInvitation(models.Model):
    """A person invited to a meeting, in whose seat, and what they answered, signed in or from their mail."""

    class Answer(models.TextChoices):
        NONE = "none", _("no answer yet")
        YES = "yes", _("will come")
        ONLINE = "online", _("will come on line")
        NO = "no", _("will not come")
        SUBSTITUTE = "substitute", _("sends a substitute")

    class Part(models.TextChoices):
        HOLDER = "holder", _("holder")
        SUBSTITUTE = "substitute", _("substitute")
        GUEST = "guest", _("guest")

    class Via(models.TextChoices):
        LINK = "link", _("from the mail")
        PAGE = "page", _("signed in")
        TELEPHONE = "telephone", _("by telephone, recorded by the team")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="meeting_invitations")
    seat = models.ForeignKey("concertation.Seat", models.SET_NULL, null=True, blank=True, related_name="invitations")
    """Null: a guest."""
    part = models.CharField(max_length=10, choices=Part, default=Part.GUEST)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(max_length=10, choices=Via, blank=True)
    substitute = models.ForeignKey(
        "alliances.Person", models.SET_NULL, null=True, blank=True, related_name="substitutes_at"
    )
    substitute_name = models.CharField(_("who comes instead"), max_length=200, blank=True)
    needs = models.CharField(_("what you need to come"), max_length=500, blank=True)
    """Private: for whoever organises, deleted soon after the meeting."""
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["meeting_id", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="concertation_invited_once")]
        indexes = [models.Index(fields=["person"], name="concertation_invited")]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.meeting_id}"
