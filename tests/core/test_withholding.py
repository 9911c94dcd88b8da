"""What a person must not see, asked of every room that knows a reason."""

import pytest

from maillage.core import contributions
from maillage.core.withholding import is_withheld, withheld_from

ASKED = []


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    def first(people, references):
        ASKED.append((tuple(people), tuple(references)))
        return [f"1 {reference}" for reference in references if reference == "a.b:x" and 1 in people]

    def second(people, references):
        return ["2 a.b:y"] if 2 in people and "a.b:y" in references else []

    ASKED.clear()
    monkeypatch.setattr(contributions.withheld, "providers", [first, second])


def test_the_reasons_of_every_room_together():
    assert withheld_from([1, 2, 3], ["a.b:x", "a.b:y", "a.b:z"]) == {(1, "a.b:x"), (2, "a.b:y")}


def test_a_room_is_asked_once_for_all():
    withheld_from(range(50), [f"a.b:{number}" for number in range(50)])
    assert len(ASKED) == 1


def test_nothing_is_asked_about_nobody_or_nothing():
    assert withheld_from([], ["a.b:x"]) == withheld_from([1], []) == frozenset()
    assert ASKED == []


def test_one_person_one_thing():
    assert is_withheld(1, "a.b:x")
    assert not is_withheld(2, "a.b:x")
    assert not is_withheld(1, "a.b:y")
