"""Seats planned, held, vacant; who holds them; the choice to be named, by oneself only."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.models import Person
from maillage.concertation.governance import services
from maillage.concertation.governance.holders import holders_of, holds_seat, seats_of_person
from maillage.concertation.governance.selectors.seats import colleges_of, ending_soon, vacancies
from maillage.concertation.models import SeatHolder, SeatPlan
from maillage.core.models import AuditEntry
from tests.concertation.governance.factories import SeatHolderFactory, SeatPlanFactory
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    SeatFactory,
    SpaceFactory,
    signed_in,
    user_with,
)

pytestmark = pytest.mark.django_db
OLD, NEW, TODAY = dt.date(2024, 3, 1), dt.date(2026, 2, 1), dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def a_seat(space, type_="community", **values):
    return SeatFactory(space=space, actor=ActorFactory(alliance=space.alliance, type=type_), **values)


def add(seat, agent, **values):
    return services.add_holder(seat=seat, by=agent, today=TODAY, **values)


def college(space, code, day=TODAY):
    return next(row for row in colleges_of([space], day)[space.pk] if row.code == code)


# Plans and vacancies


def test_vacancy_is_what_is_planned_less_what_is_held(space, agent):
    services.plan_seats(space=space, college="community", seats=3, by=agent, since=OLD)
    a_seat(space), a_seat(space, until=NEW)
    found = college(space, "community")
    assert (found.planned, found.held, found.vacant) == (3, 1, 2)
    assert college(space, "community", dt.date(2025, 1, 1)).vacant == 1


def test_more_seats_held_than_planned_is_no_vacancy(space):
    SeatPlanFactory(space=space, college="community", seats=1)
    a_seat(space), a_seat(space)
    assert college(space, "community").vacant == 0


def test_a_citizens_college_holds_as_many_seats_as_it_has_people(space, agent):
    SeatPlanFactory(space=space, college="citizens", seats=4)
    seat = a_seat(space, "citizens")
    assert college(space, "citizens").held == 1
    first, second = (add(seat, agent, name=name, since=OLD) for name in ("Ana", "Zoé"))
    assert (college(space, "citizens").held, college(space, "citizens").vacant) == (2, 2)
    for holder in (first, second):
        services.end_holder(holder=holder, on=NEW, by=agent)
    assert (college(space, "citizens").held, college(space, "citizens").vacant) == (0, 4)
    assert college(space, "citizens", dt.date(2025, 6, 1)).held == 2


def test_a_substitute_holds_no_seat_of_their_own(space, agent):
    seat = a_seat(space, "citizens")
    add(seat, agent, name="Ana", since=OLD)
    add(seat, agent, name="Zoé", part="substitute", since=OLD)
    assert college(space, "citizens").held == 1


def test_seats_planned_are_dated_and_zero_takes_them_back(space, agent):
    services.plan_seats(space=space, college="citizens", seats=2, by=agent, since=OLD)
    services.plan_seats(space=space, college="citizens", seats=4, by=agent, since=NEW)
    assert college(space, "citizens", dt.date(2024, 11, 20)).planned == 2
    assert college(space, "citizens").planned == 4
    with pytest.raises(ValidationError, match="plus récent"):
        services.plan_seats(space=space, college="citizens", seats=3, by=agent, since=OLD)
    services.plan_seats(space=space, college="citizens", seats=0, by=agent, since=TODAY)
    assert colleges_of([space], TODAY)[space.pk] == []
    assert services.plan_seats(space=space, college="business", seats=0, by=agent, since=TODAY) is None
    services.plan_seats(space=space, college="citizens", seats=5, by=agent, since=TODAY)
    assert college(space, "citizens").planned == 5


def test_vacancies_of_the_alliance(space, alliance, agent):
    SeatPlanFactory(space=space, college="citizens", seats=2)
    SeatPlanFactory(space=SpaceFactory(alliance=alliance, is_public=False), college="business", seats=1)
    assert [(row.name, found.code) for row, found in vacancies(alliance, TODAY, everything=False)] == [
        ("Table Logement", "citizens")
    ]
    assert len(vacancies(alliance, TODAY, everything=True)) == 2


# Holders


def test_a_holder_from_a_name_and_an_address_becomes_a_member_without_account(space, agent):
    holder = add(a_seat(space), agent, name="Ana Roy", email=" Ana@Exemple.TEST ", since=NEW)
    person = holder.person
    assert (person.name, person.email, person.user) == ("Ana Roy", "ana@exemple.test", None)
    [role] = person.roles.all()
    assert (role.kind, role.since) == ("member", NEW)
    assert list(holders_of(space, TODAY)) == [holder]
    assert list(seats_of_person(person, TODAY)) == [holder]


def test_the_same_address_is_the_same_person_and_the_same_name_is_not(space, agent):
    first = add(a_seat(space), agent, name="Ana Roy", email="ana@exemple.test", since=NEW).person
    assert add(a_seat(space), agent, name="A. Roy", email="ANA@exemple.test", since=NEW).person == first
    assert add(a_seat(space), agent, name="Ana Roy", since=NEW).person != first
    assert first.roles.count() == 1


def test_someone_who_acts_already_keeps_their_role_and_an_observer_becomes_a_member(space, alliance, agent):
    elected, observer = (Person.objects.get(user=user_with(alliance, kind)) for kind in ("elected", "observer"))
    for person in (elected, observer):
        add(a_seat(space), agent, person=person, since=NEW)
    assert {role.kind for role in elected.roles.all()} == {"elected"}
    assert {role.kind for role in observer.roles.all()} == {"observer", "member"}


def test_a_member_who_left_becomes_one_again_from_the_end_of_their_former_role(space, alliance, agent):
    person = Person.objects.get(user=user_with(alliance, "member", until=dt.date(2025, 5, 1)))
    add(a_seat(space), agent, person=person, since=OLD)
    assert person.roles.order_by("since").last().since == dt.date(2025, 5, 1)


def test_an_organisation_has_one_holder_at_a_time_and_may_replace_them(space, agent):
    seat = a_seat(space)
    first = add(seat, agent, name="Ana", since=OLD)
    with pytest.raises(ValidationError, match="déjà occupé"):
        add(seat, agent, name="Zoé", since=NEW)
    second = add(seat, agent, name="Zoé", since=NEW, replaces=first)
    first.refresh_from_db()
    assert (first.until, list(holders_of(space, TODAY))) == (NEW, [second])
    assert list(holders_of(space, dt.date(2024, 11, 20))) == [first]


def test_one_person_is_not_holder_and_substitute_of_one_seat(space, agent):
    seat = a_seat(space, "citizens")
    person = add(seat, agent, name="Ana", since=OLD).person
    with pytest.raises(ValidationError, match="comme titulaire ou comme substitut"):
        add(seat, agent, person=person, part="substitute", since=NEW)


def test_who_cannot_hold_a_seat(space, agent):
    seat = a_seat(space)
    erased = PersonFactory(alliance=space.alliance, user=None, erased_at=timezone.now())
    for person, words in ((PersonFactory(), "autre alliance"), (erased, "effac")):
        with pytest.raises(ValidationError, match=words):
            add(seat, agent, person=person)
    with pytest.raises(ValidationError, match="terminé"):
        add(a_seat(space, until=NEW), agent, name="Ana", since=NEW)
    with pytest.raises(ValidationError, match="nom"):
        add(seat, agent)
    with pytest.raises(ValidationError, match="avant le début"):
        add(seat, agent, name="Ana", since=NEW, until=OLD)
    assert not SeatHolder.objects.exists()


def test_the_end_of_a_seat_ends_what_its_people_may_do(space, alliance, agent):
    user = user_with(alliance, "member")
    seat = a_seat(space)
    add(seat, agent, person=Person.objects.get(user=user), since=OLD)
    assert holds_seat(user, space, TODAY)
    seat.until = TODAY
    seat.save()
    assert not holds_seat(user, space, TODAY)


def test_mandates_that_end_soon(space, alliance):
    soon = SeatHolderFactory(seat=a_seat(space), until=TODAY + dt.timedelta(days=30))
    SeatHolderFactory(seat=a_seat(space), until=TODAY + dt.timedelta(days=90))
    SeatHolderFactory(seat=a_seat(space), until=TODAY)
    SeatHolderFactory(seat=a_seat(space))
    assert list(ending_soon(alliance, TODAY)) == [soon]


def test_a_mandate_ends_once(space, agent):
    holder = add(a_seat(space), agent, name="Ana", since=NEW)
    with pytest.raises(ValidationError):
        services.end_holder(holder=holder, on=OLD, by=agent)
    services.end_holder(holder=holder, on=TODAY, by=agent)
    with pytest.raises(ValidationError, match="déjà fin"):
        services.end_holder(holder=holder, on=TODAY, by=agent)


def test_the_log_holds_no_name(space, agent):
    add(a_seat(space), agent, name="Ana Roy", email="ana@exemple.test", since=NEW)
    said = str(list(AuditEntry.objects.filter(action__startswith="concertation.").values("before", "after")))
    assert "Ana" not in said
    assert "exemple" not in said


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_others_give_no_seat_to_anyone(space, alliance, kind):
    user, holder = user_with(alliance, kind), SeatHolderFactory(seat=a_seat(space))
    for call in (
        lambda: services.plan_seats(space=space, college="citizens", seats=2, by=user, since=NEW),
        lambda: add(holder.seat, user, name="Ana"),
        lambda: services.end_holder(holder=holder, on=TODAY, by=user),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert not SeatPlan.objects.exists()


# To be named


@pytest.fixture
def held(space, alliance):
    """A member's own seat, and the member."""
    user = user_with(alliance, "member")
    person = Person.objects.get(user=user)
    person.name = "Ana Roy-Tremblay"
    person.save()
    return SeatHolderFactory(seat=a_seat(space, "citizens"), person=person, since=OLD), user


