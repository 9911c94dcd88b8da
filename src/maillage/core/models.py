"""What every room stands on: the audit log, jobs, documents, the search index.

Core lies below accounts and alliances, so users, persons and alliances are named here by their ids, not by
foreign keys: a log must outlive what it speaks of.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class Document(models.Model):
    """A file, served only through the rule of the room that owns it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    rule = models.CharField(max_length=60)
    """The permission (``rules`` name) asked of the reader, with this document as its object."""
    owner_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="documents/%Y/%m/")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """A line of the log: who, when, what. Append-only: neither ``save`` again nor ``delete``.

    Holds ids, codes and field names; values that speak of a person are in :class:`AuditPersonalValue`.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    """The account that acted; null for the system itself (a task, the command line)."""
    via = models.CharField(max_length=20, default="web")
    """``web``, ``cli``, ``task`` or ``demo``."""
    action = models.CharField(max_length=80)
    """``room.verb``, as ``alliances.role_granted``."""
    alliance_id = models.BigIntegerField(null=True)
    model = models.CharField(max_length=80)
    """``app.model`` of the row acted upon."""
    object_id = models.CharField(max_length=64)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["alliance_id", "-id"], name="core_audit_alliance"),
            models.Index(fields=["model", "object_id"], name="core_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.model}:{self.object_id}"


class AuditPersonalValue(models.Model):
    """A value of an audit entry that speaks of a person: deleted when that person is erased."""

    entry = models.ForeignKey(AuditEntry, models.CASCADE, related_name="personal_values")
    person_key = models.CharField(max_length=40, db_index=True)
    """``person:<id>`` (``alliances.Person``) or ``user:<id>`` (``accounts.User``)."""
    field = models.CharField(max_length=80)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["entry_id", "field", "id"]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.field}"
