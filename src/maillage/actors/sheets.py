"""Tables to download: CSV that spreadsheets open with its accents, and XLSX. Nothing in them is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


_FORMULA = re.compile(r"(^|[;\t\r\n])(\s*)(?=[=+\-@\t\r＝＋－＠])")
"""Where a spreadsheet would begin a formula: at the start of a cell, and after a semicolon too, since French ones
cut there whatever the file says."""


def plain(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return _FORMULA.sub(r"\1\2'", value) if isinstance(value, str) else value


def csv_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as UTF-8 CSV with a mark at its start, so that spreadsheets read the accents."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(title) for title in header])
    writer.writerows([plain(value) for value in row] for row in rows)
    return _attachment(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")


Sheet = tuple[str, Sequence[Any], Iterable[Sequence[Any]]]
"""``(name, header, rows)``; the name as spreadsheets take it: 31 signs, none of ``[]:*?/\\``."""


def xlsx_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a workbook of one sheet, its first line fixed."""
    return workbook_response(name, [("", header, rows)])


def workbook_response(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """A workbook, a sheet by table, the first line of each fixed."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    for title, header, rows in sheets:
        sheet = book.add_worksheet(title or None)
        sheet.write_row(0, 0, [str(one) for one in header], bold)
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, list(row))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 48)
        sheet.set_column(1, max(1, len(header) - 1), 24)
    book.close()
    return _attachment(made.getvalue(), f"{name}.xlsx", XLSX)


def _attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
