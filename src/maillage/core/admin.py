"""What the operator of the instance sees of core: everything may be read, nothing written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from maillage.core.models import AuditEntry, Document, Erasure, Job, Worker


class ReadOnly(admin.ModelAdmin):
    """A list and its lines; nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_staff", False))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """Ids and codes; what speaks of persons (``AuditPersonalValue``) is not shown to the operator."""

    list_display = ("at", "action", "model", "object_id", "user_id", "via", "alliance_id")
    list_filter = ("via",)
    date_hierarchy = "at"


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("created_at", "kind", "state", "attempts", "finished_at")
    list_filter = ("state",)
    # Parameters and results may speak of what an alliance keeps private.
    exclude = ("params", "result", "note", "token")


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("created_at", "content_type", "size", "rule", "alliance_id", "expires_at")
    exclude = ("file", "name")


@admin.register(Worker)
class WorkerAdmin(ReadOnly):
    list_display = ("name", "started_at", "seen_at")


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("at", "model", "object_id", "by_id")
