"""Two people at the same instant (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.accounts.models import User
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import asking, electors, lifecycle, services
from maillage.participation.models import Asked, CodeVoid, Consultation, Elector, Option, Result, Step, Turnout
from maillage.participation.urn import errors
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Access
from tests.factories import AllianceFactory, user_with
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory
from tests.participation.makers import codes
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
    states = {S.OPEN: Step.State.OPEN, S.CLOSED: Step.State.CLOSED}
    OptionFactory.create_batch(2, step=StepFactory(consultation=found, state=states.get(state, Step.State.WAITING)))
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


def ask(found: Consultation, kind: str, by) -> Asked:
    now = timezone.now()
    if kind == "withdraw":
        option = Option.objects.select_related("step__consultation__alliance__parent").order_by("pk").first()
        return services.ask_withdrawal(option=option, why="Fini.", by=by, now=now)
    if kind == "close":
        return lifecycle.ask_close(consultation=found, why="Assez de réponses.", by=by, now=now)
    later = found.closes_at + dt.timedelta(days=7)
    return services.ask_extension(consultation=found, closes_at=later, why="Neige.", by=by, now=now)


def confirming(asked: Asked, by):
    row = Asked.objects.select_related("consultation__alliance__parent", "consultation__space").get(pk=asked.pk)
    return lambda: asking.confirm(asked=row, by=fresh(by), now=timezone.now())


DONE = {
    "withdraw": "option_withdrawn", "close": "consultation_closed", "extend": "consultation_extended",
}  # fmt: skip


@pytest.mark.parametrize("kind", DONE)
def test_two_people_confirming_at_once_do_it_once(together, kind):  # noqa: F811
    found = made(S.OPEN)
    agent, *seconds = (user_with(found.alliance) for _number in range(3))
    asked = ask(found, kind, agent)
    assert refused(together(*(confirming(asked, by) for by in seconds))) == []
    assert AuditEntry.objects.filter(action=f"participation.{DONE[kind]}").count() == 1
    asked.refresh_from_db()
    assert asked.state == Asked.State.DONE
    assert asked.confirmed_by in seconds
    assert Job.objects.filter(kind="participation.count").count() == (kind == "close")


@pytest.mark.parametrize("kind", DONE)
def test_two_people_asking_at_once_ask_once_and_neither_does_it(together, kind):  # noqa: F811
    found = made(S.OPEN)
    agents = [user_with(found.alliance) for _number in range(2)]

    def asks(by):
        row = again(found)
        return lambda: ask(row, kind, fresh(by))

    assert [type(error) for error in refused(together(*(asks(by) for by in agents)))] == [ValidationError]
    assert Asked.objects.get().state == Asked.State.WAITING
    assert again(found).state == S.OPEN


def test_one_confirms_while_the_other_takes_it_back(together):  # noqa: F811
    found = made(S.OPEN)
    agent, second = (user_with(found.alliance) for _number in range(2))
    asked = ask(found, "withdraw", agent)
    row = Asked.objects.select_related("consultation__alliance__parent").get(pk=asked.pk)
    together(
        confirming(asked, second), lambda: asking.drop(asked=row, by=fresh(agent), now=timezone.now())
    )  # fmt: skip
    asked.refresh_from_db()
    withdrawn = Option.objects.exclude(withdrawn_at=None).count()
    assert (asked.state, withdrawn) in {(Asked.State.DONE, 1), (Asked.State.DROPPED, 0)}


@pytest.mark.parametrize("kind", ["withdraw", "extend"])
def test_it_closes_while_the_second_person_confirms(together, kind):  # noqa: F811
    found = made(S.OPEN)
    agent, second, third = (user_with(found.alliance) for _number in range(3))
    asked, close = ask(found, kind, agent), ask(found, "close", agent)
    gone = refused(together(confirming(asked, second), confirming(close, third)))
    assert all(isinstance(error, ValidationError) for error in gone)
    assert again(found).state == S.CLOSED
    asked.refresh_from_db()
    assert asked.state == (Asked.State.LAPSED if gone else Asked.State.DONE), "never left to wait"
    done = AuditEntry.objects.filter(action=f"participation.{DONE[kind]}").count()
    assert done == (not gone)


def test_it_is_asked_while_the_hour_closes_the_step(together):  # noqa: F811
    found = made(S.OPEN)
    agent, _second = (user_with(found.alliance) for _number in range(2))
    step = Step.objects.select_related("consultation__alliance__parent").get()
    row = again(found)
    gone = refused(
        together(
            lambda: ask(row, "withdraw", fresh(agent)), lambda: lifecycle.close_step(step=step, now=timezone.now())
        )
    )
    assert all(isinstance(error, ValidationError) for error in gone)
    assert not Asked.objects.filter(state__in=asking.LIVE).exists(), "asked just before, it fell; just after, refused"


def test_codes_agreed_on_are_made_once(together):  # noqa: F811
    found = made(S.OPEN, access=Access.CODES)
    agent, second = (user_with(found.alliance) for _number in range(2))
    now = timezone.now()
    asked = electors.ask_codes(consultation=found, count=5, label="A", why="Il en manque.", by=agent, now=now)
    asking.confirm(asked=asked, by=second, now=now)

    def printing(by):
        row = Asked.objects.select_related("consultation__alliance__parent").get(pk=asked.pk)
        return lambda: electors.print_agreed(asked=row, by=fresh(by), now=timezone.now())

    assert len(refused(together(printing(agent), printing(second)))) == 1
    assert Elector.objects.count() == 5


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
    printed = codes(found, 1, by=agent, now=now)[0]
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
    found = made(S.DRAFT, access=Access.CODES)
    agents = [user_with(found.alliance) for _number in range(n)]

    def printing(by):
        row = again(found)
        return lambda: electors.print_codes(
            consultation=row, count=5, label=f"Lot {by.pk}", by=fresh(by), now=timezone.now()
        )

    assert refused(together(*(printing(by) for by in agents))) == []
    assert sorted(Elector.objects.values_list("number", flat=True)) == list(range(1, 5 * n + 1))


def asked_for(state: str):
    """Counted, with two agents who may each be the second person of what a third one asked."""
    found = made(state)
    Result.objects.create(step=found.steps.get(), state="ready", ballots=9, computed_at=timezone.now())
    return found, [user_with(found.alliance) for _number in range(3)]


def call(service, found, by, **more):
    row = again(found)
    return lambda: service(consultation=row, by=fresh(by), now=timezone.now(), **more)


def test_two_people_asking_at_once_that_it_be_cancelled_do_not_cancel_alone(together):  # noqa: F811
    found, agents = asked_for(S.OPEN)
    outcomes = together(*(call(lifecycle.ask_cancel, found, by, why="Erreur.") for by in agents))
    assert [type(error) for error in refused(outcomes)] == [ValidationError] * 2
    assert again(found).state == S.OPEN
    assert AuditEntry.objects.filter(action="participation.cancel_asked").count() == 1


def test_two_people_confirming_at_once_cancel_once(together):  # noqa: F811
    found, agents = asked_for(S.OPEN)
    call(lifecycle.ask_cancel, found, agents[0], why="Erreur.")()
    outcomes = together(*(call(lifecycle.cancel_consultation, found, by) for by in agents))
    (error,) = [*refused(outcomes), None][:1]  # whoever asked is refused, or finds it cancelled already
    assert error is None or isinstance(error, ValidationError)
    assert again(found).state == S.CANCELLED
    assert again(found).cancelled_by in agents[1:]
    assert AuditEntry.objects.filter(action="participation.consultation_cancelled").count() == 1


def test_confirming_and_taking_back_at_once_are_one_or_the_other(together):  # noqa: F811
    found, agents = asked_for(S.OPEN)
    call(lifecycle.ask_cancel, found, agents[0], why="Erreur.")()
    outcomes = together(
        call(lifecycle.cancel_consultation, found, agents[1]), call(lifecycle.drop_cancel, found, agents[0])
    )
    assert {type(error) for error in refused(outcomes)} <= {ValidationError}
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    done = {"participation.consultation_cancelled", "participation.cancel_dropped"} & acts
    assert len(done) == 1
    assert (again(found).state == S.CANCELLED) == ("participation.consultation_cancelled" in done)


def test_two_people_publishing_at_once_publish_once(together):  # noqa: F811
    found, agents = asked_for(S.CLOSED)
    call(lifecycle.ask_publication, found, agents[0])()
    outcomes = together(*(call(lifecycle.publish_results, found, by) for by in agents[1:]))
    assert refused(outcomes) == []
    assert again(found).state == S.PUBLISHED
    assert AuditEntry.objects.filter(action="participation.results_published").count() == 1


def test_publishing_and_asking_to_cancel_at_once_are_one_or_the_other(together):  # noqa: F811
    found, agents = asked_for(S.CLOSED)
    call(lifecycle.ask_publication, found, agents[0])()
    outcomes = together(
        call(lifecycle.publish_results, found, agents[1]), call(lifecycle.ask_cancel, found, agents[2], why="Erreur.")
    )
    assert [type(error) for error in refused(outcomes)] == [ValidationError]
    row = again(found)
    assert (row.state == S.PUBLISHED) != (row.cancel_asked_by_id is not None)
