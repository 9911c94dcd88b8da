"""What is written is read again as it was."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabutools.election.pabulib import parse_pabulib_from_string

from maillage.methods.budgeting.election import Election, Project, VoteType
from maillage.methods.budgeting.read import read_pabulib
from maillage.methods.budgeting.write import write_pabulib

from .files import APPROVAL, CUMULATIVE, pabulib
from .instances import election, instances


def contents(one: Election) -> tuple[object, ...]:
    ballots = one.ballots
    points = None if ballots.points is None else [Fraction(int(p), ballots.points_per_unit) for p in ballots.points]
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    voters = None if one.voters is None else list(one.voters)
    return one.projects, one.budget, one.vote_type, dict(one.meta), starts, chosen, points, voters, one.warnings


def test_a_plain_file_is_written_as_it_was():
    assert write_pabulib(read_pabulib(APPROVAL.encode())).decode() == APPROVAL
    scored = write_pabulib(read_pabulib(CUMULATIVE.encode())).decode()
    assert scored == CUMULATIVE.replace("max_sum_points;7\n", "max_sum_points;7\nnum_projects;2\nnum_votes;3\n")


def test_what_the_election_says_prevails():
    one = read_pabulib(APPROVAL.encode())
    changed = replace(
        one, budget=Fraction(2001, 2), projects=(replace(one.projects[0], cost=Fraction(1, 8)), *one.projects[1:])
    )
    again = read_pabulib(write_pabulib(changed))
    assert (again.budget, again.projects[0].cost, again.projects[1].columns["cost"]) == (
        Fraction(2001, 2),
        Fraction(1, 8),
        "400.50",
    )


def test_an_election_made_by_hand():
    made = election(["2.5", 3], [[0, 1], []], 4, VoteType.SCORING, [[1, 2], []], ids=["a", 'b"c'])
    again = read_pabulib(write_pabulib(made))
    assert [project.id for project in again.projects] == ["a", 'b"c']
    assert again.ballots.points.tolist() == [1, 2]
    assert next(iter(again.voters)) == ("1", 'a,b"c', "1,2")


def test_what_cannot_be_written_is_refused():
    with pytest.raises(ValueError, match="no end"):
        write_pabulib(election([Fraction(1, 3)], [], 1))
    one = read_pabulib(APPROVAL.encode())
    with pytest.raises(ValueError, match="zip"):
        write_pabulib(replace(one, ballots=read_pabulib(pabulib("a;1")).ballots))


def test_random_elections_come_back_whole():
    for one in instances(300, 51, tuple(VoteType)):
        first = read_pabulib(write_pabulib(one))
        assert [(p.id, p.cost) for p in first.projects] == [(p.id, p.cost) for p in one.projects]
        assert contents(first)[4:6] == (one.ballots.starts.tolist(), one.ballots.chosen.tolist())
        assert contents(read_pabulib(write_pabulib(first))) == contents(first)


TEXT = st.text(st.sampled_from(list('aé ;",\n-0')), max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), TEXT, TEXT)
def test_any_text_in_cells_comes_back(rows: list[tuple[str, str]], name: str, comment: str):
    """Names, comments and voters with separators, quotes and ends of lines."""
    made = election([1, 2], [[0], [1, 0]], 3)
    projects = tuple(
        Project(project.id, project.cost, name.strip(), {"name": name.strip(), "x": (row[0] + row[1]).strip()})
        for project, row in zip(made.projects, [*rows, *rows], strict=False)
    )
    made = replace(made, projects=projects, meta={"comment": comment.strip()})
    first = read_pabulib(write_pabulib(made))
    assert [project.name for project in first.projects] == [name.strip()] * 2
    assert [project.columns["x"] for project in first.projects] == [project.columns["x"] for project in projects]
    assert first.meta["comment"] == comment.strip()
    assert contents(read_pabulib(write_pabulib(first))) == contents(first)


@pytest.mark.real_data
def test_real_files_come_back_whole(real_data: Path):
    for path in sorted((real_data / "budgets").glob("*.pb")):
        one = read_pabulib(path)
        written = write_pabulib(one)
        assert contents(read_pabulib(written)) == contents(one), path
        instance, profile = parse_pabulib_from_string(written.decode())
        assert (len(instance), profile.num_ballots()) == (len(one.projects), len(one.ballots))
