"""Who is far from services, through whom, where and when, and what came of it: written by the team, told honestly."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.actors.merging import merge_actors
from maillage.alliances.models import Role
from maillage.core.models import AuditEntry
from maillage.participation.consultations import copying
from maillage.participation.models import Consultation, Outreach
from maillage.participation.outreach import giving, services, showing
from tests.factories import ActorFactory, AllianceFactory, signed_in, user_with
from tests.participation.factories import ConsultationFactory

pytestmark = pytest.mark.django_db
S = Consultation.State
K = Role.Kind


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rives")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def today(alliance):
    return alliance.today()


def asked(alliance, state=S.OPEN, **of) -> Consultation:
    of.setdefault("opened_at", None if state == S.DRAFT else "2026-11-01T12:00:00Z")
    of.setdefault("cancelled_why", "Essai" if state == S.CANCELLED else "")
    return ConsultationFactory(alliance=alliance, state=state, **of)


def way_of(consultation, **of) -> Outreach:
    return Outreach.objects.create(
        consultation=consultation, position=consultation.outreach.count(), **{"who": "Familles fictives", **of}
    )


def address(name, found, **more):
    return reverse(f"participation_in:{name}", kwargs={"slug": found.alliance.slug, "key": found.uuid, **more})


# Who may, and when


@pytest.mark.parametrize("state", S.values)
@pytest.mark.parametrize("kind", [K.AGENT, K.MEMBER, K.OBSERVER, K.EVALUATOR, "elsewhere", "nobody"])
def test_the_team_alone_writes_the_plan_until_the_results_and_what_came_of_it_after(alliance, today, kind, state):
    found = asked(alliance, state)
    user = {"elsewhere": lambda: user_with(AllianceFactory()), "nobody": lambda: None}.get(
        kind, lambda: user_with(alliance, kind)
    )()
    way = way_of(found)
    acts = {
        "add": lambda: services.add_way(consultation=found, who="x", by=user),
        "update": lambda: services.update_way(way=way, changes={"who": "y"}, by=user),
        "move": lambda: services.move_way(way=way, up=False, by=user),
        "note": lambda: services.note_outcome(way=way, done_on=today, reached=8, outcome="", by=user, today=today),
        "hide": lambda: services.hide_way(way=way, by=user),
        "back": lambda: services.take_back(way=way, by=user),
        "cancel": lambda: services.cancel_way(way=way, why="Tempête", by=user, today=today),
    }
    done = set()
    for name, act in acts.items():
        try:
            act()
        except PermissionDenied:
            continue
        done.add(name)
    plans = state in {S.DRAFT, S.OPEN, S.CLOSED}
    notes = plans or state == S.PUBLISHED
    expected = ({"add", "update", "move"} if plans else set()) | (
        {"note", "hide", "back", "cancel"} if notes else set()
    )
    assert done == (expected if kind == K.AGENT else set())


def test_the_coordination_reads_the_plan_without_writing_it(client):
    region = AllianceFactory(slug="region")
    local = AllianceFactory(slug="locale", parent=region)
    found = asked(local, S.DRAFT)
    way_of(found, who="Personnes sans auto")
    signed_in(client, region, K.REGIONAL)
    page = client.get(address("outreach", found))
    assert "Personnes sans auto" in page.content.decode()
    assert "Ajouter une démarche" not in page.content.decode()
    assert client.get(address("outreach_new", found)).status_code == 403


# Writing it


def test_a_way_is_added_changed_moved_and_kept_when_the_form_is_refused(client, alliance):
    found = asked(alliance, S.DRAFT)
    relay = ActorFactory(alliance=alliance, name="Le Dépanneur solidaire")
    signed_in(client, alliance)
    typed = {
        "who": "Familles sans auto", "obstacle": "La distance", "relay": relay.pk, "place": "Au dépanneur",
        "on": "2026-12-04", "until": "2026-12-03", "offered": "Un café", "aimed": "20", "is_public": "on",
    }  # fmt: skip
    refused = client.post(address("outreach_new", found), typed)
    assert refused.status_code == 422
    assert "Familles sans auto" in refused.content.decode()
    assert "Un café" in refused.content.decode()
    client.post(address("outreach_new", found), {**typed, "until": "2026-12-05"})
    way = found.outreach.get()
    assert (way.relay, way.on, way.until, way.aimed) == (relay, dt.date(2026, 12, 4), dt.date(2026, 12, 5), 20)
    second = client.post(address("outreach_new", found), {"who": "Personnes aînées seules", "encore": "1"})
    assert second.url == address("outreach_new", found)
    client.post(address("outreach_move", found, way=way.uuid), {"vers": "bas"})
    assert [row.who for row in found.outreach.all()] == ["Personnes aînées seules", "Familles sans auto"]
    client.post(address("outreach_edit", found, way=way.uuid), {**typed, "who": "Familles du rang", "until": ""})
    way.refresh_from_db()
    assert (way.who, way.until) == ("Familles du rang", None)
    page = client.get(address("outreach", found)).content.decode()
    assert page.index("Personnes aînées seules") < page.index("Familles du rang")
    assert "Le Dépanneur solidaire" in page
    client.post(address("outreach_remove", found, way=way.uuid))
    assert found.outreach.count() == 1
    assert address("outreach", found) in client.get(address("steps", found)).content.decode(), "among the tools"


def test_a_relay_is_an_actor_of_the_same_alliance(client, alliance, agent):
    found = asked(alliance, S.DRAFT)
    elsewhere = ActorFactory()
    with pytest.raises(ValidationError) as refused:
        services.add_way(consultation=found, who="Familles", relay=elsewhere, by=agent)
    assert "relay" in refused.value.message_dict
    signed_in(client, alliance)
    assert client.post(address("outreach_new", found), {"who": "x", "relay": elsewhere.pk}).status_code == 422


def test_the_plan_of_another_consultation_is_not_found(client, alliance):
    found, other = asked(alliance, S.DRAFT), asked(alliance, S.DRAFT)
    way = way_of(other)
    signed_in(client, alliance)
    for name in ("outreach_edit", "outreach_outcome", "outreach_cancel"):
        assert client.get(address(name, found, way=way.uuid)).status_code == 404


def test_once_people_are_asked_what_was_planned_is_cancelled_with_its_reason(client, alliance, agent, today):
    found = asked(alliance)
    way = way_of(found)
    with pytest.raises(ValidationError):
        services.remove_way(way=way, by=agent)
    with pytest.raises(ValidationError):
        services.cancel_way(way=way, why="  ", by=agent, today=today)
    signed_in(client, alliance)
    client.post(address("outreach_cancel", found, way=way.uuid), {"why": "Le relais a fermé."})
    way.refresh_from_db()
    assert (way.state, way.cancelled_on, way.cancelled_why) == ("cancelled", today, "Le relais a fermé.")
    assert "Le relais a fermé." in client.get(found.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError):
        services.note_outcome(way=way, done_on=today, reached=5, outcome="", by=agent, today=today)
    client.post(address("outreach_outcome", found, way=way.uuid), {"acte": "reprendre"})
    way.refresh_from_db()
    assert (way.state, way.cancelled_why) == ("planned", "")


def test_what_came_of_it_needs_words_or_a_number_and_a_day_that_has_come(client, alliance, agent, today):
    found = asked(alliance)
    way = way_of(found, aimed=30, on=today - dt.timedelta(days=3))
    for wrong in (
        {"done_on": today, "reached": None, "outcome": " "},
        {"done_on": today + dt.timedelta(days=1), "reached": 4, "outcome": ""},
    ):
        with pytest.raises(ValidationError):
            services.note_outcome(way=way, by=agent, today=today, **wrong)
    signed_in(client, alliance)
    url = address("outreach_outcome", found, way=way.uuid)
    assert (today - dt.timedelta(days=3)).isoformat() in client.get(url).content.decode(), "the planned day is proposed"
    client.post(url, {"done_on": today.isoformat(), "reached": "0", "outcome": "Personne n’est venu : il neigeait."})
    way.refresh_from_db()
    assert (way.state, way.reached) == ("done", 0)
    with pytest.raises(ValidationError):
        services.update_way(way=way, changes={"aimed": 2}, by=agent), "what was hoped for no longer changes"
    with pytest.raises(ValidationError):
        services.cancel_way(way=way, why="x", by=agent, today=today)


def test_the_log_holds_no_word_of_the_plan(alliance, agent, today):
    found = asked(alliance, S.DRAFT)
    relay = ActorFactory(alliance=alliance)
    way = services.add_way(
        consultation=found, who="Femmes hébergées", place="12, rue Secrète", relay=relay, by=agent, aimed=9
    )
    services.note_outcome(way=way, done_on=today, reached=3, outcome="Trois femmes", by=agent, today=today)
    entries = AuditEntry.objects.filter(action__startswith="participation.outreach")
    assert {row.action.split(".")[1] for row in entries} == {"outreach_added", "outreach_noted"}
    logged = str([(row.before, row.after) for row in entries])
    for word in ("Femmes", "Secrète", "Trois", "reached"):
        assert word not in logged
    assert f"'relay': {relay.pk}" in logged


# What is told


def public(client, found) -> str:
    return client.get(found.get_absolute_url()).content.decode()


def test_everyone_reads_who_where_through_whom_and_how_many(client, alliance, today):
    found = asked(alliance, S.PUBLISHED, published_at="2026-11-20T12:00:00Z")
    relay = ActorFactory(alliance=alliance, name="Le Dépanneur solidaire")
    way_of(
        found, who="Familles sans auto", obstacle="La honte", relay=relay, place="Au dépanneur", aimed=40, reached=25,
        outcome="Des gens ont répondu au comptoir.", done_on=today, on=today,
    )  # fmt: skip
    way_of(found, who="Jeunes du soir", reached=12, done_on=today)
    way_of(found, who="Camp de travailleurs", on=today - dt.timedelta(days=9))
    page = public(client, found)
    for said in (
        "Comment on est allé vers les gens", "Familles sans auto", "Le Dépanneur solidaire", "Au dépanneur", "25", "40",
        "Des gens ont répondu au comptoir.", "En tout, 37 personnes", "n’a pas encore dit ce qui en est sorti",
    ):  # fmt: skip
        assert said in page
    assert "La honte" not in page, "what keeps people away stays with the team"
    results = client.get(address("results", found)).content.decode()
    assert "Comment on est allé vers les gens" in results
    assert "Familles sans auto" in results


@pytest.mark.parametrize(
    ("aimed", "reached", "shown_aimed", "shown_reached"),
    [
        (30, 25, 30, 25), (30, 3, None, None), (3, 0, None, 0), (30, 0, 30, 0), (30, 28, None, 28), (30, 30, 30, 30),
        (30, 33, 30, 33), (None, 4, None, None), (30, None, 30, None), (10, 10, 10, 10), (12, 10, None, 10),
    ],
)  # fmt: skip
def test_no_small_number_is_told_nor_given_back_by_subtraction(
    alliance, today, aimed, reached, shown_aimed, shown_reached
):
    done = {} if reached is None else {"done_on": today}
    way = way_of(asked(alliance, threshold=5), aimed=aimed, reached=reached, **done)
    row = showing.tell(way, 5, today)
    assert (row.aimed, row.reached) == (shown_aimed, shown_reached)
    assert row.hidden == (reached is not None and shown_reached is None)


def test_the_threshold_is_that_of_the_consultation(client, alliance, today):
    found = asked(alliance, threshold=10)
    way_of(found, reached=8, done_on=today)
    way_of(found, reached=30, done_on=today)
    page = public(client, found)
    assert "trop peu pour dire combien" in page
    assert "En tout" not in page, "with the total, the other part would tell it"
    Consultation.objects.filter(pk=found.pk).update(threshold=5)
    assert "En tout, 38 personnes" in public(client, found)


def test_a_relay_that_is_not_public_is_named_nowhere_nor_its_place(client, alliance, agent, today):
    found = asked(alliance)
    hidden = ActorFactory(alliance=alliance, name="Maison cachée", is_public=False)
    way_of(
        found, who="Femmes en sécurité", relay=hidden, relay_words="une maison d’hébergement", place="12, rue Cachée",
        reached=9, done_on=today,
    )  # fmt: skip
    told = [
        public(client, found), str(list(giving.timeline(alliance, None, today))),
        str(list(next(iter(giving.tables(alliance, None, today))).rows())),
        str(list(giving.section(alliance, None, today))),
    ]  # fmt: skip
    for text in told:
        assert "Femmes en sécurité" in text
        assert "Cachée" not in text
        assert "Maison cachée" not in text
    assert "une maison d’hébergement" in told[0]
    signed_in(client, alliance)
    page = client.get(address("outreach", found)).content.decode()
    assert "Maison cachée" in page
    assert "pas nommé en public" in page


def test_a_way_not_told_in_public_is_only_counted(client, alliance, today):
    found = asked(alliance)
    way_of(found, who="Personnes sans papiers", is_public=False, reached=40, done_on=today)
    assert "Comment on va vers les gens" not in public(client, found)
    way_of(found, who="Familles sans auto")
    page = public(client, found)
    assert "1 autre démarche n’est pas dite" in page
    for text in (
        page, str(list(next(iter(giving.tables(alliance, None, today))).rows())),
        str(list(giving.timeline(alliance, None, today))), str(list(giving.section(alliance, None, today))),
    ):  # fmt: skip
        assert "sans papiers" not in text


def test_what_puts_people_in_danger_is_hidden_even_once_done_and_published(client, alliance, agent, today):
    found = asked(alliance, S.PUBLISHED)
    way = way_of(found, who="Personnes sans papiers", reached=40, done_on=today)
    assert "sans papiers" in str(list(next(iter(giving.tables(alliance, None, today))).rows()))
    client.force_login(agent)
    assert "Ne plus le dire en public" in client.get(address("outreach", found)).content.decode()
    done = client.post(address("outreach_outcome", found, way=way.uuid), {"acte": "taire"}, follow=True)
    assert "n’est plus dit en public" in done.content.decode()
    assert "Ne plus le dire en public" not in done.content.decode()
    assert "sans papiers" not in str(list(next(iter(giving.tables(alliance, None, today))).rows()))
    entry = AuditEntry.objects.get(action="participation.outreach_updated")
    assert (entry.user_id, entry.after["is_public"]) == (agent.pk, False)


def test_a_draft_is_told_to_nobody(alliance, agent, today):
    found = asked(alliance, S.DRAFT)
    way_of(found, reached=30, done_on=today)
    assert list(next(iter(giving.tables(alliance, None, today))).rows()) == []
    assert not list(giving.timeline(alliance, agent, today))
    assert not list(giving.section(alliance, agent, today))


def test_a_relay_that_left_is_still_named_and_one_that_was_merged_follows(client, alliance, agent, today):
    found = asked(alliance)
    gone = ActorFactory(alliance=alliance, name="Centre d’avant", until=today - dt.timedelta(days=1))
    kept, absorbed = (ActorFactory(alliance=alliance, name=name) for name in ("Le Carrefour", "Le Carefour"))
    first, second = way_of(found, relay=gone), way_of(found, relay=absorbed)
    page = public(client, found)
    assert "Centre d’avant" in page
    merge_actors(kept=kept, absorbed=absorbed, by=agent)
    second.refresh_from_db()
    assert second.relay == kept
    assert "Le Carrefour" in public(client, found)
    signed_in(client, alliance)
    form = client.get(address("outreach_edit", found, way=first.uuid)).content.decode()
    assert "Centre d’avant" in form, "changing the rest does not lose it"


# What the others are given


def test_a_day_that_passed_without_a_word_waits_for_the_team(alliance, agent, today):
    found = asked(alliance)
    passed = way_of(found, who="Passée", on=today - dt.timedelta(days=2))
    way_of(found, who="Encore en cours", on=today - dt.timedelta(days=2), until=today)
    way_of(found, who="À venir", on=today + dt.timedelta(days=2))
    way_of(found, who="Sans date")
    way_of(asked(alliance, S.CANCELLED), who="Annulée", on=today - dt.timedelta(days=2))
    [line] = giving.todo(alliance, agent, today)
    assert "Passée" in str(line.title)
    assert str(passed.uuid) in line.url
    assert list(giving.todo(alliance, user_with(alliance, K.MEMBER), today)) == []
    assert list(giving.todo(alliance, None, today)) == []
    services.cancel_way(way=passed, why="Tempête", by=agent, today=today)
    assert list(giving.todo(alliance, agent, today)) == []


def test_the_memory_open_data_the_account_and_the_compass(alliance, today):
    found = asked(alliance, S.PUBLISHED, title="Se loger ici")
    way_of(found, who="Familles sans auto", relay_words="le dépanneur", on=today, reached=25, aimed=40, done_on=today)
    way_of(found, who="Jeunes du soir", reached=2, done_on=today)
    way_of(found, who="Camp", cancelled_on=today, cancelled_why="Route fermée")
    titles = [str(row.title) for row in giving.timeline(alliance, None, today)]
    assert len(titles) == 2
    assert any("Familles sans auto" in title for title in titles)
    export = next(iter(giving.tables(alliance, None, today)))
    rows = [dict(zip(export.header, row, strict=True)) for row in export.rows()]
    assert [(row["people_reached"], row["too_few_to_tell"]) for row in rows] == [
        (25, False),
        (None, True),
        (None, False),
    ]
    [section] = giving.section(alliance, None, today)
    assert "3" in section.blocks[0]
    assert "2" in section.blocks[0]
    assert [row[-1] for row in section.blocks[1].rows] == [25, None, None]
    [figure] = giving.evidence(alliance, None, today)
    assert figure.value == 1
    [nothing] = giving.evidence(AllianceFactory(), None, today)
    assert nothing.value is None
    assert nothing.note


def test_a_copy_takes_the_plan_without_what_came_of_it(alliance, agent, today):
    found = asked(alliance)
    relay = ActorFactory(alliance=alliance)
    way_of(
        found, who="Familles sans auto", obstacle="La honte", relay=relay, place="Au dépanneur", on=today, aimed=9,
        means="Une borne", offered="Un repas", reached=8, outcome="Bien", done_on=today,
    )  # fmt: skip
    way_of(found, who="Personnes sans papiers", is_public=False)
    sister = AllianceFactory(slug="soeur")
    stranger = user_with(sister)
    copy = copying.copy_consultation(source=found, to=sister, by=stranger)
    [row] = copy.outreach.all()
    assert (row.who, row.means, row.offered) == ("Familles sans auto", "Une borne", "Un repas")
    assert (row.relay, row.place, row.on, row.aimed, row.reached, row.outcome, row.state, row.obstacle) == (
        None, "", None, None, None, "", "planned", "",
    )  # fmt: skip
    entries = AuditEntry.objects.filter(action__startswith="participation.consultation_copied")
    assert {(row.action.split(".")[1], row.alliance_id) for row in entries} == {
        ("consultation_copied", sister.pk), ("consultation_copied_elsewhere", alliance.pk),
    }  # fmt: skip


def test_pages_ask_as_many_questions_for_one_way_as_for_thirty(client, alliance, agent, today):
    found = asked(alliance)
    signed_in(client, alliance)

    def more(n):
        for number in range(n):
            relay = ActorFactory(alliance=alliance, is_public=number % 2 == 0)
            way_of(found, relay=relay, on=today - dt.timedelta(days=1), done_on=today, reached=9)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(address("outreach", found))
            client.get(found.get_absolute_url())
            list(next(iter(giving.tables(alliance, None, today))).rows())
            list(giving.timeline(alliance, None, today))
            list(giving.section(alliance, None, today))
        return len(queries)

    more(1)
    count()
    few = count()
    more(29)
    assert count() == few
