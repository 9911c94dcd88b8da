"""Loading the demonstration where there is none: whole or not at all, on any day, never in production."""

import datetime as dt
from unittest.mock import patch

import pytest
import time_machine
from click.testing import CliRunner
from django.core.exceptions import ValidationError

from maillage.accounts.models import User
from maillage.actors.selectors import actors_of
from maillage.alliances.models import Alliance, Deliverable
from maillage.demo import services
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def test_an_interruption_leaves_nothing(db) -> None:
    with patch("maillage.concertation.demo.sisters", side_effect=ValidationError("x")), pytest.raises(ValidationError):
        services.load(today=TODAY)
    assert not Alliance.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize("today", [dt.date(2027, 1, 31), dt.date(2028, 2, 29), dt.date(2026, 3, 31)])
def test_any_day_makes_a_coherent_alliance(db, today) -> None:
    with time_machine.travel(dt.datetime.combine(today, dt.time(15), tzinfo=dt.UTC), tick=False):
        services.load(today=today)
    main = Alliance.objects.get(slug="deux-rivieres")
    assert actors_of(main, today).count() == 58
    cycle = main.cycles.get()
    assert cycle.since <= today < cycle.until
    assert not Deliverable.objects.filter(done_on__gt=today).exists()
    assert not main.memory.filter(on__gt=today).exists()


def test_it_refuses_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(services.DemoRefused):
        services.load()
    with pytest.raises(services.DemoRefused):
        services.reset()


def test_the_command_says_what_it_did(settings) -> None:
    from maillage.demo.cli import demo

    runner = CliRunner()
    first = runner.invoke(demo, [])
    assert first.exit_code == 0, first.output
    assert "maude.thivierge@deux-rivieres.demo.invalid" in first.output
    assert "already there" in runner.invoke(demo, []).output
    settings.PRODUCTION = True
    refused = runner.invoke(demo, ["--reset"])
    assert refused.exit_code == 1
    assert "production" in refused.output
