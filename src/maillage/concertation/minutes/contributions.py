"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.actors.models import Actor, Participation
from maillage.actors.vocabulary import type_words
from maillage.alliances.models import Alliance, Person, Stage
from maillage.alliances.personal import persons_of
from maillage.concertation.minutes import figures, indexing, keeping, notes, reading
from maillage.concertation.minutes.models import Amendment, Attendance, Minutes
from maillage.concertation.models import Meeting
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import (
    ActKind,
    Evidence,
    Export,
    Merge,
    NoticeKind,
    Panel,
    PersonalData,
    ReportSection,
    ReportTable,
    SearchKind,
    Todo,
)
from maillage.core.formats import date, number, percent

GUESTS_KEPT = dt.timedelta(days=365)
VERSIONS_KEPT = dt.timedelta(days=90)
"""How long the intermediate texts of notes are kept after the last one."""
AMENDMENTS_KEPT = dt.timedelta(days=2 * 365)
RECENT = dt.timedelta(days=60)
TODO_SHOWN = 5

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "notes_begun": gettext_lazy("Notes begun on an agenda item"),
        "attendance_noted": gettext_lazy("Attendance noted"),
        "guest_noted": gettext_lazy("Guest noted"),
        "guest_removed": gettext_lazy("Guest taken off"),
        "speaking_noted": gettext_lazy("Speaking time noted"),
        "participation_recorded": gettext_lazy("Participation recorded"),
        "minutes_prepared": gettext_lazy("Minutes made of the notes"),
        "minutes_corrected": gettext_lazy("Minutes corrected"),
        "minutes_circulated": gettext_lazy("Minutes circulated"),
        "amendment_asked": gettext_lazy("Correction of minutes asked"),
        "amendment_settled": gettext_lazy("Correction of minutes settled"),
        "minutes_proposed": gettext_lazy("Minutes put before a meeting"),
        "minutes_approved": gettext_lazy("Minutes approved"),
        "minutes_published": gettext_lazy("Public points of minutes chosen"),
        "erratum_added": gettext_lazy("Erratum added to minutes"),
    },
)
contributions.notice_kinds.add(NoticeKind(keeping.NOTICE, gettext_lazy("Minutes to look over")))
contributions.act_kinds.add(ActKind(keeping.PUBLISHED, gettext_lazy("Chose what the public reads of minutes")))
contributions.search.add(SearchKind(indexing.KIND, gettext_lazy("Minutes"), indexing.rows))


# Pages


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On a meeting's page, its minutes and attendance; on a stage's page, who took part in it."""
    if page == "meeting" and isinstance(subject, Meeting):
        yield from _meeting(scope, viewer, subject, today)
    elif page == "stage" and isinstance(subject, Stage):
        lines = figures.by_stage(scope, [subject])
        context = {"alliance": scope, "line": lines[0] if lines else None}
        yield Panel("stage", "concertation/minutes/panel_stage.html", context, order=30)


def _meeting(alliance: Alliance, viewer: Any, meeting: Meeting, today: dt.date) -> Iterator[Panel]:
    found = Minutes.objects.select_related("approved_in").filter(meeting=meeting).first()
    read, presence = None, None
    if found is not None:
        found.meeting = meeting
        read = reading.read(found, viewer)
    if read is None and may(viewer, "concertation.read_minutes_inside", meeting):
        facts = reading.facts_of(meeting)
        if facts["seats"] or facts["people"]:
            presence = reading.presence_of(facts, inside=True, threshold=alliance.threshold)
    takes = may(viewer, "concertation.take_notes", meeting) and not meeting.is_cancelled
    if read is None and presence is None and not takes:
        return
    keeps = may(viewer, "concertation.keep_minutes", meeting)
    arguments = [alliance.slug, meeting.uuid]
    url = reverse("concertation_in:minutes", args=arguments)
    now_on = meeting.day == today or meeting.state == Meeting.State.OPEN
    context = {
        "alliance": alliance, "meeting": meeting, "title": _("Minutes"), "read": read, "presence": presence,
        "keeps": keeps, "room_url": reverse("concertation_in:room", args=arguments) if takes else "",
        "url": url if read is not None or keeps else "", "more_url": url if read is not None else "",
        "more": _("Read the minutes") if read is not None else "",
        "tab": _("Minutes"), "tab_url": url if read is not None else "", "tab_anchor": "compte-rendu",
        "first": _("In the room") if takes and now_on else "",
        "first_url": reverse("concertation_in:room", args=arguments) if takes and now_on else "",
    }  # fmt: skip
    yield Panel("meeting", "concertation/minutes/panel_meeting.html", context, order=30)


# What waits


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For the agent: minutes to make, to circulate, to put before a meeting; corrections to answer. For those who were
    there: minutes to look over. Three queries at most."""
    if viewer is None or not viewer.is_authenticated:
        return
    if may(viewer, "concertation.publish_minutes", scope):
        yield from _to_keep(scope, today)
    yield from _to_look_over(scope, viewer, today)


