"""What the alliance wants around the table, who reaches out to whom, what came of it. Nothing is deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.actors.selectors import vocabulary
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances.models import Alliance, Person
from maillage.concertation.tasks.services import add_task, finish_task
from maillage.concertation.voices.models import Approach, WantedVoice
from maillage.concertation.voices.words import voice_label
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

MOST = 999


def _check(alliance: Alliance, sector: str, type: str, scale: str, number: int) -> None:
    """Known codes, one at least, and a number that can be reached."""
    words = vocabulary(alliance)
    sectors = {word.code for scheme in (Scheme.FIELD, Scheme.SECTOR) for word in words[scheme]}
    if sector and sector not in sectors:
        raise ValidationError({"sector": _("Choose a sector of the list.")})
    if type and type not in ActorType.values:
        raise ValidationError({"type": _("Choose a type of the list.")})
    if scale and scale not in {word.code for word in words[Scheme.SCALE]}:
        raise ValidationError({"scale": _("Choose a scale of the list.")})
    if not (sector or type or scale):
        raise ValidationError(_("Choose a sector, a type or a scale: a voice is wanted from somewhere."))
    if not 1 <= number <= MOST:
        raise ValidationError({"number": _("Write a number from 1 to %(most)s.") % {"most": MOST}})


@transaction.atomic
def want_voice(
    *,
    alliance: Alliance,
    by: Any,
    since: dt.date | None,
    sector: str = "",
    type: str = "",
    scale: str = "",
    number: int = 1,
    why: str = "",
    via: str = "web",
) -> WantedVoice:
    """The alliance says it wants this voice. Errors: ``PermissionDenied``; ``ValidationError`` for what is unusable."""
    require(by, "concertation.want_voices", alliance)
    _check(alliance, sector, type, scale, number)
    lock(alliance)
    if WantedVoice.objects.filter(alliance=alliance, sector=sector, type=type, scale=scale, until=None).exists():
        raise ValidationError(_("This voice is already wanted. Change its number instead."))
    voice = WantedVoice(
        alliance=alliance, sector=sector, type=type, scale=scale, number=number, why=why.strip(), since=since
    )
    voice.full_clean(exclude=["alliance"])
    voice.save()
    audit.record("concertation.voice_wanted", voice, by=by, alliance=alliance, via=via, after=_logged(voice))
    return voice


def _logged(voice: WantedVoice) -> dict[str, Any]:
    return {
        "sector": voice.sector, "type": voice.type, "scale": voice.scale, "number": voice.number,
        "until": voice.until.isoformat() if voice.until else None,
    }  # fmt: skip


@transaction.atomic
def change_voice(*, voice: WantedVoice, number: int, why: str, by: Any, via: str = "web") -> WantedVoice:
    """Another number, another reason: what is wanted stays. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "concertation.want_voices", voice)
    voice = lock(voice)
    if voice.until is not None:
        raise ValidationError(_("This voice is no longer wanted."))
    _check(voice.alliance, voice.sector, voice.type, voice.scale, number)
    before = _logged(voice)
    voice.number, voice.why = number, why.strip()
    voice.full_clean(exclude=["alliance"])
    voice.save(update_fields=["number", "why"])
    audit.record(
        "concertation.voice_changed", voice, by=by, alliance=voice.alliance, via=via,
        before=before, after=_logged(voice),
    )  # fmt: skip
    return voice


@transaction.atomic
def end_voice(*, voice: WantedVoice, on: dt.date, by: Any, via: str = "web") -> WantedVoice:
    """The alliance no longer asks for this voice; its approaches stay in the history.

    Errors: ``PermissionDenied``; ``ValidationError`` where it ended already, or would end before it began.
    """
    require(by, "concertation.want_voices", voice)
    voice = lock(voice)
    if voice.until is not None:
        raise ValidationError(_("This voice is no longer wanted."))
    if voice.since is not None and on < voice.since:
        raise ValidationError(_("The end cannot come before the beginning."))
    voice.until = on
    voice.save(update_fields=["until"])
    audit.record("concertation.voice_ended", voice, by=by, alliance=voice.alliance, via=via, after=_logged(voice))
    return voice


@transaction.atomic
def give_approach(
    *,
    voice: WantedVoice,
    whom: str,
    by: Any,
    due_on: dt.date | None = None,
    owner_actor: Actor | None = None,
    owner_person: Person | None = None,
    via: str = "web",
) -> Approach:
    """Someone is to reach out to a missing voice: a task with its owner and its date.

    Errors: ``PermissionDenied``; ``ValidationError`` without anyone to do it, for someone of another alliance, or
    for a voice that is no longer wanted.
    """
    require(by, "concertation.want_voices", voice)
    voice = lock(voice)
    alliance = voice.alliance
    if voice.until is not None:
        raise ValidationError(_("This voice is no longer wanted."))
    if owner_actor is None and owner_person is None:
        raise ValidationError(_("Say who reaches out: a person, or an actor of the alliance."))
    if any(owner is not None and owner.alliance_id != alliance.pk for owner in (owner_actor, owner_person)):
        raise ValidationError(_("Choose someone of this alliance."))
    approach = Approach(voice=voice, whom=whom.strip())
    approach.full_clean(exclude=["voice", "task"])
    title = _("Reach out: %(whom)s (%(voice)s)") % {"whom": approach.whom, "voice": voice_label(voice)}
    approach.task = add_task(
        alliance=alliance, title=title[:300], by=by, owner_actor=owner_actor, owner_person=owner_person,
        due_on=due_on, via=via,
    )  # fmt: skip
    approach.save()
    audit.record(
        "concertation.approach_given", approach, by=by, alliance=alliance, via=via,
        after={"voice_id": voice.pk, "task_id": approach.task_id},
    )  # fmt: skip
    return approach


@transaction.atomic
def tell_approach(
    *,
    approach: Approach,
    outcome: str,
    on: dt.date,
    by: Any,
    note: str = "",
    actor: Actor | None = None,
    via: str = "web",
) -> Approach:
    """What came of an approach: its task is done, and the outcome stays. A new try is a new approach.

    Errors: ``PermissionDenied``; ``ValidationError`` for an outcome already told, or an actor of another alliance.
    """
    approach = lock(approach)
    require(by, "concertation.tell_approach", approach)
    if approach.outcome != Approach.Outcome.WAITING:
        raise ValidationError(_("The outcome of this approach is already told. Give a new one to try again."))
    if outcome not in set(Approach.Outcome.values) - {Approach.Outcome.WAITING}:
        raise ValidationError({"outcome": _("Choose what came of it.")})
    if actor is not None and (actor.alliance_id != approach.voice.alliance_id or actor.merged_into_id is not None):
        raise ValidationError({"actor": _("Choose an actor of this alliance.")})
    approach.outcome, approach.outcome_on = outcome, on
    approach.actor = actor if outcome == Approach.Outcome.JOINED else None
    approach.save(update_fields=["outcome", "outcome_on", "actor"])
    if approach.task.done_on is None and approach.task.cancelled_on is None:
        finish_task(task=approach.task, on=on, by=by, outcome=note.strip(), via=via)
    audit.record(
        "concertation.approach_told", approach, by=by, alliance=approach.voice.alliance, via=via,
        after={"outcome": outcome, "on": on.isoformat(), "actor_id": approach.actor_id},
    )  # fmt: skip
    return approach
