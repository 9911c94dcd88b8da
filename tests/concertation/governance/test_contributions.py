"""What this part gives to the others: merges, personal data, what waits, memory, account, open data, figures."""

import datetime as dt
import json

import pytest

from maillage.alliances.models import Person
from maillage.concertation.governance import services
from maillage.concertation.models import DecisionStep, Facilitation, SeatHolder
from maillage.core import contributions
from tests.concertation.governance.factories import (
    CharterFactory,
    ConditionOfferFactory,
    DecisionStepFactory,
    FacilitationFactory,
    HeldMeetingFactory,
    ObstacleFactory,
    SeatHolderFactory,
    SeatPlanFactory,
    SpaceLinkFactory,
    SpaceSettingFactory,
)
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, SeatFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db
OLD, NEW, TODAY = dt.date(2024, 3, 1), dt.date(2026, 2, 1), dt.date(2026, 11, 20)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement", since=OLD)


def merges(target, model):
    return next(merge for merge in contributions.merge if (merge.target, merge.model) == (target, model))


# Merges


def test_every_foreign_key_to_a_person_or_an_actor_has_its_merge():
    declared = {(merge.target, merge.model) for merge in contributions.merge}
    assert {
        ("actor", "concertation.decisionstep"), ("actor", "concertation.facilitation"),
        ("person", "concertation.seatholder"), ("person", "concertation.facilitation"),
    } <= declared  # fmt: skip


def test_two_files_on_one_person_become_one_and_are_parted_again(space, alliance):
    kept, absorbed = PersonFactory(alliance=alliance, user=None), PersonFactory(alliance=alliance, user=None)
    shared, other = SeatFactory(space=space), SeatFactory(space=space)
    for person, seat in ((kept, shared), (absorbed, shared), (absorbed, other)):
        SeatHolderFactory(person=person, seat=seat, since=OLD, named=person == absorbed)
    FacilitationFactory(space=space, person=absorbed)
    before = list(SeatHolder.objects.order_by("pk").values("pk", "person_id", "named"))
    done = []
    for merge in (merges("person", "concertation.seatholder"), merges("person", "concertation.facilitation")):
        done.append((merge, json.loads(json.dumps(merge.apply(kept, absorbed)))))
    assert set(SeatHolder.objects.filter(person=kept).values_list("seat", flat=True)) == {shared.pk, other.pk}
    # A choice made under one name does not hold under another.
    assert not SeatHolder.objects.filter(person=kept, named=True).exists()
    assert Facilitation.objects.get().person == kept
    for merge, trace in done:
        merge.undo(kept, absorbed, trace)
    assert list(SeatHolder.objects.order_by("pk").values("pk", "person_id", "named")) == before
    assert Facilitation.objects.get().person == absorbed


def test_two_actors_become_one_and_are_parted_again(space, alliance):
    kept, absorbed = ActorFactory(alliance=alliance), ActorFactory(alliance=alliance)
    for actor in (kept, absorbed):
        DecisionStepFactory(space=None, alliance=alliance, actor=actor)
    DecisionStepFactory(space=None, alliance=alliance, actor=absorbed, part="advises")
    FacilitationFactory(space=space, actor=absorbed)
    for model, table in (("decisionstep", DecisionStep), ("facilitation", Facilitation)):
        before = list(table.objects.order_by("pk").values_list("pk", "actor"))
        merge = merges("actor", f"concertation.{model}")
        trace = json.loads(json.dumps(merge.apply(kept, absorbed)))
        assert table.objects.filter(actor=kept).count() == {"decisionstep": 2, "facilitation": 1}[model]
        merge.undo(kept, absorbed, trace)
        assert list(table.objects.order_by("pk").values_list("pk", "actor")) == before


# Personal data


