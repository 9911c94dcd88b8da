"""What happens to this part's rows when two actors, or two files on one person, become one."""

from __future__ import annotations

from typing import Any

from maillage.actors.merges import moving
from maillage.alliances.models import Person
from maillage.concertation.governance.models import DecisionStep, Facilitation, SeatHolder
from maillage.core.contributions import Merge, merge

merge.add(moving(DecisionStep, ("scale", "part", "about", "since")))
merge.add(moving(Facilitation, ("space_id", "since")))


def _holds(kept: Person, absorbed: Person) -> list[int]:
    """The mandates of the absorbed one go to the kept one, except at a seat where the kept one already is."""
    held = set(SeatHolder.objects.filter(person=kept).values_list("seat_id", "since"))
    rows = SeatHolder.objects.filter(person=absorbed).order_by("pk")
    moved = [row.pk for row in rows if (row.seat_id, row.since) not in held]
    # Each choice to be named was made under one name: under another it is to be made anew.
    named = list(SeatHolder.objects.filter(pk__in=moved, named=True).values_list("pk", flat=True))
    SeatHolder.objects.filter(pk__in=moved).update(person=kept, named=False)
    return [*moved, -1, *named]


def _holds_back(kept: Person, absorbed: Person, trace: Any) -> None:
    cut = trace.index(-1)
    SeatHolder.objects.filter(pk__in=trace[:cut]).update(person=absorbed)
    SeatHolder.objects.filter(pk__in=trace[cut + 1 :]).update(named=True)


def _leads(kept: Person, absorbed: Person) -> list[int]:
    moved = list(Facilitation.objects.filter(person=absorbed).order_by("pk").values_list("pk", flat=True))
    Facilitation.objects.filter(pk__in=moved).update(person=kept)
    return moved


def _leads_back(kept: Person, absorbed: Person, trace: list[int]) -> None:
    Facilitation.objects.filter(pk__in=trace).update(person=absorbed)


merge.add(Merge("person", "concertation.seatholder", ("person",), _holds, _holds_back))
merge.add(Merge("person", "concertation.facilitation", ("person",), _leads, _leads_back))
