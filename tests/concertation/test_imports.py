"""A list of members becomes spaces, actors and seats: whole or not at all, once, and can be taken back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections import defaultdict

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from maillage.actors import merging
from maillage.actors.models import Actor, ActorAlias, NotDuplicate, Organisation
from maillage.actors.services import update_actor
from maillage.concertation.imports import columns, services
from maillage.concertation.imports.categories import suggest
from maillage.concertation.imports.lines import is_crowd
from maillage.concertation.imports.models import ImportRun
from maillage.concertation.models import Seat, Space
from maillage.core.models import AuditEntry, Document
from maillage.core.tables import TableError, read_table
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

HEADER = "Table,Organisme,Catégorie"
ROWS = [
    "Table du Nord,Maison du Ruisseau,Organismes communautaires",
    "Table du Nord,Ville de Grandpré,Municipal",
    "Table du Sud,Maison du ruisseau,Organismes communautaires",
    "Table du Sud,,Organismes communautaires",
]


def listing(*rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *(rows or ROWS)]).encode())


@pytest.fixture
def alliance():
    return AllianceFactory(slug="deux-rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def begin(alliance, agent, file=None, **options) -> ImportRun:
    run = services.start_run(
        alliance=alliance, file=file or listing(), name="membres.csv", by=agent, now=timezone.now()
    )
    return services.choose_columns(run=run, columns=run.columns, options=options, by=agent)


def bring(alliance, agent, file=None, **options) -> ImportRun:
    return services.apply_run(run=begin(alliance, agent, file, **options), by=agent)


def state() -> dict[str, list]:
    """Everything that an import may touch, to compare before and after."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Actor, ActorAlias, NotDuplicate, Organisation, Space, Seat)
    }


def test_a_list_becomes_spaces_actors_and_seats(alliance, agent):
    run = bring(alliance, agent)
    assert run.state == ImportRun.State.APPLIED
    assert [space.name for space in Space.objects.all()] == ["Table du Nord", "Table du Sud"]
    assert {(a.name, a.type) for a in Actor.objects.all()} == {
        ("Maison du Ruisseau", "community"), ("Maison du ruisseau", "community"), ("Ville de Grandpré", "municipality"),
    }  # fmt: skip
    assert Seat.objects.count() == 3
    assert set(Seat.objects.values_list("category", flat=True)) == {"Organismes communautaires", "Municipal"}
    assert run.rejected == [[5, "no_name", "Table du Sud"]]
    assert run.counts["actors_created"] == 3
    assert run.counts["rejected"] == 1
    assert AuditEntry.objects.filter(action="concertation.import_applied", user_id=agent.pk).exists()
    assert AuditEntry.objects.filter(action="actors.created").count() == 3


def test_the_same_file_twice_changes_nothing(alliance, agent):
    bring(alliance, agent)
    before = state()
    run = bring(alliance, agent)
    assert state() == before
    assert run.counts == {
        **dict.fromkeys(run.counts, 0), "spaces_unchanged": 2, "actors_unchanged": 3, "seats_unchanged": 3,
        "rejected": 1, "lines": 3,
    }  # fmt: skip
    assert run.proposals.count() == 0


def test_an_accepted_pair_is_one_actor_with_both_spellings_and_stays_so(alliance, agent):
    run = begin(alliance, agent)
    pair = run.proposals.get()
    assert (pair.left, pair.right, pair.trivial) == ("Maison du Ruisseau", "Maison du ruisseau", True)
    services.decide(run=run, decisions={pair.position: "right"}, by=agent, now=timezone.now())
    services.apply_run(run=run, by=agent)
    actor = Actor.objects.get(name="Maison du ruisseau")
    assert [alias.name for alias in actor.aliases.all()] == ["Maison du Ruisseau"]
    assert actor.seats.count() == 2
    before = state()
    assert bring(alliance, agent).counts["actors_created"] == 0
    assert state() == before


def test_a_refused_pair_is_not_proposed_again(alliance, agent):
    run = begin(alliance, agent)
    services.decide(run=run, decisions={1: "different"}, by=agent, now=timezone.now())
    services.apply_run(run=run, by=agent)
    assert NotDuplicate.objects.count() == 1
    assert merging.open_proposals(alliance).count() == 0


