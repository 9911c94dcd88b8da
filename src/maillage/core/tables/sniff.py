"""What a file is, from its first bytes: its name is never believed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from maillage.core.tables.model import TableError

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def kind_of(head: bytes) -> str:
    """``text`` or ``zip`` from the first bytes (512 are enough).

    Errors: :class:`TableError` for an empty file, a picture, a PDF, an old or protected workbook, a web page.
    """
    if not head.strip():
        raise TableError(_("This file is empty. Choose the file that holds the list."), "empty")
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            _(
                "This workbook is in the old .xls format, or protected by a password. "
                "Open it, save it as .xlsx without a password, then send that file."
            ),
            "old_workbook",
        )
    if head.startswith(b"%PDF"):
        raise TableError(
            _("This file is a PDF document. Ask for the list as a spreadsheet (.xlsx, .ods or .csv)."), "pdf"
        )
    if _is_picture(head):
        raise TableError(
            _("This file is a picture, whatever its name says. Send the list as a spreadsheet (.xlsx, .ods or .csv)."),
            "picture",
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise TableError(
            _(
                "This file is a web page, even if it opens in a spreadsheet. "
                "Open it in the spreadsheet, save it as .xlsx, then send that file."
            ),
            "web_page",
        )
    return "text"


def _is_picture(head: bytes) -> bool:
    if head.startswith(b"BM"):
        # Two letters also begin ordinary words: a bitmap has four zero bytes at 6.
        return head[6:10] == b"\0\0\0\0"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return True
    if head[4:8] == b"ftyp":
        return True
    return head.startswith(_PICTURES)
