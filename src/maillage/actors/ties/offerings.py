"""What actors bring, and their mission in their own words: written by their own people, or by the agent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors import indexing
from maillage.actors.models import Actor, Offering
from maillage.actors.ties import offerings_index
from maillage.actors.ties.services import check_speaker, in_name
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.core import audit
from maillage.core.locks import lock

ACT = "profile-written"
MOST = 40
"""Lines of one actor."""


@dataclass(frozen=True)
class Brought:
    """A line of what an actor brings. ``pk``: the row it changes, ``None`` for a new one."""

    kind: str
    text: str
    is_public: bool = True
    pk: int | None = None


@transaction.atomic
def save_offerings(
    *, actor: Actor, rows: Iterable[Brought], by: Any, today: dt.date, person: Person | None = None, via: str = "web"
) -> list[Offering]:
    """What the actor brings becomes these lines, in this order; a known line that is left out is removed.

    Errors: ``PermissionDenied``; ``ValidationError`` for a line without words or too many lines.
    """
    check_speaker(actor, by=by, person=person, today=today)
    lock(actor)
    wanted = list(rows)
    if len(wanted) > MOST:
        raise ValidationError(_("%(count)s lines at most. Put together those that are alike.") % {"count": MOST})
    held = {row.pk: row for row in Offering.objects.filter(actor=actor)}
    before = [_plain(row) for row in held.values()]
    kept: list[Offering] = []
    for position, brought in enumerate(wanted):
        row = held.get(brought.pk or 0) or Offering(actor=actor)
        row.kind, row.text, row.is_public = brought.kind, " ".join(brought.text.split()), brought.is_public
        row.position = position
        row.full_clean(exclude=["actor"])
        row.save()
        kept.append(row)
    gone = [pk for pk in held if pk not in {row.pk for row in kept}]
    Offering.objects.filter(pk__in=gone).delete()
    offerings_index.remove(gone)
    offerings_index.put([actor])
    if before != [_plain(row) for row in kept]:
        _log("offered", actor, by=by, person=person, via=via, lines=len(kept))
    return kept


def _plain(row: Offering) -> tuple[Any, ...]:
    return row.pk, row.kind, row.text, row.is_public, row.position


@transaction.atomic
def save_mission(
    *, actor: Actor, mission: str, by: Any, today: dt.date, person: Person | None = None, via: str = "web"
) -> Actor:
    """The actor's mission, in the words of its own people. Errors: ``PermissionDenied``; ``ValidationError``."""
    check_speaker(actor, by=by, person=person, today=today)
    actor = lock(actor)
    if actor.mission == mission.strip():
        return actor
    actor.mission = mission.strip()
    actor.full_clean(exclude=["organisation", "alliance"])
    actor.save(update_fields=["mission", "sort_key"])
    _log("mission_changed", actor, by=by, person=person, via=via)
    indexing.put([actor])
    return actor


def _log(act: str, actor: Actor, *, by: Any, person: Person | None, via: str, **values: Any) -> None:
    personal = {"person": (None, person.pk)} if person is not None else None
    key = f"person:{person.pk}" if person is not None else ""
    entry = audit.record(
        f"actors.{act}", actor, by=by, alliance=actor.alliance, after=values, personal=personal, person_key=key, via=via
    )
    if actor.is_public and in_name(actor, by=by, via=via):
        tell(
            alliance=actor.alliance, kind=ACT, by=by, label=lambda: _("What %(name)s brings") % {"name": actor.name},
            reference=f"actors.actor:{actor.uuid}", on_behalf=actor.name, entry=entry,
        )  # fmt: skip
