"""Invitations by e-mail: the only way, with the command line, that an account is opened.

An invitation is for one address, one role, once. Only the digest of its token is kept. Opening its page changes
nothing; pressing the button opens the account where there was none, gives the role and signs in.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.accounts import tokens
from maillage.accounts.models import User
from maillage.accounts.services import clean_address, open_account
from maillage.alliances.models import Alliance, Invitation, Role
from maillage.alliances.services.common import check_dates
from maillage.alliances.services.people import appointing_permission, seat_invited
from maillage.core import audit
from maillage.core.access import may, require
from maillage.core.locks import lock

LASTS = dt.timedelta(days=14)
MOST_WAITING = 500
"""How many invitations may wait at once in an alliance: a mistake, or a stolen session, stays bounded."""


class State(Enum):
    """What an invitation is worth now."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def state_of(invitation: Invitation | None, now: dt.datetime) -> State:
    if invitation is None:
        return State.UNKNOWN
    if invitation.accepted_at is not None:
        return State.USED
    if invitation.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.OPEN if now < invitation.expires_at else State.EXPIRED


def find(token: str) -> Invitation | None:
    """The invitation of this token. Reads only."""
    rows = Invitation.objects.select_related("alliance__parent", "invited_by")
    return rows.filter(token_digest=tokens.digest(token)).first()


def grantable(user: Any, alliance: Alliance) -> list[str]:
    """The kinds of role this user may invite to, here."""
    return [
        kind
        for kind in Role.Kind.values
        if may(user, appointing_permission(kind), alliance)
        and (kind != Role.Kind.REGIONAL or alliance.scale == Alliance.Scale.REGIONAL)
    ]


@transaction.atomic
def create(
    alliance: Alliance,
    *,
    by: Any,
    now: dt.datetime,
    email: str,
    kind: str,
    name: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> tuple[Invitation, str]:
    """An invitation and the token for its address. One already waiting for the same role is replaced.

    Errors: ``PermissionDenied``; ``ValidationError`` by field, with sentences to show.
    """
    require(by, appointing_permission(kind), alliance)
    alliance = lock(alliance)
    if kind not in grantable(by, alliance):
        raise ValidationError({"kind": _("This role cannot be given here.")})
    try:
        email = clean_address(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None
    check_dates(since, until)
    today = alliance.today(now)
    if until is not None and until <= today:
        raise ValidationError({"until": _("This role would already be over. Choose a later end.")})
    held = Role.objects.at(today).filter(
        kind=kind, person__alliance=alliance, person__user__email=email, person__erased_at=None
    )
    if held.exists():
        raise ValidationError({"email": _("This person already holds this role.")})
    waiting = Invitation.objects.filter(alliance=alliance, accepted_at=None, withdrawn_at=None)
    waiting.filter(email=email, role_kind=kind).update(withdrawn_at=now)
    if waiting.filter(expires_at__gt=now).count() >= MOST_WAITING:
        raise ValidationError(_("Too many invitations are waiting. Withdraw some of them first."))
    token, digest = tokens.new_token()
    invitation = Invitation(
        alliance=alliance, email=email, name=name.strip(), role_kind=kind, since=since, until=until,
        token_digest=digest, invited_by=by, created_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    invitation.full_clean()
    invitation.save()
    _log("alliances.invited", invitation, by)
    return invitation, token


@transaction.atomic
def renew(invitation: Invitation, *, by: Any, now: dt.datetime) -> tuple[Invitation, str]:
    """A new token and 14 more days; the address sent before stops working."""
    require(by, appointing_permission(invitation.role_kind), invitation.alliance)
    invitation = lock(invitation)
    if state_of(invitation, now) not in {State.OPEN, State.EXPIRED}:
        raise ValidationError(_("This invitation is no longer waiting. Write a new one."))
    token, invitation.token_digest = tokens.new_token()
    invitation.expires_at = now + LASTS
    # Whoever sends it answers for it: their power is checked again when it is accepted.
    invitation.invited_by = by
    invitation.save(update_fields=["token_digest", "expires_at", "invited_by"])
    _log("alliances.invitation_renewed", invitation, by)
    return invitation, token


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Any, now: dt.datetime) -> Invitation:
    """The address sent stops working. Withdrawing twice changes nothing; what is accepted stays."""
    require(by, appointing_permission(invitation.role_kind), invitation.alliance)
    invitation = lock(invitation)
    if invitation.accepted_at is not None:
        raise ValidationError(_("This invitation is already accepted. End the role instead."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        _log("alliances.invitation_withdrawn", invitation, by)
    return invitation


@transaction.atomic
def accept(token: str, *, now: dt.datetime, name: str = "", language: str = "fr") -> tuple[User, Role]:
    """Open the account of the address where there was none, and give the role: all of it, or nothing.

    Holding the token shows that the mail was received: the address is taken as verified.
    Errors: ``ValidationError`` with the sentence to show.
    """
    found = find(token)
    if found is None:
        raise ValidationError(sentence(State.UNKNOWN))
    # The alliance first, as everywhere here: two that lock in two orders would wait for each other.
    lock(found.alliance)
    invitation = lock(found)
    state = state_of(invitation, now)
    if state is not State.OPEN:
        raise ValidationError(sentence(state))
    today = invitation.alliance.today(now)
    if invitation.until is not None and invitation.until <= today:
        raise ValidationError(_("The role of this invitation is already over. Ask for a new one."))
    user = open_account(
        email=invitation.email, name=name.strip() or invitation.name, language=language, by=None, via="web"
    )
    if not user.is_active:
        raise ValidationError(_("This account is closed. Write to the agent of your alliance."))
    if not user.name and name.strip():
        user.name = name.strip()
        user.save(update_fields=["name"])
    try:
        role = seat_invited(
            invitation.alliance, user=user, kind=invitation.role_kind, invited_by=invitation.invited_by,
            since=max(invitation.since or today, today),
            until=invitation.until,
        )  # fmt: skip
    except PermissionDenied:
        raise ValidationError(
            _("The person who invited you no longer has this power here. Ask the alliance for a new invitation.")
        ) from None
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    _log("alliances.invitation_accepted", invitation, user, role=role.pk)
    return user, role


def sentence(state: State) -> str:
    """What to tell whoever opens an invitation that is no longer open, and what to do."""
    return {
        State.USED: _("This invitation has already been accepted. Sign in with a code."),
        State.WITHDRAWN: _(
            "This invitation was withdrawn or replaced. Look for a more recent message, or ask for one."
        ),
        State.EXPIRED: _("This invitation is more than 14 days old. Ask for a new one."),
        State.UNKNOWN: _("This address is not complete. Open it again from the message you received."),
        State.OPEN: "",
    }[state]


def _log(action: str, invitation: Invitation, by: Any, role: int | None = None) -> None:
    """The invitation's row says to whom; the log says only which."""
    after = {"invitation": str(invitation.uuid), "kind": str(invitation.role_kind)} | ({"role": role} if role else {})
    audit.record(action, invitation, by=by, alliance=invitation.alliance, after=after)
