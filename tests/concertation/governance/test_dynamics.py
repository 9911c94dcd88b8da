"""The dynamics of a space, by college and never by person: nothing published points at someone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Person
from maillage.concertation.governance.selectors.dynamics import (
    balance_of_types,
    dynamics_of,
    groups_of,
    spread_figure,
)
from maillage.concertation.models import Decision, Objection, SpeakingTime
from tests.concertation.governance.factories import FacilitationFactory, HeldMeetingFactory, SeatHolderFactory
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
MAY = dt.datetime(2026, 5, 4, 14, tzinfo=dt.UTC)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def seats(space, **counts):
    return {
        code.replace("_", "-"): [
            SeatFactory(space=space, actor=ActorFactory(alliance=space.alliance, type=code.replace("_", "-")))
            for _ in range(n)
        ]
        for code, n in counts.items()
    }


def decision(space, number, presenter=None, **values):
    values = {"state": "closed", "outcome": "adopted", "rule": "consent", "closed_at": MAY, "opened_at": MAY} | values
    return Decision.objects.create(
        alliance=space.alliance, space=space, year=2026, number=number, title=f"Décision {number}", sort_key="d",
        presenter=presenter, **values,
    )  # fmt: skip


def counts(by_group):
    return {group.codes: text for group, text, _share in by_group.rows}


# Small colleges


def test_small_colleges_are_read_together():
    groups = groups_of({"community": 8, "institution": 5, "business": 2, "foundation": 3}, 5)
    assert [(group.codes, group.seats) for group in groups] == [
        (("community",), 8), (("institution",), 5), (("foundation", "business"), 5),
    ]  # fmt: skip


def test_where_small_ones_are_still_too_few_the_next_one_joins_them():
    groups = groups_of({"community": 8, "institution": 5, "business": 1}, 5)
    # Alone, the business would be the difference between the total and what is shown.
    assert [group.codes for group in groups] == [("community",), ("institution", "business")]


def test_where_all_are_too_few_nothing_is_read():
    assert groups_of({"community": 2, "business": 2}, 5) == []
    assert groups_of({}, 5) == []


@given(st.dictionaries(st.sampled_from(ActorType.values), st.integers(0, 12)), st.integers(5, 10))
def test_no_group_is_ever_under_the_threshold_and_none_is_left_out(held, threshold):
    groups = groups_of(held, threshold)
    assert all(group.seats >= threshold for group in groups)
    if groups:
        assert sorted(code for group in groups for code in group.codes) == sorted(held)
    else:
        assert sum(held.values()) < threshold


# Figures


def test_proposals_by_college_join_the_small_ones(space):
    found = seats(space, community=6, institution=5, business=1)
    for number in range(6):
        decision(space, number, presenter=found["community"][0].actor)
    decision(space, 10, presenter=found["business"][0].actor)
    decision(space, 11, presenter=found["business"][0].actor, opened_at=None, state="draft", outcome="", closed_at=None)
    decision(space, 12, presenter=found["community"][0].actor, opened_at=dt.datetime(2023, 5, 4, tzinfo=dt.UTC))
    read = dynamics_of(space, TODAY)
    assert counts(read.proposals) == {("community",): "6", ("institution", "business"): "1"}
    assert read.joined


def test_a_college_that_has_no_seat_any_more_is_a_small_one(space):
    seats(space, community=6, institution=5)
    gone = ActorFactory(alliance=space.alliance, type="foundation")
    for number in range(5):
        decision(space, number, presenter=gone)
    assert counts(dynamics_of(space, TODAY).proposals) == {("community",): "0", ("institution", "foundation"): "5"}


def test_speaking_time_is_added_by_college(space):
    seats(space, community=6, citizens=5)
    for seconds in (600, 900):
        meeting = HeldMeetingFactory(space=space, starts_at=MAY)
        SpeakingTime.objects.create(meeting=meeting, college="community", seconds=seconds)
    SpeakingTime.objects.create(meeting=meeting, college="citizens", seconds=500)
    read = dynamics_of(space, TODAY).speaking
    said = {codes: text.replace("\N{NO-BREAK SPACE}", " ") for codes, text in counts(read).items()}
    assert said == {("community",): "25 min", ("citizens",): "8 min 20 s"}
    assert [round(share, 2) for _group, _text, share in read.rows] == [0.75, 0.25]


def test_objections_give_a_median_from_five_settled(space):
    found = seats(space, community=6)["community"]
    one = decision(space, 1)

    def objections(days):
        for n in days:
            Objection.objects.create(
                decision=one, seat=found[0], text="Non", raised_at=MAY, state="lifted", settled_at=MAY + dt.timedelta(n)
            )

    objections((1, 2, 30, 40))
    Objection.objects.create(decision=one, seat=found[0], text="Non", raised_at=MAY)
    figure = dynamics_of(space, TODAY).objections
    assert (figure.text, figure.value) == ("", None)
    assert "au moins 5" in figure.note
    objections((9,))
    figure = dynamics_of(space, TODAY).objections
    assert (figure.text, figure.value) == ("9 jours", 9.0)


def test_decisions_by_rule_from_five(space):
    for number in range(4):
        decision(space, number)
    assert dynamics_of(space, TODAY).rules == []
    decision(space, 5, rule="majority", outcome="rejected")
    assert dynamics_of(space, TODAY).rules == [("Consentement", 4, 4), ("Majorité simple", 1, 0)]


def test_the_spread_of_leadership_runs_from_one_college_to_all():
    groups = groups_of({"community": 6, "institution": 6}, 5)
    assert spread_figure(groups, {"community": 8}).value == 0
    assert spread_figure(groups, {"community": 4, "institution": 4}).value == 1
    assert spread_figure(groups, {"community": 6, "institution": 2}).value == 0.75
    assert spread_figure(groups, {"community": 2, "institution": 2}).value is None
    assert spread_figure(groups[:1], {"community": 9}).value is None
    assert spread_figure([], {"community": 9}).text == ""


def test_leadership_adds_turns_and_what_is_presented(space):
    found = seats(space, community=6, institution=6)
    FacilitationFactory(space=space, actor=found["community"][0].actor, since=dt.date(2026, 1, 1))
    FacilitationFactory(space=space, actor=found["institution"][0].actor, until=dt.date(2020, 1, 1))
    HeldMeetingFactory.create_batch(3, space=space, starts_at=MAY, facilitator=found["institution"][1].actor)
    HeldMeetingFactory(space=space, starts_at=MAY, facilitator=found["institution"][1].actor, state="cancelled")
    decision(space, 1, presenter=found["community"][2].actor)
    assert counts(dynamics_of(space, TODAY).leadership) == {("community",): "2", ("institution",): "3"}


def test_what_the_reader_withdrew_from_is_counted_nowhere(space):
    found = seats(space, community=6)["community"]
    rows = [decision(space, number, presenter=found[0].actor) for number in range(6)]
    Objection.objects.create(decision=rows[0], seat=found[0], text="Non", raised_at=MAY, settled_at=MAY)
    read = dynamics_of(space, TODAY, left=frozenset({rows[0].reference}))
    assert (read.decisions, counts(read.proposals)) == (5, {("community",): "5"})


def test_the_balance_of_types():
    assert balance_of_types({"community": 5, "citizens": 5}).value == 1
    assert balance_of_types({"community": 10, "citizens": 0}).value is None
    assert balance_of_types({"community": 2, "citizens": 2}).value is None


# The page


def test_the_page_is_for_those_who_sit_there_and_names_nobody(client, alliance, space):
    seats(space, community=6, business=1)
    person = Person.objects.get(user=user_with(alliance, "member"))
    person.name = "Ana Roy-Tremblay"
    person.save()
    SeatHolderFactory(seat=space.seats.first(), person=person)
    FacilitationFactory(space=space, actor=space.seats.first().actor, person=person)
    address = reverse("concertation_in:dynamics", args=[alliance.slug, space.uuid])
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(address).content.decode()
    assert "Pas assez de données" in page
    assert "Formule" in page
    assert "Ana Roy-Tremblay" not in page
    assert not any(seat.actor.name in page for seat in space.seats.all())
    assert signed_in(client, alliance, "member").get(address).status_code == 403


def test_it_takes_as_many_queries_for_one_decision_as_for_fifty(space):
    found = seats(space, community=6)["community"]
    decision(space, 1, presenter=found[0].actor)
    with CaptureQueriesContext(connection) as small:
        dynamics_of(space, TODAY)
    for number in range(2, 52):
        decision(space, number, presenter=found[0].actor)
    with CaptureQueriesContext(connection) as large:
        dynamics_of(space, TODAY)
    assert len(small) == len(large) <= 13
