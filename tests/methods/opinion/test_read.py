"""Reading an export: its quirks, twenty bad files and more, and any bytes at all."""

import csv
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.methods.errors import Unreadable
from maillage.methods.opinion import read
from tests.methods.opinion.made import to_table

MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,10
7,1,0,3,2,1,1,-1,1
9,,2,1,0,0,,0,
"""
LIST = """timestamp,datetime,comment-id,voter-id,vote
1500,Thu,0,7,-1
1600,Thu,2,7,-1
1700,Thu,0,7,1
1700,Thu,10,7,1
1800,Thu,2,9,0
"""
COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1,Thu,10,7,1,0,1,"Un énoncé
sur deux lignes, avec virgule"
1,Thu,0,7,1,0,-1,Écarté
1,Thu,2,7,0,1,0,"Des « guillemets », des ""guillemets"" aussi"
"""


@pytest.fixture
def export(tmp_path):
    def made(**files):
        for name, text in files.items():
            path = tmp_path / (name.replace("_", "-") + ".csv")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return made


def test_a_folder_is_read(export):
    folder = export(
        participants_votes=MATRIX, votes=LIST, comments=COMMENTS, summary='topic,"Le logement, ici"\nurl,x\nviews,3\n'
    )
    found = read(folder)
    assert found.topic == "Le logement, ici"
    assert found.votes.people == ("7", "9")
    assert [one.id for one in found.votes.statements] == ["0", "2", "10"]
    assert [one.left_out for one in found.votes.statements] == [True, False, False]
    assert found.votes.statements[2].text == "Un énoncé sur deux lignes, avec virgule"
    assert found.votes.statements[1].text == 'Des « guillemets », des "guillemets" aussi'
    assert found.published_groups == {"7": "1"}
    assert np.nan_to_num(to_table(found.votes), nan=9).tolist() == [[1, -1, 1], [9, 0, 9]]
    assert found.remarks == ()


def test_the_two_files_of_votes_say_the_same(export):
    folder = export(participants_votes=MATRIX, votes=LIST)
    matrix, votes = read(folder / "participants-votes.csv").votes, read(folder / "votes.csv").votes
    assert to_table(matrix) == pytest.approx(to_table(votes), nan_ok=True)
    (remark,) = read(folder / "votes.csv").remarks
    assert str(remark) == "1 vote was changed later: the last one counts."
    assert remark.said("fr") == "1 vote a été changé plus tard\xa0: le dernier compte."


def test_the_last_vote_counts_whatever_the_order_of_the_lines(export):
    lines = LIST.splitlines()
    folder = export(votes="\n".join([lines[0], *reversed(lines[1:])]))
    votes = read(folder).votes
    place = [one.id for one in votes.statements].index("0")
    assert votes.value[votes.statement == place].tolist() == [1]


def test_a_list_with_its_signs_reversed_is_turned_over(export):
    reversed_ = LIST.replace(",-1", ",x").replace(",1\n", ",-1\n").replace(",x", ",1")
    found = read(export(votes=reversed_, comments=COMMENTS))
    places = [found.votes.people.index("7"), [one.id for one in found.votes.statements].index("10")]
    assert to_table(found.votes)[*places] == 1
    assert "-1 meant" in str(found.remarks[0])
    # Without the counts nothing says so: the signs are those of the file.
    (export(votes=reversed_) / "comments.csv").unlink()
    plain = read(export(votes=reversed_))
    assert (plain.votes.value == -found.votes.value).all()


def test_counts_that_differ_are_remarked(export):
    matrix, comments = MATRIX.replace("7,1,0,3", "7,1,0,4"), COMMENTS.replace("7,1,0", "7,5,0")
    found = read(export(participants_votes=matrix, comments=comments))
    assert [str(one) for one in found.remarks] == [
        "For 1 person the file gives other counts than their votes.",
        "For 2 statements comments.csv gives other counts: it may count votes that were changed later.",
    ]


def test_statements_that_only_one_file_knows(export):
    found = read(export(participants_votes=MATRIX, comments=COMMENTS + "1,Thu,99,7,0,0,1,Sans vote\n"))
    assert [one.id for one in found.votes.statements] == ["0", "2", "10", "99"]
    short = read(export(participants_votes=MATRIX, comments=COMMENTS.splitlines()[0] + "\n1,Thu,2,7,0,1,0,Seul\n"))
    assert [one.text for one in short.votes.statements] == ["", "Seul", ""]


def test_a_matrix_of_ones_own_needs_only_a_name_and_statements(export):
    path = export(mine="\ufeffparticipant,Le bus,Le vélo\r\nAnne,1,\r\n\r\nBernard, -1 ,1.0\r\n") / "mine.csv"
    votes = read(path).votes
    assert votes.people == ("Anne", "Bernard")
    assert [one.id for one in votes.statements] == ["Le bus", "Le vélo"]
    assert votes.value.tolist() == [1, -1, 1]


