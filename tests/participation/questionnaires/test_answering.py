"""Answering a questionnaire: every kind, without script; conditions; required; long texts; other languages."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.participation.models import ConsultationLanguage, Question, Wording
from maillage.participation.paper import reading
from maillage.participation.questionnaires import keying, sheet
from maillage.participation.urn import services as urn
from tests.participation.factories import NOW
from tests.participation.questionnaires.makers import cast, name, question_of, section_of, step_of

pytestmark = pytest.mark.django_db
K = Question.Kind


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at(step, page="ballot"):
    return reverse(f"participation_in:{page}", args=[step.consultation.alliance.slug, step.consultation.uuid])


def sealed(step):
    return [json.loads(one.content) for one in urn.opened(step)]


@pytest.fixture
def five():
    """A step with a question of each kind."""
    section = section_of(step_of())
    return {kind: question_of(section, kind, codes="abc") for kind in K}


def step_under(questions):
    return next(iter(questions.values())).section.step


def fields(typed):
    return {name(question): value for question, value in typed.items()}


def test_every_kind_is_answered_without_script_and_kept_as_said(five, client, now):
    step = step_under(five)
    page = client.get(at(step)).content.decode()
    assert page.count('type="radio"') == 2 * 3 + 2  # one and grade, each with « no answer »
    assert page.count('type="checkbox"') == 3
    assert page.count("<textarea") == 1
    nonce = re.search(r'name="nonce" value="([^"]+)"', page).group(1)
    sent = client.post(at(step), {
        "nonce": nonce, "steps": step.pk,
        **fields({five[K.ONE]: "b", five[K.SEVERAL]: ["a", "c"], five[K.GRADE]: "c", five[K.NUMBER]: " 1 250 ",
                  five[K.TEXT]: "Le bus\r\npasse peu. <script>alert(1)</script>"}),
    })  # fmt: skip
    assert "Votre avis est compté." in sent.content.decode()
    assert sealed(step) == [{
        str(five[K.ONE].uuid): "b", str(five[K.SEVERAL].uuid): ["a", "c"], str(five[K.GRADE].uuid): "c",
        str(five[K.NUMBER].uuid): 1250, str(five[K.TEXT].uuid): "Le bus\npasse peu. <script>alert(1)</script>",
    }]  # fmt: skip


def test_read_and_typed_are_each_other_s_inverse(five):
    step = step_under(five)
    typed = {name(five[K.ONE]): ["a"], name(five[K.SEVERAL]): ["a", "b"], name(five[K.GRADE]): ["c"],
             name(five[K.NUMBER]): ["0"], name(five[K.TEXT]): ["مرحبا"]}  # fmt: skip
    read = sheet.read(step, typed)
    assert not read.errors
    assert (read.answered, read.total) == (5, 5)
    assert sheet.typed(step, read.content) == typed
    assert "مرحبا" in read.content


def test_what_is_no_choice_and_signs_that_turn_the_text_are_left_out(five):
    step = step_under(five)
    typed = {name(five[K.ONE]): ["zzz"], name(five[K.SEVERAL]): ["b", "zzz"], name(five[K.TEXT]): ["a\u202eb\x00c"]}
    assert json.loads(sheet.read(step, typed).content) == {
        str(five[K.SEVERAL].uuid): ["b"], str(five[K.TEXT].uuid): "a b c",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["douze", "1,5", "13", "-1", "9" * 30, "²"])
def test_a_number_out_of_bounds_is_told_kindly_and_stays_on_the_page(typed, client, now):
    question = question_of(section_of(step_of()), K.NUMBER, least=0, most=12)
    step = question.section.step
    page = client.post(at(step), {"nonce": "n" * 24, "steps": step.pk, name(question): typed})
    assert page.status_code == 422
    text = page.content.decode()
    assert "écrivez un nombre entier de 0 à 12" in text.replace("\xa0", " ")
    assert f'value="{typed}"' in text
    assert sealed(step) == []


def test_a_pasted_megabyte_is_refused_and_nothing_is_lost(five, client, now):
    step = step_under(five)
    long = "mot " * 250_000
    page = client.post(
        at(step), {"nonce": "n" * 24, "steps": step.pk, **fields({five[K.ONE]: "b", five[K.TEXT]: long})}
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "Raccourcissez" in text
    assert long.strip() in text
    assert re.search(r'value="b" checked', text)
    assert sealed(step) == []


def test_a_question_whose_condition_fails_is_shown_without_script_and_its_answer_ignored(client, now):
    section = section_of(step_of())
    first = question_of(section, codes="ab")
    second = question_of(section, codes="ab", depends_on=first, depends_in=["b"], required=True)
    third = question_of(section, K.TEXT, depends_on=second, depends_in=["a"])
    step = section.step
    page = client.get(at(step)).content.decode()
    assert "Si vous avez répondu « Choix b » à « Question fictive 1? »" in page.replace("\xa0", " ")
    typed = {name(first): ["a"], name(second): ["a"], name(third): ["Bonjour"]}
    assert json.loads(sheet.read(step, typed).content) == {str(first.uuid): "a"}
    typed[name(first)] = ["b"]
    assert len(json.loads(sheet.read(step, typed).content)) == 3
    typed[name(second)] = ["b"]  # the third depends on the second
    assert set(json.loads(sheet.read(step, typed).content)) == {str(first.uuid), str(second.uuid)}
    assert not sheet.read(step, {name(first): ["a"]}).errors
    assert sheet.read(step, {name(first): ["b"]}).errors.keys() == {name(second)}


def test_a_wrong_answer_to_what_is_not_asked_stops_nobody():
    section = section_of(step_of())
    first = question_of(section)
    second = question_of(section, K.NUMBER, most=3, depends_on=first, depends_in=["b"])
    read = sheet.read(section.step, {name(first): ["a"], name(second): ["mille"]})
    assert not read.errors
    assert json.loads(read.content) == {str(first.uuid): "a"}


def test_required_asks_of_those_who_answer_and_a_blank_ballot_stays_possible(client, now):
    section = section_of(step_of())
    needed, other = question_of(section, required=True), question_of(section)
    apart = section_of(section.step, title="Si vous voulez", optional=True)
    inside = [question_of(apart, required=True), question_of(apart)]
    step = section.step
    assert not sheet.read(step, {}).errors
    assert sheet.read(step, {name(other): ["a"]}).errors.keys() == {name(needed)}
    assert not sheet.read(step, {name(needed): ["a"]}).errors  # the optional part is passed over whole
    assert sheet.read(step, {name(needed): ["a"], name(inside[1]): ["a"]}).errors.keys() == {name(inside[0])}
    blank = client.post(at(step), {"nonce": "n" * 24, "steps": step.pk, "blank": "1"})
    assert "Votre avis est compté." in blank.content.decode()
    assert sealed(step) == [{}]
    assert "Vous pouvez passer cette partie." in client.get(at(step)).content.decode()


def test_a_ballot_changed_with_its_receipt_is_read_back(client, now):
    section = section_of(step_of(changeable=True))
    question, text = question_of(section, K.SEVERAL, codes="abc"), question_of(section, K.TEXT)
    step = section.step
    receipt = cast(step, {question: ["a", "c"], text: "Bonjour"})
    page = client.post(at(step), {"receipt": receipt, "load": "1", "steps": step.pk}).content.decode()
    assert page.count(" checked") == 2
    assert ">Bonjour</textarea>" in page


def test_a_language_written_from_right_to_left(client, now):
    question = question_of(section_of(step_of()))
    consultation = question.section.step.consultation
    ConsultationLanguage.objects.create(consultation=consultation, code="ar", name="العربية", right_to_left=True)
    for key, text in (
        (f"question:{question.uuid}:label", "كيف تتنقل؟"),
        (f"choice:{question.uuid}:a", "الحافلة"),
        (f"section:{question.section.uuid}:title", "التنقل"),
    ):
        Wording.objects.create(consultation=consultation, language="ar", key=key, text=text)
    page = client.get(at(question.section.step) + "?langue=ar").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "كيف تتنقل؟" in page
    assert "الحافلة" in page
    assert '<span lang="fr" dir="ltr" data-say>Choix b</span>' in page  # not translated: marked so


def test_as_many_queries_for_one_question_as_for_fifty(client, now):
    section = section_of(step_of())
    question_of(section)
    step = section.step
    client.get(at(step))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(at(step))
    for _n in range(49):
        question_of(section)
    with CaptureQueriesContext(connection) as many:
        client.get(at(step))
    assert len(many) == len(few)


def test_a_sheet_keyed_in_gives_the_same_content(five):
    step = step_under(five)
    read = keying.keyed(step, "2;1 3;3;1250;Le bus passe peu")
    assert json.loads(read.content) == {
        str(five[K.ONE].uuid): "b", str(five[K.SEVERAL].uuid): ["a", "c"], str(five[K.GRADE].uuid): "c",
        str(five[K.NUMBER].uuid): 1250, str(five[K.TEXT].uuid): "Le bus passe peu",
    }  # fmt: skip
    assert keying.keyed(step, "").content == "{}"
    assert json.loads(keying.keyed(step, ";;-;7").content) == {str(five[K.NUMBER].uuid): 7}
    # What is keyed is what the page would have sent, kind by kind.
    for line in ("2", ";1 3", ";;3", ";;;0", ";;;-12", ";;;;Deux; et trois"):
        content = keying.keyed(step, line).content
        assert len(json.loads(content)) == 1, line
        assert sheet.read(step, sheet.typed(step, content)).content == content
    assert json.loads(keying.keyed(step, ";;;;Deux; et trois").content) == {str(five[K.TEXT].uuid): "Deux; et trois"}
    for wrong in ("4", "1 2", "x", "0", ";1 9", ";;4", ";;;sept", ";;;1,5"):
        assert keying.keyed(step, wrong).errors, wrong


def test_a_sheet_of_paper_follows_the_same_conditions_and_passes_over_a_part():
    section = section_of(step_of())
    first = question_of(section, codes="ab", required=True)
    second = question_of(section, codes="ab", depends_on=first, depends_in=["b"])
    apart = section_of(section.step, title="Si vous voulez", optional=True)
    third = question_of(apart, K.NUMBER, most=9, required=True)
    step = section.step
    assert json.loads(keying.keyed(step, "1;2").content) == {str(first.uuid): "a"}  # answered, and not asked
    assert json.loads(keying.keyed(step, "2;2;4").content) == {
        str(first.uuid): "b", str(second.uuid): "b", str(third.uuid): 4,
    }  # fmt: skip
    # Left blank though it is needed: the sheet cannot be asked again.
    assert json.loads(keying.keyed(step, ";;4").content) == {str(third.uuid): 4}
    assert keying.keyed(step, "2;2;12").errors


def test_two_readings_of_a_questionnaire_say_where_they_differ(five):
    step = step_under(five)
    one, other = (keying.keyed(step, line).content for line in ("2;1 3;3", "2;1 2;3"))
    assert reading.places(step, one, other) == [f"2. {five[K.SEVERAL].label}"]
