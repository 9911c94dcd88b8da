"""Whether a file's content is of the type it declares: magic bytes for binaries, decoding for texts."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

Reader = Callable[[Any], bool]
HEAD = 4096


def _starts(*magics: bytes) -> Reader:
    return lambda file: file.read(16).startswith(magics)


def _riff(kind: bytes) -> Reader:
    def check(file: Any) -> bool:
        head = file.read(16)
        return bool(head[:4] == b"RIFF" and head[8:12] == kind)

    return check


_PICTURES = (b"V_VP", b"V_AV1", b"V_MPEG", b"vide", b"vmhd", b"avc1", b"hvc1")
"""Marks of a track of pictures in a film."""


def _sound(place: int, magic: bytes) -> Reader:
    """A container of sound that has the sign of a film: a track of pictures is refused where its head says so."""

    def check(file: Any) -> bool:
        head: bytes = file.read(HEAD)
        return head[place : place + len(magic)] == magic and not any(mark in head for mark in _PICTURES)

    return check


def _zip_with(member: str, mimetype: str = "") -> Reader:
    """A zip that holds ``member`` and, for OpenDocument, says its own ``mimetype``."""

    def check(file: Any) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                if mimetype and "mimetype" in names:
                    with archive.open("mimetype") as handle:
                        return handle.read(100).decode("ascii", "replace").strip() == mimetype
                return not mimetype and member in names
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False

    return check


_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_NOT_TEXT = (b"<!doctype", b"<html", b"<script", b"<svg", b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"pk\x03\x04")


def _text(file: Any) -> bool:
    """Text in some encoding: no control byte, unless a UTF-16 mark says why; no picture, archive or page."""
    head: bytes = file.read(HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not _CONTROL.search(head) and not start.startswith(_NOT_TEXT)


def _json(file: Any) -> bool:
    try:
        json.load(file)
    except (ValueError, RecursionError):
        return False
    return True


def _svg(file: Any) -> bool:
    head: bytes = file.read(HEAD)
    return b"<svg" in head and b"\0" not in head


_OPEN = "application/vnd.oasis.opendocument."
_MICROSOFT = "application/vnd.openxmlformats-officedocument."

KEPT: dict[str, Reader] = {
    "application/pdf": _starts(b"%PDF-"),
    "image/png": _starts(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _starts(b"\xff\xd8\xff"),
    "image/gif": _starts(b"GIF87a", b"GIF89a"),
    "image/webp": _riff(b"WEBP"),
    "image/svg+xml": _svg,
    "audio/mpeg": _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "audio/wav": _riff(b"WAVE"),
    "audio/ogg": _starts(b"OggS"),
    "audio/webm": _sound(0, b"\x1a\x45\xdf\xa3"),
    "audio/mp4": _sound(4, b"ftyp"),
    "text/plain": _text,
    "text/csv": _text,
    "text/markdown": _text,
    "application/json": _json,
    "application/geo+json": _json,
    "application/zip": _starts(b"PK\x03\x04", b"PK\x05\x06"),
    _MICROSOFT + "spreadsheetml.sheet": _zip_with("xl/workbook.xml"),
    _MICROSOFT + "wordprocessingml.document": _zip_with("word/document.xml"),
    _MICROSOFT + "presentationml.presentation": _zip_with("ppt/presentation.xml"),
    _OPEN + "spreadsheet": _zip_with("content.xml", _OPEN + "spreadsheet"),
    _OPEN + "text": _zip_with("content.xml", _OPEN + "text"),
    _OPEN + "presentation": _zip_with("content.xml", _OPEN + "presentation"),
    "application/vnd.ms-excel": _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "application/msword": _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}
"""The types that are kept, each with what recognises it."""


def matches(file: Any, content_type: str) -> bool:
    """Whether the content, read from its start, is of this type. The file is left where reading stopped."""
    file.seek(0)
    return content_type in KEPT and KEPT[content_type](file)
