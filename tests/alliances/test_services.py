"""The services: what they write, what they log, what they refuse."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.alliances import services
from maillage.alliances.models import Alliance, FormerSlug, MemoryEvent, Role, Term
from maillage.core.access import may
from maillage.core.models import AuditEntry, AuditPersonalValue
from tests.factories import AllianceFactory, CycleFactory, PersonFactory, TerritoryFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def operator():
    return UserFactory(is_operator=True)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_operator_creates_an_alliance_and_the_log_says_so(operator):
    territory = TerritoryFactory()
    made = services.create_alliance(
        by=operator, name="Alliance pour la solidarité de Val-Fictif", short_name="MRC de Val-Fictif",
        territories=[territory], mandatary="MRC de Val-Fictif",
    )  # fmt: skip
    assert made.slug == "mrc-de-val-fictif"
    assert not made.is_public
    assert list(made.territories.all()) == [territory]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user_id, entry.alliance_id) == ("alliances.created", operator.pk, made.pk)


@pytest.mark.parametrize("slug", ["admin", "compte", "en", "static", "territoires"])
def test_reserved_addresses_are_refused(operator, slug):
    with pytest.raises(ValidationError) as refused:
        services.create_alliance(by=operator, name="A", short_name="A", slug=slug)
    assert "slug" in refused.value.message_dict
    assert not Alliance.objects.exists()


def test_two_levels_only(operator):
    region = AllianceFactory(scale="regional")
    local = AllianceFactory()
    services.create_alliance(by=operator, name="B", short_name="B", parent=region)
    for scale, parent in (("regional", region), ("local", local)):
        with pytest.raises(ValidationError):
            services.create_alliance(by=operator, name="C", short_name="C", scale=scale, parent=parent)


def test_an_unknown_field_is_a_mistake_of_the_caller(operator, alliance, agent):
    with pytest.raises(TypeError):
        services.create_alliance(by=operator, name="A", short_name="A", is_operator=True)
    with pytest.raises(TypeError):
        services.update_alliance(alliance, by=agent, slug="x")


def test_update_logs_what_changed_and_nothing_when_nothing_did(alliance, agent):
    services.update_alliance(alliance, by=agent, time_zone="America/Halifax", summary="Un texte libre.")
    entry = AuditEntry.objects.get()
    assert entry.before == {"time_zone": "America/Toronto"}
    assert entry.after == {"time_zone": "America/Halifax", "texts": ["summary"]}
    services.update_alliance(alliance, by=agent, time_zone="America/Halifax")
    assert AuditEntry.objects.count() == 1


def test_an_unknown_time_zone_is_refused(alliance, agent):
    with pytest.raises(ValidationError):
        services.update_alliance(alliance, by=agent, time_zone="Mars/Olympus")
    alliance.refresh_from_db()
    assert alliance.time_zone == "America/Toronto"


def test_renaming_keeps_the_former_address_and_lets_it_be_taken_back(alliance, agent):
    first = alliance.slug
    services.rename_slug(alliance, by=agent, slug="Nouvelle-Adresse")
    alliance.refresh_from_db()
    assert alliance.slug == "nouvelle-adresse"
    other = AllianceFactory()
    with pytest.raises(ValidationError):
        services.rename_slug(other, by=user_with(other), slug=first)
    services.rename_slug(alliance, by=agent, slug=first)
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["nouvelle-adresse"]


def test_a_new_cycle_has_the_five_stages_and_may_repeat_overlap_rename(alliance, agent):
    cycle = services.add_cycle(alliance, by=agent, name="2024-2029", since=dt.date(2024, 4, 1))
    assert [stage.kind for stage in cycle.stages.all()] == [
        "portrait", "plan", "planning", "implementation", "evaluation",
    ]  # fmt: skip
    again = services.add_stage(
        cycle, by=agent, kind="portrait", name="Portrait, deuxième tour", since=DAY, state="active"
    )
    services.update_stage(cycle.stages.all()[0], by=agent, state="active", since=dt.date(2026, 1, 1))
    assert cycle.stages.filter(state="active", kind="portrait").count() == 2
    services.move_stage(again, by=agent, step=-4)
    assert [stage.name for stage in cycle.stages.all()][1] == "Portrait, deuxième tour"


def test_dates_the_wrong_way_round_are_refused(alliance, agent):
    with pytest.raises(ValidationError) as refused:
        services.add_cycle(alliance, by=agent, name="X", since=DAY, until=dt.date(2020, 1, 1))
    assert "until" in refused.value.message_dict
    assert not alliance.cycles.exists()


def test_agreement_is_kept_to_the_cent_with_its_parties_in_order(alliance, agent):
    cycle = CycleFactory(alliance=alliance)
    parties = [("MRC fictive", "mandataire"), ("Ministère", ""), ("", "personne")]
    agreement = services.save_agreement(
        cycle, by=agent, title="Entente", since=DAY, until=dt.date(2029, 3, 31), envelope_cents=84_200_001,
        parties=parties,
    )  # fmt: skip
    assert agreement.envelope_cents == 84_200_001
    assert [party.name for party in agreement.parties.all()] == ["MRC fictive", "Ministère"]
    same = services.save_agreement(cycle, by=agent, title="Entente modifiée", parties=parties[:1])
    assert same.pk == agreement.pk
    assert same.parties.count() == 1
    with pytest.raises(ValidationError):
        services.save_agreement(cycle, by=agent, title="Entente", envelope_cents=-1)


def test_a_begun_stage_and_a_full_cycle_are_kept(alliance, agent):
    cycle = services.add_cycle(alliance, by=agent, name="2024-2029")
    stage = cycle.stages.all()[0]
    services.update_stage(stage, by=agent, state="done")
    with pytest.raises(ValidationError):
        services.remove_stage(stage, by=agent)
    with pytest.raises(ValidationError):
        services.remove_cycle(cycle, by=agent)
    services.remove_stage(cycle.stages.all()[4], by=agent)
    assert cycle.stages.count() == 4


def test_deliverables_are_added_done_and_put_back(alliance, agent):
    stage = services.add_cycle(alliance, by=agent, name="2024-2029").stages.all()[0]
    row = services.add_deliverable(stage, by=agent, title="Portrait publié", due_on=DAY)
    row = services.complete_deliverable(row, by=agent, on=DAY)
    with pytest.raises(ValidationError):
        services.remove_deliverable(row, by=agent)
    row = services.complete_deliverable(row, by=agent, on=None)
    services.remove_deliverable(row, by=agent)
    assert actions()[-4:] == [
        "alliances.deliverable_added", "alliances.deliverable_done", "alliances.deliverable_reopened",
        "alliances.deliverable_removed",
    ]  # fmt: skip


def test_what_names_a_person_is_kept_apart_in_the_log(alliance, agent):
    person = services.add_person(
        alliance, by=agent, name="Alice Fictive", email="Alice@Exemple.test", phone="819 555-0100"
    )
    services.update_person(person, by=agent, phone="819 555-0101")
    whole = str(list(AuditEntry.objects.values("before", "after")))
    assert "Alice" not in whole
    assert "555" not in whole
    assert set(AuditPersonalValue.objects.values_list("person_key", flat=True)) == {f"person:{person.pk}"}


def test_a_role_ends_at_once(alliance, agent):
    member = user_with(alliance, Role.Kind.MEMBER)
    role = member.persons.get().roles.get()
    assert may(member, "alliances.view_inside", alliance)
    services.end_role(role, by=agent, on=alliance.today())
    member = type(member).objects.get(pk=member.pk)
    assert not may(member, "alliances.view_inside", alliance)


def test_ending_a_role_never_gives_more_time(alliance, agent):
    role = user_with(alliance, Role.Kind.MEMBER).persons.get().roles.get()
    today = alliance.today()
    later = services.end_role(role, by=agent, on=today + dt.timedelta(days=30))
    assert services.end_role(later, by=agent, on=today).until == today
    with pytest.raises(ValidationError, match="finit déjà"):
        services.end_role(role, by=agent, on=today + dt.timedelta(days=30))
    role.refresh_from_db()
    assert role.until == today


def test_the_same_role_is_not_held_twice_at_once(alliance, agent):
    person = PersonFactory(alliance=alliance)
    services.grant_role(person, by=agent, kind="member", since=dt.date(2025, 1, 1), until=dt.date(2026, 1, 1))
    services.grant_role(person, by=agent, kind="member", since=dt.date(2026, 1, 1))
    with pytest.raises(ValidationError):
        services.grant_role(person, by=agent, kind="member", since=dt.date(2025, 6, 1))


def test_a_local_alliance_has_no_regional_coordinator(alliance, agent):
    with pytest.raises(ValidationError):
        services.grant_role(PersonFactory(alliance=alliance), by=agent, kind="regional")


def test_an_invited_account_gets_its_role_once_and_only_while_the_inviter_may(alliance, agent):
    user = UserFactory()
    first = services.seat_invited(alliance, user=user, kind="member", invited_by=agent, since=alliance.today())
    assert services.seat_invited(alliance, user=user, kind="member", invited_by=agent) == first
    services.end_role(agent.persons.get().roles.get(), by=agent, on=alliance.today())
    with pytest.raises(PermissionDenied):
        services.seat_invited(alliance, user=UserFactory(), kind="member", invited_by=agent)


def test_an_invited_account_takes_the_place_of_the_person_already_known_by_that_address(alliance, agent):
    person = services.add_person(alliance, by=agent, name="Bruno", email="bruno@exemple.test")
    user = UserFactory(email="bruno@exemple.test")
    role = services.seat_invited(alliance, user=user, kind="member", invited_by=agent)
    assert role.person_id == person.pk


def test_powers_are_delegated_and_taken_back(alliance, agent):
    power = services.delegate_power(alliance, by=agent, title="Convoquer", given_by="Table Logement", since=DAY)
    services.end_power(power, by=agent, on=dt.date(2026, 12, 1))
    power.refresh_from_db()
    assert not power.holds(dt.date(2026, 12, 1))


def test_memory_rounds_what_is_not_known(alliance, agent):
    event = services.remember(alliance, by=agent, on=dt.date(2025, 6, 18), title="Adoption", precision="month")
    assert event.on == dt.date(2025, 6, 1)
    event = services.update_memory(event, by=agent, precision="year")
    assert event.on == dt.date(2025, 1, 1)
    services.forget(event, by=agent)
    assert not alliance.memory.exists()


def test_nobody_changes_a_national_event(agent):
    event = MemoryEvent.objects.filter(alliance=None).first()
    for change in (
        lambda: services.update_memory(event, by=agent, title="X"),
        lambda: services.forget(event, by=agent),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_a_local_word_counts_as_a_fixed_one(alliance, agent):
    term = services.add_term(alliance, by=agent, scheme="field", fr="garde d’enfants", counts_as="education")
    assert (term.code, term.counts_as) == ("garde-denfants", "education")
    for scheme, word, counts in (
        ("field", "Logement", "housing"), ("field", "autre", "rien"), ("aim", "neutre", "repair"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            services.add_term(alliance, by=agent, scheme=scheme, fr=word, counts_as=counts)
    assert Term.objects.filter(alliance=alliance).count() == 1


def test_reference_data_is_loaded_once():
    from maillage.alliances.vocabulary import load_reference_data

    before = (Term.objects.count(), MemoryEvent.objects.count())
    assert before[0] > 100
    load_reference_data()
    assert (Term.objects.count(), MemoryEvent.objects.count()) == before
    assert not MemoryEvent.objects.filter(alliance=None, source="").exists()
