"""Taking a position: by oneself, from a link, through a helper; in someone's absence, with a second person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.concertation.decisions.models import (
    Decision,
    Delegation,
    Objection,
    Position,
    PositionComment,
    ProposalVersion,
)
from maillage.concertation.decisions.services.common import (
    Late,
    Outdated,
    locked,
    must_be,
    must_be_free,
    must_take_answers,
    tell_person,
)
from maillage.concertation.decisions.services.withdrawing import leave
from maillage.concertation.decisions.voices import Key, Room, Voice, room_of
from maillage.concertation.endorsements.found import asked
from maillage.concertation.governance.holders import person_of
from maillage.concertation.models import SeatHolder
from maillage.concertation.vocabulary import Stand
from maillage.core import audit
from maillage.core.access import may, require

Source = Position.Source
IN_SOMEONES_NAME = frozenset({Source.ROOM, Source.PHONE, Source.PAPER, Source.ABSENT})
THEIR_OWN = frozenset({Source.SELF, Source.LINK})


def act_as(person: Person, decision: Decision, by: Any) -> None:
    """The person, for themselves: signed in, or through the address they were sent (``by=None``)."""
    if by is not None and person.user_id != by.pk:
        raise PermissionDenied("concertation.take_position")
    if by is not None:
        require(by, "concertation.take_position", decision)
    if person.alliance_id != decision.alliance_id:
        raise PermissionDenied("concertation.take_position")


def check_words(stand: str, why: str) -> None:
    """Errors: ``ValidationError`` for an unknown position, or an objection that says nothing."""
    if stand not in Stand.values:
        raise ValidationError({"stand": _("Choose a position.")})
    if stand == Stand.OBJECTION and not why.strip():
        raise ValidationError(
            {"why": _("An objection says why: write what would have to change for you to live with it.")}
        )
    if len(why) > 5000:
        raise ValidationError({"why": _("Your words are too long: 5,000 characters at most.")})


def _current_version(decision: Decision, number: int | None) -> ProposalVersion:
    version = decision.versions.order_by("-number").first()
    assert version is not None
    if number is not None and number != version.number:
        raise Outdated(
            _("The proposal changed while you were answering. Read version %(n)s, then answer again.")
            % {"n": version.number},
            code="version",
        )
    return version


def _speaker(room: Room, person: Person, key: Key) -> tuple[Voice, bool]:
    for speaker in room.speaks_for(person):
        if speaker.voice.key == key:
            return speaker.voice, speaker.by_substitute
    voice = room.by_key.get(key)
    if voice is not None and any(row.person_id == person.pk for row in voice.substitutes):
        raise ValidationError(
            _("The holder of this seat answers. You may answer in their place if they let you, or are away.")
        )
    raise ValidationError(_("You no longer hold this seat: your answer cannot count."))


@transaction.atomic
def take_position(
    *,
    decision: Decision,
    key: Key,
    person: Person,
    stand: str,
    by: Any,
    now: dt.datetime,
    why: str = "",
    named: bool = False,
    version: int | None = None,
    reason: str = "",
    via: str = "web",
) -> Position:
    """A member says where their seat stands. ``by=None`` with ``via="link"``: from the address they were sent.

    ``version``: the one they read. ``reason``: of a withdrawal (``Withdrawal.Reason``). Where the holder already
    answered, a substitute's position is kept and does not stand (``aside``).
    Errors: ``PermissionDenied``; :class:`Late`; :class:`Outdated`; ``ValidationError`` for an objection without words,
    a seat no longer held, a substitute nobody let answer.
    """
    decision = locked(decision)
    act_as(person, decision, by)
    must_be_free(decision, by, now, person)
    must_take_answers(decision, now)
    check_words(stand, why)
    room = room_of(decision, decision.alliance.today(now))
    voice, by_substitute = _speaker(room, person, key)
    row = Position(
        decision=decision, seat=voice.seat, holder=voice.holder, version=_current_version(decision, version),
        stand=stand, why=why.strip(), person=person, by_substitute=by_substitute, named=named, given_at=now,
        source=Source.LINK if via == "link" else Source.SELF,
    )  # fmt: skip
    if stand == Stand.WITHDRAWN:
        leave(
            decision=decision, person=person, actor=voice.seat.actor, reason=reason, words=why, by=by, now=now, via=via
        )
    return _keep(room, row, by=by, now=now, via=via)


def _keep(room: Room, row: Position, *, by: Any, now: dt.datetime, via: str) -> Position:
    """Write the position in place of the former one of its voice, which is kept."""
    decision = row.decision
    former = next((known for known in room.current if known.voice == row.voice), None)
    same = ("stand", "why", "version_id", "person_id", "named", "source")
    if former is not None and all(getattr(former, name) == getattr(row, name) for name in same):
        return former
    if row.by_substitute and former is not None and not former.by_substitute:
        row.superseded_at, row.aside = now, Position.Aside.HOLDER
    elif not row.waits:
        _set_aside(room, row, now=now)
    row.save()
    audit.record(
        "concertation.position_taken" if row.source in THEIR_OWN else "concertation.position_recorded",
        decision, by=by, alliance=decision.alliance, via=via,
        after={
            "position": row.pk, "seat_id": row.seat_id, "holder_id": row.holder_id, "stand": row.stand,
            "source": row.source, "aside": row.aside, "version": row.version.number,
        },
    )  # fmt: skip
    if not row.waits and not row.aside:
        follow_objection(row, now=now)
    return row


def _set_aside(room: Room, row: Position, *, now: dt.datetime) -> None:
    for known in room.positions:
        if known.superseded_at is not None or known.voice != row.voice or known.pk == row.pk:
            continue
        known.superseded_at = now
        if known.waits:
            known.aside = Position.Aside.LATER
        elif known.by_substitute and not row.by_substitute and row.person_id != known.person_id:
            known.aside = Position.Aside.HOLDER
        else:
            known.aside = Position.Aside.CHANGED
        known.save(update_fields=["superseded_at", "aside"])


def follow_objection(row: Position, *, now: dt.datetime) -> None:
    """An objection is raised with the position that says it, and lifted by the one that no longer does."""
    mine = Objection.objects.filter(decision=row.decision, seat_id=row.seat_id, holder_id=row.holder_id)
    standing = mine.exclude(state=Objection.State.LIFTED).order_by("-raised_at", "-pk").first()
    if row.stand != Stand.OBJECTION:
        if standing is not None:
            standing.state, standing.settled_at, standing.settled_why = Objection.State.LIFTED, now, row.why[:2000]
            standing.save()
        return
    if standing is None:
        Objection.objects.create(
            decision=row.decision, seat_id=row.seat_id, holder_id=row.holder_id, text=row.why, raised_at=now
        )
    elif standing.text != row.why:
        # Other words: it waits for an answer again. The former words stay with the former position.
        standing.text, standing.state, standing.settled_at = row.why, Objection.State.RAISED, None
        standing.save()


@transaction.atomic
def record_position(
    *,
    decision: Decision,
    key: Key,
    stand: str,
    source: str,
    by: Any,
    now: dt.datetime,
    site: str,
    why: str = "",
    source_note: str = "",
    person: Person | None = None,
    reason: str = "",
    via: str = "web",
) -> Position:
    """Enter a position for a member: said in the room, by telephone, on paper, or in their absence.

    In their absence it counts once a second person confirms it (:func:`confirm_position`), and so does a withdrawal
    that came by telephone or on paper. What is said in the room is written down by one person, for a seat noted
    present.
    The public log tells each, and the member is written to. Nobody replaces what a member said themselves.
    Errors: ``PermissionDenied``; :class:`Late`; ``ValidationError`` without a source, for someone who answered already,
    or who is not noted present.
    """
    decision = locked(decision)
    require(by, "concertation.record_position", decision)
    must_be_free(decision, by, now)
    must_take_answers(decision, now)
    check_words(stand, why)
    if source not in IN_SOMEONES_NAME:
        raise ValidationError({"source": _("Say how this position came to you.")})
    if source != Source.ROOM and not source_note.strip():
        raise ValidationError({"source_note": _("Say where it comes from: “call of November 12”, “paper form”.")})
    room = room_of(decision, decision.alliance.today(now))
    voice = room.by_key.get(key)
    if voice is None:
        raise ValidationError(_("This seat is no longer held in the space. Choose another one."))
    former = next((known for known in room.current if known.voice == key), None)
    if source == Source.ABSENT and former is not None:
        raise ValidationError(_("This member already took a position. Only they can change it."))
    _not_their_own(former)
    if source == Source.ROOM:
        _must_be_there(room, voice, stand)
    if room.is_out(voice):
        raise ValidationError(_("This member withdrew from the decision: nothing is recorded in their name."))
    holder: SeatHolder | None = voice.holders[0] if len(voice.holders) == 1 else None
    speaks = person or (holder.person if holder else None)
    by_substitute = bool(person and any(person.pk == known.person_id for known in voice.substitutes))
    if source == Source.ROOM and person is None:
        speaks, by_substitute = room.who_spoke(voice)
    _must_have_answered(decision, speaks, stand, now)
    row = Position(
        decision=decision, seat=voice.seat, holder=voice.holder, version=_current_version(decision, None), stand=stand,
        why=why.strip(), person=speaks, source=source, source_note=source_note.strip()[:300], recorded_by=by,
        given_at=now, by_substitute=by_substitute,
    )  # fmt: skip
    for waiting in room.waiting:
        if waiting.voice == key:
            waiting.superseded_at, waiting.aside = now, Position.Aside.LATER
            waiting.save(update_fields=["superseded_at", "aside"])
    if stand == Stand.WITHDRAWN and not row.waits:
        _withdraw_for(row, reason=reason, by=by, now=now, via=via)
    row = _keep(room, row, by=by, now=now, via=via)
    _tell_act(row, "position-recorded", by, now)
    _tell_member(row, now=now, site=site)
    return row


def _not_their_own(former: Position | None) -> None:
    """One person alone never replaces what a member said themselves, not even in the room."""
    if former is not None and former.source in THEIR_OWN:
        raise ValidationError(_("This member answered themselves. Only they can change it, from their own answer."))


def _must_be_there(room: Room, voice: Voice, stand: str) -> None:
    present = room.in_the_room.get(voice.seat.pk, 0)
    if not present:
        raise ValidationError(
            _("Nobody is noted present for this seat. Note who is there first, or say how this position came to you.")
        )
    # A seat that several citizens share says how many are there, not who: one person does not close an item to one
    # of them, unless all are.
    together = sum(1 for other in room.voices if other.seat.pk == voice.seat.pk)
    if stand == Stand.WITHDRAWN and present < together:
        raise ValidationError(
            _("Several people share this seat and not all are noted present. Write this withdrawal down as told by "
              "telephone or in their absence: a second person confirms it.")
        )  # fmt: skip


def _must_have_answered(decision: Decision, person: Person | None, stand: str, now: dt.datetime) -> None:
    """Whoever was found in a conflict says whether they withdraw before a position is written in their name; a
    withdrawal is that answer."""
    if person is None or stand == Stand.WITHDRAWN:
        return
    if asked(person, decision, decision.alliance.today(now)) is not None:
        raise ValidationError(
            _("Their organisation is concerned by this decision. They say first whether they withdraw; their position "
              "is written down after that.")
        )  # fmt: skip


@transaction.atomic
def record_round(
    *,
    decision: Decision,
    said: Mapping[Key, tuple[str, str]],
    by: Any,
    now: dt.datetime,
    site: str,
    tell_them: bool = True,
    via: str = "web",
) -> list[Position]:
    """What each one says when everyone speaks in turn: ``{voice: (position, words)}``, all of it or nothing.

    Only seats noted present, and never in place of what a member said themselves. One line of the public log tells it,
    and each member is written to (``tell_them=False``: for a demonstration).
    Errors: ``PermissionDenied``; :class:`Late`; ``ValidationError``, which names the seat.
    """
    decision = locked(decision)
    require(by, "concertation.record_position", decision)
    must_be_free(decision, by, now)
    must_take_answers(decision, now)
    room = room_of(decision, decision.alliance.today(now))
    version = _current_version(decision, None)
    kept = []
    for key, (stand, why) in said.items():
        voice = room.by_key.get(key)
        if voice is None or room.is_out(voice):
            raise ValidationError(_("A seat of this list may no longer answer. Read the list again."))
        person, by_substitute = room.who_spoke(voice)
        row = Position(
            decision=decision, seat=voice.seat, holder=voice.holder, version=version, stand=stand, why=why.strip(),
            person=person, by_substitute=by_substitute, source=Source.ROOM, recorded_by=by, given_at=now,
        )  # fmt: skip
        former = next((known for known in room.current if known.voice == key), None)
        if former is not None and (former.stand, former.why, former.version_id) == (stand, row.why, version.pk):
            continue  # said already, by whatever way: the page shows it again
        try:
            check_words(stand, why)
            _must_be_there(room, voice, stand)
            _not_their_own(former)
            _must_have_answered(decision, person, stand, now)
        except ValidationError as refused:
            sentence = " ".join(refused.messages)
            raise ValidationError(f"{voice.label} – {sentence}") from refused
        if stand == Stand.WITHDRAWN:
            _withdraw_for(row, reason="", by=by, now=now, via=via)
        kept.append(_keep(room, row, by=by, now=now, via=via))
    if kept:
        _tell_round(decision, len(kept), by, now)
    for row in kept if tell_them else ():
        _tell_member(row, now=now, site=site)
    return kept


def _withdraw_for(row: Position, *, reason: str, by: Any, now: dt.datetime, via: str) -> None:
    if row.person is None:
        raise ValidationError({"stand": _("A person withdraws: say first who holds this seat.")})
    leave(
        decision=row.decision, person=row.person, actor=row.seat.actor, reason=reason, words=row.why, by=by, now=now,
        via=via, present=row.source == Source.ROOM,
    )  # fmt: skip


def _tell_round(decision: Decision, count: int, by: Any, now: dt.datetime) -> None:
    """One line of the public log for everyone who spoke in turn."""
    words = {"code": decision.code, "n": count}
    tell(
        alliance=decision.alliance, kind="position-recorded", by=by, reference=decision.reference,
        source=Source.ROOM.label, at=now,
        label=lambda: ngettext(
            "Decision %(code)s: %(n)s position said in the meeting",
            "Decision %(code)s: %(n)s positions said in the meeting",
            count,
        ) % words,
    )  # fmt: skip


def _tell_act(row: Position, kind: str, by: Any, now: dt.datetime) -> None:
    """A line of the public log."""
    decision = row.decision
    tell(
        alliance=decision.alliance, kind=kind, by=by, reference=decision.reference, source=row.get_source_display,
        label=lambda: _("Decision %(code)s") % {"code": decision.code},
        on_behalf=row.seat.actor.name if row.seat.actor.is_public else "", at=now,
    )  # fmt: skip


def _tell_member(row: Position, *, now: dt.datetime, site: str) -> None:
    if row.person is None or (row.stand == Stand.WITHDRAWN and not row.waits):
        return  # the withdrawal itself writes to them, without a word of the decision
    person, told = row.person, {"title": row.decision.title, "actor": row.seat.actor.name}
    person.alliance = row.decision.alliance
    with translation.override(person.language):
        waits = _("It says that you withdraw, for a conflict of interest. It holds once a second person confirms it.")
        tell_person(
            person=person, decision=row.decision, kind="position-recorded", site=site, now=now, must=True,
            subject=_("A position was recorded in your name: %(title)s") % told,
            lines=[
                _("A position was recorded in the name of %(actor)s on “%(title)s”.") % told,
                *([waits] if row.stand == Stand.WITHDRAWN else []),
                _("If it is not yours, say so by answering yourself: your own answer stands."),
            ],
        )  # fmt: skip


def _waiting(position: Position, by: Any, now: dt.datetime) -> tuple[Decision, Position]:
    decision = locked(position.decision)
    require(by, "concertation.confirm_position", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.OPEN)
    row = Position.objects.select_related("seat__actor", "person", "version").get(pk=position.pk)
    row.decision = decision
    if not row.waits or row.superseded_at is not None:
        raise ValidationError(_("This position no longer waits for anyone."))
    if row.recorded_by_id == by.pk:
        raise ValidationError(_("You recorded it: a second person confirms it."))
    return decision, row


@transaction.atomic
def confirm_position(*, position: Position, by: Any, now: dt.datetime, via: str = "web") -> Position:
    """The second person says that the source says so: from now on it counts.

    Errors: ``PermissionDenied``; :class:`Late`; ``ValidationError`` for whoever recorded it.
    """
    decision, row = _waiting(position, by, now)
    room = room_of(decision, decision.alliance.today(now))
    former = next((known for known in room.current if known.voice == row.voice), None)
    if former is not None and (former.source in THEIR_OWN or former.given_at > row.given_at):
        raise ValidationError(_("This member took a position since. Theirs stands."))
    _must_have_answered(decision, row.person, row.stand, now)
    _set_aside(room, row, now=now)
    row.confirmed_by, row.confirmed_at = by, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record(
        "concertation.position_confirmed", decision, by=by, alliance=decision.alliance, via=via,
        after={"position": row.pk, "seat_id": row.seat_id, "stand": row.stand},
    )  # fmt: skip
    if row.stand == Stand.WITHDRAWN and row.person is not None:
        leave(
            decision=decision,
            person=row.person,
            actor=row.seat.actor,
            reason="",
            words=row.why,
            by=by,
            now=now,
            via=via,
            recorded_by=row.recorded_by,
        )
    follow_objection(row, now=now)
    _tell_act(row, "position-confirmed", by, now)
    return row


@transaction.atomic
def drop_position(*, position: Position, by: Any, now: dt.datetime, via: str = "web") -> Position:
    """The second person does not confirm it: it is kept, and never counts. Errors: as :func:`confirm_position`."""
    decision, row = _waiting(position, by, now)
    row.superseded_at, row.aside = now, Position.Aside.DROPPED
    row.save(update_fields=["superseded_at", "aside"])
    audit.record(
        "concertation.position_dropped", decision, by=by, alliance=decision.alliance, via=via,
        after={"position": row.pk, "seat_id": row.seat_id},
    )  # fmt: skip
    return row


@transaction.atomic
def delegate(
    *,
    decision: Decision,
    holder: SeatHolder,
    by: Any,
    now: dt.datetime,
    absent: bool = False,
    person: Person | None = None,
    via: str = "web",
) -> Delegation:
    """The holder lets their substitute answer; or, ``absent``, whoever leads notes that the holder is away.

    ``person``: the holder, through the address they were sent (``by=None``).
    Errors: ``PermissionDenied``; :class:`Late`; ``ValidationError`` where the seat has no substitute.
    """
    decision = locked(decision)
    if absent:
        require(by, "concertation.record_position", decision)
    else:
        act_as(person or holder.person, decision, by)
        if (person or holder.person).pk != holder.person_id:
            raise PermissionDenied("concertation.take_position")
    must_be_free(decision, by, now, person)
    must_take_answers(decision, now)
    room = room_of(decision, decision.alliance.today(now))
    voice = next((known for known in room.voices if holder.pk in {row.pk for row in known.holders}), None)
    if voice is None:
        raise ValidationError(_("This seat is no longer held in the space. Choose another one."))
    if not voice.substitutes:
        raise ValidationError(_("This seat has no substitute. Name one first, or answer yourself."))
    row, made = Delegation.objects.get_or_create(
        decision=decision, holder=holder, ended_at=None, defaults={"absent": absent, "at": now}
    )
    if made:
        audit.record(
            "concertation.position_delegated", decision, by=by, alliance=decision.alliance, via=via,
            after={"holder_id": holder.pk, "absent": absent},
        )  # fmt: skip
    return row


def _in_delegation(holder: SeatHolder, day: dt.date) -> set[int]:
    """The persons on either side: who let someone answer, and who may then."""
    substitutes = SeatHolder.objects.at(day).filter(seat=holder.seat_id, part=SeatHolder.Part.SUBSTITUTE)
    return {holder.person_id, *substitutes.values_list("person_id", flat=True)}


@transaction.atomic
def end_delegation(
    *, delegation: Delegation, by: Any, now: dt.datetime, person: Person | None = None, via: str = "web"
) -> None:
    """The holder answers for themselves again. What the substitute said stands until they do.

    ``person``: the holder or their substitute, through the address they were sent (``by=None``).
    Errors: ``PermissionDenied`` for anyone but the holder, who stands in for them, and who leads the decision.
    """
    decision = locked(delegation.decision)
    must_be_free(decision, by, now, person)
    if by is None or not may(by, "concertation.record_position", decision):
        acting = person or person_of(by, decision.alliance)
        if acting is None or acting.pk not in _in_delegation(delegation.holder, decision.alliance.today(now)):
            raise PermissionDenied("concertation.take_position")
        act_as(acting, decision, by)
    Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_at=now)
    audit.record(
        "concertation.position_delegation_ended", decision, by=by, alliance=decision.alliance, via=via,
        after={"holder_id": delegation.holder_id},
    )  # fmt: skip


@transaction.atomic
def add_comment(
    *, decision: Decision, key: Key, person: Person, text: str, by: Any, now: dt.datetime, via: str = "web"
) -> PositionComment:
    """What a member adds once it is closed (or its time has passed). Members read it; the position does not move.

    Errors: ``PermissionDenied``; ``ValidationError`` for no words, or while the position itself may change.
    """
    decision = locked(decision)
    act_as(person, decision, by)
    must_be_free(decision, by, now, person)
    if not text.strip():
        raise ValidationError({"text": _("Write your comment.")})
    try:
        must_take_answers(decision, now)
    except Late:
        pass
    else:
        raise ValidationError(_("The decision is still open: change your position instead."))
    room = room_of(decision, decision.alliance.today(now))
    voice = room.by_key.get(key)
    mine = voice is not None and any(row.person_id == person.pk for row in (*voice.holders, *voice.substitutes))
    if voice is None or not mine:
        raise ValidationError(_("You no longer hold this seat: your answer cannot count."))
    row = PositionComment(decision=decision, seat=voice.seat, person=person, text=text.strip(), at=now)
    row.full_clean(exclude=["decision", "seat", "person"])
    row.save()
    audit.record(
        "concertation.position_commented", decision, by=by, alliance=decision.alliance, via=via,
        after={"seat_id": voice.seat.pk},
    )  # fmt: skip
    return row
