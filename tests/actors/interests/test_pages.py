"""« Mes intérêts »: signed in, by a personal address, and what the agent writes for someone; the yearly reminder."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.actors.interests import services
from maillage.actors.models import Interest, InterestReview, Withdrawal
from maillage.alliances.links import services as links
from maillage.core import contributions, search
from maillage.core.contributions import SearchKind
from maillage.core.search import Entry
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def person(alliance):
    return RoleFactory(person__alliance=alliance, person__email="membre@exemple.test").person


def address_of(person, road):
    if road == "own":
        return reverse("actors_in:my_interests", args=[person.alliance.slug])
    return reverse("actors:interests_link", args=[links.make(person=person, purpose="interests")])


@pytest.mark.parametrize("road", ["own", "link"])
def test_declaring_ending_confirming_by_each_road(client, alliance, person, road):
    if road == "own":
        client.force_login(person.user, backend=BACKEND)
    address = address_of(person, road)
    actor = ActorFactory(alliance=alliance, name="Maison du Ruisseau")
    refused = client.post(address, {"do": "declare", "kind": "family", "what": " ", "since": "2024-01-01"})
    assert refused.status_code == 400
    assert "2024-01-01" in refused.content.decode()
    typed = {"do": "declare", "kind": "family", "what": "MA SŒUR", "actor": actor.pk}
    assert client.post(address, typed)["Location"] == address
    row = Interest.objects.get()
    assert (row.kind, row.actor, row.is_private, row.recorded_by) == ("family", actor, True, None)
    page = client.get(address).content.decode()
    assert "MA SŒUR" in page
    assert "Maison du Ruisseau" in page
    client.post(address, {"do": "end", "interest": row.uuid})
    row.refresh_from_db()
    assert row.until == alliance.today()
    InterestReview.objects.all().delete()
    client.post(address, {"do": "confirm"})
    assert InterestReview.objects.get().person == person


def test_the_agent_reads_that_a_family_tie_exists_never_its_words(client, alliance, person):
    actor = ActorFactory(alliance=alliance, name="Maison du Ruisseau")
    for kind, what in (("office", "TRÉSORIÈRE"), ("family", "MA SŒUR")):
        services.declare(person=person, kind=kind, what=what, actor=actor, by=person.user, now=NOW)
    client.force_login(user_with(alliance), backend=BACKEND)
    address = reverse("actors_in:interests_of", args=[alliance.slug, person.uuid])
    page = client.get(address).content.decode()
    assert "TRÉSORIÈRE" in page
    assert "Maison du Ruisseau" in page
    assert "MA SŒUR" not in page
    assert 'value="family"' not in page
    client.post(address, {"do": "declare", "kind": "office", "what": "Au conseil", "source": "Appel"})
    assert Interest.objects.get(what="Au conseil").source == "Appel"
    assert client.post(address, {"do": "confirm"}).status_code == 403
    file = client.get(reverse("alliances_in:person", args=[alliance.slug, person.uuid])).content.decode()
    assert address in file
    assert "MA SŒUR" not in file


@pytest.mark.parametrize("kind", ["member", "observer", "elected", None])
def test_nobody_else_opens_the_file_of_a_person(client, alliance, person, kind):
    client.force_login(user_with(alliance, kind) if kind else user_with(AllianceFactory()), backend=BACKEND)
    assert client.get(reverse("actors_in:interests_of", args=[alliance.slug, person.uuid])).status_code == 403


def test_an_address_closed_or_of_another_purpose_opens_nothing(client, person):
    other = links.make(person=person, purpose="mandates")
    for token in ("cle", other):
        response = client.get(reverse("actors:interests_link", args=[token]))
        assert response.status_code == 410
        assert "ne mène plus nulle part" in response.content.decode()


def test_nobody_ends_the_interest_of_another(client, alliance, person):
    other = RoleFactory(person__alliance=alliance).person
    row = services.declare(person=other, kind="office", what="x", by=other.user, now=NOW)
    client.force_login(person.user, backend=BACKEND)
    address = address_of(person, "own")
    for key in (row.uuid, "n’importe quoi", ""):
        assert client.post(address, {"do": "end", "interest": key}).status_code == 404
    assert client.post(address, {"do": "autre"}).status_code == 403


def test_the_page_runs_as_many_queries_for_one_interest_as_for_many(client, person, django_assert_num_queries):
    client.force_login(person.user, backend=BACKEND)
    services.declare(person=person, kind="office", what="Un", by=person.user, now=NOW)
    address = address_of(person, "own")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(20):
        services.declare(person=person, kind="office", what=str(number), by=person.user, now=NOW)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_review_waits_once_a_year_and_is_reminded_once(alliance, person, mailoutbox):
    [daily] = [one for one in contributions.daily if one.room == "actors-interests"]
    RoleFactory(person__alliance=alliance, kind="observer", person__email="obs@exemple.test")
    assert (daily.run(NOW), daily.run(NOW)) == (1, 0)
    [mail] = mailoutbox
    assert mail.to == [person.email]
    assert "/interets/" in mail.body
    due = {todo.key for todo in contributions.todo.collect(alliance, person.user, NOW.date())}
    assert f"interests:{person.pk}" in due
    services.confirm(person=person, by=person.user, now=NOW)
    assert not [t for t in contributions.todo.collect(alliance, person.user, NOW.date()) if "interests:" in t.key]
    later = NOW + dt.timedelta(days=366)
    assert daily.run(later) == 1


def test_what_is_held_is_exported_erased_purged(alliance, person):
    [data] = [one for one in contributions.personal_data if one.room == "actors-interests"]
    services.declare(person=person, kind="family", what="MA SŒUR", by=person.user, now=NOW)
    services.withdraw(
        person=person,
        reference=f"concertation.decision:{uuid.uuid4()}",
        reason="other",
        public_words="MOTS",
        by=person.user,
        now=NOW,
    )
    assert "MA SŒUR" in json.dumps(data.export(person), ensure_ascii=False)
    old = Interest.objects.create(person=person, kind="office", what="Ancien", until=dt.date(2015, 1, 1))
    assert data.purge(NOW.date()) == 1
    assert not Interest.objects.filter(pk=old.pk).exists()
    assert data.erase(person) == 3
    assert data.erase(person) == 0
    assert Withdrawal.objects.get().public_words == ""


def test_two_files_of_one_person_become_one_and_that_is_undone(alliance, person):
    other = PersonFactory(alliance=alliance)
    services.declare(person=other, kind="office", what="x", by=other.user, now=NOW)
    one, two = uuid.uuid4(), uuid.uuid4()
    for who, key in ((person, one), (other, one), (other, two)):
        services.withdraw(person=who, reference=f"concertation.decision:{key}", reason="other", by=who.user, now=NOW)
    before = list(Withdrawal.objects.order_by("pk").values()), list(Interest.objects.values())
    [joined] = [one for one in contributions.merge if one.model == "actors.interest" and one.target == "person"]
    trace = json.loads(json.dumps(joined.apply(person, other)))
    assert Interest.objects.get().person == person
    assert Withdrawal.objects.filter(person=person).count() == 2
    joined.undo(person, other, trace)
    assert (list(Withdrawal.objects.order_by("pk").values()), list(Interest.objects.values())) == before


def test_search_leaves_out_what_the_reader_withdrew_from(client, alliance, person, monkeypatch):
    key = "7d0c2f5e-5f0a-4e5e-9d52-0d4f6c1f2a3b"
    entry = Entry(
        kind="essai", object_id=1, alliance_id=alliance.pk, title="Halte-chaleur", url="/x/",
        reference=f"concertation.decision:{key}",
    )  # fmt: skip
    kinds = [*contributions.search.items, SearchKind("essai", "Essai", list)]
    monkeypatch.setattr(contributions.search, "items", kinds)
    search.put([entry])
    address = reverse("core:search")
    assert "Halte-chaleur" in client.get(address, {"q": "halte"}).content.decode()
    client.force_login(person.user, backend=BACKEND)
    assert "Halte-chaleur" in client.get(address, {"q": "halte"}).content.decode()
    services.withdraw(person=person, reference=entry.reference, reason="other", by=person.user, now=timezone.now())
    assert "Halte-chaleur" not in client.get(address, {"q": "halte"}).content.decode()
    assert search.find("halte", include_private=True, left=[entry.reference]).total == 0


@pytest.mark.parametrize("road", ["own", "link"])
def test_what_others_wrote_down_is_undone_by_each_road(client, alliance, person, road):
    if road == "own":
        client.force_login(person.user, backend=BACKEND)
    agent, now = user_with(alliance), timezone.now()
    references = [f"concertation.decision:{uuid.uuid4()}" for _n in range(2)]
    common = {"person": person, "reason": "other", "now": now, "by": agent}
    left = services.withdraw(reference=references[0], present=True, **common)
    note = services.note(reference=references[1], source="Appel du 3", **common)
    page = client.get(address_of(person, road)).content.decode()
    assert "Je ne me suis pas retiré" in page
    assert "Je ne me retire pas" in page
    address = address_of(person, road)
    client.post(address, {"do": "undo", "withdrawal": left.uuid})
    client.post(address, {"do": "refuse", "withdrawal": note.uuid})
    left.refresh_from_db()
    note.refresh_from_db()
    assert left.lifted_at is not None
    assert (note.settled_at is not None, note.confirmed) == (True, False)
    other = services.withdraw(
        reference=references[0], present=True, **{**common, "person": RoleFactory(person__alliance=alliance).person}
    )
    assert client.post(address, {"do": "undo", "withdrawal": other.uuid}).status_code == 404
    assert client.post(address, {"do": "undo", "withdrawal": "x"}).status_code == 404
