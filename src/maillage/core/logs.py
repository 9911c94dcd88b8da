"""What the logs of a server may hold: what happened and where in the code, never who or with which secret."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

SECRET = re.compile(r"[A-Za-z0-9_-]{20,}")
"""Single-use tokens and identifiers in an address: long runs without a slash."""
QUERY = re.compile(r"\?\S*")


def redact(text: str) -> str:
    """An address without its secrets and without what was searched.

    >>> redact("/invitation/3yJ8kQ0aZbX1cD2eF3gH4iJ5/?q=Tremblay")
    '/invitation/…/'
    """
    return SECRET.sub("…", QUERY.sub("", text))


class WithoutValues(logging.Formatter):
    """Tracebacks say where and which kind of error; an error's own words may quote what someone wrote.

    PostgreSQL, for one, says which address was already taken.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802
        kept: list[str] = []
        seen: set[int] = set()
        error: BaseException | None = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            kind = type(error)
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            kept.insert(0, f"Traceback (most recent call last):\n{frames}\n{kind.__module__}.{kind.__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\nthen:\n\n".join(kept)


class RedactAddresses(logging.Filter):
    """Redacts the text arguments of a record (Django logs the address of each failed request as one)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(redact(arg) if isinstance(arg, str) else arg for arg in record.args)
        # The request holds cookies, addresses and the person: no handler needs it.
        record.__dict__.pop("request", None)
        return True
