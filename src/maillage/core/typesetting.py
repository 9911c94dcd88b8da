"""PDF documents, tagged for assistive technology (PDF/UA-1), typeset by typst.

Text goes to typst as JSON, never as markup: whatever a person typed is shown as typed. Nothing is read from
the disk but the components in ``core/typst`` and the template given, and nothing is ever downloaded.

``render_pdf`` takes any template; ``render_report`` takes what rooms contribute (``ReportSection``) and
lays it out with the cover, table of contents, tables and figures that every Maillage document shares.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from maillage.core import formats
from maillage.core.contributions import (
    Money,
    ReportFacts,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportNote,
    ReportSection,
    ReportTable,
)

COMPONENTS = Path(__file__).resolve().parent / "typst"
FONT_FOLDERS = (Path(__file__).resolve().parent.parent / "ui" / "static" / "ui" / "vendor",)
"""Where set-up puts the typeface of the interface; without it typst's own fonts are used."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_-]+\.[a-z]+")
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
"""What is never shown: controls, overrides of the direction that would turn the words after them, halves, tags."""
_UNSURE = re.compile(r"[^\x09-\u024f\u2009-\u200b\u2010-\u2026\u202f\u20ac\u2212\ufffd]")
"""What every face may not have. Only replaced where the compiler's own answers do not suffice."""
_TRIES = 6
_LONG_WORD = re.compile(r"\S{40,}")
_PARAGRAPHS = re.compile(r"\n\s*\n")


class TypesettingError(RuntimeError):
    """The template is wrong (never the reader's text): a tag, an alternative text or a title is missing."""


def render_pdf(
    main: str | Path,
    data: Mapping[str, Any],
    images: Mapping[str, bytes | str] | None = None,
    *,
    title: str,
    language: str,
    on: dt.date,
    author: str = "",
    description: str = "",
) -> bytes:
    """The PDF/UA-1 file that the template ``main`` makes of ``data``.

    ``main`` is a ``.typ`` file, or typst source (ours, never a person's text). The template reads
    ``json("/data.json")``: ``data`` plus ``document`` (title, author, language, date). ``images`` are SVG text
    or PNG/JPEG bytes by file name, found at ``/images/<name>``; the template must give each an ``alt``.
    ``on`` dates the file, so that the same data gives the same bytes.

    Errors: ``ValueError`` without a title, or for an image that is not named as a file; ``TypesettingError``
    where the template is not accessible.
    """
    if not title.strip():
        raise ValueError("A tagged PDF needs a title.")
    source = main.read_text(encoding="utf-8") if isinstance(main, Path) else main
    document = {
        "title": title,
        "author": author,
        "description": description,
        "lang": language,
        "date": {"year": on.year, "month": on.month, "day": on.day},
    }
    payload = _clean({**data, "document": document})
    files: dict[str, bytes] = {path.name: path.read_bytes() for path in sorted(COMPONENTS.glob("*.typ"))}
    files["main.typ"] = source.encode()
    for name, content in (images or {}).items():
        if not _FILE_NAME.fullmatch(name):
            raise ValueError(f"Not a file name for an image: {name!r}")
        files[f"images/{name}"] = _CONTROL.sub("", content).encode() if isinstance(content, str) else content
    return _compile(files, payload, dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC))


def _compile(files: dict[str, bytes], payload: Any, timestamp: dt.datetime) -> bytes:
    """Compile; characters that no font has are looked for in the system's fonts, then shown as « � ».

    PDF/UA-1 refuses a character without a glyph, and an organisation's name may hold any script. typst reads
    inside a folder of its own only, removed at once.
    """
    with tempfile.TemporaryDirectory(prefix="maillage-typst-") as name:
        folder = Path(name)
        (folder / "images").mkdir()
        for path, content in files.items():
            (folder / path).write_bytes(content)
        for attempt in range(_TRIES):
            system_fonts = attempt > 0
            (folder / "data.json").write_text(json.dumps(payload, ensure_ascii=False), encoding="utf-8")
            try:
                return _typst(folder, system_fonts, timestamp)
            except typst.TypstError as error:
                absent = {_unescape(found) for found in _MISSING.findall(error.diagnostic)}
                if not absent:
                    raise TypesettingError(error.diagnostic) from error
                if system_fonts:
                    everything = attempt == _TRIES - 2
                    payload = _replace(payload, absent, everything=everything)
                    for drawing in folder.glob("images/*.svg"):  # names stand in figures too
                        text = _replace(drawing.read_text(encoding="utf-8"), absent, everything=everything)
                        drawing.write_text(text, encoding="utf-8")
    # The compiler's message holds what people typed: it stays out of the log.
    raise TypesettingError("Some characters have no glyph.")


def _typst(folder: Path, system_fonts: bool, timestamp: dt.datetime) -> bytes:
    made = typst.compile(
        str(folder / "main.typ"),
        root=str(folder),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=cast(Any, font_folders()),
        ignore_system_fonts=not system_fonts,
        timestamp=timestamp,
    )
    return cast(bytes, made)


def _unescape(text: str) -> str:
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", plain)


@lru_cache(maxsize=1)
def font_folders() -> tuple[str, ...]:
    """Folders that hold the interface's typeface as TrueType."""
    return tuple(
        sorted({str(path.parent) for folder in FONT_FOLDERS if folder.is_dir() for path in folder.rglob("*.ttf")})
    )


def _clean(value: Any) -> Any:
    """Plain JSON, without control characters, and with very long words made breakable."""
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = _CONTROL.sub("", str(value))
    return _LONG_WORD.sub(lambda match: "\u200b".join(re.findall(".{1,20}", match[0])), text)