def test_what_is_held_of_a_person_is_exported_erased_and_purged(space, alliance):
    [declared] = [row for row in contributions.personal_data if row.room == "concertation-governance"]
    person, other = PersonFactory(alliance=alliance), PersonFactory(alliance=alliance)
    seat = SeatFactory(space=space, actor=ActorFactory(alliance=alliance, name="Le Toit"))
    for whom, until in ((person, None), (other, dt.date(2018, 1, 1)), (other, NEW)):
        SeatHolderFactory(seat=seat, person=whom, until=until)
    FacilitationFactory(space=space, person=person)
    FacilitationFactory(space=space, person=other, until=dt.date(2018, 1, 1))
    exported = json.dumps(declared.export(person.user), ensure_ascii=False)
    assert "Le Toit" in exported
    assert "Table Logement" in exported
    assert declared.export(alliance) == {}
    assert declared.purge(TODAY) == 2
    assert SeatHolder.objects.filter(person=other).count() == 1
    assert declared.erase(person) == 2
    assert declared.erase(person) == 0
    # The turn stays, without the person.
    assert Facilitation.objects.filter(space=space, person=None).count() == 2


def test_an_erased_person_is_named_nowhere(client, space, alliance):
    person = PersonFactory(alliance=alliance, name="Ana Roy-Tremblay", user=None)
    SeatHolderFactory(seat=SeatFactory(space=space), person=person, named=True)
    assert "Ana Roy-Tremblay" in client.get(space.get_absolute_url() + "?page=1").content.decode()
    [declared] = [row for row in contributions.personal_data if row.room == "concertation-governance"]
    declared.erase(person)
    assert "Ana Roy-Tremblay" not in client.get(space.get_absolute_url() + "?page=2").content.decode()


# What waits


def keys(alliance, viewer):
    return {todo.key.rpartition("-")[0] or todo.key for todo in contributions.todo.collect(alliance, viewer, TODAY)}


def test_what_waits_for_the_agent_only(space, alliance, agent):
    seat = SeatFactory(space=space)
    SeatPlanFactory(space=space, college="citizens", seats=1)
    SeatHolderFactory(seat=seat, until=TODAY + dt.timedelta(days=20))
    FacilitationFactory(space=space, since=OLD, until=TODAY + dt.timedelta(days=20))
    ConditionOfferFactory(space=space)
    HeldMeetingFactory(space=space, starts_at=dt.datetime(2026, 11, 10, 14, tzinfo=dt.UTC))
    titles = [str(todo.title) for todo in contributions.todo.collect(alliance, agent, TODAY)]
    for words in ("1 siège vacant", "Un mandat (Table Logement)", "animer ensuite", "conditions ont-elles"):
        assert any(words in title for title in titles), words
    for other in (None, user_with(alliance, "member"), user_with(AllianceFactory())):
        told = [str(todo.title) for todo in contributions.todo.collect(alliance, other, TODAY)]
        assert not any("Table Logement" in title for title in told)


def test_ones_own_seats_are_in_the_menu_of_whoever_holds_some(space, alliance):
    user = user_with(alliance, "member")
    labels = lambda: [str(item.label) for item in contributions.navigation.collect(alliance, user, TODAY)]  # noqa: E731
    assert "Comment on décide" in labels()
    assert "Mes sièges" not in labels()
    SeatHolderFactory(seat=SeatFactory(space=space), person=Person.objects.get(user=user))
    assert "Mes sièges" in labels()


# The memory


def told(alliance, viewer=None):
    return {str(entry.title): entry.on for entry in contributions.timeline.collect(alliance, viewer, TODAY, limit=50)}


def test_the_memory_tells_charters_and_citizens_seats(space, alliance, agent):
    CharterFactory(space=space, adopted_on=NEW, since=NEW)
    CharterFactory(space=space, number=2)
    services.plan_seats(space=space, college="citizens", seats=2, by=agent, since=OLD)
    services.plan_seats(space=space, college="citizens", seats=4, by=agent, since=NEW)
    services.plan_seats(space=space, college="citizens", seats=3, by=agent, since=TODAY)
    found = told(alliance)
    assert found["Table Logement adopte sa charte"] == NEW
    assert found["2 sièges citoyens de plus à Table Logement"] == NEW
    assert len([title for title in found if "sièges citoyens" in title or "siège citoyen" in title]) == 1
    space.is_public = False
    space.save()
    assert "Table Logement adopte sa charte" not in told(alliance)
    assert "Table Logement adopte sa charte" in told(alliance, agent)


# The account, open data, figures


