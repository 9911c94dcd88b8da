"""Steps of statements, and people who answer them."""

from __future__ import annotations

import json
import random
import secrets

from maillage.participation.models import Statement, Step
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Kind
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

S = Statement.State


def step_of(statements=8, *, consultation=None, **of) -> Step:
    """An open step with its statements."""
    of = {"changeable": True, "policy": "Une idée par phrase. Aucun nom.", **of}
    step = StepFactory(
        consultation=consultation or ConsultationFactory(**of), kind=Kind.OPINIONS, method="", counting="", position=0
    )
    Statement.objects.bulk_create(
        Statement(step=step, number=n, text=f"Énoncé fictif numéro {n}.", state=S.SHOWN)
        for n in range(1, statements + 1)
    )
    return step


def cast(step, votes) -> str:
    content = votes if isinstance(votes, str) else json.dumps({str(n): v for n, v in votes.items()})
    return urn.cast(
        consultation=step.consultation, contents={step: content}, nonce=secrets.token_urlsafe(16), now=NOW
    ).receipt


def camps(step, people=(14, 12), statements=8, seed=1):
    """Two camps that disagree on all the statements but the first, which everyone agrees with."""
    chance = random.Random(seed)
    for camp, size in enumerate(people):
        for _person in range(size):
            side = 1 if camp == 0 else -1
            votes = {n: side if chance.random() < 0.92 else -side for n in range(2, statements + 1)}
            cast(step, {1: 1, **votes})
