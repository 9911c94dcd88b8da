"""The import as a person walks it: upload, columns, categories, duplicates, preview, result. No JavaScript."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from maillage.actors.models import Actor
from maillage.concertation.imports import services
from maillage.concertation.imports.forms import TypesForm
from maillage.concertation.imports.models import ImportRun
from maillage.core import documents, jobs
from maillage.core.models import Document
from maillage.methods.differences import differences
from tests.concertation.test_imports import ROWS, begin, bring, listing
from tests.factories import ActorFactory, AllianceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    return AllianceFactory(slug="deux-rivieres")


@pytest.fixture
def agent(client, alliance):
    user = user_with(alliance)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def address(name, alliance, *args):
    return reverse(f"concertation_in:{name}", args=[alliance.slug, *args])


def send(client, alliance, data: bytes, name="membres.csv"):
    return client.post(address("imports", alliance), {"file": SimpleUploadedFile(name, data)})


def test_the_whole_way(client, alliance, agent):
    answer = send(client, alliance, listing().read())
    run = ImportRun.objects.get()
    assert answer.url == address("import_columns", alliance, run.uuid)
    page = client.get(answer.url)
    assert "Organisme" in page.content.decode()
    answer = client.post(answer.url, {"actor": "1", "space": "0", "category": "2"})
    assert answer.url == address("import_types", alliance, run.uuid)
    page = client.get(answer.url)
    names = {name: key for key, name in page.context["form"].names.items()}
    assert "Municipal" in page.content.decode()
    answer = client.post(
        answer.url, {names["Organismes communautaires"]: "community", names["Municipal"]: "municipality"}
    )
    assert answer.url == address("import_proposals", alliance, run.uuid)
    assert "Maison du Ruisseau" in re.sub("</?mark>", "", client.get(answer.url).content.decode())
    answer = client.post(answer.url, {"p1": "left"})
    assert answer.url == address("import_preview", alliance, run.uuid)
    page = client.get(answer.url).content.decode()
    assert "Aucun nom d’organisme" in page
    assert not Actor.objects.exists()
    answer = client.post(address("import_apply", alliance, run.uuid))
    assert answer.url.startswith("/taches/")
    jobs.run_waiting()
    page = client.get(address("import_run", alliance, run.uuid)).content.decode()
    assert "La liste est importée" in page
    assert Actor.objects.count() == 2
    answer = client.post(address("import_undo", alliance, run.uuid), follow=True)
    assert "le registre est comme avant" in answer.content.decode()
    assert not Actor.objects.exists()


def test_a_bad_file_is_answered_where_it_was_chosen(client, alliance, agent):
    answer = send(client, alliance, b"\x89PNG\r\n\x1a\n0000", "membres.csv")
    assert answer.status_code == 422
    assert "Ce fichier est une image" in answer.content.decode()
    assert not Document.objects.exists()


def test_in_english_the_sentence_is_english(client, alliance, agent):
    answer = client.post(f"/en{address('imports', alliance)}", {"file": SimpleUploadedFile("a.csv", b"%PDF-1.7")})
    assert "This file is a PDF document." in answer.content.decode()


def test_a_column_chosen_twice_keeps_what_was_chosen(client, alliance, agent):
    send(client, alliance, listing().read())
    run = ImportRun.objects.get()
    answer = client.post(address("import_columns", alliance, run.uuid), {"actor": "1", "space": "1", "category": "2"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "est choisie deux fois" in page
    assert '<option value="2" selected>' in page


def test_another_line_and_another_sheet(client, alliance, agent):
    send(client, alliance, b"a,b,c\n" + listing().read())
    run = ImportRun.objects.get()
    client.post(address("import_place", alliance, run.uuid), {"header_line": "2"})
    run.refresh_from_db()
    assert (run.header_line, run.columns["actor"]) == (2, 1)
    answer = client.post(address("import_place", alliance, run.uuid), {"header_line": "99"}, follow=True)
    assert "Choisissez une autre ligne" in answer.content.decode()


def test_categories_answered_after_the_import_was_done_say_so(client, alliance, agent, monkeypatch):
    """Two people on the same list: one imports while the other still answers."""
    run = begin(alliance, agent)
    answers = dict.fromkeys(TypesForm(categories=run.categories, chosen={}).names, "community")
    choose = services.choose_types

    def late(**given):
        services.apply_run(run=run, by=agent)
        return choose(**given)

    monkeypatch.setattr(services, "choose_types", late)
    answer = client.post(address("import_types", alliance, run.uuid), answers, follow=True)
    assert answer.status_code == 200
    assert "Cette importation est déjà faite." in answer.content.decode()


def test_obvious_pairs_are_accepted_together(client, alliance, agent):
    run = begin(alliance, agent)
    answer = client.post(address("import_trivial", alliance, run.uuid), follow=True)
    assert "1 paire acceptée" in answer.content.decode()


def test_lines_set_aside_are_downloaded_and_harmless(client, alliance, agent):
    rows = ["T,=cmd|x,Membre,bientôt", "=T,,,"]
    run = begin(alliance, agent, listing("T,Bon,Membre,", *rows, header="Table,Organisme,Catégorie,Depuis"))
    body = client.get(address("import_rejected", alliance, run.uuid)).content.decode("utf-8-sig")
    assert body.splitlines()[0] == "Ligne;Raison;Ce qui y était"
    assert body.splitlines()[2].startswith("4;Aucun nom")
    assert ";'=T" in body


def test_a_long_list_is_read_by_a_task(client, alliance, agent, monkeypatch):
    monkeypatch.setattr("maillage.concertation.imports.views.LONG", 2)
    send(client, alliance, listing().read())
    run = ImportRun.objects.get()
    answer = client.post(address("import_columns", alliance, run.uuid), {"actor": "1", "space": "0"})
    assert answer.url.startswith("/taches/")
    jobs.run_waiting()
    run.refresh_from_db()
    assert run.state == ImportRun.State.READY


def test_a_task_whose_file_is_gone_says_so(client, alliance, agent):
    run = begin(alliance, agent)
    documents.purge(timezone.now() + dt.timedelta(days=8))
    client.post(address("import_apply", alliance, run.uuid))
    jobs.run_waiting()
    assert "n’est plus gardé" in client.get(f"/taches/{ImportRun.objects.get().job}/").content.decode()
    assert not Actor.objects.exists()


def test_giving_up_deletes_the_file(client, alliance, agent):
    run = begin(alliance, agent)
    client.post(address("import_discard", alliance, run.uuid))
    assert not ImportRun.objects.exists()
    assert not Document.objects.exists()


def test_the_file_is_private(client, alliance, agent):
    run = begin(alliance, agent)
    url = run.document.get_absolute_url()
    answer = client.get(url)
    assert b"".join(answer.streaming_content).startswith(b"Table,")
    for intruder in (signed_in(client, alliance, "member"), signed_in(client, AllianceFactory())):
        assert intruder.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("name", ["imports", "import_run", "import_columns", "import_types", "import_proposals",
                                  "import_preview", "import_rejected"])  # fmt: skip
def test_pages_refuse_those_who_do_not_steer(client, alliance, agent, name):
    run = begin(alliance, agent)
    args = () if name == "imports" else (run.uuid,)
    url = address(name, alliance, *args)
    assert client.get(url, follow=True).status_code == 200
    for kind in ("member", "observer", "treasurer"):
        assert signed_in(client, alliance, kind).get(url).status_code == 403
    assert signed_in(client, AllianceFactory()).get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_a_run_of_another_alliance_is_not_found_here(client, alliance, agent):
    other = AllianceFactory()
    run = begin(other, user_with(other))
    assert client.get(address("import_run", alliance, run.uuid)).status_code == 404


@pytest.mark.parametrize("rows", [2, 60])
def test_pages_run_as_many_queries_for_few_as_for_many(client, alliance, agent, rows, django_assert_max_num_queries):
    lines = [f"Table {n % 7},Nom {n} de la Rivière,Catégorie {n}" for n in range(rows)]
    lines += [f"Table {n % 7},NOM {n} DE LA RIVIÈRE,Catégorie {n}" for n in range(rows)]
    run = begin(alliance, agent, listing(*lines))
    for name in ("import_columns", "import_types", "import_proposals", "import_preview"):
        with django_assert_max_num_queries(20):
            assert client.get(address(name, alliance, run.uuid)).status_code == 200
    services.apply_run(run=run, by=agent)
    for url in (address("imports", alliance), address("import_run", alliance, run.uuid),
                reverse("actors_in:duplicates", args=[alliance.slug])):  # fmt: skip
        with django_assert_max_num_queries(20):
            assert client.get(url).status_code == 200


def test_duplicates_are_merged_refused_and_undone_from_their_page(client, alliance, agent):
    bring(alliance, agent, listing(*ROWS[:3], "Table du Nord,La Passerelle,", "Table du Sud,Passerelle inc.,"))
    url = reverse("actors_in:duplicates", args=[alliance.slug])
    page = client.get(url).content.decode()
    assert "2 paires d’acteurs se ressemblent" in page
    first, second = Actor.objects.filter(name__istartswith="maison").order_by("pk")
    answer = reverse("actors_in:duplicates_answer", args=[alliance.slug])
    client.post(answer, {"first": first.uuid, "second": second.uuid, "answer": "first"})
    second.refresh_from_db()
    assert second.merged_into_id == first.pk
    one, other = Actor.objects.filter(name__contains="Passerelle")
    client.post(answer, {"first": one.uuid, "second": other.uuid, "answer": "different"})
    assert "Aucune paire" in client.get(url).content.decode()
    client.post(reverse("actors_in:duplicates_seek", args=[alliance.slug]))
    jobs.run_waiting()
    assert "Aucune paire" in client.get(url).content.decode()
    merges = reverse("actors_in:merges", args=[alliance.slug])
    assert "Maison du ruisseau" in client.get(merges).content.decode()
    made = second.merges_absorbed.get()
    client.post(reverse("actors_in:merge_undo", args=[alliance.slug, made.uuid]))
    second.refresh_from_db()
    assert second.merged_into_id is None


def test_merging_by_hand(client, alliance, agent):
    first, second = (ActorFactory(alliance=alliance, name=name) for name in ("La Passerelle", "Atelier du pont"))
    url = reverse("actors_in:compare", args=[alliance.slug, first.uuid])
    assert client.get(url).status_code == 200
    assert "Atelier du pont" in client.get(url, {"q": "atelier"}).content.decode()
    assert "Aucun acteur" in client.get(url, {"q": "introuvable"}).content.decode()
    assert "Fusionner, garder" in client.get(url, {"avec": second.uuid}).content.decode()
    assert client.get(url, {"avec": "n'importe quoi"}).status_code == 404
    stranger = ActorFactory()
    assert client.get(url, {"avec": stranger.uuid}).status_code == 404


def test_the_words_that_differ_are_told_apart():
    ours, theirs = differences("Maison des jeunes  du Pont", "Maison de jeunes du Pont")
    assert [text for text, differs in ours if differs] == ["des", "  "]
    assert [text for text, differs in theirs if differs] == ["de", " "]
    assert "".join(text for text, _ in ours) == "Maison des jeunes  du Pont"
