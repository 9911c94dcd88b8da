"""The proposal: written, opened, amended, taken back; its documents, options, and whom it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance
from maillage.concertation.decisions import indexing
from maillage.concertation.decisions.models import (
    Decision,
    DecisionConcern,
    DecisionDocument,
    DecisionOption,
    Objection,
    ProposalVersion,
)
from maillage.concertation.decisions.services.common import locked, must_be, must_be_free, tell_person
from maillage.concertation.decisions.voices import room_of
from maillage.concertation.endorsements.gate import require_free
from maillage.concertation.governance.holders import quorum_of, setting_of
from maillage.concertation.models import AgendaItem, Space
from maillage.core import audit, documents, formats
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.models import Document

EDITABLE = frozenset(
    {
        "title", "context", "rule", "share_percent", "fallback", "closes_at", "presenter", "follow_up_on",
        "money_cents", "agenda_item",
    }
)  # fmt: skip
RULES = ("rule", "share_percent", "fallback")
DOCUMENT_RULE = "concertation.read_decision_document"

Concerns = Iterable[tuple[Actor, str, bool]]
"""An actor, how it is concerned (``DecisionConcern.How``), whether that makes a conflict of interest."""


def _logged(decision: Decision, names: Iterable[str]) -> dict[str, Any]:
    plain = {"title", "context"}
    values: dict[str, Any] = {}
    for name in names:
        if name in plain:
            continue
        value = getattr(decision, f"{name}_id" if name in {"presenter", "agenda_item"} else name)
        values[name] = value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
    return values


def _check(decision: Decision) -> None:
    decision.full_clean(exclude=["alliance", "space", "agenda_item", "presenter", "after", "closed_by"])
    item, presenter = decision.agenda_item, decision.presenter
    if item is not None and item.meeting.space_id != decision.space_id:
        raise ValidationError({"agenda_item": _("Choose an item of a meeting of the same space.")})
    if presenter is not None and presenter.alliance_id != decision.alliance_id:
        raise ValidationError({"presenter": _("Choose an actor of the same alliance.")})


def _item_is_free(item: AgendaItem | None, by: Any, today: dt.date) -> None:
    """Errors: ``PermissionDenied`` for whoever must not read the agenda item: nothing is brought to it by them."""
    if item is not None:
        require_free(by=by, subject=item, today=today)


@transaction.atomic
def create_decision(
    *,
    space: Space,
    title: str,
    text: str,
    by: Any,
    now: dt.datetime,
    context: str = "",
    agenda_item: AgendaItem | None = None,
    presenter: Actor | None = None,
    rule: str = "",
    share_percent: int | None = None,
    fallback: bool = False,
    closes_at: dt.datetime | None = None,
    follow_up_on: dt.date | None = None,
    money_cents: int | None = None,
    options: Iterable[str] = (),
    concerns: Concerns = (),
    after: Decision | None = None,
    via: str = "web",
) -> Decision:
    """Write a proposal, still in preparation. Without ``rule``: the space's own.

    Errors: ``PermissionDenied``; ``ValidationError`` for an empty proposal or an unusable value.
    """
    require(by, "concertation.prepare_decision", space)
    if not text.strip():
        raise ValidationError({"text": _("Write the proposal: what is asked of the members.")})
    _item_is_free(agenda_item, by, space.alliance.today(now))
    setting = setting_of(space, space.alliance.today(now))
    if after is not None and (after.alliance_id != space.alliance_id or after.state != Decision.State.CLOSED):
        raise ValidationError(_("A new decision comes back to a closed decision of the same alliance."))
    decision = Decision(
        alliance=space.alliance, space=space, agenda_item=agenda_item, title=title.strip(), context=context.strip(),
        rule=rule or setting.rule, share_percent=share_percent if rule else setting.share_percent, fallback=fallback,
        closes_at=closes_at, presenter=presenter, follow_up_on=follow_up_on, money_cents=money_cents, after=after,
        created_at=now, language=translation.get_language() or "fr",
    )  # fmt: skip
    decision.language = decision.language[:2]
    _check(decision)
    decision.save()
    ProposalVersion.objects.create(decision=decision, number=1, text=text.strip()[:20_000], at=now, by=by)
    _write_options(decision, options)
    _write_concerns(decision, concerns)
    audit.record(
        "concertation.decision_created", decision, by=by, alliance=decision.alliance, via=via,
        after={"space_id": space.pk, **_logged(decision, sorted(EDITABLE))},
    )  # fmt: skip
    indexing.put([decision])
    return decision


def _write_options(decision: Decision, options: Iterable[str]) -> None:
    decision.options.all().delete()
    lines = [line.strip() for line in options if line.strip()]
    DecisionOption.objects.bulk_create(
        DecisionOption(decision=decision, position=position, text=line[:2000]) for position, line in enumerate(lines)
    )


def _write_concerns(decision: Decision, concerns: Concerns) -> None:
    decision.concerns.all().delete()
    rows = {}
    for actor, how, interest in concerns:
        if actor.alliance_id != decision.alliance_id:
            raise ValidationError(_("Choose actors of the same alliance."))
        rows[actor.pk, how] = DecisionConcern(decision=decision, actor=actor, how=how, interest=interest)
    DecisionConcern.objects.bulk_create(rows.values())


@transaction.atomic
def update_decision(
    *,
    decision: Decision,
    changes: Mapping[str, Any],
    by: Any,
    now: dt.datetime,
    text: str | None = None,
    options: Iterable[str] | None = None,
    concerns: Concerns | None = None,
    via: str = "web",
) -> Decision:
    """Change what surrounds the proposal; its words too while it is in preparation (then :func:`amend`).

    Once open, the rule changes no more. Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError`` for a field
    that is not ``EDITABLE``.
    """
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.DRAFT, Decision.State.OPEN)
    is_open = decision.state == Decision.State.OPEN
    different = sorted(name for name, value in changes.items() if getattr(decision, name) != value)
    if is_open and set(different) & set(RULES):
        raise ValidationError(_("The rule was fixed when the decision opened. It cannot change now."))
    if is_open and decision.closes_at and "closes_at" in different and changes["closes_at"]:
        _not_shortened(decision, changes["closes_at"], now)
    if "agenda_item" in different:
        _item_is_free(changes["agenda_item"], by, decision.alliance.today(now))
    before = _logged(decision, different)
    for name in different:
        setattr(decision, name, changes[name])
    _check(decision)
    decision.save()
    if not is_open and text is not None:
        if not text.strip():
            raise ValidationError({"text": _("Write the proposal: what is asked of the members.")})
        decision.versions.filter(number=1).update(text=text.strip()[:20_000], at=now)
    if options is not None:
        _write_options(decision, options)
    if concerns is not None:
        _write_concerns(decision, concerns)
    audit.record(
        "concertation.decision_updated", decision, by=by, alliance=decision.alliance, via=via, before=before,
        after={**_logged(decision, different), "changed": different},
    )  # fmt: skip
    indexing.put([decision])
    return decision


def _not_shortened(decision: Decision, closes_at: dt.datetime, now: dt.datetime) -> None:
    if closes_at <= now:
        raise ValidationError({"closes_at": _("Choose a time to come.")})


@transaction.atomic
def open_decision(
    *, decision: Decision, by: Any, now: dt.datetime, site: str, closes_at: dt.datetime | None = None,
    via: str = "web", tell: bool = True,
) -> Decision:  # fmt: skip
    """Ask the members for their positions: gives the number, fixes the quorum and the number of voices, writes to
    each holder. ``closes_at``: until when they may answer, where it was not said before. ``tell=False``: nobody is
    written to (everyone is in the room).

    Errors: ``PermissionDenied``; ``ValidationError`` where it is open already, has no voice, or its time has passed.
    """
    # The alliance first: two decisions opened together each take their own number, without a hole.
    alliance: Alliance = lock(decision.alliance)
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.DRAFT)
    if closes_at is not None:
        decision.closes_at = closes_at
    if decision.closes_at is not None and decision.closes_at <= now:
        raise ValidationError({"closes_at": _("Choose a time to come.")})
    if decision.agenda_item is None and decision.closes_at is None:
        raise ValidationError({"closes_at": _("Between meetings, say until when members may answer.")})
    day = alliance.today(now)
    room = room_of(decision, day)
    if not room.voices:
        raise ValidationError(_("Nobody holds a seat in this space yet. Give seats first."))
    setting = setting_of(decision.space, day)
    decision.seats = len(room.voices)
    decision.quorum = quorum_of(setting, len(room.voices))
    last = Decision.objects.filter(alliance=alliance, year=day.year).aggregate(last=Max("number"))["last"]
    decision.year, decision.number = day.year, (last or 0) + 1
    decision.state, decision.opened_at = Decision.State.OPEN, now
    decision.save()
    audit.record(
        "concertation.decision_opened", decision, by=by, alliance=alliance, via=via,
        after={"number": decision.code, "quorum": decision.quorum, "seats": decision.seats, "rule": decision.rule},
    )  # fmt: skip
    indexing.put([decision])
    if tell:
        ask(decision, now=now, site=site)
    return decision


def ask(decision: Decision, *, now: dt.datetime, site: str) -> int:
    """Write to the holders who have not answered, once each. Returns how many."""
    room = room_of(decision, decision.alliance.today(now))
    persons = {row.person_id: row.person for voice in room.silent() for row in voice.holders}
    sent = 0
    for person in persons.values():
        person.alliance = decision.alliance
        with translation.override(person.language):
            sent += tell_person(
                person=person, decision=decision, kind="position-asked", site=site, now=now, must=True,
                subject=_("Your position on: %(title)s") % {"title": decision.title}, lines=_question(decision),
            )  # fmt: skip
    return sent


def _question(decision: Decision) -> list[str]:
    told = {"space": decision.space.name, "title": decision.title}
    lines = [_("%(space)s asks for your position on: %(title)s.") % told]
    if decision.closes_at is not None:
        when = formats.datetime_(decision.closes_at, decision.alliance.time_zone)
        lines.append(_("Answer before %(when)s.") % {"when": when})
    return lines


@transaction.atomic
def amend(
    *,
    decision: Decision,
    text: str,
    why: str,
    by: Any,
    now: dt.datetime,
    site: str,
    answers: Iterable[Objection] = (),
    via: str = "web",
    tell: bool = True,
) -> ProposalVersion:
    """A new version of the words. Positions already given stay, marked as given on the former one, and those who gave
    them are asked to look again. ``answers``: the objections that it answers.

    Errors: ``PermissionDenied``; ``ValidationError`` for the same words, no reason, or a closed decision.
    """
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.OPEN)
    last = decision.versions.order_by("-number").first()
    assert last is not None
    if not text.strip() or text.strip() == last.text:
        raise ValidationError({"text": _("The words are the same. Change the proposal, or go back.")})
    if not why.strip():
        raise ValidationError({"why": _("Say what changed and why: members will read it first.")})
    version = ProposalVersion(
        decision=decision, number=last.number + 1, text=text.strip(), why=why.strip(), at=now, by=by
    )
    version.full_clean(exclude=["decision", "by"])
    version.save()
    answered = list(
        decision.objections.filter(
            pk__in=[row.pk for row in answers], state__in=[Objection.State.RAISED, Objection.State.ANSWERED]
        )
    )
    for objection in answered:
        objection.state, objection.answer_kind = Objection.State.ANSWERED, Objection.Answer.AMENDMENT
        objection.answer, objection.answered_at, objection.version = version.why, now, version
        objection.save()
    audit.record(
        "concertation.decision_amended", decision, by=by, alliance=decision.alliance, via=via,
        after={"version": version.number, "answers": [row.pk for row in answered]},
    )  # fmt: skip
    indexing.put([decision])
    if tell:
        _look_again(decision, version, now=now, site=site)
    return version


def _look_again(decision: Decision, version: ProposalVersion, *, now: dt.datetime, site: str) -> None:
    room = room_of(decision, decision.alliance.today(now))
    persons = {row.person_id: row.person for row in room.counted().values() if row.person is not None}
    for person in persons.values():
        person.alliance = decision.alliance
        with translation.override(person.language):
            told = {"title": decision.title, "n": version.number}
            tell_person(
                person=person, decision=decision, kind="position-asked", site=site, now=now, must=True,
                subject=_("The proposal changed: %(title)s") % told,
                lines=[
                    _("The proposal “%(title)s” changed: here is version %(n)s.") % told, version.why,
                    _("Your position stays, marked as given on the former version."),
                    _("Look again, and change it if you wish."),
                ],
            )  # fmt: skip


@transaction.atomic
def take_back(*, decision: Decision, by: Any, now: dt.datetime, via: str = "web") -> Decision:
    """The proposal is taken back by those who bring it: nothing is decided, everything is kept.

    Errors: ``PermissionDenied``; ``ValidationError`` once it is closed.
    """
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.DRAFT, Decision.State.OPEN)
    decision.state, decision.closed_at, decision.closed_by = Decision.State.WITHDRAWN, now, by
    decision.save()
    audit.record("concertation.decision_taken_back", decision, by=by, alliance=decision.alliance, via=via)
    indexing.put([decision])
    return decision


@transaction.atomic
def add_document(
    *,
    decision: Decision,
    data: bytes,
    name: str,
    content_type: str,
    title: str,
    by: Any,
    now: dt.datetime,
    via: str = "web",
) -> DecisionDocument:
    """Join a file to the decision: read by whoever may read the decision.

    Errors: ``PermissionDenied``; ``ValidationError`` (a file that is not kept, a closed decision).
    """
    decision = locked(decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.DRAFT, Decision.State.OPEN)
    try:
        document: Document = documents.store(
            data, name=name, content_type=content_type, rule=DOCUMENT_RULE, alliance=decision.alliance
        )
    except documents.DocumentRefused as refused:
        raise ValidationError(str(refused)) from refused
    row = DecisionDocument.objects.create(
        decision=decision, document=document, title=(title.strip() or document.name)[:200]
    )
    audit.record(
        "concertation.decision_document_added", decision, by=by, alliance=decision.alliance, via=via,
        after={"document": document.pk},
    )  # fmt: skip
    return row


@transaction.atomic
def remove_document(*, row: DecisionDocument, by: Any, now: dt.datetime, via: str = "web") -> None:
    """Take a file away, while the decision is in preparation only: afterwards members have read it."""
    decision = locked(row.decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.DRAFT)
    document, key = row.document, row.document_id
    row.delete()
    documents.delete(document)
    audit.record(
        "concertation.decision_document_removed", decision, by=by, alliance=decision.alliance, via=via,
        before={"document": key},
    )  # fmt: skip
