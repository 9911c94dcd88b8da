"""Two people at the same instant (PostgreSQL)."""

from __future__ import annotations

from django.db import connection, transaction

from maillage.accounts.models import User
from maillage.participation.consultations import lifecycle
from maillage.participation.models import Batch, Consultation, Envelope, KeyedRound, KeyedSheet
from maillage.participation.paper import services
from tests.factories import user_with
from tests.participation.factories import NOW
from tests.participation.paper.makers import batch_of, keyed_twice
from tests.participation.results.makers import step_of
from tests.together.conftest import refused, together  # noqa: F401

SIX = ["650", "651", "0", "561", "116", "606"]


def team(number=3):
    step = step_of()
    return step, batch_of(step, returned=6), [user_with(step.alliance) for _person in range(number)]


def fresh(batch, user):
    return {"batch": Batch.objects.get(pk=batch.pk), "by": User.objects.get(pk=user.pk)}


def test_two_people_accepting_the_same_batch_at_once_count_it_once(together):  # noqa: F811
    step, batch, people = team()
    keyed_twice(batch, people[0], people[1], SIX)
    done = together(*(lambda who=who: services.accept_batch(now=NOW, **fresh(batch, who)) for who in people))
    assert refused(done) == []
    assert Envelope.objects.filter(step=step).count() == 6


def test_three_people_beginning_the_same_pile_at_once_are_two(together):  # noqa: F811
    _step, batch, people = team()
    done = together(
        *(lambda who=who: services.key_sheets(first=1, lines=["650"], **fresh(batch, who)) for who in people)
    )
    said = [outcome.error if not isinstance(outcome, Exception) else str(outcome) for outcome in done]
    assert sorted(bool(words) for words in said) == [False, False, True], said
    assert sorted(KeyedRound.objects.values_list("round", flat=True)) == [1, 2]
    assert KeyedSheet.objects.count() == 2


def test_the_same_sheet_sent_twice_at_once_is_one(together):  # noqa: F811
    _step, batch, people = team(1)
    done = together(
        *(lambda: services.key_sheets(first=1, lines=["650"], **fresh(batch, people[0])) for _turn in range(3))
    )
    assert refused(done) == []
    assert KeyedSheet.objects.count() == 1


def test_accepting_and_publishing_at_once_count_the_batch_or_refuse_to_publish(together):  # noqa: F811
    step, batch, people = team()
    keyed_twice(batch, people[0], people[1], SIX)
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    Consultation.objects.update(publish_asked_by=people[0])
    done = together(
        lambda: services.accept_batch(now=NOW, **fresh(batch, people[0])),
        lambda: lifecycle.publish_results(
            consultation=Consultation.objects.get(), by=User.objects.get(pk=people[1].pk), now=NOW
        ),
    )
    assert len(refused(done)) == 1, "the ballots that came back were not all counted"
    assert Consultation.objects.get().state == "closed"
    batch.refresh_from_db()
    assert batch.state == "accepted"


def test_a_process_killed_while_keying_leaves_every_sheet_that_was_answered_and_no_half(together):  # noqa: F811
    _step, batch, people = team(1)

    def key_then_die():
        services.key_sheets(first=1, lines=["650", "651"], **fresh(batch, people[0]))
        with transaction.atomic():
            services.key_sheets(first=3, lines=["116"], **fresh(batch, people[0]))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert len(refused(together(key_then_die))) == 1
    assert list(KeyedSheet.objects.order_by("line").values_list("typed", flat=True)) == ["650", "651"]
    # The browser, which had no answer, sends again what it does not know to be written.
    done = services.key_sheets(first=2, lines=["651", "116"], **fresh(batch, people[0]))
    assert not done.error
    assert KeyedSheet.objects.count() == 3
