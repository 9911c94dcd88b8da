"""Reading the public log of what was done in the members' name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from maillage.alliances.acts.models import ActInName, Appeal
from maillage.alliances.models import Alliance, DelegatedPower, Person, Role
from maillage.core import contributions
from maillage.core.dates import holding
from maillage.core.withholding import withheld_from

GROUP_SHOWN = 2
"""Acts of one kind in one month that are read at once."""


def kind_label(code: str) -> str:
    """What a kind of act reads as; its code where no room declares it any more."""
    return next((str(kind.label) for kind in contributions.act_kinds if kind.code == code), code)


def role_label(code: str) -> str:
    """« agent », « coordination régionale »: never a person."""
    if code == "regional-parent":
        return str(Role.Kind.REGIONAL.label)
    return str(Role.Kind(code).label) if code in Role.Kind.values else _("the platform")


@dataclass(frozen=True)
class Line:
    """An act as its reader sees it. ``hidden``: the reader withdrew from what it is about."""

    act: ActInName
    kind: str
    role: str
    hidden: bool
    appeals: list[Appeal] = field(default_factory=list)


def acts_of(alliance: Alliance, kind: str = "") -> QuerySet[ActInName]:
    """Newest first. ``kind``: only these, where it is a kind at all."""
    rows = ActInName.objects.filter(alliance=alliance)
    return rows.filter(kind=kind) if kind else rows


def lines(acts: Iterable[ActInName], viewer: Any) -> list[Line]:
    """The acts with their appeals, in the same number of queries whatever their number."""
    found = list(acts)
    appeals: dict[int, list[Appeal]] = {}
    for appeal in Appeal.objects.filter(act__in=found).order_by("made_at", "id").defer("reason"):
        appeals.setdefault(appeal.act_id, []).append(appeal)
    hidden = hidden_from(viewer, found)
    return [
        Line(
            act=act,
            kind=kind_label(act.kind),
            role=role_label(act.role_kind),
            hidden=act.reference in hidden,
            appeals=[] if act.reference in hidden else appeals.get(act.pk, []),
        )
        for act in found
    ]


@dataclass(frozen=True)
class Group:
    """The acts of one kind in one month: beyond a few, the others are folded."""

    kind: str
    month: dt.date
    lines: list[Line]

    @property
    def first(self) -> list[Line]:
        return self.lines[:GROUP_SHOWN]

    @property
    def others(self) -> list[Line]:
        return self.lines[GROUP_SHOWN:]


def groups(shown: Iterable[Line], alliance: Alliance) -> list[Group]:
    """The lines of a page by month then kind, each group where its newest act stands."""
    found: dict[tuple[dt.date, str], Group] = {}
    for line in shown:
        month = line.act.at.astimezone(alliance.zone).date().replace(day=1)
        found.setdefault((month, line.kind), Group(line.kind, month, [])).lines.append(line)
    # Months in their order, newest first; a group is never split between two months.
    return sorted(found.values(), key=lambda group: group.month, reverse=True)


def hidden_from(viewer: Any, acts: Iterable[ActInName]) -> frozenset[str]:
    """The references among these that are withheld from the viewer."""
    references = {act.reference for act in acts if act.reference}
    if viewer is None or not viewer.is_authenticated or not references:
        return frozenset()
    people = list(Person.objects.filter(user_id=viewer.pk, erased_at=None).values_list("pk", flat=True))
    return frozenset(reference for _person, reference in withheld_from(people, references))


def kinds_present(alliance: Alliance) -> list[tuple[str, str, int]]:
    """Code, words and count of each kind there is, by its words."""
    counted = ActInName.objects.filter(alliance=alliance).order_by().values_list("kind").annotate(n=Count("pk"))
    return sorted(((code, kind_label(code), n) for code, n in counted), key=lambda row: row[1])


def powers_today(alliance: Alliance, today: dt.date) -> list[DelegatedPower]:
    return list(DelegatedPower.objects.filter(holding(today), alliance=alliance).order_by("title", "id"))


def coordination_of(alliance: Alliance, today: dt.date) -> list[Person]:
    """Who answers the appeals of this alliance today: its coordinators, and those of its regional parent."""
    owners = [alliance.pk, *([alliance.parent_id] if alliance.parent_id else [])]
    held = Role.objects.filter(holding(today), kind=Role.Kind.REGIONAL, person__alliance_id__in=owners)
    people = Person.objects.filter(pk__in=held.values("person_id"), erased_at=None)
    return list(people.select_related("alliance__parent").order_by("pk"))


def open_appeals(alliances: Iterable[int], viewer: Any) -> QuerySet[Appeal]:
    """Those that wait for the viewer, who coordinates these alliances: never against their own act."""
    rows = Appeal.objects.filter(state=Appeal.State.OPEN, act__alliance_id__in=list(alliances))
    own = Q(act__done_by_id=viewer.pk) | Q(person__user_id=viewer.pk)
    mine = rows.filter(own).values("pk")
    return rows.exclude(pk__in=mine).select_related("act__alliance").order_by("made_at", "id")
