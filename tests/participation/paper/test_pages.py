"""The pages of paper, as the team uses them, and the files that are printed."""

from __future__ import annotations

import subprocess

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.alliances.models import Role
from maillage.participation.models import Batch, Consultation, ConsultationLanguage, KeyedSheet, Question, Wording
from maillage.participation.paper import contributions, sheets
from maillage.participation.vocabulary import Method
from tests.factories import user_with
from tests.participation.factories import NOW, ConsultationFactory
from tests.participation.paper.makers import batch_of, key, keyed_twice
from tests.participation.questionnaires import makers as questionnaires
from tests.participation.results.makers import step_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Desk:
    """A client signed in as the agent, a batch of three sheets."""

    def __init__(self, client, **values):
        self.client = client
        self.step = step_of(**values)
        self.consultation = self.step.consultation
        self.alliance = self.consultation.alliance
        self.agent, self.other = user_with(self.alliance), user_with(self.alliance)
        self.batch = batch_of(self.step, printed=5, handed_out=4, returned=3)
        client.force_login(self.agent, backend=BACKEND)

    def url(self, page="", batch=True):
        base = f"/{self.alliance.slug}/consultations/{self.consultation.uuid}/preparer/papier/"
        return f"{base}{self.batch.uuid}/{page}" if batch else f"{base}{page}"

    def get(self, page="", batch=True):
        response = self.client.get(self.url(page, batch))
        assert response.status_code == 200
        return response.content.decode()

    def key(self, line, at, **more):
        return self.client.post(self.url("saisir/"), {"prochaine": at, "ligne": line, **more})


@pytest.fixture
def desk(client):
    return Desk(client)


def test_a_batch_is_prepared_counted_and_its_counts_are_told(desk):
    made = desk.client.post(desk.url(batch=False), {"step": desk.step.pk, "printed": "40", "place": "Bibliothèque"})
    assert made.status_code == 302
    assert Batch.objects.get(number=2).printed == 40
    assert "Bibliothèque" in desk.get(batch=False)
    refused = desk.client.post(desk.url(), {"handed_out": "4", "returned": "9"})
    assert refused.status_code == 422
    assert 'value="9"' in refused.content.decode(), "what was typed is still there"
    page = desk.get()
    assert "1 feuille imprimée n’a pas été remise" in page
    assert "1 feuille remise n’est pas revenue" in page


def test_keying_without_a_script_and_the_second_never_sees_the_first(desk):
    assert desk.key("650", 1).status_code == 302
    refused = desk.key("67", 2)
    assert refused.status_code == 422
    assert 'value="67"' in refused.content.decode()
    assert "autofocus" in refused.content.decode()
    desk.client.post(desk.url("saisir/"), {"prochaine": "2", "lignes": "651\n\n116"})
    assert KeyedSheet.objects.count() == 3
    assert "<code>651</code>" in desk.get("saisir/")
    desk.client.force_login(desk.other, backend=BACKEND)
    page = desk.get("saisir/")
    assert "651" not in page
    assert "décide de services" in page
    assert "651" not in desk.get() + desk.get("comparer/")


def test_ten_lines_at_once_keep_what_follows_the_one_that_is_refused(desk):
    refused = desk.client.post(desk.url("saisir/"), {"prochaine": "1", "lignes": "650\n99\n116"})
    assert refused.status_code == 422
    assert "99\n116</textarea>" in refused.content.decode()
    assert KeyedSheet.objects.count() == 1


def test_a_sheet_is_corrected_from_the_list(desk):
    desk.key("650", 1)
    assert 'value="650"' in desk.get("saisir/?corriger=1")
    desk.client.post(desk.url("saisir/"), {"acte": "corriger", "feuille": "1", "ligne": "116"})
    assert KeyedSheet.objects.get().typed == "116"
    kept = desk.client.post(desk.url("saisir/"), {"acte": "corriger", "feuille": "1", "ligne": "9"})
    assert kept.status_code == 422
    assert 'value="9"' in kept.content.decode()


def test_the_script_is_answered_in_a_few_words(desk):
    said = desk.client.post(
        desk.url("saisir/"), {"prochaine": "1", "ligne": "6 5 0"}, headers={"accept": "application/json"}
    )
    assert said.json() == {"error": "", "next": 2, "last": {"line": 1, "typed": "6 5 0"}}
    said = desk.client.post(
        desk.url("saisir/"), {"prochaine": "2", "ligne": "9"}, headers={"accept": "application/json"}
    )
    assert said.status_code == 422
    assert said.json()["error"]


def test_from_two_readings_to_a_batch_that_counts(desk):
    keyed_twice(desk.batch, desk.agent, desk.other, ["650", "651", "116"], ["650", "151", "116"])
    page = desk.get("comparer/")
    assert "1. Se loger" in page, "where they differ"
    desk.client.post(desk.url("comparer/"), {"acte": "proposer", "feuille": "2", "choix": "1"})
    desk.client.force_login(desk.other, backend=BACKEND)
    desk.client.post(desk.url("comparer/"), {"acte": "confirmer", "feuille": "2", "lu": "651"})
    desk.client.post(desk.url("comparer/"), {"acte": "accepter"})
    desk.batch.refresh_from_db()
    assert (desk.batch.state, desk.batch.counted) == ("accepted", 3)


