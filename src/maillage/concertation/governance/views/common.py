"""What the pages of this part share."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may


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
