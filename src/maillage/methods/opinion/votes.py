"""Votes on statements: agree, disagree or pass, with holes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1


class Side(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"


@dataclass(frozen=True)
class Statement:
    id: str
    """As the file writes it."""
    text: str = ""
    left_out: bool = False
    """Moderation took it away: it weighs on nothing, is chosen for nothing and is asked of nobody."""


@dataclass(frozen=True, eq=False)
class Votes:
    """One entry a vote, sorted by person then statement; at most one for a person and a statement."""

    people: tuple[str, ...]
    """``n`` ids, as the file writes them."""
    statements: tuple[Statement, ...]
    """``m`` of them."""
    person: NDArray[np.int64]
    """``(votes,)``: places in ``people``."""
    statement: NDArray[np.int64]
    """``(votes,)``: places in ``statements``."""
    value: NDArray[np.int8]
    """``(votes,)``: 1 agree, 0 pass, −1 disagree."""

    @classmethod
    def of(
        cls,
        people: tuple[str, ...],
        statements: tuple[Statement, ...],
        person: ArrayLike,
        statement: ArrayLike,
        value: ArrayLike,
    ) -> Votes:
        """From votes in any order: where a person voted twice on a statement, the last entry counts."""
        who, what = np.asarray(person, np.int64), np.asarray(statement, np.int64)
        key = who * max(len(statements), 1) + what
        order = np.argsort(key, kind="stable")
        key = key[order]
        last = order[np.append(key[1:] != key[:-1], True)] if len(key) else order
        return cls(people, statements, who[last], what[last], np.asarray(value, np.int8)[last])

    @property
    def left_out(self) -> NDArray[np.bool_]:
        """``(m,)``: statements that moderation took away."""
        return np.array([statement.left_out for statement in self.statements], bool)

    @property
    def cast(self) -> NDArray[np.int64]:
        """``(n,)``: votes of each person, those on statements left out included."""
        return np.bincount(self.person, minlength=len(self.people))

    @property
    def asked(self) -> NDArray[np.bool_]:
        """``(m,)``: statements that received at least one vote."""
        return np.bincount(self.statement, minlength=len(self.statements)) > 0