def test_voiding_asks_why_then_a_second_person(desk):
    assert desk.client.post(desk.url("annuler/"), {"acte": "demander", "why": ""}).status_code == 422
    desk.client.post(desk.url("annuler/"), {"acte": "demander", "why": "Boîte ouverte."})
    desk.client.post(desk.url("annuler/"), {"acte": "confirmer"})
    desk.batch.refresh_from_db()
    assert desk.batch.state == "out", "not by whoever asked"
    desk.client.force_login(desk.other, backend=BACKEND)
    desk.client.post(desk.url("annuler/"), {"acte": "confirmer"})
    assert "Boîte ouverte." in desk.get()
    assert desk.client.get(desk.url("bulletins/")).status_code == 302, "a voided batch is no longer printed"


def test_what_waits_for_each(desk):
    def titles(user):
        return [todo.title for todo in contributions.to_key(desk.alliance, user, NOW.date())]

    assert titles(desk.agent) == ["Lot 1 à saisir"]
    key(desk.batch, desk.agent, "650")
    assert titles(desk.agent) == ["Lot 1\N{NO-BREAK SPACE}: saisie à finir"]
    assert titles(desk.other) == ["Lot 1 à saisir une deuxième fois"]
    assert titles(user_with(desk.alliance, Role.Kind.MEMBER)) == []


def test_the_square_code_opens_the_batch_for_the_team_and_the_consultation_for_others(desk, client):
    url = f"/{desk.alliance.slug}/consultations/{desk.consultation.uuid}/lot/1/"
    assert client.get(url).url == desk.url()
    client.logout()
    assert client.get(url).url == desk.consultation.get_absolute_url()


def test_as_many_queries_for_one_batch_as_for_many(desk):
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(batch=False)
    for number in range(2, 20):
        batch_of(desk.step, number=number)
    with CaptureQueriesContext(connection) as many:
        desk.get(batch=False)
    assert len(one) == len(many)


@pytest.mark.parametrize("who", ["member", "observer", "evaluator", "nobody", "stranger"])
@pytest.mark.parametrize("state", ["draft", "open", "closed", "published"])
def test_no_page_of_paper_for_others(desk, client, who, state):
    Consultation.objects.update(state=state)
    client.logout()
    if who != "nobody":
        alliance = ConsultationFactory().alliance if who == "stranger" else desk.alliance
        client.force_login(user_with(alliance, "agent" if who == "stranger" else who), backend=BACKEND)
    for page in ("", "saisir/", "comparer/", "annuler/", "bulletins/"):
        for answer in (client.get(desk.url(page)), client.post(desk.url(page), {"prochaine": "1", "ligne": "650"})):
            assert answer.status_code in {302, 403, 404, 405}
            if answer.status_code == 302:
                assert "/connexion/" in answer.url or "login" in answer.url
    assert not KeyedSheet.objects.exists()


# What is printed


def text_of(data: bytes, tmp_path) -> tuple[str, int]:
    """Its words and number of pages."""
    path = tmp_path / "bulletin.pdf"
    path.write_bytes(data)
    try:
        words = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        pytest.skip("pdftotext was not found. On Debian: apt install poppler-utils.")
    return words, words.count("\f")


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("each", [1, 2, 4])
def test_a_ballot_of_each_method_is_printed(method, each, tmp_path):
    step = step_of(method, costs=(1000, 2000, 3000) if method == "budget" else ())
    batch = batch_of(step, number=7)
    data = sheets.ballots(step, batch, sheets.Printing(each=each), today=NOW.date())
    words, pages = text_of(data, tmp_path)
    assert pages == 1
    assert words.count("3. Se déplacer") == each
    assert "Lot 7" in words
    assert "anonyme" in words
    if method == "grades":
        line = next(line for line in words.splitlines() if "Essentiel" in line)
        assert line.index("Essentiel") < line.rindex("Pas") if "Pas" in line else True


def test_large_print_a4_and_two_files_of_a_batch_are_the_same(tmp_path):
    step = step_of(labels=[f"Choix fictif {n}" for n in range(12)])
    batch = batch_of(step)
    one, two = (
        sheets.ballots(step, batch, sheets.Printing(paper="a4", large=True, each=4), today=NOW.date()) for _n in "ab"
    )
    assert one == two, "nothing tells one sheet from another"
    _words, pages = text_of(one, tmp_path)
    assert pages > 1


def test_another_language_from_right_to_left_and_a_proof(tmp_path):
    step = step_of()
    ConsultationLanguage.objects.create(consultation=step.consultation, code="ar", name="العربية", right_to_left=True)
    Wording.objects.create(
        consultation=step.consultation, language="ar", key=f"option:{step.options.first().uuid}:label", text="السكن"
    )
    data = sheets.ballots(step, None, sheets.Printing(language="ar"), today=NOW.date())
    words, _pages = text_of(data, tmp_path)
    assert "Épreuve" in words
    assert "Manger" in words, "what is not translated stays in the first language"


def test_a_questionnaire_is_printed_with_the_numbers_that_key_its_choices(tmp_path):
    section = questionnaires.section_of(questionnaires.step_of())
    questionnaires.question_of(section, label="Où habitez-vous?")
    questionnaires.question_of(section, kind=Question.Kind.TEXT, label="Que manque-t-il?")
    words, _pages = text_of(
        sheets.ballots(section.step, batch_of(section.step), sheets.Printing(), today=NOW.date()), tmp_path
    )
    assert "1. Où habitez-vous?" in words
    assert "2. Que manque-t-il?" in words
    assert " 1. " in words
