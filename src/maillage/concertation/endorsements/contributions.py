"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.merges import moving
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.concertation.endorsements import found
from maillage.concertation.models import NoConflict
from maillage.core import contributions
from maillage.core.contributions import Merge, PersonalData, merge

__all__ = ["found"]
"""Importing it registers what goes with a withdrawal."""

SAID_KEPT = dt.timedelta(days=5 * 365)
"""How long the words of « there is no conflict » are kept: what was decided may be asked about."""

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "conflict_denied": gettext_lazy("Member said there is no conflict of interest"),
    },
)

merge.add(moving(NoConflict, ("pk",)))


def moving_person(model: Any) -> Merge:
    """The contribution of a table whose ``person`` moves whole."""

    def apply(kept: Person, absorbed: Person) -> list[int]:
        moved = list(model.objects.filter(person=absorbed).values_list("pk", flat=True))
        model.objects.filter(pk__in=moved).update(person=kept)
        return moved

    def undo(kept: Person, absorbed: Person, trace: list[int]) -> None:
        model.objects.filter(pk__in=trace, person=kept).update(person=absorbed)

    return Merge("person", model._meta.label_lower, ("person",), apply, undo)


merge.add(moving_person(NoConflict))


def export(subject: Any) -> Mapping[str, Any]:
    """What the person answered when a conflict of interest was found."""
    said = NoConflict.objects.filter(person__in=persons_of(subject))
    return {
        _("answers on conflicts of interest"): [
            {_("item"): row.reference, _("on"): row.at.isoformat(), _("words"): row.words} for row in said
        ]
    }


def erase(subject: Any) -> int:
    """Blank the words; that an answer was given stays, without anyone."""
    return NoConflict.objects.filter(person__in=persons_of(subject)).update(words="", person=None)


def purge(today: dt.date) -> int:
    """Blank the words that are older than their limit."""
    limit = dt.datetime.combine(today - SAID_KEPT, dt.time(), tzinfo=dt.UTC)
    return NoConflict.objects.filter(at__lt=limit).exclude(words="").update(words="", person=None)


contributions.personal_data.add(
    PersonalData(
        room="concertation-endorsements",
        purpose=gettext_lazy("Keep what members answered about conflicts of interest, so that decisions hold."),  # type: ignore[arg-type]
        export=export,
        erase=erase,
        purge=purge,
    )
)
