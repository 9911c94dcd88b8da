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
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
"""Bytes, as AES-GCM wants (NIST SP 800-38D)."""


class CannotOpen(Exception):
    """The envelope was not sealed with this key: another secret, or a file changed by hand."""


@dataclass(frozen=True)
class Sealed:
    """What an envelope holds."""

    content: str
    about: str
    channel: str
    batch: str = ""


def derive(purpose: str, salt: bytes) -> bytes:
    """32 bytes from the instance's secret, for this purpose alone (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose.encode()).derive(settings.SECRET_KEY.encode())


def key_of(step_uuid: object, salt: bytes | memoryview) -> bytes:
    return derive(f"maillage urn {step_uuid}", bytes(salt))


def seal(key: bytes, ballot: Sealed) -> bytes:
    """Nonce and AES-GCM of the ballot, padded to a multiple of 64 bytes so that its length says little."""
    plain = json.dumps(
        [ballot.content, ballot.about, ballot.channel, ballot.batch], ensure_ascii=False, separators=(",", ":")
    ).encode()
    plain += b" " * (-len(plain) % 64)
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def unseal(key: bytes, sealed: bytes | memoryview) -> Sealed:
    """Errors: :class:`CannotOpen`."""
    data = bytes(sealed)
    try:
        plain = AESGCM(key).decrypt(data[:NONCE], data[NONCE:], None)
    except InvalidTag as error:
        raise CannotOpen from error
    content, about, channel, batch = json.loads(plain)
    return Sealed(content, about, channel, batch)


def digest(key: bytes, text: str) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
