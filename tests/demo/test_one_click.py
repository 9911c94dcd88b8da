"""One-click sign-in: in the demonstration mode, on this machine, as fictional people. Nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from tests.factories import AllianceFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return reverse("demo:choose")


@pytest.fixture
def demo(settings, client):
    settings.DEMO = True
    client.defaults["HTTP_HOST"] = "localhost:8000"


@pytest.fixture
def agent():
    alliance = AllianceFactory(fictional=True, slug="deux-rivieres", short_name="MRC des Deux-Rivières")
    return RoleFactory(
        person__alliance=alliance, kind="agent", person__user__email="agente@deux-rivieres.demo.invalid",
        person__user__name="Agathe Fictive",
    ).person.user  # fmt: skip


def test_lists_people_by_role_and_signs_in(client, address, demo, agent):
    text = client.get(address).content.decode()
    assert "MRC des Deux-Rivières" in text
    assert "Agathe Fictive" in text
    response = client.post(address, {"account": agent.pk, "alliance": "deux-rivieres"})
    assert response.url == "/deux-rivieres/"
    assert client.get(reverse("accounts:profile")).context["user"] == agent
    assert UserSession.objects.get().user == agent


def test_someone_else_may_be_chosen_next(client, address, demo, agent):
    other = UserFactory(email="operation@demo.invalid", is_operator=True)
    second = UserFactory(email="operation@instance.demo.invalid", is_operator=True)
    client.post(address, {"account": agent.pk})
    assert client.post(address, {"account": other.pk}).status_code == 404
    client.post(address, {"account": second.pk})
    assert client.get(reverse("accounts:profile")).context["user"] == second


@pytest.mark.parametrize("method", ["get", "post"])
def test_absent_outside_the_demonstration_mode(client, address, agent, settings, method):
    client.defaults["HTTP_HOST"] = "localhost:8000"
    assert getattr(client, method)(address, {"account": agent.pk}).status_code == 404
    # Even a setting gone wrong does not open it in production.
    settings.DEMO = settings.PRODUCTION = True
    assert getattr(client, method)(address, {"account": agent.pk}).status_code == 404
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    "how",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "maillage.exemple.test"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
    ],
)
def test_refused_elsewhere_than_on_this_machine(client, address, demo, agent, settings, how):
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get(address, **how).status_code == 403
    assert client.post(address, {"account": agent.pk}, **how).status_code == 403
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_real_is_opened_by_one_click(client, address, demo, agent):
    real = UserFactory(email="vraie@exemple.test", is_operator=True)
    in_a_real_alliance = RoleFactory(person__user__email="fausse@x.demo.invalid").person.user
    in_a_fictional_one = RoleFactory(
        person__alliance__fictional=True, person__user__email="reelle@exemple.test"
    ).person.user
    closed = UserFactory(email="ferme@x.demo.invalid", is_operator=True, is_active=False)
    text = client.get(address).content.decode()
    for user in (real, in_a_real_alliance, in_a_fictional_one, closed):
        assert user.name not in text
        assert client.post(address, {"account": user.pk}).status_code == 404
    assert client.post(address, {"account": "1; --"}).status_code == 404


def test_an_ended_role_is_not_offered(client, address, demo):
    ended = RoleFactory(
        person__alliance__fictional=True, person__user__email="a@x.demo.invalid", until=dt.date(2024, 2, 1)
    )
    assert ended.person.user.name not in client.get(address).content.decode()


def test_as_many_queries_for_one_person_as_for_fifty(client, address, demo, agent, django_assert_num_queries):
    alliance = agent.persons.get().alliance
    client.get(address)
    with django_assert_num_queries(2):
        client.get(address)
    for number in range(50):
        RoleFactory(person__alliance=alliance, person__user__email=f"p{number}@x.demo.invalid")
    with django_assert_num_queries(2):
        client.get(address)
