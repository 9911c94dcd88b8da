"""The sheet, signed in or by a link; the public list; the directory of what is already there."""

from __future__ import annotations

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.actors import services as actor_services
from maillage.actors.models import Actor, ActorField, Mandate, Offering, Tie
from maillage.actors.ties import offerings_index
from maillage.alliances.links import services as links
from maillage.core import contributions, search
from maillage.core.models import AuditEntry
from tests.actors.ties.factories import a_tie, contact, speaker, two
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory(name="Alliance des Rivières")


@pytest.fixture
def pair(alliance):
    return two(alliance)


def sheet_of(actor):
    return reverse("actors_in:ties", args=[actor.alliance.slug, actor.uuid])


def as_speaker(client, actor):
    client.force_login(speaker(actor).user, backend=BACKEND)
    return client


def by_link(actor, person=None):
    person = person or contact(actor)
    token = links.make(person=person, purpose="ties", reference=f"actors.actor:{actor.uuid}")
    return reverse("actors:ties_by_link", args=[token])


def new(**values):
    typed = {"organisation": "La Navette", "kind": "project", "frequency": "monthly"} | values
    return {f"n0-{name}": value for name, value in typed.items()}


def text_of(response):
    return response.content.decode()


# The sheet


def test_a_member_adds_a_tie_from_its_sheet(client, pair):
    page = as_speaker(client, pair[0]).get(sheet_of(pair[0]))
    assert "Nos liens" in text_of(page)
    assert '<option value="La Navette">' in text_of(page)
    answer = client.post(sheet_of(pair[0]), new(since="2019", how="Un trajet."), follow=True)
    assert "Un lien est ajouté." in text_of(answer)
    tie = Tie.objects.get()
    assert (tie.since.isoformat(), tie.how, tie.told_by) == ("2019-01-01", "Un trajet.", pair[0])


def test_a_name_written_otherwise_offers_those_that_look_like_it(client, pair, alliance):
    ActorFactory(alliance=alliance, name="La Navette du Nord")
    as_speaker(client, pair[0])
    refused = client.post(sheet_of(pair[0]), new(organisation="navette", how="Mes mots gardés"))
    assert refused.status_code == 422
    assert "Mes mots gardés" in text_of(refused)
    assert str(pair[1].uuid) in text_of(refused)
    assert not Tie.objects.exists()
    chosen = {"n0-candidates": str(pair[1].uuid), "n0-chosen": str(pair[1].uuid)}
    client.post(sheet_of(pair[0]), new(organisation="navette") | chosen)
    assert Tie.objects.get().second == pair[1]


def test_a_name_nobody_has_gets_a_sentence(client, pair):
    refused = as_speaker(client, pair[0]).post(sheet_of(pair[0]), new(organisation="Zzz"))
    assert "Aucun acteur de l’alliance ne porte ce nom." in text_of(refused)


def test_a_former_spelling_is_understood(client, pair):
    actor_services.add_alias(pair[1], "Navette des Rangs inc.")
    as_speaker(client, pair[0]).post(sheet_of(pair[0]), new(organisation="navette des rangs INC."))
    assert Tie.objects.get().second == pair[1]


def test_everything_is_answered_at_once_or_nothing_is(client, pair, alliance):
    third = ActorFactory(alliance=alliance, name="Le Toit")
    waiting, held = a_tie(pair[1], pair[0]), a_tie(pair[0], third, kind="funding", answer="confirmed")
    said = {f"t-{waiting.uuid}": "yes", f"t-{held.uuid}": "end", f"e-{held.uuid}": "demain"}
    as_speaker(client, pair[0])
    refused = client.post(sheet_of(pair[0]), said | new(organisation="Le Toit", how="Ce que je dis"))
    assert refused.status_code == 422
    for words in ("Rien n’est encore enregistré", "demain", "Ce que je dis", "Écrivez le jour de la fin"):
        assert words in text_of(refused)
    assert list(Tie.objects.values_list("answer", "until").order_by("pk")) == [("waiting", None), ("confirmed", None)]
    done = client.post(sheet_of(pair[0]), said | {f"e-{held.uuid}": "2026-01-05"}, follow=True)
    assert "Un lien est confirmé. Un lien est terminé." in text_of(done)
    held.refresh_from_db()
    assert held.until.isoformat() == "2026-01-05"


