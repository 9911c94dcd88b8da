from __future__ import annotations

import time
from collections import Counter
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.accounts.models import User
from maillage.actors import merging
from maillage.actors.models import Actor, ActorMerge
from maillage.alliances import invitations
from maillage.alliances import services as alliances
from maillage.alliances.models import Alliance, FormerSlug, Invitation, Person, Role
from maillage.concertation.imports import services as imports
from maillage.concertation.imports.models import ImportRun
from maillage.concertation.models import Seat, Space
from maillage.core import jobs, worker
from maillage.core.models import AuditEntry, Job
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, SeatFactory, SpaceFactory, user_with
from tests.together.conftest import refused

ADDRESS = "membre@exemple.test"


def invite(alliance, agent, kind: str = Role.Kind.MEMBER) -> str:
    _row, token = invitations.create(alliance, by=agent, email=ADDRESS, kind=kind, now=timezone.now())
    return token


def accepting(token: str):
    return lambda: invitations.accept(token, now=timezone.now(), name="Maude Tremblay")


def test_one_invitation_accepted_twice_opens_one_account_and_gives_one_role(together):
    alliance = AllianceFactory()
    token = invite(alliance, user_with(alliance))
    outcomes = together(*[accepting(token)] * 4)
    assert [type(error) for error in refused(outcomes)] == [ValidationError] * 3
    user = User.objects.get(email=ADDRESS)
    assert Person.objects.filter(user=user).count() == Role.objects.filter(person__user=user).count() == 1
    assert AuditEntry.objects.filter(action="alliances.invitation_accepted").count() == 1


def test_two_invitations_of_a_new_person_share_the_account(together):
    one, other = AllianceFactory(), AllianceFactory()
    tokens = [invite(alliance, user_with(alliance)) for alliance in (one, other)]
    outcomes = together(*map(accepting, tokens))
    assert refused(outcomes) == []
    user = User.objects.get(email=ADDRESS)
    assert EmailAddress.objects.filter(user=user).count() == 1
    assert {role.person.alliance_id for role in Role.objects.filter(person__user=user)} == {one.pk, other.pk}
    assert AuditEntry.objects.filter(action="accounts.opened").count() == 1


def test_an_invitation_accepted_while_it_is_replaced_never_blocks(together):
    alliance = AllianceFactory()
    agent = user_with(alliance)
    token = invite(alliance, agent)
    outcomes = together(accepting(token), lambda: invite(alliance, User.objects.get(pk=agent.pk)))
    assert {type(error) for error in refused(outcomes)} <= {ValidationError}
    assert Invitation.objects.filter(accepted_at=None, withdrawn_at=None).count() + Role.objects.filter(
        person__user__email=ADDRESS
    ).count() in {1, 2}


def test_the_same_role_given_twice_is_held_once(together):
    alliance = AllianceFactory()
    agent, person = user_with(alliance), PersonFactory(alliance=alliance)
    give = lambda: alliances.grant_role(person, by=User.objects.get(pk=agent.pk), kind=Role.Kind.MEMBER)  # noqa: E731
    outcomes = together(give, give)
    assert [type(error) for error in refused(outcomes)] == [ValidationError]
    assert person.roles.count() == 1


def test_two_alliances_do_not_take_the_same_address(together):
    one, other = AllianceFactory(), AllianceFactory()
    agents = [(alliance, user_with(alliance)) for alliance in (one, other)]
    outcomes = together(*(partial(alliances.rename_slug, alliance, by=by, slug="rivage") for alliance, by in agents))
    (error,) = refused(outcomes)
    assert isinstance(error, ValidationError)
    assert "slug" in error.message_dict
    assert Alliance.objects.filter(slug="rivage").count() == FormerSlug.objects.count() == 1


