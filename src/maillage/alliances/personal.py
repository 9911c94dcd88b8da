"""What the room holds about people: exported on request, erased on request; merging two files on one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.alliances.models import Invitation, Person, Role
from maillage.core import audit, mail


def persons_of(person: Any) -> list[Person]:
    """``person`` may be a ``Person`` or a ``User``: then every person that account is, in every alliance."""
    return [person] if isinstance(person, Person) else list(Person.objects.filter(user=person))


def export(person: Any) -> Mapping[str, Any]:
    """Plain data: what each alliance knows, the roles held, the invitations received."""
    found = []
    for row in persons_of(person):
        roles = [
            {
                "role": role.kind,
                "since": role.since.isoformat() if role.since else None,
                "until": role.until.isoformat() if role.until else None,
                "note": role.note,
            }
            for role in row.roles.all()
        ]
        found.append(
            {
                "alliance": row.alliance.name,
                "name": row.name,
                "email": row.email,
                "phone": row.phone,
                "language": row.language,
                "known_since": row.created_at.isoformat(),
                "roles": roles,
            }
        )
    return {"persons": found, "invitations": _invitations(person)}


def _emails(person: Any) -> set[str]:
    return {row.email.lower() for row in [*persons_of(person), person] if getattr(row, "email", "")}


def _invitations(person: Any) -> list[dict[str, Any]]:
    rows = Invitation.objects.filter(email__in=_emails(person)).select_related("alliance")
    return [{"alliance": row.alliance.name, "role": row.role_kind, "sent": row.created_at.isoformat()} for row in rows]


def find(text: str) -> Iterable[Person]:
    """The persons known under this e-mail address, or as ``person:<uuid>``, and not erased yet."""
    kind, _colon, key = text.partition(":")
    if kind == "person":
        try:
            return Person.objects.filter(uuid=key, erased_at=None)
        except ValidationError:
            return []
    return Person.objects.filter(email__iexact=text.strip(), erased_at=None).exclude(email="")


@transaction.atomic
def erase(person: Any) -> int:
    """Blank what speaks of the person; the row stays, so that what they did is still counted. Returns how many."""
    rows = persons_of(person)
    emails = _emails(person)
    now = timezone.now()
    for row in rows:
        audit.forget(f"person:{row.pk}")
        today = row.alliance.today()
        for role in row.roles.all():
            role.note = ""
            if role.until is None or role.until > today:
                role.until = max(today, role.since) if role.since else today
            role.save()
        row.name, row.email, row.phone, row.user = "", "", "", None
        row.erased_at = row.erased_at or now
        row.save()
    invitations = Invitation.objects.filter(email__in=emails).update(email="", name="", withdrawn_at=now)
    # An alliance may know the person under another address than the account's.
    mails = sum(mail.forget(email) for email in emails)
    return len(rows) + invitations + mails


def apply_merge(kept: Person, absorbed: Person) -> dict[str, Any]:
    """Roles of the absorbed person go to the kept one. Returns what moved."""
    moved = list(Role.objects.filter(person=absorbed).values_list("pk", flat=True))
    Role.objects.filter(pk__in=moved).update(person=kept)
    return {"roles": moved}


def undo_merge(kept: Person, absorbed: Person, trace: Mapping[str, Any]) -> None:
    Role.objects.filter(pk__in=trace["roles"], person=kept).update(person=absorbed)
