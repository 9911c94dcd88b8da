"""What Loi 25 asks: give a person what is held about them, erase it, keep nothing past its limit.

A *subject* is a row that stands for a person: ``accounts.User`` or ``alliances.Person``. Each room says what it
holds in ``contributions.personal_data``; a provider ignores the kinds of subject it knows nothing about. Core itself
cleans the log, tasks, mails, temporary files, and the pages of the database file where deleted text stays.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from maillage.core import audit, contributions, documents, jobs, mail, search
from maillage.core.access import require
from maillage.core.models import AuditPersonalValue, Document, Erasure, Job, MailMessage


def key_of(subject: models.Model) -> str:
    """``user:12``, ``person:34``: how the audit log names the person its values speak of."""
    return f"{subject._meta.model_name}:{subject.pk}"


def fingerprint(subject: models.Model) -> str:
    """What tells this row from another that would one day have the same number."""
    mark = getattr(subject, "uuid", None) or getattr(subject, "created_at", None)
    return mark.isoformat() if isinstance(mark, dt.datetime) else str(mark or "")


def export(subject: models.Model) -> dict[str, Any]:
    """Everything held about a person: ``{room: {"purpose": …, "data": {…}}}``, plain values only."""
    found = {
        item.room: {"purpose": str(item.purpose), "data": dict(data)}
        for item in contributions.personal_data
        if (data := item.export(subject))
    }
    found["core"] = {"purpose": str(_("Follow what was done, write to you")), "data": _export_core(subject)}
    return found


def _export_core(subject: models.Model) -> dict[str, Any]:
    values = AuditPersonalValue.objects.filter(person_key=key_of(subject)).select_related("entry")
    data: dict[str, Any] = {
        "log": [
            {
                "at": value.entry.at.isoformat(), "action": audit.label(value.entry.action),
                "field": value.field, "before": value.before, "after": value.after,
            }
            for value in values
        ]
    }  # fmt: skip
    email = _address(subject)
    data["mails"] = [
        {"at": row.created_at.isoformat(), "subject": row.subject}
        for row in MailMessage.objects.filter(pk__in=mail.sent_to(email))
    ]
    if _is_account(subject):
        data["tasks"] = [
            {"at": row.created_at.isoformat(), "task": jobs.label(row.kind)}
            for row in Job.objects.filter(owner_id=subject.pk)
        ]
    return data


def _is_account(subject: models.Model) -> bool:
    return subject._meta.label == settings.AUTH_USER_MODEL


def accounts_known_as(text: str) -> models.QuerySet[Any]:
    """The accounts with this e-mail address, or ``user:<id>``."""
    kind, _colon, key = text.partition(":")
    accounts = get_user_model()._default_manager.order_by("pk")
    if kind == "user" and key.isdecimal():
        return accounts.filter(pk=int(key))
    return accounts.filter(email__iexact=text.strip()) if "@" in text else accounts.none()


def _address(subject: models.Model) -> str:
    return str(getattr(subject, "email", "") or "")


def erase(
    subject: models.Model, *, by: Any | None, permission: str = "core.erase", via: str = "web", scrub: bool = True
) -> dict[str, int]:
    """Erase a person everywhere, for good. Returns how many rows each room removed or blanked.

    ``by`` is asked ``permission`` (a room's own, inside an alliance); ``None`` is the system (command line).
    The ledger remembers that the row was erased, so that a backup restored later does not bring it back. ``scrub``
    asks for the job that rewrites the database file, where deleted text would otherwise stay a while.
    """
    if by is not None:
        require(by, permission, subject)
    known, email, mark = copy.copy(subject), _address(subject), fingerprint(subject)
    with transaction.atomic():
        # The highest rooms first: they read what the lower ones hold.
        counts = {item.room: item.erase(subject) for item in reversed(list(contributions.personal_data))}
        counts["core"] = _erase_core(known, email)
        counts = {room: count for room, count in counts.items() if count}
        line, _made = Erasure.objects.update_or_create(
            model=known._meta.label_lower,
            object_id=str(known.pk),
            fingerprint=mark,
            defaults={"at": timezone.now(), "by_id": getattr(by, "pk", None), "counts": counts},
        )
        audit.record("core.erased", known, by=by, alliance=getattr(known, "alliance", None), after=counts, via=via)
        if scrub:
            jobs.start("core.scrub", by=None)
        transaction.on_commit(lambda: append_to_ledger([as_line(line)]))
    return counts


def _erase_core(subject: models.Model, email: str) -> int:
    count = audit.forget(key_of(subject))
    count += mail.forget(email)
    if not _is_account(subject):
        return count
    owned = Job.objects.filter(owner_id=subject.pk)
    DBTaskResult.objects.filter(pk__in=list(owned.exclude(task_id=None).values_list("task_id", flat=True))).delete()
    count += owned.delete()[0]
    for document in Document.objects.filter(owner_id=subject.pk).order_by("pk"):
        if document.expires_at is not None:
            documents.delete(document)
        else:
            # A lasting file is its alliance's: it only stops saying who sent it.
            Document.objects.filter(pk=document.pk).update(owner_id=None)
        count += 1
    return count


# The ledger of erasures, outside the database that a restore replaces.


def ledger_path() -> Path:
    return Path(settings.DATA_DIR) / "erasures.jsonl"


def as_line(row: Erasure) -> dict[str, str]:
    return {
        "model": row.model, "object_id": row.object_id, "fingerprint": row.fingerprint, "at": row.at.isoformat(),
    }  # fmt: skip


def append_to_ledger(lines: Iterable[Mapping[str, str]]) -> None:
    """Add lines to the file, to the disk itself before returning."""
    path = ledger_path()
    known = {_identity(line) for line in read_ledger(path)}
    fresh = [line for line in lines if _identity(line) not in known]
    if not fresh:
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(dict(line), sort_keys=True) + "\n" for line in fresh)
        file.flush()
        os.fsync(file.fileno())


def _identity(line: Mapping[str, str]) -> tuple[str, str, str]:
    return line["model"], line["object_id"], line["fingerprint"]


def read_ledger(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a ledger; a last line cut short by a crash is passed over."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for text in file:
            try:
                line = json.loads(text)
                _identity(line)
            except (ValueError, KeyError, TypeError):
                continue
            yield line


def replay(lines: Iterable[Mapping[str, str]]) -> int:
    """Erase again the rows that a restored database has brought back. Returns how many."""
    count = 0
    for line in {_identity(line): line for line in lines}.values():
        try:
            model = apps.get_model(line["model"])
        except LookupError:
            continue
        subject = model._base_manager.filter(pk=line["object_id"]).first()
        if subject is not None and fingerprint(subject) == line["fingerprint"]:
            erase(subject, by=None, via="cli", scrub=False)
            count += 1
    return count


def scrub() -> None:
    """Rewrite the pages where deleted text stays: the search index and, on SQLite, the whole file.

    PostgreSQL does it by itself (autovacuum). Not inside a transaction.
    """
    search.scrub()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@jobs.handler("core.scrub", label=_("Cleaning after an erasure"))
def scrub_job(ctx: jobs.Context) -> dict[str, Any]:
    scrub()
    return {}


def purge(today: dt.date) -> dict[str, int]:
    """Apply every room's limit of retention. Returns how many rows each removed."""
    return {
        item.room: count
        for item in contributions.personal_data
        if item.purge is not None and (count := item.purge(today))
    }