@pytest.fixture
def listed(tmp_path):
    """The same list of members, brought twice and ready to be imported twice."""
    alliance = AllianceFactory()
    agent = user_with(alliance)
    lines = "Table;Organisme\n" + "".join(f"Table {n % 3};Organisme numéro {n} de la ville\n" for n in range(30))
    path = tmp_path / "membres.csv"
    path.write_text(lines, encoding="utf-8")

    def ready() -> ImportRun:
        with path.open("rb") as file:
            run = imports.start_run(alliance=alliance, file=file, name="membres.csv", by=agent, now=timezone.now())
        return imports.choose_columns(run=run, columns=run.columns, options={}, by=agent)

    return alliance, agent, ready(), ready()


def counted() -> tuple[int, int, int]:
    return Actor.objects.count(), Space.objects.count(), Seat.objects.count()


def test_two_imports_of_the_same_list_at_once_write_it_once(together, listed):
    _alliance, agent, one, other = listed
    outcomes = together(*(partial(imports.apply_run, run=run, by=agent) for run in (one, other)))
    assert refused(outcomes) == []
    assert counted() == (30, 3, 30)
    assert outcomes[0].counts != outcomes[1].counts


def test_one_import_started_twice_is_written_once(together, listed):
    _alliance, agent, one, _other = listed
    outcomes = together(*[lambda: imports.apply_run(run=one, by=agent)] * 2)
    assert refused(outcomes) == []
    assert counted() == (30, 3, 30)
    assert AuditEntry.objects.filter(action="concertation.import_applied").count() == 1


def test_two_merges_of_the_same_actor(together):
    alliance = AllianceFactory()
    agent = user_with(alliance)
    first, second, third = (ActorFactory(alliance=alliance) for _ in range(3))
    space = SpaceFactory(alliance=alliance)
    seat = SeatFactory(space=space, actor=second)
    outcomes = together(
        lambda: merging.merge_actors(kept=first, absorbed=second, by=agent),
        lambda: merging.merge_actors(kept=second, absorbed=first, by=agent),
        lambda: merging.merge_actors(kept=third, absorbed=second, by=agent),
    )
    done = [outcome for outcome in outcomes if isinstance(outcome, ActorMerge)]
    assert {type(error) for error in refused(outcomes)} <= {ValidationError}
    assert 1 <= len(done) <= 2
    seat.refresh_from_db()
    assert Actor.objects.get(pk=seat.actor_id).merged_into_id is None
    absorbed = Actor.objects.exclude(merged_into=None)
    assert absorbed.count() == len(done)


def test_a_merge_undone_twice_is_undone_once(together):
    alliance = AllianceFactory()
    agent = user_with(alliance)
    kept, absorbed = ActorFactory(alliance=alliance), ActorFactory(alliance=alliance)
    merge = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    outcomes = together(*[lambda: merging.undo_merge(merge=merge, by=agent)] * 2)
    assert [error.code for error in refused(outcomes)] == ["already"]


def test_two_workers_never_run_the_same_job(together, monkeypatch):
    ran: Counter[str] = Counter()

    def run(ctx: jobs.Context) -> None:
        ran[str(ctx.job.uuid)] += 1
        time.sleep(0.02)

    monkeypatch.setitem(jobs._handlers, "test.counted", jobs.Handler("test.counted", "Essai", run, 60, True))
    asked = [jobs.start("test.counted", by=None) for _ in range(8)]

    def work() -> int:
        service, taken = worker.Service(), 0
        while service.run_one():
            taken += 1
        return taken

    taken = together(work, work, work)
    assert refused(taken) == []
    assert sum(taken) == len(asked)
    assert ran == Counter(str(job.uuid) for job in asked)
    assert set(Job.objects.values_list("state", "attempts")) == {(Job.State.DONE, 1)}


def test_a_job_carried_twice_by_the_queue_runs_once(together, monkeypatch):
    ran: list[int] = []
    run = lambda ctx: ran.append(ctx.job.pk)  # noqa: E731
    monkeypatch.setitem(jobs._handlers, "test.once", jobs.Handler("test.once", "Essai", run, 60, True))
    job = jobs.start("test.once", by=None)
    assert refused(together(*[lambda: jobs.execute(job.uuid)] * 4)) == []
    assert ran == [job.pk]
