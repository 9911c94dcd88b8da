"""Files: one way to keep them, one way to serve them, each through the rule of the room that owns it.

Only Django's default storage is used, so that files may live on a disk or on S3-compatible storage.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import secrets
import unicodedata
from typing import Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import sniffing
from maillage.core.models import Document


class DocumentRefused(ValueError):
    """The file is not what it says, or not a kind that is kept; the message says what to do."""


def clean_name(name: str) -> str:
    """A file name safe to offer: no path, no control character, at most 120 characters, its extension kept."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C").strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: 119 - len(extension)]}.{extension}"
    return plain[:120] or "document"


def store(
    data: bytes | BinaryIO | File,
    *,
    name: str,
    content_type: str,
    rule: str,
    alliance: Any | None = None,
    owner: Any | None = None,
    expires_at: dt.datetime | None = None,
    as_of: dt.datetime | None = None,
) -> Document:
    """Keep a file. ``rule`` is the permission asked of every reader, with the document as its object.

    The content must be of the declared type (magic bytes, or text that decodes). ``as_of``: the only instant that is
    kept with it, where nothing may tell when it came nor in which order: the row's key is drawn, the file's date set.
    Errors: :class:`DocumentRefused`, with a sentence, for an empty file, another content, a type not kept;
    ``ValueError`` without rule.
    """
    if not rule:
        raise ValueError("A document needs the rule that opens it.")
    content = ContentFile(data) if isinstance(data, bytes) else data if isinstance(data, File) else File(data)
    content_type = content_type.split(";")[0].strip().lower()
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    if not size:
        raise DocumentRefused(_("The file is empty. Choose another one."))
    content.seek(0)
    if content_type not in sniffing.KEPT:
        raise DocumentRefused(_("This kind of file is not kept here. Use a PDF, a picture, a table or a text."))
    if not sniffing.matches(content, content_type):
        raise DocumentRefused(
            _("The content of “%(name)s” is not what its name says. Save it again in its own format, then retry.")
            % {"name": clean_name(name)}
        )
    content.seek(0)
    document = Document(
        alliance_id=getattr(alliance, "pk", None),
        owner_id=getattr(owner, "pk", None),
        rule=rule,
        name=clean_name(name),
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        expires_at=expires_at,
    )
    # The stored name says nothing of the file's own name, which may name a person.
    if as_of is None:
        document.file.save(str(document.uuid), content, save=False)
    else:
        # Under zero: the counter of the other documents is not moved.
        document.pk, document.created_at = -1 - secrets.randbelow(1 << 62), as_of
        document.file.name = document.file.storage.save(f"documents/{as_of:%Y/%m}/{document.uuid}", content)
        _dated(document, as_of)
    try:
        document.save(force_insert=True)
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


def _dated(document: Document, instant: dt.datetime) -> None:
    """Gives the file this date, where files are on a disk; a store by the network keeps its own."""
    with contextlib.suppress(NotImplementedError):
        os.utime(document.file.path, (instant.timestamp(), instant.timestamp()))


def delete(document: Document) -> None:
    """Delete the row, and the file once the transaction is sure. Errors: ``ProtectedError`` where it is used."""
    storage, path = document.file.storage, document.file.name or ""
    document.delete()
    transaction.on_commit(lambda: storage.delete(path))


def purge(now: dt.datetime) -> int:
    """Delete the documents whose time has passed. Returns how many."""
    count = 0
    for document in Document.objects.filter(expires_at__lte=now).order_by("id").iterator(chunk_size=200):
        with transaction.atomic():
            delete(document)
        count += 1
    return count
