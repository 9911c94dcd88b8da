"""Finding a consultation for a reader."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation.consultations.models import Consultation

View = Callable[..., HttpResponse]


def on_consultation(permission: str) -> Callable[[View], View]:
    """Wrap a view about one consultation: called ``view(request, consultation, …)`` for whoever may do this.

    Nobody learns that a consultation they may not read exists.
    """

    def decorate(view: View) -> View:
        @in_alliance("alliances.view")
        @wraps(view)
        def wrapped(
            request: HttpRequest, alliance: Alliance, key: uuid.UUID, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            found = get_object_or_404(
                Consultation.objects.select_related("stage__cycle", "space"), alliance=alliance, uuid=key
            )
            found.alliance = alliance
            if not may(request.user, permission, found):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if not may(request.user, "participation.view", found):
                    raise Http404
                raise PermissionDenied(permission)
            return view(request, found, *args, **kwargs)

        return wrapped

    return decorate


def say(request: HttpRequest, refused: ValidationError) -> None:
    """A refusal of a service, said at the top of the next page."""
    messages.error(request, " ".join(refused.messages))
