import factory
from factory.django import DjangoModelFactory

from maillage.concertation.models import Task
from tests.factories import AllianceFactory


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    alliance = factory.SubFactory(AllianceFactory)
    title = factory.Sequence(lambda n: f"Chose à faire {n}")