def test_a_refusal_of_the_service_undoes_the_whole_sheet(client, pair, alliance):
    waiting = a_tie(pair[1], pair[0])
    as_speaker(client, pair[0])
    refused = client.post(sheet_of(pair[0]), {f"t-{waiting.uuid}": "yes"} | new(how="Un conflit avec eux"))
    assert "n’est pas gardé" in text_of(refused)
    assert Tie.objects.get().answer == "waiting"
    assert not AuditEntry.objects.filter(action="actors.tie_answered").exists()


def test_a_tie_ended_meanwhile_says_so(client, pair):
    tie = a_tie(pair[0], pair[1])
    as_speaker(client, pair[0])
    Tie.objects.update(until=timezone.localdate())
    refused = client.post(sheet_of(pair[0]), {f"t-{tie.uuid}": "keep"})
    assert "il ne change plus" in text_of(refused)


def test_a_tie_of_others_cannot_be_answered_from_one_s_sheet(client, pair, alliance):
    third = ActorFactory(alliance=alliance)
    tie = a_tie(pair[1], third)
    as_speaker(client, pair[0]).post(sheet_of(pair[0]), {f"t-{tie.uuid}": "end"})
    tie.refresh_from_db()
    assert tie.until is None


def test_one_sees_the_ties_that_the_other_declined_and_those_that_ended(client, pair, alliance):
    a_tie(pair[0], pair[1], answer="declined")
    a_tie(pair[0], ActorFactory(alliance=alliance, name="Ancien"), until=timezone.localdate())
    page = text_of(as_speaker(client, pair[0]).get(sheet_of(pair[0])))
    assert "L’autre ne le reconnaît pas" in page
    assert "Ancien" in page


def test_our_ties_leads_to_the_only_organisation_or_offers_the_choice(client, pair):
    address = reverse("actors_in:my_ties", args=[pair[0].alliance.slug])
    person = speaker(pair[0])
    client.force_login(person.user, backend=BACKEND)
    assert client.get(address)["Location"] == sheet_of(pair[0])
    Mandate.objects.create(actor=pair[1], person=person)
    assert sheet_of(pair[1]) in text_of(client.get(address))
    assert "Nos liens" in text_of(client.get(pair[0].alliance.get_absolute_url()))


def test_who_speaks_for_no_organisation_reads_why_and_is_led_to_the_network(client, alliance):
    page = text_of(signed_in(client, alliance, "member").get(reverse("actors_in:my_ties", args=[alliance.slug])))
    assert "Les liens sont déclarés par les organismes" in page
    assert reverse("concertation_in:network", args=[alliance.slug]) in page.split("<main")[1]


def test_the_agent_writes_for_an_actor_and_is_told_it_is_public(client, pair, alliance):
    page = text_of(signed_in(client, alliance).get(sheet_of(pair[0])))
    assert "Vous écrivez pour cet organisme" in page
    client.post(sheet_of(pair[0]), new())
    assert Tie.objects.get().source == "agent"


@pytest.mark.parametrize("kind", ["member", "observer", "evaluator", "elected", "treasurer", "accompanying"])
def test_who_does_not_speak_for_it_reads_and_cannot_write(client, pair, alliance, kind):
    signed_in(client, alliance, kind)
    assert "Ajouter un lien" not in text_of(client.get(sheet_of(pair[0])))
    assert client.post(sheet_of(pair[0]), new()).status_code == 403
    assert client.get(reverse("actors_in:profile", args=[alliance.slug, pair[0].uuid])).status_code == 403


def test_who_spoke_for_it_until_yesterday_writes_no_more(client, pair):
    person = speaker(pair[0])
    client.force_login(person.user, backend=BACKEND)
    Mandate.objects.update(until=timezone.localdate())
    assert client.post(sheet_of(pair[0]), new()).status_code == 403


# The personal link


