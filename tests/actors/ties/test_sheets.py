"""Ties brought from a spreadsheet: understood, compared, written once, or set aside with a reason."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maillage.actors import services as actor_services
from maillage.actors.models import Tie, TieImport
from maillage.actors.ties import services, sheet_services
from maillage.actors.ties.sheet_plan import make_plan
from maillage.actors.ties.sheet_words import guess, read_frequency, read_kind
from maillage.alliances.acts.models import ActInName
from maillage.core import contributions
from tests.actors.ties.factories import NOW, TODAY, a_tie, speaker
from tests.core.test_tables import open_document
from tests.factories import ActorFactory, AllianceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db

HEADER = "Organisme;Autre organisme;Nature du lien;Fréquence;Depuis;Comment"
FILE = f"""{HEADER}
Le Garde-manger;La Navette des Rangs;Projet commun;chaque mois;2019;Un trajet
le garde-manger;Toit d'abord;financement;;2024-05-12;
La Navette;Toit d'abord;concertation;chaque semaine;;
Le Garde-manger;La Navette des Rangs;projet;;;
Le Garde-manger;Le Garde-manger;projet;;;
Le Garde-manger;Inconnue;projet;;;
Toit d'abord;Le Garde-manger;amour;;;
Toit d'abord;Le Garde-manger;locaux;bleu;;
Toit d'abord;Le Garde-manger;locaux;;hier;
Toit d'abord;Le Garde-manger;locaux;;2199;
Toit d'abord;Le Garde-manger;locaux;;;Un conflit
;Le Garde-manger;projet;;;
"""


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def actors(alliance):
    names = ("Le Garde-manger", "La Navette des Rangs", "Toit d’abord")
    return [ActorFactory(alliance=alliance, name=name) for name in names]


def brought(alliance, agent, text=FILE, name="liens.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return sheet_services.start(alliance=alliance, file=io.BytesIO(content), name=name, by=agent, today=TODAY, now=NOW)


def test_columns_and_words_are_recognised():
    assert guess(HEADER.split(";")) == {"actor": 0, "other": 1, "kind": 2, "frequency": 3, "since": 4, "how": 5}
    assert guess(["Nom", "Travaille avec", "Type"]) == {"actor": 0, "other": 1, "kind": 2}
    for text, code in (
        ("Projet commun", "project"), ("référence de personnes", "referral"), ("shared premises", "premises"),
        ("Un don annuel", "funding"), ("table de concertation", "concertation"), ("amour", ""),
    ):  # fmt: skip
        assert read_kind(text) == code
    for text, code in (("Chaque semaine", "weekly"), ("mensuel", "monthly"), ("rarement", "rarely"), ("?", "")):
        assert read_frequency(text) == code


def test_each_line_is_new_already_there_or_aside_with_its_number_and_reason(alliance, agent, actors):
    a_tie(actors[0], actors[2], kind="funding")
    run = brought(alliance, agent)
    plan = make_plan(run, TODAY)
    said = {line.number: (line.state, line.why) for line in plan.lines}
    assert said[2] == ("new", "")
    assert said[3] == ("same", "")
    reasons = {
        4: "« La Navette » n’est pas reconnu", 5: "ligne 2", 6: "lui-même", 7: "« Inconnue »",
        8: "Écrivez un de ces mots", 9: "La fréquence", 10: "La date « hier »", 11: "aujourd’hui au plus tard",
        12: "n’est pas gardé", 13: "Il manque le nom",
    }  # fmt: skip
    for number, words in reasons.items():
        assert said[number][0] == "aside"
        assert words in said[number][1].replace("\N{NO-BREAK SPACE}", " ")
    line = plan.lines[0]
    assert (line.frequency, line.since, line.how) == ("monthly", dt.date(2019, 1, 1), "Un trajet")


def test_a_name_close_to_an_actor_s_is_proposed_and_decided(alliance, agent, actors):
    run = brought(alliance, agent)
    [[proposed, _score, _why], *_rest] = run.proposals["la navette"]
    assert proposed == actors[1].pk
    run = sheet_services.choose(
        run=run, columns=run.columns, kind="", decisions={"la navette": actors[1].pk, "inconnue": 0}, by=agent,
        today=TODAY,
    )  # fmt: skip
    said = {line.number: (line.state, line.why) for line in make_plan(run, TODAY).lines}
    assert said[4] == ("new", "")
    assert "laissé" in said[7][1]


def test_other_spellings_are_known_without_asking(alliance, agent, actors):
    actor_services.add_alias(actors[1], "La Navette")
    run = brought(alliance, agent)
    assert "la navette" not in run.proposals
    assert make_plan(run, TODAY).lines[2].state == "new"


def test_the_file_is_written_once_and_the_same_again_changes_nothing(alliance, agent, actors):
    run = brought(alliance, agent)
    plan = sheet_services.apply(run=run, by=agent, today=TODAY, now=NOW)
    assert plan.counts() == {"new": 2, "same": 0, "aside": 10}
    before = list(Tie.objects.order_by("pk").values())
    assert {row["source"] for row in before} == {"import"}
    assert {row["answer"] for row in before} == {"waiting"}
    assert ActInName.objects.get().label == "2 liens venus d’un tableur"
    with pytest.raises(ValidationError, match="déjà inscrit"):
        sheet_services.apply(run=run, by=agent, today=TODAY, now=NOW)
    again = brought(alliance, agent)
    assert sheet_services.apply(run=again, by=agent, today=TODAY, now=NOW).counts()["new"] == 0
    assert list(Tie.objects.order_by("pk").values()) == before


def test_what_was_ended_is_not_opened_again_by_an_old_file(alliance, agent, actors):
    sheet_services.apply(run=brought(alliance, agent), by=agent, today=TODAY, now=NOW)
    Tie.objects.update(until=TODAY)
    again = sheet_services.apply(run=brought(alliance, agent), by=agent, today=TODAY, now=NOW)
    assert again.counts()["new"] == 0
    assert "terminé le 20\u00a0novembre 2026" in again.lines[0].why


def test_a_workbook_reads_the_same(alliance, agent, actors):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, line in enumerate(FILE.splitlines()):
        sheet.write_row(number, 0, line.split(";"))
    book.close()
    run = brought(alliance, agent, made.getvalue(), "liens.xlsx")
    assert make_plan(run, TODAY).counts() == {"new": 2, "same": 0, "aside": 10}


def test_one_word_may_stand_for_the_whole_file(alliance, agent, actors):
    run = brought(alliance, agent, "Organisme,Partenaire\nLe Garde-manger,Toit d’abord\n")
    with pytest.raises(ValidationError, match="un mot pour tout le fichier"):
        sheet_services.choose(run=run, columns=run.columns, kind="", decisions={}, by=agent, today=TODAY)
    run = sheet_services.choose(run=run, columns=run.columns, kind="premises", decisions={}, by=agent, today=TODAY)
    assert [line.kind for line in make_plan(run, TODAY).lines] == ["premises"]


def test_choices_that_cannot_be_are_refused(alliance, agent, actors):
    run = brought(alliance, agent)
    for columns, decisions, words in (
        ({"actor": 0, "other": 0, "kind": 2}, {}, "deux fois"), ({"actor": 0, "other": 44, "kind": 2}, {}, "pas dans"),
        ({"actor": 0, "kind": 2}, {}, "deux organismes"), (run.columns, {"inconnue": ActorFactory().pk}, "répertoire"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=words):
            sheet_services.choose(run=run, columns=columns, kind="", decisions=decisions, by=agent, today=TODAY)


def test_only_who_steers_brings_ties(alliance, agent, actors):
    run = brought(alliance, agent)
    for user in (user_with(alliance, "member"), speaker(actors[0]).user, user_with(AllianceFactory()), None):
        for act in (
            lambda by: brought(alliance, by),
            lambda by: sheet_services.choose(run=run, columns={}, kind="", decisions={}, by=by, today=TODAY),
            lambda by: sheet_services.apply(run=run, by=by, today=TODAY, now=NOW),
            lambda by: sheet_services.discard(run=run, by=by, now=NOW),
        ):
            with pytest.raises(PermissionDenied):
                act(user)


def test_the_lines_of_a_file_are_not_kept_for_ever(alliance, agent, actors):
    run = brought(alliance, agent)
    [declared] = [row for row in contributions.personal_data if row.room == "actors.ties"]
    assert declared.purge(TODAY) == 0
    assert declared.purge(TODAY + dt.timedelta(days=91)) == 1
    run.refresh_from_db()
    assert run.rows == []


def test_from_the_file_to_the_ties_by_the_pages(client, alliance, actors):
    signed_in(client, alliance)
    address = reverse("actors_in:tie_imports", args=[alliance.slug])
    refused = client.post(address, {"file": SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)})
    assert refused.status_code == 422
    client.post(address, {"file": SimpleUploadedFile("liens.csv", FILE.encode())})
    run = TieImport.objects.get()
    page = reverse("actors_in:tie_import", args=[alliance.slug, run.uuid])
    text = client.get(page).content.decode()
    assert "Noms à reconnaître" in text
    assert "Il manque le nom" in client.get(page, {"etat": "aside"}).content.decode()
    place = sorted(run.proposals).index("la navette")
    columns = {role: str(index) for role, index in run.columns.items()}
    wrong = client.post(page, columns | {"other": columns["actor"], f"nom-{place}": str(actors[1].pk)})
    assert wrong.status_code == 422
    assert f'value="{actors[1].pk}" checked' in wrong.content.decode()
    client.post(page, columns | {f"nom-{place}": str(actors[1].pk)})
    done = client.post(reverse("actors_in:tie_import_write", args=[alliance.slug, run.uuid]), follow=True)
    assert "3 liens sont inscrits." in done.content.decode()
    assert Tie.objects.count() == 3


def test_a_file_set_aside_writes_nothing(client, alliance, agent, actors):
    run = brought(alliance, agent)
    signed_in(client, alliance)
    client.post(reverse("actors_in:tie_import_discard", args=[alliance.slug, run.uuid]))
    run.refresh_from_db()
    assert (run.state, run.rows) == ("discarded", [])
    assert not Tie.objects.exists()


def test_a_spreadsheet_of_libreoffice_reads_the_same(alliance, agent, actors):
    run = brought(alliance, agent, open_document([line.split(";") for line in FILE.splitlines()]), "liens.ods")
    plan = make_plan(run, TODAY)
    assert plan.counts() == {"new": 2, "same": 0, "aside": 10}
    assert plan.lines[0].how == "Un trajet"


@pytest.fixture
def written(alliance, agent, actors):
    run = brought(alliance, agent)
    sheet_services.apply(run=run, by=agent, today=TODAY, now=NOW)
    run.refresh_from_db()
    run.alliance = alliance
    return run


def test_a_whole_file_is_taken_back_and_nothing_else(alliance, agent, actors, written):
    other = a_tie(actors[1], actors[0], kind="premises")
    assert len(written.made) == 2
    assert sheet_services.undo(run=written, by=agent, now=NOW) == 2
    assert list(Tie.objects.all()) == [other]
    written.refresh_from_db()
    assert written.state == "undone"
    assert "2 liens venus d’un tableur, retirés" in ActInName.objects.values_list("label", flat=True)
    with pytest.raises(ValidationError, match="Seul un fichier inscrit"):
        sheet_services.undo(run=written, by=agent, now=NOW)
    # The same file may be brought again.
    again = brought(alliance, agent)
    assert sheet_services.apply(run=again, by=agent, today=TODAY, now=NOW).counts()["new"] == 2


@pytest.mark.parametrize("act", ["answered", "ended", "checked"])
def test_a_file_whose_tie_was_used_since_is_not_taken_back(alliance, agent, actors, written, act):
    tie = Tie.objects.get(kind="project")
    other = tie.second if tie.told_by_id == tie.first_id else tie.first
    if act == "answered":
        services.answer_tie(tie=tie, actor=other, recognised=True, by=speaker(other).user, now=NOW, today=TODAY)
    elif act == "ended":
        services.end_tie(tie=tie, actor=tie.told_by, on=TODAY, by=agent, today=TODAY)
    else:
        day = TODAY + dt.timedelta(days=1)
        services.check_tie(tie=tie, actor=tie.told_by, by=agent, today=day)
    with pytest.raises(ValidationError, match="a servi depuis"):
        sheet_services.undo(run=written, by=agent, now=NOW)
    assert Tie.objects.count() == 2
    assert sheet_services.held_by(written) == [tie]


def test_a_file_that_is_not_written_is_not_undone_nor_by_anyone_else(alliance, agent, actors, written):
    with pytest.raises(ValidationError):
        sheet_services.undo(run=brought(alliance, agent), by=agent, now=NOW)
    for user in (user_with(alliance, "member"), user_with(AllianceFactory()), None):
        with pytest.raises(PermissionDenied):
            sheet_services.undo(run=written, by=user, now=NOW)


def test_undoing_by_the_pages(client, alliance, actors, written):
    signed_in(client, alliance)
    page = reverse("actors_in:tie_import", args=[alliance.slug, written.uuid])
    undo = reverse("actors_in:tie_import_undo", args=[alliance.slug, written.uuid])
    assert undo in client.get(page).content.decode()
    assert "2 liens viennent de liens.csv." in client.get(undo).content.decode()
    assert Tie.objects.count() == 2
    done = client.post(undo, follow=True).content.decode()
    assert "2 liens sont retirés." in done
    assert undo not in done
    assert not Tie.objects.exists()
    assert client.get(undo)["Location"] == page


def test_the_page_says_which_tie_holds_the_file(client, alliance, actors, written):
    signed_in(client, alliance)
    Tie.objects.filter(kind="project").update(answer="confirmed")
    undo = reverse("actors_in:tie_import_undo", args=[alliance.slug, written.uuid])
    text = client.get(undo).content.decode()
    assert "ne peut plus être annulé" in text
    assert "La Navette des Rangs" in text
    assert "Retirer ce fichier" not in text
