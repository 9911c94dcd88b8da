"""The account as a spreadsheet: one sheet for each table, real dates and numbers, and a first sheet that explains.

What people typed is always written as text: nothing they wrote can become a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from maillage.core.contributions import (
    Money,
    ReportFacts,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportNote,
    ReportTable,
)
from maillage.core.typesetting import plain
from maillage.reporting.gathering import Gathered

NAME_LIMIT = 31
CELL_LIMIT = 32_767
"""Characters a cell may hold, and a sheet's name: the format's own limits."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
MONEY = {"fr": '#,##0.00\\ "$"', "en": '"$"#,##0.00'}
WIDEST, NARROWEST = 60, 10


class Book:
    """A workbook being written. Formats are made once; names of sheets are kept different."""

    def __init__(self, target: io.BytesIO, gathered: Gathered) -> None:
        self.gathered = gathered
        self.book = xlsxwriter.Workbook(
            target,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        made = dt.datetime.combine(gathered.on, dt.time())
        self.book.set_properties(
            {"title": f"{gathered.cover.title} – {gathered.cover.over}", "author": gathered.cover.over,
             "comments": gathered.cover.note, "created": made}
        )  # fmt: skip
        base = {"font_name": "Arial", "font_size": 11, "valign": "top"}
        form = self.book.add_format
        self.text = form({**base, "text_wrap": True})
        self.quoted = form({**base, "text_wrap": True, "quote_prefix": True})
        self.whole = form({**base, "num_format": "#,##0"})
        self.decimal = form({**base, "num_format": "#,##0.##"})
        self.money = form({**base, "num_format": MONEY[gathered.language]})
        self.date = form({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        self.header = form({**base, "bold": True, "bg_color": "#EFF3EE", "font_color": "#0D3B2E", "bottom": 2,
                            "bottom_color": "#0D3B2E", "text_wrap": True})  # fmt: skip
        self.title = form({**base, "bold": True, "font_size": 20, "font_color": "#0D3B2E"})
        self.subtitle = form({**base, "font_size": 13, "font_color": "#53645C"})
        self.bold = form({**base, "bold": True})
        self.link = form({**base, "underline": 1, "font_color": "#14513F"})
        self.used: set[str] = set()

    def sheet_name(self, wanted: str) -> str:
        """``wanted`` as the format allows it, different from every other (case apart)."""
        base = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip()[:NAME_LIMIT].strip() or "1"
        name, number = base, 1
        while name.lower() in self.used or name.lower() == "history":
            number += 1
            suffix = f" {number}"
            name = base[: NAME_LIMIT - len(suffix)].strip() + suffix
        self.used.add(name.lower())
        return name

    def write(self, sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
        """One cell, of the type of its value; a string is always text, never a formula."""
        if value is None:
            sheet.write_blank(row, column, None, form or self.text)
        elif isinstance(value, bool):
            sheet.write_string(row, column, plain(value, self.gathered.language), form or self.text)
        elif isinstance(value, Money):
            sheet.write_number(row, column, float(Decimal(value.cents) / 100), form or self.money)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), form or self.date)  # noqa: DTZ001
        elif isinstance(value, int):
            sheet.write_number(row, column, value, form or self.whole)
        elif isinstance(value, (float, Decimal)):
            sheet.write_number(row, column, float(value), form or self.decimal)
        else:
            text = _CONTROL.sub("", str(value))
            if len(text) > CELL_LIMIT:
                text = text[: CELL_LIMIT - 1] + "…"
            sheet.write_string(row, column, text, form or (self.quoted if text.startswith(_RISKY) else self.text))


def render_xlsx(gathered: Gathered) -> bytes:
    """The workbook. Call it under the language it is written in."""
    target = io.BytesIO()
    book = Book(target, gathered)
    first = book.book.add_worksheet(book.sheet_name(_("Read me")))
    index: list[tuple[str, str, int]] = []
    texts: list[tuple[str, str]] = []
    for section in gathered.sections:
        for block in section.blocks:
            if isinstance(block, ReportTable):
                name = book.sheet_name(str(block.caption))
                _table(book, name, str(block.caption), block.header, block.rows)
                index.append((name, f"{section.title} – {block.caption}", len(block.rows)))
            elif isinstance(block, ReportFacts):
                name = book.sheet_name(str(section.title))
                _table(book, name, str(section.title), [_("What"), _("Value")], block.rows)
                index.append((name, str(section.title), len(block.rows)))
            else:
                texts += [(str(section.title), line) for line in _lines(block, gathered.language)]
    if texts:
        name = book.sheet_name(_("Texts"))
        _table(book, name, _("Texts"), [_("Section"), _("Text")], texts)
        index.append((name, _("Texts of the sections, and what the figures say"), len(texts)))
    _read_me(book, first, index)
    book.book.close()
    return target.getvalue()


def _lines(block: Any, language: str) -> list[str]:
    """What a block without columns says, one line for each cell."""
    if isinstance(block, ReportFigure):
        return [_("Figure: %(caption)s. %(words)s") % {"caption": block.caption, "words": block.alt}]
    if isinstance(block, ReportList):
        return [plain(item, language) for item in block.items]
    if isinstance(block, ReportNote):
        return [f"{block.title} – {block.text}" if str(block.title) else str(block.text)]
    if isinstance(block, ReportHeading):
        return [str(block.text)]
    return [part for part in str(block).split("\n\n") if part.strip()]


def _table(book: Book, name: str, caption: str, header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    """A sheet whose first line is the header: frozen, filtered, repeated on paper."""
    sheet = book.book.add_worksheet(name)
    language = book.gathered.language
    for column, label in enumerate(header):
        book.write(sheet, 0, column, str(label), book.header)
        cells = [plain(row[column], language) for row in rows[:500]]
        longest = max([len(str(label)), *(max((len(line) for line in cell.split("\n")), default=0) for cell in cells)])
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            book.write(sheet, number, column, value)
    sheet.freeze_panes(1, 0)
    if header:
        sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    # "&" starts a code in a page header: doubled, it is itself.
    sheet.set_header(f"&L{book.gathered.cover.over.replace('&', '&&')[:90]}&R{caption.replace('&', '&&')[:90]}")
    sheet.set_footer("&R&P / &N")


def _read_me(book: Book, sheet: Any, index: Sequence[tuple[str, str, int]]) -> None:
    """The first sheet: whose account, when, what each sheet holds, how to read it."""
    cover = book.gathered.cover
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 12)
    sheet.hide_gridlines(2)
    book.write(sheet, 0, 0, cover.title, book.title)
    book.write(sheet, 1, 0, cover.over, book.subtitle)
    row = 3
    for name, value in cover.facts:
        book.write(sheet, row, 0, name)
        book.write(sheet, row, 1, value, book.bold)
        row += 1
    for text in (
        cover.note,
        _("Each sheet holds one table. Its first line names the columns."),
        _("Dates, numbers and amounts are real ones: you can sort them and add them up."),
        _("An empty cell means that nothing was recorded, never zero."),
    ):
        if text:
            book.write(sheet, row + 1, 1, text)
            row += 1
    row += 2
    for column, label in enumerate((_("Sheet"), _("What it holds"), _("Rows"))):
        book.write(sheet, row, column, label, book.header)
    for name, what, count in index:
        row += 1
        target = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{target}'!A1", book.link, name)
        book.write(sheet, row, 1, what)
        book.write(sheet, row, 2, count)
    sheet.fit_to_pages(1, 0)
