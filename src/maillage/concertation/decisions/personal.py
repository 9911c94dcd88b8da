"""What decisions hold about people, and what moves when two files on one actor, or one person, become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.actors.merges import moving
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.concertation.decisions.models import Decision, DecisionConcern, Position, PositionComment
from maillage.core.contributions import Merge, PersonalData, merge, personal_data

merge.add(moving(DecisionConcern, ("decision_id", "how")))


def _follows(target: str, model: type[models.Model], field: str) -> Merge:
    """Every row of ``field`` goes to the kept one: none has its like."""
    rows = model._default_manager

    def apply(kept: Any, absorbed: Any) -> list[int]:
        moved = list(rows.filter(**{field: absorbed}).order_by("pk").values_list("pk", flat=True))
        rows.filter(pk__in=moved).update(**{field: kept})
        return moved

    def undo(kept: Any, absorbed: Any, trace: list[int]) -> None:
        rows.filter(pk__in=trace, **{field: kept}).update(**{field: absorbed})

    return Merge(target, model._meta.label_lower, (field,), apply, undo)


merge.add(_follows("actor", Decision, "presenter"))
merge.add(_follows("person", Position, "person"))
merge.add(_follows("person", PositionComment, "person"))


def export(person: Any) -> Mapping[str, Any]:
    """The positions someone took or were recorded for them, and their comments."""
    people = [row.pk for row in persons_of(person)] if _known(person) else []
    positions = Position.objects.filter(person__in=people).select_related("decision", "seat__actor")
    comments = PositionComment.objects.filter(person__in=people).select_related("decision")
    if not people or not (positions or comments):
        return {}
    return {
        "positions": [
            {
                "decision": row.decision.title, "for": row.seat.actor.name, "position": row.stand, "why": row.why,
                "at": row.given_at.isoformat(), "how": row.source, "named": row.named,
                "still_stands": row.superseded_at is None,
            }
            for row in positions.order_by("given_at", "pk")
        ],
        "comments": [
            {"decision": row.decision.title, "text": row.text, "at": row.at.isoformat()}
            for row in comments.order_by("at", "pk")
        ],
    }  # fmt: skip


def _known(person: Any) -> bool:
    return isinstance(person, Person) or hasattr(person, "persons")


def erase(person: Any) -> int:
    """The actor's position stays, since the table decided with it; nothing ties it to the person any more."""
    people = [row.pk for row in persons_of(person)]
    positions = Position.objects.filter(person__in=people).update(person=None, named=False)
    return positions + PositionComment.objects.filter(person__in=people).update(person=None)


personal_data.add(
    PersonalData(
        room="concertation.decisions",
        purpose=_("To count each seat once, and to keep who spoke for it."),
        export=export,
        erase=erase,
    )
)
