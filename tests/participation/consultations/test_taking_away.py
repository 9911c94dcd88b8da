"""The archive the team takes away: each kind is in it, small numbers and anyone's own words are not."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.models import Role
from maillage.core.models import AuditEntry
from maillage.participation import kinds
from maillage.participation.consultations import taking_away
from maillage.participation.models import Batch, Consultation, Outreach, Quote, Statement
from maillage.participation.results import giving
from maillage.participation.vocabulary import Kind, Method
from tests.factories import AllianceFactory, signed_in, user_with
from tests.participation.ideas import makers as of_ideas
from tests.participation.makers import close
from tests.participation.opinions import makers as of_opinions
from tests.participation.questionnaires import makers as of_questions
from tests.participation.results import makers as of_priorities
from tests.participation.testimonies import makers as of_testimonies

pytestmark = pytest.mark.django_db
S = Consultation.State


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rives")


def taken(consultation) -> dict[str, str]:
    _name, data = taking_away.archive(
        consultation=consultation, by=user_with(consultation.alliance), now=timezone.now()
    )
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "nothing of an instant"
        return {name: book.read(name).decode("utf-8-sig") for name in book.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answers(files) -> dict[tuple[str, str], str]:
    return {(row["Ce qui était demandé"], row["Réponse"]): row["Nombre"] for row in rows(files["reponses.csv"])}


@pytest.mark.parametrize(
    ("method", "content", "label", "count"),
    [
        (Method.GRADES, "[6,5,0]", ("Se loger", "Essentiel"), "6"),
        (Method.APPROVAL, "[1]", ("Se loger", "l’ont choisi"), "6"),
        (Method.SCORE, "[5,0,null]", ("Se loger", "5"), "6"),
        (Method.RANKING, "[1,2,3]", ("Se loger", "l’ont mis en premier"), "6"),
    ],
)
def test_priorities_are_told_option_by_option(alliance, method, content, label, count):
    result = of_priorities.counted([content] * 6, method, of={"alliance": alliance})
    files = taken(result.step.consultation)
    assert answers(files)[label] == count
    assert [row["Nom"] for row in rows(files["choix.csv"])] == ["Se loger", "Manger", "Se déplacer"]
    assert any(name.startswith("publies/") for name in files), "published ballots, as everyone has them"


def test_under_the_threshold_nothing_of_the_answers_is_in_it(alliance):
    result = of_priorities.counted(["[6,5,0]"] * 4, of={"alliance": alliance})
    files = taken(result.step.consultation)
    assert "reponses.csv" not in files
    assert "participation.csv" not in files
    assert not any(name.startswith("publies/") for name in files)


def test_before_the_publication_no_ballot_is_in_it(alliance):
    result = of_priorities.counted(["[6,5,0]"] * 6, of={"alliance": alliance}, published=False)
    files = taken(result.step.consultation)
    assert "reponses.csv" in files
    assert not any(name.startswith("publies/") for name in files)


def test_a_small_channel_is_not_told_nor_given_back_by_the_total(alliance):
    step = of_priorities.step_of(of={"alliance": alliance})
    for _ in range(6):
        of_priorities.cast(step, "[6,5,0]")
    of_priorities.cast(step, "[1,1,1]", channel="helped")
    files = taken(of_priorities.close(step).step.consultation)
    assert [(row["Moyen"], row["Bulletins"]) for row in rows(files["participation.csv"])] == [("tout", "7")]


def test_a_questionnaire_gives_its_counts_and_no_text(alliance):
    step = of_questions.step_of(alliance=alliance)
    section = of_questions.section_of(step)
    choice = of_questions.question_of(section)
    text = of_questions.question_of(section, kind="text")
    for number in range(12):
        answer = {choice: "a" if number else "b", text: f"Je me nomme Personne {number}"}
        of_questions.cast(step, answer)
    files = taken(close(step).step.consultation)
    told = answers(files)
    assert told[choice.label, "Choix a"] == told[choice.label, "Choix b"] == "", "one person’s, and what gives it"
    assert [row["Question"] for row in rows(files["questions.csv"])] == [choice.label, text.label]
    assert "Je me nomme" not in json.dumps(files)


def test_statements_are_in_it_without_the_words_of_those_refused(alliance):
    step = of_opinions.step_of(3, alliance=alliance)
    Statement.objects.filter(step=step, number=3).update(
        state="refused", reason="person", text="Madame Untel est méchante.", added_by_participant=True
    )
    for _ in range(8):
        of_opinions.cast(step, {1: 1, 2: -1})
    files = taken(close(step).step.consultation)
    found = rows(files["enonces.csv"])
    assert [row["Énoncé"] for row in found] == ["Énoncé fictif numéro 1.", "Énoncé fictif numéro 2.", ""]
    assert found[2]["Raison"]
    assert answers(files)["Énoncé fictif numéro 1.", "d’accord"] == "8"
    assert "Untel" not in json.dumps(files)


def test_testimonies_give_their_codes_and_the_passages_shown_never_their_words(alliance):
    step = of_testimonies.step_of(alliance=alliance)
    told = [of_testimonies.tell(step, f"Le loyer prend tout, {n}.", may_quote=True)[0] for n in range(6)]
    of_testimonies.book_of(step)
    first, second = user_with(alliance), user_with(alliance)
    Quote.objects.create(testimony=told[0], text="Le loyer prend tout, 0.", chosen_by=first, agreed_by=second)
    Quote.objects.create(testimony=told[1], text="Le loyer prend tout, 1.", chosen_by=first)
    of_testimonies.close(step)
    files = taken(step.consultation)
    assert [row["Passage"] for row in rows(files["passages-de-temoignages.csv"])] == ["Le loyer prend tout, 0."]
    assert answers(files)["Témoignages", "personnes qui ont témoigné"] == "6"
    text = json.dumps(files)
    assert "prend tout, 2" not in text
    assert str(told[0].pk) not in text
    assert "carnet-de-codes.csv" in files


def test_paper_says_what_came_back_where_no_pile_is_of_few_people(alliance):
    step = of_priorities.step_of(of={"alliance": alliance})
    Batch.objects.create(step=step, number=1, printed=50, handed_out=40, returned=30, place="Bibliothèque")
    files = taken(step.consultation)
    assert rows(files["lots-papier.csv"])[0]["Revenues"] == "30"
    Batch.objects.create(step=step, number=2, printed=9, handed_out=9, returned=2, place="Refuge")
    assert {row["Revenues"] for row in rows(taken(step.consultation)["lots-papier.csv"])} == {""}


def test_outreach_is_in_it_as_the_public_reads_it(alliance):
    step = of_priorities.step_of(of={"alliance": alliance})
    today = alliance.today()
    Outreach.objects.create(
        consultation=step.consultation, who="Femmes hébergées", obstacle="La peur", reached=3, done_on=today
    )
    Outreach.objects.create(consultation=step.consultation, who="Personnes sans papiers", is_public=False)
    files = taken(step.consultation)
    [row] = rows(files["aller-vers-les-gens.csv"])
    assert row["Personnes rejointes"] == ""
    assert "La peur" not in json.dumps(files, ensure_ascii=False)
    assert "sans papiers" not in json.dumps(files, ensure_ascii=False)


def test_nothing_in_it_is_a_formula(alliance):
    step = of_priorities.step_of(of={"alliance": alliance, "title": "=HYPERLINK(0)"}, labels=("=1+1", "b"))
    files = taken(step.consultation)
    assert rows(files["choix.csv"])[0]["Nom"] == "'=1+1"
    assert "'=HYPERLINK" in files["consultation.csv"]


def test_the_team_alone_takes_it_and_the_log_says_so(client, alliance):
    found = of_priorities.step_of(of={"alliance": alliance}).consultation
    url = reverse("participation_in:consultation_export", args=["rives", found.uuid])
    for kind in (Role.Kind.MEMBER, Role.Kind.OBSERVER, Role.Kind.EVALUATOR):
        signed_in(client, alliance, kind)
        assert client.post(url).status_code == 403
        with pytest.raises(PermissionDenied):
            taking_away.archive(consultation=found, by=user_with(alliance, kind), now=timezone.now())
    signed_in(client, AllianceFactory())
    assert client.post(url).status_code == 403
    assert not AuditEntry.objects.filter(action="participation.consultation_exported").exists()
    signed_in(client, alliance)
    assert "choix.csv" in client.get(url).content.decode()
    got = client.post(url)
    assert got["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(got.content)).testzip() is None
    assert AuditEntry.objects.filter(action="participation.consultation_exported").count() == 1


@pytest.mark.parametrize("kind", [Kind.PRIORITIES, Kind.OPINIONS, Kind.QUESTIONNAIRE, Kind.TESTIMONIES])
def test_every_kind_tells_what_was_answered_as_plain_lines(kind):
    assert kinds.get(kind).table is not None


def test_ideas_are_counted_in_it_and_in_open_data_without_their_words(alliance):
    step = of_ideas.step_of(alliance=alliance)
    for title in ("Un taxi partagé", "Un autobus le soir"):
        of_ideas.shown(step, title)
    of_ideas.close(step)
    of_ideas.publish(step)
    files = taken(step.consultation)
    assert answers(files) == {("Idées", "idées apportées"): "2", ("Idées", "commentaires affichés"): "0"}
    assert "autobus" not in json.dumps(files), "their authors may take them back"
    exports = {export.name: export for export in giving.tables(alliance, None, of_ideas.NOW.date())}
    assert [row[-3:] for row in exports["answers"].rows()] == [
        ("Idées", "idées apportées", 2), ("Idées", "commentaires affichés", 0),
    ]  # fmt: skip
