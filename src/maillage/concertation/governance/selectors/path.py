"""The decision path and the organigram, as they were on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.actors.forms import capital
from maillage.actors.selectors import sees_all
from maillage.alliances.models import Alliance
from maillage.alliances.vocabulary import fixed_terms
from maillage.concertation.governance.models import DecisionStep, SpaceFunction, SpaceLink
from maillage.concertation.governance.selectors.settings import words_of
from maillage.concertation.models import Space
from maillage.core.dates import holding
from maillage.ui.charts import Box, Branch, Tie, branches

Part = DecisionStep.Part


@dataclass
class Lane:
    """What happens at one scale: the steps of each part, in the order of :class:`DecisionStep.Part`."""

    code: str
    label: str
    parts: dict[str, list[DecisionStep]] = field(default_factory=dict)

    @property
    def cells(self) -> list[tuple[str, str, list[DecisionStep]]]:
        return [(code, str(label), self.parts.get(code, [])) for code, label in Part.choices]


def path_of(alliance: Alliance, day: dt.date, *, everything: bool) -> list[Lane]:
    """The decision path on ``day``, from the smallest scale to the largest. Two queries.

    In public, steps whose space or actor is hidden are left out.
    """
    steps = DecisionStep.objects.at(day).filter(alliance=alliance).select_related("space__alliance", "actor__alliance")
    if not everything:
        elsewhere = Q(space__alliance__is_public=True) | Q(space__alliance=alliance)
        steps = steps.filter((elsewhere & Q(space__is_public=True)) | Q(actor__is_public=True))
    labels = words_of(alliance, "scale")
    order = [code for code, *_words in fixed_terms()["scale"]]
    rank = {code: order.index(code) if code in order else len(order) for code in labels}
    lanes: dict[str, Lane] = {}
    for step in steps.order_by("scale", "part", "id"):
        lane = lanes.setdefault(step.scale, Lane(step.scale, capital(labels.get(step.scale, step.scale))))
        lane.parts.setdefault(step.part, []).append(step)
    return sorted(lanes.values(), key=lambda lane: (rank.get(lane.code, len(order)), lane.label))


@dataclass(frozen=True)
class Organigram:
    """The spaces of an alliance and of its family on a day, and how they fit together."""

    boxes: list[Box]
    ties: list[Tie]

    @property
    def trees(self) -> list[Branch]:
        return branches(self.boxes, self.ties)


def family_of(alliance: Alliance) -> Q:
    """Spaces of the alliance, of its region where that one is open, of its territories where they are."""
    around = Q(alliance=alliance.parent_id) if alliance.parent_id else Q(alliance__parent=alliance)
    return Q(alliance=alliance) | (around & Q(is_public=True, alliance__is_public=True))


def spaces_around(alliance: Alliance, day: dt.date, *, everything: bool) -> QuerySet[Space]:
    """The spaces of the picture on ``day``, with their alliance. One query."""
    found = Space.objects.at(day).filter(family_of(alliance)).select_related("alliance")
    if not everything:
        found = found.filter(is_public=True)
    return found.order_by("alliance__parent_id", "alliance__sort_key", "sort_key", "id")


def organigram_of(alliance: Alliance, day: dt.date, *, everything: bool) -> Organigram:
    """How the spaces fitted together on ``day``, regional and local in one picture. Three queries.

    Where a space's ties were dated, they are read at that day; else its present parent is taken.
    """
    spaces = {space.pk: space for space in spaces_around(alliance, day, everything=everything)}
    ordered = sorted(
        spaces.values(),
        key=lambda space: (
            space.alliance_id != alliance.pk and space.alliance.parent_id is not None,
            space.alliance.parent_id is not None, space.alliance.sort_key, space.sort_key, space.pk,
        ),
    )  # fmt: skip
    regional = any(space.alliance.parent_id is None for space in ordered)
    local = any(space.alliance.parent_id is not None for space in ordered)
    links = SpaceLink.objects.filter(space__in=list(spaces)).order_by("kind", "id")
    dated = set(links.filter(kind=SpaceLink.Kind.PART_OF).values_list("space_id", flat=True))
    ties = [
        Tie(link.space_id, link.other_id, link.kind) for link in links if link.holds(day) and link.other_id in spaces
    ]
    ties += [
        Tie(space.pk, space.parent_id, "part-of")
        for space in ordered
        if space.parent_id in spaces and space.pk not in dated
    ]
    boxes = [
        Box(
            space.pk, space.label, _note(space, alliance), group=space.alliance.short_name,
            own=space.alliance_id == alliance.pk,
            level=1 if regional and local and space.alliance.parent_id is not None else 0,
            url=space.get_absolute_url(),
        )
        for space in ordered
    ]  # fmt: skip
    return Organigram(boxes, ties)


def _note(space: Space, alliance: Alliance) -> str:
    kind = capital(str(space.get_kind_display()))
    return kind if space.alliance_id == alliance.pk else f"{kind}, {space.alliance.short_name}"


def functions_covered(alliance: Alliance, day: dt.date, *, everything: bool) -> list[tuple[str, list[Space]]]:
    """Each of the six functions, with the spaces that cover it on ``day``. Two queries."""
    rows = SpaceFunction.objects.at(day).filter(holding(day, "space__"), space__alliance=alliance)
    if not everything:
        rows = rows.filter(space__is_public=True)
    labels = words_of(alliance, "space-function")
    found: dict[str, list[Space]] = {code: [] for code in labels}
    for row in rows.select_related("space__alliance").order_by("space__sort_key", "id"):
        if row.space not in found.setdefault(row.code, []):
            found[row.code].append(row.space)
    return [(capital(labels.get(code, code)), spaces) for code, spaces in found.items()]


def may_see_all(viewer: object, alliance: Alliance) -> bool:
    """Whether hidden spaces are in the picture too."""
    return sees_all(viewer, alliance)


def group_words(boxes: Sequence[Box]) -> list[str]:
    """The alliances of the picture, each once, in order."""
    return list(dict.fromkeys(box.group for box in boxes)) or [_("Nobody")]
