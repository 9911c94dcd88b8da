"""Campaigns: every actor is invited to bring its ties up to date; who answered, who is to be reached otherwise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.models import Actor, CampaignReply, Mandate, Tie, TieCampaign
from maillage.actors.selectors import actors_of
from maillage.actors.ties.selectors import open_campaign, other_side
from maillage.actors.ties.services import in_name
from maillage.alliances.acts.services import tell
from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person
from maillage.alliances.notices import services as notices
from maillage.alliances.notices.models import NoticeChoice
from maillage.core import audit, jobs, site
from maillage.core.access import require
from maillage.core.formats import date
from maillage.core.locks import lock

NOTICE = "ties"
LINK = "ties"
ACT = "tie-reply"
AT_ONCE = 25
"""More mails than this leave by a job, not while the agent waits."""
BETWEEN = dt.timedelta(days=3)
"""A reminder does not follow another, nor the invitation, before so long."""


@transaction.atomic
def open_one(
    *, alliance: Alliance, name: str, message: str, opens_on: dt.date, closes_on: dt.date, by: Any, today: dt.date,
    now: dt.datetime, address: str, via: str = "web",
) -> TieCampaign:  # fmt: skip
    """Open a campaign, and invite everyone if it begins today. ``address``: of the instance, for the links.

    Errors: ``PermissionDenied``; ``ValidationError`` for dates that cannot be, or another campaign in the same days.
    """
    require(by, "actors.run_campaign", alliance)
    alliance = lock(alliance)
    if closes_on < max(opens_on, today):
        raise ValidationError(_("The campaign ends after it begins, and not before today."), code="dates")
    other = TieCampaign.objects.filter(
        alliance=alliance, closed_at=None, opens_on__lte=closes_on, closes_on__gte=opens_on
    ).first()
    if other is not None:
        raise ValidationError(
            _("“%(name)s” runs in the same days, until %(day)s. Close it first, or choose other days.")
            % {"name": other.name, "day": date(other.closes_on)},
            code="another",
        )
    campaign = TieCampaign(
        alliance=alliance, name=name.strip(), message=message.strip(), opens_on=opens_on, closes_on=closes_on,
        created_at=now,
    )  # fmt: skip
    campaign.full_clean(exclude=["alliance"])
    campaign.save()
    audit.record(
        "actors.campaign_opened", campaign, by=by, alliance=alliance, via=via,
        after={"opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat()},
    )  # fmt: skip
    if opens_on <= today:
        add_actors(campaign, today)
        # The demonstration has nobody to wait for a worker.
        asked = None if via == "demo" else by
        _leave(campaign, by=asked, now=now, today=today, address=address, remind=False)
    return campaign


def add_actors(campaign: TieCampaign, today: dt.date) -> int:
    """Every actor present takes part, those who joined since included. Returns how many are new."""
    known = CampaignReply.objects.filter(campaign=campaign).values("actor_id")
    present = actors_of(campaign.alliance, today, everything=True).exclude(pk__in=known)
    rows = CampaignReply.objects.bulk_create(CampaignReply(campaign=campaign, actor=actor) for actor in present)
    return len(rows)


def contacts_of(actor_ids: Iterable[int], day: dt.date) -> dict[int, list[Person]]:
    """The contact persons of these actors who have an e-mail address, by actor. One query."""
    rows = (
        Mandate.objects.at(day)
        .filter(actor__in=list(actor_ids), is_contact=True, person__erased_at=None)
        .exclude(person__email="")
        .select_related("person__alliance")
        .order_by("pk")
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for mandate in rows:
        found[mandate.actor_id].append(mandate.person)
    return dict(found)


def _leave(campaign: TieCampaign, *, by: Any, now: dt.datetime, today: dt.date, address: str, remind: bool) -> int:
    """Write to those concerned, now where they are few, by a job otherwise. Returns how many actors are written to."""
    rows = list(to_write(campaign, now, remind=remind))
    reached = contacts_of([row.actor_id for row in rows], today)
    wanted = [row for row in rows if row.actor_id in reached]
    if len(wanted) > AT_ONCE and by is not None:
        params = {"campaign": str(campaign.uuid), "address": address, "remind": remind}
        jobs.start("actors.tie_campaign", by=by, alliance=campaign.alliance, params=params)
        return len(wanted)
    return sum(
        write(campaign, row.pk, reached[row.actor_id], now=now, address=address, remind=remind) for row in wanted
    )


def to_write(campaign: TieCampaign, now: dt.datetime, *, remind: bool) -> QuerySet[CampaignReply]:
    """The actors to invite, or to remind: they have not answered, and were not just written to."""
    rows = CampaignReply.objects.filter(campaign=campaign, answered_at=None, actor__merged_into=None)
    if not remind:
        return rows.filter(invited_at=None)
    before = now - BETWEEN
    return rows.filter(invited_at__lte=before).exclude(reminded_at__gt=before)


@transaction.atomic
def write(
    campaign: TieCampaign, reply_id: int, people: Iterable[Person], *, now: dt.datetime, address: str, remind: bool
) -> bool:
    """Write to an actor's contact persons, once: whoever answered or was just written to is left in peace."""
    row = CampaignReply.objects.select_for_update().select_related("actor").get(pk=reply_id)
    if not to_write(campaign, now, remind=remind).filter(pk=row.pk).exists():
        return False
    reference = f"actors.actor:{row.actor.uuid}"
    sent = [_mail(campaign, row.actor, person, reference, address, remind=remind) for person in people]
    if not any(sent):
        return False
    if remind:
        row.reminded_at = now
    else:
        row.invited_at = now
    row.save(update_fields=["reminded_at", "invited_at"])
    return True


