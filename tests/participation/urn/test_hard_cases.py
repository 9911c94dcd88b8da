"""What may go wrong with an urn, each case by itself."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.utils import DatabaseError

from maillage.core.jobs import JobFailed
from maillage.core.models import AuditEntry
from maillage.participation.consultations.models import Consultation
from maillage.participation.jobs import count_step
from maillage.participation.models import Ballot, Elector, Envelope, Receipt, Step, Turnout, UrnKey
from maillage.participation.urn import errors, keys, opening, rows, services, writer
from maillage.participation.vocabulary import Access, Channel
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

pytestmark = pytest.mark.django_db


def cast(step, content="[6]", number=0, **kwargs):
    return services.cast(
        consultation=step.consultation, contents={step: content}, nonce=f"nonce-of-sixteen-{number}", now=NOW, **kwargs
    )


def close(step):
    Step.objects.filter(pk=step.pk).update(state=Step.State.CLOSED)


def contents(step):
    return sorted(Ballot.objects.filter(step=step).values_list("content", flat=True))


# --- few ballots, or strange ones ---


@pytest.mark.parametrize("answers", [[], ["[6]"], ["[0,0,0]"] * 7, ['{"q":"' + "é" * 4000 + '"}', "[]"]])
def test_none_one_all_blank_or_very_long(answers):
    step = StepFactory()
    for number, content in enumerate(answers):
        cast(step, content, number)
    close(step)
    assert services.open_urn(step, now=NOW) == len(answers)
    assert contents(step) == sorted(answers)


def test_a_ballot_of_two_steps_is_put_whole_or_not_at_all():
    consultation = ConsultationFactory()
    first, second = StepFactory(consultation=consultation), StepFactory(consultation=consultation)
    both = {first: "[1]", second: "[2]"}
    close(second)
    with pytest.raises(errors.NotOpen):
        services.cast(consultation=consultation, contents=both, nonce="n" * 22, now=NOW)
    assert not Envelope.objects.exists()
    assert not Receipt.objects.exists()


def test_an_elector_who_answered_one_of_two_steps_is_refused_both():
    consultation = ConsultationFactory(access=Access.CODES)
    first, second = StepFactory(consultation=consultation), StepFactory(consultation=consultation)
    elector = Elector.objects.create(consultation=consultation, mark="m")
    cast(second, elector=elector)
    with pytest.raises(errors.CodeUsed):
        services.cast(
            consultation=consultation, contents={first: "[1]", second: "[2]"}, nonce="n" * 22, now=NOW, elector=elector
        )
    assert Envelope.objects.count() == Turnout.objects.count() == Receipt.objects.count() == 1


def test_a_step_of_another_consultation_is_refused():
    step, other = StepFactory(), StepFactory()
    with pytest.raises(ValueError, match="one consultation"):
        services.cast(consultation=other.consultation, contents={step: "[1]"}, nonce="n" * 22, now=NOW)


def test_a_voided_code_opens_nothing_even_found_before():
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    elector = Elector.objects.create(consultation=step.consultation, mark="m")
    Elector.objects.filter(pk=elector.pk).update(voided_at=NOW)
    with pytest.raises(errors.CodeUnknown):
        cast(step, elector=elector)


def test_a_code_of_another_consultation_opens_nothing():
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    elector = Elector.objects.create(consultation=ConsultationFactory(access=Access.CODES), mark="m")
    with pytest.raises(errors.CodeUnknown):
        cast(step, elector=elector)


# --- time ---


def test_a_clock_that_goes_back_does_not_open_again():
    step = StepFactory()
    close(step)
    with pytest.raises(errors.NotOpen):
        services.cast(
            consultation=step.consultation, contents={step: "[1]"}, nonce="n" * 22, now=NOW - dt.timedelta(days=30)
        )


def test_a_ballot_whose_answer_was_cut_is_told_that_it_counts_even_after_the_count():
    step = StepFactory()
    taken = cast(step)
    close(step)
    assert cast(step) == replace(taken, again=True)
    services.open_urn(step, now=NOW)
    assert cast(step) == replace(taken, again=True)
    with pytest.raises(errors.NotOpen):
        cast(step, number=1)
    assert contents(step) == ["[6]"]


# --- keys ---


def test_another_secret_is_told_and_nothing_is_mixed_nor_lost(settings):
    step = StepFactory()
    cast(step)
    own, settings.SECRET_KEY = settings.SECRET_KEY, "another-instance"
    with pytest.raises(errors.KeyLost):
        cast(step, number=1)
    assert keys.lost() == [step]
    close(step)
    with pytest.raises(JobFailed) as told:
        count_step(Silent(), step=str(step.uuid))
    assert str(told.value) == keys.sentence()
    assert Envelope.objects.count() == 1
    settings.SECRET_KEY = own
    assert keys.lost() == []
    assert services.open_urn(step, now=NOW) == 1


class Silent:
    def progress(self, *_args):
        return None


def test_an_envelope_copied_or_changed_in_the_database_does_not_open_and_is_counted():
    step = StepFactory()
    for number in range(3):
        cast(step, f"[{number}]", number)
    one = Envelope.objects.first()
    Envelope.objects.create(step=step, seal=bytes(one.seal))
    changed = bytearray(one.seal)
    changed[20] ^= 1
    Envelope.objects.filter(pk=one.pk).update(seal=bytes(changed))
    close(step)
    assert services.open_urn(step, now=NOW) == 2
    assert UrnKey.objects.get(step=step).unreadable == 2
    assert AuditEntry.objects.get(action="participation.urn_opened").after == {"ballots": 2, "unreadable": 2}


# --- paper, cancelling, removing ---


def test_a_batch_voided_while_sealed_or_after_is_left_out():
    step = StepFactory()
    batch, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    services.add_paper(step=step, contents=["[1]", "[2]"], batch=batch, now=NOW)
    services.add_paper(step=step, contents=["[3]"], batch=other, now=NOW)
    cast(step)
    close(step)
    assert services.open_urn(step, now=NOW, voided=lambda: [batch]) == 2
    assert contents(step) == ["[3]", "[6]"]
    services.add_paper(step=step, contents=["[4]"], batch=batch, now=NOW)
    assert services.remove_batch(step=step, batch=other) == 1
    assert contents(step) == ["[4]", "[6]"]
    assert set(Ballot.objects.values_list("channel", flat=True)) == {Channel.PAPER, Channel.ONLINE}


def test_cancelled_while_open_the_envelopes_are_destroyed_unopened_and_it_is_told():
    step = StepFactory()
    receipt = cast(step).receipt
    with pytest.raises(ValueError, match="open step"):
        services.destroy(step, now=NOW)
    Consultation.objects.filter(pk=step.consultation_id).update(
        state=Consultation.State.CANCELLED, cancelled_why="Reportée"
    )
    with pytest.raises(errors.NotOpen):
        cast(step, number=1)
    close(step)
    assert services.destroy(step, now=NOW) == 1
    assert services.destroy(step, now=NOW) == 0
    assert services.open_urn(step, now=NOW) == 0
    assert not Envelope.objects.exists()
    assert not Ballot.objects.exists()
    assert services.counted_in(step.consultation, receipt) == []
    assert bytes(UrnKey.objects.get(step=step).salt) == b""
    with pytest.raises(errors.NotOpen):
        services.add_paper(step=step, contents=["[1]"], batch="11111111-1111-4111-8111-111111111111", now=NOW)
    assert AuditEntry.objects.filter(action="participation.urn_destroyed").count() == 1


def test_who_cancels_a_consultation_destroys_what_is_sealed():
    from maillage.participation.consultations.lifecycle import ask_cancel, cancel_consultation
    from tests.factories import PersonFactory, RoleFactory

    step = StepFactory()
    one, other = (PersonFactory(alliance=step.consultation.alliance) for _person in range(2))
    for person in (one, other):
        RoleFactory(person=person, kind="agent")
    cast(step)
    ask_cancel(consultation=step.consultation, why="Reportée", by=one.user, now=NOW)
    assert Envelope.objects.exists()
    cancel_consultation(consultation=step.consultation, by=other.user, now=NOW)
    assert not Envelope.objects.exists()
    assert UrnKey.objects.get(step=step).destroyed_at == NOW


def test_a_step_with_ballots_is_not_removed_and_one_without_takes_its_key_with_it():
    step, empty = StepFactory(), StepFactory()
    cast(step)
    with pytest.raises(ProtectedError):
        step.delete()
    empty.delete()
    assert UrnKey.objects.count() == 1


def test_an_opening_that_is_cut_loses_nothing_and_is_done_at_the_next_try(monkeypatch):
    step = StepFactory()
    for number in range(5):
        cast(step, f"[{number}]", number)
    close(step)

    def cut(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(opening, "_write_anew", cut)
        with pytest.raises(SystemExit), transaction.atomic():
            services.open_urn(step, now=NOW)
    assert Envelope.objects.count() == 5
    assert not Ballot.objects.exists()
    assert services.open_urn(step, now=NOW) == 5


# --- many at once, with real transactions ---


def prepared(step, number, elector=None):
    """What ``cast`` hands to the writer."""
    seen = []
    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(writer, "put", seen.append)
        cast(step, f"[{number}]", number, elector=elector)
    return seen[0]


def test_a_group_with_one_that_is_there_already_is_undone_whole():
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    one, two = (Elector.objects.create(consultation=step.consultation, mark=mark) for mark in "ab")
    group = [prepared(step, 0, one), prepared(step, 1, two), prepared(step, 2, one)]
    with pytest.raises(rows.Conflict, match="turnout"), transaction.atomic():
        rows.write(group)
    assert not Envelope.objects.exists()
    for ballot in group[:2]:
        rows.put_one(ballot)
    with pytest.raises(rows.Conflict, match="turnout"):
        rows.put_one(group[2])
    assert Envelope.objects.count() == 2


def at_once(*works):
    """Run each in a thread with its own connection; what each returned or raised."""
    seen = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place, work):
        try:
            connection.ensure_connection()
            start.wait(60)
            seen[place] = work()
        except (errors.NotTaken, DatabaseError) as refused:
            seen[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return seen


@pytest.fixture
def together(settings):
    """Ballots written in groups, as by a server; nothing of it is left after the test."""
    settings.BALLOTS_TOGETHER = True
    yield
    if writer._writer is not None:
        writer._writer.stop()


on_postgres = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="Two connections: SQLite's test database is in memory, and its lock whole."
)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_code_used_twice_at_once_counts_once(together):
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    elector = Elector.objects.create(consultation=step.consultation, mark="m")
    seen = at_once(*(lambda number=number: cast(step, f"[{number}]", number, elector=elector) for number in range(6)))
    assert sum(isinstance(one, services.Taken) for one in seen) == 1
    assert sum(isinstance(one, errors.CodeUsed) for one in seen) == 5
    assert Envelope.objects.count() == Receipt.objects.count() == Turnout.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_ballot_by_two_roads_at_once_counts_once(together):
    step = StepFactory()
    seen = at_once(*(lambda: cast(step) for _ in range(6)))
    assert len({one.receipt for one in seen}) == 1
    assert sum(not one.again for one in seen) == 1
    assert Envelope.objects.count() == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_thread_that_writes_leaves_no_connection_behind_where_nothing_comes(together, monkeypatch):
    monkeypatch.setattr(writer, "IDLE", 0.05)
    cast(StepFactory())
    (thread,) = [one for one in threading.enumerate() if one.name == "maillage-urn"]
    nobody_else()
    assert thread.is_alive()
    assert cast(StepFactory(), "[1]", 1).receipt
    writer._writer.stop()
    assert not thread.is_alive()
    nobody_else()


def nobody_else():
    """Waits until no other thread has a connection: the server ends one a little after it is closed."""
    deadline = time.monotonic() + 20
    while others := connections_of_others():
        assert time.monotonic() < deadline, others
        time.sleep(0.02)


def connections_of_others():
    """How many connections of other threads the database of the test has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"  # the server's own cleaning comes when it likes
        )
        return cursor.fetchone()[0]


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_closing_while_people_cast_every_receipt_given_is_counted(together):
    step = StepFactory()

    def end():
        from maillage.participation.consultations.lifecycle import close_step

        close_step(step=step, now=NOW)
        return services.open_urn(step, now=NOW)

    def many(first):
        given = []
        for number in range(first, first + 25):
            try:
                given.append(cast(step, f"[{number}]", number).receipt)
            except errors.NotOpen:
                break
        return given

    lists = at_once(lambda: many(0), lambda: many(100), end, lambda: many(200))
    number = lists.pop(2)
    given = [receipt for some in lists for receipt in some]
    assert number == len(given) == Ballot.objects.count()
    assert all(services.counted_in(step.consultation, receipt) == [step] for receipt in given)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_traces_are_not_said_to_be_wiped_while_an_older_transaction_keeps_them():
    step = StepFactory()
    cast(step)
    close(step)
    begun, over = threading.Event(), threading.Event()

    def older():
        with transaction.atomic():
            Step.objects.count()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            begun.set()
            over.wait(60)

    def opening_and_wiping():
        begun.wait(60)
        services.open_urn(step, now=NOW)
        first = services.forget_traces(now=NOW)
        cleaned = UrnKey.objects.get(step=step).cleaned_at
        over.set()
        return first, cleaned

    assert at_once(older, opening_and_wiping)[1] == (False, None)
    assert opening.tidy_up(NOW) in {0, 1}  # others on the same server may still hold it


@pytest.mark.django_db(transaction=True)
def test_where_there_are_many_the_result_comes_first_and_receipts_are_written_anew_after(monkeypatch):
    monkeypatch.setattr(opening, "AT_ONCE", 3)
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    receipts = []
    for number in range(40):
        elector = Elector.objects.create(consultation=step.consultation, mark=f"m{number}")
        receipts.append(cast(step, f"[{number}]", number, elector=elector).receipt)
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Turnout, Receipt)}
    close(step)
    assert services.open_urn(step, now=NOW) == 40
    assert UrnKey.objects.get(step=step).anew_at is None
    services.forget_traces(now=NOW)
    assert UrnKey.objects.get(step=step).anew_at == NOW
    assert {model: set(model.objects.values_list("pk", flat=True)) for model in (Turnout, Receipt)} == before
    assert set(Receipt.objects.values_list("tag", flat=True)) == {""}
    assert all(services.counted_in(step.consultation, receipt) == [step] for receipt in receipts)