def _to_keep(alliance: Alliance, today: dt.date) -> Iterator[Todo]:
    since = dt.datetime.combine(today - RECENT, dt.time(), alliance.zone)
    held = Meeting.objects.filter(alliance=alliance, state=Meeting.State.HELD, starts_at__gte=since)
    rows = held.filter(~Q(minutes__state=Minutes.State.APPROVED)).select_related("minutes", "space")
    waiting = set(
        Amendment.objects.filter(item__minutes__meeting__alliance=alliance, state=Amendment.State.PROPOSED).values_list(
            "item__minutes__meeting", flat=True
        )
    )
    for meeting in rows.order_by("starts_at", "pk")[:TODO_SHOWN]:
        meeting.alliance = alliance
        found = getattr(meeting, "minutes", None)
        title, action = _("Make the minutes of %(title)s"), _("Make the minutes")
        if meeting.pk in waiting:
            title, action = _("Answer the corrections asked of %(title)s"), _("Answer them")
        elif found is not None and found.state == Minutes.State.DRAFT:
            title, action = _("Circulate the minutes of %(title)s"), _("Look over and circulate")
        elif found is not None:
            if found.amendments_until is not None and found.amendments_until >= today:
                continue
            title, action = _("Have the minutes of %(title)s approved"), _("Open the minutes")
        yield Todo(
            title=title % {"title": meeting.title}, action=action, detail=date(meeting.day),
            url=reverse("concertation_in:minutes", args=[alliance.slug, meeting.uuid]), key=f"minutes-{meeting.uuid}",
        )  # fmt: skip


