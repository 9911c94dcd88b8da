"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.alliances.links import services
from maillage.alliances.links.models import PersonLink
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.core import contributions
from maillage.core.contributions import LinkHolder, LinkPurpose, Merge, PersonalData


def export(person: Any) -> Mapping[str, Any]:
    rows = [
        {
            "alliance": row.person.alliance.name,
            "purpose": row.purpose,
            "made": row.created_at.isoformat(),
            "expires": row.expires_at.isoformat() if row.expires_at else None,
            "closed": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in PersonLink.objects.filter(person__in=persons_of(person)).select_related("person__alliance")
    ]
    return {"addresses": rows} if rows else {}


def erase(person: Any) -> int:
    return PersonLink.objects.filter(person__in=persons_of(person)).delete()[0]


def close(kept: Person, absorbed: Person) -> dict[str, Any]:
    """The addresses of the absorbed person open nothing more: they were sent to someone thought to be another."""
    closed = list(PersonLink.objects.filter(person=absorbed, revoked_at=None).values_list("pk", flat=True))
    PersonLink.objects.filter(pk__in=closed).update(revoked_at=timezone.now())
    return {"rows": closed}


def open_again(kept: Person, absorbed: Person, trace: Mapping[str, Any]) -> None:
    PersonLink.objects.filter(pk__in=trace["rows"], person=absorbed).update(revoked_at=None)


contributions.personal_data.add(
    PersonalData(
        room="alliances.links",
        purpose=_("To let you answer from a message, without signing in."),
        export=export,
        erase=erase,
        purge=services.purge,
    )
)
contributions.merge.add(Merge("person", "alliances.personlink", ("person",), close, open_again))
contributions.link_purposes.add(
    LinkPurpose("notices", _("At the foot of messages: choose your notices"), LinkHolder.ANYONE)
)
