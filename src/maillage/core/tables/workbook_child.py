"""Opens an untrusted workbook in a process of its own, with little memory and little time.

Run by its path (``python -I workbook_child.py FILE OPTIONS``), so that it imports neither Django nor the
project: what breaks here breaks nothing else. Answers with one JSON line of facts, then one line per row.
Sentences are made by the parent; here are codes only.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import zipfile
import zlib
from xml.parsers import expat

CHUNK = 1 << 16
Facts = dict[str, object]


class RefusedError(Exception):
    """``code`` and figures for the parent's sentence."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.facts = {"refused": code, **figures}


def unpack(raw: object, info: zipfile.ZipInfo, budget: int):
    """Yield what an entry really unpacks to, counted; its declared size is not believed."""
    raw.seek(info.header_offset)  # type: ignore[attr-defined]
    head = raw.read(30)  # type: ignore[attr-defined]
    if head[:4] != b"PK\x03\x04":
        raise RefusedError("damaged")
    skip = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    raw.seek(skip, 1)  # type: ignore[attr-defined]
    left, total = info.compress_size, 0
    engine = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    if engine is None and info.compress_type != zipfile.ZIP_STORED:
        raise RefusedError("damaged")
    while left > 0:
        data = raw.read(min(CHUNK, left))  # type: ignore[attr-defined]
        if not data:
            raise RefusedError("damaged")
        left -= len(data)
        while data:
            part = engine.decompress(data, CHUNK) if engine else data
            data = engine.unconsumed_tail if engine else b""
            total += len(part)
            if total > budget:
                raise RefusedError("bomb")
            if part:
                yield part
    if total != info.file_size:
        raise RefusedError("bomb")