def _mail(campaign: TieCampaign, actor: Actor, person: Person, reference: str, address: str, *, remind: bool) -> bool:
    # Someone who stopped these notices is not reminded; the invitation itself asks for an answer.
    if remind and notices.wanted(person, NOTICE) == NoticeChoice.When.NEVER:
        return False
    token = links.make(person=person, purpose=LINK, reference=reference, expires_at=_end(campaign))
    with translation.override(person.language):
        url = address + reverse("actors:ties_by_link", args=[token])
        words = _("Reminder: the ties of %(name)s") if remind else _("The ties of %(name)s: a few minutes")
        subject = words % {"name": actor.name}
    context = {"campaign": campaign, "actor": actor, "remind": remind}
    return notices.notify(
        person=person, kind=NOTICE, subject=subject, template="actors/ties/email/campaign", context=context,
        site=address, url=url, reference=reference, secrets=(token,), must=True,
    )  # fmt: skip


def _end(campaign: TieCampaign) -> dt.datetime:
    """The first instant after the campaign's last day, where the alliance is."""
    return dt.datetime.combine(campaign.closes_on + dt.timedelta(days=1), dt.time(), tzinfo=campaign.alliance.zone)


@transaction.atomic
def remind(*, campaign: TieCampaign, by: Any, today: dt.date, now: dt.datetime, address: str, via: str = "web") -> int:
    """Invite those who joined since, remind those who did not answer. Returns how many actors are written to.

    Errors: ``PermissionDenied``; ``ValidationError`` where the campaign is closed or has not begun.
    """
    require(by, "actors.run_campaign", campaign.alliance)
    campaign = lock(campaign)
    if campaign.closed_at is not None or campaign.closes_on < today:
        raise ValidationError(_("This campaign is closed."), code="closed")
    if campaign.opens_on > today:
        raise ValidationError(_("This campaign has not begun yet."), code="not_begun")
    add_actors(campaign, today)
    count = _leave(campaign, by=by, now=now, today=today, address=address, remind=False)
    count += _leave(campaign, by=by, now=now, today=today, address=address, remind=True)
    audit.record(
        "actors.campaign_reminded", campaign, by=by, alliance=campaign.alliance, via=via, after={"actors": count}
    )
    return count


