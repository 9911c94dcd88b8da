"""What becomes of ties, campaigns and what actors bring, when two actors become one."""

from __future__ import annotations

from django.db.models import Q

from maillage.actors.merges import moving
from maillage.actors.models import Actor, CampaignReply, Offering, Tie
from maillage.core.contributions import Merge, merge


def join(kept: Actor, absorbed: Actor) -> list[list[int]]:
    """The ties of the absorbed actor become those of the kept one. Trace: ``[row, 1 where the absorbed told it]``.

    Set aside, where they are: a tie between the two, and an open one that the kept actor already has of that kind.
    """
    trace = []
    for tie in Tie.objects.filter(Q(first=absorbed) | Q(second=absorbed)).order_by("pk"):
        other = _other(tie, absorbed)
        if other == kept.pk:
            continue
        first, second = sorted((other, kept.pk))
        alike = Tie.objects.filter(first_id=first, second_id=second, kind=tie.kind, until=None)
        if tie.until is None and alike.exists():
            continue
        told_by = kept.pk if tie.told_by_id == absorbed.pk else tie.told_by_id
        trace.append([tie.pk, int(tie.told_by_id == absorbed.pk)])
        Tie.objects.filter(pk=tie.pk).update(first_id=first, second_id=second, told_by_id=told_by)
    return trace


def part(kept: Actor, absorbed: Actor, trace: list[list[int]]) -> None:
    """Each tie goes back to its actor; its dates, its answer and its other side stay as they became since."""
    told = {pk: bool(told) for pk, told in trace}
    for tie in Tie.objects.filter(Q(first=kept) | Q(second=kept), pk__in=told):
        first, second = sorted((_other(tie, kept), absorbed.pk))
        told_by = absorbed.pk if told[tie.pk] else tie.told_by_id
        Tie.objects.filter(pk=tie.pk).update(first_id=first, second_id=second, told_by_id=told_by)


def _other(tie: Tie, actor: Actor) -> int:
    """The id of the actor at the other end."""
    found: int = tie.second_id if tie.first_id == actor.pk else tie.first_id
    return found


def register() -> None:
    """Declare every foreign key to actors that this part holds."""
    merge.add(Merge("actor", "actors.tie", ("first", "second", "told_by"), join, part))
    merge.add(moving(CampaignReply, ("campaign_id",)))
    merge.add(moving(Offering, ("kind", "text")))
