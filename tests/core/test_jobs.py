import datetime as dt
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from maillage.core import jobs
from maillage.core.models import Job, Worker
from maillage.core.worker import Service
from tests.factories import AllianceFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


@jobs.handler("test.count", label=_("name"))
def count(ctx, *, upto):
    for index in range(upto):
        ctx.progress(index + 1, upto, f"rang {index + 1}")
    return {"url": "/resultat/", "message": _("name")}


@jobs.handler("test.refused", label="Refus")
def refused(ctx):
    raise jobs.JobFailed("Le fichier a disparu. Choisissez-le de nouveau.")


@jobs.handler("test.broken", label="Panne")
def broken(ctx):
    raise RuntimeError("secret of a person")


@jobs.handler("test.stolen", label="Vol")
def stolen(ctx):
    Job.objects.filter(pk=ctx.job.pk).update(token=None)
    ctx.progress(1, 1)
    ctx.progress(2, 2)


def started(kind="test.count", by=None, **params):
    return jobs.start(kind, by=by or UserFactory(), params=params)


def test_a_job_runs_to_its_result():
    job = started(upto=3)
    assert (job.state, DBTaskResult.objects.count()) == (Job.State.WAITING, 1)
    assert jobs.run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.note) == (Job.State.DONE, 3, 3, "rang 3")
    assert job.result["url"] == "/resultat/"
    assert job.attempts == 1
    assert job.finished_at


def test_the_queue_holds_nothing_but_the_address():
    job = started(upto=2)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [str(job.uuid)], "kwargs": {}}


def test_a_failure_is_told(caplog):
    job = started("test.refused")
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Le fichier a disparu. Choisissez-le de nouveau.")


def test_an_unexpected_error_is_a_sentence_and_not_a_trace():
    job = started("test.broken")
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "secret" not in job.error
    assert job.error


def test_a_job_without_handler_is_refused_or_failed():
    with pytest.raises(LookupError):
        jobs.start("test.unknown", by=None)
    job = started(upto=1)
    Job.objects.update(kind="test.gone")
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_two_handlers_cannot_share_a_kind():
    def other(ctx): ...

    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match=r"test\.count"):
        jobs.handler("test.count", label="x")(other)


def test_a_worker_that_lost_its_job_writes_nothing_more():
    job = started("test.stolen")
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.RUNNING, 0)


def orphan(**values) -> Job:
    job = started(upto=1)
    past = timezone.now() - dt.timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(
        **{"state": "running", "attempts": 1, "lease_until": past, "started_at": past, "heartbeat_at": past} | values
    )
    DBTaskResult.objects.update(status="RUNNING")
    return job


def test_an_orphan_is_tried_once_more_then_declared_failed():
    job = orphan()
    now = timezone.now()
    assert jobs.recover(now) == 1
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    Job.objects.update(state="running", attempts=2, lease_until=now - dt.timedelta(minutes=1))
    jobs.recover(now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error
    assert jobs.recover(now) == 0
    assert not DBTaskResult.objects.filter(status="RUNNING").exists()


def test_a_job_that_gave_a_sign_between_two_looks_is_left_alone():
    job = orphan()
    now = timezone.now()
    suspects = jobs.lost(now)
    Job.objects.update(lease_until=now - dt.timedelta(seconds=1))
    assert jobs.recover(now, only=suspects) == 0
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_a_job_past_its_limit_is_declared_failed():
    started_at = timezone.now() - dt.timedelta(hours=2)
    job = orphan(started_at=started_at, heartbeat_at=started_at + dt.timedelta(hours=1))
    jobs.recover(timezone.now())
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_waiting_job_that_nothing_carries_is_queued_again():
    job = started(upto=1)
    Job.objects.update(created_at=timezone.now() - dt.timedelta(minutes=5))
    assert jobs.recover(timezone.now()) == 0
    DBTaskResult.objects.update(status="RUNNING")
    assert jobs.recover(timezone.now()) == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_old_jobs_are_deleted():
    job = started(upto=1)
    jobs.run_waiting()
    kept = started(upto=1)
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - dt.timedelta(days=31))
    assert jobs.purge(timezone.now()) == 1
    assert list(Job.objects.values_list("pk", flat=True)) == [kept.pk]


