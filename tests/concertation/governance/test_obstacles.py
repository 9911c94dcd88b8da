"""Obstacles: fixed kinds, named for a space, never against an actor, public only if chosen."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.actors.models import ActorAlias
from maillage.alliances.models import Person
from maillage.concertation.governance import services
from maillage.concertation.models import Obstacle, ObstacleStep
from maillage.core.text import fold
from tests.concertation.governance.factories import ObstacleFactory, SeatHolderFactory
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
OLD, NEW = dt.date(2024, 3, 1), dt.date(2026, 2, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def sits(space):
    """A member who holds a seat there."""
    user = user_with(space.alliance, "member")
    SeatHolderFactory(seat=SeatFactory(space=space), person=Person.objects.get(user=user))
    return user


def name(space, by, words="Il manque de temps.", code="resources", **values):
    return services.name_obstacle(space=space, code=code, words=words, by=by, since=OLD, **values)


def test_there_is_no_field_for_an_actor():
    related = {field.related_model.__name__ for field in Obstacle._meta.get_fields() if field.related_model}
    assert related == {"Space", "ObstacleStep"}


def test_only_the_fixed_kinds_and_the_alliance_own_words(space, agent):
    for code in ("conflicts", "cultures", "silos", "resources", "aims", "extent", "deciders"):
        name(space, agent, code=code)
    with pytest.raises(ValidationError, match="sorte de la liste"):
        name(space, agent, code="inconnue")


@pytest.mark.parametrize(
    "words",
    [
        "Le Relais des Saules refuse de venir.",
        "C’est la faute du « relais des saules »!",
        "Tout va mal avec LE RELAIS-DES-SAULES",
        "Le CLSC des Saules ne répond pas.",
    ],
)
def test_the_name_of_an_actor_is_refused_kindly(space, agent, words, alliance):
    actor = ActorFactory(alliance=alliance, name="Relais des Saules")
    ActorAlias.objects.create(actor=actor, name="CLSC des Saules", folded=fold("CLSC des Saules"))
    with pytest.raises(ValidationError, match="sans nommer personne"):
        name(space, agent, words=words)
    obstacle = name(space, agent)
    for call in (
        lambda: services.change_obstacle(obstacle=obstacle, words=words, by=agent),
        lambda: services.try_step(obstacle=obstacle, on=NEW, tried=words, by=agent),
        lambda: services.try_step(obstacle=obstacle, on=NEW, tried="Une marche", outcome=words, by=agent),
    ):
        with pytest.raises(ValidationError, match="sans nommer personne"):
            call()
    assert not ObstacleStep.objects.exists()


def test_words_that_only_look_like_a_name_pass(space, agent, alliance):
    ActorFactory(alliance=alliance, name="Relais")
    ActorFactory(alliance=alliance, name="!")
    ActorFactory(name="Le Toit")
    assert name(space, agent, words="Nous n’avons pas de relaiss, ni le toit d’avant.").pk


def test_only_the_team_shows_it_in_public(space, agent):
    member = sits(space)
    with pytest.raises(PermissionDenied):
        name(space, member, is_public=True)
    obstacle = name(space, member)
    with pytest.raises(PermissionDenied):
        services.change_obstacle(obstacle=obstacle, is_public=True, by=member)
    assert services.change_obstacle(obstacle=obstacle, is_public=True, by=agent).is_public


def test_who_may_name_one(space, alliance):
    assert name(space, sits(space)).pk
    for user in (None, user_with(alliance, "member"), user_with(alliance, "observer"), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            name(space, user)


def test_what_was_tried_and_what_came_of_it(space, agent):
    obstacle = name(space, agent)
    step = services.try_step(obstacle=obstacle, on=NEW, tried="Des rencontres au téléphone.", by=agent)
    services.tell_outcome(step=step, outcome="Deux équipes de plus.", by=agent)
    services.change_obstacle(obstacle=obstacle, until=NEW, by=agent)
    obstacle.refresh_from_db(), step.refresh_from_db()
    assert (step.outcome, obstacle.until) == ("Deux équipes de plus.", NEW)
    with pytest.raises(ValidationError):
        services.change_obstacle(obstacle=obstacle, until=dt.date(2020, 1, 1), by=agent)


def test_the_public_sees_only_what_was_chosen(client, alliance, space):
    ObstacleFactory(space=space, words="Montré à tous", is_public=True)
    ObstacleFactory(space=space, words="Gardé entre nous")
    address = reverse("concertation_in:obstacles", args=[alliance.slug, space.uuid])
    for reader in (client, signed_in(client, alliance, "member")):
        page = reader.get(address).content.decode()
        assert "Montré à tous" in page
        assert "Gardé entre nous" not in page
    client.force_login(sits(space), backend="django.contrib.auth.backends.ModelBackend")
    assert "Gardé entre nous" in client.get(address).content.decode()


def test_the_pages_keep_what_was_typed(client, alliance, space):
    ActorFactory(alliance=alliance, name="Relais des Saules")
    signed_in(client, alliance)
    address = reverse("concertation_in:obstacle_name", args=[alliance.slug, space.uuid])
    page = client.post(address, {"code": "silos", "words": "Le Relais des Saules bloque"}).content.decode()
    assert "sans nommer personne" in page
    assert "Le Relais des Saules bloque" in page
    client.post(address, {"code": "silos", "words": "Quatre formulaires", "is_public": "on", "since": "2026-02-01"})
    row = Obstacle.objects.get()
    assert (row.code, row.is_public) == ("silos", True)
    tried = reverse("concertation_in:obstacle_tried", args=[alliance.slug, row.uuid])
    page = client.post(tried, {"on": "2026-05-01", "tried": "Un seul formulaire"}, follow=True)
    assert "Un seul formulaire" in page.content.decode()
    step = ObstacleStep.objects.get()
    outcome = reverse("concertation_in:obstacle_outcome", args=[alliance.slug, row.uuid, step.pk])
    assert "Moins long" in client.post(outcome, {"outcome": "Moins long"}, follow=True).content.decode()
    change = reverse("concertation_in:obstacle_change", args=[alliance.slug, row.uuid])
    client.post(change, {"words": "Deux formulaires", "until": "2026-06-01"})
    row.refresh_from_db()
    assert (row.words, row.is_public, row.until) == ("Deux formulaires", False, dt.date(2026, 6, 1))


def test_an_obstacle_of_another_alliance_is_not_found(client, alliance):
    signed_in(client, alliance)
    row = ObstacleFactory()
    for page in ("obstacle_change", "obstacle_tried"):
        assert client.get(reverse(f"concertation_in:{page}", args=[alliance.slug, row.uuid])).status_code == 404
