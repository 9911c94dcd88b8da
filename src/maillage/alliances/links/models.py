"""Personal addresses sent by e-mail. Only their digests are kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class PersonLink(models.Model):
    """An address that lets one person do one thing, signed in or not, until it expires or is revoked.

    ``purpose`` names the thing (``meeting-answer``, ``position``, ``ties``, ``calendar``…); ``reference`` the row it
    is about, as ``app.model:uuid``, empty where the purpose says it all.
    """

    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=40)
    reference = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "purpose", "reference"], name="alliances_links")]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.person_id}"