BAD = {
    "empty": ("", None, "empty"),
    "only blank lines": ("\n\n\n", None, "empty"),
    "no header": ("7,1,0\n", 1, "no column « participant »"),
    "other columns": ("name,vote\nx,1\n", 1, "no column « participant »"),
    "no statement": ("participant,group-id\n1,0\n", 1, "no column for a statement"),
    "column without a name": ("participant,1,\nx,1,1\n", 1, "no name"),
    "column twice": ("participant,1,1\nx,1,1\n", 1, "twice"),
    "participant twice": ("participant,1\nx,1\ny,1\nx,0\n", 4, "« x » is there twice"),
    "no participant": ("participant,1\n ,1\n", 2, "names no participant"),
    "word for a vote": ("participant,1\nx,1\ny,oui\n", 3, "« oui » in the column « 1 »"),
    "2 for a vote": ("participant,1,2\nx,1,2\n", 2, "« 2 »"),
    "half a vote": ("participant,1\nx,0.5\n", 2, "« 0.5 »"),
    "too few columns": ("participant,1,2\nx,1\n", 2, "2 columns where the first line has 3"),
    "too many columns": ("participant,1\nx,1,1\n", 2, "3 columns where the first line has 2"),
    "semicolons": ("participant;1;2\nx;1;1\n", 1, "no column « participant »"),
    "no vote": ("participant,1,2\nx,,\n", None, "no vote"),
    "nobody": ("participant,1,2\n", None, "no vote"),
    "quotation mark open": ('participant,1\nx,1\n"y,1\n', 3, "CSV"),
    "after a text of two lines": ('participant,1\n"x\nx",1\ny,?\n', 4, "« ? »"),
    "text after a quotation mark": ('participant,1\n"x"y,1\n', 2, "CSV"),
    "latin-1": ("participant,1\nx,1\né,1\n".encode("latin-1"), 3, "UTF-8"),
    "utf-16": ("participant,1\nx,1\n".encode("utf-16"), 1, "UTF-8"),
    "field too long": ("participant,1\n" + "x" * 1_000_001 + ",1\n", 2, "CSV"),
    "list without voter": ("comment-id,vote\n1,1\n", 1, "no column « participant »"),
    "list, nobody": ("comment-id,voter-id,vote\n1,,1\n", 2, "no participant or no statement"),
    "list, no statement": ("comment-id,voter-id,vote\n,4,1\n", 2, "no participant or no statement"),
    "list, empty vote": ("comment-id,voter-id,vote\n1,4,\n", 2, "is no vote"),
    "list, timestamp": ("timestamp,comment-id,voter-id,vote\nhier,1,4,1\n", 2, "« hier » is no timestamp"),
    "list, timestamp without end": ("timestamp,comment-id,voter-id,vote\n" + "9" * 30 + ",1,4,1\n", 2, "timestamp"),
    "list without lines": ("comment-id,voter-id,vote\n", None, "no vote"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_its_line_and_a_reason(name, export):
    text, line, words = BAD[name]
    with pytest.raises(Unreadable) as found:
        read(export(bad=text) / "bad.csv")
    assert found.value.line == line
    assert words in str(found.value.reason)
    assert found.value.said("fr") != found.value.said("en")


def test_reading_changes_nothing_for_who_else_reads_csv(export):
    """The limit of the csv module belongs to the whole process: other readers of the server rely on it."""
    before = csv.field_size_limit()
    read(export(participants_votes=MATRIX, comments=COMMENTS))
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id,body\n1,x\n", 1, "no column « comment-id »"),
        ("comment-id,moderated\n1,0\n1,0\n", 3, "« 1 »"),
        ("comment-id,moderated\n1,2\n", 2, "« 2 » is no moderation"),
        ("comment-id,agrees\n1,x\n", 2, "« x » is no number of votes"),
        ("comment-id,agrees\n1,-1\n", 2, "« -1 » is no number of votes"),
        ("comment-id,agrees\n1\n", 2, "1 columns"),
        ("", None, "empty"),
    ],
)
def test_a_bad_comments_file_is_named(text, line, words, export):
    with pytest.raises(Unreadable) as found:
        read(export(participants_votes=MATRIX, comments=text))
    assert found.value.line == line
    assert words in found.value.said()
    assert "comments.csv" in found.value.said()


def test_a_folder_or_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Unreadable, match="There is no"):
        read(tmp_path)
    with pytest.raises(Unreadable, match="cannot be opened"):
        read(tmp_path / "nothing.csv")


def read_or_refused(path):
    """Some votes, or the words of a refusal; never another error."""
    try:
        found = len(read(path).votes.value)
    except Unreadable as error:
        found = error.said("fr")
    assert found


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "any.csv"
    for start in (b"", b"participant,1,2\n", b"timestamp,comment-id,voter-id,vote\n"):
        path.write_bytes(start + content)
        read_or_refused(path)


CELLS = st.sampled_from(["", "1", "-1", "0", "1.0", " 1", "2", "x", '"', "1\n", "é", "\x00", "−1"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6), st.sampled_from([MATRIX, LIST, COMMENTS]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_lines_that_nearly_fit_are_read_or_refused(tmp_path, rows, start):
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    (tmp_path / "votes.csv").write_text(LIST, encoding="utf-8")
    name = "comments.csv" if start is COMMENTS else "participants-votes.csv"
    (tmp_path / name).write_text(start + written.getvalue(), encoding="utf-8", newline="")
    read_or_refused(tmp_path)
    (tmp_path / name).unlink()
