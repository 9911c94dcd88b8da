"""Parts of other pages, what waits, menus, memory and open data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.models import Actor, CampaignReply, Tie, TieCampaign
from maillage.actors.selectors import sees_all
from maillage.actors.ties.selectors import (
    DECLINED,
    may_write_for,
    offerings_of,
    open_campaign,
    other_side,
    own_ties,
    spoken_for,
    ties_of,
)
from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Export, NavigationItem, Panel, TimelineEntry, Todo
from maillage.core.formats import number

SHOWN = 12
OWN_SHOWN = 20
PATIENCE = dt.timedelta(days=7)
"""How long after the invitation, or the last reminder, the agent is told to remind."""


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On an actor's page: what it brings, and who it works with."""
    if page != "actor" or not isinstance(subject, Actor):
        return
    write = viewer is not None and may_write_for(viewer, subject) and subject.holds(today)
    yield from _offerings(scope, viewer, subject, write=write)
    yield from _ties(scope, viewer, today, subject, write=write)


def _offerings(scope: Alliance, viewer: Any, actor: Actor, *, write: bool) -> Iterator[Panel]:
    lines = list(offerings_of(actor, everything=may(viewer, "actors.read_ties", scope)))
    if lines or write:
        context = {
            "lines": lines,
            "write_url": reverse("actors_in:profile", args=[scope.slug, actor.uuid]) if write else "",
            "all_url": reverse("actors_in:offerings", args=[scope.slug]),
        }
        yield Panel("actor", "actors/ties/_panel_offerings.html", context, order=30)


def _ties(scope: Alliance, viewer: Any, today: dt.date, actor: Actor, *, write: bool) -> Iterator[Panel]:
    found = list(ties_of(actor, today, everything=sees_all(viewer, scope)))
    if not found and not write:
        return
    lines = []
    for tie in found[:SHOWN]:
        other = other_side(tie, actor)
        lines.append((tie, other, reverse("actors_in:actor", args=[scope.slug, other.uuid])))
    context = {
        "lines": lines, "write": write, "total": len(found), "more": len(found) > SHOWN,
        "ties_url": reverse("actors_in:ties", args=[scope.slug, actor.uuid]),
    }  # fmt: skip
    yield Panel("actor", "actors/ties/_panel_ties.html", context, order=40)


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For an organisation's people: ties to confirm, a campaign to answer. For the agent: a campaign to remind."""
    if viewer is None:
        return
    campaign = open_campaign(scope, today)
    for actor in spoken_for(viewer, scope, today)[:OWN_SHOWN]:
        actor.alliance = scope
        if may_write_for(viewer, actor):
            yield from _of_actor(scope, actor, campaign, today)
    if campaign is not None and may(viewer, "actors.run_campaign", scope):
        yield from _to_remind(scope, campaign, today)


def _of_actor(scope: Alliance, actor: Actor, campaign: TieCampaign | None, today: dt.date) -> Iterator[Todo]:
    url = reverse("actors_in:ties", args=[scope.slug, actor.uuid])
    waiting = own_ties(actor, today).filter(answer=Tie.Answer.WAITING).exclude(told_by=actor).count()
    if waiting:
        words = ngettext("%(n)s tie to confirm for %(name)s", "%(n)s ties to confirm for %(name)s", waiting)
        yield Todo(
            title=words % {"n": number(waiting), "name": actor.name}, url=url, action=_("Confirm or not"),
            detail=_("Another organisation says that it works with you."), key=f"ties-confirm-{actor.uuid}",
        )  # fmt: skip
    if campaign is None:
        return
    if not CampaignReply.objects.filter(campaign=campaign, actor=actor).exclude(answered_at=None).exists():
        yield Todo(
            title=_("Bring the ties of %(name)s up to date") % {"name": actor.name}, url=url, due=campaign.closes_on,
            detail=campaign.name, action=_("Answer now"), key=f"ties-campaign-{campaign.uuid}-{actor.uuid}",
        )  # fmt: skip


def _to_remind(scope: Alliance, campaign: TieCampaign, today: dt.date) -> Iterator[Todo]:
    limit = dt.datetime.combine(today - PATIENCE, dt.time.max, tzinfo=scope.zone)
    late = CampaignReply.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lte=limit), campaign=campaign, answered_at=None, invited_at__lte=limit,
        actor__merged_into=None,
    ).count()  # fmt: skip
    if late:
        words = ngettext(
            "%(n)s organisation has not answered about its ties",
            "%(n)s organisations have not answered about their ties",
            late,
        )
        yield Todo(
            title=words % {"n": number(late)}, url=reverse("actors_in:tie_campaign", args=[scope.slug, campaign.uuid]),
            action=_("Remind them"), detail=campaign.name, due=campaign.closes_on,
            key=f"ties-remind-{campaign.uuid}",
        )  # fmt: skip


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """What is already there, for anyone; « Nos liens », for an organisation's people; campaigns, for the agent."""
    there = reverse("actors_in:offerings", args=[scope.slug])
    yield NavigationItem(_("What is already there"), there, area="footer", order=33)
    if viewer is None:
        return
    if spoken_for(viewer, scope, today).exists():
        yield NavigationItem(_("Our ties"), reverse("actors_in:my_ties", args=[scope.slug]), order=35)
    if may(viewer, "actors.see_campaign", scope):
        group = _("Actors and ties")
        yield NavigationItem(_("What is already there"), there, area="workspace", group=group, order=33)
        url = reverse("actors_in:tie_campaigns", args=[scope.slug])
        yield NavigationItem(_("Campaigns of ties"), url, area="workspace", group=group, order=37)
    if may(viewer, "actors.import_ties", scope):
        url = reverse("actors_in:tie_imports", args=[scope.slug])
        yield NavigationItem(_("Bring in ties"), url, area="workspace", group=_("Actors and ties"), order=37)


@contributions.timeline.register
def closed_campaigns(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """Each campaign that ended, with how many answered. One query."""
    rows = (
        TieCampaign.objects.filter(Q(closed_at__isnull=False) | Q(closes_on__lt=today), alliance_id=scope.pk)
        .annotate(all=Count("replies"), answered=Count("replies", filter=Q(replies__answered_at__isnull=False)))
        .order_by("-closes_on", "-pk")[:limit]
    )
    for campaign in rows:
        on = campaign.closed_at.astimezone(scope.zone).date() if campaign.closed_at else campaign.closes_on
        words = _("%(n)s members out of %(all)s bring their ties up to date")
        yield TimelineEntry(
            on=min(on, campaign.closes_on), kind="actors", body=campaign.name,
            title=words % {"n": number(campaign.answered), "all": number(campaign.all)},
        )  # fmt: skip


@contributions.exports.register
def open_ties(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The ties between actors shown in public, those that ended too; never the words of the members."""

    def rows() -> Iterator[tuple[Any, ...]]:
        public = Q(first__is_public=True, second__is_public=True, first__merged_into=None, second__merged_into=None)
        found = (
            Tie.objects.filter(public, Q(since=None) | Q(since__lte=today), alliance_id=scope.pk)
            .exclude(answer=DECLINED)
            .exclude(until=F("since"))
            .order_by("first_id", "second_id", "kind", "pk")
            .values_list("first__uuid", "second__uuid", "kind", "since", "until", "answer")
        )
        for first, second, kind, since, until, answer in found.iterator(chunk_size=2000):
            yield (str(first), str(second), kind, since, until, answer == Tie.Answer.CONFIRMED)

    header = ("actor_id", "other_actor_id", "kind", "since", "until", "confirmed")
    yield Export("ties", _("Ties between actors"), header, rows)
