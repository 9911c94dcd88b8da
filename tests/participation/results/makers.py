"""Closed steps with their ballots, counted as the worker does."""

from __future__ import annotations

import json
import secrets

from maillage.participation.consultations import lifecycle
from maillage.participation.models import Consultation, Result, Step
from maillage.participation.results import counting
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import COUNTINGS, Method
from tests.participation.factories import NOW, ConsultationFactory, OptionFactory, StepFactory


def step_of(method=Method.GRADES, *, rule="", labels=("Se loger", "Manger", "Se déplacer"), costs=(), **kwargs) -> Step:
    """An open step; ``costs`` in dollars, an option each."""
    consultation = kwargs.pop("consultation", None) or ConsultationFactory(**kwargs.pop("of", {}))
    kwargs.setdefault("position", 0)
    step = StepFactory(consultation=consultation, method=method, counting=rule or COUNTINGS[method][0], **kwargs)
    for place, label in enumerate(labels):
        cost = costs[place] * 100 if costs else None
        OptionFactory(step=step, number=place + 1, label=label, cost_cents=cost)
    return step


def cast(step: Step, content, *, about=None, channel="online") -> str:
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    said = json.dumps(about, sort_keys=True, separators=(",", ":")) if about else ""
    return urn.cast(
        consultation=step.consultation, contents={step: text}, about=said, channel=channel,
        nonce=secrets.token_urlsafe(16), now=NOW,
    ).receipt  # fmt: skip


def close(step: Step, *, published=True) -> Result:
    """Close its consultation, count it, and publish it."""
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    urn.open_urn(step, now=NOW)
    counting.count(step, now=NOW)
    if published:
        Consultation.objects.filter(pk=step.consultation_id).update(
            state=Consultation.State.PUBLISHED, published_at=NOW
        )
    return Result.objects.get(step=step)


def counted(contents, method=Method.GRADES, *, published=True, **kwargs) -> Result:
    """The result of these ballots."""
    step = step_of(method, **kwargs)
    for content in contents:
        cast(step, content)
    return close(step, published=published)


def bytes_of(document) -> bytes:
    """What a reader downloads."""
    with document.file.open("rb") as handle:
        return handle.read()
