"""Minutes: made of the notes, corrected, circulated for amendments, approved by a later meeting, chosen for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import left_by
from maillage.alliances.acts.services import tell
from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import notify, wanted
from maillage.concertation.governance.holders import holders_of
from maillage.concertation.minutes import indexing, reading
from maillage.concertation.minutes.models import (
    Amendment,
    Attendance,
    Erratum,
    Minutes,
    MinutesItem,
    MinutesText,
    Note,
)
from maillage.concertation.minutes.notes import check_size, tidy
from maillage.concertation.minutes.weaving import merge
from maillage.concertation.models import AgendaItem, Decision, Meeting, SeatHolder
from maillage.concertation.tasks.withheld import items_withheld
from maillage.core import audit
from maillage.core.access import require
from maillage.core.formats import date
from maillage.core.locks import lock

LINK = NOTICE = "minutes-amendments"
PUBLISHED = "minutes-published"
State = Minutes.State


def _locked(minutes: Minutes) -> Minutes:
    """The minutes read again, with the meeting and the alliance already known."""
    meeting = minutes.meeting
    minutes = lock(minutes)
    minutes.meeting = meeting
    return minutes


def _not_approved(minutes: Minutes) -> None:
    if minutes.state == State.APPROVED:
        raise ValidationError(_("These minutes are approved: their text no longer changes. Add an erratum."))


def _record(what: str, minutes: Minutes, by: Any, via: str, **after: Any) -> Any:
    return audit.record(f"concertation.{what}", minutes, by=by, alliance=minutes.meeting.alliance, via=via, after=after)


@transaction.atomic
def prepare_minutes(*, meeting: Meeting, by: Any, now: dt.datetime, via: str = "web") -> Minutes:
    """Make the minutes of the notes: one item for each point. Asked again before they circulate, points whose text was
    not touched follow their notes; the others stay.

    Errors: ``PermissionDenied``; ``ValidationError`` before the meeting began, or once the minutes are approved.
    """
    require(by, "concertation.keep_minutes", meeting)
    known = meeting
    meeting = lock(meeting)
    meeting.alliance, meeting.space = known.alliance, known.space
    if meeting.state not in {Meeting.State.OPEN, Meeting.State.HELD}:
        raise ValidationError(_("Begin the meeting first: its minutes are made of its notes."))
    language = (translation.get_language() or "fr")[:2]
    minutes, made = Minutes.objects.get_or_create(meeting=meeting, defaults={"language": language, "created_at": now})
    _not_approved(minutes)
    minutes.meeting = meeting
    notes = dict(Note.objects.filter(item__meeting=meeting).values_list("item_id", "text"))
    items = {row.item_id: row for row in minutes.items.all()}
    for point in AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"):
        text = notes.get(point.pk, "").strip()
        row = items.get(point.pk)
        if row is None:
            MinutesItem.objects.create(minutes=minutes, item=point, text=text)
        elif minutes.state == State.DRAFT and row.version == 1 and row.text != text:
            row.text = text
            row.save(update_fields=["text"])
    _record("minutes_prepared", minutes, by, via, made=made)
    return minutes


@transaction.atomic
def correct_item(
    *, item: MinutesItem, text: str, base_version: int, by: Any, now: dt.datetime, via: str = "web"
) -> MinutesItem:
    """Change the text of a point; the former one is kept. ``base_version``: the one the writer began from: what someone
    else changed meanwhile elsewhere in the text is kept too.

    Errors: ``PermissionDenied``; ``ValidationError`` once approved, for a text too long, or of code ``changed`` where
    someone changed the same words.
    """
    require(by, "concertation.keep_minutes", item)
    minutes = _locked(item.minutes)
    _not_approved(minutes)
    point = item.item
    item = lock(item)
    item.minutes, item.item = minutes, point
    text = tidy(text).strip()
    check_size(text)
    if base_version != item.version:
        base = MinutesText.objects.filter(item=item, version=base_version).first()
        woven = merge(base.text, item.text, text) if base else None
        if woven is None or not woven.clean:
            raise ValidationError(
                _("Someone changed the same words meanwhile. Their text is on the page: put the two together."),
                code="changed",
            )
        text = woven.text
    if text == item.text:
        return item
    MinutesText.objects.create(item=item, version=item.version, text=item.text, at=now, by=by)
    item.text, item.version = text, item.version + 1
    item.save(update_fields=["text", "version"])
    _record("minutes_corrected", minutes, by, via, item_id=item.pk, version=item.version)
    return item


def people_there(meeting: Meeting) -> list[Person]:
    """Those who were there in a seat: its substitutes where it was noted so, else its holders. Two queries."""
    noted = dict(
        Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT).values_list("seat_id", "by_substitute")
    )
    found: dict[int, Person] = {}
    for row in holders_of(meeting.space, meeting.day):
        part = SeatHolder.Part.SUBSTITUTE if noted.get(row.seat_id) else SeatHolder.Part.HOLDER
        if row.seat_id in noted and row.part == part:
            row.person.alliance = meeting.alliance
            found[row.person_id] = row.person
    return list(found.values())


def nobody_noted(meeting: Meeting) -> bool:
    """No seat is noted present: circulated, the minutes would reach nobody."""
    return not Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT).exists()


def nobody_words() -> str:
    """Why minutes do not circulate before presences are noted, and what to do."""
    return _("No presence is noted: nobody would be told. Note who was there in the room, then circulate.")


@transaction.atomic
def circulate(
    *, minutes: Minutes, until: dt.date, by: Any, now: dt.datetime, site: str, tell: bool = True, via: str = "web"
) -> int:
    """Send the minutes to those who were there: they may ask for corrections until a date. Again, with a later date:
    they are told again (``tell=False``: it was done otherwise). Returns how many were told.

    Errors: ``PermissionDenied``; ``ValidationError`` once approved, for a date already past, or where no presence is
    noted (nobody would be told).
    """
    meeting = minutes.meeting
    require(by, "concertation.keep_minutes", meeting)
    minutes = _locked(minutes)
    _not_approved(minutes)
    if until < meeting.alliance.today(now):
        raise ValidationError({"until": _("Choose a date to come.")})
    if tell and nobody_noted(meeting):
        raise ValidationError(nobody_words())
    minutes.state, minutes.circulated_at, minutes.amendments_until = State.CIRCULATED, now, until
    minutes.save(update_fields=["state", "circulated_at", "amendments_until"])
    _record("minutes_circulated", minutes, by, via, until=until.isoformat())
    expires = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), meeting.alliance.zone)
    return sum(_tell_person(minutes, person, expires, site) for person in people_there(meeting)) if tell else 0


def _tell_person(minutes: Minutes, person: Person, expires: dt.datetime, site: str) -> bool:
    meeting = minutes.meeting
    token = ""
    if wanted(person, NOTICE) != NoticeChoice.When.WEEKLY:
        token = links.make(person=person, purpose=LINK, reference=meeting.reference, expires_at=expires)
    with translation.override(person.language):
        subject = _("Minutes to look over: %(title)s") % {"title": meeting.title}
        # A digest waits: it leads to the page, never to a personal address.
        url = reverse("concertation_in:minutes", args=[meeting.alliance.slug, meeting.uuid])
        if token:
            url = reverse("concertation:minutes_link", args=[token])
        until = date(minutes.amendments_until) if minutes.amendments_until else ""
        said = _("You were at the meeting “%(title)s”, on %(day)s. Its minutes are ready.")
        lines = [
            said % {"title": meeting.title, "day": date(meeting.day)},
            _("Read them, and ask for corrections until %(day)s.") % {"day": until},
            _("Nothing to correct? Then you have nothing to do."),
        ]
        label = _("Read them without signing in:") if token else _("Read the minutes")
        summary = _("Corrections until %(day)s.") % {"day": until}
    return notify(
        person=person, kind=NOTICE, subject=subject, context={"lines": lines, "action_label": label}, site=site,
        url=url, reference=meeting.reference, summary=summary, secrets=(token,),
    )  # fmt: skip


@transaction.atomic
def propose_amendment(
    *, item: MinutesItem, text: str, by: Any, now: dt.datetime, person: Person, via: str = "web"
) -> Amendment:
    """Someone who was there asks for a correction. From a link, ``by`` is ``None``.

    Errors: ``PermissionDenied`` for someone who was not there, or withdrew from the point; ``ValidationError`` for an
    empty text, or once the date is past.
    """
    minutes = item.minutes
    if by is None:
        if person not in people_there(minutes.meeting) or item_left(person, item.item):
            raise PermissionDenied
    else:
        require(by, "concertation.amend_minutes", item)
    minutes = _locked(minutes)
    if minutes.state != State.CIRCULATED or minutes.amendments_until is None:
        raise ValidationError(_("These minutes are not open to corrections."))
    if minutes.meeting.alliance.today(now) > minutes.amendments_until:
        raise ValidationError(_("The date for corrections is past. Say it at the meeting that will approve them."))
    row = Amendment(item=item, person=person, text=tidy(text).strip(), at=now)
    row.full_clean(exclude=["item", "person"])
    row.save()
    _record("amendment_asked", minutes, by, via, amendment_id=row.pk, item_id=item.pk)
    return row


def item_left(person: Person, item: AgendaItem) -> bool:
    """Whether this person, with or without an account, must not read the point, or a decision taken on it."""
    return item.pk in items_left(person, [item])


def items_left(person: Person, items: Collection[AgendaItem]) -> set[int]:
    """The same for all the points of minutes, by their ids: as many queries for one as for two hundred."""
    left = left_by([person.pk]).get(person.pk, frozenset())
    if not left:
        return set()
    with_them = Decision.objects.filter(agenda_item__in=items).order_by().values_list("agenda_item_id", "uuid")
    return {item.pk for item in items if item.reference in left} | {
        item for item, key in with_them if f"concertation.decision:{key}" in left
    }


@transaction.atomic
def settle_amendment(
    *, amendment: Amendment, accepted: bool, by: Any, now: dt.datetime, reply: str = "", text: str | None = None,
    base_version: int = 0, via: str = "web",
) -> Amendment:  # fmt: skip
    """Accept a correction (``text``: the point as it then reads) or decline it, saying why.

    Errors: ``PermissionDenied``; ``ValidationError`` once approved or settled, or for a refusal without a reply.
    """
    item = amendment.item
    require(by, "concertation.keep_minutes", item)
    minutes = _locked(item.minutes)
    _not_approved(minutes)
    amendment = lock(amendment)
    if amendment.state != Amendment.State.PROPOSED:
        raise ValidationError(_("This correction was already settled."))
    if not accepted and not reply.strip():
        raise ValidationError({"reply": _("Say why it is not kept.")})
    if accepted and text is not None:
        item.minutes = minutes
        correct_item(item=item, text=text, base_version=base_version, by=by, now=now, via=via)
    amendment.state = Amendment.State.ACCEPTED if accepted else Amendment.State.DECLINED
    amendment.reply, amendment.settled_at = reply.strip()[:2000], now
    amendment.save(update_fields=["state", "reply", "settled_at"])
    _record("amendment_settled", minutes, by, via, amendment_id=amendment.pk, state=amendment.state)
    return amendment


def later_meetings(meeting: Meeting) -> Any:
    """Where the minutes may be approved: later meetings of the same space, the next first."""
    rows = Meeting.objects.filter(space=meeting.space_id, starts_at__gt=meeting.starts_at)
    return rows.exclude(state=Meeting.State.CANCELLED).order_by("starts_at", "pk")


@transaction.atomic
def propose_approval(*, minutes: Minutes, meeting: Meeting, by: Any, via: str = "web") -> Minutes:
    """Put the minutes before a later meeting of the space.

    Errors: ``PermissionDenied``; ``ValidationError`` before they circulated, or for another meeting.
    """
    require(by, "concertation.keep_minutes", minutes.meeting)
    minutes = _locked(minutes)
    _not_approved(minutes)
    if minutes.state != State.CIRCULATED:
        raise ValidationError(_("Circulate these minutes first: those who were there read them before approving."))
    if not later_meetings(minutes.meeting).filter(pk=meeting.pk).exists():
        raise ValidationError(_("Minutes are approved at a later meeting of the same space."))
    minutes.approved_in = meeting
    minutes.save(update_fields=["approved_in"])
    _record("minutes_proposed", minutes, by, via, meeting_id=meeting.pk)
    return minutes


@transaction.atomic
def record_approval(*, minutes: Minutes, by: Any, now: dt.datetime, via: str = "web") -> Minutes:
    """The meeting they were put before approved them: their text no longer changes.

    Errors: ``PermissionDenied``; ``ValidationError`` while no meeting was named, while it has not begun, or while a
    correction waits for an answer. Asked twice, it is done once.
    """
    require(by, "concertation.publish_minutes", minutes.meeting)
    minutes = _locked(minutes)
    if minutes.state == State.APPROVED:
        return minutes
    where = minutes.approved_in
    if where is None:
        raise ValidationError(_("Say first which meeting these minutes are put before."))
    if where.state not in {Meeting.State.OPEN, Meeting.State.HELD}:
        raise ValidationError(_("That meeting has not begun: it cannot have approved anything."))
    if Amendment.objects.filter(item__minutes=minutes, state=Amendment.State.PROPOSED).exists():
        raise ValidationError(_("Corrections wait for an answer: accept or decline each one first."))
    minutes.state, minutes.approved_at, minutes.facts = State.APPROVED, now, reading.facts_of(minutes.meeting)
    minutes.save(update_fields=["state", "approved_at", "facts"])
    _record("minutes_approved", minutes, by, via, meeting_id=where.pk)
    indexing.put(minutes)
    return minutes


@transaction.atomic
def choose_public(*, minutes: Minutes, items: Collection[int], by: Any, now: dt.datetime, via: str = "web") -> Minutes:
    """Choose which points (ids) the public reads, once the minutes are approved. Told in the public log.

    Errors: ``PermissionDenied``, also for a point they must not read; ``ValidationError`` for a point that is not
    public on the agenda.
    """
    require(by, "concertation.publish_minutes", minutes.meeting)
    minutes = _locked(minutes)
    changed: dict[str, list[int]] = {"shown": [], "hidden": []}
    rows = list(minutes.items.select_related("item").order_by("pk"))
    withheld = items_withheld(by, [row.item for row in rows])
    for row in rows:
        wanted = row.pk in items
        if wanted != row.is_public and row.item_id in withheld:
            raise PermissionDenied("concertation.publish_minutes")
        if wanted and not row.item.is_public:
            raise ValidationError(
                _("“%(title)s” is not public on the agenda: show it there first.") % {"title": row.item.title}
            )
        if wanted != row.is_public:
            row.is_public = wanted
            row.save(update_fields=["is_public"])
            changed["shown" if wanted else "hidden"].append(row.pk)
    if changed["shown"] or changed["hidden"]:
        entry = _record("minutes_published", minutes, by, via, **changed)
        meeting = minutes.meeting
        # Anyone reads this log: a meeting that is not public has no title there. The kind says the rest.
        shown = meeting.is_public and meeting.space.is_public

        def about() -> str:
            title = meeting.title if shown else _("A meeting that is not public")
            return f"{title}, {date(meeting.day)}"

        tell(
            alliance=meeting.alliance, kind=PUBLISHED, by=by, label=about, reference=meeting.reference,
            on_behalf=meeting.space.name if shown else "", entry=entry, at=now,
        )  # fmt: skip
        indexing.put(minutes)
    return minutes


@transaction.atomic
def add_erratum(*, item: MinutesItem, text: str, by: Any, now: dt.datetime, via: str = "web") -> Erratum:
    """A correction added to approved minutes. Errors: ``PermissionDenied``; ``ValidationError`` before, or empty."""
    require(by, "concertation.keep_minutes", item)
    minutes = _locked(item.minutes)
    if minutes.state != State.APPROVED:
        raise ValidationError(_("These minutes are not approved yet: correct their text."))
    row = Erratum(item=item, text=tidy(text).strip(), at=now, by=by)
    row.full_clean(exclude=["item", "by"])
    row.save()
    _record("erratum_added", minutes, by, via, erratum_id=row.pk, item_id=item.pk)
    indexing.put(minutes)
    return row
