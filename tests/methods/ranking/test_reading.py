"""Ballots are read as they are written, and what cannot be read says its line in both languages."""

import contextlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maillage.methods.errors import Unreadable
from maillage.methods.ranking.read import read_ballots


def rows(ballots):
    """Values in units, None where blank."""
    return [
        [None if value == ballots.blank else value / ballots.per_unit for value in row]
        for row in ballots.values.tolist()
    ]


@pytest.mark.parametrize(
    ("text", "options", "values"),
    [
        (b",A,B\n1,3,0\n2,,-2\n", ("A", "B"), [[3, None], [None, -2]]),
        (b"A,B\n3,0\n,2", ("A", "B"), [[3, None], [None, 2]]),
        (b"Voter_ID;A;B\r\nx;1,5;2\r\ny;;+1,25\r\n", ("A", "B"), [[1.5, 2], [None, 1.25]]),
        (b"\xef\xbb\xbfid\tA\tB, b\n1\t10\t200\n", ("A", "B, b"), [[10, 200]]),
        (b'"A, a",B\n"3",1\n2,2\n', ("A, a", "B"), [[3, 1], [2, 2]]),
        (b'"A\nb",B\n3,1\n', ("A b", "B"), [[3, 1]]),
        (b'A;B\n"1,5";+2\n"";-0,25\n', ("A", "B"), [[1.5, 2], [None, -0.25]]),
        (b"id;A, b, c, d;B\n1;2;3\n", ("A, b, c, d", "B"), [[2, 3]]),
        (b"id;A, b, c;B\n1;1,5;2,5\n", ("A, b, c", "B"), [[1.5, 2.5]]),
        (b"id,A;1;2,B\n1,2,3\n", ("A;1;2", "B"), [[2, 3]]),
        (b"A,B\n\n3,1\n\n\n2, 2 \n\n", ("A", "B"), [[3, 1], [2, 2]]),
        (b"A\n1\n0\n3\n", ("A",), [[1], [None], [3]]),
        (b"A,B\n1,127\n1,128\n-128,40000\n", ("A", "B"), [[1, 127], [1, 128], [-128, 40000]]),
        ("№;É\n1;2\n".encode(), ("№", "É"), [[1, 2]]),
        (b"1,2\r1,0\r", ("1", "2"), [[1, None]]),
    ],
)
def test_a_table_is_read_as_it_is_written(text, options, values):
    ballots = read_ballots(text)
    assert ballots.options == options
    assert rows(ballots) == values


def test_zero_may_be_a_number_and_ranks_are_turned_over():
    assert rows(read_ballots(b"A,B\n0,-1\n,0\n", zero_is_blank=False)) == [[0, -1], [None, 0]]
    assert rows(read_ballots(b"A,B,C,D\n1,2,2.0,\n1,10,0,3\n", ranks=True)) == [[-1, -2, -2, None], [-1, -10, None, -3]]


def test_preferences_are_read_with_how_many_cast_them():
    ballots = read_ballots(b"count,preferences\n3,A>B=C>D\n2, D > A\n1,\n")
    assert ballots.options == ("A", "B", "C", "D")
    assert rows(ballots) == [[-1, -2, -2, -3], [-2, None, None, -1], [None] * 4]
    assert ballots.counts.tolist() == [3, 2, 1]
    assert ballots.total == 6
    assert read_ballots(b"id;vote\n1;B>A\n").options == ("B", "A")


def test_lines_are_those_of_the_file():
    assert read_ballots(b'A,B\n1,2\n\n3,"4"\n').lines.tolist() == [2, 4]
    assert read_ballots(b"A,B\n1,2\n3,4\n").lines.tolist() == [2, 3]


