"""Testimonies that wait: to be read, a first or a second time; two readings to settle; passages for a second person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.moderation import MOST, Waiting
from maillage.participation.testimonies.models import Quote, Testimony
from maillage.participation.vocabulary import Kind

TODOS = 5
LIVE = (Consultation.State.OPEN, Consultation.State.CLOSED)


def _act(row: Any, viewer: Any) -> str:
    """What this viewer has to do about it; nothing where it is somebody else's turn."""
    if row.read < 2:
        if row.mine:
            return ""
        return _("Read it a second time, apart") if row.read else _("Read it, and put codes on it")
    if not row.mine:
        return ""
    settled = getattr(row, "settled", None)
    if settled is None:
        return _("Two readings differ: settle them")
    if settled.agreed or settled.proposed_by_id == viewer.pk:
        return ""
    return _("Agree on the codes, or propose others")


def waiting(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query. Never the words of a testimony: its own page shows them, to those trusted with it."""
    live = {row.pk: row for row in consultations if row.state in LIVE}
    rows = (
        Testimony.objects.filter(step__consultation__in=live)
        .exclude(settled__agreed=True)
        .annotate(
            read=Count("codings", distinct=True), mine=Count("codings", filter=Q(codings__by=viewer.pk), distinct=True)
        )
        .select_related("settled", "step").defer("text")
        .order_by("-read", "step__consultation__closes_at", "step__position", "id")[: 2 * MOST]
    )  # fmt: skip
    for row in rows:
        if act := _act(row, viewer):
            consultation = live[row.step.consultation_id]
            url = reverse("participation_in:testimony", args=[consultation.alliance.slug, consultation.uuid, row.pk])
            yield Waiting(consultation, "", url, act, needs="participation.code")


@contributions.todo.register
def to_count(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Closed steps whose every testimony is settled, and whose codes are not counted yet. One query."""
    if viewer is None or not may(viewer, "participation.run", scope):
        return
    told = Testimony.objects.filter(step=OuterRef("pk"))
    steps = Step.objects.filter(
        Exists(told), ~Exists(told.exclude(settled__agreed=True)), kind=Kind.TESTIMONIES, state=Step.State.CLOSED,
        consultation__alliance_id=scope.pk, consultation__state=Consultation.State.CLOSED,
    ).select_related("consultation", "result")  # fmt: skip
    for step in steps.order_by("consultation_id", "position", "pk")[:TODOS]:
        result = getattr(step, "result", None)
        if result is not None and ("codes" in result.data or result.data.get("few")):
            continue
        yield Todo(
            title=_("Count what the testimonies speak of: %(title)s") % {"title": step.consultation.title},
            url=reverse("participation_in:testimonies", args=[scope.slug, step.consultation.uuid]),
            action=_("Count them"), detail=_("Two people settled every one. Published, the count no longer changes."),
            key=f"testimonies-count-{step.uuid}",
        )  # fmt: skip


def passages(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """Passages that somebody else chose, and that a second person agrees to show. One query."""
    known = {row.pk: row for row in consultations}
    rows = Quote.objects.filter(testimony__step__consultation__in=known, agreed_by=None, testimony__may_quote=True)
    for row in rows.exclude(chosen_by=viewer.pk).select_related("testimony__step").order_by("pk")[:MOST]:
        consultation = known[row.testimony.step.consultation_id]
        url = reverse("participation_in:testimony_quotes", args=[consultation.alliance.slug, consultation.uuid])
        yield Waiting(
            consultation, row.text, url, _("Agree that it is shown, or take it away"), needs="participation.second",
            language=row.testimony.language, confirm=True,
        )  # fmt: skip
