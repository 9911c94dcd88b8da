"""Inviting people to a meeting, taking their answers, telling them what changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import withdrawn_by
from maillage.alliances.acts.services import tell
from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.services import notify, wanted
from maillage.alliances.presence import has_gone
from maillage.concertation.governance.holders import holders_of, person_of
from maillage.concertation.governance.selectors.dynamics import groups_of
from maillage.concertation.meetings import calendars, words
from maillage.concertation.meetings.selectors import invited, standing
from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation, SeatHolder
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.mail import Attachment

Answer, Part, Via = MeetingInvitation.Answer, MeetingInvitation.Part, MeetingInvitation.Via
INVITATION, REMINDER = "meeting-invitation", "meeting-reminder"
"""Kinds of notices."""
PURPOSE = "meeting-answer"
RECORDED = "meeting-answer-recorded"
"""The kind of act: an answer recorded in someone's name."""
LINK_LASTS = dt.timedelta(days=1)
"""After the end of the meeting."""
FILE = "invite.ics"
"""A name that Outlook takes for an invitation: see docs/adr/calendars.md."""


@transaction.atomic
def list_people(*, meeting: Meeting, by: Any, via: str = "web") -> list[MeetingInvitation]:
    """Put on the list every holder and substitute of the seats held on the day of the meeting who is not there yet.

    Nothing is sent: see :func:`send`. Errors: ``PermissionDenied``; ``ValidationError`` once cancelled.
    """
    require(by, "concertation.organise_meeting", meeting)
    meeting = lock(meeting)
    _check_open(meeting)
    known = set(meeting.invitations.values_list("person_id", flat=True))
    rows: dict[int, MeetingInvitation] = {}
    for held in holders_of(meeting.space, meeting.day):
        if held.person_id in known:
            continue
        # Someone who holds one seat and replaces at another comes for the seat they hold.
        part = Part(held.part)
        if held.person_id not in rows or (part == Part.HOLDER and rows[held.person_id].part != Part.HOLDER):
            rows[held.person_id] = MeetingInvitation(meeting=meeting, person=held.person, seat=held.seat, part=part)
    made = MeetingInvitation.objects.bulk_create(rows.values())
    if made:
        audit.record(
            "concertation.people_listed", meeting, by=by, alliance=meeting.alliance, via=via,
            after={"people": [row.person_id for row in made]},
        )  # fmt: skip
    return made


@transaction.atomic
def add_guest(*, meeting: Meeting, person: Person, by: Any, via: str = "web") -> MeetingInvitation:
    """Put a guest on the list. Someone already there stays as they are.

    Errors: ``PermissionDenied``; ``ValidationError`` for a person of another alliance, or once cancelled.
    """
    require(by, "concertation.organise_meeting", meeting)
    meeting = lock(meeting)
    _check_open(meeting)
    if person.alliance_id != meeting.alliance_id or person.erased_at is not None:
        raise ValidationError(_("This person is not known to the alliance."))
    if has_gone(person, meeting.alliance.today()):
        raise ValidationError(
            _("This person’s role in the alliance ended: no invitation reaches them. Give them a role first, "
              "observer for instance.")
        )  # fmt: skip
    row, made = MeetingInvitation.objects.get_or_create(meeting=meeting, person=person)
    if made:
        audit.record(
            "concertation.guest_listed", meeting, by=by, alliance=meeting.alliance, via=via,
            after={"person_id": person.pk},
        )  # fmt: skip
    return row