def test_the_account_has_a_section_on_governance(space, alliance, agent):
    SpaceSettingFactory(space=space, rule="consent", quorum_percent=50)
    services.set_functions(space=space, codes=("inform", "aims"), by=agent, since=OLD)
    SeatPlanFactory(space=space, college="citizens", seats=2)
    SeatFactory(space=space, actor=ActorFactory(alliance=alliance, type="citizens"))
    DecisionStepFactory(space=space)
    SpaceLinkFactory(space=space)
    SpaceFactory(alliance=alliance, name="Cellule", is_public=False)
    sections = {section.key: section for section in contributions.report.collect(alliance, None, TODAY)}
    blocks = sections["governance"].blocks
    said = str([block if isinstance(block, str) else getattr(block, "rows", "") for block in blocks])
    for words in ("2 des 6 fonctions", "Consentement", "50", "Collèges citoyens", "Décide", "pas assez de données"):
        assert words in said, words
    assert "Cellule" not in said
    assert "var(" not in str(blocks)
    assert "governance" not in {section.key for section in contributions.report.collect(AllianceFactory(), None, TODAY)}


def test_open_data_holds_what_is_public_with_its_past(space, alliance, agent):
    services.change_setting(space=space, changes={"rule": "majority"}, by=agent, since=OLD)
    services.change_setting(space=space, changes={"rule": "consent"}, by=agent, since=NEW)
    services.set_functions(space=space, codes=("inform",), by=agent, since=OLD)
    hidden = SpaceFactory(alliance=alliance, name="Cellule", is_public=False)
    SpaceLinkFactory(space=space, other=hidden)
    SpaceLinkFactory(space=space, other=SpaceFactory(alliance=alliance, name="Coordination"))
    services.set_functions(space=hidden, codes=("aims",), by=agent, since=OLD)
    found = {table.name: table for table in contributions.exports.collect(alliance, None, TODAY)}
    rows = {name: [list(row) for row in found[name].rows()] for name in found if name.startswith("space-")}
    for name, lines in rows.items():
        assert {len(line) for line in lines} == {len(found[name].header)}, name
    assert [line[2] for line in rows["space-settings"]] == ["majority", "consent"]
    assert "Cellule" not in str(rows)
    assert [line[4] for line in rows["space-links"]] == ["Coordination"]


def figures(alliance, viewer=None):
    return {
        (figure.element, str(figure.label)): figure
        for figure in contributions.evidence.collect(alliance, viewer, TODAY)
    }


def test_an_empty_alliance_has_not_enough_data_rather_than_zeros(alliance):
    for key, figure in figures(alliance).items():
        if key[1] in {"Fonctions remplies par un espace actif", "Sièges citoyens", "Équilibre des types"}:
            assert figure.value is None
            assert figure.note


def test_figures_of_the_compass_say_their_formula_and_source(space, alliance, agent):
    services.set_functions(space=space, codes=("inform", "aims"), by=agent, since=OLD)
    for code, n in (("community", 3), ("citizens", 2)):
        for _ in range(n):
            SeatFactory(space=space, actor=ActorFactory(alliance=alliance, type=code))
    ConditionOfferFactory(space=space)
    for day in (1, 8, 15):
        meeting = HeldMeetingFactory(space=space, starts_at=dt.datetime(2026, 10, day, 14, tzinfo=dt.UTC))
        services.keep_conditions(meeting=meeting, kept={"peers": day != 8}, by=agent)
    one, _two = ObstacleFactory(space=space), ObstacleFactory(space=space)
    services.try_step(obstacle=one, on=NEW, tried="Une marche", by=agent)
    found = figures(alliance)
    values = {
        (5, "Fonctions remplies par un espace actif"): 2,
        (7, "Équilibre des types"): pytest.approx(0.96),
        (7, "Obstacles nommés et travaillés"): 0.5,
        (8, "Sièges citoyens"): 0.4,
        (8, "Conditions du savoir d’expérience tenues"): pytest.approx(2 / 3),
    }
    for key, value in values.items():
        assert found[key].value == value, key
        assert found[key].formula
        assert found[key].source
    assert found[5, "Partage du leadership"].value is None
    assert found[5, "Partage du leadership"].note
