import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.alliances.models import Term
from maillage.concertation.models import Approach, Task, WantedVoice
from maillage.concertation.voices import selectors, services
from maillage.core import contributions
from maillage.core.models import AuditEntry
from tests.concertation.network.factories import actor
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    RoleFactory,
    SeatFactory,
    SpaceFactory,
    signed_in,
    user_with,
)

pytestmark = pytest.mark.django_db

SINCE = dt.date(2025, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def want(alliance, agent, **values):
    return services.want_voice(alliance=alliance, by=agent, since=SINCE, **values)


def seat(alliance, name, field="", type="community", scale="", space=None, **more):
    made = actor(alliance, name, field, type, scale, **more)
    SeatFactory(space=space or SpaceFactory(alliance=alliance), actor=made)
    return made


def read(client, alliance, name="voices", *args, **asked):
    return client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, *args]), asked)


def text(*args, **asked):
    return read(*args, **asked).content.decode()


def rows(client, alliance, **asked):
    return {
        row.label: (row.voice.number, row.present, row.missing)
        for row in read(client, alliance, **asked).context["rows"]
    }


# What is wanted, present, missing


def test_present_wanted_and_missing_from_the_seats_held(client, alliance, agent):
    space = SpaceFactory(alliance=alliance)
    seat(alliance, "Toit", "housing", space=space)
    seat(alliance, "Loyer", "housing", "citizens", "village", space=space)
    seat(alliance, "Loin", "housing", "citizens")
    actor(alliance, "Sans siège", "housing", "citizens")
    want(alliance, agent, type="citizens", number=3, why="Rien sans nous.")
    want(alliance, agent, sector="housing", type="citizens", scale="village")
    want(alliance, agent, scale="region")
    assert rows(client, alliance) == {
        "Collège citoyen": (3, 2, 1),
        "Région": (1, 0, 1),
        "Collège citoyen · logement · village": (1, 1, 0),
    }
    assert rows(client, alliance, espace=str(space.uuid))["Collège citoyen"] == (3, 1, 2)
    page = text(client, alliance)
    assert "2 voix souhaitées sur 3 manquent autour de la table." in page
    assert "Rien sans nous." in page
    assert "jamais des personnes" in page


def test_the_grid_frames_the_cells_where_someone_is_wanted_and_missing(client, alliance, agent):
    seat(alliance, "Toit", "housing", scale="village")
    seat(alliance, "Marché", "food", "business", scale="mrc")
    want(alliance, agent, sector="housing", type="citizens")
    grid = read(client, alliance).context["grid"]
    assert [(row.label, dict(row.by_type)) for row in grid.rows] == [
        ("Tous les secteurs", {"community": 1, "business": 1}),
        ("Logement", {"community": 1}),
        ("Sécurité alimentaire", {"business": 1}),
    ]
    assert grid.required == {("Logement", "citizens")}
    assert "présence exigée" in text(client, alliance) or 'class="must"' in text(client, alliance)
    village = read(client, alliance, palier="village").context["grid"]
    assert dict(village.rows[0].by_type) == {"community": 1}


def test_an_actor_of_several_sectors_counts_in_each_and_once_for_all(client, alliance, agent):
    several = seat(alliance, "Toit", "housing")
    several.tags.create(scheme="field", code="health")
    want(alliance, agent, sector="housing")
    want(alliance, agent, sector="health")
    want(alliance, agent, type="community", number=2)
    assert sorted(rows(client, alliance).values()) == [(1, 1, 0), (1, 1, 0), (2, 1, 1)]


def test_a_word_of_the_alliance_counts_as_the_fixed_one(client, alliance, agent):
    Term.objects.create(alliance=alliance, scheme="field", code="toits", fr="toits", en="roofs", counts_as="housing")
    seat(alliance, "Toit", "toits")
    want(alliance, agent, sector="housing")
    assert rows(client, alliance)["Logement"] == (1, 1, 0)


def test_hidden_actors_are_counted_for_the_agent_only(client, alliance, agent):
    seat(alliance, "Refuge", "housing", is_public=False)
    want(alliance, agent, sector="housing")
    assert rows(client, alliance)["Logement"] == (1, 0, 1)
    assert rows(signed_in(client, alliance), alliance)["Logement"] == (1, 1, 0)


def test_nothing_wanted_and_no_one_there(client, alliance):
    page = text(client, alliance)
    assert "L’alliance n’a pas encore dit qui elle souhaite" in page
    for asked in ({"espace": "x"}, {"palier": "x"}, {"page": "x"}, {"espace": "é" * 300}):
        assert read(client, alliance, **asked).status_code == 200