BAD = {
    b"": "empty",
    b" \n \n": "empty",
    b"\xff\xfeA\x00": "UTF-16",
    b"A,B\n1,\0\n": "Line 2: this is not text.",
    "Été,B\n1,2\n".encode("cp1252"): "Line 1: a character is not in UTF-8",
    b"A,B\n1,2\n1,\xe9\n": "Line 3: a character is not in UTF-8",
    b"A,B\n": "no ballot",
    b"id\n1\n": "Line 1: the first line names no option",
    b"A,,C\n1,2,3\n": "Line 1: the first line gives no name to option 2",
    b"id,A,\n1,2,3\n": "Line 1: the first line gives no name to option 2",
    b"A,B,A\n1,2,3\n": "Line 1: the first line names “A” twice",
    b"5,4,4\n1,2,3\n": "Line 1: the first line names “4” twice",
    b"A,B\n1,2\n1\n": "Line 3: 1 cell where the first line has 2",
    b"A,B\n1,2,3\n": "Line 2: 3 cells where the first line has 2",
    b"A,B\n1,2\n\n1,2,3\n": "Line 4: 3 cells",
    b"A,B\n1,2\nbien,2\n": "Line 3: “bien” is not a number, for the option “A”",
    b"A,B\n1,--2\n": "Line 2: “--2” is not a number, for the option “B”",
    b"A,B\n1,-\n": "Line 2: “-” is not a number",
    b"A,B\n1,1e5\n": "Line 2: “1e5” is not a number",
    b"A,B\n1,nan\n": "Line 2: “nan” is not a number",
    b"A;B\n1;1.2.3\n": "Line 2: “1.2.3” is not a number",
    b'A,B\n1,"1,5"\n': "Line 2: “1,5” is not a number",
    "A,B\n1,٣\n".encode(): "Line 2: “٣” is not a number",
    b"A,B\n1,99999999999\n": "Line 2: “99999999999” is not a number",
    b"A,B\n1,9999999999\n": "Line 2: “9999999999” is too large",
    b"A,B\n1,1.12345678\n": "Line 2: “1.12345678” is too large or has too many decimals",
    b"A,B\n999999999,0.001\n": "too large, or too precise",
    b'A,"B\n1,2\n': 'Line 1: a quotation mark (")',
    b'A,B\n1,2\n1,"2\n3,4\n': 'Line 3: a quotation mark (")',
    b'A,B\n1,"2"3\n': 'Line 2: a quotation mark (")',
    b"preferences\nA>>B\n": "Line 2: a name is missing",
    b"preferences\nA>B\nA>B=A\n": "Line 3: this ballot names “A” twice",
    b"preferences\n \n": "names an option",
    b"count,vote\nx,A>B\n": "Line 2: “x” is not a number of ballots",
    b"count,vote\n-1,A>B\n": "Line 2: “-1” is not a number of ballots",
    b"count,vote\n": "no ballot",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text)[:40])
def test_what_cannot_be_read_says_where_and_why(text):
    with pytest.raises(Unreadable) as refused:
        read_ballots(text)
    assert BAD[text] in refused.value.said("en")
    assert refused.value.said("fr") != refused.value.said("en")


@pytest.mark.parametrize("cell", [b"-1", b"1.5"])
def test_ranks_are_whole_numbers_from_one(cell):
    with pytest.raises(Unreadable, match="Line 3: a rank is a whole number from 1, for the option “B”"):
        read_ballots(b"A,B\n1,2\n1," + cell + b"\n", ranks=True)


def test_a_file_that_cannot_be_opened_says_so(tmp_path):
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_ballots(tmp_path / "none.csv")
    path = tmp_path / "some.csv"
    path.write_bytes(b"A,B\n1,2\n")
    assert rows(read_ballots(path)) == [[1, 2]]