def choose(holder, by, named=True, **values):
    return services.choose_named(holder=holder, named=named, by=by, now=NOON, **values)


def test_only_the_person_chooses_and_takes_it_back(held, alliance, agent, client, space):
    holder, user = held
    others = [None, agent, user_with(alliance, "member"), user_with(alliance, "observer"), user_with(AllianceFactory())]
    for other in others:
        with pytest.raises(PermissionDenied):
            choose(holder, other)
    assert "Ana Roy-Tremblay" not in client.get(space.get_absolute_url()).content.decode()
    choose(holder, user)
    assert "Ana Roy-Tremblay" in client.get(space.get_absolute_url()).content.decode()
    choose(holder, user, named=False)
    assert "Ana Roy-Tremblay" not in client.get(space.get_absolute_url()).content.decode()


def test_the_choice_holds_for_one_seat_only(held, space, client):
    holder, user = held
    choose(holder, user)
    elsewhere = SpaceFactory(alliance=space.alliance)
    again = SeatHolderFactory(seat=a_seat(elsewhere, "citizens"), person=holder.person)
    assert not again.named
    assert "Ana Roy-Tremblay" not in client.get(elsewhere.get_absolute_url()).content.decode()


def test_the_name_leaves_with_the_mandate(held, agent, space, client):
    holder, user = held
    choose(holder, user)
    services.end_holder(holder=holder, on=TODAY, by=agent)
    assert "Ana Roy-Tremblay" not in client.get(space.get_absolute_url()).content.decode()
    holder.refresh_from_db()
    holder.named = False
    holder.save()
    with pytest.raises(ValidationError, match="plus ce siège"):
        choose(holder, user)


