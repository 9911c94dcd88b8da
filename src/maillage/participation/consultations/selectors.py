"""Reads of consultations, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.alliances.models import Alliance, Role
from maillage.concertation.governance.holders import holders_of
from maillage.core.access import may
from maillage.participation import kinds
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation, Helper, Option, Step
from maillage.participation.consultations.setup import if_there
from maillage.participation.vocabulary import WEAK

S = Consultation.State


def consultations_of(alliance: Alliance, viewer: Any) -> QuerySet[Consultation]:
    """Those the viewer may read, for whoever may read the alliance: drafts for those who steer or oversee only."""
    found = Consultation.objects.filter(alliance=alliance)
    return found if sees_drafts(alliance, viewer) else found.filter(SHOWN)


def sees_drafts(alliance: Alliance, viewer: Any) -> bool:
    return may(viewer, "participation.run", alliance) or may(viewer, "alliances.oversee", alliance)


def in_order(found: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Open ones first, the first to close on top; then what is prepared; then what is over, the newest first."""
    rank = Case(
        When(state=S.OPEN, then=Value(0)), When(state=S.DRAFT, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    until = Case(When(state=S.OPEN, then=F("closes_at")))
    return found.annotate(rank=rank, until=until).order_by(
        "rank", F("until").asc(nulls_last=True), F("closes_at").desc(nulls_last=True), "-id"
    )


STEPS = Prefetch("steps", queryset=Step.objects.order_by("position", "pk"))


def with_steps(found: QuerySet[Consultation]) -> QuerySet[Consultation]:
    return found.select_related("stage", "space").prefetch_related(STEPS)


def steps_of(consultation: Consultation) -> list[Step]:
    """The steps in order, each with its options in order. Two queries."""
    options = Option.objects.select_related("picture").order_by("number", "pk")
    rows = list(consultation.steps.prefetch_related(Prefetch("options", queryset=options)).order_by("position", "pk"))
    for row in rows:
        row.consultation = consultation
    return rows


@dataclass(frozen=True)
class Standing:
    """Where a consultation stands, in words, with the kind of its tag."""

    words: str
    kind: str = ""
    icon: str = ""


def standing(consultation: Consultation, now: dt.datetime) -> Standing:
    """What the tag says. An open one past its hour closes within seconds: it is said closed already."""
    if consultation.state == S.OPEN:
        if consultation.closes_at is not None and now >= consultation.closes_at:
            return Standing(pgettext("consultation", "Closed"))
        return Standing(pgettext("consultation", "Open"), "success", "check")
    if consultation.state == S.DRAFT:
        return Standing(pgettext("consultation", "In preparation"), "caution")
    if consultation.state == S.PUBLISHED:
        return Standing(pgettext("consultation", "Results published"), "info")
    if consultation.state == S.CANCELLED:
        return Standing(pgettext("consultation", "Cancelled"), "danger")
    return Standing(pgettext("consultation", "Closed"))


def open_steps(consultation: Consultation, now: dt.datetime) -> list[Step]:
    """The steps that someone may answer now, by a ballot or by a page of their own."""
    if consultation.state != S.OPEN or (consultation.closes_at is not None and now >= consultation.closes_at):
        return []
    return [
        step
        for step in consultation.steps.all()
        if step.state == Step.State.OPEN and (step.closes_at is None or now < step.closes_at)
    ]


def takes_ballots(consultation: Consultation, now: dt.datetime) -> bool:
    """Whether a ballot may be sent now. Testimonies and ideas are not sent with it: they have pages of their own."""
    return any(kinds.is_in_ballot(step) for step in open_steps(consultation, now))


@dataclass(frozen=True)
class WayIn:
    """The button by which one takes part; ``ballot``: it leads to the ballot."""

    label: str
    url: str
    ballot: bool = True


def way_in(consultation: Consultation, now: dt.datetime) -> WayIn | None:
    """The ballot where one may be sent; else the first step that has a page of its own; else nothing."""
    found = open_steps(consultation, now)
    if any(kinds.is_in_ballot(step) for step in found):
        url = if_there("ballot", consultation)
        return WayIn(action_words(consultation), url) if url else None
    for step in found:
        step.consultation = consultation
        label, url = kinds.own_page(step)
        if url:
            return WayIn(str(label), url, ballot=False)
    return None


def action_words(consultation: Consultation) -> str:
    """What the button says: one votes only where the vote decides."""
    return _("Vote") if consultation.is_vote else _("Give my opinion")


def is_weak(consultation: Consultation) -> bool:
    """The same person could answer twice: it is said wherever results are."""
    return consultation.access in WEAK


def others_who_second(consultation: Consultation, user: Any) -> bool:
    """Whether anybody else may be the second person today: the team, those trusted with something, or whoever sits
    where it is decided. Three queries at most."""
    alliance = consultation.alliance
    today = alliance.today()
    people = get_user_model().objects.filter(is_active=True).exclude(pk=user.pk)
    roles = Role.objects.at(today).filter(person__erased_at=None, person__user__in=people)
    team = Q(kind__in=[Role.Kind.AGENT, Role.Kind.REGIONAL], person__alliance_id=alliance.pk)
    if roles.filter(team).exists():
        return True
    inside = roles.filter(person__alliance_id=alliance.pk).order_by().values("person__user")
    held = Helper.objects.at(today).filter(consultation=consultation, person__erased_at=None)
    if held.filter(person__user__in=inside).exists():
        return True
    if consultation.space is None:
        return False
    return holders_of(consultation.space, today).filter(person__user__in=inside).exists()
