"""Every page is private unless it says public; every permission is asked of ``rules``, in views and services.

``LoginRequiredMiddleware`` refuses what is not marked. Rooms below alliances use :func:`public`; pages
inside an alliance use ``maillage.alliances.access.in_alliance``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anyone may ask for this page without an account. Mark it outermost, above every other decorator."""
    return login_not_required(view)  # type: ignore[type-var,return-value]


def may(user: Any, permission: str, obj: Any = None) -> bool:
    """Whether ``user`` (``None`` or anonymous included) holds ``permission`` on ``obj``.

    Errors: ``LookupError`` where no rule has that name, so that a typing mistake never grants or refuses.
    """
    import rules

    if not rules.perm_exists(permission):
        raise LookupError(f"No rule is named {permission!r}.")
    if user is not None and user.is_authenticated and not user.is_active:
        return False
    return bool(rules.has_perm(permission, user, obj))


def require(user: Any, permission: str, obj: Any = None) -> None:
    """Refuse with ``PermissionDenied`` unless ``user`` holds ``permission`` on ``obj``."""
    if not may(user, permission, obj):
        raise PermissionDenied(permission)