def test_a_link_opens_the_sheet_without_an_account_and_get_changes_nothing(client, pair):
    tie = a_tie(pair[1], pair[0], how="Le mardi.")
    address = by_link(pair[0])
    page = client.get(address)
    assert "Le mardi." in text_of(page)
    assert "no-store" in page["Cache-Control"]
    tie.refresh_from_db()
    assert tie.answer == "waiting"
    client.post(address, {f"t-{tie.uuid}": "yes"} | new(kind="premises"))
    assert list(Tie.objects.order_by("pk").values_list("answer", "source")) == [
        ("confirmed", "member"), ("waiting", "link"),
    ]  # fmt: skip


def test_a_link_opens_nothing_once_it_ended_or_the_person_no_longer_speaks(client, pair, alliance):
    person = contact(pair[0])
    address = by_link(pair[0], person)
    Mandate.objects.filter(person=person).update(until=timezone.localdate())
    for response in (client.get(address), client.post(address, new())):
        assert response.status_code == 410
        assert "ne mène plus nulle part" in text_of(response)
    other = contact(pair[1])
    forged = links.make(person=other, purpose="ties", reference=f"actors.actor:{pair[0].uuid}")
    wrong = links.make(person=contact(pair[0]), purpose="calendar", reference=f"actors.actor:{pair[0].uuid}")
    for token in (forged, wrong, "x" * 43):
        assert client.get(reverse("actors:ties_by_link", args=[token])).status_code == 410
    assert not Tie.objects.exists()


def test_a_link_follows_a_merge(client, pair, alliance):
    from maillage.actors.merging import merge_actors

    address = by_link(pair[0])
    merge_actors(kept=pair[1], absorbed=pair[0], by=user_with(alliance))
    assert "La Navette" in text_of(client.get(address))


def test_a_link_works_where_the_pages_are_not_public(client):
    closed = AllianceFactory(is_public=False)
    actor, _other = two(closed)
    page = client.get(by_link(actor))
    assert page.status_code == 200
    assert f'href="/{closed.slug}/' not in text_of(page)


def test_the_other_side_is_told_that_a_tie_waits_for_it(client, pair):
    from maillage.alliances.notices.models import Notice, NoticeChoice

    person = speaker(pair[1], is_contact=True)
    person.email = "navette@exemple.test"
    person.save()
    contact(pair[1], "sans-compte@exemple.test")
    as_speaker(client, pair[0]).post(sheet_of(pair[0]), new())
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (person, "ties")
    assert notice.subject == "Le Garde-manger dit travailler avec La Navette"
    assert notice.url.endswith(sheet_of(pair[1]))
    NoticeChoice.objects.create(person=person, kind="ties", when="at-once")
    client.post(sheet_of(pair[0]), new(kind="premises"))
    assert "locaux partagés" in mail.outbox[0].body
    client.post(sheet_of(pair[0]), new(kind="premises"))
    assert len(mail.outbox) == 1


# The public list


def test_anyone_reads_which_organisations_work_together_never_their_words(client, pair, alliance):
    a_tie(pair[0], pair[1], how="Nos mots à nous.", frequency="weekly")
    for address in (sheet_of(pair[0]), pair[0].get_absolute_url()):
        page = text_of(client.get(address))
        assert "La Navette" in page
        assert "rojet commun" in page
        assert "pas encore confirmé" in page
        assert "Nos mots à nous." not in page
        assert "chaque semaine" not in page
    inside = text_of(signed_in(Client(), alliance, "member").get(sheet_of(pair[0])))
    assert "Nos mots à nous." in inside
    stranger = text_of(signed_in(Client(), AllianceFactory(), "agent").get(sheet_of(pair[0])))
    assert "Nos mots à nous." not in stranger


def test_a_declined_tie_and_an_actor_not_public_are_not_shown(client, pair, alliance):
    shelter = ActorFactory(alliance=alliance, name="La Clairière", is_public=False)
    a_tie(pair[0], shelter)
    a_tie(pair[0], pair[1], answer="declined")
    for address in (sheet_of(pair[0]), pair[0].get_absolute_url()):
        page = text_of(client.get(address))
        assert "Clairière" not in page
        assert "Navette" not in page
    assert client.get(sheet_of(shelter)).status_code == 404


