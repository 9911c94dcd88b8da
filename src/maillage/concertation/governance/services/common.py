"""What the services of this part do the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def logged(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """The fields of the row, as the log may hold them."""
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def check_end(since: dt.date | None, until: dt.date | None) -> None:
    """Refuse an interval that ends before it begins."""
    if since is not None and until is not None and until < since:
        raise ValidationError(_("The end cannot come before the beginning."))


def overlaps(row: Any, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether the dated row and ``[since, until)`` have a day in common."""
    begins_in_time = until is None or row.since is None or row.since < until
    return begins_in_time and (since is None or row.until is None or row.until > since)
