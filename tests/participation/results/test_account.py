"""What results give to the account: the first words of each step, without asking more for thirty than for one."""

from __future__ import annotations

import copy
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from maillage.participation import kinds
from maillage.participation.models import Consultation, Option, Result, Step
from maillage.participation.results import giving
from maillage.participation.vocabulary import Kind
from tests.factories import AllianceFactory
from tests.participation.factories import NOW, ConsultationFactory, StepFactory
from tests.participation.ideas import makers as of_ideas
from tests.participation.makers import close
from tests.participation.opinions import makers as of_opinions
from tests.participation.questionnaires import makers as of_questions
from tests.participation.results import makers as of_priorities
from tests.participation.testimonies import makers as of_testimonies

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def of_kind(kind: str, alliance) -> Step:
    """A step of this kind, answered, counted and published."""
    if kind == Kind.PRIORITIES:
        return of_priorities.counted(["[6,5,0]"] * 6, of={"alliance": alliance}).step
    if kind == Kind.OPINIONS:
        step = of_opinions.step_of(2, alliance=alliance)
        for _ in range(8):
            of_opinions.cast(step, {1: 1, 2: -1})
        close(step)
    elif kind == Kind.QUESTIONNAIRE:
        step = of_questions.step_of(alliance=alliance)
        question = of_questions.question_of(of_questions.section_of(step))
        for answer in "aaaaaabbbbbb":
            of_questions.cast(step, {question: answer})
        close(step)
    elif kind == Kind.TESTIMONIES:
        step = of_testimonies.step_of(alliance=alliance)
        of_testimonies.book_of(step)
        for _ in range(7):
            of_testimonies.tell(step)
        of_testimonies.close(step)
        of_testimonies.publish(step)
    else:
        step = of_ideas.step_of(alliance=alliance)
        of_ideas.shown(step)
        of_ideas.close(step)
        of_ideas.publish(step)
    Consultation.objects.update(published_at=NOW)
    return Step.objects.select_related("consultation__alliance", "result").get(pk=step.pk)


def again(step: Step, times: int) -> None:
    """As many other consultations with the same result."""
    for _ in range(times):
        consultation = ConsultationFactory(
            alliance=step.consultation.alliance, state=Consultation.State.PUBLISHED, published_at=NOW
        )
        other = StepFactory(
            consultation=consultation, kind=step.kind, method=step.method, counting=step.counting,
            state=Step.State.CLOSED,
        )  # fmt: skip
        for option in step.options.all():
            option.pk, option.uuid, option.step = None, uuid.uuid4(), other
            Option.save(option, force_insert=True)
        result = copy.copy(step.result)
        Result.objects.create(step=other, state="ready", ballots=result.ballots, data=result.data, computed_at=NOW)


def queries(alliance) -> tuple[int, int]:
    """``(queries, words said)`` of the section, for a reader in English: translations are looked for."""
    with translation.override("en"), CaptureQueriesContext(connection) as seen:
        sections = list(giving.section(alliance, None, TODAY))
    return len(seen), sum(isinstance(block, str) for section in sections for block in section.blocks)


@pytest.mark.parametrize("kind", Kind.values)
def test_the_account_asks_no_more_for_thirty_steps_than_for_one_and_says_what_their_page_says(kind):
    alliance = AllianceFactory()
    step = of_kind(kind, alliance)
    told = kinds.of(step).told(step, step.result.data)["headline"]
    headlines = kinds.of(step).headlines([step])
    assert list(map(str, headlines[step.pk])) == list(map(str, told))
    one, said = queries(alliance)
    assert said == 1
    again(step, 29)
    many, said = queries(alliance)
    assert said == 30
    assert many == one
