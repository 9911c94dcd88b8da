import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.actors import services
from maillage.actors.models import Mandate, Organisation
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Role, Term
from maillage.core.models import AuditEntry, AuditPersonalValue
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, user_with

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def test_an_actor_is_created_with_its_organisation_and_logged(alliance, agent):
    actor = services.create_actor(alliance=alliance, name=" Le Grenier ", by=agent, type="community")
    assert actor.name == "Le Grenier"
    assert actor.organisation.name == "Le Grenier"
    entry = AuditEntry.objects.get(action="actors.created")
    assert (entry.user_id, entry.alliance_id, entry.object_id) == (agent.pk, alliance.pk, str(actor.pk))
    assert entry.after["type"] == "community"


def test_a_citizens_college_is_not_an_organisation(alliance, agent):
    actor = services.create_actor(alliance=alliance, name="Citoyennes et citoyens", by=agent, type="citizens")
    assert actor.organisation is None
    assert not Organisation.objects.exists()


def test_an_unusable_name_leaves_nothing(alliance, agent):
    with pytest.raises(ValidationError):
        services.create_actor(alliance=alliance, name="x" * 301, by=agent)
    with pytest.raises(ValidationError):
        services.create_actor(alliance=alliance, name="  ", by=agent)
    assert not Organisation.objects.exists()
    assert not AuditEntry.objects.filter(action="actors.created").exists()


def test_a_renamed_actor_is_still_found_by_its_former_name(alliance, agent):
    actor = ActorFactory(alliance=alliance, name="CLSC des Rangs")
    services.update_actor(actor=actor, changes={"name": "CIUSSS des Rangs", "type": "institution"}, by=agent)
    actor.refresh_from_db()
    assert actor.name == "CIUSSS des Rangs"
    assert [alias.folded for alias in actor.aliases.all()] == ["clsc des rangs"]
    entry = AuditEntry.objects.get(action="actors.updated")
    assert entry.before == {"type": "unspecified"}
    assert entry.after == {"type": "institution", "changed": ["name", "type"]}


def test_changing_nothing_logs_nothing(alliance, agent):
    actor = ActorFactory(alliance=alliance)
    services.update_actor(actor=actor, changes={"name": actor.name}, by=agent)
    assert not AuditEntry.objects.filter(action="actors.updated").exists()


def test_only_listed_fields_can_be_changed(alliance, agent):
    with pytest.raises(KeyError):
        services.update_actor(actor=ActorFactory(alliance=alliance), changes={"alliance": None}, by=agent)


def test_an_actor_ends_not_before_it_began(alliance, agent):
    actor = ActorFactory(alliance=alliance, since=dt.date(2025, 1, 1))
    with pytest.raises(ValidationError):
        services.end_actor(actor=actor, on=dt.date(2024, 1, 1), by=agent)
    assert services.end_actor(actor=actor, on=DAY, by=agent).until == DAY


def test_tags_replace_the_former_ones_and_take_local_words(alliance, agent):
    actor = ActorFactory(alliance=alliance)
    Term.objects.create(scheme="field", code="itinerance", fr="itinérance", alliance=alliance, counts_as="housing")
    services.tag_actor(actor=actor, scheme="field", codes=["housing", "health"], by=agent)
    services.tag_actor(actor=actor, scheme="field", codes=["housing", "itinerance"], by=agent)
    assert [tag.code for tag in actor.tags.all()] == ["housing", "itinerance"]
    with pytest.raises(ValidationError):
        services.tag_actor(actor=actor, scheme="field", codes=["magie"], by=agent)


def test_the_word_of_another_alliance_is_refused(alliance, agent):
    Term.objects.create(scheme="field", code="ailleurs", fr="ailleurs", alliance=AllianceFactory(), counts_as="housing")
    with pytest.raises(ValidationError):
        services.tag_actor(actor=ActorFactory(alliance=alliance), scheme="field", codes=["ailleurs"], by=agent)


def test_a_mandate_is_private_dated_and_its_log_is_kept_apart(alliance, agent):
    actor, person = ActorFactory(alliance=alliance), PersonFactory(alliance=alliance)
    mandate = services.give_mandate(actor=actor, person=person, by=agent, title="Directrice", since=DAY)
    with pytest.raises(ValidationError):
        services.give_mandate(actor=actor, person=person, by=agent)
    with pytest.raises(ValidationError):
        services.give_mandate(actor=actor, person=PersonFactory(), by=agent)
    assert "Directrice" not in str(list(AuditEntry.objects.values_list("after", flat=True)))
    assert AuditPersonalValue.objects.filter(person_key=f"person:{person.pk}", after="Directrice").exists()
    services.end_mandate(mandate=mandate, on=DAY, by=agent)
    assert not Mandate.objects.at(DAY).exists()


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [("agent", True), ("regional", True)]
    + [(kind, False) for kind in Role.Kind.values if kind not in {"agent", "regional"}],
)
def test_who_may_change_actors(alliance, kind, allowed):
    user = user_with(alliance, kind)
    actor = ActorFactory(alliance=alliance)
    person = PersonFactory(alliance=alliance)
    mandate = Mandate.objects.create(actor=actor, person=person)
    attempts = [
        lambda: services.create_actor(alliance=alliance, name="A", by=user),
        lambda: services.update_actor(actor=actor, changes={"type": ActorType.BUSINESS}, by=user),
        lambda: services.tag_actor(actor=actor, scheme="sector", codes=["social"], by=user),
        lambda: services.end_mandate(mandate=mandate, on=DAY, by=user),
        lambda: services.give_mandate(actor=actor, person=person, by=user),
        lambda: services.end_actor(actor=actor, on=DAY, by=user),
    ]
    for attempt in attempts:
        if allowed:
            attempt()
        else:
            with pytest.raises(PermissionDenied):
                attempt()


def test_the_agent_of_another_alliance_changes_nothing(alliance):
    stranger = user_with(AllianceFactory())
    with pytest.raises(PermissionDenied):
        services.create_actor(alliance=alliance, name="A", by=stranger)
    with pytest.raises(PermissionDenied):
        services.update_actor(actor=ActorFactory(alliance=alliance), changes={"name": "B"}, by=stranger)
