"""The handover file: everything a new agent must know, in one document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, DelegatedPower, Person, Role
from maillage.alliances.selectors import memory, periods, places
from maillage.core import contributions, formats
from maillage.core.contributions import (
    Money,
    ReportFacts,
    ReportHeading,
    ReportList,
    ReportNote,
    ReportSection,
    ReportTable,
)
from maillage.core.dates import holding
from maillage.core.typesetting import Cover, render_report

PEOPLE = 300
MEMORY = 120
OWN = frozenset({"agreement", "stages", "memory"})
"""Sections of the account that this file already says in its own way."""


def sections(alliance: Alliance, viewer: Any, today: dt.date, site: str = "") -> list[ReportSection]:
    """In the order a new agent needs them: what waits, where things stand, who, what is allowed, the rest."""
    period = periods.current_period(alliance, today)
    found = [
        ReportSection("first", _("Before anything else"), list(_first(alliance, site)), 1),
        ReportSection("waiting", _("What is waiting"), list(_waiting(alliance, viewer, today)), 2),
        ReportSection("alliance", _("The alliance and its agreement"), list(_alliance(alliance, period, today)), 3),
        ReportSection("stages", _("Stages and deliverables"), list(_stages(period)), 4),
        ReportSection("people", _("Who does what"), list(_people(alliance, today)), 5),
        ReportSection("powers", _("What the tables delegated"), list(_powers(alliance, today)), 6),
    ]
    others = [section for section in contributions.report.collect(alliance, viewer, today) if section.key not in OWN]
    found += [
        ReportSection(section.key, section.title, section.blocks, 10 + rank)
        for rank, section in enumerate(sorted(others, key=lambda section: section.order))
    ]
    found.append(ReportSection("memory", _("The memory"), list(_memory(alliance, viewer, today)), 900))
    return found


def _first(alliance: Alliance, site: str) -> Iterator[Any]:
    yield _(
        "This file is for the person who takes over the support of the concertation. It holds names and "
        "contact details: keep it to yourself, and destroy it when you have read it."
    )
    yield ReportHeading(_("How to sign in"))
    steps = [
        _("Whoever leaves, or the regional coordinator, sends you an invitation by e-mail."),
        _("Open the invitation and accept it. There is no password to invent."),
        _("To come back later, write your e-mail address: a code is sent to you."),
        _("Add a passkey when the site asks: it protects what people entrust to you."),
    ]
    if site:
        steps.insert(0, _("The address of the alliance is %(address)s.") % {"address": f"{site}/{alliance.slug}/"})
    yield ReportList(steps)
    yield ReportHeading(_("Your first week"))
    yield ReportList(
        [
            _("Read what is waiting, the next section: it is sorted by date."),
            _("Call the people named in “Who does what”, the tables first."),
            _("Write your arrival in the memory."),
            _("End the roles of those who have left: their access stops that day."),
        ]
    )


def _waiting(alliance: Alliance, viewer: Any, today: dt.date) -> Iterator[Any]:
    found = list(contributions.todo.collect(alliance, viewer, today))
    if not found:
        yield _("Nothing is waiting on this day.")
        return
    found.sort(key=lambda todo: (todo.due is None, todo.due or today, str(todo.title)))
    rows = [(str(todo.title), str(todo.detail), todo.due) for todo in found[:200]]
    yield ReportTable(_("What is waiting, by date"), [_("What"), _("Detail"), _("Due on")], rows)


def _alliance(alliance: Alliance, period: periods.Period | None, today: dt.date) -> Iterator[Any]:
    agreement = period.agreement if period else None
    covered = ", ".join(territory.name for territory in places.territories_of(alliance, today))
    facts: list[tuple[str, Any]] = [
        (_("Name"), alliance.name),
        (_("Mandated organisation"), alliance.mandatary),
        (_("Regional alliance"), alliance.parent.name if alliance.parent else ""),
        (_("Territory"), covered),
        (_("Telephone"), alliance.contact_phone),
        (_("E-mail address"), alliance.contact_email),
        (_("Time zone"), alliance.time_zone),
        (_("English pages"), _("offered") if alliance.offers_english else _("not offered")),
        (_("Public pages"), _("open") if alliance.is_public else _("closed")),
        (_("Smallest group shown"), str(alliance.threshold)),
    ]
    yield ReportFacts([(name, value) for name, value in facts if value])
    if agreement is None:
        yield ReportNote(_("No agreement is written down for the current period."), tone="caution")
        return
    yield ReportHeading(_("Agreement: %(title)s") % {"title": agreement.title})
    ends = agreement.until - dt.timedelta(days=1) if agreement.until else None
    envelope = None if agreement.envelope_cents is None else Money(agreement.envelope_cents)
    dates = [(_("Signed on"), agreement.signed_on), (_("In force from"), agreement.since), (_("Until"), ends),
             (_("Envelope"), envelope)]  # fmt: skip
    yield ReportFacts([(name, value if value is not None else _("not known")) for name, value in dates])
    parties = [(party.name, party.capacity) for party in agreement.parties.all()]
    if parties:
        yield ReportTable(_("Parties"), [_("Party"), _("Signs as")], parties)
    if agreement.modulations:
        yield ReportHeading(_("Local modulations"))
        yield agreement.modulations


def _stages(period: periods.Period | None) -> Iterator[Any]:
    if period is None or not period.stages:
        yield _("No stage is written down for the current period.")
        return
    header = [_("Stage"), _("State"), _("Begins"), _("Ends"), _("Where it stands")]
    rows = []
    expected: list[tuple[Any, ...]] = []
    for view in period.stages:
        stage = view.stage
        ends = stage.until - dt.timedelta(days=1) if stage.until else None
        rows.append((stage.name, stage.get_state_display(), stage.since, ends, view.line))
        for row in stage.deliverables.all():
            state = _("done on %(day)s") % {"day": formats.date(row.done_on)} if row.done_on else _("to do")
            expected.append((row.title, stage.name, row.due_on, state))
    yield ReportTable(_("Stages of the period %(cycle)s") % {"cycle": period.cycle.name}, header, rows)
    if expected:
        yield ReportTable(_("Deliverables"), [_("Deliverable"), _("Stage"), _("Due on"), _("State")], expected)


def _people(alliance: Alliance, today: dt.date) -> Iterator[Any]:
    roles = list(
        Role.objects.filter(holding(today), person__alliance=alliance, person__erased_at=None)
        .select_related("person")
        .order_by("kind", "person__sort_key", "id")[: PEOPLE + 1]
    )
    if not roles:
        yield _("Nobody holds a role on this day.")
        return
    header = [_("Person"), _("Role"), _("E-mail address"), _("Telephone"), _("Until")]
    rows = [
        (
            role.person.name,
            role.get_kind_display(),
            role.person.email,
            role.person.phone,
            role.until - dt.timedelta(days=1) if role.until else None,
        )
        for role in roles[:PEOPLE]
    ]
    yield ReportTable(_("Roles held on this day"), header, rows)
    if len(roles) > PEOPLE:
        yield ReportNote(_("The list stops here: the whole of it is on the page of people."), tone="info")
    waiting = Person.objects.filter(alliance=alliance, erased_at=None).aggregate(
        without=Count("pk", filter=~Q(roles__in=Role.objects.filter(holding(today))))
    )["without"]
    if waiting:
        yield _("People known without a role today: %(count)s.") % {"count": formats.number(waiting)}


def _powers(alliance: Alliance, today: dt.date) -> Iterator[Any]:
    powers = DelegatedPower.objects.at(today).filter(alliance=alliance).order_by("role_kind", "title", "id")[:200]
    rows = [(power.title, power.get_role_kind_display(), power.given_by, power.limits, power.since) for power in powers]
    if not rows:
        yield ReportNote(
            _("No power is delegated in writing. Before deciding anything in the name of a table, ask it."),
            tone="caution",
        )
        return
    header = [_("Power"), _("Given to"), _("Given by"), _("Limits"), _("Since")]
    yield ReportTable(_("Powers delegated by the tables"), header, rows)


def _memory(alliance: Alliance, viewer: Any, today: dt.date) -> Iterator[Any]:
    found = memory.lines(alliance, viewer, today, limit=MEMORY)
    if not found:
        yield _("Nothing is written in the memory yet.")
        return
    rows = [(line.when, str(line.entry.title), str(line.entry.body)) for line in found]
    yield ReportTable(_("What happened, the latest first"), [_("Date"), _("What happened"), _("Detail")], rows)


def make_pdf(alliance: Alliance, viewer: Any, today: dt.date, language: str, site: str = "") -> bytes:
    """The whole file. Call it under ``translation.override(language)``: the sections are in that language."""
    cover = Cover(
        title=_("Handover file"),
        over=alliance.name,
        subtitle=_("For the person who takes over"),
        facts=[(_("Prepared on"), formats.date(today)), (_("Prepared by"), str(viewer))],
        note=_("This alliance is fictional.") if alliance.fictional else _("Confidential: holds contact details."),
    )
    return render_report(cover, sections(alliance, viewer, today, site), language=language, on=today)