def check_zip(path: str, limits: dict[str, int]) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """Kind of workbook and its parts, once the directory and the real sizes are within bounds."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {info.filename: info for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise RefusedError("damaged") from None
    if len(parts) > 2000 or sum(info.file_size for info in parts.values()) > limits["unpacked_bytes"]:
        raise RefusedError("bomb")
    if any(info.flag_bits & 1 for info in parts.values()):
        raise RefusedError("protected")
    if "xl/workbook.xml" in parts:
        return "xlsx", parts
    if "content.xml" in parts:
        return _open_document(path, parts)
    if "word/document.xml" in parts:
        raise RefusedError("word")
    raise RefusedError("xlsb" if "xl/workbook.bin" in parts else "zip")


def _open_document(path: str, parts: dict[str, zipfile.ZipInfo]) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    if "mimetype" in parts:
        with open(path, "rb") as raw:
            kind = b"".join(unpack(raw, parts["mimetype"], 1000))
        if b"spreadsheet" not in kind:
            raise RefusedError("word")
    return "ods", parts


class Scan:
    """Counts what a sheet holds while its XML goes by: cells, the farthest of them, formulas without a value."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.sheet = ""
        self.found: dict[str, dict[str, int]] = {}
        self.parser = expat.ParserCreate(namespace_separator=None)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.row = self.column = 0
        self.formula = self.value = False
        self.reading = False
        self.repeat = 1

    def doctype(self, *_: object) -> None:
        raise RefusedError("damaged")

    @property
    def facts(self) -> dict[str, int]:
        return self.found.setdefault(self.sheet, {"formulas": 0, "empty_formulas": 0, "merged": 0})

    def feed(self, chunks) -> None:
        try:
            for chunk in chunks:
                self.parser.Parse(chunk, False)
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            raise RefusedError("damaged") from None

    def reach(self, row: int, column: int) -> None:
        if row > self.limits["rows"] + 1000:
            raise RefusedError("too_many_rows")
        if column > self.limits["columns"]:
            raise RefusedError("too_many_columns", line=row, count=column)

    def start(self, name: str, given: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None:
        if self.reading and data.strip():
            self.value = True


class ExcelScan(Scan):
    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rsplit(":", 1)[-1]
        if name == "row":
            self.row = int(given.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self.column = _column(given["r"]) if "r" in given else self.column + 1
            self.formula = self.value = False
        elif name == "f":
            self.formula = True
        elif name in {"v", "t"}:
            self.reading = True
        elif name == "mergeCell":
            self.facts["merged"] += 1

    def end(self, name: str) -> None:
        name = name.rsplit(":", 1)[-1]
        if name in {"v", "t"}:
            self.reading = False
        elif name == "c":
            if self.value:
                self.reach(self.row, self.column)
            if self.formula:
                self.facts["formulas"] += 1
                self.facts["empty_formulas"] += not self.value


class OpenDocumentScan(Scan):
    rows_repeat = 1

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self.sheet = given.get("table:name", "")
            self.row = 0
        elif name == "table:table-row":
            self.rows_repeat = _count(given, "table:number-rows-repeated")
            self.row += 1
            self.column = 0
        elif name == "table:table-cell" or name == "table:covered-table-cell":
            self.repeat = _count(given, "table:number-columns-repeated")
            self.formula = "table:formula" in given
            self.value = any(key in given for key in ("office:value", "office:date-value", "office:boolean-value"))
            self.facts["merged"] += any(
                _count(given, f"table:number-{side}-spanned") > 1 for side in ("columns", "rows")
            )
        elif name == "text:p":
            self.reading = True

    def end(self, name: str) -> None:
        if name == "text:p":
            self.reading = False
        elif name == "table:table-cell" or name == "table:covered-table-cell":
            self.column += self.repeat
            if self.value:
                self.reach(self.row + self.rows_repeat - 1, self.column)
            if self.formula:
                self.facts["formulas"] += 1
                self.facts["empty_formulas"] += not self.value
        elif name == "table:table-row":
            self.row += self.rows_repeat - 1


def _count(given: dict[str, str], key: str) -> int:
    try:
        return max(1, int(given.get(key, "1")))
    except ValueError:
        raise RefusedError("damaged") from None


def _column(reference: str) -> int:
    """``AB12`` is column 28."""
    number = 0
    for letter in re.match(r"[A-Z]*", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number


def scan(path: str, kind: str, parts: dict[str, zipfile.ZipInfo], limits: dict[str, int]) -> dict[str, dict[str, int]]:
    """What every sheet holds, by part name (xlsx) or sheet name (ods), every byte counted on the way."""
    left = limits["unpacked_bytes"]
    found: dict[str, dict[str, int]] = {}
    with open(path, "rb") as raw:
        for name, info in parts.items():
            sheet = kind == "xlsx" and re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)
            if sheet or (kind == "ods" and name == "content.xml"):
                reader = ExcelScan(limits) if sheet else OpenDocumentScan(limits)
                reader.sheet = name if sheet else ""
                reader.feed(unpack(raw, info, left))
                found.update(reader.found)
                if sheet:
                    found.setdefault(name, {"formulas": 0, "empty_formulas": 0, "merged": 0})
            else:
                for _part in unpack(raw, info, left):
                    pass
            left -= info.file_size
    return found


def sheet_parts(path: str) -> dict[str, str]:
    """Sheet names of an XLSX by the part that holds each."""
    from xml.etree import ElementTree

    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for node in book.iter():
        if node.tag.endswith("}sheet"):
            key = next((value for name, value in node.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "").lstrip("/")
            found[target if target.startswith("xl/") else f"xl/{target}"] = node.get("name", "")
    return found


def as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def read(path: str, options: dict[str, object]) -> None:
    """Write the facts, then the rows of the chosen sheet (the first that holds something by default)."""
    limits: dict[str, int] = options["limits"]  # type: ignore[assignment]
    kind, parts = check_zip(path, limits)
    found = scan(path, kind, parts, limits)
    if kind == "xlsx":
        names = sheet_parts(path)
        found = {names[part]: facts for part, facts in found.items() if part in names}
    import python_calamine

    try:
        book = python_calamine.load_workbook(path)
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = {name: book.get_sheet_by_name(name) for name in shown}
    except python_calamine.PasswordError:
        raise RefusedError("protected") from None
    except python_calamine.CalamineError:
        raise RefusedError("damaged") from None
    filled = [name for name, sheet in sheets.items() if sheet.height]
    wanted = options.get("sheet") or (filled[0] if filled else "")
    if not filled:
        raise RefusedError("empty")
    if wanted not in filled:
        raise RefusedError("no_such_sheet", sheet=wanted, sheets=filled)
    sheet = sheets[wanted]  # type: ignore[index]
    if sheet.total_height * sheet.total_width > limits["cells"]:
        raise RefusedError("too_many_cells")
    write = sys.stdout.write
    facts: Facts = {"kind": kind, "sheet": wanted, "sheets": filled, **found.get(wanted, {})}  # type: ignore[call-overload]
    write(json.dumps(facts) + "\n")
    rows = sheet.to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        if any(value != "" for value in row):
            write(json.dumps([number, [as_text(value) for value in row]]) + "\n")


def confine(memory: int, seconds: int) -> None:
    """No more memory, time, file or process than one workbook needs, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def main() -> int:
    options = json.loads(sys.argv[2])
    confine(options["limits"]["memory_bytes"], options["limits"]["seconds"])
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        read(sys.argv[1], options)
    except RefusedError as refusal:
        sys.stdout.write(json.dumps(refusal.facts) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": "too_heavy"}) + "\n")
    except Exception:
        # Whatever a damaged file breaks here, the parent only needs to know that it is damaged.
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
