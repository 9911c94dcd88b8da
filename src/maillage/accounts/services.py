"""Writes on accounts: opening one, single-use addresses, sessions, closing, asking for erasure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from maillage.accounts import tokens
from maillage.accounts.models import SignInAddress, User
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

ADDRESS_LASTS = dt.timedelta(hours=24)


def clean_address(email: str) -> str:
    """The address in the form accounts keep it. Errors: ``ValidationError`` with a sentence to show."""
    cleaned = User.objects.normalize_email(email).strip().lower()
    try:
        validate_email(cleaned)
    except ValidationError:
        raise ValidationError(_("“%(email)s” is not an e-mail address.") % {"email": email}) from None
    return cleaned


@transaction.atomic
def open_account(*, email: str, name: str = "", language: str = "fr", by: Any | None, via: str = "web") -> User:
    """The account of this address, opened where there was none. The caller has checked who may."""
    email = clean_address(email)
    user, opened = User.objects.filter(email=email).first(), False
    if user is None:
        try:
            with transaction.atomic():
                user, opened = User.objects.create_user(email, name, language=language), True
        except (IntegrityError, ValidationError):
            # Opened a moment ago by someone else; otherwise the name itself is refused.
            user = User.objects.filter(email=email).first()
            if user is None:
                raise
    if opened:
        audit.record(
            "accounts.opened", user, by=by, via=via, personal={"email": (None, email)}, person_key=f"user:{user.pk}"
        )
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
    return user


@transaction.atomic
def make_operator(*, email: str, name: str = "", by: Any | None, via: str = "cli") -> User:
    """Open the account where needed and make it an operator of the instance.

    From the command line ``by`` is ``None``: whoever has a shell on the machine already holds everything.
    """
    if by is not None:
        require(by, "accounts.operate")
    user = open_account(email=email, name=name, by=by, via=via)
    user = lock(user)
    if not user.is_operator or not user.is_active:
        before = {"is_operator": user.is_operator, "is_active": user.is_active}
        user.is_operator = user.is_active = True
        user.save(update_fields=["is_operator", "is_active"])
        audit.record(
            "accounts.operator_made",
            user,
            by=by,
            via=via,
            before=before,
            after={"is_operator": True, "is_active": True},
        )
    return user


@transaction.atomic
def revoke_operator(*, user: User, by: Any | None, via: str = "cli") -> int:
    """Take the operator's power away and close every session. Returns how many sessions were open."""
    if by is not None:
        require(by, "accounts.operate")
    user = lock(user)
    if user.is_operator:
        user.is_operator = False
        user.save(update_fields=["is_operator"])
        audit.record(
            "accounts.operator_revoked",
            user,
            by=by,
            via=via,
            before={"is_operator": True},
            after={"is_operator": False},
        )
    SignInAddress.objects.filter(user=user, used_at=None).delete()
    return end_sessions(user)


@transaction.atomic
def give_address(*, user: User, now: dt.datetime, by: Any | None, via: str = "cli") -> str:
    """A single-use token that signs ``user`` in, good for 24 hours; those given before stop working."""
    if by is not None:
        require(by, "accounts.operate")
    user = lock(user)
    SignInAddress.objects.filter(user=user, used_at=None).delete()
    token, digest = tokens.new_token()
    address = SignInAddress.objects.create(
        user=user, token_digest=digest, created_at=now, expires_at=now + ADDRESS_LASTS
    )
    audit.record("accounts.address_given", address, by=by, via=via, after={"user": user.pk})
    return token


def find_address(token: str, now: dt.datetime) -> SignInAddress | None:
    """The address of this token if it still works. Reads only."""
    address = SignInAddress.objects.select_related("user").filter(token_digest=tokens.digest(token)).first()
    return address if address is not None and address.works(now) else None


@transaction.atomic
def use_address(*, token: str, now: dt.datetime) -> User | None:
    """Use the address up and return its user; ``None`` where it no longer works. Two at once: one wins."""
    found = find_address(token, now)
    if found is None:
        return None
    address = lock(found)
    if not address.works(now):
        return None
    address.used_at = now
    address.save(update_fields=["used_at"])
    audit.record("accounts.address_used", address, by=address.user)
    return address.user


@transaction.atomic
def remove_second_step(*, user: User, by: Any | None, via: str = "cli") -> int:
    """Forget passkeys, application and spare codes: for someone who has lost them all. Returns how many."""
    if by is not None:
        require(by, "accounts.operate")
    count, _rows = Authenticator.objects.filter(user=user).delete()
    if count:
        audit.record("accounts.second_step_removed", user, by=by, via=via, after={"removed": count})
    return count


@transaction.atomic
def close_account(*, user: User, by: Any | None, via: str = "web") -> User:
    """Deactivate: no more sign-in, and every session ends at once. The operator's act."""
    if by is not None:
        require(by, "accounts.operate")
    user = lock(user)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        audit.record("accounts.closed", user, by=by, via=via, before={"is_active": True}, after={"is_active": False})
    end_sessions(user)
    return user


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End the user's sessions, at once, except the one whose key is ``but``. Returns how many ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but or "").order_by("id")
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended


@transaction.atomic
def end_session(*, user: User, session_id: int) -> bool:
    """End one of the user's own sessions. False where it is not theirs, or already ended."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        return False
    session.end()
    audit.record("accounts.session_ended", user, by=user, after={"session": session_id})
    return True


@transaction.atomic
def save_profile(*, user: User, name: str, language: str) -> User:
    """The person's own name and language."""
    row = lock(user)
    if (row.name, row.language) == (name, language):
        return row
    personal = {"name": (row.name, name)} if row.name != name else None
    before, after = {"language": row.language}, {"language": language}
    row.name, row.language = name, language
    row.full_clean(exclude=["password"])
    row.save(update_fields=["name", "language"])
    audit.record(
        "accounts.profile_saved",
        row, by=user, before=before, after=after, personal=personal, person_key=f"user:{row.pk}",
    )  # fmt: skip
    return row


def note_download(*, user: User) -> None:
    """Write in the log that the person took a copy of what is held about them."""
    audit.record("accounts.data_downloaded", user, by=user)


@transaction.atomic
def ask_erasure(*, user: User, now: dt.datetime) -> User:
    """Remember that this person asks that the account be erased. Asking twice changes nothing."""
    row = lock(user)
    if row.deletion_requested_at is None:
        row.deletion_requested_at = now
        row.save(update_fields=["deletion_requested_at"])
        audit.record("accounts.erasure_asked", row, by=user)
    return row


@transaction.atomic
def withdraw_erasure(*, user: User) -> User:
    row = lock(user)
    if row.deletion_requested_at is not None:
        row.deletion_requested_at = None
        row.save(update_fields=["deletion_requested_at"])
        audit.record("accounts.erasure_withdrawn", row, by=user)
    return row
