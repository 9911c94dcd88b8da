"""The handover file: what it holds, who may have it, and that it can be read by assistive technology."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from maillage.alliances import handover, jobs, services
from maillage.alliances.models import Role
from maillage.core.jobs import run_waiting
from maillage.core.models import Document, Job
from tests.factories import AllianceFactory, CycleFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def alliance():
    alliance = AllianceFactory(name="Alliance pour la solidarité de Val-Fictif", contact_phone="819 555-0142")
    agent = user_with(alliance)
    person = services.add_person(alliance, by=agent, name="Alice Fictive", email="alice@exemple.test")
    services.grant_role(person, by=agent, kind="treasurer")
    services.delegate_power(alliance, by=agent, title="Convoquer les tables", given_by="Table Logement")
    cycle = CycleFactory(alliance=alliance)
    services.save_agreement(cycle, by=agent, title="Entente 2024-2029", envelope_cents=84_200_000)
    services.remember(alliance, by=agent, on=DAY, title="Arrivée d’une agente", is_public=False)
    return alliance


def words(alliance):
    agent = user_with(alliance)
    with translation.override("fr"):
        return str(handover.sections(alliance, agent, DAY, "https://maillage.test"))


def test_it_holds_what_a_new_agent_must_know(alliance):
    text = words(alliance)
    for expected in (
        "Alice Fictive", "alice@exemple.test", "Convoquer les tables", "Entente 2024-2029", "84200000",
        "Arrivée d’une agente", "819 555-0142", "https://maillage.test/",
    ):  # fmt: skip
        assert expected in text


def test_the_file_is_a_tagged_pdf_with_a_title(alliance):
    import pikepdf

    agent = user_with(alliance)
    with translation.override("fr"):
        data = handover.make_pdf(alliance, agent, DAY, "fr")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("fr")
        with pdf.open_metadata() as metadata:
            assert "Dossier de passation" in str(metadata)


def test_only_who_may_hand_over_asks_for_it(alliance):
    with pytest.raises(PermissionDenied):
        jobs.start_handover(alliance, by=user_with(alliance, Role.Kind.MEMBER))
    assert not Job.objects.exists()


def test_the_job_keeps_the_file_for_the_one_who_asked(client, alliance):
    agent = user_with(alliance)
    job = jobs.start_handover(alliance, by=agent)
    assert run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    result = job.result
    document = Document.objects.get()
    assert document.name.startswith("passation-")
    assert document.expires_at is not None
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(result["url"]).getvalue().startswith(b"%PDF-")
    signed_in(client, alliance)
    assert client.get(result["url"]).status_code in {403, 404}
    services.end_role(agent.persons.get().roles.get(), by=user_with(alliance), on=alliance.today())
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(result["url"]).status_code in {403, 404}