def test_from_a_personal_link_only_the_same_person(held):
    holder, _user = held
    choose(holder, None, person=holder.person, via="link")
    for other in (None, PersonFactory(alliance=holder.person.alliance)):
        with pytest.raises(PermissionDenied):
            choose(holder, None, person=other, via="link", named=False)
    holder.refresh_from_db()
    assert holder.named


def test_ones_own_page_shows_the_seats_and_the_choice(held, client, alliance):
    holder, user = held
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("concertation_in:my_seats", args=[alliance.slug])).content.decode()
    assert "Table Logement" in page
    assert "Votre nom ne paraît pas en public" in page
    address = reverse("concertation_in:holder_named", args=[alliance.slug, holder.uuid])
    page = client.post(address, {"named": "1"}, follow=True).content.decode()
    assert "Votre nom paraît en public" in page
    client.post(address, {"named": "0"})
    holder.refresh_from_db()
    assert not holder.named


def test_the_agent_gets_nowhere_with_the_choice_of_another(held, client, alliance):
    holder, _user = held
    signed_in(client, alliance)
    address = reverse("concertation_in:holder_named", args=[alliance.slug, holder.uuid])
    assert client.post(address, {"named": "1"}).status_code == 404
    holder.refresh_from_db()
    assert not holder.named


