"""Priorities: what a form or a line of keys becomes, and back."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.participation.priorities import keying, reading
from maillage.participation.vocabulary import Counting, Method
from tests.participation.factories import OptionFactory, StepFactory

pytestmark = pytest.mark.django_db
COUNTING = {"grades": Counting.JUDGMENT, "approval": Counting.APPROVAL, "score": Counting.SUM,
            "ranking": Counting.SCHULZE, "budget": Counting.GREEDY}  # fmt: skip


def make(method, options=3, **kwargs):
    step = StepFactory(method=method, counting=COUNTING[method], **kwargs)
    for number in range(1, options + 1):
        OptionFactory(step=step, number=number, label=f"Choix {number}", cost_cents=1_000_000)
    return step


def typed(step, **values):
    return {f"s{step.pk}-{name}": value if isinstance(value, list) else [value] for name, value in values.items()}


@pytest.mark.parametrize(
    ("method", "answers", "content", "answered"),
    [
        ("grades", {"o1": "6", "o3": "1"}, "[6,0,1]", 2),
        ("grades", {}, "[0,0,0]", 0),
        ("grades", {"o1": "0"}, "[0,0,0]", 0),
        ("score", {"o1": "0", "o2": "5"}, "[0,5,null]", 2),
        ("score", {"o1": "-"}, "[null,null,null]", 0),
        ("ranking", {"o1": "2", "o2": "1", "o3": "2"}, "[2,1,2]", 3),
        ("approval", {"choice": ["3", "1", "1", "99", "x"]}, "[1,3]", 2),
        ("approval", {}, "[]", 0),
        ("budget", {"choice": ["2"]}, "[2]", 1),
    ],
)
def test_reading_a_form(method, answers, content, answered):
    step = make(method)
    read = reading.read(step, typed(step, **answers))
    assert (read.content, read.answered, read.total, read.errors) == (content, answered, 3, {})
    again = reading.read(step, reading.typed(step, read.content))
    assert again.content == content


@pytest.mark.parametrize(
    ("method", "answer"),
    [("grades", "7"), ("grades", "x"), ("grades", "²"), ("score", "6"), ("score", "-1"), ("ranking", "4")],
)
def test_what_is_not_an_answer_is_told(method, answer):
    step = make(method)
    assert list(reading.read(step, typed(step, o1=answer)).errors) == [f"s{step.pk}-o1"]


def test_too_many_choices_are_told():
    step = make("approval", most_choices=1)
    assert (
        "Vous en avez choisi\N{NO-BREAK SPACE}2"
        in reading.read(step, typed(step, choice=["1", "2"])).errors[f"s{step.pk}-choice"]
    )


def test_choices_that_cost_more_than_the_envelope_are_told():
    step = make("budget", envelope_cents=2_000_000)
    assert not reading.read(step, typed(step, choice=["1", "2"])).errors
    told = reading.read(step, typed(step, choice=["1", "2", "3"])).errors[f"s{step.pk}-choice"]
    assert "30\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}$" in told


def test_where_choices_are_limited_by_number_the_envelope_is_only_shown():
    step = make("budget", envelope_cents=1_000_000, most_choices=2)
    assert not reading.read(step, typed(step, choice=["1", "2"])).errors


def test_a_number_keeps_its_place_when_an_option_is_missing():
    step = make("grades", 0)
    OptionFactory(step=step, number=2)
    OptionFactory(step=step, number=5)
    assert reading.read(step, typed(step, o2="6", o5="3")).content == "[0,6,0,0,3]"


@pytest.mark.parametrize("method", Method.values)
def test_a_withdrawn_option_is_told_then_left_out(method):
    step = make(method)
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Fait ailleurs.")
    answers = typed(step, choice=["1", "2"]) if method in {"approval", "budget"} else typed(step, o1="1", o2="2")
    assert "Fait ailleurs." in reading.read(step, answers).errors[f"s{step.pk}-o2"]
    later = reading.read(step, {**answers, "as_is": ["1"]})
    assert not later.errors
    assert later.answered == 1
    assert later.total == 2


@pytest.mark.parametrize(
    ("method", "line", "content"),
    [
        ("grades", "650", "[6,5,0]"),
        ("grades", "A F 0", "[6,1,0]"),
        ("grades", "", "[0,0,0]"),
        ("approval", "3 1", "[1,3]"),
        ("approval", "0", "[]"),
        ("budget", "2,3", "[2,3]"),
        ("score", "5 - 0", "[5,null,0]"),
        ("ranking", "3 1=2", "[2,2,1]"),
        ("ranking", "3 = 1, 2", "[1,3,1]"),
        ("ranking", "2", "[0,1,0]"),
    ],
)
def test_a_sheet_is_keyed_in(method, line, content):
    read = keying.keyed(make(method), line)
    assert (read.content, read.errors) == (content, {})


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("grades", "65"),
        ("grades", "6578"),
        ("grades", "657"),
        ("approval", "9"),
        ("approval", "1 1"),
        ("score", "5 9 0"),
        ("ranking", "1 1"),
        ("ranking", "7"),
        ("budget", "a"),
    ],
)
def test_a_sheet_keyed_wrong_is_told(method, line):
    assert keying.keyed(make(method), line).errors


@pytest.mark.parametrize("method", Method.values)
def test_each_method_says_how_it_is_keyed(method):
    assert keying.help_of(make(method))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=12))
def test_no_text_breaks_the_reading(db, text):
    for method in Method.values:
        step = make(method, 2)
        reading.read(step, typed(step, o1=text, choice=[text]))
        keying.keyed(step, text)
