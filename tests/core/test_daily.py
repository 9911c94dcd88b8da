"""The daily work: in the morning, once, each room on its own."""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo

import pytest
from django.utils import timezone

from maillage.core import contributions, daily, jobs
from maillage.core.contributions import Daily
from maillage.core.models import Job
from maillage.core.worker import Service

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def at(time_machine, *moment: int) -> dt.datetime:
    """That moment in Toronto; the clock stays there."""
    now = dt.datetime(*moment, tzinfo=zoneinfo.ZoneInfo("America/Toronto"))
    time_machine.move_to(now, tick=False)
    return now


@pytest.mark.parametrize(("hour", "started"), [(0, 0), (3, 0), (6, 0), (7, 1), (12, 1), (23, 1)])
def test_not_before_seven_and_later_the_same_day_if_the_worker_was_off(time_machine, hour, started):
    Service().look_after(at(time_machine, 2026, 11, 26, hour))
    assert Job.objects.filter(kind="core.daily").count() == started


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1)])
def test_once_a_day_across_a_change_of_hour(time_machine, day):
    service = Service()
    for hour in range(24):
        service.look_after(at(time_machine, *day, hour))
    assert Job.objects.filter(kind="core.daily").count() == 1
    service.look_after(at(time_machine, *day, 23) + 9 * HOUR)
    assert Job.objects.filter(kind="core.daily").count() == 2


def test_the_next_morning_again_never_at_midnight(time_machine):
    service = Service()
    service.look_after(at(time_machine, 2026, 11, 26, 8))
    service.look_after(at(time_machine, 2026, 11, 27, 0, 1))
    assert Job.objects.filter(kind="core.daily").count() == 1
    service.look_after(at(time_machine, 2026, 11, 27, 7, 0))
    assert Job.objects.filter(kind="core.daily").count() == 2


def test_one_that_fails_does_not_hold_the_others_back(monkeypatch, caplog):
    ran = []

    def fails(now):
        raise ValueError("ana@exemple.test")

    def works(now):
        ran.append(now)
        return 3

    monkeypatch.setattr(contributions.daily, "items", [Daily("first", fails), Daily("second", works)])
    job = jobs.start("core.daily", by=None)
    with caplog.at_level(logging.ERROR):
        result = daily.daily(jobs.Context(job=job, token=None))
    assert len(ran) == 1
    assert result["counts"]["daily.second"] == 3
    assert "daily.first" not in result["counts"]
    assert "The daily work of first failed." in caplog.text


def test_what_one_left_half_done_is_undone(monkeypatch):
    """A room's work that fails inside its own transaction leaves the connection usable by the next."""
    from django.db import IntegrityError, connection, transaction

    def breaks(now):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_worker (name) VALUES (NULL)")
        return 0

    monkeypatch.setattr(contributions.daily, "items", [Daily("first", breaks), Daily("second", lambda now: 1)])
    job = jobs.start("core.daily", by=None)
    with pytest.raises(IntegrityError):
        breaks(None)
    assert daily.daily(jobs.Context(job=job, token=None))["counts"]["daily.second"] == 1


def test_every_room_is_asked_and_survives_an_empty_instance():
    rooms = [work.room for work in contributions.daily]
    assert len(rooms) == len(set(rooms)), "Two rooms under one name would hide each other's count."
    now = timezone.now()
    for work in contributions.daily:
        assert work.run(now) == 0
