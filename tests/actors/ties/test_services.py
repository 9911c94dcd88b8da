"""Ties: told, confirmed, not recognised, ended, said to hold; by whom, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.actors.models import Actor, Mandate, Tie
from maillage.actors.ties import offerings, selectors, services
from maillage.alliances.acts.models import ActInName
from maillage.core import search
from maillage.core.models import AuditEntry
from tests.actors.ties.factories import NOW, TODAY, a_tie, speaker, two
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def pair(alliance):
    return two(alliance)


@pytest.fixture
def ours(pair):
    return speaker(pair[0]).user


@pytest.fixture
def theirs(pair):
    return speaker(pair[1]).user


def told(actor, other, by, **values):
    values = {"kind": "project", "frequency": "monthly", "today": TODAY, "now": NOW} | values
    return services.tell_tie(actor=actor, other=other, by=by, **values)


def test_a_member_tells_who_its_organisation_works_with(pair, ours):
    done = told(*pair, ours, how="Un jardin en commun.", since=dt.date(2024, 5, 1))
    tie = done.tie
    assert done.outcome == "new"
    assert (tie.told_by, tie.answer, tie.source, tie.checked_on) == (pair[0], "waiting", "member", TODAY)
    assert (tie.how, tie.since, tie.frequency) == ("Un jardin en commun.", dt.date(2024, 5, 1), "monthly")
    entry = AuditEntry.objects.get(action="actors.tie_told")
    assert "jardin" not in str(entry.after)
    assert not ActInName.objects.exists()


def test_the_other_side_confirms_or_does_not_recognise(pair, ours, theirs):
    tie = told(*pair, ours).tie
    answered = services.answer_tie(tie=tie, actor=pair[1], recognised=False, by=theirs, now=NOW, today=TODAY)
    assert (answered.answer, answered.answered_at) == ("declined", NOW)
    answered = services.answer_tie(tie=tie, actor=pair[1], recognised=True, by=theirs, now=NOW, today=TODAY)
    assert answered.answer == "confirmed"
    with pytest.raises(ValidationError, match="confirmé"):
        services.answer_tie(tie=tie, actor=pair[1], recognised=False, by=theirs, now=NOW, today=TODAY)


def test_nobody_confirms_what_it_told_itself(pair, ours):
    tie = told(*pair, ours).tie
    with pytest.raises(ValidationError, match="l’autre"):
        services.answer_tie(tie=tie, actor=pair[0], recognised=True, by=ours, now=NOW, today=TODAY)


def test_a_tie_is_ended_never_deleted_and_changes_no_more(pair, ours, theirs):
    tie = told(*pair, ours, since=dt.date(2024, 1, 1)).tie
    services.end_tie(tie=tie, actor=pair[1], on=dt.date(2026, 6, 1), by=theirs, today=TODAY)
    assert Tie.objects.get().until == dt.date(2026, 6, 1)
    for act in (
        lambda: services.end_tie(tie=tie, actor=pair[0], on=TODAY, by=ours, today=TODAY),
        lambda: services.check_tie(tie=tie, actor=pair[0], by=ours, today=TODAY),
        lambda: services.answer_tie(tie=tie, actor=pair[1], recognised=True, by=theirs, now=NOW, today=TODAY),
    ):
        with pytest.raises(ValidationError, match="terminé"):
            act()


@pytest.mark.parametrize(
    ("day", "words"), [(dt.date(2026, 11, 21), "pas encore venu"), (dt.date(2023, 1, 1), "avant le début")]
)
def test_the_end_of_a_tie_is_a_day_that_can_be(pair, ours, day, words):
    tie = told(*pair, ours, since=dt.date(2024, 1, 1)).tie
    with pytest.raises(ValidationError, match=words):
        services.end_tie(tie=tie, actor=pair[0], on=day, by=ours, today=TODAY)


def test_saying_that_it_still_holds_keeps_the_day_once(pair, ours, theirs):
    tie = told(*pair, ours).tie
    later = TODAY + dt.timedelta(days=30)
    for _ in range(2):
        services.check_tie(tie=tie, actor=pair[1], by=theirs, today=later)
    tie.refresh_from_db()
    assert tie.checked_on == later
    assert AuditEntry.objects.filter(action="actors.tie_checked").count() == 1


def test_two_who_tell_the_same_tie_make_one_confirmed(pair, ours, theirs):
    first = told(*pair, ours, since=None).tie
    done = told(pair[1], pair[0], theirs, how="Un trajet le mardi.", since=dt.date(2025, 2, 1), frequency="weekly")
    assert (done.tie.pk, done.outcome) == (first.pk, "confirmed")
    tie = Tie.objects.get()
    assert (tie.answer, tie.how, tie.since) == ("confirmed", "Un trajet le mardi.", dt.date(2025, 2, 1))
    assert tie.frequency == "monthly"


def test_telling_one_s_own_tie_again_changes_it_or_nothing(pair, ours):
    told(*pair, ours)
    assert told(*pair, ours).outcome == "same"
    assert told(*pair, ours, frequency="weekly").outcome == "changed"
    assert Tie.objects.get().frequency == "weekly"


def test_one_that_the_other_does_not_recognise_is_not_told_again(pair, ours, theirs):
    tie = told(*pair, ours).tie
    services.answer_tie(tie=tie, actor=pair[1], recognised=False, by=theirs, now=NOW, today=TODAY)
    with pytest.raises(ValidationError, match="n’a pas reconnu"):
        told(*pair, ours)


def test_a_pair_may_work_together_in_two_ways(pair, ours):
    told(*pair, ours)
    assert told(*pair, ours, kind="premises").outcome == "new"
    assert Tie.objects.count() == 2


def test_dates_that_overlap_an_ended_tie_are_refused_in_words(pair, ours):
    a_tie(*pair, since=dt.date(2024, 1, 1), until=dt.date(2025, 1, 1))
    for since in (None, dt.date(2024, 6, 1)):
        with pytest.raises(ValidationError, match=r"déjà inscrit jusqu’au 1er.*janvier 2025"):
            told(*pair, ours, since=since)
    assert told(*pair, ours, since=dt.date(2025, 1, 1)).outcome == "new"


def test_no_tie_with_itself_with_another_alliance_nor_with_one_gone(pair, ours):
    elsewhere = ActorFactory(name="Ailleurs")
    left = ActorFactory(alliance=pair[0].alliance, name="Parti", until=dt.date(2026, 1, 1))
    merged = ActorFactory(alliance=pair[0].alliance, name="Absorbé", merged_into=pair[1])
    for other, words in ((pair[0], "lui-même"), (elsewhere, "autre alliance"), (left, "plus partie"), (merged, "plus")):
        with pytest.raises(ValidationError, match=words):
            told(pair[0], other, ours)


def test_a_beginning_to_come_or_lost_in_time_is_refused(pair, ours):
    for since in (TODAY + dt.timedelta(days=1), dt.date(1200, 1, 1)):
        with pytest.raises(ValidationError):
            told(*pair, ours, since=since)


@pytest.mark.parametrize(
    "words", ["Un conflit ouvert", "MÉSENTENTE depuis 2020", "They are in conflict", "un désaccord"]
)
def test_no_conflict_can_be_written(pair, ours, words):
    with pytest.raises(ValidationError, match="n’est pas gardé"):
        told(*pair, ours, how=words)
    assert not Tie.objects.exists()


def test_no_kind_of_tie_tells_of_a_conflict():
    assert set(Tie.Kind.values) == {"concertation", "project", "referral", "funding", "premises"}


# Who may


def test_only_its_own_people_and_the_agent_write_for_an_organisation(pair, alliance, theirs):
    without_role = speaker(pair[0], role="").user
    former = speaker(pair[0], until=TODAY - dt.timedelta(days=400)).user
    elsewhere = speaker(ActorFactory()).user
    others = [user_with(alliance, kind) for kind in ("member", "observer", "evaluator", "elected")]
    for user in (theirs, without_role, former, elsewhere, user_with(AllianceFactory()), None, *others):
        with pytest.raises(PermissionDenied):
            told(*pair, user)
        with pytest.raises(PermissionDenied):
            offerings.save_offerings(actor=pair[0], rows=[], by=user, today=TODAY)
        with pytest.raises(PermissionDenied):
            offerings.save_mission(actor=pair[0], mission="Autre", by=user, today=TODAY)


def test_neither_side_of_a_tie_is_a_third_one(pair, alliance, ours):
    tie = told(*pair, ours).tie
    third = ActorFactory(alliance=alliance)
    user = speaker(third).user
    for act in (
        lambda: services.check_tie(tie=tie, actor=third, by=user, today=TODAY),
        lambda: services.end_tie(tie=tie, actor=pair[0], on=TODAY, by=user, today=TODAY),
        lambda: services.answer_tie(tie=tie, actor=pair[1], recognised=True, by=user, now=NOW, today=TODAY),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_what_the_agent_writes_for_an_organisation_is_told_to_everyone(pair, alliance):
    tie = told(*pair, user_with(alliance)).tie
    act = ActInName.objects.get()
    assert (tie.source, act.kind, act.on_behalf) == ("agent", "tie-written", "Le Garde-manger")
    assert act.label == "Lien\xa0: Le Garde-manger et La Navette"


def test_the_public_log_names_no_actor_that_is_not_public(pair, alliance):
    Actor.objects.filter(pk=pair[1].pk).update(is_public=False)
    told(pair[0], Actor.objects.get(pk=pair[1].pk), user_with(alliance))
    assert "Navette" not in ActInName.objects.get().label


def test_by_a_personal_link_only_with_a_mandate_that_holds(pair):
    person = PersonFactory(alliance=pair[0].alliance, user=None)
    with pytest.raises(PermissionDenied):
        told(*pair, None, person=person, via="link")
    Mandate.objects.create(actor=pair[0], person=person)
    tie = told(*pair, None, person=person, via="link").tie
    assert tie.source == "link"
    entry = AuditEntry.objects.get(action="actors.tie_told")
    assert (entry.via, entry.user_id) == ("link", None)
    assert entry.personal_values.get().person_key == f"person:{person.pk}"


# Reading


def test_ties_at_counts_what_holds_between_those_present(alliance):
    one, other, hidden, left = (ActorFactory(alliance=alliance) for _ in range(4))
    Actor.objects.filter(pk=hidden.pk).update(is_public=False)
    Actor.objects.filter(pk=left.pk).update(until=dt.date(2026, 1, 1))
    kept = a_tie(one, other, since=dt.date(2025, 1, 1))
    a_tie(one, other, kind="funding", answer="declined")
    a_tie(one, other, kind="referral", until=dt.date(2026, 1, 1))
    a_tie(one, hidden)
    a_tie(one, left)
    [line] = selectors.ties_at(alliance, TODAY)
    assert (line.pk, line.first, line.second, line.confirmed) == (kept.pk, one.pk, other.pk, False)
    assert len(selectors.ties_at(alliance, TODAY, everything=True)) == 2
    assert len(selectors.ties_at(alliance, dt.date(2025, 6, 1), everything=True)) == 4
    assert [tie.pk for tie in selectors.ties_of(one, TODAY)] == [kept.pk]


def test_ties_at_asks_one_query_for_one_and_for_many(alliance, django_assert_num_queries):
    actors = [ActorFactory(alliance=alliance) for _ in range(12)]
    for number in range(11):
        a_tie(actors[number], actors[number + 1])
    with django_assert_num_queries(1):
        assert len(selectors.ties_at(alliance, TODAY)) == 11


# What actors bring


def brought(*texts):
    return [offerings.Brought("knowledge", text) for text in texts]


def test_its_people_say_what_it_brings_and_its_mission(pair, ours):
    rows = offerings.save_offerings(actor=pair[0], rows=brought("Une cuisine", "Un camion"), by=ours, today=TODAY)
    again = [offerings.Brought("premises", "Un gros camion", False, rows[1].pk)]
    offerings.save_offerings(actor=pair[0], rows=again, by=ours, today=TODAY)
    [row] = pair[0].offerings.all()
    assert (row.pk, row.text, row.kind, row.is_public) == (rows[1].pk, "Un gros camion", "premises", False)
    assert offerings.save_mission(actor=pair[0], mission="Nourrir.", by=ours, today=TODAY).mission == "Nourrir."
    assert not ActInName.objects.exists()


def test_a_line_of_another_actor_cannot_be_taken(pair, ours, theirs):
    [row] = offerings.save_offerings(actor=pair[1], rows=brought("Un autobus"), by=theirs, today=TODAY)
    offerings.save_offerings(
        actor=pair[0], rows=[offerings.Brought("time", "Volé", True, row.pk)], by=ours, today=TODAY
    )
    row.refresh_from_db()
    assert (row.actor, row.text) == (pair[1], "Un autobus")


def test_search_finds_what_is_public_and_forgets_what_goes(pair, ours, alliance):
    rows = offerings.save_offerings(
        actor=pair[0], by=ours, today=TODAY,
        rows=[*brought("Des entrepôts réfrigérés"), offerings.Brought("time", "Réserve réfrigérée", False)],
    )  # fmt: skip
    hits = search.find("réfrigéré", kinds=["offering"]).results
    assert [hit.object_id for hit in hits] == [str(rows[0].pk)]
    assert search.find("réfrigéré", kinds=["offering"], include_private=True).total == 2
    search.rebuild()
    assert search.find("entrepot", kinds=["offering"]).total == 1
    from maillage.actors.services import update_actor

    update_actor(actor=Actor.objects.get(pk=pair[0].pk), changes={"is_public": False}, by=user_with(alliance))
    assert search.find("entrepot", kinds=["offering"]).total == 0
    offerings.save_offerings(actor=pair[0], rows=[], by=ours, today=TODAY)
    assert search.find("entrepot", kinds=["offering"], include_private=True).total == 0


def test_too_many_lines_are_refused(pair, ours):
    with pytest.raises(ValidationError, match="40 lignes"):
        offerings.save_offerings(actor=pair[0], rows=brought(*map(str, range(41))), by=ours, today=TODAY)
