"""Steps of ideas, and people who bring them."""

from __future__ import annotations

import datetime as dt
import secrets

from maillage.participation.consultations import lifecycle
from maillage.participation.ideas import merging, services
from maillage.participation.models import Consultation, Idea, NamedProblem, Step
from maillage.participation.results import counting
from maillage.participation.vocabulary import Kind
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

POLICY = "On ne nomme personne. Il faut deux personnes pour refuser."


def step_of(problems=("Sans auto, on ne se rend pas chez le médecin",), **of) -> Step:
    of.setdefault("policy", POLICY)
    step = StepFactory(
        consultation=ConsultationFactory(**of), kind=Kind.IDEAS, method="", counting="", position=0, title="Se déplacer"
    )
    for place, label in enumerate(problems):
        NamedProblem.objects.create(step=step, label=label, position=place)
    return step


def bring(step, title="Un taxi partagé", *, now=NOW, **more) -> tuple[Idea, str]:
    """The idea as its author brings it, and its receipt."""
    made = services.propose(step=step, title=title, nonce=secrets.token_urlsafe(16), now=now, **more)
    return made.idea, made.receipt


def shown(step, title="Un taxi partagé", **more) -> tuple[Idea, str]:
    """The same, accepted."""
    idea, receipt = bring(step, title, **more)
    Idea.objects.filter(pk=idea.pk).update(state=Idea.State.SHOWN, checked=True)
    idea.refresh_from_db()
    idea.step = step
    return idea, receipt


def merge_of(step, *ideas, by, days=14, title="Un transport à partager", text="Ensemble."):
    until = step.consultation.alliance.today(NOW) + dt.timedelta(days=days)
    return merging.propose_merge(step=step, ideas=ideas, title=title, text=text, answers_until=until, by=by, now=NOW)


def close(step) -> None:
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    step.consultation.refresh_from_db()
    counting.count(step, now=NOW)


def publish(step) -> None:
    Consultation.objects.filter(pk=step.consultation_id).update(state=Consultation.State.PUBLISHED)
    step.consultation.refresh_from_db()