def _replace(value: Any, absent: set[str], *, everything: bool = False) -> Any:
    """The same data where every text of ``absent`` is the replacement character; the longest first, since a
    person of an emoji is also part of a family. ``everything``: and whatever is not surely in the typeface.
    """
    if isinstance(value, dict):
        return {key: _replace(item, absent, everything=everything) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace(item, absent, everything=everything) for item in value]
    if not isinstance(value, str):
        return value
    for text in sorted(absent, key=len, reverse=True):
        value = value.replace(text, "\ufffd")
    return _UNSURE.sub("\ufffd", value) if everything else value


@dataclass(frozen=True)
class Cover:
    """The first page of a document.

    ``threads`` is the woven band: ``(colour "#rrggbb", how many)`` by type of actor; empty gives the house's
    own. ``facts`` are pairs shown under the title (period, date, source).
    """

    title: str
    over: str
    """What stands above the title: the alliance."""
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    note: str = ""
    """What must be known before reading: a fictional alliance says so here."""
    threads: Sequence[tuple[str, int]] = field(default=())


def render_report(
    cover: Cover,
    sections: Sequence[ReportSection],
    *,
    language: str,
    on: dt.date,
    author: str = "",
    contents: bool = True,
) -> bytes:
    """A whole document: cover, table of contents, then the sections in their ``order``.

    Errors: ``ValueError`` for a figure without its alternative text.
    """
    images: dict[str, str] = {}
    with override(language):
        ordered = sorted(sections, key=lambda section: section.order)
        data = {
            "cover": {
                "title": cover.title,
                "over": cover.over,
                "subtitle": cover.subtitle,
                "facts": [[name, value] for name, value in cover.facts],
                "note": cover.note,
            },
            "threads": [{"colour": colour, "count": count} for colour, count in cover.threads if count > 0],
            "contents": contents,
            "words": {
                "contents": pgettext("document", "Contents"),
                "page": pgettext("document", "Page"),
                "of": pgettext("pages of a document", "of"),
                "table": pgettext("document", "Table"),
                "figure": pgettext("document", "Figure"),
            },
            "sections": [
                {"title": str(section.title), "blocks": _blocks(section, images, language)} for section in ordered
            ],
        }
        return render_pdf(
            COMPONENTS / "report.typ",
            data,
            images,
            title=f"{cover.title} – {cover.over}",
            language=language,
            on=on,
            author=author or cover.over,
            description=cover.subtitle,
        )


def _blocks(section: ReportSection, images: dict[str, str], language: str) -> list[dict[str, Any]]:
    return [_block(block, section.key, images, language) for block in section.blocks]


def _block(block: Any, key: str, images: dict[str, str], language: str) -> dict[str, Any]:
    if isinstance(block, ReportTable):
        return _table(block, language)
    if isinstance(block, ReportFigure):
        if not str(block.alt).strip():
            raise ValueError(f"A figure of section {key!r} has no words to replace it.")
        name = f"{len(images)}.svg"
        images[name] = block.svg
        return {"kind": "figure", "name": name, "alt": str(block.alt), "caption": str(block.caption)}
    if isinstance(block, ReportHeading):
        return {"kind": "heading", "text": str(block.text)}
    if isinstance(block, ReportFacts):
        return {"kind": "facts", "rows": [[str(name), plain(value, language)] for name, value in block.rows]}
    if isinstance(block, ReportList):
        return {"kind": "list", "items": [plain(item, language) for item in block.items]}
    if isinstance(block, ReportNote):
        return {"kind": "note", "tone": block.tone, "title": str(block.title), "text": _paragraphs(str(block.text))}
    return {"kind": "text", "text": _paragraphs(str(block))}


def _table(table: ReportTable, language: str) -> dict[str, Any]:
    rows = [[plain(value, language) for value in row] for row in table.rows]
    header = [str(name) for name in table.header]
    return {
        "kind": "table",
        "caption": str(table.caption),
        "header": header,
        "rows": rows,
        "numeric": sorted(table.numeric),
        "weights": _weights(header, rows),
    }


SHORT = 20
"""Characters of a cell that never breaks."""
ROOM_FOR_SHORT = 64
"""Characters of a line that such columns may take together."""


def _weights(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide each column wants to be: the average length of its cells, kept between sensible bounds.

    A column is never narrower than its longest word can bear, nor so wide that the others suffer. Zero: as wide
    as its longest cell, so that a date or a state stays on its line, while there is room for such columns.
    """
    weights: list[float] = []
    room = ROOM_FOR_SHORT
    for index, name in enumerate(header):
        cells = [row[index] for row in rows[:200]] or [""]
        widest = max(len(cell) for cell in [name, *cells])
        if widest <= SHORT and widest <= room:
            room -= widest
            weights.append(0)
            continue
        average = sum(len(cell) for cell in cells) / len(cells)
        longest = max(len(word) for cell in [name, *cells] for word in (cell.split() or [""]))
        weights.append(round(min(max(average, min(longest, 16), 6), 34), 1))
    return weights


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")) if part.strip()]


def plain(value: Any, language: str) -> str:
    """A value of a report as the reader's language writes it; ``None`` is an empty cell."""
    if value is None or isinstance(value, (str, Promise)):
        return str(value or "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Money):
        return formats.money(value.cents, language)
    if isinstance(value, dt.datetime):
        raise TypeError("An instant has no date without a time zone: give a date.")
    if isinstance(value, dt.date):
        return formats.date(value, language)
    if isinstance(value, (int, float)) or hasattr(value, "as_tuple"):
        return formats.number(value, language=language)
    return str(value)