def test_the_language_of_who_asked_is_kept():
    with translation.override("en"):
        job = started("test.broken")
    with translation.override("fr"):
        jobs.run_waiting()
    job.refresh_from_db()
    assert job.language == "en"
    assert job.error.startswith("The task stopped")


class TestPages:
    def test_owner_sees_progress_without_script(self, client):
        owner = UserFactory()
        job = started(by=owner, upto=3)
        Job.objects.update(state="running", done=1, total=3, note="Lecture du registre")
        client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(job.get_absolute_url()).content.decode()
        assert "Lecture du registre" in page
        assert f'<noscript><p><a class="btn quiet" href="{job.get_absolute_url()}">' in page
        part = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "hx-get" in part
        jobs.run_waiting()
        Job.objects.update(state="done", result={"url": "/ici/", "message": "Le compte est prêt."})
        page = client.get(job.get_absolute_url()).content.decode()
        assert "Le compte est prêt." in page
        assert 'href="/ici/"' in page
        assert "hx-get" not in page
        assert "refresh" not in page

    def test_intruders(self, client):
        alliance = AllianceFactory()
        job = jobs.start("test.count", by=user_with(alliance), alliance=alliance, params={"upto": 1})
        assert client.get(job.get_absolute_url()).status_code == 302
        client.force_login(user_with(alliance), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(job.get_absolute_url()).status_code == 404
        assert client.get("/taches/00000000-0000-4000-8000-000000000000/").status_code == 404

    def test_list_is_one_s_own_and_bounded(self, client, django_assert_num_queries):
        owner = UserFactory()
        started(by=UserFactory(), upto=9)
        client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        assert "empty" in client.get("/taches/").content.decode()
        started(by=owner, upto=1)
        client.get("/taches/")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get("/taches/")
        Job.objects.bulk_create(Job(kind="test.count", owner_id=owner.pk) for _i in range(60))
        with django_assert_num_queries(len(one)):
            page = client.get("/taches/")
        assert page.content.decode().count("<time") == 25

    def test_the_list_needs_an_account(self, client):
        assert client.get("/taches/").status_code == 302


def test_the_keeper_says_it_lives_and_starts_the_daily_work_once_a_day(time_machine):
    now = dt.datetime(2026, 11, 26, 14, tzinfo=dt.UTC)  # 9:00 in Toronto
    time_machine.move_to(now, tick=False)
    service = Service()
    Worker.objects.create(name="old", seen_at=now - dt.timedelta(days=3))
    service.look_after(now)
    service.look_after(now + dt.timedelta(seconds=5))
    assert Worker.objects.get().name == service.name
    assert Job.objects.filter(kind="core.daily").count() == 1
    assert service.run_one()
    assert Job.objects.get().state == Job.State.DONE
    assert not service.run_one()


def test_a_handler_past_its_limit_is_stopped_or_left_behind(monkeypatch):
    ctx = jobs.Context(job=started(upto=1), token=None)
    monkeypatch.setattr(jobs, "stuck", set())
    pulse = jobs.Pulse(ctx, limit=0)
    pulse.over.wait = lambda seconds: False
    monkeypatch.setattr(jobs.connection, "close", lambda: None)  # it runs here in the thread of the test
    pulse.run()
    assert ctx.lost
    with pytest.raises(jobs.JobLost):
        ctx.progress(1, 2)
    service = Service()
    service.runner = threading.current_thread()
    service.stopping.set()
    service.look_after(timezone.now())
    assert service.runner is not threading.current_thread()
    service.runner.join(5)


def test_anonymous_user_has_no_jobs():
    assert AnonymousUser().pk is None
    job = jobs.start("test.count", by=AnonymousUser(), params={"upto": 1})
    assert job.owner_id is None