def test_an_undecided_pair_waits_on_the_page_of_duplicates(alliance, agent):
    bring(alliance, agent)
    assert merging.open_proposals(alliance).count() == 1


def test_a_new_name_is_proposed_against_the_register(alliance, agent):
    there = ActorFactory(alliance=alliance, name="Maison du Ruisseau inc.")
    run = begin(alliance, agent, listing("Table du Nord,Maison du Ruisseau,"))
    pair = run.proposals.get()
    assert pair.right_actor == there
    with pytest.raises(ValidationError):
        services.decide(run=run, decisions={1: "left"}, by=agent, now=timezone.now())
    services.decide(run=run, decisions={1: "right"}, by=agent, now=timezone.now())
    services.apply_run(run=run, by=agent)
    assert [actor.pk for actor in Actor.objects.all()] == [there.pk]
    assert there.aliases.get().name == "Maison du Ruisseau"


def test_answers_that_contradict_each_other_are_refused(alliance, agent):
    rows = ["T,Maison du Ruisseau,", "T,Maison du ruisseau,", "T,MAISON DU RUISSEAU,"]
    run = begin(alliance, agent, listing(*rows))
    assert run.proposals.count() == 3
    with pytest.raises(ValidationError, match="diffèrent") as caught:
        services.decide(run=run, decisions={1: "left", 2: "left", 3: "different"}, by=agent, now=timezone.now())
    assert caught.value.code == "contradiction"
    assert not run.proposals.exclude(decision="").exists()


def test_two_actors_of_the_register_are_not_merged_by_an_import(alliance, agent):
    for name in ("Maison du Ruisseau", "Maison du ruisseau"):
        ActorFactory(alliance=alliance, name=name)
    run = begin(alliance, agent, listing("T,MAISON DU RUISSEAU,"))
    with pytest.raises(ValidationError) as caught:
        services.decide(run=run, decisions={1: "right", 2: "right"}, by=agent, now=timezone.now())
    assert caught.value.code == "two_actors"


def test_what_a_person_wrote_is_not_overwritten(alliance, agent):
    ActorFactory(alliance=alliance, name="Ville de Grandpré", type="institution", website="https://a.test")
    file = listing("T,Ville de Grandpré,Municipal,b.test", header=HEADER + ",Site Web")
    bring(alliance, agent, file)
    actor = Actor.objects.get()
    assert (actor.type, actor.website) == ("institution", "https://a.test")


def test_what_is_empty_is_filled_and_counted_as_changed(alliance, agent):
    ActorFactory(alliance=alliance, name="Ville de Grandpré")
    run = bring(alliance, agent, listing("T,Ville de Grandpré,Municipal,b.test", header=HEADER + ",Site Web"))
    actor = Actor.objects.get()
    assert (actor.type, actor.website) == ("municipality", "https://b.test")
    assert run.counts["actors_changed"] == 1


def test_a_search_on_a_map_is_no_website(alliance, agent):
    link = "https://www.google.com/maps/search/?api=1&query=x"
    bring(alliance, agent, listing(f"T,Un,,{link}", header=HEADER + ",Site Web"))
    assert Actor.objects.get().website == ""


def test_a_space_is_known_by_its_identifier(alliance, agent):
    space = SpaceFactory(alliance=alliance, name="Ancien nom", external_id="T1")
    bring(alliance, agent, listing("T1,Nouveau nom,Un", header="ID-table,Table,Organisme"))
    assert [one.pk for one in Space.objects.all()] == [space.pk]