# Saying what is wanted


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "une voix vient de quelque part"),
        ({"type": "robots"}, "Choisissez un type"),
        ({"sector": "x"}, "Choisissez un secteur"),
        ({"scale": "x"}, "Choisissez un palier"),
        ({"type": "citizens", "number": 0}, "de 1 à 999"),
    ],
)
def test_what_means_nothing_is_refused_in_words(alliance, agent, values, words):
    with pytest.raises(ValidationError) as refused:
        want(alliance, agent, **values)
    assert words in " ".join(refused.value.messages)


def test_a_voice_is_wanted_once_changed_and_ended_never_deleted(alliance, agent):
    voice = want(alliance, agent, type="citizens")
    with pytest.raises(ValidationError):
        want(alliance, agent, type="citizens")
    services.change_voice(voice=voice, number=4, why="Davantage", by=agent)
    with pytest.raises(ValidationError):
        services.end_voice(voice=voice, on=dt.date(2024, 1, 1), by=agent)
    services.end_voice(voice=voice, on=dt.date(2026, 1, 1), by=agent)
    for again in (
        lambda: services.end_voice(voice=voice, on=dt.date(2026, 2, 1), by=agent),
        lambda: services.change_voice(voice=voice, number=1, why="", by=agent),
        lambda: services.give_approach(voice=voice, whom="X", owner_actor=ActorFactory(alliance=alliance), by=agent),
    ):
        with pytest.raises(ValidationError):
            again()
    assert want(alliance, agent, type="citizens").pk != voice.pk
    assert not list(selectors.wanted_voices(alliance, dt.date(2024, 6, 1)))
    acts = list(AuditEntry.objects.filter(action__contains="voice").order_by("id").values_list("action", flat=True))
    assert acts == [f"concertation.voice_{act}" for act in ("wanted", "changed", "ended", "wanted")]


def test_a_refused_form_keeps_what_was_typed(client, alliance):
    signed_in(client, alliance)
    address = reverse("concertation_in:voice_new", args=[alliance.slug])
    page = client.post(address, {"number": "3", "why": "Parce que"}).content.decode()
    assert "une voix vient de quelque part" in page
    assert 'value="Parce que"' in page
    assert client.post(address, {"number": "3", "type": "citizens"}).status_code == 302
    voice = WantedVoice.objects.get()
    client.post(reverse("concertation_in:voice_edit", args=[alliance.slug, voice.uuid]), {"number": "5", "why": ""})
    voice.refresh_from_db()
    assert voice.number == 5
    client.post(reverse("concertation_in:voice_end", args=[alliance.slug, voice.uuid]))
    voice.refresh_from_db()
    assert voice.until is not None


# Reaching out


def test_a_hole_becomes_a_task_and_its_outcome_is_kept(alliance, agent):
    voice = want(alliance, agent, type="citizens")
    owner = ActorFactory(alliance=alliance)
    approach = services.give_approach(
        voice=voice, whom="Un comité", owner_actor=owner, due_on=dt.date(2026, 3, 1), by=agent
    )
    assert approach.task.title == "Approcher\u00a0: Un comité (Collège citoyen)"
    assert (approach.task.owner_actor, approach.task.due_on, approach.task.is_public) == (
        owner,
        dt.date(2026, 3, 1),
        False,
    )
    joined = ActorFactory(alliance=alliance)
    services.tell_approach(
        approach=approach, outcome="joined", on=dt.date(2026, 3, 2), note="Avec plaisir.", actor=joined, by=agent
    )
    approach.refresh_from_db()
    task = Task.objects.get()
    assert (approach.outcome, approach.outcome_on, approach.actor) == ("joined", dt.date(2026, 3, 2), joined)
    assert (task.done_on, task.outcome) == (dt.date(2026, 3, 2), "Avec plaisir.")
    with pytest.raises(ValidationError):
        services.tell_approach(approach=approach, outcome="lost", on=dt.date(2026, 3, 3), by=agent)


