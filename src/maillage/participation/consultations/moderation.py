"""What people added and that waits for somebody: statements, testimonies, ideas, passages to be agreed by a second.

A part plugs in from its ``contributions.py``::

    moderation.register(_("Statements"), waiting)

``waiting(consultations, viewer)`` yields :class:`Waiting` rows, those that hold others up first, in a number of queries
that does not depend on how many rows there are. It leaves out what this viewer may not do because of what they did
before (the second person is never the first one); the rule itself is in ``needs``, and is asked here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.core.formats import number
from maillage.participation.consultations.models import Consultation
from maillage.participation.vocabulary import Kind

Text = Any
"""A string, lazy translations included."""
S = Consultation.State
KINDS = (Kind.OPINIONS, Kind.TESTIMONIES, Kind.IDEAS, Kind.QUESTIONNAIRE)
"""What people write in their own words."""
RULES = ("participation.moderate", "participation.code", "participation.second")
MOST = 300
"""Rows of one kind that the page goes through; more wait behind them."""
TODOS = 5


@dataclass(frozen=True)
class Waiting:
    """One thing that waits.

    ``text``: what is to be read, ``""`` where only its own page may show it; ``url``: where it is done; ``act``: what
    the link says, a verb. ``since``: the day it came, where it is kept at all: most often it is not, since an instant
    would help to find who wrote it. ``needs``: the rule, one of ``RULES``.
    """

    consultation: Consultation
    text: str
    url: str
    act: Text
    needs: str = "participation.moderate"
    since: dt.date | None = None
    language: str = ""
    confirm: bool = False
    """Somebody proposed something: it waits for a second person."""


Provider = Callable[[Sequence[Consultation], Any], Iterable[Waiting]]
_kinds: list[tuple[Text, Provider]] = []


def register(label: Text, waiting: Provider) -> None:
    """``label``: what these things are called, in the plural (« Statements »)."""
    _kinds.append((label, waiting))


def url_of(consultation: Consultation) -> str:
    """The queue of one consultation; ``""`` where nobody writes anything in it, or before it opens."""
    if consultation.state == S.DRAFT or not any(step.kind in KINDS for step in consultation.steps.all()):
        return ""
    url = reverse("participation_in:moderation", args=[consultation.alliance.slug])
    return f"{url}?consultation={consultation.uuid}"


def looked_after(alliance: Alliance, viewer: Any) -> list[Consultation]:
    """The consultations where people write, and where this viewer may moderate, code or be a second person. One query
    for the team; for the others, the rules of each consultation under way."""
    found = (
        Consultation.objects.filter(alliance=alliance, steps__kind__in=KINDS, imported_from="")
        .filter(Q(state__in=[S.OPEN, S.CLOSED]) | Q(state=S.PUBLISHED, feedback=""))
        .select_related("space").distinct().order_by("closes_at", "pk")
    )  # fmt: skip
    if viewer is None or not viewer.is_authenticated:
        return []
    rows = list(found[:100])
    for row in rows:
        row.alliance = alliance
    if may(viewer, "participation.run", alliance):
        return rows
    return [row for row in rows if any(may(viewer, rule, row) for rule in RULES)]


def queue(alliance: Alliance, viewer: Any, consultations: Sequence[Consultation]) -> list[tuple[Text, list[Waiting]]]:
    """What waits for this viewer, kind by kind, in the order the parts registered them; kinds with nothing left out."""
    held: dict[tuple[str, int], bool] = {}
    team = may(viewer, "participation.run", alliance)

    def can(row: Waiting) -> bool:
        key = (row.needs, row.consultation.pk)
        if key not in held:
            held[key] = team or may(viewer, row.needs, row.consultation)
        return held[key]

    found = []
    for label, waiting in _kinds if consultations else ():
        rows = list(islice((row for row in waiting(consultations, viewer) if can(row)), MOST))
        if rows:
            found.append((label, rows))
    return found


def said(label: Text, rows: Sequence[Waiting]) -> str:
    """« Statements: 12 to read, 3 to confirm »."""
    second = sum(row.confirm for row in rows)
    parts = []
    if len(rows) > second:
        parts.append(_("%(n)s to read") % {"n": _about(len(rows) - second, len(rows))})
    if second:
        parts.append(_("%(n)s to confirm") % {"n": _about(second, len(rows))})
    return _("%(kind)s: %(n)s") % {"kind": label, "n": ", ".join(parts)}


def _about(n: int, rows: int) -> str:
    """No more than ``MOST`` rows are gone through."""
    return _("more than %(n)s") % {"n": number(n - 1)} if rows >= MOST else number(n)


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """One line for each consultation where something waits for this viewer: how many of each kind."""
    consultations = looked_after(scope, viewer)
    counts: dict[int, list[str]] = {}
    for label, rows in queue(scope, viewer, consultations):
        by: dict[int, list[Waiting]] = {}
        for row in rows:
            by.setdefault(row.consultation.pk, []).append(row)
        for pk, those in by.items():
            counts.setdefault(pk, []).append(said(label, those))
    url = reverse("participation_in:moderation", args=[scope.slug])
    for one in [one for one in consultations if one.pk in counts][:TODOS]:
        yield Todo(
            title=_("Read what people wrote: %(title)s") % {"title": one.title}, url=f"{url}?consultation={one.uuid}",
            action=_("Read what waits"),
            detail=", ".join(counts[one.pk]),
            key=f"consultation-moderation-{one.uuid}",
        )  # fmt: skip