# Pages


def test_names_are_for_those_who_sit_there_and_the_team(held, client, alliance, space):
    holder, user = held
    address = reverse("concertation_in:holders", args=[alliance.slug, space.uuid])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Ana Roy-Tremblay" in client.get(address).content.decode()
    assert "Ana Roy-Tremblay" in client.get(space.get_absolute_url()).content.decode()
    holder.until = TODAY
    holder.save()
    assert client.get(address).status_code == 403
    for kind in ("member", "evaluator", "observer"):
        assert signed_in(client, alliance, kind).get(address).status_code == 403
        assert "Ana Roy-Tremblay" not in client.get(space.get_absolute_url()).content.decode()
    assert signed_in(client, alliance).get(address).status_code == 200


def test_addresses_of_people_are_for_the_team_only(held, client, alliance, space):
    holder, user = held
    holder.person.email = "ana@exemple.test"
    holder.person.save()
    address = reverse("concertation_in:holders", args=[alliance.slug, space.uuid])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "ana@exemple.test" not in client.get(address).content.decode()
    assert "ana@exemple.test" in signed_in(client, alliance).get(address).content.decode()


def test_whoever_sits_in_a_hidden_space_may_read_it(held, client, space):
    _holder, user = held
    space.is_public = False
    space.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(space.get_absolute_url()).status_code == 200


def test_the_page_says_vacant_seats(client, space):
    SeatPlanFactory(space=space, college="citizens", seats=2)
    SeatPlanFactory(space=space, college="business", seats=1)
    page = client.get(space.get_absolute_url()).content.decode()
    assert "3 sièges sont vacants" in page
    assert "1 siège vacant" in page


def test_the_agent_plans_seats_adds_and_ends_a_holder(client, alliance, space):
    signed_in(client, alliance)
    seat = a_seat(space)
    plan = reverse("concertation_in:seats_plan", args=[alliance.slug, space.uuid])
    page = client.post(plan, {"community": "2", "citizens": "", "since": "2026-02-01"}, follow=True).content.decode()
    assert "1 siège est vacant" in page
    page = client.post(plan, {"community": "x", "since": "2026-02-01"}).content.decode()
    assert 'value="x"' in page
    address = reverse("concertation_in:holder_add", args=[alliance.slug, space.uuid, seat.pk])
    asked = {"part": "holder", "name": "Ana Roy", "email": "ana@exemple.test", "since": "2026-02-01"}
    assert "Ana Roy" in client.post(address, asked, follow=True).content.decode()
    page = client.post(address, {"part": "holder", "name": "Zoé Gardée", "since": "2026-03-01"}).content.decode()
    assert "déjà occupé" in page
    assert "Zoé Gardée" in page
    assert "ou écrivez un nom" in client.post(address, {"part": "holder"}).content.decode()
    holder = SeatHolder.objects.get()
    address = reverse("concertation_in:holder_end", args=[alliance.slug, holder.uuid])
    client.post(address, {"on": "2026-11-20"})
    holder.refresh_from_db()
    assert holder.until == TODAY


def test_a_holder_of_another_alliance_is_not_found(client, alliance):
    signed_in(client, alliance)
    holder = SeatHolderFactory()
    for name in ("holder_end", "holder_named"):
        assert client.post(reverse(f"concertation_in:{name}", args=[alliance.slug, holder.uuid])).status_code == 404


@pytest.mark.parametrize("name", ["space", "holders"])
def test_sixty_seats_take_as_many_queries_as_one(client, alliance, agent, name):
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    small, large = SpaceFactory(alliance=alliance), SpaceFactory(alliance=alliance)
    for space, count in ((small, 1), (large, 60)):
        for code in ("citizens", "community"):
            SeatPlanFactory(space=space, college=code, seats=count)
        for index in range(count):
            seat = a_seat(space, "citizens" if index % 5 == 0 else "community")
            SeatHolderFactory(seat=seat)
            SeatHolderFactory(seat=seat, part="substitute")
    counts = []
    for space in (small, small, large):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, space.uuid])).status_code == 200
        counts.append(len(found))
    # Pages of a list ask nothing more than their first one.
    assert counts[1] >= counts[2] - 1, counts
    assert counts[2] <= 45
