"""What every room stands on: the audit log, jobs, documents, the search index.

Core lies below accounts and alliances, so users, persons and alliances are named here by their ids, not by
foreign keys: a log must outlive what it speaks of.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    def get_absolute_url(self) -> str:
        return reverse("core:document", args=[self.uuid])


class LogClosed(TypeError):
    """The audit log is only added to."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows are added, never changed nor deleted; triggers say the same to whoever goes round this class."""

    def update(self, **kwargs: Any) -> int:
        raise LogClosed("The audit log cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LogClosed("The audit log cannot be deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise LogClosed("The audit log cannot be changed.")


class ErasableQuerySet(AppendOnlyQuerySet):
    """Never changed; deleted by erasure and at the end of its retention only (``core.audit.forget``)."""

    def erase(self) -> int:
        return models.QuerySet.delete(self)[0]


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

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        base_manager_name = "objects"
        verbose_name = _("line of the log")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["alliance_id", "-id"], name="core_audit_alliance"),
            models.Index(fields=["model", "object_id"], name="core_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.model}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LogClosed("The audit log cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise LogClosed("The audit log cannot be deleted.")


class AuditPersonalValue(models.Model):
    """A value of an audit entry that speaks of a person: deleted when that person is erased."""

    entry = models.ForeignKey(AuditEntry, models.CASCADE, related_name="personal_values")
    person_key = models.CharField(max_length=40, db_index=True)
    """``person:<id>`` (``alliances.Person``) or ``user:<id>`` (``accounts.User``)."""
    field = models.CharField(max_length=80)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    objects = ErasableQuerySet.as_manager()

    class Meta:
        ordering = ["entry_id", "field", "id"]
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.field}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LogClosed("The audit log cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise LogClosed("Values of the log go with the person they speak of: core.audit.forget.")


class Job(models.Model):
    """A task that runs outside the request: what is asked, how far it is, how it ended.

    ``lease_until`` is renewed by the worker that runs it; a job whose lease has passed lost its worker and is
    retried once or declared failed. ``token`` names the attempt: a worker come back from the dead cannot write.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True)
    """The account that asked; null for the system itself."""
    alliance_id = models.BigIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    """A permission that also opens the page, with this job as its object; empty: the owner only."""
    language = models.CharField(max_length=5, default="fr")
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    task_id = models.UUIDField(null=True, blank=True)
    """The row of the queue (django-tasks) that carries it."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner_id", "-id"], name="core_job_owner"),
            models.Index(fields=["state", "lease_until"], name="core_job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.uuid])

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}


class Worker(models.Model):
    """A process that runs jobs, and when it was last seen."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """One thing that search can find. ``title_terms`` and ``terms`` are stems, made by ``core.search.words``.

    The index proper (FTS5 table or tsvector columns) is made by the migration and follows this table by itself.
    """

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    alliance_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    is_public = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="fr")
    title_key = models.CharField(max_length=200, db_index=True)
    """The folded title: equality and order, the same on both databases."""
    title_terms = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    """Every stem of title and body."""
    scope = models.CharField(max_length=120, blank=True)
    """Words that filter: ``kactor a12 private``."""

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="core_search_once")]

    def __str__(self) -> str:
        return self.title


class MailMessage(models.Model):
    """A mail the product sends. Kept until sent, or for the operator where there is no mail server."""

    class State(models.TextChoices):
        KEPT = "kept", _("kept here")
        QUEUED = "queued", _("to send")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.KEPT)
    sender = models.CharField(max_length=254)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    """Those that this mail adds: how to stop receiving such mails."""
    attachments = models.JSONField(default=list, blank=True)
    """``[name, type, text]`` each: calendar files. Large files are never sent: a mail gives their address."""
    language = models.CharField(max_length=5, default="fr")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    """What went wrong the last time: the class of the error, never an address."""
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.state})"


class Erasure(models.Model):
    """A line of the ledger of erasures: which row was erased and when, never who the person was.

    Also written to ``erasures.jsonl`` beside the data, so that restoring an older backup replays it.
    """

    model = models.CharField(max_length=80)
    """``app.model``, lower case."""
    object_id = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    """The row's uuid or its date of creation: a number used again by someone else is not erased."""
    at = models.DateTimeField(default=timezone.now)
    by_id = models.BigIntegerField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "fingerprint"], name="core_erasure_once")]

    def __str__(self) -> str:
        return f"{self.model}:{self.object_id}"
