"""Opening a session for an account that has already shown who it is."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest

from maillage.accounts.models import User


def sign_in(request: HttpRequest, user: User) -> None:
    """Open a session for ``user``, in place of any other, and list it among the account's sessions.

    No second step is asked: the caller answers for who this is. Only the demonstration has that right; invitations
    and single-use addresses go through allauth's ``perform_login``, which asks for it.
    """
    if request.user.is_authenticated:
        logout(request)
    get_adapter(request).login(request, user)
    request.user = user
    UserSession.objects.create_from_request(request)
