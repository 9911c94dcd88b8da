"""Rows of consultations for tests."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from maillage.participation.models import Consultation, Option, Step
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Counting, Kind, Method
from tests.factories import AllianceFactory

NOW = dt.datetime(2026, 11, 25, 15, tzinfo=dt.UTC)


class ConsultationFactory(DjangoModelFactory):
    class Meta:
        model = Consultation

    alliance = factory.SubFactory(AllianceFactory)
    title = factory.Sequence(lambda n: f"Consultation fictive {n}")
    intro = "Dites ce qui compte pour vous."
    promise = "Les résultats viennent en décembre."
    decided_by = "le comité fictif"
    state = Consultation.State.OPEN
    opens_at = NOW - dt.timedelta(days=7)
    closes_at = NOW + dt.timedelta(days=7)


class StepFactory(DjangoModelFactory):
    class Meta:
        model = Step
        skip_postgeneration_save = True

    consultation = factory.SubFactory(ConsultationFactory)
    position = factory.Sequence(lambda n: n)
    kind = Kind.PRIORITIES
    method = Method.GRADES
    counting = Counting.JUDGMENT
    state = Step.State.OPEN

    @factory.post_generation
    def keys(self, create, extracted, **kwargs):
        if create and self.state == Step.State.OPEN:
            urn.prepare_urn(self)


class OptionFactory(DjangoModelFactory):
    class Meta:
        model = Option

    step = factory.SubFactory(StepFactory)
    number = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Option fictive {n}")
