"""Two people at the same instant (PostgreSQL)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from maillage.accounts.models import User
from maillage.participation.consultations import electors, lifecycle
from maillage.participation.models import (
    Batch,
    CodeVoid,
    Consultation,
    Elector,
    Envelope,
    KeyedRound,
    KeyedSheet,
    Step,
    Turnout,
)
from maillage.participation.paper import exchanging, services
from maillage.participation.urn import errors
from maillage.participation.urn import services as urn
from tests.factories import user_with
from tests.participation.factories import NOW
from tests.participation.paper.makers import batch_of, keyed_twice
from tests.participation.paper.test_exchanging import Desk
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


# A code used on line and at the desk at the same instant


def tied(number=1):
    """A consultation by codes with a batch, and the codes of as many people."""
    desk = Desk()
    return desk, [desk.code() for _person in range(number)]


def at_the_desk(desk, code, nonce="at-the-desk-of-paper"):
    return exchanging.exchange_code(code=code, nonce=nonce, now=NOW, **fresh(desk.batch, desk.agent))


def on_line(desk, code, nonce):
    consultation = Consultation.objects.get(pk=desk.consultation.pk)
    return urn.cast(
        consultation=consultation, contents={Step.objects.get(pk=desk.step.pk): "[6,5,0]"}, nonce=nonce, now=NOW,
        elector=urn.find_elector(consultation, code),
    )  # fmt: skip


def test_a_code_used_on_line_and_for_paper_at_the_same_instant_serves_once(together):  # noqa: F811
    desk, codes = tied(8)
    for turn, code in enumerate(codes):
        done = together(
            lambda code=code: at_the_desk(desk, code),
            lambda code=code, turn=turn: on_line(desk, code, f"a-nonce-of-16-signs-{turn}"),
        )
        (lost,) = refused(done)
        assert isinstance(lost, (ValidationError, errors.CodeUsed)), lost
    assert Turnout.objects.count() == 8
    assert desk.fresh().exchanged + Envelope.objects.count() == 8


def test_two_desks_at_once_give_one_sheet_for_a_code_and_for_the_last_of_the_pile(together):  # noqa: F811
    desk, (code, twice, *last) = tied(4)
    other = batch_of(desk.step, number=2, state="printed", handed_out=None, returned=None)
    done = together(
        *(
            lambda batch=batch, nonce=f"the-nonce-of-a-desk-{batch.pk}": exchanging.exchange_code(
                code=code, nonce=nonce, now=NOW, **fresh(batch, desk.agent)
            )
            for batch in (desk.batch, other)
        )
    )
    assert len(refused(done)) == 1
    assert sum(Batch.objects.values_list("exchanged", flat=True)) == 1
    # The same page sent three times at once: one sheet, and nobody is refused.
    done = together(*(lambda: at_the_desk(desk, twice) for _turn in range(3)))
    assert refused(done) == []
    assert sorted(one.again for one in done) == [False, True, True]
    # One sheet is left: whoever gets none still answers on line.
    given, before = desk.fresh().exchanged, Turnout.objects.count()
    Batch.objects.filter(pk=desk.batch.pk).update(printed=given + 1)
    done = together(*(lambda code=code: at_the_desk(desk, code, f"nonce-for-{code}") for code in last))
    assert len(refused(done)) == 1
    assert Turnout.objects.count() == before + 1


def test_a_sheet_given_while_its_code_is_made_void_or_its_step_closes_is_one_or_the_other(together):  # noqa: F811
    desk, (code, late) = tied(2)
    row = urn.find_elector(desk.consultation, code)
    row.consultation = desk.consultation
    void = electors.ask_void(
        consultation=desk.consultation, elector=row, why="Perdu", replace=False, by=desk.agent, now=NOW
    )
    second = User.objects.get(pk=desk.second.pk)
    done = together(
        lambda: at_the_desk(desk, code),
        lambda: electors.confirm_void(void=CodeVoid.objects.get(pk=void.pk), by=second, now=NOW, site="https://x.test"),
    )
    assert len(refused(done)) == 1
    voided = Elector.objects.exclude(voided_at=None).exists()
    assert (voided, desk.fresh().exchanged) in {(True, 0), (False, 1)}
    consultation = Consultation.objects.get(pk=desk.consultation.pk)
    done = together(
        lambda: at_the_desk(desk, late, "a-page-of-the-last-hour"),
        lambda: lifecycle.close_consultation(consultation=consultation, by=None, now=NOW),
    )
    assert len(refused(done)) <= 1
    assert desk.fresh().exchanged == Turnout.objects.count()


def test_after_the_closing_no_number_of_a_transaction_tells_an_exchange_from_a_ballot(together):  # noqa: F811
    desk, codes = tied(6)
    calls = [lambda code=code: at_the_desk(desk, code, f"nonce-for-{code}") for code in codes[:3]]
    calls += [lambda code=code: on_line(desk, code, f"a-nonce-for-{code}") for code in codes[3:]]
    assert refused(together(*calls)) == []
    lifecycle.close_consultation(consultation=desk.consultation, by=None, now=NOW)
    urn.open_urn(Step.objects.get(pk=desk.step.pk), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT xmin::text) FROM participation_turnout")
        assert cursor.fetchone() == (6, 1)
        cursor.execute("SELECT id FROM participation_turnout ORDER BY ctid")
        places = [row[0] for row in cursor.fetchall()]
    assert places == sorted(places), "in the order of keys drawn by lot, not that in which people came"
