import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.concertation.minutes.weaving import MOST, merge


@pytest.mark.parametrize(
    ("base", "one", "other", "wanted"),
    [
        ("", "a", "", "a"),
        ("", "", "b", "b"),
        ("a", "a", "a", "a"),
        ("a\nb", "A\nb", "a\nB", "A\nB"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        # Two people begin on an empty note, or add at its end: one after the other.
        ("", "un", "deux", "un\ndeux"),
        ("x\n", "x\nun", "x\ndeux", "x\nun\ndeux"),
        # A text sent again, longer, after its answer was lost.
        ("x", "x\nun", "x\nun deux", "x\nun deux"),
        # The same line, other words.
        ("le prix est haut", "le prix est bas", "ce prix est haut", "ce prix est bas"),
        ("- point", "- point un", "- point\n- autre", "- point un\n- autre"),
    ],
)
def test_changes_that_do_not_touch_are_woven(base, one, other, wanted):
    found = merge(base, one, other)
    assert (found.text, found.clean) == (wanted, True)


def test_the_same_words_changed_by_two_are_kept_both_and_left_to_people():
    found = merge("le prix est haut", "le prix est bas", "le prix est juste")
    assert not found.clean
    assert found.text.split("\n") == ["le prix est bas", "le prix est juste"]


def test_what_one_deletes_and_the_other_corrects_is_left_to_people():
    found = merge("un\ndeux\ntrois", "un\ntrois", "un\ndeux et demi\ntrois")
    assert not found.clean
    assert "deux et demi" in found.text


def test_a_text_too_different_to_compare_in_time_is_left_to_people():
    lines = ["a b"] * (MOST + 10)
    found = merge("\n".join(lines), "\n".join(["x", *lines[1:-1], "y"]), "\n".join(["v", *lines[1:-1], "w"]))
    assert not found.clean


texts = st.lists(st.sampled_from(["", "alpha", "bravo charlie", "delta echo fox", "golf"]), max_size=6).map("\n".join)
FRESH = [f"{first}{second}{first}" for first in "mnopq" for second in "rstuv"]


def written(base: str, places: list[tuple[int, str]]) -> str:
    lines = base.split("\n")
    for at, words in places:
        lines.insert(at % (len(lines) + 1), words)
    return "\n".join(lines)


edits = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(FRESH)), max_size=4)


@given(texts, edits, edits)
def test_two_people_who_only_add_lines_are_always_woven_whole(base, one, other):
    found = merge(base, written(base, one), written(base, other))
    assert found.clean
    for _at, words in [*one, *other]:
        assert words in found.text
    for words in re.findall(r"\w+", base):
        assert words in found.text


@given(texts, texts, texts)
def test_no_word_added_by_either_is_lost(base, one, other):
    found = merge(base, one, other)
    before = set(re.findall(r"\w+", base))
    for words in (set(re.findall(r"\w+", one)) | set(re.findall(r"\w+", other))) - before:
        assert words in found.text


@given(texts, texts)
def test_a_text_alone_is_taken_as_it_is(base, one):
    assert merge(base, one, base).text == one == merge(base, base, one).text
