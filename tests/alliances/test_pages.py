"""The pages: what they show, what they keep to themselves, and how many queries they cost."""

import datetime as dt
import io

import pytest
from django.urls import reverse

from maillage.alliances import services, todos
from maillage.alliances.models import Deliverable, MemoryEvent, Person, Role
from maillage.core import contributions
from maillage.core.models import AuditEntry, Document
from tests.factories import (
    AllianceFactory,
    CycleFactory,
    RoleFactory,
    StageFactory,
    TerritoryFactory,
    UserFactory,
    signed_in,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    return AllianceFactory(slug="val-fictif", short_name="MRC de Val-Fictif")


def page(client, name, alliance, *args, **query):
    response = client.get(reverse(f"alliances_in:{name}", args=[alliance.slug, *args]), query)
    assert response.status_code == 200
    return response.content.decode()


def send(client, view, alliance, /, *args, **data):
    return client.post(reverse(f"alliances_in:{view}", args=[alliance.slug, *args]), data)


# --- The list of the alliances ---


def test_the_list_shows_open_alliances_by_region_and_finds_them(client):
    from maillage.territories.models import TerritoryMembership

    region, mrc = TerritoryFactory(kind="region", name="Mauricie"), TerritoryFactory(name="Mékinac")
    TerritoryMembership.objects.create(child=mrc, parent=region, source="Essai")
    operator = UserFactory(is_operator=True)
    services.create_alliance(by=operator, name="A", short_name="MRC de Mékinac", territories=[mrc], is_public=True)
    AllianceFactory(short_name="Wendake")
    AllianceFactory(short_name="MRC cachée", is_public=False)
    text = client.get("/").content.decode()
    assert "Mauricie" in text
    assert "Wendake" in text
    assert "cachée" not in text
    assert "Wendake" not in client.get("/", {"q": "mekinac"}).content.decode()
    assert "Wendake" not in client.get("/", {"region": "mauricie"}).content.decode()
    assert "MRC de Mékinac" in client.get("/", {"region": "mauricie"}).content.decode()


def test_the_list_costs_the_same_for_two_and_for_sixty(client, django_assert_max_num_queries):
    AllianceFactory.create_batch(2)
    with django_assert_max_num_queries(8) as few:
        client.get("/")
    AllianceFactory.create_batch(60)
    with django_assert_max_num_queries(len(few)):
        response = client.get("/")
    assert response.content.decode().count("<h4>") == 25


def test_signed_in_one_sees_ones_own_alliances(client, alliance):
    signed_in(client, alliance, Role.Kind.TREASURER)
    assert "Vos alliances" in client.get("/").content.decode()


# --- The home ---


def test_an_empty_home_says_so_once(client, alliance):
    text = page(client, "home", alliance)
    assert text.count('class="empty"') == 1
    assert "Où en sommes-nous" not in text


def test_a_home_says_in_one_sentence_what_is_not_there_yet(client, alliance):
    MemoryEvent.objects.create(alliance=alliance, on=dt.date(2026, 1, 5), title="Première rencontre")
    text = page(client, "home", alliance)
    assert "Première rencontre" in text
    assert "Pas encore publié" in text
    assert 'class="empty"' not in text


def test_several_stages_are_now_and_the_agreement_is_told_by_its_last_day(client, alliance):
    agent = user_with(alliance)
    cycle = services.add_cycle(alliance, by=agent, name="2024-2029", since=dt.date(2024, 4, 1))
    services.save_agreement(cycle, by=agent, title="Entente", envelope_cents=84_200_000, until=dt.date(2029, 4, 1))
    for stage in cycle.stages.all()[3:]:
        services.update_stage(stage, by=agent, state="active")
    text = page(client, "home", alliance)
    assert text.count("Nous sommes ici") == 2
    assert "842\xa0000\xa0$" in text
    assert "31\u00a0mars 2029" in text


def test_home_query_count_does_not_grow(client, alliance, django_assert_max_num_queries):
    def fill(count):
        cycle = CycleFactory(alliance=alliance)
        for number in range(count):
            stage = StageFactory(cycle=cycle, name=f"Étape {number}")
            Deliverable.objects.create(stage=stage, title=f"Livrable {number}")
            MemoryEvent.objects.create(alliance=alliance, on=dt.date(2025, 1, 1), title=f"Fait {number}")

    fill(1)
    with django_assert_max_num_queries(24) as few:
        client.get(alliance.get_absolute_url())
    fill(50)
    with django_assert_max_num_queries(len(few)):
        client.get(alliance.get_absolute_url())


def test_a_former_address_redirects_with_the_rest_of_it(client, alliance):
    services.rename_slug(alliance, by=user_with(alliance), slug="val-nouveau")
    response = client.get("/val-fictif/memoire/?page=2")
    assert (response.status_code, response.url) == (301, "/val-nouveau/memoire/?page=2")


def test_without_english_there_is_no_english_page_and_no_toggle(client, alliance):
    assert 'hreflang="en"' in client.get("/val-fictif/").content.decode()
    assert client.get("/en/val-fictif/").status_code == 200
    services.update_alliance(alliance, by=user_with(alliance), offers_english=False)
    assert client.get("/en/val-fictif/").status_code == 404
    assert 'hreflang="en"' not in client.get("/val-fictif/").content.decode()


def test_the_texts_of_the_alliance_keep_their_language_on_english_pages(client, alliance):
    services.update_alliance(alliance, by=user_with(alliance), tagline="Ensemble")
    assert '<h1 lang="fr">Ensemble</h1>' in client.get("/en/val-fictif/").content.decode()


def test_english_pages_speak_english(client, alliance):
    assert "The memory of the territory" in client.get("/en/val-fictif/memoire/").content.decode()


# --- Memory ---


def test_memory_shows_national_events_with_their_source_and_filters_by_kind_and_year(client, alliance):
    MemoryEvent.objects.create(alliance=alliance, on=dt.date(2025, 6, 1), precision="month", title="Plan adopté")
    text = page(client, "memory", alliance)
    assert "13\u00a0décembre 2002" in text
    assert "L.Q. 2002, c. 61" in text
    assert "Juin 2025" in text
    assert "Plan adopté" not in page(client, "memory", alliance, sorte="law")
    assert "13\u00a0décembre 2002" not in page(client, "memory", alliance, de="2020")


def test_a_private_line_is_for_people_inside(client, alliance):
    MemoryEvent.objects.create(alliance=alliance, on=dt.date(2025, 6, 1), title="Départ discret", is_public=False)
    assert "Départ discret" not in page(client, "memory", alliance)
    signed_in(client, alliance, Role.Kind.MEMBER)
    assert "Départ discret" in page(client, "memory", alliance)


def test_the_agent_adds_corrects_and_removes_a_line(client, alliance):
    signed_in(client, alliance)
    data = {"title": "Arrivée", "on": "2026-03-14", "precision": "year", "kind": "people", "language": "fr"}
    assert send(client, "memory-add", alliance, **data).status_code == 302
    event = alliance.memory.get()
    assert event.on == dt.date(2026, 1, 1)
    send(client, "memory-edit", alliance, event.uuid, **{**data, "title": "Arrivée de l’équipe"})
    event.refresh_from_db()
    assert event.title == "Arrivée de l’équipe"
    send(client, "memory-remove", alliance, event.uuid)
    assert not alliance.memory.exists()
    assert AuditEntry.objects.filter(action="alliances.forgotten").exists()


def test_what_was_typed_is_not_lost_when_refused(client, alliance):
    signed_in(client, alliance)
    response = send(client, "memory-add", alliance, title="Une arrivée", on="pas une date", precision="day")
    assert response.status_code == 422
    text = response.content.decode()
    assert 'value="Une arrivée"' in text
    assert "Écrivez la date" in text


def test_nobody_writes_in_the_memory_of_another_alliance(client, alliance):
    event = MemoryEvent.objects.create(alliance=alliance, on=dt.date(2025, 6, 1), title="À nous")
    signed_in(client, AllianceFactory())
    assert send(client, "memory-remove", alliance, event.uuid).status_code == 403
    other = AllianceFactory()
    signed_in(client, other)
    assert send(client, "memory-remove", other, event.uuid).status_code == 404
    assert MemoryEvent.objects.filter(pk=event.pk).exists()


# --- Workspace ---


def test_the_week_greets_counts_and_sorts(client, alliance, monkeypatch):
    monkeypatch.setattr(contributions.todo, "providers", [todos.todos])  # what other rooms add is theirs to test
    signed_in(client, alliance)
    today = alliance.today()
    cycle = CycleFactory(alliance=alliance)
    stage = StageFactory(cycle=cycle, state="active", until=today - dt.timedelta(days=4))
    Deliverable.objects.create(stage=stage, title="Portrait", due_on=today - dt.timedelta(days=12))
    Deliverable.objects.create(stage=stage, title="Plan", due_on=today + dt.timedelta(days=90))
    RoleFactory(person__alliance=alliance, kind="member", until=today + dt.timedelta(days=10))
    text = page(client, "pilotage", alliance)
    assert "Quatre choses vous attendent." in text
    assert text.index("En retard de 12 jours") < text.index("En retard de 5 jours")
    assert "Livrer : Portrait" in text.replace("\xa0", " ")
    assert "Livrer : Plan" not in text.replace("\xa0", " ")


def test_the_coordinator_of_the_region_reads_the_week_and_has_nothing_to_do_there(client):
    region = AllianceFactory(scale="regional")
    child = AllianceFactory(parent=region)
    signed_in(client, region, Role.Kind.REGIONAL)
    assert "Vous lisez ici" in page(client, "pilotage", child)
    assert send(client, "memory-add", child, title="X", on="2026-01-01").status_code == 403
    assert child.short_name in page(client, "children", region)


def test_the_week_costs_the_same_for_one_task_and_for_fifty(client, alliance, django_assert_max_num_queries):
    signed_in(client, alliance)
    cycle = CycleFactory(alliance=alliance)

    def fill(count):
        for number in range(count):
            stage = StageFactory(cycle=cycle, state="active", until=dt.date(2025, 1, 1))
            Deliverable.objects.create(stage=stage, title=f"Livrable {number}", due_on=dt.date(2025, 1, 1))
            RoleFactory(person__alliance=alliance, until=alliance.today() + dt.timedelta(days=3))

    fill(1)
    with django_assert_max_num_queries(70) as few:  # every room asks its own
        page(client, "pilotage", alliance)
    fill(50)
    with django_assert_max_num_queries(len(few)):
        page(client, "pilotage", alliance)


@pytest.mark.parametrize("name", ["people", "journal", "powers", "cycles", "memory"])
def test_lists_cost_the_same_for_one_row_and_for_fifty(client, alliance, name, django_assert_max_num_queries):
    agent = user_with(alliance)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")

    def fill(count):
        for number in range(count):
            person = services.add_person(alliance, by=agent, name=f"Personne {number}")
            services.grant_role(person, by=agent, kind="member")
            services.delegate_power(alliance, by=agent, title=f"Pouvoir {number}", given_by="Table")
            services.add_cycle(alliance, by=agent, name=f"Période {number}")
            services.remember(alliance, by=agent, on=dt.date(2025, 1, 1), title=f"Fait {number}")

    fill(1)
    with django_assert_max_num_queries(35) as few:  # the memory asks every room
        page(client, name, alliance)
    fill(50)
    with django_assert_max_num_queries(len(few)):
        page(client, name, alliance)


def test_the_agreement_keeps_its_signed_document_for_all_to_read(client, alliance):
    signed_in(client, alliance)
    cycle = CycleFactory(alliance=alliance)
    file = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    file.name = "entente.pdf"
    data = {
        "title": "Entente",
        "envelope_cents": "842 000,50 $",
        "until": "2029-03-31",
        "parties_text": "MRC, mandataire",
        "file": file,
    }
    assert send(client, "agreement", alliance, cycle.pk, **data).status_code == 302
    agreement = cycle.agreement
    assert (agreement.envelope_cents, agreement.until) == (84_200_050, dt.date(2029, 4, 1))
    assert agreement.parties.get().capacity == "mandataire"
    client.logout()
    response = client.get(agreement.document.get_absolute_url())
    assert response.getvalue().startswith(b"%PDF-")


@pytest.mark.parametrize("amount", ["douze", "12,345.6.7", "-5", "1e9", "12,5,5"])
def test_an_amount_that_is_not_one_gets_a_sentence(client, alliance, amount):
    signed_in(client, alliance)
    cycle = CycleFactory(alliance=alliance)
    response = send(client, "agreement", alliance, cycle.pk, title="Entente", envelope_cents=amount)
    assert response.status_code == 422
    assert "Écrivez un montant" in response.content.decode()


def test_a_picture_called_pdf_is_refused(client, alliance):
    signed_in(client, alliance)
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    file.name = "entente.pdf"
    response = send(client, "agreement", alliance, CycleFactory(alliance=alliance).pk, title="Entente", file=file)
    assert "pas un PDF" in response.content.decode()
    assert not Document.objects.exists()


def test_an_ended_role_loses_its_pages_at_the_next_click(client, alliance):
    signed_in(client, alliance, Role.Kind.AGENT)
    page(client, "pilotage", alliance)
    role = Role.objects.get(person__alliance=alliance)
    services.end_role(role, by=user_with(alliance), on=alliance.today())
    assert client.get(reverse("alliances_in:pilotage", args=[alliance.slug])).status_code == 403


def test_the_agent_gives_and_ends_a_role_from_the_page(client, alliance):
    signed_in(client, alliance)
    send(client, "person-add", alliance, name="Alice Fictive", language="fr")
    person = Person.objects.get(name="Alice Fictive")
    send(client, "role-add", alliance, person.uuid, kind="member", since="2026-01-01", until="2026-12-31")
    role = person.roles.get()
    assert role.until == dt.date(2027, 1, 1)
    send(client, "role-end", alliance, role.pk, on=alliance.today().isoformat())
    role.refresh_from_db()
    assert not role.holds(alliance.today())


def test_the_journal_speaks_french_and_names_nobody(client, alliance):
    agent = user_with(alliance)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    services.add_person(alliance, by=agent, name="Alice Fictive", email="alice@exemple.test")
    other = AllianceFactory()
    services.update_alliance(other, by=user_with(other), time_zone="America/Halifax")
    text = page(client, "journal", alliance)
    assert "Personne ajoutée" in text
    assert "Alice" not in text
    assert "Halifax" not in text
    assert "Personne ajoutée" not in page(client, "journal", alliance, du="2099-01-01")


def test_search_in_english_leads_to_english_pages(client, alliance):
    services.remember(alliance, by=user_with(alliance), on=dt.date(2025, 1, 1), title="Le verger partagé")
    text = client.get(f"/en/{alliance.slug}/recherche/", {"q": "verger"}).content.decode()
    assert f'href="/en/{alliance.slug}/memoire/#m-' in text


def test_search_finds_the_memory_and_keeps_what_is_private(client, alliance):
    agent = user_with(alliance)
    services.remember(alliance, by=agent, on=dt.date(2025, 1, 1), title="Un cœur de village")
    services.remember(alliance, by=agent, on=dt.date(2025, 1, 1), title="Un cœur discret", is_public=False)
    text = page(client, "search", alliance, q="coeur")
    assert "de village" in text
    assert "discret" not in text
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    assert "discret" in page(client, "search", alliance, q="coeur")


@pytest.mark.parametrize("query", [{"page": "zéro"}, {"page": "9999999"}, {"q": "x" * 5000}, {"q": '(("*'}])
def test_search_stands_any_words(client, alliance, query):
    page(client, "search", alliance, **{"q": "mot", **query})


def test_operator_creates_and_the_agent_opens(client):
    operator = UserFactory(is_operator=True)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    data = {"name": "Alliance", "short_name": "MRC neuve", "scale": "local", "time_zone": "America/Toronto"}
    assert client.post(reverse("alliances:create"), data).status_code == 302
    from maillage.alliances.models import Alliance

    made = Alliance.objects.get(slug="mrc-neuve")
    signed_in(client, made)
    send(client, "open", made, open="1")
    made.refresh_from_db()
    assert made.is_public


def test_reserved_slugs_hold_every_first_part_of_an_instance_address():
    from django.urls import get_resolver

    from maillage.alliances.vocabulary import RESERVED_SLUGS

    def firsts(patterns, prefix=""):
        for pattern in patterns:
            text = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns") and "/" not in text.rstrip("/"):
                yield from firsts(pattern.url_patterns, text)
            else:
                yield text.split("/")[0].lstrip("^")

    found = {first for first in firsts(get_resolver().url_patterns) if first and not first.startswith("<")}
    words = {first for first in found if first.replace("-", "").replace("_", "").isalnum()}
    assert words - RESERVED_SLUGS == set()
