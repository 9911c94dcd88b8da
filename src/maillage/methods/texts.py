"""Files of text as every reader of the methods takes them."""

from __future__ import annotations

import codecs
from pathlib import Path

from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

STEP = 1 << 20
"""Bytes decoded at a time: decoded text takes up to four times the room of its bytes."""


def text_of(source: Path | bytes) -> bytes:
    """The text of a file, in UTF-8 without byte order mark, each line ended by one ``\\n``, no blank line at the end.

    Errors: ``Unreadable`` where it cannot be opened or is no text in UTF-8, with the line.
    """
    data = _bytes(source)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(_("This file is in UTF-16; save it in UTF-8."))
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise Unreadable(_("this is not text."), data.count(b"\n", 0, data.find(b"\0")) + 1)
    if not data.isascii():
        _refuse_other_encodings(data)
    return data.rstrip(b"\n")


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable(_("This file cannot be opened.")) from error


def _refuse_other_encodings(data: bytes) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), STEP):
        # The end of a piece may cut a character: its first bytes wait in the decoder.
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + STEP], start + STEP >= len(data))
        except UnicodeDecodeError as error:
            wrong = data.count(b"\n", 0, start - waiting + error.start) + 1
            raise Unreadable(_("a character is not in UTF-8; save this file in UTF-8."), wrong) from error
