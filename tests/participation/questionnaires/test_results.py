"""What is told of a questionnaire, and what is never told."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from maillage.participation.kinds import Sheet
from maillage.participation.models import Question
from maillage.participation.questionnaires import counting, publishing, selectors, services
from tests.participation.factories import NOW
from tests.participation.makers import close, taken
from tests.participation.questionnaires.makers import cast, question_of, section_of, step_of

pytestmark = pytest.mark.django_db
K = Question.Kind


def counted(step, rows):
    import json

    contents = [json.dumps({str(q.uuid): value for q, value in row.items()}) for row in rows]
    return counting.count(step, [Sheet(content, "", "online") for content in contents])["questions"], contents


def test_counts_and_shares_of_each_choice():
    question = question_of(section_of(step_of()), codes="abc")
    told, _ = counted(question.section.step, [{question: "a"}] * 20 + [{question: "b"}] * 10 + [{}] * 6)
    assert told[str(question.uuid)] == {"kind": "one", "counts": {"a": 20, "b": 10, "c": 0, "none": 6}, "asked": 36}


def test_a_small_cell_is_withheld_with_another_so_that_no_subtraction_gives_it():
    question = question_of(section_of(step_of()), codes="abc")
    told, _ = counted(question.section.step, [{question: "a"}] * 20 + [{question: "b"}] * 9 + [{question: "c"}] * 2)
    counts = told[str(question.uuid)]["counts"]
    assert counts["c"] is None
    assert sum(count is None for count in counts.values()) >= 2


def test_a_question_that_depends_on_what_is_hidden_is_hidden():
    section = section_of(step_of())
    first = question_of(section, codes="abc")
    second = question_of(section, codes="ab", depends_on=first, depends_in=["c"])
    rows = [{first: "a"}] * 20 + [{first: "b"}] * 9 + [{first: "c", second: "a"}] * 3
    told, _ = counted(section.step, rows)
    assert told[str(second.uuid)] == {"kind": "one", "withheld": True}
    told, _ = counted(section.step, [{first: "a"}] * 20 + [{first: "c", second: "a"}] * 9 + [{first: "c"}] * 6)
    assert told[str(second.uuid)]["counts"] == {"a": 9, "b": 0, "none": 6}
    assert told[str(second.uuid)]["asked"] == 15


def test_where_all_who_were_asked_answer_alike_what_each_said_is_not_told():
    section = section_of(step_of())
    first = question_of(section, codes="ab")
    one = question_of(section, codes="ab", depends_on=first, depends_in=["a"])
    several = question_of(section, K.SEVERAL, codes="ab", depends_on=first, depends_in=["a"])
    rows = [{first: "a", one: "b", several: ["a"]}] * 8 + [{first: "b"}] * 20
    told, _ = counted(section.step, rows)
    assert told[str(one.uuid)] == {"kind": "one", "withheld": True}
    assert told[str(several.uuid)]["counts"] == {"a": None, "b": 0}
    told, _ = counted(section.step, [*rows, *[{first: "a", one: "a"}] * 6])
    assert told[str(one.uuid)]["counts"] == {"a": 6, "b": 8, "none": 0}


def test_a_question_opened_by_two_choices_does_not_tell_how_few_ticked_one_without_the_other():
    section = section_of(step_of())
    first = question_of(section, K.SEVERAL, codes="ab")
    second = question_of(section, codes="ab", depends_on=first, depends_in=["a", "b"])
    alike = [{first: ["a", "b"], second: "a"}] * 6 + [{first: ["a", "b"], second: "b"}] * 6 + [{}] * 9
    told, _ = counted(section.step, [*alike, {first: ["a"], second: "a"}])
    assert told[str(first.uuid)]["counts"] == {"a": 13, "b": 12}
    assert told[str(second.uuid)] == {"kind": "one", "withheld": True}
    told, _ = counted(section.step, [*alike, *[{first: ["a"], second: "a"}] * 5])
    assert told[str(second.uuid)]["asked"] == 17


def test_several_choices_each_on_its_own():
    question = question_of(section_of(step_of()), K.SEVERAL, codes="abc")
    rows = [{question: ["a", "b"]}] * 12 + [{question: ["a"]}] * 8 + [{question: ["c"]}] * 2 + [{}] * 8
    told, _ = counted(question.section.step, rows)
    assert told[str(question.uuid)]["counts"] == {"a": 20, "b": 12, "c": None}


def test_numbers_have_a_median_and_a_spread_with_how_many_answered():
    question = question_of(section_of(step_of()), K.NUMBER)
    told, _ = counted(question.section.step, [{question: n} for n in range(1, 21)])
    assert told[str(question.uuid)] == {
        "kind": "number", "n": 20, "asked": 20, "median": 10.5, "quartiles": [5.75, 15.25],
    }  # fmt: skip
    told, _ = counted(question.section.step, [{question: n} for n in range(1, 8)])
    assert "quartiles" not in told[str(question.uuid)]  # they would nearly be somebody's own
    told, _ = counted(question.section.step, [{question: 9}] * 3 + [{}] * 20)
    assert told[str(question.uuid)] == {"kind": "number", "withheld": True}


def test_answers_are_published_only_where_no_line_is_of_few_people_and_never_the_texts():
    section = section_of(step_of())
    first, text, figure = question_of(section), question_of(section, K.TEXT), question_of(section, K.NUMBER)
    rows = [{first: "a", text: f"Mon texte {n}", figure: n} for n in range(8)] + [{first: "b"}] * 6
    _, contents = counted(section.step, rows)
    file = publishing.publish(section.step, contents)
    lines = file.data.decode().splitlines()
    assert lines[0] == "1. Question fictive 1?"
    assert sorted(lines[1:]) == ["Choix a"] * 8 + ["Choix b"] * 6
    assert b"texte" not in file.data
    second = question_of(section)
    _, contents = counted(section.step, [{first: "a", second: "b"}] + [{first: "a"}] * 20)
    assert publishing.publish(section.step, contents) is None


def test_the_page_says_words_figures_and_what_is_hidden_and_no_text(client):
    section = section_of(step_of())
    first, text = question_of(section, codes="abc"), question_of(section, K.TEXT)
    step = section.step
    for n in range(12):
        cast(step, {first: "a", text: f"Je suis la seule boulangère du rang {n}."})
    for _n in range(6):
        cast(step, {first: "b"})
    cast(step, {first: "c"})
    close(step)
    page = client.get(
        reverse("participation_in:results", args=[step.consultation.alliance.slug, step.consultation.uuid])
    )
    text_of = page.content.decode().replace("\xa0", " ")
    assert page.status_code == 200
    assert "19 personnes ont répondu." in text_of
    assert "non publié" in text_of
    assert "boulangère" not in text_of
    assert "12 personnes ont écrit quelque chose" in text_of
    files = taken(client, step)
    assert set(files) == {"image.svg", "tableau.xlsx", "resultats.pdf"}
    with zipfile.ZipFile(io.BytesIO(files["tableau.xlsx"])) as book:
        cells = b"".join(book.read(name) for name in book.namelist()).decode()
    assert "non publié" in cells
    assert "boulangère" not in cells


def test_under_the_threshold_nothing_at_all_is_written(client):
    question = question_of(section_of(step_of()), K.TEXT)
    step = question.section.step
    for _n in range(4):
        cast(step, {question: "Quatre personnes seulement."})
    result = close(step)
    assert result.withheld
    assert result.data == {}
    assert selectors.texts_of(step) == {}


def test_a_passage_is_chosen_by_one_agreed_by_another_and_shown_word_for_word(client, people):
    agent, second, _member = people
    question = question_of(section_of(step_of(alliance=people.alliance)), K.TEXT)
    step = question.section.step
    for n in range(6):
        cast(step, {question: f"Le dernier autobus   part à 17 h {n}."})
    close(step)
    with pytest.raises(Exception, match="mot pour mot"):
        services.choose_excerpt(question=question, text="Le bus est en retard", by=agent)
    made = services.choose_excerpt(question=question, text="Le dernier autobus part à 17 h", by=agent)
    url = reverse("participation_in:results", args=[step.consultation.alliance.slug, step.consultation.uuid])
    assert "dernier autobus" not in client.get(url).content.decode()
    with pytest.raises(Exception, match="une autre personne"):
        services.agree_excerpt(excerpt=made, by=agent, now=NOW)
    services.agree_excerpt(excerpt=made, by=second, now=NOW)
    assert "dernier autobus" in client.get(url).content.decode()
    services.drop_excerpt(excerpt=made, by=second)
    assert "dernier autobus" not in client.get(url).content.decode()