def test_the_lists_ask_as_many_queries_for_one_tie_as_for_fifty(client, alliance, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one = ActorFactory(alliance=alliance)
    counts = []
    user = speaker(one).user
    for more in (1, 49):
        for _ in range(more):
            a_tie(one, ActorFactory(alliance=alliance))
        seen = []
        for reader in (None, user):
            browser = Client()
            if reader is not None:
                browser.force_login(reader, backend=BACKEND)
            for address in (sheet_of(one), one.get_absolute_url()):
                browser.get(address)
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    browser.get(address)
                seen.append(len(asked))
        counts.append(seen)
    assert counts[0] == counts[1]


# What is already there


@pytest.fixture
def brought(pair, alliance):
    rows = [
        Offering.objects.create(actor=pair[0], kind="premises", text="Un entrepôt réfrigéré"),
        Offering.objects.create(actor=pair[1], kind="time", text="Des chauffeuses bénévoles"),
        Offering.objects.create(actor=pair[1], kind="money", text="Un fonds interne", is_public=False),
    ]
    ActorField.objects.create(actor=pair[1], scheme="field", code="transport")
    offerings_index.put(pair)
    return rows


def listed(client, alliance, **query):
    return text_of(client.get(reverse("actors_in:offerings", args=[alliance.slug]), query))


def test_anyone_searches_what_is_already_there(client, alliance, brought):
    everything = listed(client, alliance)
    assert "Un entrepôt réfrigéré" in everything
    assert "Des chauffeuses bénévoles" in everything
    assert "Un fonds interne" not in everything
    for query, found in (
        ({"nature": "time"}, "chauffeuses"), ({"domaine": "transport"}, "chauffeuses"),
        ({"q": "refrigeres"}, "entrepôt"), ({"q": "navette"}, "chauffeuses"),
    ):  # fmt: skip
        page = listed(client, alliance, **query)
        assert found in page
        assert "1 apport" in page
    assert "Rien ne répond" in listed(client, alliance, q="piano")
    assert "2 apports" in listed(client, alliance, nature="zzz", domaine="zzz")


def test_members_also_see_what_is_for_members(client, alliance, brought):
    page = listed(signed_in(client, alliance, "member"), alliance, q="fonds")
    assert "Un fonds interne" in page
    assert "Membres seulement" in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_downloaded_with_its_filters(client, alliance, brought, form):
    address = reverse("actors_in:offerings_file", args=[alliance.slug, form])
    answer = client.get(address, {"nature": "time"})
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    if form == "csv":
        [_header, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert row[:3] == ["Des chauffeuses bénévoles", "temps de personnes", "La Navette"]
    assert client.get(reverse("actors_in:offerings_file", args=[alliance.slug, "pdf"])).status_code == 404


def test_the_directory_asks_as_many_queries_for_one_as_for_thirty(client, alliance, pair):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (1, 29):
        for number in range(more):
            Offering.objects.create(actor=ActorFactory(alliance=alliance), kind="time", text=f"Chose {number}")
        with CaptureQueriesContext(connection) as asked:
            listed(client, alliance)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_its_people_write_what_it_brings_and_nothing_typed_is_lost(client, pair, alliance):
    as_speaker(client, pair[0])
    address = reverse("actors_in:profile", args=[alliance.slug, pair[0].uuid])
    assert "Ce que nous apportons" in text_of(client.get(address))
    typed = {
        "mission": "Nourrir le monde.", "o0-kind": "premises", "o0-text": "Une cuisine", "o0-is_public": "on",
        "o1-kind": "time", "o1-text": "", "o2-kind": "zzz", "o2-text": "Gardé quand même",
    }  # fmt: skip
    refused = client.post(address, typed)
    assert refused.status_code == 422
    for words in ("Nourrir le monde.", "Une cuisine", "Gardé quand même"):
        assert words in text_of(refused)
    assert not Offering.objects.exists()
    client.post(address, typed | {"o2-kind": "time"})
    pair[0].refresh_from_db()
    assert pair[0].mission == "Nourrir le monde."
    assert list(pair[0].offerings.values_list("text", "is_public")) == [
        ("Une cuisine", True), ("Gardé quand même", False),
    ]  # fmt: skip
    assert "Une cuisine" in text_of(Client().get(pair[0].get_absolute_url()))


# Citizens' college


def test_a_college_stands_under_its_name_and_nothing_marks_who_is_poor(client, alliance):
    college = ActorFactory(alliance=alliance, name="Collège citoyen de Val-Cormier", type="citizens")
    person = PersonFactory(alliance=alliance, name="Rosalie Jobin", email="rosalie@exemple.test", phone="819 555-0199")
    Mandate.objects.create(actor=college, person=person, title="Personne en situation de pauvreté", is_contact=True)
    Offering.objects.create(actor=college, kind="experience", text="Le savoir d’expérience")
    a_tie(college, ActorFactory(alliance=alliance))
    search.rebuild()
    member = signed_in(Client(), alliance, "member")
    exported = [str(list(table.rows())) for table in contributions.exports.collect(alliance, None, alliance.today())]
    seen = [
        text_of(reader.get(address))
        for reader in (client, member)
        for address in (
            college.get_absolute_url(), sheet_of(college), reverse("actors_in:offerings", args=[alliance.slug]),
            reverse("actors_in:offerings_file", args=[alliance.slug, "csv"]),
            reverse("concertation_in:directory", args=[alliance.slug]),
        )
    ]  # fmt: skip
    assert "Collège citoyen de Val-Cormier" in seen[0]
    for words in ("Rosalie", "Jobin", "rosalie@", "555-0199", "Personne en situation de pauvreté"):
        assert not any(words in text for text in [*seen, *exported])
        assert search.find(words, include_private=True).total == 0
    fields = {field.name for model in (Actor, Mandate, Offering, Tie) for field in model._meta.get_fields()}
    assert not [name for name in fields if "poor" in name or "poverty" in name or "income" in name]


# Contact persons, territory


def test_the_agent_chooses_who_receives_what_is_sent(client, alliance, pair):
    person = PersonFactory(alliance=alliance, name="Odile Cantin")
    signed_in(client, alliance)
    client.post(
        reverse("actors_in:mandate_give", args=[alliance.slug, pair[0].uuid]),
        {"person": person.pk, "is_contact": "on"},
    )
    held = Mandate.objects.get()
    assert held.is_contact
    assert "Personne-contact" in text_of(client.get(pair[0].get_absolute_url()))
    assert "Odile" not in text_of(Client().get(pair[0].get_absolute_url()))
    address = reverse("actors_in:mandate_contact", args=[alliance.slug, pair[0].uuid, held.uuid])
    client.post(address, {"contact": "0"})
    held.refresh_from_db()
    assert not held.is_contact


def test_an_actor_has_a_territory_among_those_of_its_alliance(client, alliance, pair):
    from maillage.alliances.models import AllianceTerritory
    from maillage.territories.models import TerritoryMembership
    from tests.factories import TerritoryFactory

    mrc, town, far = TerritoryFactory(), TerritoryFactory(kind="municipality"), TerritoryFactory()
    AllianceTerritory.objects.create(alliance=alliance, territory=mrc)
    TerritoryMembership.objects.create(child=town, parent=mrc, source="Essai")
    signed_in(client, alliance)
    address = reverse("actors_in:actor_edit", args=[alliance.slug, pair[0].uuid])
    typed = {"name": "Le Garde-manger", "type": "community", "is_public": "on", "field": ["food"], "sector": ["social"],
             "scale": ["mrc"]}  # fmt: skip
    assert client.post(address, typed | {"territory": far.pk}).status_code == 200
    client.post(address, typed | {"territory": town.pk})
    pair[0].refresh_from_db()
    assert pair[0].territory == town
    assert {tag.code for tag in pair[0].tags.all()} == {"food", "social", "mrc"}
    assert town.name in text_of(client.get(pair[0].get_absolute_url()))
