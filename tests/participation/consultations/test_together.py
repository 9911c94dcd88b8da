"""Two people at the same instant (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.accounts.models import User
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import electors, lifecycle
from maillage.participation.models import CodeVoid, Consultation, Elector, Result, Step, Turnout
from maillage.participation.urn import errors
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Access
from tests.factories import AllianceFactory, user_with
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory
from tests.together.conftest import refused, together  # noqa: F401

S = Consultation.State


def fresh(user):
    return User.objects.get(pk=user.pk)


def again(found):
    return Consultation.objects.select_related("alliance__parent", "space").get(pk=found.pk)


def made(state: str, **fields) -> Consultation:
    now = timezone.now()
    found = ConsultationFactory(
        state=state, opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=7),
        alliance=AllianceFactory(), opened_at=None if state == S.DRAFT else now, **fields,
    )  # fmt: skip
    codes = {S.OPEN: Step.State.OPEN, S.CLOSED: Step.State.CLOSED}
    OptionFactory.create_batch(2, step=StepFactory(consultation=found, state=codes.get(state, Step.State.WAITING)))
    return found


def test_two_agents_opening_the_same_consultation(together):  # noqa: F811
    found = made(S.DRAFT)
    agents = [user_with(found.alliance) for _number in range(2)]

    def opening(by):
        row = again(found)
        return lambda: lifecycle.open_consultation(consultation=row, by=fresh(by), now=timezone.now())

    outcomes = together(*(opening(by) for by in agents))
    assert [type(error) for error in refused(outcomes)] == [ValidationError]
    assert AuditEntry.objects.filter(action="participation.consultation_opened").count() == 1
    assert AuditEntry.objects.filter(action="participation.step_opened").count() == 1


def test_two_agents_closing_the_same_consultation(together):  # noqa: F811
    found = made(S.OPEN)
    agents = [user_with(found.alliance) for _number in range(2)]

    def closing(by):
        row = again(found)
        return lambda: lifecycle.close_consultation(
            consultation=row, by=fresh(by), now=timezone.now(), why="Assez de réponses."
        )

    assert refused(together(*(closing(by) for by in agents))) == []
    assert AuditEntry.objects.filter(action="participation.consultation_closed").count() == 1
    assert Job.objects.filter(kind="participation.count").count() == 1


def test_two_people_asking_at_once_do_not_publish_alone(together):  # noqa: F811
    found = made(S.CLOSED)
    Result.objects.create(step=found.steps.get(), state="ready", ballots=9, computed_at=timezone.now())
    agents = [user_with(found.alliance) for _number in range(2)]

    def asking(by):
        row = again(found)
        return lambda: lifecycle.ask_publication(consultation=row, by=fresh(by), now=timezone.now())

    assert refused(together(*(asking(by) for by in agents))) == []
    found.refresh_from_db()
    assert found.state == S.CLOSED
    assert found.publish_asked_by in agents


def test_a_code_made_void_while_it_answers_gives_one_ballot(together):  # noqa: F811
    found = made(S.OPEN, access=Access.CODES)
    agent, second = (user_with(found.alliance) for _number in range(2))
    now = timezone.now()
    printed = electors.print_codes(consultation=found, count=1, label="A", by=agent, now=now)[0]
    elector = Elector.objects.get()
    void = electors.ask_void(consultation=found, elector=elector, why="perdu", replace=True, by=agent, now=now)

    def voiding():
        row = CodeVoid.objects.select_related("elector", "consultation__alliance__parent").get(pk=void.pk)
        return electors.confirm_void(void=row, by=fresh(second), now=timezone.now(), site="https://essai.test")

    def answering():
        row = again(found)
        return urn.cast(
            consultation=row, contents={row.steps.get(): "[6,1]"}, elector=urn.find_elector(row, printed.code),
            nonce="abcdefghijklmnop", now=timezone.now(),
        )  # fmt: skip

    gone = refused(together(voiding, answering))
    assert len(gone) == 1
    assert isinstance(gone[0], ValidationError | errors.CodeUnknown)
    used = Turnout.objects.filter(elector=elector).exists()
    replaced = Elector.objects.count() == 2
    assert used != replaced, "either the ballot, or the other code: never both"


@pytest.mark.parametrize("n", [3])
def test_lots_printed_at_once_never_share_a_number(together, n):  # noqa: F811
    found = made(S.OPEN, access=Access.CODES)
    agents = [user_with(found.alliance) for _number in range(n)]

    def printing(by):
        row = again(found)
        return lambda: electors.print_codes(
            consultation=row, count=5, label=f"Lot {by.pk}", by=fresh(by), now=timezone.now()
        )

    assert refused(together(*(printing(by) for by in agents))) == []
    assert sorted(Elector.objects.values_list("number", flat=True)) == list(range(1, 5 * n + 1))
