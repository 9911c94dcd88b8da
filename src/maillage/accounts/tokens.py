"""Single-use tokens: 256 random bits for the reader, and their digest for the database.

A copy of the database opens nothing: the token itself is only in the address that was sent.
"""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """A fresh token and the digest to keep."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """SHA-256 of the token, in hexadecimal (64 characters). The token is random: no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