def test_an_ended_category_of_two_lines_makes_one_seat(alliance, agent):
    bring(alliance, agent, listing("T,Un,Membre", "T,Un,Partenaire", "T,Un,Membre"))
    assert Seat.objects.get().category == "Membre ; Partenaire"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("T,,Membre,", "no_name"),
        (",Un,Membre,", "no_space"),
        ("T," + "x" * 5000 + ",Membre,", "long_name"),
        ("x" * 250 + ",Un,Membre,", "long_space"),
        ("T,Un," + "x" * 250 + ",", "long_category"),
        ("T,Un,Membre,bientôt", "bad_date"),
        ("T,Un,Membre,2024-01-01,Trop", "overflow"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_its_reason(alliance, agent, row, code):
    run = bring(alliance, agent, listing("T,Bon,Membre,", row, header=HEADER + ",Depuis"))
    assert [(line, why) for line, why, _value in run.rejected] == [(3, code)]
    ((line, sentence, _value),) = services.rejected_rows(run)
    assert line == 3
    assert sentence.endswith(".")
    assert [actor.name for actor in Actor.objects.all()] == ["Bon"]


def test_dates_that_can_be_read_in_two_ways_are_asked(alliance, agent):
    header = HEADER + ",Depuis"
    with pytest.raises(ValidationError) as caught:
        begin(alliance, agent, listing("T,Un,,03/04/2024", header=header))
    assert caught.value.code == "ambiguous_dates"
    bring(alliance, agent, listing("T,Un,,03/04/2024", header=header), date_order="dmy")
    assert Seat.objects.get().since == dt.date(2024, 4, 3)


def test_dates_of_three_kinds_in_one_column(alliance, agent):
    rows = ["T,Un,,25/12/2023", "T,Deux,,2024-01-01", "T,Trois,,45292"]
    run = bring(alliance, agent, listing(*rows, header=HEADER + ",Depuis"))
    assert {seat.actor.name: seat.since for seat in Seat.objects.select_related("actor")} == {
        "Un": dt.date(2023, 12, 25), "Deux": dt.date(2024, 1, 1), "Trois": dt.date(2024, 1, 1),
    }  # fmt: skip
    assert "serial_dates" in [code for code, _figures in run.notes]


def test_a_column_mapped_twice_is_refused(alliance, agent):
    run = services.start_run(alliance=alliance, file=listing(), name="m.csv", by=agent, now=timezone.now())
    with pytest.raises(ValidationError, match="Organisme") as caught:
        services.choose_columns(run=run, columns={"actor": 1, "space": 1}, options={}, by=agent)
    assert caught.value.code == "twice"
    with pytest.raises(ValidationError) as caught:
        columns.parse("actor=Table,actor=Organisme", ["Table", "Organisme"])
    assert caught.value.code == "twice"
    with pytest.raises(ValidationError) as caught:
        services.choose_columns(run=run, columns={"space": 0}, options={}, by=agent)
    assert caught.value.code == "no_name_column"
    run.refresh_from_db()
    assert run.state == ImportRun.State.DRAFT


def test_columns_and_categories_are_remembered_for_the_alliance(alliance, agent):
    header = "A,B,C"
    file = listing("T1,Un,Bizarre", header=header)
    run = services.start_run(alliance=alliance, file=file, name="m.csv", by=agent, now=timezone.now())
    assert run.columns == {}
    run = services.choose_columns(run=run, columns={"space": 0, "actor": 1, "category": 2}, options={}, by=agent)
    assert run.categories == {"Bizarre": "unspecified"}
    services.choose_types(run=run, types={"Bizarre": "business"}, by=agent)
    again = begin(alliance, agent, listing("T1,Deux,BIZARRE", header=header))
    assert again.columns == {"space": 0, "actor": 1, "category": 2}
    assert again.categories == {"BIZARRE": "business"}
    other = AllianceFactory()
    stranger = user_with(other)
    run = services.start_run(
        alliance=other, file=listing("T1,Un,x", header=header), name="m.csv", by=stranger, now=timezone.now()
    )
    assert run.columns == {}


def test_a_refused_file_leaves_nothing(alliance, agent):
    with pytest.raises(TableError):
        services.start_run(
            alliance=alliance, file=io.BytesIO(b"\x89PNG\r\n\x1a\n"), name="m.csv", by=agent, now=timezone.now()
        )
    assert not ImportRun.objects.exists()
    assert not Document.objects.exists()


def test_nothing_is_half_written(alliance, agent, monkeypatch):
    run = begin(alliance, agent)
    before = state()

    def broken(*_args, **_kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr("maillage.concertation.imports.write._write_seats", broken)
    with pytest.raises(RuntimeError):
        services.apply_run(run=run, by=agent)
    assert state() == before
    run.refresh_from_db()
    assert run.state == ImportRun.State.READY
    monkeypatch.undo()
    assert services.apply_run(run=run, by=agent).counts["actors_created"] == 3


def test_two_runs_of_the_same_file_prepared_together_make_it_once(alliance, agent):
    one, other = begin(alliance, agent), begin(alliance, agent)
    services.apply_run(run=one, by=agent)
    before = state()
    done = services.apply_run(run=other, by=agent)
    assert state() == before
    assert done.counts["actors_created"] == 0
    assert services.apply_run(run=one, by=agent).state == ImportRun.State.APPLIED
    assert state() == before


def test_undo_gives_back_the_register_as_it_was(alliance, agent):
    ActorFactory(alliance=alliance, name="Ville de Grandpré")
    SpaceFactory(alliance=alliance, name="Table du Nord")
    before = state()
    run = begin(alliance, agent)
    services.decide(run=run, decisions={1: "different"}, by=agent, now=timezone.now())
    run = services.apply_run(run=run, by=agent)
    assert state() != before
    services.undo_run(run=run, by=agent, now=timezone.now())
    assert state() == before
    with pytest.raises(ValidationError):
        services.undo_run(run=run, by=agent, now=timezone.now())


def test_undo_is_refused_where_later_work_hangs_on_it(alliance, agent):
    run = bring(alliance, agent)
    SeatFactory(space=SpaceFactory(alliance=alliance), actor=Actor.objects.first())
    before = state()
    with pytest.raises(ValidationError) as caught:
        services.undo_run(run=run, by=agent, now=timezone.now())
    assert caught.value.code == "used_since"
    assert state() == before


def test_undo_is_refused_after_a_change_by_hand(alliance, agent):
    run = bring(alliance, agent)
    update_actor(actor=Actor.objects.first(), changes={"mission": "Accueillir."}, by=agent)
    with pytest.raises(ValidationError) as caught:
        services.undo_run(run=run, by=agent, now=timezone.now())
    assert caught.value.code == "changed_since"


def test_undo_is_refused_after_a_merge(alliance, agent):
    run = bring(alliance, agent)
    one, other, *_ = Actor.objects.filter(name__istartswith="maison")
    merging.merge_actors(kept=one, absorbed=other, by=agent)
    with pytest.raises(ValidationError):
        services.undo_run(run=run, by=agent, now=timezone.now())


def test_undo_after_a_merge_that_was_itself_undone(alliance, agent):
    run = bring(alliance, agent)
    one, two = Actor.objects.filter(name__startswith="Maison").order_by("pk")
    merge = merging.merge_actors(kept=one, absorbed=two, by=agent)
    with translation.override("fr"), pytest.raises(ValidationError, match="une fusion"):
        services.undo_run(run=run, by=agent, now=timezone.now())
    merging.undo_merge(merge=merge, by=agent)
    services.undo_run(run=run, by=agent, now=timezone.now())
    assert not Actor.objects.exists()
    assert not Seat.objects.exists()


def test_the_same_file_changes_nothing_after_a_merge_nor_after_its_undoing(alliance, agent):
    """Two spellings at one table, with other categories and dates: what one line said, the other seat keeps."""
    header = "Table,Organisme,Catégorie,Depuis"
    rows = [
        "T,Le Phare,Membre,",
        "T,Phare inc.,Soutien,",
        "U,Le Phare,Membre,2020-01-05",
        "U,Phare inc.,Membre,2021-02-13",
    ]
    bring(alliance, agent, listing(*rows, header=header))
    fresh = state()
    kept, absorbed = Actor.objects.order_by("pk")
    merge = merging.merge_actors(kept=kept, absorbed=absorbed, by=agent)
    merged = state()
    run = bring(alliance, agent, listing(*rows, header=header))
    assert state() == merged
    assert (run.counts["seats_changed"], run.counts["seats_created"]) == (0, 0)
    merging.undo_merge(merge=merge, by=agent)
    assert state() == fresh
    bring(alliance, agent, listing(*rows, header=header))
    assert state() == fresh


@pytest.mark.parametrize("kind", ["member", "observer", "treasurer"])
def test_only_those_who_steer_may_import(alliance, kind):
    intruder = user_with(alliance, kind)
    with pytest.raises(PermissionDenied):
        begin(alliance, intruder)


def test_an_agent_of_elsewhere_may_not(alliance, agent):
    stranger = user_with(AllianceFactory())
    with pytest.raises(PermissionDenied):
        begin(alliance, stranger)
    run = begin(alliance, agent)
    for act in (
        lambda: services.apply_run(run=run, by=stranger),
        lambda: services.choose_types(run=run, types={}, by=stranger),
        lambda: services.decide(run=run, decisions={}, by=stranger, now=timezone.now()),
        lambda: services.undo_run(run=run, by=stranger, now=timezone.now()),
        lambda: services.discard_run(run=run, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("17 membres citoyens", True), ("57 résident·es", True), ("Plusieurs citoyen·e·s", True),
        ("En 2024-2025, la Table comptait 83 membres résident·e·s", True), ("Comité des citoyens du Ruisseau", False),
        ("Centre de bénévoles", False), ("1" * 200, False),
    ],
)  # fmt: skip
def test_people_counted_are_not_an_organisation(name, wanted):
    assert is_crowd(name) is wanted


def test_people_counted_become_the_college_of_their_table(alliance, agent):
    bring(alliance, agent, listing("Table du Nord,17 citoyens,Membres", "Table du Sud,17 citoyens,Membres"))
    assert {(actor.name, actor.type, actor.organisation_id) for actor in Actor.objects.all()} == {
        ("17 citoyens – Table du Nord", "citizens", None), ("17 citoyens – Table du Sud", "citizens", None),
    }  # fmt: skip
    before = state()
    bring(alliance, agent, listing("Table du Nord,17 citoyens,Membres", "Table du Sud,17 citoyens,Membres"))
    assert state() == before


@pytest.mark.parametrize(
    ("category", "code"),
    [
        ("Organismes communautaires", "community"), ("Institutions publiques", "institution"),
        ("Élu-es", "unspecified"), ("Résident·e·s", "citizens"), ("Membres", "unspecified"),
        ("Commerçant·e·s", "business"), ("Fondations", "foundation"), ("Regroupements", "group"),
    ],
)  # fmt: skip
def test_a_category_suggests_a_type(category, code):
    assert suggest(category) == code


@pytest.mark.real_data
def test_the_real_list(real_data, alliance, agent):
    path = real_data / "actors" / "tables-de-quartier-montreal.csv"
    with path.open("rb") as file:
        run = services.start_run(alliance=alliance, file=file, name=path.name, by=agent, now=timezone.now())
    run = services.choose_columns(run=run, columns=run.columns, options=run.options, by=agent)
    assert len(run.categories) == 51, (
        "the categories of usable lines: five of the 56 are empty or only on lines set aside"
    )
    assert len(run.rejected) == 8
    assert {code for _line, code, _value in run.rejected} == {"no_name"}
    services.accept_trivial(run=run, by=agent, now=timezone.now())
    run = services.apply_run(run=run, by=agent)
    assert run.counts["spaces_created"] == 32
    assert 1500 < run.counts["actors_created"] < 1600
    assert run.counts["seats_created"] > 1600
    before = state()
    with path.open("rb") as file:
        again = services.start_run(alliance=alliance, file=file, name=path.name, by=agent, now=timezone.now())
    again = services.choose_columns(run=again, columns=again.columns, options=again.options, by=agent)
    again = services.apply_run(run=again, by=agent)
    assert state() == before
    assert not any(
        again.counts[f"{kind}_{what}"] for kind in ("spaces", "actors", "seats") for what in ("created", "changed")
    )
    services.undo_run(run=run, by=agent, now=timezone.now())
    assert not Actor.objects.exists()


@pytest.mark.real_data
def test_identifiers_hidden_every_known_pair_is_asked(real_data, alliance, agent):
    path = real_data / "actors" / "tables-de-quartier-montreal.csv"
    table = read_table(path)
    at, hint = table.header.index("organisme"), table.header.index("ID-org")
    spelled = defaultdict(set)
    for row in table.rows:
        if row.cells[at] and row.cells[hint]:
            spelled[row.cells[hint]].add(row.cells[at])
    truth = {frozenset(pair) for names in spelled.values() for pair in itertools.combinations(names, 2)}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Table", "Organisme"])
    writer.writerows((row.cells[1], row.cells[at]) for row in table.rows)
    run = begin(alliance, agent, io.BytesIO(out.getvalue().encode()))
    asked = {frozenset((one.left, one.right)) for one in run.proposals.all()}
    assert len(truth) == 55
    assert truth <= asked
