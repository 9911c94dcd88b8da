"""What each person wants to be told, and what waits for the weekly digest."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeChoice(models.Model):
    """How a person wants one kind of notice (``core.contributions.notice_kinds``). No row: the kind's own habit."""

    class When(models.TextChoices):
        AT_ONCE = "at-once", _("at once")
        WEEKLY = "weekly", _("once a week")
        NEVER = "never", _("never")

    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    when = models.CharField(max_length=10, choices=When)

    class Meta:
        ordering = ["person_id", "kind"]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="alliances_notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.when}"


class Notice(models.Model):
    """A notice that waits for the person's weekly digest. ``reference`` (``app.model:uuid``) is asked again of
    ``core.contributions.withheld`` when the digest leaves: a withdrawal made since is respected."""

    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True, max_length=5000)
    url = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["sent_at", "person"], name="alliances_notices_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
