"""What the actors' room gives to the others. What also reads seats is given by the concertation room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors import indexing, log_words, merges
from maillage.actors.models import Mandate
from maillage.actors.selectors import actors_of, by_type
from maillage.alliances.models import Alliance
from maillage.alliances.personal import persons_of
from maillage.core import contributions
from maillage.core.contributions import Composition, PersonalData, SearchKind

MANDATE_KEPT = dt.timedelta(days=2 * 365)
"""How long an ended mandate is kept: enough for a handover and for the account of the year."""


@contributions.composition.register
def composition(scope: Alliance | None, viewer: Any, today: dt.date) -> Iterator[Composition]:
    """The threads of the selvage: the actors shown in public, by type. One query."""
    if scope is None:
        return
    # Asked several times for one page (the selvage, the figures): kept on the alliance object, which lives one request.
    known: dict[dt.date, dict[str, int]] = scope.__dict__.setdefault("_maillage_composition", {})
    if today not in known:
        known[today] = by_type(actors_of(scope, today))
    for code, count in known[today].items():
        yield Composition(code, count)


def export_mandates(subject: Any) -> Mapping[str, Any]:
    """For whom the person speaks or spoke. ``subject``: a person, or an account (then every person it is)."""
    held = Mandate.objects.filter(person__in=persons_of(subject)).select_related("actor")
    return {
        _("mandates"): [
            {
                _("actor"): mandate.actor.name,
                _("title or function"): mandate.title,
                _("contact person"): mandate.is_contact,
                _("held since"): mandate.since and mandate.since.isoformat(),
                _("held until"): mandate.until and mandate.until.isoformat(),
            }
            for mandate in held
        ]
    }


def erase_mandates(subject: Any) -> int:
    """Delete the person's mandates: without the person they say nothing."""
    return Mandate.objects.filter(person__in=persons_of(subject)).delete()[0]


def purge_mandates(today: dt.date) -> int:
    """Delete the mandates that ended longer ago than their limit."""
    return Mandate.objects.filter(until__lte=today - MANDATE_KEPT).delete()[0]


contributions.personal_data.add(
    PersonalData(
        room="actors",
        purpose=gettext_lazy("Know who speaks for an actor, and write to that person."),  # type: ignore[arg-type]
        export=export_mandates,
        erase=erase_mandates,
        purge=purge_mandates,
    )
)
contributions.search.add(SearchKind(indexing.KIND, gettext_lazy("Actors"), indexing.rows))  # type: ignore[arg-type]
merges.register()

from maillage.actors.interests import contributions as interests  # noqa: E402
from maillage.actors.participation import contributions as participation  # noqa: E402
from maillage.actors.ties import contributions as ties  # noqa: E402

__all__ = ["interests", "log_words", "participation", "ties"]
"""Importing it names the acts of the room."""
