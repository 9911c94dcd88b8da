"""Menus, what waits for whom, reminders, the panel of a space, the memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.alliances.models import Alliance
from maillage.concertation.governance.holders import person_of
from maillage.concertation.meetings import invitations, words
from maillage.concertation.meetings.selectors import meetings_of, standing, visible
from maillage.concertation.models import Meeting, MeetingInvitation, Minutes, MinutesItem, Space
from maillage.core import contributions, site
from maillage.core.access import may
from maillage.core.contributions import (
    ActKind,
    Daily,
    NavigationItem,
    NoticeKind,
    Panel,
    TimelineEntry,
    Todo,
    act_kinds,
    daily,
    notice_kinds,
)

AGENDA_DAYS, INVITE_DAYS = 10, 14
"""So many days before a meeting, its agenda is written; and people are invited."""
SHOWN = 3

notice_kinds.add(NoticeKind(invitations.INVITATION, gettext_lazy("Invitations to meetings")))
notice_kinds.add(NoticeKind(invitations.REMINDER, gettext_lazy("Reminders of meetings")))
act_kinds.add(ActKind(invitations.RECORDED, gettext_lazy("Answer to a meeting recorded for a member")))


def _remind(now: dt.datetime) -> int:
    return invitations.remind(now, site.address())


daily.add(Daily("meetings", _remind))


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    url = reverse("concertation_in:meetings", args=[scope.slug])
    yield NavigationItem(label=_("Meetings"), url=url, area="public", order=25)
    if viewer is not None and may(viewer, "concertation.organise_meeting", scope):
        yield NavigationItem(label=_("Meetings"), url=url, area="workspace", group=_("Tables and meetings"), order=25)


@contributions.panels.register
def space_panel(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """The meetings of a space on its page: the next ones, the last ones. Two queries and those of the rule."""
    if page != "space" or not isinstance(subject, Space):
        return
    found = meetings_of(subject, viewer, today)
    now = timezone.now()
    coming = list(found.filter(ends_at__gte=now).order_by("starts_at", "pk")[:SHOWN])
    past = list(found.filter(ends_at__lt=now)[:SHOWN])
    for meeting in [*coming, *past]:
        meeting.alliance, meeting.space = scope, subject
    organises = viewer is not None and may(viewer, "concertation.organise_meeting", subject)
    if coming or past or organises:
        context = {"alliance": scope, "space": subject, "coming": coming, "past": past, "organises": organises}
        yield Panel("space", "concertation/meetings/panel_space.html", context, order=20)


@contributions.panels.register
def home_panel(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """The next meetings, on the alliance's home. One query and those of the rule."""
    if page != "home" or scope is None:
        return
    found = meetings_of(scope, viewer, today).filter(ends_at__gte=timezone.now()).exclude(state=Meeting.State.CANCELLED)
    coming = list(found.order_by("starts_at", "pk")[:SHOWN])
    for meeting in coming:
        meeting.alliance = scope
    if coming:
        yield Panel("home", "concertation/meetings/panel_home.html", {"alliance": scope, "coming": coming}, order=30)


@contributions.todo.register
def to_answer(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Invitations to answer. Two queries."""
    person = person_of(viewer, scope)
    if person is None:
        return
    rows = standing(today).filter(
        person=person, answer=MeetingInvitation.Answer.NONE, meeting__state=Meeting.State.PLANNED,
        meeting__starts_at__gt=timezone.now(),
    ).exclude(sent_at=None)  # fmt: skip
    for row in rows.select_related("meeting__space").order_by("meeting__starts_at", "pk")[:10]:
        row.meeting.alliance = scope
        yield Todo(
            title=_("Say whether you come: %(title)s") % {"title": row.meeting.title},
            detail=words.when(row.meeting),
            url=f"{row.meeting.get_absolute_url()}#votre-reponse",
            action=_("Answer now"),
            due=row.meeting.day,
            key=f"meeting-answer-{row.meeting.uuid}",
        )


@contributions.todo.register
def to_prepare(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For whoever organises: meetings that come near without agenda, or without invitations. One query."""
    if viewer is None or not may(viewer, "concertation.organise_meeting", scope):
        return
    now = timezone.now()
    near = Meeting.objects.filter(
        alliance=scope.pk, state=Meeting.State.PLANNED, starts_at__gt=now,
        starts_at__lt=now + dt.timedelta(days=INVITE_DAYS),
    )  # fmt: skip
    near = near.annotate(points=Count("items")).filter(Q(points=0) | Q(invited_at=None)).select_related("space")
    for meeting in near.order_by("starts_at", "pk")[:20]:
        meeting.alliance = scope
        named = {"title": meeting.title}
        if not meeting.points and meeting.starts_at < now + dt.timedelta(days=AGENDA_DAYS):  # type: ignore[attr-defined]
            yield Todo(
                title=_("%(title)s has no agenda yet") % named, detail=words.when(meeting),
                url=reverse("concertation_in:agenda", args=[scope.slug, meeting.uuid]), action=_("Write the agenda"),
                due=meeting.day, key=f"meeting-agenda-{meeting.uuid}",
            )  # fmt: skip
        if meeting.invited_at is None:
            yield Todo(
                title=_("Nobody is invited yet: %(title)s") % named, detail=words.when(meeting),
                url=reverse("concertation_in:answers", args=[scope.slug, meeting.uuid]), action=_("Invite"),
                due=meeting.day, key=f"meeting-invite-{meeting.uuid}",
            )  # fmt: skip


@contributions.timeline.register
def held(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """The forums and assemblies that were held (those of the tables are too many for a memory), and every meeting whose
    minutes the public reads, told once. One query."""
    told = MinutesItem.objects.filter(
        minutes__meeting=OuterRef("pk"), is_public=True, item__is_public=True,
        minutes__state=Minutes.State.APPROVED, minutes__meeting__is_public=True,
        minutes__meeting__space__is_public=True,
    ).order_by()  # fmt: skip
    open_to_many = Q(space__kind__in=(Space.Kind.FORUM, Space.Kind.ASSEMBLY), state=Meeting.State.HELD)
    found = (
        Meeting.objects.filter(alliance=scope.pk)
        .annotate(has_minutes=Exists(told))
        .filter((visible(scope, viewer, today) & open_to_many) | Q(has_minutes=True))
        .order_by("-starts_at", "-pk")
    )
    for meeting in found.select_related("space")[:limit]:
        meeting.alliance = scope
        if meeting.has_minutes:
            title = _("%(name)s meets") % {"name": meeting.space.name}
            url = reverse("concertation_in:minutes", args=[scope.slug, meeting.uuid])
        else:
            title, url = meeting.title, meeting.get_absolute_url()
        yield TimelineEntry(on=meeting.day, title=title, url=url, kind="meeting")
