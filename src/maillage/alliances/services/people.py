"""People known to an alliance, what they may do there, and the powers the tables delegated."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, DelegatedPower, Person, Role
from maillage.alliances.rules import forget_roles
from maillage.alliances.services.common import check_dates, save_changes
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

HOLDS_POWER = frozenset({Role.Kind.AGENT, Role.Kind.REGIONAL})
"""Roles given and ended under ``alliances.appoint`` rather than ``alliances.manage_people``."""

PERSONAL = frozenset({"name", "email", "phone", "language"})


def appointing_permission(kind: str) -> str:
    """The permission that giving or ending this kind of role asks for."""
    return "alliances.appoint" if kind in HOLDS_POWER else "alliances.manage_people"


@transaction.atomic
def add_person(
    alliance: Alliance,
    *,
    by: Any,
    name: str,
    email: str = "",
    phone: str = "",
    language: str = "fr",
    user: Any | None = None,
) -> Person:
    """A human known to the alliance, with or without an account. Their values are logged apart.

    Errors: ``ValidationError``, on ``user`` where this account is already known here.
    """
    require(by, "alliances.manage_people", alliance)
    return _new_person(lock(alliance), by=by, name=name, email=email, phone=phone, language=language, user=user)


def _new_person(alliance: Alliance, *, by: Any, name: str, email: str, phone: str, language: str, user: Any) -> Person:
    if user is not None and Person.objects.filter(alliance=alliance, user=user).exists():
        raise ValidationError({"user": _("This account is already known to the alliance.")})
    person = Person(
        alliance=alliance, user=user, name=name.strip(), email=email.strip().lower(), phone=phone, language=language
    )
    person.full_clean()
    person.save()
    audit.record(
        "alliances.person_added",
        person,
        by=by,
        alliance=alliance,
        after={"user": getattr(user, "pk", None)},
        personal={"name": ("", person.name), "email": ("", person.email), "phone": ("", person.phone)},
        person_key=f"person:{person.pk}",
    )
    return person


@transaction.atomic
def update_person(person: Person, *, by: Any, **changes: Any) -> Person:
    """``name``, ``email``, ``phone``, ``language``. Errors: ``ValidationError``, also for an erased person."""
    require(by, "alliances.manage_people", person.alliance)
    if set(changes) - PERSONAL:
        raise TypeError(f"Not to be set here: {', '.join(sorted(set(changes) - PERSONAL))}")
    person = lock(person)
    if person.erased_at:
        raise ValidationError(_("This person asked to be erased: nothing may be written about them."))
    if "email" in changes:
        # As invitations and accounts keep it: erasure finds them by this address.
        changes["email"] = changes["email"].strip().lower()
    personal = {
        field: (getattr(person, field), value) for field, value in changes.items() if getattr(person, field) != value
    }
    if not personal:
        return person
    for field, value in changes.items():
        setattr(person, field, value)
    person.full_clean()
    person.save()
    audit.record(
        "alliances.person_updated",
        person,
        by=by,
        alliance=person.alliance,
        after={"fields": sorted(personal)},
        personal=personal,
        person_key=f"person:{person.pk}",
    )
    return person


@transaction.atomic
def grant_role(
    person: Person,
    *,
    by: Any,
    kind: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
    note: str = "",
) -> Role:
    """Let the person act as ``kind`` in their alliance during ``[since, until)``.

    Errors: ``PermissionDenied``; ``ValidationError`` where they already hold it at those dates, for a person
    erased, or for a coordinator anywhere but in a regional alliance.
    """
    require(by, appointing_permission(kind), person.alliance)
    return _grant(person, by=by, kind=kind, since=since, until=until, note=note)


def _grant(person: Person, *, by: Any, kind: str, since: dt.date | None, until: dt.date | None, note: str) -> Role:
    person = lock(person)
    check_dates(since, until)
    if person.erased_at:
        raise ValidationError(_("This person asked to be erased: nothing may be written about them."))
    if kind == Role.Kind.REGIONAL and person.alliance.scale != Alliance.Scale.REGIONAL:
        raise ValidationError({"kind": _("Only a regional alliance has a regional coordinator.")})
    for held in person.roles.filter(kind=kind):
        if (held.until is None or since is None or since < held.until) and (
            until is None or held.since is None or held.since < until
        ):
            raise ValidationError({"kind": _("This person already holds this role at those dates.")})
    role = Role(person=person, kind=kind, since=since, until=until, note=note)
    role.full_clean()
    role.save()
    forget_roles(by)
    audit.record(
        "alliances.role_granted",
        role,
        by=by,
        alliance=person.alliance,
        after={
            "person": person.pk,
            "kind": str(kind),
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
        },
    )
    return role


@transaction.atomic
def seat_invited(
    alliance: Alliance,
    *,
    user: Any,
    kind: str,
    invited_by: Any,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Role:
    """Give an invited account the role it was promised. The one who invited must still be able to.

    Errors: ``PermissionDenied`` where the inviter no longer may; ``ValidationError`` as :func:`grant_role`.
    """
    forget_roles(invited_by)
    require(invited_by, appointing_permission(kind), alliance)
    alliance = lock(alliance)
    person = Person.objects.filter(alliance=alliance, user=user).first()
    if person is None:
        person = Person.objects.filter(alliance=alliance, user=None, erased_at=None, email__iexact=user.email).first()
        if person is not None:
            person.user = user
            person.save()
    if person is None:
        person = _new_person(
            alliance,
            by=user,
            name=user.name or user.email,
            email=user.email,
            phone="",
            language=user.language,
            user=user,
        )
    held = person.roles.filter(kind=kind)
    today = alliance.today()
    for role in held:
        if role.holds(today):
            return role
    role = _grant(person, by=invited_by, kind=kind, since=since, until=until, note="")
    forget_roles(user)
    return role


@transaction.atomic
def end_role(role: Role, *, by: Any, on: dt.date) -> Role:
    """The role ends on this day: from its first minute, in the alliance's own time, it opens nothing.

    A role that had not begun yet ends where it begins. Errors: ``PermissionDenied``; ``ValidationError`` where it
    already ends earlier: an end never gives more time.
    """
    alliance = role.person.alliance
    require(by, appointing_permission(role.kind), alliance)
    role = lock(role)
    before = role.until
    if before is not None and on > before:
        raise ValidationError({"on": _("This role already ends before that day. Give it again instead.")})
    role.until = max(on, role.since) if role.since else on
    role.save(update_fields=["until"])
    forget_roles(by)
    audit.record(
        "alliances.role_ended",
        role,
        by=by,
        alliance=alliance,
        before={"kind": role.kind, "until": before.isoformat() if before else None},
        after={"person": role.person_id, "until": role.until.isoformat()},
    )
    return role


@transaction.atomic
def delegate_power(
    alliance: Alliance,
    *,
    by: Any,
    title: str,
    given_by: str,
    role_kind: str = Role.Kind.AGENT,
    limits: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> DelegatedPower:
    """Write down a power the tables gave, and the decision it comes from."""
    require(by, "alliances.delegate", alliance)
    check_dates(since, until)
    power = DelegatedPower(
        alliance=alliance,
        title=title,
        given_by=given_by,
        role_kind=role_kind,
        limits=limits,
        since=since,
        until=until,
    )
    power.full_clean()
    power.save()
    after = {"title": title, "role_kind": str(role_kind), "since": since.isoformat() if since else None}
    audit.record("alliances.power_delegated", power, by=by, alliance=alliance, after=after)
    return power


@transaction.atomic
def update_power(power: DelegatedPower, *, by: Any, **changes: Any) -> DelegatedPower:
    require(by, "alliances.delegate", power.alliance)
    power = lock(power)
    allowed = frozenset({"title", "given_by", "role_kind", "limits", "since", "until"})
    return save_changes(power, changes, allowed, action="alliances.power_updated", by=by, alliance=power.alliance)


@transaction.atomic
def end_power(power: DelegatedPower, *, by: Any, on: dt.date) -> DelegatedPower:
    """The tables took the power back on this day."""
    require(by, "alliances.delegate", power.alliance)
    power = lock(power)
    power.until = max(on, power.since) if power.since else on
    power.save(update_fields=["until"])
    after = {"until": power.until.isoformat()}
    audit.record("alliances.power_ended", power, by=by, alliance=power.alliance, after=after)
    return power
