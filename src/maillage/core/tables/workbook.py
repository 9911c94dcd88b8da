"""XLSX and ODS, read by another process: see ``workbook_child`` for what is checked there."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.tables.model import Grid, Limits, Notice, TableError

_CHILD = Path(__file__).with_name("workbook_child.py")


def read_workbook(path: Path, sheet: str, limits: Limits) -> Grid:
    """The lines of one sheet. Errors: :class:`TableError`."""
    options = json.dumps({"sheet": sheet, "limits": dataclasses.asdict(limits)})
    with tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(
                [sys.executable, "-I", str(_CHILD), str(path), options],
                stdout=answer,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                timeout=limits.seconds,
                check=True,
                env={},
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            code = "damaged" if getattr(error, "returncode", -1) > 0 else "too_heavy"
            raise TableError(_sentence({"refused": code}, limits), code) from error
        answer.seek(0)
        return _grid(answer, limits)


def _grid(answer: IO[bytes], limits: Limits) -> Grid:
    facts: dict[str, Any] = json.loads(answer.readline() or b'{"refused": "damaged"}')
    if "refused" in facts:
        raise TableError(_sentence(facts, limits), facts["refused"])
    lines: list[tuple[int, list[str]]] = []
    for answered in answer:
        line, cells = json.loads(answered)
        while cells and not cells[-1]:
            cells.pop()
        lines.append((line, cells))
    return Grid(
        lines, facts["kind"], sheet=facts["sheet"], sheets=tuple(facts["sheets"]), notices=list(_notices(facts))
    )


def _notices(facts: Mapping[str, Any]) -> list[Notice]:
    said: list[Notice] = []
    if len(facts["sheets"]) > 1:
        sentence = _("This workbook has several sheets (%(sheets)s): “%(sheet)s” is read. You can choose another.")
        said.append(
            Notice("several_sheets", sentence % {"sheets": ", ".join(facts["sheets"][:8]), "sheet": facts["sheet"]})
        )
    if facts.get("merged"):
        sentence = ngettext(
            "%(count)s group of merged cells: its value is read in the first cell only.",
            "%(count)s groups of merged cells: each value is read in the first cell only.",
            facts["merged"],
        )
        said.append(Notice("merged_cells", sentence % {"count": facts["merged"]}))
    if facts.get("empty_formulas"):
        sentence = ngettext(
            "%(count)s formula has no value. Open the file in a spreadsheet, save it, then send it again.",
            "%(count)s formulas have no value. Open the file in a spreadsheet, save it, then send it again.",
            facts["empty_formulas"],
        )
        said.append(Notice("empty_formulas", sentence % {"count": facts["empty_formulas"]}))
    elif facts.get("formulas"):
        sentence = ngettext(
            "%(count)s formula: the value last computed is read.",
            "%(count)s formulas: the values last computed are read.",
            facts["formulas"],
        )
        said.append(Notice("formulas", sentence % {"count": facts["formulas"]}))
    return said


def _sentence(facts: Mapping[str, Any], limits: Limits) -> str:
    """What a refusal of the child means, and what to do."""
    figures = {
        "rows": limits.rows,
        "columns": limits.columns,
        "line": facts.get("line", ""),
        "count": facts.get("count", ""),
        "sheet": facts.get("sheet", ""),
        "sheets": ", ".join(facts.get("sheets", [])[:8]),
    }
    sentences = {
        "damaged": _("This workbook is damaged and cannot be opened. Save it again as .xlsx, then send it."),
        "bomb": _(
            "This file unpacks to far more than a list of members. It was not opened. "
            "Copy the list in a new workbook, then send that one."
        ),
        "too_heavy": _(
            "This workbook takes too long or too much memory to open. Copy the list alone in a new workbook, "
            "or save it as CSV, then send that file."
        ),
        "protected": _("This workbook is protected by a password. Save it without a password, then send it."),
        "word": _("This file is a text document. Copy its table in a spreadsheet, save it, then send that file."),
        "xlsb": _("This workbook is in the .xlsb format. Save it as .xlsx, then send that file."),
        "zip": _("This file is an archive, not a spreadsheet. Open it and send the list that it holds."),
        "empty": _("This file is empty. Choose the file that holds the list."),
        "no_such_sheet": _("There is no sheet “%(sheet)s” with content. Choose one of these: %(sheets)s.") % figures,
        "too_many_rows": _("This list has more than %(limit)s lines. Cut it in several files and send them one by one.")
        % {"limit": figures["rows"]},
        "too_many_columns": _(
            "Line %(line)s has %(count)s columns; a list has %(limit)s at most. Remove what is not needed."
        )
        % {**figures, "limit": figures["columns"]},
        "too_many_cells": _("This sheet has too many cells. Keep only the columns that are needed, then send it."),
    }
    return sentences[facts["refused"]]
