"""Everything that changes actors. The acting user is ``by``; every change is in the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors import indexing
from maillage.actors.models import Actor, ActorAlias, ActorField, Mandate, Organisation
from maillage.actors.selectors import known_codes
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance, Person
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.text import fold
from maillage.territories.models import Territory

EDITABLE = frozenset({"name", "type", "mission", "website", "is_public", "since", "until", "organisation", "territory"})
LOGGED = ("type", "is_public", "since", "until", "organisation_id", "territory_id")
"""Fields whose values go to the log; of the texts only the field's name is kept there."""


def _logged(row: Any, fields: Iterable[str] = LOGGED) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of ``after`` that differ from ``before``."""
    return {name: value for name, value in after.items() if before.get(name) != value}


@transaction.atomic
def create_actor(
    *,
    alliance: Alliance,
    name: str,
    by: Any,
    type: str = ActorType.UNSPECIFIED,
    organisation: Organisation | None = None,
    mission: str = "",
    website: str = "",
    is_public: bool = True,
    since: dt.date | None = None,
    until: dt.date | None = None,
    territory: Territory | None = None,
    aliases: Iterable[str] = (),
    via: str = "web",
) -> Actor:
    """Add an actor to the alliance.

    Without ``organisation``, one is made for the instance, except for a citizens' college, which is none.
    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value.
    """
    require(by, "actors.edit", alliance)
    actor = Actor(
        alliance=alliance, name=name.strip(), type=type, organisation=organisation, mission=mission,
        website=website, is_public=is_public, since=since, until=until, territory=territory,
    )  # fmt: skip
    actor.full_clean(exclude=["organisation", "alliance", "territory"])
    if organisation is None and type != ActorType.CITIZENS:
        actor.organisation = Organisation.objects.create(name=actor.name, website=website)
    actor.save()
    for alias in aliases:
        add_alias(actor, alias)
    audit.record("actors.created", actor, by=by, alliance=alliance, after=_logged(actor), via=via)
    indexing.put([actor])
    return actor


@transaction.atomic
def update_actor(*, actor: Actor, changes: Mapping[str, Any], by: Any, via: str = "web") -> Actor:
    """Change some of ``EDITABLE``. A former name stays as another spelling, so that search still finds it.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value; ``KeyError`` for another field.
    """
    require(by, "actors.edit", actor)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    actor = lock(actor)
    before, former_name = _logged(actor), actor.name
    different = sorted(name for name, value in changes.items() if getattr(actor, name) != value)
    if not different:
        return actor
    for name in different:
        setattr(actor, name, changes[name])
    actor.name = actor.name.strip()
    actor.full_clean(exclude=["organisation", "alliance", "territory"])
    actor.save()
    if actor.name != former_name:
        add_alias(actor, former_name)
    after = changed_fields(before, _logged(actor))
    audit.record(
        "actors.updated", actor, by=by, alliance=actor.alliance, via=via,
        before={name: before[name] for name in after}, after=after | {"changed": different},
    )  # fmt: skip
    indexing.put([actor])
    return actor


def end_actor(*, actor: Actor, on: dt.date, by: Any, via: str = "web") -> Actor:
    """The actor is no longer part of the alliance from ``on``. Its seats count no more from that day."""
    if actor.since is not None and on < actor.since:
        raise ValidationError(_("The end cannot come before the beginning."))
    return update_actor(actor=actor, changes={"until": on}, by=by, via=via)


@transaction.atomic
def tag_actor(*, actor: Actor, scheme: str, codes: Iterable[str], by: Any, via: str = "web") -> None:
    """Replace the actor's sectors, fields or scales by these.

    Errors: ``PermissionDenied``; ``ValidationError`` for a code the alliance does not have.
    """
    require(by, "actors.edit", actor)
    lock(actor)
    wanted = set(codes)
    if wanted - known_codes(actor.alliance, scheme):
        raise ValidationError(_("One of these words is not in the list. Choose from the list."))
    held = set(ActorField.objects.filter(actor=actor, scheme=scheme).values_list("code", flat=True))
    if held == wanted:
        return
    ActorField.objects.filter(actor=actor, scheme=scheme).exclude(code__in=wanted).delete()
    ActorField.objects.bulk_create(ActorField(actor=actor, scheme=scheme, code=code) for code in sorted(wanted - held))
    audit.record(
        "actors.tagged", actor, by=by, alliance=actor.alliance, via=via,
        before={scheme: sorted(held)}, after={scheme: sorted(wanted)},
    )  # fmt: skip


def add_alias(actor: Actor, name: str) -> ActorAlias | None:
    """Keep another spelling; ``None`` where it is the actor's own name. The calling service logs it."""
    name = name.strip()
    if not name or name == actor.name:
        return None
    alias, _made = ActorAlias.objects.get_or_create(actor=actor, name=name[:300], defaults={"folded": fold(name)[:300]})
    return alias


@transaction.atomic
def give_mandate(
    *, actor: Actor, person: Person, by: Any, title: str = "", since: dt.date | None = None, is_contact: bool = False,
    via: str = "web",
) -> Mandate:  # fmt: skip
    """This person speaks for the actor from ``since``; ``is_contact``: and receives what is sent to it. Private.

    Errors: ``PermissionDenied``; ``ValidationError`` where the person is of another alliance, or already does.
    """
    require(by, "actors.edit", actor)
    lock(actor)
    if person.alliance_id != actor.alliance_id:
        raise ValidationError(_("This person belongs to another alliance."))
    if Mandate.objects.filter(actor=actor, person=person, until=None).exists():
        raise ValidationError(_("This person already speaks for this actor."))
    mandate = Mandate(actor=actor, person=person, title=title, since=since, is_contact=is_contact)
    mandate.full_clean()
    mandate.save()
    audit.record(
        "actors.mandate_given", mandate, by=by, alliance=actor.alliance, via=via,
        after={"actor_id": actor.pk} | _logged(mandate, ("since", "until", "is_contact")),
        personal={"person": (None, person.pk), "title": (None, title)}, person_key=f"person:{person.pk}",
    )  # fmt: skip
    return mandate


@transaction.atomic
def set_contact(*, mandate: Mandate, is_contact: bool, by: Any, via: str = "web") -> Mandate:
    """Whether this person receives what is sent to the actor. Errors: ``PermissionDenied``."""
    require(by, "actors.edit", mandate.actor)
    mandate = lock(mandate)
    if mandate.is_contact != is_contact:
        mandate.is_contact = is_contact
        mandate.save(update_fields=["is_contact"])
        audit.record(
            "actors.contact_set", mandate, by=by, alliance=mandate.actor.alliance, via=via,
            after={"actor_id": mandate.actor_id, "is_contact": is_contact},
        )  # fmt: skip
    return mandate


@transaction.atomic
def end_mandate(*, mandate: Mandate, on: dt.date, by: Any, via: str = "web") -> Mandate:
    """The person no longer speaks for the actor from ``on``.

    Errors: ``PermissionDenied``; ``ValidationError`` where it would end before it began.
    """
    require(by, "actors.edit", mandate.actor)
    mandate = lock(mandate)
    if mandate.since is not None and on < mandate.since:
        raise ValidationError(_("The end cannot come before the beginning."))
    before = _logged(mandate, ("since", "until"))
    mandate.until = on
    mandate.save(update_fields=["until"])
    audit.record(
        "actors.mandate_ended", mandate, by=by, alliance=mandate.actor.alliance, via=via,
        before=before, after=_logged(mandate, ("since", "until")),
    )  # fmt: skip
    return mandate