PIECES = st.sampled_from([
    b"A", b"B", b",", b";", b"\t", b"\n", b"\r\n",
    b'"', b"0", b"1", b"-2", b"1.5", b"", b" ", b"\xe9", b">", b"=", b"\0",
    b"preferences\n", b"count,vote\n", b"id,A,B\n", "é".encode(), b"\xef\xbb\xbf", b"99999",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(b"".join) | st.binary(max_size=200), st.booleans())
@example(b'A,"', False)
@settings(max_examples=600, deadline=None)
def test_no_bytes_make_a_traceback(data, ranks):
    with contextlib.suppress(Unreadable):
        ballots = read_ballots(data, ranks=ranks)
        assert ballots.values.shape == (len(ballots.lines), len(ballots.options))


@given(st.lists(st.lists(st.none() | st.integers(-999, 999), min_size=3, max_size=3), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_fast_way_reads_as_the_exact_one(table):
    plain = "A,B,C\n" + "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in table)
    # A quoted cell sends the file the exact way.
    quoted = plain + '"1",2,3\n'
    fast = read_ballots(plain.encode(), zero_is_blank=False)
    exact = read_ballots(quoted.encode(), zero_is_blank=False)
    assert rows(fast) == rows(exact)[:-1] == [[None if cell is None else cell for cell in row] for row in table]


CELLS = st.sampled_from(
    ["", "0", "7", "-3", "+2", "1.5", "-0.25", "2,5", "3.", "1.50", "12345", "-99999.25", " 4", "1.123456", "1.0000000",
     ".5", "-", "1.2.3", "x", "999999999", "1.1234567", '"', "-.5", "+"]
)  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.booleans())
@settings(max_examples=400, deadline=None)
def test_decimals_and_quotes_are_read_the_fast_way_as_cell_by_cell(table, quoted):
    mark = '"' if quoted else ""
    text = "A;B\n" + "".join(f"{mark}{a}{mark};{mark}{b}{mark}\n" for a, b in table)

    def read():
        try:
            return rows(read_ballots(text.encode(), zero_is_blank=False))
        except Unreadable as error:
            return str(error)

    found = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("maillage.methods.ranking._matrix._plain", lambda *arguments: None)
        assert read() == found


@pytest.mark.parametrize("cell", ["1", '"1"', "1.5", '"a, b"'])
def test_an_identifier_that_comes_back_is_said(cell):
    head = "voter,A,B\nx,1,2\ny,1,2\n,1,2\n,1,2\n"
    assert not read_ballots(f"{head}z,1,2\n".encode()).warnings
    (warning,) = read_ballots(f"{head}{cell},1,2\nx,2,2\n{cell},2,2\n".encode()).warnings
    assert "2 identifiers come back on several lines (such as lines 2, 7)" in warning.said()
    assert "vérifiez que personne ne vote deux fois" in warning.said("fr")
    assert not read_ballots(b"A,B\n1,2\n1,2\n").warnings
    (warning,) = read_ballots(b"id,vote\nx,A>B\nx,B>A\n").warnings
    assert "1 identifier comes back" in warning.said()


def test_a_file_of_several_chunks_is_read_whole(monkeypatch):
    monkeypatch.setattr("maillage.methods.ranking._matrix.CHUNK", 64)
    drawn = np.random.default_rng(5).integers(-3, 7, (500, 4))
    text = "id,A,B,C,D\n" + "".join(f"{n}," + ",".join(map(str, row)) + "\n" for n, row in enumerate(drawn.tolist()))
    text = text.replace(",6,", ",600,", 3)
    told = []
    ballots = read_ballots(text.encode(), zero_is_blank=False, progress=lambda done, total: told.append((done, total)))
    expected = [[int(cell) for cell in line.split(",")[1:]] for line in text.splitlines()[1:]]
    assert ballots.values.tolist() == expected
    assert ballots.values.dtype == np.int16
    assert told[-1][0] == told[-1][1] == len(text.rstrip())


@pytest.mark.real_data
def test_the_polling_station_of_orsay_is_read(real_data):
    ballots = read_ballots(real_data / "grades" / "orsay-2007-bureau-01.csv")
    assert len(ballots.options) == 12
    assert ballots.options[3] == "Bayrou"
    assert ballots.values.max() == 6
    assert ballots.values[0].tolist()[:3] == [5, 4, ballots.blank]
