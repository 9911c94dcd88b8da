"""Keys of the urn: half in the database and destroyed at the closing, half in the instance's secret.

Whoever holds a copy of the database or a backup, but not the secret, reads no ballot of a step that is open. After the
closing the envelopes are gone, and what an older copy may still hold cannot be opened without the salt of that copy
*and* the secret. What this does not protect against is said in ``docs/methods/secrecy.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from maillage.participation.urn.errors import KeyLost

NONCE = 12
"""Bytes, as AES-GCM wants (NIST SP 800-38D). Random: under one key, 2³² ballots stay far from a repetition."""
SMALLEST = 128
"""Bytes of the smallest plain text; then powers of two: the length of an envelope tells next to nothing."""


class CannotOpen(Exception):
    """The envelope was not sealed with this key and for this row: a row changed or copied by hand."""


@dataclass(frozen=True)
class Sealed:
    """What an envelope holds."""

    content: str
    about: str
    channel: str
    batch: str = ""


@dataclass(frozen=True)
class Keys:
    """What the two halves give together, for one step. Lives in memory, for one request."""

    envelopes: AESGCM = field(repr=False)
    receipts: str = field(repr=False)
    """Hexadecimal; published at the opening."""
    check_value: str


def derive(purpose: str, salt: bytes, length: int = 32) -> bytes:
    """Bytes from the instance's secret, for this purpose alone (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose.encode()).derive(
        settings.SECRET_KEY.encode()
    )


def keys_of(step_uuid: object, salt: bytes | memoryview, check_value: str = "") -> Keys:
    """The keys of a step. Errors: :class:`KeyLost` where ``check_value`` says that the secret is another one."""
    made = derive(f"maillage urn {step_uuid}", bytes(salt), 80)
    found = Keys(AESGCM(made[:32]), made[32:64].hex(), made[64:].hex())
    if check_value and not hmac.compare_digest(found.check_value, check_value):
        raise KeyLost
    return found


def seal(keys: Keys, row: UUID, ballot: Sealed) -> bytes:
    """Nonce and AES-GCM of the ballot, bound to its row: an envelope copied under another number does not open."""
    plain = json.dumps(
        [ballot.content, ballot.about, ballot.channel, ballot.batch], ensure_ascii=False, separators=(",", ":")
    ).encode()
    nonce = secrets.token_bytes(NONCE)
    return nonce + keys.envelopes.encrypt(nonce, plain.ljust(padded(len(plain))), row.bytes)


def padded(length: int) -> int:
    """The smallest power of two, from 128, that holds so many bytes."""
    return max(SMALLEST, 1 << (length - 1).bit_length())


def plain_of(keys: Keys, row: bytes, sealed: bytes) -> bytes:
    """The JSON of an envelope, without its padding. ``row``: 16 bytes. Errors: :class:`CannotOpen`."""
    try:
        return keys.envelopes.decrypt(sealed[:NONCE], sealed[NONCE:], row).rstrip(b" ")
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def unseal(keys: Keys, row: UUID, sealed: bytes | memoryview) -> Sealed:
    """Errors: :class:`CannotOpen`."""
    return Sealed(*json.loads(plain_of(keys, row.bytes, bytes(sealed))))


def digest(key: bytes, text: str) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
