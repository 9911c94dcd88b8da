"""A wording put right while people answer: by two, and everyone reads what it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.acts.models import ActInName
from maillage.participation.consultations import asking, lifecycle
from maillage.participation.models import Asked, Erratum, Question, Step
from maillage.participation.questionnaires import services
from tests.participation.questionnaires.makers import question_of, section_of, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(people) -> Question:
    now = timezone.now()
    step = step_of(
        alliance=people.alliance, opened_at=now, opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=7),
    )  # fmt: skip
    return question_of(section_of(step), label="Prenez vous l’autobus?")


def ask(question: Question, by, label: str = "Prenez-vous l’autobus?", **labels: str) -> Asked | None:
    return services.ask_correction(
        question=question, label=label, labels=labels, why="Une faute.", by=by, now=timezone.now()
    )


def test_two_people_put_a_wording_right_and_everyone_reads_what_it_was(client, people, question):
    found = question.section.step.consultation
    place = {"slug": people.alliance.slug, "key": found.uuid}
    client.force_login(people.agent)
    page = reverse("participation_in:question_edit", kwargs={**place, "question": question.uuid})
    data = {"label": "Prenez-vous l’autobus?", "choice_a": "Oui", "choice_b": "Choix b", "why": ""}
    assert client.post(page, data).status_code == 422
    waits = reverse("participation_in:asked", kwargs=place)
    assert client.post(page, {**data, "why": "Une faute."}).url == waits
    row = Asked.objects.get()
    answer = reverse("participation_in:asked_answer", kwargs={**place, "asked": row.uuid})
    client.post(answer, {"acte": "confirmer"})
    question.refresh_from_db()
    assert question.label == "Prenez vous l’autobus?", "nobody changes alone what people read"
    assert not Erratum.objects.exists()
    client.force_login(people.second)
    shown = client.get(waits).content.decode()
    for said in ("Prenez vous l’autobus?", "Prenez-vous l’autobus?", "Choix a", "Oui", "Une faute."):
        assert said in shown
    client.post(answer, {"acte": "confirmer"})
    question.refresh_from_db()
    assert (question.label, question.choices[0]["label"]) == ("Prenez-vous l’autobus?", "Oui")
    assert list(Erratum.objects.order_by("pk").values_list("before", "after", "why")) == [
        ("Prenez vous l’autobus?", "Prenez-vous l’autobus?", "Une faute."), ("Choix a", "Oui", "Une faute."),
    ]  # fmt: skip
    assert ActInName.objects.get(kind="question-corrected").source == "Une faute."


def test_what_is_refused_is_refused_to_the_first_person(people, question):
    with pytest.raises(PermissionDenied):
        ask(question, people.member)
    with pytest.raises(ValidationError):
        ask(question, people.agent, label=" ")
    with pytest.raises(ValidationError):
        ask(question, people.agent, a="Choix b")
    assert ask(question, people.agent, label=question.label) is None
    assert not Asked.objects.exists()


def test_it_falls_with_its_step(people, question):
    asked = ask(question, people.agent)
    lifecycle.close_step(step=question.section.step, now=timezone.now())
    asked.refresh_from_db()
    assert asked.state == Asked.State.LAPSED
    with pytest.raises(ValidationError):
        asking.confirm(asked=asked, by=people.second, now=timezone.now())
    with pytest.raises(ValidationError):
        ask(question, people.agent)
    question.refresh_from_db()
    assert question.label == "Prenez vous l’autobus?"
    assert Step.objects.get().state == Step.State.CLOSED