@pytest.mark.parametrize("outcome", ["joined", "later", "declined", "lost"])
def test_every_outcome_is_in_the_history_that_members_read_and_the_public_does_not(client, alliance, agent, outcome):
    voice = want(alliance, agent, type="citizens")
    approach = services.give_approach(
        voice=voice, whom="Groupe du quai", owner_person=PersonFactory(alliance=alliance, name="Rita"), by=agent
    )
    services.tell_approach(approach=approach, outcome=outcome, on=dt.date(2026, 3, 2), note="Dit au café", by=agent)
    for page in (text(client, alliance), text(signed_in(client, alliance, "member"), alliance)):
        assert not any(words in page for words in ("Groupe du quai", "Rita", "Dit au café"))
    page = text(client, alliance, "voice", voice.uuid)
    for words in ("Groupe du quai", "Rita", "Dit au café", approach.Outcome(outcome).label.capitalize()):
        assert words in page
    client.logout()
    assert read(client, alliance, "voice", voice.uuid).status_code == 302


def test_an_approach_needs_someone_of_the_alliance(alliance, agent):
    voice = want(alliance, agent, type="citizens")
    for owners in ({}, {"owner_actor": ActorFactory()}, {"owner_person": PersonFactory()}):
        with pytest.raises(ValidationError):
            services.give_approach(voice=voice, whom="X", by=agent, **owners)
    with pytest.raises(ValidationError):
        services.give_approach(voice=voice, whom=" ", owner_actor=ActorFactory(alliance=alliance), by=agent)
    approach = services.give_approach(voice=voice, whom="X", owner_actor=ActorFactory(alliance=alliance), by=agent)
    with pytest.raises(ValidationError):
        services.tell_approach(approach=approach, outcome="joined", on=SINCE, actor=ActorFactory(), by=agent)
    with pytest.raises(ValidationError):
        services.tell_approach(approach=approach, outcome="waiting", on=SINCE, by=agent)


def test_hidden_actors_are_not_named_to_members(client, alliance, agent):
    voice = want(alliance, agent, type="citizens")
    owner = ActorFactory(alliance=alliance, name="Refuge", is_public=False)
    approach = services.give_approach(voice=voice, whom="Un groupe", owner_actor=owner, by=agent)
    services.tell_approach(approach=approach, outcome="joined", on=SINCE, actor=owner, by=agent)
    assert "Refuge" not in text(signed_in(client, alliance, "member"), alliance, "voice", voice.uuid)
    assert "Refuge" in text(signed_in(client, alliance), alliance, "voice", voice.uuid)


# Who may


ROLES = ("agent", "regional", "member", "evaluator", "elected", "accompanying", "treasurer", "observer")


