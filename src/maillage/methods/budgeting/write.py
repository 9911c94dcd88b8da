"""Writes an election in the Pabulib format."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from maillage.methods.budgeting.election import Election, Project, VoteType

POINTED = (VoteType.CUMULATIVE, VoteType.SCORING)


def write_pabulib(election: Election) -> bytes:
    """The file that :func:`read_pabulib` would read as this election: in UTF-8, lines ended by ``\\n``.

    Every cell is as it was written, except what the election itself says otherwise: ids, costs, envelope, type and
    number of votes, ballots. Without ``voters`` the ballots are numbered from 1.

    Errors: ``ValueError`` where an amount has no end in decimals (a third), or where there are not as many voters as
    ballots.
    """
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\n")
    text.write("META\n")
    table.writerow(("key", "value"))
    table.writerows(_meta(election).items())
    text.write("PROJECTS\n")
    columns = _columns(election.projects)
    table.writerow(columns)
    table.writerows([_cell(project, column) for column in columns] for project in election.projects)
    text.write("VOTES\n")
    table.writerows(_votes(election))
    return text.getvalue().encode()


def _meta(election: Election) -> dict[str, str]:
    meta = dict(election.meta)
    meta["num_projects"] = str(len(election.projects))
    meta["num_votes"] = str(len(election.ballots))
    meta["budget"] = _same(meta.get("budget", ""), election.budget)
    if meta.get("vote_type", "").lower() != election.vote_type:
        meta["vote_type"] = election.vote_type.value
    return meta


def _columns(projects: Sequence[Project]) -> list[str]:
    """Every column of some project, in the order in which they come."""
    columns = list(dict.fromkeys(name for project in projects for name in project.columns))
    known = {name.lower() for name in columns}
    wanted = ["project_id", "cost", *(["name"] if any(project.name for project in projects) else [])]
    return columns + [name for name in wanted if name not in known]


def _cell(project: Project, column: str) -> str:
    written = project.columns.get(column, "")
    if column.lower() == "project_id":
        return project.id
    if column.lower() == "cost":
        return _same(written, project.cost)
    return project.name if column.lower() == "name" else written


def _votes(election: Election) -> Iterator[Sequence[str]]:
    """The header, then each ballot."""
    pointed = election.vote_type in POINTED
    if election.voters is None:
        yield ("voter_id", "vote", *(["points"] if pointed else []))
        for number, cells in enumerate(_ballots(election), start=1):
            yield (str(number), *cells.values())
        return
    columns = election.voters.columns
    places = {name.lower(): place for place, name in enumerate(columns)}
    yield columns
    for row, cells in zip(election.voters, _ballots(election), strict=True):
        written = list(row)
        for name, text in cells.items():
            written[places[name]] = text
        yield written


def _ballots(election: Election) -> Iterator[Mapping[str, str]]:
    """The cells ``vote`` and ``points`` of each ballot."""
    ids = [project.id for project in election.projects]
    ballots = election.ballots
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    points = ballots.points.tolist() if ballots.points is not None else []
    for first, last in itertools.pairwise(starts):
        cells = {"vote": ",".join(ids[place] for place in chosen[first:last])}
        if election.vote_type in POINTED:
            values = (Fraction(value, ballots.points_per_unit) for value in points[first:last])
            cells["points"] = ",".join(map(_decimal, values))
        yield cells


def _same(written: str, amount: Fraction) -> str:
    """What was written, where it is this amount (« 4000.0 »)."""
    try:
        return written if written and Fraction(written.replace(",", ".")) == amount else _decimal(amount)
    except ValueError:
        return _decimal(amount)


def _decimal(amount: Fraction) -> str:
    """An amount with all its decimals."""
    digits = 0
    while (amount * 10**digits).denominator > 1:
        digits += 1
        if digits > 12:
            raise ValueError(f"{amount} has no end in decimals.")
    whole = int(abs(amount) * 10**digits)
    sign = "-" if amount < 0 else ""
    text = str(whole).zfill(digits + 1)
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
