"""Statements on the ballot page: without script, in the order of the method, changed with a receipt."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from maillage.participation.models import ConsultationLanguage, OpinionReading, Statement, Wording
from maillage.participation.opinions import ballot
from maillage.participation.urn import services as urn
from tests.participation.factories import NOW
from tests.participation.opinions.makers import cast, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at(step, name="ballot"):
    return reverse(f"participation_in:{name}", args=[step.consultation.alliance.slug, step.consultation.uuid])


def fields(step, votes):
    return {ballot.field_name(step, n): str(value) for n, value in votes.items()}


class Inputs(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found.append(dict(attrs))


def test_a_ballot_is_sent_without_script_and_read_back(client, now):
    step = step_of()
    page = client.get(at(step)).content.decode()
    radios = [one for one in Inputs(page).found if one.get("type") == "radio"]
    assert len(radios) == 24
    nonce = next(one["value"] for one in Inputs(page).found if one.get("name") == "nonce")
    answer = client.post(at(step), {"nonce": nonce, "steps": step.pk, **fields(step, {1: 1, 2: -1, 3: 0})})
    assert answer.status_code in {200, 302}
    assert [json.loads(one.content) for one in urn.opened(step)] == [{"1": 1, "2": -1, "3": 0}]


def test_read_and_typed_are_each_other_s_inverse():
    step = step_of()
    typed = {name: [value] for name, value in fields(step, {1: 1, 4: -1, 8: 0}).items()}
    read = ballot.read(step, typed)
    assert (read.content, read.answered, read.total) == ('{"1":1,"4":-1,"8":0}', 3, 8)
    assert ballot.typed(step, read.content) == typed


def test_a_statement_refused_meanwhile_and_one_that_is_not_there_are_left_out():
    step = step_of()
    Statement.objects.filter(step=step, number=2).update(state="refused", reason="hate")
    Statement.objects.filter(step=step, number=3).update(state="pending")
    typed = {name: [value] for name, value in fields(step, {1: 1, 2: 1, 3: 1, 99: 1}).items()}
    assert ballot.read(step, typed).content == '{"1":1}'
    assert ballot.read(step, {ballot.field_name(step, 1): ["7"]}).content == "{}"


def test_coming_back_with_the_receipt_keeps_the_votes_and_asks_what_is_left_first(client, now):
    step = step_of(60)
    votes = dict.fromkeys(range(1, 51), 1)
    receipt = cast(step, votes)
    page = client.post(at(step), {"receipt": receipt, "load": "1", "steps": step.pk}).content.decode()
    inputs = Inputs(page).found
    checked = [one for one in inputs if one.get("type") == "radio" and "checked" in one]
    carried = [one for one in inputs if one.get("type") == "hidden" and "v" in one["name"].partition("-")[2][:1]]
    names = [one["name"] for one in inputs if one.get("type") == "radio"]
    assert len(set(names)) == ballot.SHOWN_AT_ONCE
    assert set(names[:30:3]) == {ballot.field_name(step, n) for n in range(51, 61)}  # new ones first
    assert len(checked) + len(carried) == 50
    sent = {one["name"]: one["value"] for one in [*checked, *carried]}
    client.post(at(step), {"receipt": receipt, "steps": step.pk, **sent, **fields(step, {55: -1})})
    (held,) = [json.loads(one.content) for one in urn.opened(step)]
    assert held == {str(n): 1 for n in range(1, 51)} | {"55": -1}


def test_a_thousand_statements_make_a_light_page(client, now):
    step = step_of(1000)
    page = client.get(at(step)).content
    assert len(page) < 60_000
    assert page.count(b'type="radio"') == 3 * ballot.SHOWN_AT_ONCE
    assert b"960" in page


def test_the_page_lists_the_same_statements_when_it_comes_back_with_an_error():
    step = step_of(60)
    rows = ballot.context(step, "fr")["rows"]
    first = ballot.asked(rows, {}, ballot.listed_name(step))
    typed = {ballot.listed_name(step): [first.listed], first.rows[0].name: ["1"]}
    assert ballot.asked(rows, typed, ballot.listed_name(step)).rows == first.rows


def test_the_order_follows_the_priorities_of_the_reading():
    step = step_of(30)
    statements = list(step.statements.all())
    loved = {str(n): 1e-6 for n in range(1, 31)} | {"17": 50.0}
    firsts = []
    for people in range(40):
        reading = OpinionReading(step=step, data={"priorities": loved}, participants=people, at=NOW)
        firsts.append(ballot.in_order(step, statements, reading)[0].number)
    assert firsts.count(17) >= 38
    reading = OpinionReading(step=step, data={"priorities": loved}, participants=3, at=NOW)
    assert ballot.in_order(step, statements, reading) == ballot.in_order(step, statements, reading)


def test_a_statement_written_from_right_to_left_keeps_its_direction(client, now):
    step = step_of()
    Statement.objects.create(step=step, number=9, text="السكن حق للجميع", language="ar", state="shown")
    page = client.get(at(step)).content.decode()
    assert 'lang="ar" dir="auto">السكن حق للجميع<' in page


def test_a_statement_is_read_in_the_language_of_the_page(client, now):
    step = step_of()
    one = step.statements.get(number=1)
    ConsultationLanguage.objects.create(consultation=step.consultation, code="ar", name="العربية", right_to_left=True)
    for key, text in ((f"statement:{one.uuid}", "لدي ما يكفي"), ("ui:statement_agree", "أوافق")):
        Wording.objects.create(consultation=step.consultation, language="ar", key=key, text=text)
    page = client.get(at(step) + "?langue=ar").content.decode()
    assert 'lang="ar" dir="auto">لدي ما يكفي<' in page
    assert "أوافق" in page


def test_what_a_participant_wrote_is_text_and_never_markup(client, now):
    step = step_of()
    step.statements.filter(number=1).update(text="<script>alert(1)</script>")
    page = client.get(at(step)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_sheet_takes_as_many_queries_for_one_statement_as_for_fifty(django_assert_num_queries):
    for count in (1, 50):
        step = step_of(count)
        with django_assert_num_queries(2):
            ballot.context(step, "fr")
