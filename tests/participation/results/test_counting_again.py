"""The count in the background: waiting, failed, started again; by whom; and files to take away."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.actors.models import Participation
from maillage.core import contributions, jobs
from maillage.core.models import Job
from maillage.participation.consultations import taking_part
from maillage.participation.jobs import count_step
from maillage.participation.models import Result, Step
from maillage.participation.results import counting, services
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Method
from tests.factories import PersonFactory, RoleFactory, StageFactory, UserFactory
from tests.participation.factories import NOW
from tests.participation.results.makers import cast, close, counted, step_of

pytestmark = pytest.mark.django_db
BATCH = "3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c"


def agent_of(alliance):
    user = UserFactory()
    RoleFactory(person=PersonFactory(alliance=alliance, user=user), kind="agent")
    return user


def address(consultation, name="participation_in:results", *more):
    return reverse(name, args=[consultation.alliance.slug, consultation.uuid, *more])


def failed():
    result = counted([[6, 5, 4]] * 7, published=False)
    counting.fail(result.step)
    return result.step


def test_a_count_that_failed_says_so_and_the_agent_starts_it_again(client):
    step = failed()
    consultation = step.consultation
    client.force_login(agent_of(consultation.alliance))
    text = client.get(address(consultation)).content.decode()
    assert "s’est arrêté" in text
    answer = client.post(address(consultation, "participation_in:results_recount", 0))
    assert answer.status_code == 302
    assert Result.objects.get(step=step).state == Result.State.WAITING
    assert Job.objects.filter(kind="participation.count", params__step=str(step.uuid)).exists()
    assert "en train d’être comptés" in client.get(address(consultation)).content.decode()


def test_a_count_that_stopped_before_it_began_is_started_again_too(client):
    step = step_of()
    cast(step, [6, 5, 4])
    close(step, published=False)
    Result.objects.filter(step=step).delete()
    consultation = step.consultation
    job = jobs.start("participation.count", by=None, alliance=consultation.alliance, params={"step": str(step.uuid)})
    client.force_login(agent_of(consultation.alliance))
    assert "en train d’être comptés" in client.get(address(consultation)).content.decode()
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
    text = client.get(address(consultation)).content.decode()
    assert "s’est arrêté" in text
    assert address(consultation, "participation_in:results_recount", 0) in text


def test_asked_twice_it_is_started_once():
    step = failed()
    agent = agent_of(step.consultation.alliance)
    Job.objects.all().delete()
    first = services.start_count(step=step, by=agent)
    assert services.start_count(step=step, by=agent) == first


def test_an_open_step_is_not_counted():
    from django.core.exceptions import ValidationError

    step = step_of()
    with pytest.raises(ValidationError):
        services.start_count(step=step, by=agent_of(step.consultation.alliance))


def test_the_page_says_that_an_open_step_is_not_counted(client):
    step = step_of()
    client.force_login(agent_of(step.consultation.alliance))
    answer = client.post(address(step.consultation, "participation_in:results_recount", 0), follow=True)
    assert "n’est pas encore" in answer.content.decode()


def test_a_batch_voided_during_the_count_is_not_counted(monkeypatch):
    step = step_of()
    for _ballot in range(7):
        cast(step, [6, 2, 3])
    urn.add_paper(step=step, contents=["[1,6,6]"] * 9, batch=BATCH, now=NOW)
    close(step, published=False)
    whole = counting.groups.who

    def slow(*args):
        urn.remove_batch(step=step, batch=BATCH)
        return whole(*args)

    monkeypatch.setattr(counting.groups, "who", slow)
    result = counting.count(step, now=NOW)
    assert result.ballots == result.data["ballots"] == 7
    assert result.data["order"] == [[1], [3], [2]]


def test_counted_anew_once_published_the_record_of_participation_follows(monkeypatch):
    step = step_of()
    step.consultation.stage = StageFactory(cycle__alliance=step.consultation.alliance)
    step.consultation.save()
    for _ballot in range(7):
        cast(step, [6, 2, 3])
    urn.add_paper(step=step, contents=["[1,6,6]"] * 9, batch=BATCH, now=NOW)
    close(step)
    step.consultation.refresh_from_db()
    assert taking_part.record(step.consultation).people == 16
    urn.remove_batch(step=step, batch=BATCH)
    monkeypatch.setattr(urn, "forget_traces", lambda **kwargs: True)
    count_step(SimpleNamespace(progress=lambda *args: None), step=str(step.uuid))
    assert Participation.objects.get().people == 7


@pytest.mark.parametrize("who", ["nobody", "member", "stranger"])
def test_only_the_agent_starts_it_again(client, who):
    step = failed()
    consultation = step.consultation
    if who == "member":
        user = UserFactory()
        RoleFactory(person=PersonFactory(alliance=consultation.alliance, user=user), kind="member")
        client.force_login(user)
    elif who == "stranger":
        client.force_login(agent_of(step_of().consultation.alliance))
    answer = client.post(address(consultation, "participation_in:results_recount", 0))
    assert answer.status_code in (302, 403, 404)
    assert Result.objects.get(step=step).state == Result.State.FAILED


def test_a_job_that_breaks_leaves_a_result_that_says_so(monkeypatch):
    step = step_of()
    cast(step, [6, 5, 4])
    Step.objects.filter(pk=step.pk).update(state=Step.State.CLOSED)

    def breaks(*args, **kwargs):
        raise ValueError("broken")

    monkeypatch.setattr(counting, "count", breaks)
    job = jobs.start("participation.count", by=None, params={"step": str(step.uuid)})
    jobs.execute(job.uuid)
    assert Result.objects.get(step=step).state == Result.State.FAILED


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [("image.svg", "image/svg+xml", b"<svg"), ("tableau.xlsx", "sheet", b"PK"), ("resultats.pdf", "pdf", b"%PDF")],
)
@pytest.mark.parametrize("method", list(Method))
def test_pictures_tables_and_documents(client, method, name, kind, start):
    contents = {
        Method.GRADES: [6, 5, 4], Method.APPROVAL: [1, 3], Method.SCORE: [5, None, 2], Method.RANKING: [1, 2, 0],
        Method.BUDGET: [1, 2],
    }[method]  # fmt: skip
    costs = (100, 200, 300) if method == Method.BUDGET else ()
    extra = {"envelope_cents": 30_000} if costs else {}
    result = counted([contents] * 7, method, costs=costs, **extra)
    answer = client.get(address(result.step.consultation, "participation_in:results_file", 0, name))
    assert answer.status_code == 200
    assert kind in answer["Content-Type"]
    assert answer.content.startswith(start)
    assert client.get(address(result.step.consultation)).status_code == 200


def test_files_wait_for_the_publication(client):
    result = counted([[6, 5, 4]] * 7, published=False)
    answer = client.get(address(result.step.consultation, "participation_in:results_file", 0, "image.svg"))
    assert answer.status_code == 403


def test_as_many_queries_for_ten_options_as_for_three_hundred(client):
    counts = []
    for size in (3, 60):
        result = counted([[6] * size] * 7, labels=[f"Choix fictif {n}" for n in range(size)])
        client.get(address(result.step.consultation))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(address(result.step.consultation))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_is_given_to_the_other_rooms():
    result = counted([[6, 5, 4]] * 7)
    alliance = result.step.consultation.alliance
    today = alliance.today(result.step.consultation.published_at)
    figures = [
        one for one in contributions.evidence.collect(alliance, None, today) if "bulletins" in str(one.label).lower()
    ]
    assert [(one.element, one.value) for one in figures] == [(8, 7)]
    export = next(one for one in contributions.exports.collect(alliance, None, today) if one.name == "results")
    (row,) = export.rows()
    assert row[6] == 7
    assert row[8] == result.file.get_absolute_url()
    keys = [one.key for one in contributions.report.collect(alliance, None, today)]
    assert "results" in keys


def test_nothing_is_given_before_the_publication():
    result = counted([[6, 5, 4]] * 7, published=False)
    alliance = result.step.consultation.alliance
    export = next(
        one for one in contributions.exports.collect(alliance, None, alliance.today()) if one.name == "results"
    )
    assert list(export.rows()) == []


def test_a_vote_and_an_opinion_are_not_said_alike(client):
    for is_vote, said in ((True, "ont voté"), (False, "ont donné leur avis")):
        step = step_of(of={"is_vote": is_vote})
        for _person in range(7):
            cast(step, [6, 5, 4])
        close(step)
        assert said in client.get(address(step.consultation)).content.decode()
