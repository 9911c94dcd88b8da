"""Evaluation of action: any kind of step turned on the plan, on what was decided or delivered, by whom it concerns."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from maillage.alliances.models import Deliverable
from maillage.core import contributions
from maillage.participation.consultations import copying, evaluating, lifecycle
from maillage.participation.models import Consultation
from maillage.participation.vocabulary import Kind
from maillage.participation.words import words_of
from tests.factories import AllianceFactory, CycleFactory, RoleFactory, StageFactory
from tests.participation.factories import NOW, ConsultationFactory, OptionFactory, StepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def alliance():
    return AllianceFactory(is_public=True)


@pytest.fixture
def agent(alliance):
    return RoleFactory(person__alliance=alliance, kind="agent").person.user


@pytest.fixture
def delivered(alliance):
    stage = StageFactory(cycle=CycleFactory(alliance=alliance, name="2024-2029"))
    Deliverable.objects.create(stage=stage, title="À venir")
    return Deliverable.objects.create(stage=stage, title="La halte-garderie du samedi", done_on=dt.date(2026, 5, 1))


def test_the_plan_and_what_was_delivered_may_be_looked_back_on(alliance, delivered, agent):
    found = {row.reference: row.label for row in evaluating.subjects_of(alliance, None, NOW.date())}
    assert found == {
        f"alliances.cycle:{delivered.stage.cycle_id}": "2024-2029",
        f"alliances.deliverable:{delivered.pk}": "La halte-garderie du samedi",
    }
    ConsultationFactory(alliance=alliance)
    assert not [key for key in found if key.startswith("participation.")]


def test_nobody_outside_is_told_of_what_a_closed_alliance_did(alliance, delivered, agent):
    alliance.is_public = False
    alliance.save()
    stranger = RoleFactory(kind="agent").person.user
    for viewer in (None, stranger):
        assert evaluating.subjects_of(alliance, viewer, NOW.date()) == []
    assert evaluating.subjects_of(alliance, agent, NOW.date())


@pytest.mark.parametrize("kind", Kind.values)
def test_said_on_the_public_page_and_with_the_results_whatever_is_asked(client, alliance, delivered, kind):
    made = ConsultationFactory(
        alliance=alliance, about=f"alliances.deliverable:{delivered.pk}",
        evaluates="La halte-garderie <b>du samedi</b>",
        concerns="les parents qui y sont venus", state="published",
    )  # fmt: skip
    more = {} if kind == Kind.PRIORITIES else {"method": "", "counting": ""}
    StepFactory(consultation=made, kind=kind, state="closed", position=0, **more)
    for name in ("consultation", "results"):
        page = client.get(reverse(f"participation_in:{name}", args=[alliance.slug, made.uuid])).content.decode()
        assert "Évaluation de l’action" in page
        assert "La halte-garderie &lt;b&gt;du samedi" in page
        assert f'href="{alliance.get_absolute_url()}"' in page
        assert "les parents qui y sont venus" in page
    listed = client.get(reverse("participation_in:consultations", args=[alliance.slug])).content.decode()
    assert "Évaluation de l’action" in listed


def test_what_evaluates_nothing_says_nothing_of_it(client, alliance):
    made = ConsultationFactory(alliance=alliance)
    StepFactory(consultation=made, position=0)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Évaluation de l’action" not in page
    assert evaluating.told(made, None, words_of(made, "fr")) is None


def test_it_opens_once_it_says_whom_it_concerns(alliance):
    made = ConsultationFactory(alliance=alliance, state="draft", evaluates="Le transport collectif")
    step = StepFactory(consultation=made, position=0, state="waiting")
    OptionFactory.create_batch(2, step=step)
    assert [line for line in lifecycle.what_is_missing(made, NOW) if "évaluent" in line]
    made.concerns = "les personnes qui le prennent"
    assert lifecycle.what_is_missing(made, NOW) == []


def test_the_agent_chooses_it_in_a_list_and_its_name_is_carried(client, alliance, delivered, agent):
    client.force_login(agent)
    reference = f"alliances.deliverable:{delivered.pk}"
    form = {
        "title": "Qu’en dites-vous?", "about": reference, "concerns": "les parents", "one_page": "1",
        "moderation": "before", "kiosk_grace": "0", "threshold": "5", "language": "fr",
    }  # fmt: skip
    url = reverse("participation_in:consultation_new", args=[alliance.slug])
    assert 'value="alliances.deliverable' in client.get(url).content.decode()
    refused = client.post(url, {**form, "about": "alliances.deliverable:0", "evaluates": "Mes mots"})
    assert refused.status_code == 422
    assert "Mes mots" in refused.content.decode()
    assert client.post(url, form).status_code == 302
    made = Consultation.objects.get()
    assert (made.about, made.evaluates, made.concerns) == (reference, "La halte-garderie du samedi", "les parents")
    # What is no longer offered stays chosen.
    delivered.done_on = None
    delivered.save()
    edit = reverse("participation_in:consultation_edit", args=[alliance.slug, made.uuid])
    assert client.post(edit, {**form, "title": "Autrement"}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.about) == ("Autrement", reference)


def test_a_decision_leads_to_what_looks_back_on_it(alliance):
    class Decision:
        reference = "concertation.decision:00000000-0000-4000-8000-000000000000"

    seen, _hidden = (
        ConsultationFactory(alliance=alliance, about=Decision.reference, state=state) for state in ("open", "draft")
    )
    found = [
        panel for panel in contributions.panels.collect(alliance, None, NOW.date(), page="decision", subject=Decision())
        if panel.template.endswith("evaluations.html")
    ]  # fmt: skip
    assert [row.pk for row in found[0].context["rows"]] == [seen.pk]


def test_a_sister_gets_the_words_and_not_what_is_held_elsewhere(alliance, delivered, agent):
    made = ConsultationFactory(
        alliance=alliance, about=f"alliances.cycle:{delivered.stage.cycle_id}", evaluates="Le plan", concerns="tous"
    )
    sister = AllianceFactory()
    RoleFactory(person__alliance=sister, kind="agent", person__user=agent)
    copy = copying.copy_consultation(source=made, to=sister, by=agent)
    assert (copy.evaluates, copy.concerns, copy.about) == ("Le plan", "tous", "")
