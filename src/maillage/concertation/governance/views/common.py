"""What the pages of this part share."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.concertation.governance.tabs import tabs
from maillage.concertation.models import Space
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may
from maillage.core.dates import FIRST

__all__ = ["asked_day", "refuse", "sentences", "space_for_members", "tabs"]


def space_for_members(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> Space:
    """The space, for those who sit there and the team. Errors: ``Http404``, ``PermissionDenied``."""
    space = find_space(request, alliance, key)
    if not may(request.user, "concertation.view_space_inside", space):
        raise PermissionDenied("concertation.view_space_inside")
    return space


def refuse(form: Any, refused: ValidationError) -> None:
    """Put the sentences of a service on the fields they speak of, the others at the top of the form."""
    if hasattr(refused, "error_dict"):
        for name, errors in refused.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refused.messages)


def sentences(refused: ValidationError) -> str:
    """The refusal of a service, for a message."""
    return " ".join(refused.messages) or _("This could not be done.")


def asked_day(request: HttpRequest, today: dt.date) -> tuple[dt.date, bool]:
    """The day of « see it as it was on », and whether what was typed could be read. Never after today."""
    typed = request.GET.get("date", "").strip()
    if not typed:
        return today, True
    try:
        day = dt.date.fromisoformat(typed[:10])
    except ValueError:
        return today, False
    return (day, True) if FIRST <= day <= today else (today, day > today)
