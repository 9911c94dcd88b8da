"""What the services of this part do the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from maillage.core.formats import number


def logged(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """The fields of the row, as the log may hold them."""
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def check_end(since: dt.date | None, until: dt.date | None) -> None:
    """Refuse an interval that ends before it begins."""
    if since is not None and until is not None and until < since:
        raise ValidationError(_("The end cannot come before the beginning."))


def clean(row: models.Model, *exclude: str) -> None:
    """``full_clean``, and the length of texts, which Django leaves to forms. ``exclude``: links already checked.

    Errors: ``ValidationError``, on the field.
    """
    for field in row._meta.get_fields():
        length = getattr(field, "max_length", None)
        if isinstance(field, models.TextField) and length and len(getattr(row, field.name)) > length:
            raise ValidationError(
                {field.name: _("This text is too long: %(n)s characters at most.") % {"n": number(length)}}
            )
    row.full_clean(exclude=exclude)


def overlaps(row: Any, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether the dated row and ``[since, until)`` have a day in common."""
    begins_in_time = until is None or row.since is None or row.since < until
    return begins_in_time and (since is None or row.until is None or row.until > since)
