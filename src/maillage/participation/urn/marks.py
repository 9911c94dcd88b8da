"""Codes that open a ballot, receipts that prove it is counted, and the digests kept of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from maillage.participation.consultations.models import ALPHABET, Consultation
from maillage.participation.urn import seal

CODE_SIGNS = 10
"""31 signs: 49 bits. One million codes given, one try in 560 million opens one."""
WORDS = 512


def new_code() -> str:
    """A personal code, as it is printed: « k7m2-9qxh-t4 »."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))


def shown_code(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidy_code(typed: str) -> str:
    """What someone typed, as :func:`new_code` writes it: case, spaces and dashes do not count."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    return "".join(sign for sign in plain if sign.isalnum())


def code_mark(consultation: Consultation, code: str) -> str:
    """What is kept of a code, and what is looked up when it is typed."""
    key = seal.derive("maillage code", consultation.uuid.bytes)
    return seal.digest(key, tidy_code(code))


@cache
def words() -> tuple[str, ...]:
    """The words of receipts: plain French, without accent, none that could hurt or be taken for another."""
    found = tuple((Path(__file__).with_name("words.txt")).read_text(encoding="ascii").split())
    if len(set(found)) != WORDS:
        raise RuntimeError(f"{WORDS} words are wanted for receipts.")
    return found


def receipt_text(tag: bytes, turn: int, *, strong: bool) -> str:
    """« SAULE 47 RIVE 12 »: two words and two numbers, three of each where the receipt lets a ballot be changed.

    ``turn`` is raised when another ballot already has these words.
    """
    drawn = int.from_bytes(hmac.new(tag, f"receipt {turn}".encode(), hashlib.sha256).digest(), "big")
    parts = []
    for _number in range(3 if strong else 2):
        drawn, word = divmod(drawn, WORDS)
        drawn, figure = divmod(drawn, 100)
        parts.append(f"{words()[word]} {figure:02d}")
    return " ".join(parts)


def tidy_receipt(typed: str) -> str:
    """What someone typed, as :func:`receipt_text` writes it: case, accents, dashes and spaces do not count."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", typed).upper() if not unicodedata.combining(sign))
    spaced = "".join(sign if sign.isalnum() else " " for sign in plain)
    parts: list[str] = []
    for part in spaced.split():
        word, figure = part.rstrip("0123456789"), part[len(part.rstrip("0123456789")) :]
        parts += [piece for piece in (word, figure) if piece]
    return " ".join(f"{int(part):02d}" if part.isdigit() else part for part in parts)


def receipt_mark(receipts_key: str, receipt: str) -> str:
    """What is kept, and published after the closing: HMAC-SHA256 of the receipt under the step's published key.

    Anyone computes it with ``openssl dgst -sha256 -mac HMAC -macopt hexkey:<key>`` on the receipt as printed.
    """
    return seal.digest(bytes.fromhex(receipts_key), receipt)
