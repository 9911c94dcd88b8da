"""What happens to meetings and invitations when two actors, or two files on one person, become one."""

from __future__ import annotations

from typing import Any

from maillage.actors.models import Actor
from maillage.alliances.models import Person
from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation
from maillage.core.contributions import Merge, merge


def _moving(target: str, model: type[Any], name: str) -> Merge:
    """Every row follows: nothing can be alike twice here."""

    def apply(kept: Actor | Person, absorbed: Actor | Person) -> list[int]:
        moved = list(model.objects.filter(**{name: absorbed}).order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=moved).update(**{name: kept})
        return moved

    def undo(kept: Actor | Person, absorbed: Actor | Person, trace: list[int]) -> None:
        model.objects.filter(pk__in=trace).update(**{name: absorbed})

    return Merge(target, model._meta.label_lower, (name,), apply, undo)


def _invited(kept: Person, absorbed: Person) -> list[int]:
    """An invitation to a meeting where the kept one is already invited stays with the absorbed one."""
    both = MeetingInvitation.objects.filter(person=kept).values("meeting")
    rows = MeetingInvitation.objects.filter(person=absorbed).exclude(meeting__in=both)
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    MeetingInvitation.objects.filter(pk__in=moved).update(person=kept)
    return moved


def _invited_back(kept: Person, absorbed: Person, trace: list[int]) -> None:
    MeetingInvitation.objects.filter(pk__in=trace).update(person=absorbed)


merge.add(_moving("actor", Meeting, "facilitator"))
merge.add(_moving("actor", AgendaItem, "presenter"))
merge.add(Merge("person", "concertation.meetinginvitation", ("person",), _invited, _invited_back))
merge.add(_moving("person", MeetingInvitation, "substitute"))
