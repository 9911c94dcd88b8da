"""Files of counts and of people: what they give, and what is refused with its line."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.disclosure.counting import BLANK, count_people
from maillage.methods.disclosure.explain import explain
from maillage.methods.disclosure.protect import protect
from maillage.methods.disclosure.reading import read_counts
from maillage.methods.disclosure.tables import Cell
from maillage.methods.errors import Unreadable

COUNTS = b"age;sexe;nombre\n18-29;F;3\n18-29;M;20\n30+;F;31\n30+;M;1 040\n"


def test_counts_one_line_a_cell():
    (table,) = read_counts(COUNTS)
    assert table.variables == ("age", "sexe")
    assert table.categories == (("18-29", "30+"), ("F", "M"))
    assert table.counts.tolist() == [[3, 20], [31, 1040]]


def test_several_tables_and_crossings_without_a_line():
    sector, sex = read_counts(b"table,age,sector,sex,count\na,young,s1,,5\na,old,s2,,9\nb,young,,f,5\nb,old,,m,9\n")
    assert (sector.name, sector.variables, sex.variables) == ("a", ("age", "sector"), ("age", "sex"))
    assert sector.counts.tolist() == [[5, 0], [0, 9]]
    assert sector.categories[0] == sex.categories[0]


def test_people_are_counted():
    one, other = count_people(b"age,sex,town\n1,f,x\n1,,x\n2,f,y\n", [["age", "sex"], ["town"]])
    assert one.categories == (("1", "2"), ("f", BLANK))
    assert one.counts.tolist() == [[1, 1], [1, 0]]
    assert other.counts.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "empty"),
        (b"age,count\n", 1, "no line"),
        (b"count\n3\n", 1, "column of categories"),
        (b"age,,count\n1,2,3\n", 1, "no name"),
        (b"age,age,count\n1,2,3\n", 1, "two columns"),
        (b"age,count\n1,2\n\n1,3,4\n", 4, "3 cells"),
        (b"age,count\n1,two\n", 2, "not a number"),
        (b"age,count\n1,-2\n", 2, "not a number"),
        (b"age,count\n1,2.5\n", 2, "not a number"),
        (b"age,count\n1,2\n1,3\n", 3, "already"),
        (b"age,count\n1,2\nTotal,2\n", 3, "computed"),
        (b"a,b,c,d,count\n1,1,1,1,2\n", 2, "one to three"),
        (b"a,b,count\n1,1,2\n1,,2\n", 3, "same columns as line 2"),
        (b"table,population,a,count\nt,p,1,2\nt,q,2,2\n", 3, "another population"),
        (b"age,count\n\xe9,2\n", 2, "UTF-8"),
        (b'age,count\n"1,2\n', 2, "quote"),
        (b"a,b,c,count\n" + b"".join(b"%d,%d,%d,1\n" % (n, n, n) for n in range(40)), 2, "64,000 cells"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content, line, words):
    with pytest.raises(Unreadable, match=words) as caught:
        read_counts(content)
    assert caught.value.line == line


def test_people_refused():
    for by, words in (([["nobody"]], "no column"), ([["a", "a"]], "different"), ([[]], "different")):
        with pytest.raises(Unreadable, match=words):
            count_people(b"a,b\n1,2\n", by)
    with pytest.raises(Unreadable, match="no line"):
        count_people(b"a,b\n", [["a"]])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='ab,;"\n\r\t01 \0é', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(content):
    for read in (read_counts, lambda data: count_people(data, [["a"]])):
        with suppress(Unreadable):
            read(content)


def test_the_explanation_says_why():
    found = protect(read_counts(COUNTS))
    small = Cell((("age", "18-29"), ("sexe", "F")))
    lines = [line.said("en") for line in explain(found, small)]
    assert lines[0] == "age = 18-29, sexe = F: 3 people."
    assert "fewer than 5" in lines[1]
    assert "between 0 and 23" in lines[2]
    helping = next(cell for cell in found.suppressed if cell != small)
    assert "subtraction" in explain(found, helping)[1].said("en")
    shown = explain(found, Cell(()))
    assert len(shown) == 2
    assert "Publié" in shown[1].said("fr")
