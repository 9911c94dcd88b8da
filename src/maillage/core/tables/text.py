"""Reading delimited text, whatever its encoding and its delimiter."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.core.tables.model import Grid, Limits, Notice, TableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_LEGACY = (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "DOS 850"))
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ’‘“”«»–—…·°\u00a0€")
_DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_MOST_LINES_IN_A_CELL = 40


def read_text(data: bytes, limits: Limits) -> Grid:
    """The lines of a delimited text. Errors: :class:`TableError`."""
    text, encoding, notices = decode(data)
    if not text.strip("\ufeff\r\n\t ;,|"):
        raise TableError(_("This file is empty. Choose the file that holds the list."), "empty")
    if "\0" in text:
        raise _not_a_list()
    delimiter = find_delimiter(text)
    return Grid(_lines(text, delimiter, limits), "csv", encoding, delimiter, notices=notices)


def _not_a_list() -> TableError:
    return TableError(
        _("This file does not hold text that can be read. Send the list as a spreadsheet (.xlsx, .ods or .csv)."),
        "not_text",
    )


def decode(data: bytes) -> tuple[str, str, list[Notice]]:
    """Text, the name of its encoding for people, and what must be said about it."""
    for bom, codec, label in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(codec), label, []
            except UnicodeDecodeError as error:
                raise TableError(
                    _("This file says it is %(encoding)s but is damaged. Save it again as CSV UTF-8.")
                    % {"encoding": label},
                    "damaged_encoding",
                ) from error
    if b"\0" in data[:4096]:
        return _without_bom(data)
    try:
        return data.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        _refuse_mixed(data, error)
    text, label = _legacy(data)
    said = _("The file has no mark of its encoding: it was read as %(encoding)s. Check the accents below.")
    return text, label, [Notice("encoding_guessed", said % {"encoding": label})]


def _without_bom(data: bytes) -> tuple[str, str, list[Notice]]:
    """UTF-16 that lost its mark: one byte out of two is zero, always on the same side."""
    sample = data[:4096]
    for codec, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        side = sample[offset::2]
        if side.count(0) > 0.8 * len(side) and sample[1 - offset :: 2].count(0) < 0.05 * len(side) + 1:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            said = _("The file has no mark of its encoding: it was read as %(encoding)s. Check the accents below.")
            return text, "UTF-16", [Notice("encoding_guessed", said % {"encoding": "UTF-16"})]
    raise _not_a_list()


def _refuse_mixed(data: bytes, error: UnicodeDecodeError) -> None:
    """Mostly UTF-8 with a few other bytes: two files were pasted together, and no single reading is right."""
    strict = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", data))
    high = sum(byte >= 0x80 for byte in data)
    if strict >= 3 and strict * 2 >= 0.7 * high:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(
            _(
                "Line %(line)s is not in the same encoding as the rest of the file. "
                "Open the file, correct that line, save it as CSV UTF-8, then send it again."
            )
            % {"line": line},
            "mixed_encoding",
        )


def _legacy(data: bytes) -> tuple[str, str]:
    """The reading that looks most like French among the old encodings; ties go to Windows."""
    sample = data[: 512 * 1024]
    best: tuple[float, str, str] | None = None
    for codec, label in _LEGACY:
        strange = [char for char in sample.decode(codec, errors="replace") if ord(char) >= 0x80]
        good = sum(char in _FRENCH for char in strange) - 3 * sum(not _plausible(char) for char in strange)
        score = good / (len(strange) or 1)
        if best is None or score > best[0] + 1e-9:
            best = (score, codec, label)
    assert best is not None
    if best[0] < 0.3:
        import charset_normalizer

        found = charset_normalizer.from_bytes(sample).best()
        if found is None:
            raise _not_a_list()
        return data.decode(found.encoding, errors="replace"), found.encoding.replace("_", "-")
    text = data.decode(best[1], errors="replace")
    if sum(ord(char) < 32 and char not in "\r\n\t" for char in text[:65536]) > 16:
        raise _not_a_list()
    return text, best[2]


def _plausible(char: str) -> bool:
    """Letters of the Latin alphabet and the punctuation of our languages; not symbols nor boxes."""
    return char in _FRENCH or ("\u00c0" <= char <= "\u017f" and char not in "×÷") or char in "©®™§¶²³½¼¾•†"


def find_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines most evenly; ``""`` where there is one column."""
    head = "\n".join(text[:65536].splitlines()[:80])
    first = head.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    best, found = 0.0, ""
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            continue
        width, times = max(counted.items(), key=lambda pair: (pair[1], pair[0]))
        # Evenness first: a comma inside sentences gives uneven widths, a true delimiter even ones.
        score = times / len(widths) * (2 if times > 1 or len(widths) == 1 else 1) + min(width, 50) / 1000
        if score > best:
            best, found = score, delimiter
    return found


def _lines(text: str, delimiter: str, limits: Limits) -> list[tuple[int, list[str]]]:
    """Non-empty lines with where they begin. A stray quote that swallows the file is refused with its line."""
    if not delimiter:
        return _single_column(text, limits)
    source = _Physical(text)
    reader = csv.reader(source, delimiter=delimiter)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise _open_quote(begins) from error
        # The reader asks for one more line at the end of the file only where a quotation mark is still open.
        if source.ended or reader.line_num - begins > _MOST_LINES_IN_A_CELL:
            raise _open_quote(begins)
        if any(cell.strip() for cell in cells) and not (begins == 1 and cells[0].lower().startswith("sep=")):
            check_width(cells, begins, limits)
            lines.append((begins, cells))
            check_height(len(lines), limits)
        begins = reader.line_num + 1
    return lines


class _Physical:
    """Lines with their ends, one at a time: a ``StringIO`` would hold the text again, four bytes a letter."""

    def __init__(self, text: str) -> None:
        self.matches = _LINE.finditer(text)
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for match in self.matches:
            yield match[0]
        self.ended = True


def _single_column(text: str, limits: Limits) -> list[tuple[int, list[str]]]:
    lines = []
    for number, line in enumerate(_Physical(text), start=1):
        if line.strip():
            lines.append((number, [line.strip().strip('"')]))
            check_height(len(lines), limits)
    return lines


def _open_quote(line: int) -> TableError:
    return TableError(
        _(
            "A quotation mark opened on line %(line)s is not closed, or a cell there is far too long. "
            "Correct that line, then send the file again."
        )
        % {"line": line},
        "open_quote",
    )


def check_width(cells: list[str], line: int, limits: Limits) -> None:
    """Errors: :class:`TableError` past the number of columns."""
    filled = len(cells)
    while filled and not cells[filled - 1].strip():
        filled -= 1
    if filled > limits.columns:
        raise TableError(
            _("Line %(line)s has %(count)s columns; a list has %(limit)s at most. Remove what is not needed.")
            % {"line": line, "count": filled, "limit": limits.columns},
            "too_many_columns",
        )
    del cells[filled:]


def check_height(count: int, limits: Limits) -> None:
    """Errors: :class:`TableError` past the number of lines."""
    if count > limits.rows + 30:
        raise TableError(
            _("This list has more than %(limit)s lines. Cut it in several files and send them one by one.")
            % {"limit": limits.rows},
            "too_many_rows",
        )
