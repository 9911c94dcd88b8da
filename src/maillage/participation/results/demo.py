"""Fictional ballots of the consultations that are over, through the urn; then their count and their publication."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from maillage.core.access import may
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.participation.consultations import lifecycle
from maillage.participation.consultations.models import AboutQuestion, Consultation, FeedbackLink, Step
from maillage.participation.paper.models import Batch
from maillage.participation.results import counting
from maillage.participation.urn import opening
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import About, Channel

PLACES = (
    ("saules", "Rivière-aux-Saules", 40), ("cormier", "Val-Cormier", 23), ("briere", "Pointe-à-Brière", 18),
    ("eloise", "Sainte-Éloïse-du-Lac", 14), ("orme", "Saint-Orme", 3), ("serenite", "Mont-Sérénité", 0.35),
)  # fmt: skip
AGES = (("18-29", 19), ("30-44", 27), ("45-64", 30), ("65-", 23))
GRADES = (
    (682, 318, 154, 68, 31, 18), (648, 341, 171, 69, 28, 14), (421, 398, 262, 118, 49, 20),
    (366, 402, 289, 132, 55, 24), (214, 338, 391, 208, 82, 33), (231, 287, 302, 241, 128, 61),
)  # fmt: skip
"""How each of the six problems is graded, from the strongest to the weakest: what is drawn follows these weights."""
LIKED = (34, 41, 52, 38, 29, 22, 26, 31)
"""How liked each project of the budget is, out of a hundred."""
PAPER, ON_LINE = (312, 248), 724
BOXES = ("Bibliothèque de Rivière-aux-Saules", "Le Grenier des Saules")
VOTES, VOTES_ON_PAPER, VOTES_SO_FAR = 136, (94,), 25


def _about(rng: random.Random, age: str) -> str:
    said = {About.AGE: age}
    if rng.random() < 0.86:
        said[About.PLACE] = rng.choices([code for code, _name, _n in PLACES], [n for _code, _name, n in PLACES])[0]
    return json.dumps({str(key): value for key, value in sorted(said.items())}, separators=(",", ":"))


def _cast(
    consultation: Consultation, step: Step, contents: Sequence[Any], rng: random.Random, abouts: Sequence[str]
) -> None:
    """Each ballot as its page would send it, a few by kiosk or with a helper."""
    now = (consultation.opens_at or consultation.created_at) + dt.timedelta(days=3)
    for content, about in zip(contents, abouts, strict=True):
        channel = rng.choices([Channel.ONLINE, Channel.KIOSK, Channel.HELPED], [88, 9, 3])[0]
        urn.cast(
            consultation=consultation, contents={step: json.dumps(content, separators=(",", ":"))}, about=about,
            channel=channel, nonce=base64.urlsafe_b64encode(rng.randbytes(16)).decode(), now=now,
        )  # fmt: skip


def _paper(world: World, step: Step, number: int, contents: Sequence[Any]) -> None:
    """A batch keyed twice and accepted: its sheets go in the urn together."""
    batch = Batch.objects.create(
        step=step, number=number, place=BOXES[number - 1], printed=len(contents) + 60, handed_out=len(contents) + 40,
        returned=len(contents), counted=len(contents), state=Batch.State.ACCEPTED, accepted_by=world["user:agent"],
    )  # fmt: skip
    urn.add_paper(
        step=step, contents=[json.dumps(content, separators=(",", ":")) for content in contents],
        batch=str(batch.uuid), now=step.consultation.opens_at or step.consultation.created_at,
    )  # fmt: skip


def _problems(rng: random.Random) -> tuple[list[int], str]:
    """A ballot on the six problems, and its author’s age: the young care more for transport, the old for company."""
    age = rng.choices([code for code, _n in AGES], [n for _code, n in AGES])[0]
    tilt: Mapping[str, Sequence[float]] = {"18-29": (1, 1, 1.5, 1.2, 0.8, 1.3), "65-": (1, 1, 0.9, 0.8, 1.6, 0.5)}
    content = []
    for place, weights in enumerate(GRADES):
        lift = tilt.get(age, (1,) * 6)[place]
        grade = rng.choices((6, 5, 4, 3, 2, 1), [n * lift if i < 2 else n for i, n in enumerate(weights)])[0]
        content.append(0 if rng.random() < 0.012 else grade)
    return content, age


def _projects(rng: random.Random, options: int = len(LIKED)) -> list[int]:
    content = [number for number, liked in enumerate(LIKED[:options], start=1) if rng.random() * 100 < liked]
    return [] if rng.random() < 0.01 else content


def cast(world: World, rng: random.Random) -> None:
    """What people answered, while it was open."""
    problems = world["consultation:problemes"]
    AboutQuestion.objects.create(
        consultation=problems, position=0, kind=About.PLACE, purpose="Savoir si chaque village est entendu.",
        choices=[{"code": code, "fr": name, "en": name} for code, name, _n in PLACES],
    )  # fmt: skip
    AboutQuestion.objects.create(
        consultation=problems,
        position=1,
        kind=About.AGE,
        purpose="Savoir si les jeunes et les aînés disent autre chose.",
    )
    step = problems.steps.get()
    step.consultation = problems
    drawn = [_problems(rng) for _ballot in range(ON_LINE)]
    abouts = [_about(rng, age) if rng.random() < 0.9 else "" for _content, age in drawn]
    _cast(problems, step, [content for content, _age in drawn], rng, abouts)
    for number, sheets in enumerate(PAPER, start=1):
        _paper(world, step, number, [_problems(rng)[0] for _sheet in range(sheets)])
    budget = world["consultation:budget"]
    step = budget.steps.get()
    step.consultation = budget
    _cast(budget, step, [_projects(rng) for _ballot in range(VOTES)], rng, [""] * VOTES)
    for number, sheets in enumerate(VOTES_ON_PAPER, start=1):
        _paper(world, step, number, [_projects(rng) for _sheet in range(sheets)])
    village = world["consultation:village"]
    step = village.steps.get()
    step.consultation = village
    options = step.options.count()
    _cast(village, step, [_projects(rng, options) for _ballot in range(VOTES_SO_FAR)], rng, [""] * VOTES_SO_FAR)


def publish(world: World, rng: random.Random) -> None:
    """Counted once closed; asked for by the agent, published by someone who sits where it is decided."""
    agent = world["user:agent"]
    for key, feedback in (("problemes", True), ("budget", False)):
        found = Consultation.objects.select_related("alliance", "space").get(pk=world[f"consultation:{key}"].pk)
        closed = found.closed_at or found.created_at
        for step in found.steps.all():
            step.consultation = found
            opening.open_urn(step, now=closed)
            counting.count(step, now=closed + dt.timedelta(minutes=1))
        now = closed + dt.timedelta(days=12)
        lifecycle.ask_publication(consultation=found, by=agent, now=now, via="demo")
        second = next(user for user in world.all("user") if user != agent and may(user, "participation.second", found))
        lifecycle.publish_results(consultation=found, by=second, now=now + dt.timedelta(hours=3), via="demo")
        if feedback:
            on = found.decided_on or now.date()
            Consultation.objects.filter(pk=found.pk).update(
                feedback="L’Alliance en a fait les deux premiers axes de son plan d’action.", feedback_on=on
            )
            FeedbackLink.objects.create(consultation=found, label="Plan d’action de l’Alliance, axes 1 et 2")


demo.add(DemoStep("participation.ballots", 65, cast))
demo.add(DemoStep("participation.results", 69, publish))
