"""What every rule of participatory budgeting takes: projects with a cost, an envelope, ballots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.sentences import Sentence


class VoteType(StrEnum):
    """How people voted, with the words of the Pabulib format."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"


class Utility(StrEnum):
    """What a voter gets from a funded project of their ballot: its cost, or one."""

    COST = "cost"
    CARDINALITY = "cardinality"


class Ties(StrEnum):
    """Which of several equal projects comes first: least cost, most votes, first name (id), or a seeded lot.

    What is still equal after the first two goes by name.
    """

    COST = "cost"
    VOTES = "votes"
    NAME = "name"
    LOT = "lot"


@dataclass(frozen=True)
class Project:
    id: str
    """As the file writes it."""
    cost: Fraction
    """At least 0, in the currency of the election."""
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Every column of the file as it is written (``votes``, ``selected``, ``category``…), ``project_id`` included."""


@dataclass(frozen=True, eq=False)
class Ballots:
    """Ballots end to end: ballot ``i`` names projects ``chosen[starts[i]:starts[i + 1]]``, in the order it wrote them.

    For an ordinal ballot this order is the ranking. Nobody's identity is needed to count.
    """

    starts: NDArray[np.int64]
    """``(n + 1,)``."""
    chosen: NDArray[np.int32]
    """``(entries,)``: places in ``Election.projects``."""
    points: NDArray[np.int64] | None = None
    """``(entries,)``: points of cumulative and scoring ballots, in units of ``1 / points_per_unit``; else ``None``."""
    points_per_unit: int = 1

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, eq=False)
class Voters:
    """What a file says of the voters (identifier, age, district…), read again from its bytes only when asked."""

    columns: tuple[str, ...]
    """The header of the VOTES part as it is written, ``vote`` and ``points`` included."""
    data: bytes = field(repr=False)
    """Pabulib lines, in UTF-8, ended by ``\\n``."""
    start: int = 0
    """Where the first ballot begins in ``data``."""

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """One row a ballot, a cell a column, as it is written (an absent cell is empty)."""
        from maillage.methods.budgeting._cells import rows

        width = len(self.columns)
        for _line, _next, cells in rows(self.data, self.start):
            if len(cells) > 1 or cells[0].strip():
                yield tuple(cells[:width] + [""] * (width - len(cells)))


@dataclass(frozen=True, eq=False)
class Election:
    """Projects, envelope and ballots."""

    projects: tuple[Project, ...]
    budget: Fraction
    ballots: Ballots
    vote_type: VoteType = VoteType.APPROVAL
    meta: Mapping[str, str] = field(default_factory=dict)
    """The META part as it is written, in order."""
    voters: Voters | None = None
    """Who voted, where a file says it. No rule looks at it."""
    warnings: tuple[Sentence, ...] = ()
    """What is doubtful in the file, though it could be read."""


@dataclass(frozen=True)
class Outcome:
    """What a rule chooses: places in ``Election.projects``, in the order of selection."""

    winners: tuple[int, ...]
    cost: Fraction


@dataclass(frozen=True)
class Story:
    """What happened to one project under a rule, in words and in figures."""

    project: int
    won: bool
    lines: tuple[Sentence, ...]
    figures: Mapping[str, int | Fraction] = field(default_factory=dict)
    """What the words rest on (``supporters``, ``paid_at_most``, ``missing``…): each rule documents its own."""
