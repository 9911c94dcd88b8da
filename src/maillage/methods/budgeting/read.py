"""Reads an election in the Pabulib format (pabulib.org/format; Faliszewski et al., « Participatory Budgeting: Data,
Tools and Analysis », IJCAI 2023)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from maillage.methods.budgeting._ballot_lines import read_ballots
from maillage.methods.budgeting._cells import short
from maillage.methods.budgeting._doubts import doubts_of
from maillage.methods.budgeting._head import Head, read_head
from maillage.methods.budgeting._layout import BallotLines, Layout
from maillage.methods.budgeting.election import Ballots, Election, Voters, VoteType
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _
from maillage.methods.texts import text_of

POINTED = (VoteType.CUMULATIVE, VoteType.SCORING)


def read_pabulib(source: Path | bytes, *, progress: Callable[[int, int], None] | None = None) -> Election:
    """The election that a ``.pb`` file describes, exactly as it is written.

    ``progress`` is called with the bytes read and their total. Ids are compared as text (``1`` is not ``01``), without
    the blanks around them; amounts are exact. What is doubtful and does not change the count (a number of votes that
    disagrees with META, ballots longer than ``max_length``, a comma too many…) is in ``Election.warnings``.

    Errors: ``Unreadable``, with the line, for everything else.
    """
    data = text_of(source)
    head = read_head(data)
    layout = _layout(head)
    line = data.count(b"\n", 0, head.start) + 1
    read = read_ballots(data, head.start, line, layout, [project.id for project in head.projects], progress)
    voters = Voters(tuple(head.votes), data, head.start)
    _refuse_twice(read, voters, layout)
    starts = np.concatenate([[0], np.cumsum(read.counts)]).astype(np.int64)
    ballots = Ballots(starts, read.chosen)
    if layout.points is not None:
        ballots = Ballots(starts, read.chosen, read.points, 10**read.digits)
    warnings = tuple(doubts_of(head, read))
    return Election(tuple(head.projects), head.budget, ballots, head.vote_type, head.meta, voters, warnings)


def _layout(head: Head) -> Layout:
    header = [name.lower() for name in head.votes]
    points = None
    if head.vote_type in POINTED:
        if "points" not in header:
            reason = _("the header of %(title)s has no “%(name)s”.", title="VOTES", name="points")
            raise Unreadable(reason, head.votes_line)
        points = header.index("points")
    return Layout(len(header), header.index("voter_id"), header.index("vote"), points, head.vote_type)


def _refuse_twice(read: BallotLines, voters: Voters, layout: Layout) -> None:
    """Two ballots of one voter."""
    keys = np.sort(read.voters)
    repeated = keys[1:][(keys[1:] == keys[:-1]) & (keys[1:] != 0)]
    if not len(repeated):
        return
    # Two ids may share a number, though it is not likely: the ids themselves decide.
    suspects = np.isin(read.voters, repeated)
    seen: dict[str, int] = {}
    for row, suspect, line in zip(voters, suspects.tolist(), read.lines.tolist(), strict=True):
        name = row[layout.voter]
        if suspect and name in seen:
            first = str(seen[name])
            raise Unreadable(
                _("the voter “%(id)s” already has a ballot on line %(first)s.", id=short(name), first=first), line
            )
        if suspect:
            seen[name] = line
