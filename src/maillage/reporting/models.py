"""Accounts that were made: which file, for whom, and whether the alliance published it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import formats


class AccountQuerySet(models.QuerySet[Any]):
    def published(self) -> AccountQuerySet:
        return self.exclude(published_at=None).order_by("-published_at", "-id")


class Account(models.Model):
    """One file of the account (*reddition de comptes*) of an alliance, as things stood on ``on``."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF document")
        XLSX = "xlsx", _("Spreadsheet (XLSX)")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("What is public only: it may be published")
        INSIDE = "inside", _("All that I may see: for the work of the alliance")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="accounts")
    document = models.OneToOneField("core.Document", models.CASCADE, related_name="+")
    """Goes with its file: a file past its date takes this row along."""
    format = models.CharField(_("format"), max_length=4, choices=Format)
    audience = models.CharField(_("content"), max_length=10, choices=Audience)
    language = models.CharField(_("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")])
    on = models.DateField(_("date"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(audience="public"), name="reporting_only_public_is_published"
            )
        ]
        indexes = [models.Index(fields=["alliance", "-made_at"], name="reporting_accounts")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def version(self) -> str:
        """Its content in two or three words."""
        return str(_("Public") if self.audience == self.Audience.PUBLIC else _("For the work of the alliance"))

    @property
    def label(self) -> str:
        """What tells it from the others of a list."""
        return f"{self.get_format_display()}, {self.get_language_display()}, {formats.date(self.on)}"

    @property
    def published_on(self) -> dt.date | None:
        """The day it was published, in the alliance's time zone."""
        return self.alliance.today(self.published_at) if self.published_at else None
