"""The page of results: what it says, to whom, and when."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from maillage.participation.models import Consultation
from maillage.participation.results import charts, showing
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Access, Method
from tests.participation.factories import NOW
from tests.participation.results.makers import cast, close, counted, step_of

pytestmark = pytest.mark.django_db


def address(result) -> str:
    consultation = result.step.consultation
    return reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid])


def page(client, result, status=200) -> str:
    answer = client.get(address(result))
    assert answer.status_code == status
    return answer.content.decode()


def test_what_was_chosen_is_said_first_in_words(client):
    text = page(client, counted([[6, 5, 2]] * 6 + [[6, 3, 1]] * 2))
    assert "«\N{NO-BREAK SPACE}Se loger\N{NO-BREAK SPACE}» passe en premier." in text
    assert not re.search(r"«\s«", text)
    assert text.index("panel-deep") < text.index('class="merit"')
    assert "maillage tally bulletins-1.csv --rule majority-judgment" in re.sub(r"</?span>", "", text)


def test_nothing_is_shown_to_the_public_before_the_publication(client):
    result = counted([[6, 5, 2]] * 8, published=False)
    text = page(client, result, status=403)
    assert "Se loger" not in text
    assert client.get(result.file.get_absolute_url()).status_code == 302


def test_the_published_files_are_for_anyone(client):
    result = counted([[6, 5, 2]] * 8)
    for document in (result.file, result.receipts_file):
        answer = client.get(document.get_absolute_url())
        assert answer.status_code == 200
        # Read to its end: closed by hand, it would close the connection of the test with it.
        assert b"".join(answer.streaming_content)


def test_one_voter_is_shown_to_nobody(client):
    result = counted([[6, 5, 2]])
    assert result.data == {}
    assert result.who == {}
    assert result.file is None
    assert result.withheld
    assert 'class="merit"' not in page(client, result)


def test_all_blank_is_said(client):
    result = counted([[0, 0, 0]] * 6)
    text = page(client, result)
    assert 'class="merit"' not in text


def test_everyone_equal_stays_equal(client):
    result = counted([[4, 4, 4]] * 6)
    assert result.data["order"] == [[1, 2, 3]]
    page(client, result)


def test_a_withdrawn_option_is_left_out_and_said(client):
    step = step_of()
    for _ballot in range(6):
        cast(step, [6, 5, 2])
    first = step.options.first()
    first.withdrawn_at, first.withdrawn_why = step.consultation.opens_at, "Réglé entre-temps."
    first.save()
    result = close(step)
    assert result.data["order"] == [[2], [3]]
    assert result.data["withdrawn"] == [1]
    assert "Réglé entre-temps." in page(client, result)


def test_another_alliance_does_not_find_it(client):
    result = counted([[6, 5, 2]] * 6)
    other = step_of().consultation.alliance
    answer = client.get(reverse("participation_in:results", args=[other.slug, result.step.consultation.uuid]))
    assert answer.status_code == 404


def test_a_draft_has_no_page_for_the_public(client):
    result = counted([[6, 5, 2]] * 6)
    Consultation.objects.filter(pk=result.step.consultation_id).update(state="draft")
    assert client.get(address(result)).status_code == 302


def test_a_result_says_when_people_answered(client):
    result = counted([[6, 5, 2]] * 6)
    opened = NOW - dt.timedelta(days=40)
    Consultation.objects.update(opened_at=opened, closed_at=NOW)
    text = page(client, result)
    assert re.search(r"6 personnes ont donné leur avis\. Du \d+(er)?\s\w+\s\d{4} au \d+(er)?\s\w+\s\d{4}\.", text)


@pytest.mark.parametrize(("access", "marked"), [(Access.OPEN, 1), (Access.POSTAL, 1), (Access.CODES, 0)])
def test_a_weak_verification_is_marked_before_the_result(client, access, marked):
    result = counted([[6, 5, 2]] * 6)
    Consultation.objects.update(access=access)
    text = page(client, result)
    before = text[: text.index("panel-deep")]
    assert before.count("Vérification faible") == marked


@pytest.mark.parametrize(
    ("some", "whole", "said"), [(0, 9, "0"), (1, 900, "moins de 1"), (899, 900, "plus de 99"), (9, 9, "100")]
)
def test_a_share_never_says_nobody_nor_everybody_where_it_is_not_so(some, whole, said):
    assert showing.part_of(some, whole) == f"{said}\N{NO-BREAK SPACE}%"


def test_a_few_people_of_a_territory_are_not_nobody(client):
    text = page(client, counted([[6, 5, 2]] * 6, of={"population": 40_000}))
    assert "moins de 1\N{NO-BREAK SPACE}% ont participé" in text
    assert "soit plus de 99\N{NO-BREAK SPACE}%" in text


def test_what_told_two_options_apart_is_said_in_figures(client):
    text = page(client, counted([[6, 6, 2]] * 6 + [[4, 2, 2]] * 2 + [[6, 3, 2]] * 2))
    assert "Réponses plus faibles" in text
    assert "20\N{NO-BREAK SPACE}% contre 40\N{NO-BREAK SPACE}%" in text
    assert "Réponses plus fortes" not in text, "nothing is stronger than the first grade"


def test_what_each_person_had_is_said_once_and_in_dollars(client):
    ballots = [[1], [1, 2], [2], [3]] * 3
    text = page(client, counted(ballots, Method.BUDGET, costs=(300, 400, 500), envelope_cents=70_000))
    assert text.count("Chaque personne avait") == 1
    assert "de plus, un dollar à la fois" in text
    assert "Chaque personne qui a voté a reçu" not in text
    assert "400\N{NO-BREAK SPACE}$" in text[text.index("Pourquoi il est choisi") :]


def test_without_public_ballots_nobody_is_told_to_count_them(client):
    result = counted([[6, 5, 2]] * 6)
    assert "tous les bulletins sont publics" in page(client, result)
    result.file = None
    result.save()
    text = page(client, result)
    assert "tous les bulletins sont publics" not in text
    assert "Votre bulletin est-il compté?" in text


@pytest.mark.parametrize("shares", [(32, 32, 36), (40, 25, 35), (17, 27, 56), (46, 8, 46), (50, 50)])
def test_a_figure_is_never_under_the_line_of_the_middle_on_a_phone(shares):
    drawing = charts.profile(charts.Band("x", [charts.Part("p", n, place) for place, n in enumerate(shares)]))
    for at, kind in re.findall(r'<text x="([\d.]+)%"[^>]* class="([^"]+)"', drawing):
        assert abs(float(at) - 50) >= 6.5 or "thin" in kind


def test_what_the_page_says_of_people_stands_in_the_spreadsheet_and_the_document_too(client, monkeypatch):
    """Ways towards people, participation against the population, what each group says: never more than the page."""
    from maillage.participation.consultations.models import FeedbackLink
    from maillage.participation.outreach.models import Outreach
    from maillage.participation.results import files

    step = step_of(of={"population": 4000, "population_source": "Recensement fictif"})
    for channel, size in (("online", 14), ("kiosk", 9), ("helped", 3)):
        for place in range(size):
            cast(step, [6, 3, 2] if place % 2 else [2, 3, 6], channel=channel)
    result = close(step)
    FeedbackLink.objects.create(consultation=step.consultation, label="Objectif fictif 2.1")
    Consultation.objects.update(feedback="Une navette fictive est lancée.", feedback_on=NOW.date())
    for position, (who, reached, aimed) in enumerate((("Familles", 12, 30), ("Aînés", 2, 20), ("Jeunes", 9, 11))):
        Outreach.objects.create(
            consultation=step.consultation, position=position, who=who, reached=reached, aimed=aimed,
            relay_words="Cuisine fictive", place="Salle fictive", done_on=NOW.date(), outcome="Une suite est prévue.",
        )  # fmt: skip
    Outreach.objects.create(consultation=step.consultation, position=9, who="Gardés secrets", is_public=False)
    sections = []
    monkeypatch.setattr(files, "render_report", lambda cover, found, **more: sections.extend(found) or b"%PDF")
    assert client.get(f"{address(result)}0/resultats.pdf").content == b"%PDF"
    document = repr(sections).replace("\\xa0", " ").replace("\\u202f", " ")
    book = of_book(client.get(f"{address(result)}0/tableau.xlsx").content)
    assert list(book) == ["Résultats", "Qui a participé", "Vers les gens"]
    sheet = {row[0]: row for row in book["Vers les gens"][1:]}
    assert sheet["Familles"][4:6] == [30, 12]
    assert sheet["Aînés"][4:6] == ["", ""], "two people are never told, nor who did not come"
    assert sheet["Jeunes"][4:6] == ["", 9], "two people did not come"
    assert "trop peu" in sheet["Aînés"][6]
    people = book["Qui a participé"]
    assert [row[2] for row in people[1:3]] == [26, 4000]
    assert "Recensement fictif" in people[2]
    assert [row[2] for row in people[3:]].count("non publié") == 2
    everything = repr(book).replace("\\xa0", " ")
    for said in ("Cuisine fictive", "Une suite est prévue.", "trop peu pour dire combien"):
        assert said in document.replace("’", "'")
        assert said in everything
    assert "Gardés secrets" not in document + everything
    assert "Une navette fictive est lancée." in document
    assert "Objectif fictif 2.1" in document
    assert "4 000" in document
    assert "1 autre démarche n’est pas racontée" in document or "1 autre" in document


def of_book(data: bytes) -> dict[str, list[list]]:
    """The sheets of a workbook, by name."""
    import io

    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_batches_of_paper_that_are_not_in_a_result_are_said_with_it(client):
    """To the team before the publication, and to everyone after it."""
    from maillage.participation.consultations import lifecycle
    from maillage.participation.models import Batch
    from tests.factories import user_with

    result = counted([[6, 5, 2]] * 8, published=False)
    step = result.step
    alliance = step.consultation.alliance
    agent, other = user_with(alliance), user_with(alliance)
    Batch.objects.create(step=step, number=1, printed=20, handed_out=20, returned=0, state="out")
    Batch.objects.create(step=step, number=2, printed=30, handed_out=25, state="out")
    Batch.objects.create(step=step, number=3, printed=40)
    Batch.objects.create(step=step, number=4, printed=40, state="voided", void_why="Feuilles copiées.")
    handed = "Le lot 2 de bulletins papier a été remis et n’est pas revenu"
    printed = "Le lot 3 de bulletins papier a été imprimé, et personne n’a écrit ce qu’il est devenu"
    client.force_login(agent)
    before = page(client, result)
    assert "Du papier est encore attendu" in before
    assert handed in before
    assert printed in before
    assert "lot 1" not in before
    publishing = reverse("participation_in:consultation_publish", args=[alliance.slug, step.consultation.uuid])
    assert handed in client.get(publishing).content.decode()
    lifecycle.ask_publication(consultation=step.consultation, by=agent, now=NOW)
    lifecycle.publish_results(consultation=step.consultation, by=other, now=NOW)
    client.logout()
    after = page(client, result)
    assert "Du papier est encore attendu" not in after
    limits = after[after.index('id="limites"') :]
    assert handed in limits
    assert printed in limits
    assert "Le lot 4" in limits


def test_sheets_handed_out_and_ballots_counted_are_told_side_by_side_unless_the_number_is_hidden(client):
    from maillage.participation.models import Batch

    said = "Sur papier, 12 feuilles ont été remises, {} sont revenues et {} ont pu être comptées."
    for sheets, there in ((9, True), (2, False)):
        step = step_of()
        for _ballot in range(9):
            cast(step, [6, 5, 2])
        batch = Batch.objects.create(
            step=step, number=1, printed=12, handed_out=12, returned=sheets + 1, state="accepted", counted=sheets,
            spoilt=1,
        )  # fmt: skip
        urn.add_paper(step=step, contents=["[1,2,3]"] * sheets, batch=str(batch.uuid), now=NOW)
        text = page(client, close(step))
        assert (said.format(sheets + 1, sheets) in text) is there
