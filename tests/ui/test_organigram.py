"""The organigram: trees from ties, every box once, the drawing and its words from the same data."""

import re

from hypothesis import given
from hypothesis import strategies as st

from maillage.ui.charts import PAGE, PRINT, Box, Tie, branches, organigram, organigram_words

BOXES = [
    Box(1, "Table régionale", "Table", "Région", own=False),
    Box(2, "Coordination", level=1),
    Box(3, "Logement", level=1),
]
TIES = [Tie(2, 1, "reports-to"), Tie(3, 2, "part-of"), Tie(3, 1, "advises")]


def shape(trees):
    return [(tree.box.label, tree.kind, shape(tree.children)) for tree in trees]


def test_what_is_part_of_hangs_before_what_reports():
    assert shape(branches(BOXES, [Tie(3, 1, "reports-to"), *TIES])) == [
        ("Table régionale", "", [("Coordination", "reports-to", [("Logement", "part-of", [])])])
    ]


def test_ties_left_over_are_said_beside():
    [tree] = branches(BOXES, TIES)
    [(kind, other)] = tree.children[0].children[0].others
    assert (kind, other.label) == ("advises", "Table régionale")


def test_a_circle_of_ties_still_gives_trees():
    trees = branches(BOXES, [Tie(1, 2, "part-of"), Tie(2, 3, "part-of"), Tie(3, 1, "part-of")])
    assert sum(1 for tree in trees for _branch in tree.walk()) == 3


TIED = st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(("part-of", "reports-to", "advises")))


@given(st.lists(TIED))
def test_every_box_comes_once_whatever_the_ties(ties):
    boxes = [Box(n, f"Espace {n}") for n in range(10)]
    trees = branches(boxes, [Tie(*tie) for tie in ties])
    assert sorted(branch.box.key for tree in trees for branch in tree.walk()) == list(range(10))


def test_the_drawing_has_a_box_for_each_and_a_line_for_each_tie():
    drawing = organigram(BOXES, TIES, PAGE)
    assert drawing.count("<text") == 4
    assert drawing.count('stroke-width="2"') == 3
    assert drawing.count("stroke-dasharray") == 2
    assert "var(" not in organigram(BOXES, TIES, PRINT)


def test_long_names_stay_in_their_box_and_nothing_is_markup():
    drawing = organigram([Box(1, "Comité <b> de liaison et de suivi des ententes de la région & de ses MRC")], [], PAGE)
    assert "<b>" not in drawing
    assert all(len(words) <= 40 for words in re.findall(r">([^<>]+)</text>", drawing))


def test_its_words():
    words = organigram_words(BOXES, TIES)
    assert "3 espaces" in words
    assert "Table régionale" in words
