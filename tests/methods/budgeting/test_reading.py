"""Reading Pabulib files: by hand, wrong files one by one, the two ways of reading compared, and mutations."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabutools.election.pabulib import parse_pabulib_from_string

from maillage.methods.budgeting import _ballot_lines
from maillage.methods.budgeting.election import Election, VoteType
from maillage.methods.budgeting.read import read_pabulib
from maillage.methods.errors import Unreadable

from .files import APPROVAL, CUMULATIVE, pabulib


def ballots(election: Election) -> list[list[str]]:
    """The ids that each ballot names."""
    starts, chosen = election.ballots.starts, election.ballots.chosen
    return [
        [election.projects[place].id for place in chosen[starts[i] : starts[i + 1]]]
        for i in range(len(election.ballots))
    ]


def everything(data: bytes) -> object:
    """All that is read, to compare; or the error, in both languages."""
    try:
        election = read_pabulib(data)
    except Unreadable as error:
        return error.said("en"), error.said("fr")
    found = election.ballots
    points = None if found.points is None else [Fraction(int(p), found.points_per_unit) for p in found.points]
    return (
        election.projects, election.budget, election.vote_type, dict(election.meta), found.starts.tolist(),
        found.chosen.tolist(), points, [str(line) for line in election.warnings], list(election.voters),
    )  # fmt: skip


def test_an_approval_file_by_hand():
    election = read_pabulib(APPROVAL.encode())
    assert [(project.id, project.cost, project.name) for project in election.projects] == [
        ("1", 600, "Jardin"),
        ("01", Fraction(801, 2), 'Parc; "le grand"'),
        ("b", 0, ""),
    ]
    assert election.projects[1].columns == {
        "project_id": "01",
        "cost": "400.50",
        "name": 'Parc; "le grand"',
        "category": "",
    }
    assert election.budget == 1000
    assert election.vote_type is VoteType.APPROVAL
    assert election.meta["rule"] == "greedy"
    assert ballots(election) == [["1", "01"], ["b"], [], ["01", "1", "b"]]
    assert election.ballots.points is None
    assert list(election.voters)[1] == ("v2", "", "b")
    assert election.warnings == ()


def test_points_are_exact_and_go_with_their_project():
    election = read_pabulib(CUMULATIVE.encode())
    assert ballots(election) == [["4", "16"], ["16"], []]
    assert election.ballots.points_per_unit == 10
    assert election.ballots.points.tolist() == [30, 40, 25]
    whole = read_pabulib(pabulib("a;1,2;3,4", vote_type="scoring", header="voter_id;vote;points"))
    assert (whole.ballots.points.tolist(), whole.ballots.points_per_unit) == ([3, 4], 1)
    below = read_pabulib(pabulib("a;1,2;-3,-0.25", vote_type="scoring", header="voter_id;vote;points"))
    assert (below.ballots.points.tolist(), below.ballots.points_per_unit) == ([-300, -25], 100)


@pytest.mark.parametrize("vote_type", ["approval", "ordinal", "choose-1"])
def test_the_other_types_keep_the_order_that_was_written(vote_type):
    election = read_pabulib(pabulib("a;2\nb;1" if vote_type == "choose-1" else "a;2,1\nb;1", vote_type=vote_type))
    assert ballots(election)[0] == (["2"] if vote_type == "choose-1" else ["2", "1"])
    assert election.vote_type == vote_type


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.replace(b"\nv2", b"\r\nv2"),
        lambda data: data + b"\n\n\r\n",
        lambda data: data.rstrip(b"\n"),
        lambda data: data.replace(b"META", b" meta ").replace(b"PROJECTS", b"Projects;;;").replace(b"VOTES", b"votes"),
        lambda data: data.replace(b"\nVOTES", b"\n\nVOTES"),
        lambda data: data.replace(b"01,1,b", b" 01 , 1,b "),
        lambda data: data.replace(b"v4;25;01,1,b", b'v4;25;"01,1,b"'),
        lambda data: data.replace(b"voter_id;age;vote", b"Voter_ID;age;VOTE"),
        lambda data: data.replace(b"v4;25;01,1,b", b"v4;25;01,1,b;;"),
    ],
)  # fmt: skip
def test_ways_of_writing_that_change_nothing(change):
    plain, changed = read_pabulib(APPROVAL.encode()), read_pabulib(change(APPROVAL.encode()))
    assert [(p.id, p.cost) for p in changed.projects] == [(p.id, p.cost) for p in plain.projects]
    assert ballots(changed) == ballots(plain)
    assert changed.budget == plain.budget
    assert changed.warnings == ()


def test_a_cell_may_hold_lines_and_the_line_of_an_error_counts_them():
    data = pabulib('a;"x\ny";1\nb;z;3', header="voter_id;remark;vote")
    with pytest.raises(Unreadable) as caught:
        read_pabulib(data)
    assert caught.value.line == 13
    assert [row[1] for row in read_pabulib(data.replace(b"z;3", b"z;2")).voters] == ["x\ny", "z"]


DOUBTFUL = {
    "num_votes": (pabulib(head="num_votes;3\n"), "META announces “num_votes” 3; the file has 2. Is it whole?"),
    "num_projects": (pabulib(head="num_projects;1\n"), "META announces “num_projects” 1; the file has 2. Is it whole?"),
    "min_length": (pabulib(head="min_length;2\n"), "One ballot does not respect “min_length” (2): line 12."),
    "max_length": (pabulib("a;1\nb;1,2\nc;2,1", head="max_length;1\n"),
                   "2 ballots do not respect “max_length” (1), the first on line 13."),
    "comma": (pabulib("a;1,\nb;,2"), "2 ballots have a comma too many (the first on line 11)."),
    "short": (pabulib("a\nb;1"), "One ballot has fewer cells than the header (line 11): the others are read as empty."),
    "nameless": (pabulib("a;1\n;2\n;1"), "2 ballots have no voter’s id (the first on line 12)."),
    "decimal comma": (pabulib(projects="1;10,50\n2;5"), "Line 7: “10,50” is read with a decimal comma."),
    "short project": (pabulib(projects="1;10\n2;20;x", project_header="project_id;cost;name"),
                      "Line 7: the number of cells is 2; the header has 3. The others are read as empty."),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_doubtful_is_said_and_read(name):
    data, said = DOUBTFUL[name]
    election = read_pabulib(data)
    assert [str(line) for line in election.warnings] == [said]
    assert election.warnings[0].said("fr") != said


SCORING = {"vote_type": "scoring", "header": "voter_id;vote;points"}
WRONG = {
    "empty": (b"", None, "no part META"),
    "blank": (b"\n \n", None, "no part META"),
    "other file": (b"name,votes\nx,1\n", 1, "begins with a line that says META"),
    "no meta": (b"PROJECTS\nproject_id;cost\n1;2\n", 1, "PROJECTS comes before META"),
    "no projects": (b"META\nkey;value\nbudget;1\nvote_type;approval\nVOTES\nvoter_id;vote\n", 5, "before PROJECTS"),
    "no votes": (pabulib().partition(b"VOTES")[0], None, "no part VOTES"),
    "meta twice": (pabulib().replace(b"PROJECTS", b"META\nkey;value\nPROJECTS"), 5, "META begins for the second time"),
    "projects twice": (pabulib(projects="1;2\nPROJECTS\nproject_id;cost"), 8, "PROJECTS begins for the second"),
    "part after the votes": (pabulib("a;1\nMETA\nb;1"), 12, "META begins after VOTES"),
    "votes twice": (pabulib("a;1\nVOTES"), 12, "VOTES begins after VOTES"),
    "no header of meta": (b"META\nbudget;1\n", 2, "key;value"),
    "nothing after meta": (b"META\n", 1, "META has no header"),
    "nothing after votes": (pabulib().partition(b"voter_id")[0], 9, "VOTES has no header"),
    "no project_id": (pabulib(project_header="id;cost"), 6, "PROJECTS has no “project_id”"),
    "no cost": (pabulib(project_header="project_id;price"), 6, "PROJECTS has no “cost”"),
    "no vote": (pabulib(header="voter_id;ballot"), 10, "VOTES has no “vote”"),
    "no voter_id": (pabulib(header="id;vote"), 10, "VOTES has no “voter_id”"),
    "no points": (pabulib(vote_type="scoring"), 10, "VOTES has no “points”"),
    "column twice": (pabulib(header="voter_id;vote;vote", ballots="a;1;1"), 10, "“vote” twice"),
    "no budget": (pabulib().replace(b"budget;25\n", b""), None, "does not give “budget”"),
    "empty budget": (pabulib(budget=""), None, "does not give “budget”"),
    "no vote_type": (pabulib().replace(b"vote_type;approval\n", b""), None, "does not give “vote_type”"),
    "unknown type": (pabulib(vote_type="plurality"), 4, "“plurality” is no type of vote"),
    "two budgets": (pabulib(head="budget;26\n"), 5, "“budget” is given twice"),
    "no key": (pabulib(head=";x\n"), 5, "without its key"),
    "negative budget": (pabulib(budget="-3"), 3, "“budget” is negative"),
    "budget in words": (pabulib(budget="lots"), 3, "“lots” is not an amount"),
    "budget with a sign": (pabulib(budget="25 $"), 3, "“25 $” is not an amount"),
    "budget with thousands": (pabulib(budget="25,000"), 3, "“25,000” is not an amount"),
    "infinite budget": (pabulib(budget="inf"), 3, "“inf” is not an amount"),
    "endless budget": (pabulib(budget="9" * 5000), 3, "is not an amount"),
    "count in words": (pabulib(head="num_votes;two\n"), 5, "“two” is not a whole number"),
    "length in words": (pabulib(head="max_length;-1\n"), 5, "“-1” is not a whole number"),
    "project without id": (pabulib(projects=";10\n2;20"), 7, "without id"),
    "project without cost": (pabulib(projects="1;10\n2;"), 8, "“cost” is empty"),
    "project cut": (pabulib(projects="1;10\n2"), 8, "“cost” is empty"),
    "negative cost": (pabulib(projects="1;10\n2;-20.5"), 8, "“cost” is negative: -20.5"),
    "cost in words": (pabulib(projects="1;free\n2;20"), 7, "“free” is not an amount"),
    "cost in science": (pabulib(projects="1;1e3\n2;20"), 7, "“1e3” is not an amount"),
    "cost in arabic digits": (pabulib(projects="1;١\n2;20"), 7, "is not an amount"),
    "project twice": (pabulib(projects="1;10\n1;20"), 8, "already on line 7"),
    "comma in an id": (pabulib(projects='"1,2";10\n2;20'), 7, "has a comma"),
    "project too wide": (pabulib(projects="1;10;x\n2;20"), 7, "the number of cells is 3; the header has 2"),
    "unknown project": (pabulib("a;1\nb;1,3"), 12, "names “3”"),
    "id is not a number": (pabulib("a;1\nb;01"), 12, "names “01”"),
    "project twice in a ballot": (pabulib("a;1,2,1"), 11, "names “1” twice"),
    "ballot too wide": (pabulib("a;1;2"), 11, "the number of cells is 3; the header has 2"),
    "separator of another kind": (pabulib("a;1|2"), 11, "names “1|2”"),
    "two choices": (pabulib("a;1,2", vote_type="choose-1"), 11, "names 2 projects"),
    "voter twice": (pabulib("a;1\nb;2\na;2"), 13, "“a” already has a ballot on line 11"),
    "voter with a long id twice": (pabulib(f"{'x' * 99};1\n{'y' * 99};1\n{'x' * 99};2"), 13, "already has a ballot"),
    "too few points": (pabulib("a;1,2;3", **SCORING), 11, "projects: 2; points: 1."),
    "too many points": (pabulib("a;1;3,4", **SCORING), 11, "projects: 1; points: 2."),
    "points without projects": (pabulib("a;;3", **SCORING), 11, "projects: 0; points: 1."),
    "points in words": (pabulib("a;1;x", **SCORING), 11, "“x” is not a number of points"),
    "points in part": (pabulib("a;1,2;3,", **SCORING), 11, "“” is not a number of points"),
    "points without end": (pabulib("a;1;99999999999999999999", **SCORING), 11, "is not a number of points"),
    "comma too many with points": (pabulib("a;1,,2;1,2,3", **SCORING), 11, "a comma too many"),
    "quote never closed": (pabulib('a;1\n"b;2\nc;1'), 12, "never closed"),
    "quote never closed in projects": (pabulib(projects='1;10\n"2;20'), 8, "never closed"),
    "latin-1": (pabulib("a;1\né;2").decode().encode("latin-1"), 12, "UTF-8"),
    "utf-16": (pabulib().decode().encode("utf-16"), None, "UTF-16"),
    "binary": (pabulib("a;1\nb\0;2"), 12, "not text"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files_tell_the_line_and_the_reason_in_two_languages(name):
    data, line, said = WRONG[name]
    with pytest.raises(Unreadable) as caught:
        read_pabulib(data)
    assert (caught.value.line, said in caught.value.said("en")) == (line, True), caught.value.said("en")
    french = caught.value.said("fr")
    assert french != caught.value.said("en")
    assert "%(" not in french


def test_there_are_enough_wrong_files():
    assert len(WRONG) >= 40


def test_a_file_that_is_not_there(tmp_path: Path):
    for path in (tmp_path / "no.pb", tmp_path):
        with pytest.raises(Unreadable, match="cannot be opened"):
            read_pabulib(path)


def test_progress_ends_at_the_end(monkeypatch):
    monkeypatch.setattr(_ballot_lines, "CHUNK", 64)
    data = pabulib("\n".join(f"v{i};1,2" for i in range(100)))
    seen: list[tuple[int, int]] = []
    read_pabulib(data, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(data) - 1, len(data) - 1)
    assert seen == sorted(seen)
    assert len(seen) > 10


def test_voters_are_told_apart_even_when_their_numbers_are_equal(monkeypatch):
    """Two ids may share a number by accident: the ids decide."""
    read = _ballot_lines.read_ballots

    def accident(*args):
        found = read(*args)
        found.voters[:] = 7
        return found

    monkeypatch.setattr("maillage.methods.budgeting.read.read_ballots", accident)
    assert len(read_pabulib(pabulib("a;1\nb;2\nc;1")).ballots) == 3


# Both ways of reading.

IDS = ["1", "2", "01", "p", "é", "eight888", "nine99999", "a long identifier", "a long identifies", "x" * 64, "y" * 65]
CELL = st.sampled_from(["", "v", "w1", "voter_with_a_long_name_1", "voter_with_a_long_name_2", "z" * 70, '"q;q"', "é"])


@st.composite
def any_files(draw) -> bytes:
    vote_type = draw(st.sampled_from(list(VoteType)))
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=len(IDS), unique=True))
    pointed = vote_type in ("cumulative", "scoring")
    lines = []
    for number in range(draw(st.integers(0, 12))):
        most = 1 if vote_type == "choose-1" else 4
        named = draw(st.lists(st.sampled_from(ids), max_size=most, unique=True))
        points = [draw(st.sampled_from(["0", "3", "12", "2.5", "-1", "999999999"])) for _ in named]
        name = f"{draw(CELL)}{number}" if draw(st.integers(0, 9)) else draw(CELL)
        row = [name, draw(CELL), ",".join(named), *([",".join(points)] if pointed else [])]
        if draw(st.booleans()):
            row = [f'"{cell}"' if '"' not in cell else cell for cell in row]
        line = ";".join(row)
        if not draw(st.integers(0, 7)):
            place = draw(st.integers(0, len(line)))
            line = line[:place] + draw(st.sampled_from([";", ",", '"', " ", "\n", "1", "x", "\nMETA\n"])) + line[place:]
        lines.append(line)
    header = "voter_id;age;vote" + (";points" if pointed else "")
    projects = "\n".join(f"{name};10" for name in ids)
    return pabulib("\n".join(lines), vote_type=vote_type, header=header, projects=projects, head="max_length;2\n")


@settings(max_examples=400, deadline=None)
@given(any_files(), st.sampled_from([1, 20, 60, 1 << 20]))
def test_the_fast_way_reads_what_the_exact_way_reads(data: bytes, chunk: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ballot_lines, "CHUNK", chunk)
        fast = everything(data)
        patch.setattr(_ballot_lines, "read_plain", lambda *args: None)
        assert everything(data) == fast


def test_plain_files_do_take_the_fast_way(monkeypatch):
    def refuse(*args):
        raise AssertionError("read line by line")

    monkeypatch.setattr(_ballot_lines, "read_exact", refuse)
    assert len(read_pabulib(pabulib("a;1\nb;2,1\nc;")).ballots) == 3
    assert len(read_pabulib(pabulib("a;1;3\nb;2,1;10,0\nc;;", **SCORING)).ballots) == 3
    assert ballots(read_pabulib(pabulib('"a";"1"\n"b";"2,1"\n"";""')))[1] == ["2", "1"]
    many = "\n".join(f"identifier-{place:04};10" for place in range(2000))
    assert len(read_pabulib(pabulib("a;identifier-0007,identifier-1999", projects=many)).ballots) == 1


def test_the_fast_way_finds_a_project_named_twice_among_thousands():
    projects = "\n".join(f"{place};10" for place in range(3000))
    few = pabulib("a;1,2\nb;5,1\nc;2999,4,2999", projects=projects)
    with pytest.raises(Unreadable, match="names “2999” twice") as caught:
        read_pabulib(few)
    assert caught.value.line == 3011


def test_more_projects_than_the_table_takes(monkeypatch):
    monkeypatch.setattr(_ballot_lines.Table, "of", classmethod(lambda cls, ids: None))
    assert ballots(read_pabulib(pabulib("a;2,1"))) == [["2", "1"]]


def test_a_header_of_many_columns_is_not_compared_with_itself():
    header = ";".join(["voter_id", "vote", *(f"c{place}" for place in range(60_000))])
    start = time.process_time()
    assert len(read_pabulib(pabulib("a;1\nb;2", header=header)).ballots) == 2
    assert time.process_time() - start < 5, "a minute where each name is looked for among all"


# Nothing else than an election or a refusal.


def mutated(data: bytes, draw: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(draw.randint(1, 2)):
        place = draw.randrange(len(out) + 1)
        kind = draw.randrange(4)
        if kind == 0 and out:
            del out[place : place + draw.randint(1, 20)]
        elif kind == 1:
            out[place:place] = draw.choice(
                [b'"', b";", b",", b"\n", b"\r", b"\0", b"\xe9", b"-", b"1", b"VOTES\n", b" "]
            )
        elif kind == 2:
            other = draw.randrange(len(out) + 1)
            out[place:place] = out[other : other + draw.randint(1, 60)]
        elif place < len(out):
            out[place] = draw.randrange(256)
    return bytes(out)


def test_mutations_give_an_election_or_a_refusal_the_same_both_ways():
    draw = random.Random(7)
    read = refused = 0
    for _ in range(1000):
        data = mutated(draw.choice([APPROVAL, CUMULATIVE]).encode(), draw)
        fast = everything(data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_ballot_lines, "read_plain", lambda *args: None)
            assert everything(data) == fast, data
        read, refused = read + (len(fast) > 2), refused + (len(fast) == 2)
    assert min(read, refused) > 150


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_an_election_or_a_refusal(data: bytes):
    for whole in (data, b"META\nkey;value\n" + data, pabulib() + data):
        everything(whole)


# Real files.


@pytest.mark.real_data
def test_real_files_read_without_a_doubt_and_agree_with_their_own_counts(real_data: Path):
    paths = sorted((real_data / "budgets").glob("*.pb"))
    assert len(paths) == 9
    for path in paths:
        election = read_pabulib(path)
        votes = np.bincount(election.ballots.chosen, minlength=len(election.projects))
        assert election.warnings == (), path
        assert len(election.ballots) == int(election.meta["num_votes"])
        assert [
            project.columns.get("votes", str(count)) for project, count in zip(election.projects, votes, strict=True)
        ] == [str(count) for count in votes], path


def test_a_comma_for_thousands_is_refused_where_pabutools_reads_a_thousandth():
    """pabutools takes any comma for a decimal point: a cost of « 4,000 » becomes 4, without a word."""
    data = pabulib(projects="1;4,000\n2;20")
    instance, _profile = parse_pabulib_from_string(data.decode())
    assert {project.name: project.cost for project in instance}["1"] == 4
    with pytest.raises(Unreadable, match="“4,000” is not an amount"):
        read_pabulib(data)


def test_a_ballot_that_names_a_project_twice_is_refused_where_pabutools_counts_it_once():
    _instance, profile = parse_pabulib_from_string(pabulib("a;1,1").decode())
    assert len(profile[0]) == 1
    with pytest.raises(Unreadable, match="names “1” twice"):
        read_pabulib(pabulib("a;1,1"))