@transaction.atomic
def close(*, campaign: TieCampaign, by: Any, now: dt.datetime, via: str = "web") -> TieCampaign:
    """End the campaign; its counts stay. Errors: ``PermissionDenied``; ``ValidationError`` where it is closed."""
    if via != "daily":
        require(by, "actors.run_campaign", campaign.alliance)
    campaign = lock(campaign)
    if campaign.closed_at is not None:
        raise ValidationError(_("This campaign is closed."), code="closed")
    campaign.closed_at = now
    campaign.save(update_fields=["closed_at"])
    audit.record("actors.campaign_closed", campaign, by=by, alliance=campaign.alliance, via=via)
    return campaign


def record_reply(
    *, actor: Actor, by: Any, person: Person | None, today: dt.date, now: dt.datetime, via: str = "web"
) -> CampaignReply | None:
    """The actor's people sent their sheet: they have answered the campaign under way, if there is one.

    Call it in the transaction of the sheet, which asked the permission.
    """
    campaign = open_campaign(actor.alliance, today)
    if campaign is None:
        return None
    reply, _made = CampaignReply.objects.get_or_create(campaign=campaign, actor=actor)
    first = reply.answered_at is None
    reply.answered_at = now
    reply.save(update_fields=["answered_at"])
    if not first:
        return reply
    personal = {"person": (None, person.pk)} if person is not None else None
    entry = audit.record(
        "actors.campaign_answered", campaign, by=by, alliance=actor.alliance, after={"actor_id": actor.pk},
        personal=personal, person_key=f"person:{person.pk}" if person is not None else "", via=via,
    )  # fmt: skip
    if in_name(actor, by=by, via=via):
        tell(
            alliance=actor.alliance, kind=ACT, by=by, label=lambda: _("Campaign: %(name)s") % {"name": campaign.name},
            reference=f"actors.tiecampaign:{campaign.uuid}", on_behalf=actor.name if actor.is_public else "",
            entry=entry,
        )  # fmt: skip
    return reply


def ask_other_side(*, actor: Actor, ties: Sequence[Tie], today: dt.date, address: str) -> int:
    """Tell the contact persons of the other side that a tie waits for their answer. Returns how many are told.

    Only those who have an account: the others answer at the next campaign, by their personal address. Call it in the
    transaction of what it tells.
    """
    others = {tie.pk: other_side(tie, actor) for tie in ties}
    people = contacts_of([other.pk for other in others.values()], today)
    count = 0
    for tie in ties:
        other = others[tie.pk]
        for person in people.get(other.pk, ()):
            if person.user_id is None:
                continue
            with translation.override(person.language):
                url = address + reverse("actors_in:ties", args=[actor.alliance.slug, other.uuid])
                subject = _("%(name)s says that it works with %(other)s") % {"name": actor.name, "other": other.name}
            count += notices.notify(
                person=person, kind=NOTICE, subject=subject, template="actors/ties/email/told", site=address, url=url,
                context={"actor": actor, "other": other, "tie": tie}, reference=f"actors.tie:{tie.uuid}",
            )  # fmt: skip
    return count


def daily(now: dt.datetime) -> int:
    """Campaigns that begin invite, those past their last day close. Asked twice on one day, nothing more is done."""
    count = 0
    for campaign in TieCampaign.objects.filter(closed_at=None).select_related("alliance__parent").order_by("pk"):
        today = campaign.alliance.today(now)
        if campaign.closes_on < today:
            close(campaign=campaign, by=None, now=now, via="daily")
            count += 1
        elif campaign.opens_on <= today:
            with transaction.atomic():
                add_actors(campaign, today)
                count += _leave(campaign, by=None, now=now, today=today, address=site.address(), remind=False)
    return count
