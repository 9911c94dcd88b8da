"""What the room holds about people: given to them, erased, and not kept past its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts import services
from maillage.accounts.devices import device_name
from maillage.accounts.models import SignInAddress, User

KEPT = dt.timedelta(days=30)
"""How long a single-use address, used or too old, stays: time enough to understand what happened."""
GONE = "efface.invalid"


def export(person: Any) -> Mapping[str, Any]:
    """The account, its protections by name (never their secrets), its sessions. Nothing for another subject."""
    if not isinstance(person, User):
        return {}
    keys = Authenticator.objects.filter(user=person).order_by("id")
    sessions = UserSession.objects.filter(user=person).order_by("id")
    return {
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "operator": person.is_operator,
        "opened": person.created_at.isoformat(),
        "last_sign_in": person.last_login.isoformat() if person.last_login else None,
        "erasure_asked": person.deletion_requested_at.isoformat() if person.deletion_requested_at else None,
        "protections": [
            {
                "kind": key.type,
                "name": key.data.get("name", ""),
                "added": key.created_at.isoformat(),
                "used": key.last_used_at.isoformat() if key.last_used_at else None,
            }
            for key in keys
        ],
        "sessions": [
            {"device": device_name(row.user_agent), "address": row.ip, "since": row.created_at.isoformat()}
            for row in sessions
        ],
    }


@transaction.atomic
def erase(person: Any) -> int:
    """Close the account, forget its protections and sessions, blank its row. Returns how many rows."""
    if not isinstance(person, User):
        return 0
    count = services.end_sessions(person)
    for rows in (
        Authenticator.objects.filter(user=person),
        EmailAddress.objects.filter(user=person),
        SignInAddress.objects.filter(user=person),
    ):
        count += rows.delete()[0]
    person.email, person.name = f"compte-{person.pk}@{GONE}", ""
    person.is_active = person.is_operator = False
    person.last_login = None
    person.save()
    return count + 1


def purge(today: dt.date) -> int:
    """Old single-use addresses, sessions that have expired and what lists them. Returns how many rows."""
    now = timezone.now()
    old = SignInAddress.objects.filter(Q(used_at__lt=now - KEPT) | Q(expires_at__lt=now - KEPT))
    count = old.delete()[0]
    count += Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.values("session_key")
    return count + UserSession.objects.exclude(session_key__in=alive).delete()[0]
