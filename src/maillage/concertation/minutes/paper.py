"""The minutes in PDF, tagged for assistive technology: the kit that every document of Maillage shares."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.vocabulary import type_words
from maillage.concertation.minutes.models import Minutes
from maillage.concertation.minutes.reading import Point, Presence, Reading
from maillage.concertation.minutes.words import decision_words, people_words, task_words
from maillage.core.contributions import ReportHeading, ReportList, ReportNote, ReportSection, ReportTable
from maillage.core.formats import date, datetime_, number
from maillage.core.typesetting import Cover, render_report


def pdf(read: Reading, *, language: str, on: dt.date) -> bytes:
    """The PDF/UA file of what this reader sees. ``on`` dates it: the same minutes give the same bytes."""
    meeting, minutes = read.minutes.meeting, read.minutes
    with translation.override(language):
        facts = [
            (_("Meeting"), datetime_(meeting.starts_at, meeting.alliance.time_zone)),
            (_("State"), _state(minutes)),
        ]
        if meeting.place:
            facts.append((_("Place"), meeting.place))
        notes = []
        if meeting.alliance.fictional:
            notes.append(_("This alliance, its organisations and its people are fictional."))
        if not read.inside:
            notes.append(_("Public version: the points chosen for the public."))
        cover = Cover(
            title=_("Minutes"), over=meeting.alliance.name, subtitle=f"{meeting.title}, {date(meeting.day)}",
            facts=facts, note=" ".join(notes),
        )  # fmt: skip
        sections = [_presence(read.presence), *(_section(point) for point in read.points)]
        return render_report(cover, sections, language=language, on=on, contents=len(sections) > 6)


def _state(minutes: Minutes) -> str:
    if minutes.state == Minutes.State.APPROVED and minutes.approved_in is not None:
        return _("approved at the meeting of %(day)s") % {"day": date(minutes.approved_in.day)}
    return str(minutes.get_state_display())


def _presence(presence: Presence) -> ReportSection:
    rows = [
        [
            capital(type_words(college.code, max(college.count, 1))) if college.code else _("Several types"),
            college.count,
            ", ".join([*college.actors, *_others(college.others)]),
        ]
        for college in presence.colleges
    ]  # fmt: skip
    blocks: list[Any] = []
    if rows:
        header = (_("College"), _("Seats"), _("Actors"))
        blocks.append(ReportTable(_("Seats present, by college"), header, rows, numeric=frozenset({1})))
    words = people_words(presence.people)
    if words:
        blocks.append(words)
    if not blocks:
        blocks.append(_("Attendance was not noted."))
    return ReportSection("attendance", _("Who was there"), blocks, order=0)


def _others(count: int) -> list[str]:
    if not count:
        return []
    return [ngettext("%(n)s not shown in public", "%(n)s not shown in public", count) % {"n": number(count)}]


def _section(point: Point) -> ReportSection:
    if point.row is None:
        title = _("Point %(n)s") % {"n": point.number}
        why = (
            _("You must first say whether you are in conflict of interest.")
            if point.asked
            else _("You withdrew from this point.")
        )
        return ReportSection(f"point-{point.number}", title, [why], order=point.number)
    blocks: list[Any] = [point.row.text or _("No notes on this point.")]
    if point.decisions:
        blocks += [ReportHeading(_("Decisions")), ReportList([decision_words(one) for one in point.decisions])]
    if point.tasks:
        blocks += [ReportHeading(_("Tasks")), ReportList([task_words(one) for one in point.tasks])]
    blocks += [
        ReportNote(erratum.text, title=_("Erratum of %(day)s") % {"day": date(erratum.at)}, tone="caution")
        for erratum in point.errata
    ]
    return ReportSection(f"point-{point.number}", f"{point.number}. {point.row.item.title}", blocks, order=point.number)
