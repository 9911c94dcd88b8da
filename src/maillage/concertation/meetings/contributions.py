"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Merge, NavigationItem

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "meeting_created": gettext_lazy("Meeting created"),
        "meeting_updated": gettext_lazy("Meeting changed"),
        "meeting_state": gettext_lazy("Meeting begun or held"),
        "meeting_cancelled": gettext_lazy("Meeting cancelled"),
        "series_created": gettext_lazy("Series of meetings created"),
        "series_updated": gettext_lazy("Series of meetings changed"),
        "series_ended": gettext_lazy("Series of meetings ended"),
        "agenda_items_added": gettext_lazy("Points put on an agenda"),
        "agenda_item_updated": gettext_lazy("Point of an agenda changed"),
        "agenda_item_moved": gettext_lazy("Point of an agenda moved"),
        "agenda_item_removed": gettext_lazy("Point taken off an agenda"),
    },
)


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    url = reverse("concertation_in:meetings", args=[scope.slug])
    yield NavigationItem(label=_("Meetings"), url=url, area="public", order=25)
    if viewer is not None and may(viewer, "concertation.organise_meeting", scope):
        yield NavigationItem(label=_("Meetings"), url=url, area="workspace", group=_("Tables and actors"), order=25)


def _moving(model: type[Any], name: str) -> Merge:
    """Every row follows its actor: nothing can be alike twice here."""

    def apply(kept: Actor, absorbed: Actor) -> list[int]:
        moved = list(model.objects.filter(**{name: absorbed}).order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=moved).update(**{name: kept})
        return moved

    def undo(kept: Actor, absorbed: Actor, trace: list[int]) -> None:
        model.objects.filter(pk__in=trace).update(**{name: absorbed})

    return Merge("actor", model._meta.label_lower, (name,), apply, undo)


contributions.merge.add(_moving(Meeting, "facilitator"))
contributions.merge.add(_moving(AgendaItem, "presenter"))
