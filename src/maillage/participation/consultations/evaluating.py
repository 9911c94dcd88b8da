"""Evaluation of action: the same tools turned on something that was done, by the people it concerns.

What is looked back on is said in words (``evaluates``) and, where a room of the product holds it, by its reference
(``about``): a decision, a deliverable, the plan of a period, later an objective or a project. Rooms offer them by
``core.contributions.subjects``; this one knows none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.contributions import Panel, Subject
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation

OWN = "participation."
MOST = 5


def subjects_of(alliance: Alliance, viewer: Any, today: dt.date) -> list[Subject]:
    """What may be looked back on, that this viewer may see: everything that rooms offer, consultations apart."""
    found = contributions.subjects.collect(alliance, viewer, today)
    return [row for row in found if not row.reference.startswith(OWN)]


def choices(alliance: Alliance, viewer: Any, today: dt.date, kept: str = "") -> list[tuple[Any, Any]]:
    """For a list to choose from, by kind; ``kept``: what stands already, which stays even if it is offered no more."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in subjects_of(alliance, viewer, today):
        groups.setdefault(str(row.kind), []).append((row.reference, str(row.label)))
    known = {key for rows in groups.values() for key, _label in rows}
    found: list[tuple[Any, Any]] = [("", _("Nothing that is held here"))]
    if kept and kept not in known:
        found.append((kept, _("What was chosen before")))
    return found + sorted(groups.items())


@dataclass(frozen=True)
class Evaluated:
    """What people look back on, as a reader sees it."""

    words: str
    url: str
    concerns: str


def told(consultation: Consultation, viewer: Any, words: Any) -> Evaluated | None:
    """None where it evaluates nothing. The address only for whoever may see what it leads to."""
    if not consultation.is_evaluation:
        return None
    subject = None
    if consultation.about:
        rows = subjects_of(consultation.alliance, viewer, consultation.alliance.today())
        subject = next((row for row in rows if row.reference == consultation.about), None)
    said = words.get("evaluates", consultation.evaluates) or (str(subject.label) if subject else "")
    return Evaluated(said, subject.url if subject else "", words.get("concerns", consultation.concerns))


@contributions.panels.register
def panels(scope: Alliance, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On the page of a decision: the consultations that look back on it. One query."""
    if page != "decision" or subject is None:
        return
    found = Consultation.objects.filter(SHOWN, alliance_id=scope.pk, about=subject.reference)
    rows = list(found.order_by("-opened_at", "-pk")[:MOST])
    for row in rows:
        row.alliance = scope
    if rows:
        yield Panel("decision", "participation/consultations/evaluations.html", {"rows": rows}, order=60)
