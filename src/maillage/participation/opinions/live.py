"""The groups while people answer: computed in the background, now and then, and never precise.

Two readings must not give anyone away by their difference. So a new one is made only once as many new ballots as the
smallest group shown have come (and a tenth more); shares are rounded to 5 %, numbers of people to the threshold; a
ballot that is changed makes no new reading. Only rounded aggregates are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core import jobs
from maillage.core.locks import lock
from maillage.core.models import Job
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.opinions import grouping
from maillage.participation.opinions.models import OpinionReading
from maillage.participation.urn import keys
from maillage.participation.urn import services as urn
from maillage.participation.urn.errors import KeyLost
from maillage.participation.vocabulary import Kind

EVERY = dt.timedelta(minutes=5)
ROUND = 5
"""Per cent."""
KIND = "participation.opinions"


def is_due(step: Step, reading: OpinionReading | None, ballots: int, now: dt.datetime) -> bool:
    """Whether enough time has passed and enough new ballots came for a reading that gives nobody away."""
    least = step.consultation.threshold
    if reading is None:
        return ballots >= 2 * least
    return reading.at + EVERY <= now and ballots - reading.participants >= max(least, reading.participants // 10)


def look(now: dt.datetime) -> int:
    """Start a reading of the open steps that are due; the worker asks every few seconds."""
    started = 0
    live = Step.objects.filter(
        kind=Kind.OPINIONS, state=Step.State.OPEN, consultation__state=Consultation.State.OPEN
    ).filter(Q(opinion_reading=None) | Q(opinion_reading__at__lte=now - EVERY))
    for step in live.select_related("consultation__alliance", "opinion_reading").order_by("pk"):
        reading = getattr(step, "opinion_reading", None)
        if not is_due(step, reading, urn.ballots_so_far(step), now):
            continue
        # One under way, or one that failed a moment ago: it is not asked again every few seconds.
        if Job.objects.filter(kind=KIND, params__step=str(step.uuid), created_at__gt=now - EVERY).exists():
            continue
        jobs.start(KIND, by=None, alliance=step.consultation.alliance, params={"step": str(step.uuid)})
        started += 1
    return started


@jobs.handler(KIND, label=_("Groups of opinion while people answer"), limit=600)
def read_job(ctx: jobs.Context, *, step: str) -> dict[str, Any]:
    """Read an open step. Run twice, the second one finds that nothing new came."""
    found = Step.objects.select_related("consultation__alliance").filter(uuid=step).first()
    if found is None or found.state != Step.State.OPEN:
        return {}
    try:
        read(found, now=timezone.now())
    except KeyLost:
        raise jobs.JobFailed(keys.sentence()) from None
    return {}


def read(step: Step, *, now: dt.datetime) -> OpinionReading | None:
    """The groups of an open step as they stand, kept in the place of the former ones. None where it is not due."""
    ballots = [sealed.content for sealed in urn.opened(step)]
    before = OpinionReading.objects.filter(step=step).first()
    if not is_due(step, before, len(ballots), now):
        return None
    found = grouping.gather(step, ballots)
    data = rounded(grouping.aggregates(step, found, redraws=grouping.FEW_REDRAWS), step.consultation.threshold)
    # One figure: enough to order statements, too little to count votes back.
    data["priorities"] = {n: float(f"{one:.1g}") for n, one in grouping.priorities(found.votes).items()}
    with transaction.atomic():
        fresh = lock(step)
        before = OpinionReading.objects.filter(step=step).first()
        # Another worker may have read it meanwhile, or the step may have closed: its count says it then.
        if fresh.state != Step.State.OPEN or not is_due(step, before, len(ballots), now):
            return None
        made, _created = OpinionReading.objects.update_or_create(
            step=step, defaults={"data": data, "participants": len(ballots), "at": now}
        )
    return made


def rounded(data: Mapping[str, Any], least: int) -> dict[str, Any]:
    """The same aggregates, too coarse for the difference of two of them to speak of one person."""
    statements = [
        {
            "n": row["n"],
            "all": _shares(row["all"]),
            "parts": None if row["parts"] is None else [_shares(part) for part in row["parts"]],
        }
        for row in data["statements"]
    ]
    groups = [
        {
            **group,
            "size": _down(group["size"], least),
            "centre": [round(one * 2) / 2 for one in group["centre"]],
            "axes": [*(max(0.5, round(one * 2) / 2) for one in group["axes"][:2]), round(group["axes"][2] / 15) * 15],
        }
        for group in data["groups"]
    ]
    return {
        **{name: data[name] for name in ("verdict", "shared", "divides", "least", "refusals", "refused")},
        "rounded": True,
        "ballots": _down(data["ballots"], least),
        "people": _down(data["people"], least),
        "statements": statements,
        "groups": groups,
        # The squares of the map would move with one person: outlines are enough while it lives.
        "cells": [],
        "few": [],
        "ungrouped": 0,
    }


def _down(count: int, least: int) -> int:
    return count // least * least


def _shares(counts: list[int]) -> list[int]:
    """Per cent, rounded; they may not add to 100."""
    total = sum(counts)
    return [round(100 * one / total / ROUND) * ROUND if total else 0 for one in counts]
