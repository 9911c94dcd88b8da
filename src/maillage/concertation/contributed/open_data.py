"""Open data: actors, spaces and seats as the public may see them, and what search indexes of spaces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.selectors import actors_of
from maillage.alliances.models import Alliance
from maillage.concertation import indexing
from maillage.concertation.selectors import seats_of, spaces_of
from maillage.core import contributions
from maillage.core.contributions import Export, SearchKind, Subject

Rows = Iterator[tuple[Any, ...]]

contributions.search.add(SearchKind(indexing.KIND, gettext_lazy("Spaces"), indexing.rows))  # type: ignore[arg-type]


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Whoever asks, what the public sees. Codes rather than words, so that programs read both languages."""

    def actors() -> Rows:
        names = ("uuid", "name", "type", "website", "since", "until")
        for uuid, *rest in actors_of(scope, today).values_list(*names):
            yield (str(uuid), *rest)

    def spaces() -> Rows:
        names = ("uuid", "name", "kind", "parent__uuid", "purpose", "since", "until")
        for uuid, name, kind, parent, *rest in spaces_of(scope, today).values_list(*names):
            yield (str(uuid), name, kind, str(parent or ""), *rest)

    def seats() -> Rows:
        held = seats_of(scope, today).order_by("space__sort_key", "space_id", "actor__sort_key", "actor_id", "id")
        names = ("space__uuid", "space__name", "actor__uuid", "actor__name", "category", "since", "until")
        for space, space_name, actor, actor_name, *rest in held.values_list(*names):
            yield (str(space), space_name, str(actor), actor_name, *rest)

    yield Export("actors", _("Actors"), ("id", "name", "type", "website", "since", "until"), actors)
    yield Export("spaces", _("Spaces"), ("id", "name", "kind", "part_of", "purpose", "since", "until"), spaces)
    yield Export(
        "seats",
        _("Seats"),
        ("space_id", "space", "actor_id", "actor", "category", "since", "until"),
        seats,
    )


@contributions.subjects.register
def spaces_to_link(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Subject]:
    """The spaces that something else may be about."""
    for space in spaces_of(scope, today):
        space.alliance = scope
        yield Subject(f"concertation.space:{space.pk}", space.name, space.get_absolute_url(), _("Space"))