def _check_open(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise ValidationError(_("This meeting is cancelled. Create another one."))


@dataclass(frozen=True)
class Sent:
    """What became of the invitations: how many left, and who has no e-mail address."""

    sent: int
    without_address: Sequence[MeetingInvitation] = ()


@transaction.atomic
def send(*, meeting: Meeting, by: Any, now: dt.datetime, site: str, again: bool = False, via: str = "web") -> Sent:
    """Send the invitation to those on the list who have not received it (``again``: to everyone).

    Errors: ``PermissionDenied``; ``ValidationError`` once cancelled or past.
    """
    require(by, "concertation.organise_meeting", meeting)
    meeting = lock(meeting)
    _check_open(meeting)
    if meeting.ends_at <= now:
        raise ValidationError(_("This meeting is over: nobody is invited any more."))
    rows = [row for row in invited(meeting) if again or row.sent_at is None]
    written = _Letters(meeting, site).to(rows, "invitation", now)
    if written and meeting.invited_at is None:
        meeting.invited_at = now
        meeting.save(update_fields=["invited_at"])
    audit.record(
        "concertation.invitations_sent", meeting, by=by, alliance=meeting.alliance, via=via,
        after={"sent": len(written), "listed": len(rows)},
    )  # fmt: skip
    return Sent(len(written), [row for row in rows if not row.person.email])


def tell_change(*, meeting: Meeting, now: dt.datetime, site: str, moved: bool) -> int:
    """Send what changed to those who were invited: a newer calendar file, or its cancellation.

    ``moved``: the day or the hour is another one, so that everyone answers again. Called by the services that change a
    meeting, in their transaction. Returns how many mails left.
    """
    rows = [row for row in invited(meeting) if row.sent_at is not None]
    if not rows or meeting.ends_at <= now:
        return 0
    if moved:
        ids = [row.pk for row in rows]
        MeetingInvitation.objects.filter(pk__in=ids).update(
            answer=Answer.NONE, answered_at=None, answered_via="", substitute=None, substitute_name=""
        )
        rows = [row for row in invited(meeting) if row.sent_at is not None]
    about = "cancelled" if meeting.is_cancelled else "moved" if moved else "changed"
    return len(_Letters(meeting, site).to(rows, about, now))


class _Letters:
    """The mails of one meeting: what does not depend on the person is read once."""

    def __init__(self, meeting: Meeting, site: str) -> None:
        self.meeting, self.site = meeting, site
        self.items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
        self.access = list(meeting.access.all())

    def to(self, rows: Sequence[MeetingInvitation], about: str, now: dt.datetime) -> list[MeetingInvitation]:
        """Write to each; those that left are marked. Whoever withdrew from a point reads nothing of it."""
        if about != "cancelled":
            # Whoever no longer holds the seat they were invited for is written to no more.
            today = self.meeting.alliance.today(now)
            hold = set(standing(today).filter(meeting=self.meeting).values_list("pk", flat=True))
            rows = [row for row in rows if row.pk in hold]
        left = withdrawn_by([row.person_id for row in rows])
        kind = REMINDER if about in {"answer-please", "tomorrow"} else INVITATION
        written = []
        for row in rows:
            row.person.alliance = self.meeting.alliance
            reader = calendars.Reader(inside=True, left=left.get(row.person_id, frozenset()))
            if self._write(row, about, kind, reader):
                written.append(row)
        stamp = {"reminded_at": now} if kind == REMINDER else {"sent_at": now}
        if about != "cancelled":
            MeetingInvitation.objects.filter(pk__in=[row.pk for row in written]).update(**stamp)
        return written

    def _write(self, row: MeetingInvitation, about: str, kind: str, reader: calendars.Reader) -> bool:
        person, meeting = row.person, self.meeting
        if not person.email or person.erased_at is not None:
            return False
        must = kind == INVITATION
        url = self.site + meeting.get_absolute_url()
        secrets: tuple[str, ...] = ()
        with translation.override(person.language):
            # A personal address never waits in a digest: it would be kept.
            if about != "cancelled" and (must or wanted(person, kind) == "at-once"):
                token = links.make(
                    person=person, purpose=PURPOSE, reference=meeting.reference,
                    expires_at=meeting.ends_at + LINK_LASTS,
                )  # fmt: skip
                url, secrets = self.site + reverse("concertation:meeting_answer", args=[token]), (token,)
            files = []
            if kind == INVITATION:
                method = calendars.Method.CANCEL if meeting.is_cancelled else calendars.Method.REQUEST
                text = calendars.invitation_file(meeting, self.items, person, reader, self.site)
                files.append(Attachment(FILE, f"text/calendar; method={method}", text))
            return notify(
                person=person, kind=kind, subject=self._subject(about), must=must, site=self.site, url=url,
                context={"lines": self._lines(row, about, reader), "action_label": _action(about)},
                reference=meeting.reference, secrets=secrets, attachments=files,
            )  # fmt: skip

    def _subject(self, about: str) -> str:
        values = {"title": self.meeting.title, "day": words.day_of(self.meeting)}
        return {
            "invitation": _("%(title)s, %(day)s: will you come?"),
            "changed": _("Changed: %(title)s, %(day)s"),
            "moved": _("New date: %(title)s, %(day)s"),
            "cancelled": _("Cancelled: %(title)s, %(day)s"),
            "answer-please": _("Your answer is awaited: %(title)s, %(day)s"),
            "tomorrow": _("Soon: %(title)s, %(day)s"),
        }[about] % values

    def _lines(self, row: MeetingInvitation, about: str, reader: calendars.Reader) -> list[str]:
        meeting = self.meeting
        name = f"{meeting.title} ({meeting.space.name})" if meeting.title != meeting.space.name else meeting.title
        values = {"name": name, "when": words.when(meeting)}
        opening = {
            "invitation": _("You are invited to a meeting: %(name)s."),
            "changed": _("The meeting “%(name)s” changed. Here is what it is now."),
            "moved": _("The meeting “%(name)s” has a new date or hour. Please answer again."),
            "cancelled": _("The meeting “%(name)s”, %(when)s, is cancelled."),
            "answer-please": _("You have not answered yet for the meeting “%(name)s”."),
            "tomorrow": _("You said that you will come to the meeting “%(name)s”."),
        }[about] % values
        lines = [opening]
        if about == "cancelled":
            return lines
        lines.append(_("When: %(when)s") % values)
        if meeting.place:
            lines.append(_("Where: %(place)s") % {"place": meeting.place})
        if meeting.online_url:
            lines.append(_("To join on line: %(url)s") % {"url": meeting.online_url})
        if row.seat is not None and row.part == Part.SUBSTITUTE and about == "invitation":
            lines.append(
                _("You are the substitute for the seat of %(actor)s: answer if you take its place.")
                % {"actor": row.seat.actor.name}
            )
        if self.access:
            offers = "\n".join(
                f"• {offer.get_code_display()}" + (f" ({offer.note})" if offer.note else "") for offer in self.access
            )
            lines.append(_("So that everyone can come, this meeting offers:") + f"\n{offers}")
        if about in {"invitation", "tomorrow"} and (agenda := calendars.agenda_lines(self.items, reader)):
            lines.append("\n".join([_("Agenda"), *agenda]))
        return lines


def _action(about: str) -> str:
    if about == "cancelled":
        return _("See the meeting")
    return _("Change my answer") if about == "tomorrow" else _("Answer now")


# Answers


@transaction.atomic
def answer(
    *,
    invitation: MeetingInvitation,
    choice: str,
    now: dt.datetime,
    by: Any,
    via: str,
    substitute: Person | None = None,
    substitute_name: str = "",
    needs: str | None = None,
) -> MeetingInvitation:
    """Keep someone's answer. ``via``: a code of ``Via``. ``needs`` is left as it is where ``None``.

    ``by``: the account of that person; ``None`` for whoever holds their personal address (``Via.LINK``); whoever
    organises, for an answer received by telephone (``Via.TELEPHONE``), which the public log then tells.
    Errors: ``PermissionDenied``; ``ValidationError`` once the meeting is over or cancelled, for a substitute nobody
    named, for coming on line where that is not offered.
    """
    meeting = invitation.meeting
    if via == Via.TELEPHONE:
        require(by, "concertation.organise_meeting", meeting)
    elif via == Via.PAGE:
        person = person_of(by, meeting.alliance)
        if person is None or person.pk != invitation.person_id:
            raise PermissionDenied("concertation.answer")
    elif by is not None or via != Via.LINK:
        raise PermissionDenied("concertation.answer")
    meeting = lock(meeting)
    _check_open(meeting)
    if meeting.ends_at <= now:
        raise ValidationError(_("This meeting is over: answers are no longer taken."))
    row = lock(invitation)
    if choice not in Answer.values or choice == Answer.NONE:
        raise ValidationError({"choice": _("Choose an answer.")})
    if choice == Answer.ONLINE and not meeting.online_url:
        raise ValidationError({"choice": _("This meeting cannot be joined on line.")})
    named = choice == Answer.SUBSTITUTE
    if named and substitute is None and not substitute_name.strip():
        raise ValidationError({"substitute_name": _("Say who comes instead.")})
    if named and substitute is not None and substitute.pk not in {p.pk for p in substitutes_for(row)}:
        raise ValidationError({"substitute": _("This person is not a substitute for this seat.")})
    before = row.answer
    row.answer, row.answered_at, row.answered_via = choice, now, via
    row.substitute = substitute if named else None
    row.substitute_name = substitute_name.strip()[:200] if named and substitute is None else ""
    if needs is not None:
        row.needs = needs.strip()[:500]
    row.save()
    entry = audit.record(
        "concertation.meeting_answered", row, by=by, alliance=meeting.alliance,
        via="link" if via == Via.LINK else "web",
        before={"answer": before}, after={"answer": choice, "by": via, "meeting_id": meeting.pk},
    )  # fmt: skip
    if via == Via.TELEPHONE:
        seat = invitation.seat
        shown = meeting.is_public and meeting.space.is_public

        def about() -> str:
            title = meeting.title if shown else _("A meeting that is not public")
            return f"{title}, {words.day_of(meeting)}"

        tell(
            alliance=meeting.alliance, kind=RECORDED, by=by, reference=meeting.reference, entry=entry,
            # Anyone reads this log: a meeting that is not public has no title there.
            label=about,
            on_behalf=seat.actor.name if seat is not None and seat.actor.is_public else "",
            source=lambda: _("answer received by telephone"),
        )  # fmt: skip
    return row


def substitutes_for(invitation: MeetingInvitation) -> list[Person]:
    """The known substitutes of the seat, but the person invited. One query."""
    if invitation.seat_id is None:
        return []
    held = SeatHolder.objects.at(invitation.meeting.day).filter(
        seat=invitation.seat_id, part=SeatHolder.Part.SUBSTITUTE, person__erased_at=None
    )
    found = held.exclude(person=invitation.person_id).select_related("person")
    return [row.person for row in found.order_by("person__sort_key", "person_id")]


@dataclass
class SeatAnswers:
    """What was answered for one seat. It counts once, whoever answered."""

    seat: Any
    rows: list[MeetingInvitation] = field(default_factory=list)

    @property
    def comes(self) -> bool:
        return any(row.answer in {Answer.YES, Answer.ONLINE, Answer.SUBSTITUTE} for row in self.rows)

    @property
    def declined(self) -> bool:
        """The holder said no, and nobody takes the place."""
        holders = [row for row in self.rows if row.part != Part.SUBSTITUTE] or self.rows
        return not self.comes and all(row.answer == Answer.NO for row in holders)

    @property
    def both(self) -> bool:
        """The holder and a substitute both said that they come."""
        coming = {row.part for row in self.rows if row.answer in {Answer.YES, Answer.ONLINE}}
        return Part.HOLDER in coming and Part.SUBSTITUTE in coming


@dataclass
class Tally:
    """The answers to a meeting, by seat; guests apart."""

    seats: list[SeatAnswers] = field(default_factory=list)
    guests: list[MeetingInvitation] = field(default_factory=list)

    @property
    def coming(self) -> int:
        return sum(seat.comes for seat in self.seats)

    @property
    def declined(self) -> int:
        return sum(seat.declined for seat in self.seats)

    @property
    def waiting(self) -> int:
        return len(self.seats) - self.coming - self.declined

    @property
    def guests_coming(self) -> int:
        return sum(row.answer in {Answer.YES, Answer.ONLINE, Answer.SUBSTITUTE} for row in self.guests)

    @property
    def both(self) -> list[SeatAnswers]:
        return [seat for seat in self.seats if seat.both]

    def colleges_shown(self, threshold: int) -> list[tuple[str, tuple[int, int]]]:
        """The same for those who do not organise: who comes is somebody, and a college of few seats is a person. Small
        colleges are read together, under no code, as everywhere (``governance.selectors.dynamics.groups_of``); nothing
        where all of them are too few."""
        found = self.by_college()
        shown = []
        for group in groups_of({code: asked for code, (_come, asked) in found.items()}, threshold):
            come = sum(found[code][0] for code in group.codes)
            shown.append((group.codes[0] if len(group.codes) == 1 else "", (come, group.seats)))
        return shown

    def may_tell(self, threshold: int) -> bool:
        """Whether how many come may be said to those who do not organise."""
        return len(self.seats) >= threshold

    def by_college(self) -> dict[str, tuple[int, int]]:
        """For each type of actor: seats that come, seats invited."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for seat in self.seats:
            found[seat.seat.actor.type][0] += seat.comes
            found[seat.seat.actor.type][1] += 1
        return {code: (come, asked) for code, (come, asked) in found.items()}


def tally(rows: Iterable[MeetingInvitation]) -> Tally:
    """The answers by seat. ``rows`` as :func:`selectors.invited` gives them."""
    found = Tally()
    seats: dict[int, SeatAnswers] = {}
    for row in rows:
        if row.seat is None:
            found.guests.append(row)
            continue
        if row.seat.pk not in seats:
            seats[row.seat.pk] = SeatAnswers(row.seat)
            found.seats.append(seats[row.seat.pk])
        seats[row.seat.pk].rows.append(row)
    return found


# Reminders

NOT_ANSWERED = (7, 2)
"""Days before the meeting when those who have not answered are asked again."""
COMING = 1


def remind(now: dt.datetime, site: str) -> int:
    """The reminders of the day. Whoever was written to since the reminder was due is left in peace: asked twice on one
    day, or after a day without worker, it writes once."""
    count = 0
    soon = Meeting.objects.filter(
        state=Meeting.State.PLANNED, starts_at__gt=now, starts_at__lt=now + dt.timedelta(days=max(NOT_ANSWERED) + 1)
    ).exclude(invited_at=None)
    for meeting in soon.select_related("alliance__parent", "space").order_by("starts_at", "pk"):
        meeting.space.alliance = meeting.alliance
        today = meeting.alliance.today(now)
        rows = [row for row in invited(meeting) if row.sent_at is not None]
        silent = [row for row in rows if row.answer == Answer.NONE and _due(row, meeting, today, NOT_ANSWERED)]
        come = [
            row for row in rows
            if row.answer in {Answer.YES, Answer.ONLINE} and _due(row, meeting, today, (COMING,))
        ]  # fmt: skip
        with transaction.atomic():
            letters = _Letters(meeting, site)
            count += len(letters.to(silent, "answer-please", now)) + len(letters.to(come, "tomorrow", now))
    return count


def _due(row: MeetingInvitation, meeting: Meeting, today: dt.date, before: Sequence[int]) -> bool:
    """A reminder was due, and nothing was written to this person since."""
    passed = [meeting.day - dt.timedelta(days=days) for days in before]
    passed = [day for day in passed if day <= today]
    if not passed:
        return False
    written = max(at for at in (row.sent_at, row.reminded_at) if at is not None)
    return bool(meeting.alliance.today(written) < max(passed))
