"""Reads of ties and of what actors bring, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from maillage.actors.models import Actor, CampaignReply, Mandate, Offering, Tie, TieCampaign
from maillage.actors.selectors import actor_condition
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.core.dates import holding

DECLINED = Tie.Answer.DECLINED


@dataclass(frozen=True)
class TieLine:
    """A tie as the network reads it: the ids of its two actors, the lower first."""

    pk: int
    first: int
    second: int
    kind: str
    frequency: str
    confirmed: bool
    since: dt.date | None
    until: dt.date | None


def tie_condition(day: dt.date, *, everything: bool) -> Q:
    """What counts on ``day``: holds, not declined, between two actors present and (unless ``everything``) public."""
    sides = actor_condition(day, everything=everything, prefix="first__")
    sides &= actor_condition(day, everything=everything, prefix="second__")
    return holding(day) & sides & ~Q(answer=DECLINED)


def ties_at(alliance: Alliance, day: dt.date, *, everything: bool = False) -> list[TieLine]:
    """Every tie of the alliance that counts on ``day``; those that wait for an answer are told as not confirmed.

    One query. A declined tie does not count. ``everything``: those of actors not shown in public too.
    """
    rows = (
        Tie.objects.filter(tie_condition(day, everything=everything), alliance=alliance)
        .order_by("first_id", "second_id", "kind", "pk")
        .values_list("pk", "first_id", "second_id", "kind", "frequency", "answer", "since", "until")
    )
    return [
        TieLine(pk, first, second, kind, frequency, answer == Tie.Answer.CONFIRMED, since, until)
        for pk, first, second, kind, frequency, answer, since, until in rows
    ]


def of_actor(actor: Actor) -> Q:
    """The condition « one side is this actor »."""
    return Q(first=actor) | Q(second=actor)


def ties_of(actor: Actor, day: dt.date, *, everything: bool = False) -> QuerySet[Tie]:
    """The ties of one actor that count on ``day``, its two sides read with them."""
    found: QuerySet[Tie] = Tie.objects.filter(of_actor(actor), tie_condition(day, everything=everything))
    return found.select_related("first", "second", "told_by").order_by("kind", "pk")


def own_ties(actor: Actor, day: dt.date) -> QuerySet[Tie]:
    """What the actor's own people see: also those declined, and with actors not shown in public."""
    present = actor_condition(day, everything=True, prefix="first__")
    present &= actor_condition(day, everything=True, prefix="second__")
    found: QuerySet[Tie] = Tie.objects.filter(of_actor(actor), holding(day) & present)
    return found.select_related("first", "second", "told_by").order_by("pk")


def former_ties(actor: Actor, day: dt.date) -> QuerySet[Tie]:
    """The ties of one actor that ended by ``day``, the last ended first."""
    standing = Q(first__merged_into=None, second__merged_into=None)
    found: QuerySet[Tie] = Tie.objects.filter(of_actor(actor), standing, until__lte=day).exclude(answer=DECLINED)
    return found.select_related("first", "second").order_by("-until", "-pk")


def other_side(tie: Tie, actor: Actor) -> Actor:
    """The actor at the other end of the tie."""
    return tie.second if tie.first_id == actor.pk else tie.first


def waits_for(tie: Tie, actor: Actor) -> bool:
    """The other side told this tie, and this actor has not answered."""
    return tie.answer == Tie.Answer.WAITING and tie.told_by_id != actor.pk


def spoken_for(user: Any, alliance: Alliance, day: dt.date) -> QuerySet[Actor]:
    """The actors for which this account has a mandate on ``day``. No query for whoever is not signed in."""
    if user is None or not user.is_authenticated:
        return Actor.objects.none()
    held = Mandate.objects.at(day).filter(
        person__user_id=user.pk, person__alliance=alliance, person__erased_at=None, actor__alliance=alliance
    )
    return Actor.objects.filter(actor_condition(day, everything=True), pk__in=held.values("actor_id"))


def may_write_for(user: Any, actor: Actor) -> bool:
    return may(user, "actors.speak_for", actor)


def offerings_of(actor: Actor, *, everything: bool) -> QuerySet[Offering]:
    """What one actor brings; only what it shows in public unless ``everything``."""
    found: QuerySet[Offering] = Offering.objects.filter(actor=actor)
    return found if everything else found.filter(is_public=True)


def offerings_at(alliance: Alliance, day: dt.date, *, everything: bool, inside: bool) -> QuerySet[Offering]:
    """What the actors present on ``day`` bring. ``everything``: of actors not public too; ``inside``: what is for
    members too."""
    found: QuerySet[Offering] = Offering.objects.filter(
        actor_condition(day, everything=everything, prefix="actor__"), actor__alliance=alliance
    )
    return found if inside else found.filter(is_public=True)


def open_campaign(alliance: Alliance, day: dt.date) -> TieCampaign | None:
    """The campaign under way on ``day``."""
    rows = TieCampaign.objects.filter(alliance=alliance, closed_at=None, opens_on__lte=day, closes_on__gte=day)
    found: TieCampaign | None = rows.first()
    return found


@dataclass(frozen=True)
class Progress:
    """How far a campaign is. ``unreached``: no contact person with an e-mail address, and no answer."""

    actors: int
    invited: int
    answered: int
    waiting: int
    unreached: int


def progress_of(campaign: TieCampaign) -> Progress:
    """The counts of a campaign, from its rows. One query."""
    rows = list(
        CampaignReply.objects.filter(campaign=campaign, actor__merged_into=None).values_list(
            "invited_at", "answered_at"
        )
    )
    answered = sum(done is not None for _sent, done in rows)
    invited = sum(sent is not None for sent, _done in rows)
    waiting = sum(sent is not None and done is None for sent, done in rows)
    return Progress(len(rows), invited, answered, waiting, len(rows) - answered - waiting)