def _to_look_over(alliance: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    rows = Minutes.objects.filter(
        meeting__alliance=alliance, state=Minutes.State.CIRCULATED, amendments_until__gte=today,
        meeting__attendance__seat__holders__person__user_id=viewer.pk,
    ).select_related("meeting__space")  # fmt: skip
    for found in rows.order_by("amendments_until", "pk").distinct()[:TODO_SHOWN]:
        meeting = found.meeting
        meeting.alliance = alliance
        if may(viewer, "concertation.amend_minutes", meeting) and not may(viewer, "concertation.keep_minutes", meeting):
            yield Todo(
                title=_("Look over the minutes of %(title)s") % {"title": meeting.title}, action=_("Read the minutes"),
                url=reverse("concertation_in:minutes", args=[alliance.slug, meeting.uuid]),
                due=found.amendments_until, key=f"amend-{meeting.uuid}",
            )  # fmt: skip


# Figures


@contributions.report.register
def report(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Participation by stage and by type."""
    lines = figures.by_stage(scope)
    if not lines:
        return
    rows = []
    for line in lines:
        types = ", ".join(f"{number(n)} {type_words(code, n)}" for code, n in line.types)
        rows.append([line.stage.name, line.events, len(line.everyone), types, line.people or None])
    header = (_("Stage"), _("Meetings and consultations"), _("Actors"), _("By type"), _("People without a seat"))
    table = ReportTable(_("Who took part, by stage and by type"), header, rows, numeric=frozenset({1, 2, 4}))
    blocks: list[Any] = [
        _("An actor counts once for each stage where it was present. Nobody is named; people without a seat are told "
          "only where there were enough of them."),
        table,
    ]  # fmt: skip
    for first, second, stayed, out_of in figures.kept(lines):
        words = ngettext(
            "From “%(first)s” to “%(second)s”, %(stayed)s actor out of %(all)s stayed.",
            "From “%(first)s” to “%(second)s”, %(stayed)s actors out of %(all)s stayed.",
            stayed,
        )
        blocks.append(words % {"first": first.stage.name, "second": second.stage.name, "stayed": stayed, "all": out_of})
    yield ReportSection("participation", _("Participation by stage and by type"), blocks, order=55)


@contributions.evidence.register
def evidence(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Key elements 6 (collaboration at every stage) and 8 (citizens)."""
    source, missing = _("Attendance noted at meetings"), _("Not enough data: %(n)s meetings or more are needed.")
    lacking = missing % {"n": number(figures.ENOUGH)}
    lines = [line for line in figures.by_stage(scope) if line.events >= figures.ENOUGH]
    always = frozenset.intersection(*(line.present for line in lines)) if lines else frozenset()
    yield Evidence(
        6, _("Types of actors present at every stage"), len(always) if lines else None,
        _(
            "types with at least one actor or person present at each stage that has three meetings or consultations, "
            "or more"
        ),
        source, today,
        "; ".join(f"{line.stage.name}: {number(len(line.present))}" for line in lines) or lacking,
    )  # fmt: skip
    steps = figures.kept(lines)
    yield Evidence(
        6, _("Actors kept from one stage to the next"), round(100 * steps[-1][2] / steps[-1][3]) if steps else None,
        _("actors present at both of the last two stages ÷ actors present at the first × 100"), source, today,
        "; ".join(f"{second.stage.name}: {percent(stayed / out_of)}" for _f, second, stayed, out_of in steps)
        or _("Not enough data: two stages with meetings are needed."),
    )  # fmt: skip
    meetings, colleges = figures.attendance_by_college(scope, today)
    enough = meetings >= figures.ENOUGH and bool(colleges)
    expected = sum(one.expected for one in colleges)
    yield Evidence(
        6, _("Attendance by college"),
        round(100 * sum(one.present for one in colleges) / expected) if enough else None,
        _("over a year, seats noted present ÷ seats held on the day of each meeting × 100"), source, today,
        "; ".join(f"{one.label}: {percent(float(one.share))}" for one in colleges)
        if enough
        else _("Not told: all the colleges together have fewer than %(n)s actors.") % {"n": number(scope.threshold)}
        if meetings >= figures.ENOUGH else lacking,
    )  # fmt: skip
    theirs, everywhere = figures.meetings_with_citizens(scope, today)
    enough = everywhere >= figures.ENOUGH
    yield Evidence(
        8, _("Meetings where citizens were present"), round(100 * theirs / everywhere) if enough else None,
        _("over a year, meetings with a citizens’ seat or citizens present ÷ meetings noted × 100"), source, today,
        "" if enough else lacking,
    )  # fmt: skip


@contributions.exports.register
def exports(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The record of participation as the public may read it: public actors by name, people where there were enough.
    Of a meeting that is not public, nothing."""

    def rows() -> Iterator[tuple[Any, ...]]:
        people: dict[str, dict[str, int]] = {}
        days: dict[str, tuple[dt.date, str]] = {}
        hidden: dict[str, dict[str, int]] = {}
        closed = Meeting.objects.filter(alliance_id=scope.pk).exclude(is_public=True, space__is_public=True)
        secret = {f"concertation.meeting:{key}" for key in closed.values_list("uuid", flat=True)}
        found = Participation.objects.filter(alliance_id=scope.pk).select_related("stage", "actor").order_by("on", "pk")
        for row in found.iterator(chunk_size=500):
            if row.reference in secret:
                continue
            stage = row.stage.name if row.stage else ""
            days[row.reference] = (row.on, stage)
            if row.actor is None:
                counts = people.setdefault(row.reference, {})
                counts[row.type] = counts.get(row.type, 0) + row.people
            elif row.actor.is_public:
                yield (row.on, stage, row.type, row.actor.name, 1, "")
            else:
                counts = hidden.setdefault(row.reference, {})
                counts[row.type] = counts.get(row.type, 0) + 1
        for reference, counts in hidden.items():
            told, rest = reading.hidden_shown(counts, scope.threshold)
            for code, count in [*told.items(), *([("", rest)] if rest else [])]:
                yield (*days[reference], code, "", count, "")
        for reference, counts in people.items():
            shown = reading.people_shown(counts, scope.threshold)
            if shown.total is not None:
                for code, count in shown.by_type or [("", shown.total)]:
                    yield (*days[reference], code, "", "", count)

    yield Export("participation", _("Participation"), ("on", "stage", "type", "actor", "actors", "people"), rows)


# What is held about people


def export_person(subject: Any) -> Mapping[str, Any]:
    """The corrections this person asked for."""
    rows = Amendment.objects.filter(person__in=persons_of(subject)).order_by("pk")
    return {_("corrections asked"): [{_("date"): date(row.at), _("text"): row.text} for row in rows]}


def erase_person(subject: Any) -> int:
    """Their corrections stay in the minutes' history, without them."""
    return Amendment.objects.filter(person__in=persons_of(subject)).update(person=None)


def purge(today: dt.date) -> int:
    """Guests lose their name after a year; settled corrections lose their author after two; intermediate texts of notes
    go after ninety days."""
    limit = dt.datetime.combine(today, dt.time(), dt.UTC)
    guests = Attendance.objects.filter(kind=Attendance.Kind.GUEST, meeting__ends_at__lt=limit - GUESTS_KEPT)
    count = guests.exclude(label="").update(label="")
    old = Amendment.objects.filter(settled_at__lt=limit - AMENDMENTS_KEPT).exclude(person=None)
    return count + old.update(person=None) + notes.thin(limit - VERSIONS_KEPT)


contributions.personal_data.add(
    PersonalData(
        room="concertation.minutes",
        purpose=gettext_lazy("Write minutes that those who were there can correct."),  # type: ignore[arg-type]
        export=export_person,
        erase=erase_person,
        purge=purge,
    )
)


def _attendance_apply(kept: Actor, absorbed: Actor) -> list[int]:
    """Attendance is of a seat: it follows its actor, and can never be alike twice."""
    moved = list(Attendance.objects.filter(actor=absorbed).order_by("pk").values_list("pk", flat=True))
    Attendance.objects.filter(pk__in=moved).update(actor=kept)
    return moved


def _attendance_undo(kept: Actor, absorbed: Actor, trace: list[int]) -> None:
    Attendance.objects.filter(pk__in=trace).update(actor=absorbed)


def _amendment_apply(kept: Person, absorbed: Person) -> list[int]:
    moved = list(Amendment.objects.filter(person=absorbed).order_by("pk").values_list("pk", flat=True))
    Amendment.objects.filter(pk__in=moved).update(person=kept)
    return moved


def _amendment_undo(kept: Person, absorbed: Person, trace: list[int]) -> None:
    Amendment.objects.filter(pk__in=trace).update(person=absorbed)


contributions.merge.add(Merge("actor", "concertation.attendance", ("actor",), _attendance_apply, _attendance_undo))
contributions.merge.add(Merge("person", "concertation.amendment", ("person",), _amendment_apply, _amendment_undo))