@pytest.mark.parametrize("kind", [*ROLES, None])
@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("told", [True, False])
def test_who_may_want_give_read_and_tell(client, alliance, agent, kind, mine, told):
    """Roles × whose approach it is × its state."""
    role = RoleFactory(person__alliance=alliance if kind else AllianceFactory(), kind=kind or "agent")
    person, user = role.person, role.person.user
    voice = want(alliance, agent, type="citizens")
    owner = person if mine and kind else PersonFactory(alliance=alliance)
    approach = services.give_approach(voice=voice, whom="X", owner_person=owner, by=agent)
    if told:
        services.tell_approach(approach=approach, outcome="later", on=SINCE, by=agent)
    steers = kind in ("agent", "regional")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert read(client, alliance).status_code == 200
    assert read(client, alliance, "voice", voice.uuid).status_code == (200 if kind else 403)
    assert read(client, alliance, "voice_new").status_code == (200 if steers else 403)
    may_tell = steers or bool(kind and mine)
    assert read(client, alliance, "approach_outcome", approach.uuid).status_code == (200 if may_tell else 403)

    def tell():
        services.tell_approach(approach=approach, outcome="lost", on=SINCE, by=user)

    if not may_tell:
        with pytest.raises(PermissionDenied):
            tell()
    elif told:
        with pytest.raises(ValidationError):
            tell()
    else:
        tell()
    if not steers:
        for act in (
            lambda: services.want_voice(alliance=alliance, by=user, since=SINCE, type="business"),
            lambda: services.end_voice(voice=voice, on=SINCE, by=user),
            lambda: services.change_voice(voice=voice, number=2, why="", by=user),
            lambda: services.give_approach(voice=voice, whom="Y", owner_person=owner, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_an_ended_role_tells_nothing_more(alliance, agent):
    role = RoleFactory(person__alliance=alliance, until=dt.date(2025, 1, 1))
    voice = want(alliance, agent, type="citizens")
    approach = services.give_approach(voice=voice, whom="X", owner_person=role.person, by=agent)
    with pytest.raises(PermissionDenied):
        services.tell_approach(approach=approach, outcome="lost", on=SINCE, by=role.person.user)


def test_a_voice_of_another_alliance_is_not_found(client, alliance, agent):
    voice = want(alliance, agent, type="citizens")
    other = AllianceFactory()
    stranger = signed_in(client, other)
    for name in ("voice", "voice_edit", "approach_new"):
        assert read(stranger, other, name, voice.uuid).status_code == 404


# What the others get


def todo_keys(alliance, user, today=dt.date(2026, 5, 1)):
    return [
        todo.key
        for todo in contributions.todo.collect(alliance, user, today)
        if "voice" in todo.key or "approach" in todo.key
    ]


def test_what_waits_holes_without_anyone_and_approaches_due(alliance, agent):
    member = RoleFactory(person__alliance=alliance).person
    voice = want(alliance, agent, type="citizens")
    assert todo_keys(alliance, agent) == [f"voice-{voice.uuid}"]
    assert todo_keys(alliance, member.user) == todo_keys(alliance, None) == []
    approach = services.give_approach(voice=voice, whom="X", owner_person=member, due_on=dt.date(2026, 4, 1), by=agent)
    assert todo_keys(alliance, agent) == todo_keys(alliance, member.user) == [f"approach-{approach.uuid}"]
    assert todo_keys(alliance, agent, dt.date(2026, 3, 1)) == []
    assert todo_keys(alliance, user_with(alliance, "member")) == []
    services.tell_approach(approach=approach, outcome="later", on=dt.date(2026, 4, 2), by=agent)
    assert todo_keys(alliance, agent) == [f"voice-{voice.uuid}"]


def test_open_data_and_the_account_have_the_grid_and_no_one_approached(alliance, agent):
    seat(alliance, "Toit", "housing")
    voice = want(alliance, agent, sector="housing", number=2)
    services.give_approach(voice=voice, whom="Groupe du quai", owner_actor=ActorFactory(alliance=alliance), by=agent)
    today = dt.date(2026, 5, 1)
    [table] = [
        table for table in contributions.exports.collect(alliance, agent, today) if table.name == "wanted-voices"
    ]
    assert list(table.rows()) == [("housing", "", "", 2, 1, 1, "")]
    sections = {section.key: section for section in contributions.report.collect(alliance, None, today)}
    assert "Groupe du quai" not in str(sections)
    assert sections["missing-voices"].blocks[0] == (
        "Le 1er\u00a0mai 2026, 1 voix souhaitée sur 1 manque autour de la table."
    )


def test_a_merge_moves_the_actor_that_joined_and_back(alliance, agent):
    voice = want(alliance, agent, type="citizens")
    kept, absorbed = ActorFactory(alliance=alliance), ActorFactory(alliance=alliance)
    approach = services.give_approach(voice=voice, whom="X", owner_actor=kept, by=agent)
    services.tell_approach(approach=approach, outcome="joined", on=SINCE, actor=absorbed, by=agent)
    [merge] = [merge for merge in contributions.merge if merge.model == "concertation.approach"]
    trace = merge.apply(kept, absorbed)
    assert Approach.objects.get().actor == kept
    merge.undo(kept, absorbed, trace)
    assert Approach.objects.get().actor == absorbed


@pytest.mark.parametrize("kind", [None, "member", "agent"])
def test_the_same_number_of_queries_for_one_voice_and_for_fifty(client, alliance, agent, kind):
    if kind:
        signed_in(client, alliance, kind)

    def some(count, at):
        for n in range(count):
            seat(alliance, f"A{at}{n}", "housing")
        for code in list("abcdefghij")[at : at + count]:
            Term.objects.create(alliance=alliance, scheme="field", code=code, fr=code, en=code, counts_as="housing")
            voice = want(alliance, agent, sector=code)
            for name in ("X", "Y"):
                services.give_approach(voice=voice, whom=name, owner_actor=ActorFactory(alliance=alliance), by=agent)

    some(1, 0)
    read(client, alliance)
    with CaptureQueriesContext(
        connection,
    ) as few:
        read(client, alliance)
    some(9, 1)
    with CaptureQueriesContext(connection) as many:
        read(client, alliance)
    assert len(many) == len(few)
    if kind:
        voice = WantedVoice.objects.first()
        with CaptureQueriesContext(connection) as two:
            read(client, alliance, "voice", voice.uuid)
        for n in range(12):
            services.give_approach(voice=voice, whom=str(n), owner_actor=ActorFactory(alliance=alliance), by=agent)
        with CaptureQueriesContext(connection) as fourteen:
            read(client, alliance, "voice", voice.uuid)
        assert len(fourteen) == len(two)
