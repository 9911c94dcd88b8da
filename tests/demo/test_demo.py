"""The demonstration: made through the services, always the same, never in production, removable."""

import datetime as dt

import pytest

from maillage.accounts.models import User
from maillage.actors.models import Actor, Organisation
from maillage.actors.selectors import actors_of, by_type
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance, Deliverable, Role, Stage
from maillage.concertation.models import Seat, Space
from maillage.concertation.selectors import seats_of, spaces_of
from maillage.core.demonstration import World
from maillage.core.models import AuditEntry
from maillage.demo import services
from tests.demo.conftest import TODAY
from tests.factories import ActorFactory, AllianceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def main(demonstration, db) -> Alliance:
    return Alliance.objects.get(slug="deux-rivieres")


def test_the_alliance_has_its_fifty_eight_members_at_six_tables(main) -> None:
    counts = by_type(actors_of(main, TODAY))
    assert sum(counts.values()) == 58
    assert counts[ActorType.COMMUNITY] == 21
    assert counts[ActorType.CITIZENS] == 6
    assert len(counts) == 9
    tables = spaces_of(main, TODAY).filter(kind=Space.Kind.TABLE)
    assert {space.label for space in tables} == {
        "Logement", "Manger à sa faim", "Se déplacer", "Petite enfance et familles", "Revenu et emploi",
        "Briser l’isolement",
    }  # fmt: skip
    seated = {space.label: seats_of(main, TODAY).filter(space=space).count() for space in tables}
    assert seated["Logement"] == 22
    assert seated["Petite enfance et familles"] == 11
    everyone = set(actors_of(main, TODAY).values_list("pk", flat=True))
    assert set(seats_of(main, TODAY).values_list("actor_id", flat=True)) == everyone


def test_everything_says_it_is_fictional(main) -> None:
    assert Alliance.objects.count() == 4
    assert not Alliance.objects.filter(fictional=False).exists()
    assert not User.objects.exclude(email__endswith="@deux-rivieres.demo.invalid").exists()
    assert all("fictive" in place.name for place in main.territories.all())


def test_two_years_of_life_with_something_late(main) -> None:
    cycle = main.cycles.get()
    assert cycle.name == "2025-2029"
    assert cycle.agreement.envelope_cents == 84_200_000
    assert cycle.agreement.parties.count() == 4
    states = dict(cycle.stages.values_list("kind", "state"))
    assert states["portrait"] == Stage.State.DONE
    assert states["implementation"] == states["evaluation"] == Stage.State.ACTIVE
    assert Deliverable.objects.filter(stage__cycle=cycle, done_on=None, due_on__lt=TODAY).count() == 1
    assert main.memory.count() >= 8
    assert main.delegated_powers.count() == 4
    assert Role.objects.filter(person__alliance=main, kind=Role.Kind.AGENT).count() == 2
    assert min(main.actors.values_list("since", flat=True)) >= dt.date(2024, 11, 1)


def test_a_person_for_every_role_can_sign_in(main) -> None:
    people = services.sign_in_people()
    assert len(people) == len(Role.Kind) + 1
    assert len({person.email for person in people}) == len(people)
    agent = people[0]
    assert agent.user.has_perm("alliances.steer", main)
    assert any(person.user.is_operator for person in people)


def test_it_was_made_through_the_services(main) -> None:
    """Each row that matters has its line in the log, by someone who had the right to do it."""
    made = AuditEntry.objects.filter(action="actors.created").values_list("object_id", flat=True)
    assert set(made) == {str(pk) for pk in Actor.objects.values_list("pk", flat=True)}
    seats = AuditEntry.objects.filter(action="concertation.seat_given", user_id__isnull=False).count()
    assert seats == Seat.objects.count()


def picture() -> list:
    return sorted(Seat.objects.values_list("space__alliance__slug", "space__name", "actor__name", "category", "since"))


def test_it_is_always_the_same(main) -> None:
    before = picture()
    services.reset(today=TODAY)
    assert picture() == before


def test_loading_twice_changes_nothing(main) -> None:
    entries = AuditEntry.objects.count()
    assert services.load(today=TODAY) is False
    assert AuditEntry.objects.count() == entries


def test_starting_over_leaves_what_is_real(main) -> None:
    real = AllianceFactory(slug="reelle")
    shared = Organisation.objects.filter(actors__alliance=main).order_by("id").first()
    actor = ActorFactory(alliance=real, organisation=shared)
    services.reset(today=TODAY)
    actor.refresh_from_db()
    assert actor.organisation == shared
    assert Alliance.objects.filter(fictional=True).count() == 4


def test_days_are_counted_from_today() -> None:
    world = World(today=TODAY)
    assert world.ago(24, 14) == dt.date(2024, 11, 14)
    assert world.ago(9, 31) == dt.date(2026, 2, 28)
    assert world.ago(-2, 15) == dt.date(2027, 1, 15)
    world.keep("a:1", 1)
    with pytest.raises(KeyError):
        world.keep("a:1", 2)
