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
from django.utils.translation import ngettext

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation.consultations.models import Consultation
from maillage.participation.reading import Outcome

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


def say_outcome(request: HttpRequest, told: Outcome) -> None:
    """What became of the rows of a page that people read by two, at the top of the next one."""
    lines = (
        (told.shown, ngettext("%(n)s is shown to everyone.", "%(n)s are shown to everyone.", told.shown)),
        (told.refused, ngettext("%(n)s is refused.", "%(n)s are refused.", told.refused)),
        (
            told.asked,
            ngettext(
                "%(n)s is read a first time. Another person reads it too.",
                "%(n)s are read a first time. Another person reads them too.",
                told.asked,
            ),
        ),
        (told.back, ngettext("%(n)s waits to be read anew.", "%(n)s wait to be read anew.", told.back)),
    )
    for n, words in lines:
        if n:
            messages.success(request, words % {"n": n})
    for words in told.left:
        messages.error(request, words)
