"""Finding the meeting of an address, and asking the rule, before a view runs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.endorsements.gate import ask_first
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core.access import may

View = Callable[..., HttpResponse]


def in_meeting(permission: str = "concertation.view_meeting") -> Callable[[View], View]:
    """Wrap a view of one meeting: it is called ``view(request, meeting, …)`` once the rule allows it.

    404 where the reader may not know of the meeting; sign-in for the anonymous and 403 where they may only see it.
    Where the address names a point (``item``) over which the reader was found in a conflict, they answer first.
    """

    def decorate(view: View) -> View:
        @in_alliance("alliances.view")
        @wraps(view)
        def wrapped(request: HttpRequest, alliance: Alliance, key: uuid.UUID, **kwargs: Any) -> HttpResponse:
            meeting = get_object_or_404(
                Meeting.objects.select_related("space", "series", "facilitator", "stage"), alliance=alliance, uuid=key
            )
            meeting.alliance = meeting.space.alliance = alliance
            if not may(request.user, permission, meeting):
                if not may(request.user, "concertation.view_meeting", meeting):
                    raise Http404
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise PermissionDenied(permission)
            if isinstance(kwargs.get("item"), uuid.UUID):
                item = AgendaItem.objects.filter(meeting=meeting, uuid=kwargs["item"]).first()
                if item is not None:
                    item.meeting = meeting
                    refused = ask_first(request, alliance, item)
                    if refused is not None:
                        return refused
            return view(request, meeting, **kwargs)

        return wrapped

    return decorate


def refuse(form: Form, refused: ValidationError) -> None:
    """Say in the form why a service refused: beside the field where the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)  # type: ignore[arg-type]


def site_of(request: HttpRequest) -> str:
    """The address of the instance, as this reader knows it, without its last slash."""
    return request.build_absolute_uri("/").rstrip("/")
