"""Tables of counts, the cells that they publish, and what is asked of a protection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


class Zeros(StrEnum):
    """What is done with cells where there is nobody."""

    OPEN = "open"
    """Not sensitive: published, unless hiding one protects another cell (or its group is under the threshold)."""
    KNOWN = "known"
    """Everyone knows where they are (impossible crossings): always published, of no help to hide another."""
    SMALL = "small"
    """Sensitive, like the counts under the threshold."""


class Status(StrEnum):
    """What becomes of a cell."""

    PUBLISHED = "published"
    PRIMARY = "primary"
    """Withheld for itself."""
    COMPLEMENTARY = "complementary"
    """Withheld because, with it, another could be deduced."""


class Least(StrEnum):
    """What a protection loses as little as possible of."""

    CELLS = "cells"
    """Cells; among as many cells, people counted in them."""
    PEOPLE = "people"
    """People counted in the cells withheld; among as many people, cells."""


@dataclass(frozen=True, order=True)
class Cell:
    """A published count: the people of one population who have each of these (variable, category); ``()``: everyone.

    Two cells that are equal are the same number, whichever tables show it: this is what links tables.
    """

    parts: tuple[tuple[str, str], ...] = ()
    population: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(sorted(self.parts)))


@dataclass(frozen=True, eq=False)
class CountTable:
    """Counts of people by one to three variables. Its margins are published too, and are computed.

    Raises ``ValueError`` where the shapes do not agree, a count is negative, or two names are the same.
    """

    variables: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    """For each variable, in order."""
    counts: NDArray[np.int64]
    """``(len(categories[0]), …)``: people, whole numbers of at least 0."""
    name: str = ""
    population: str = ""
    """Whom the table counts. Tables of the same population are linked; others are not."""
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Extra sums: for a variable, the name of a group of its categories (a region) and those that it holds."""

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts)
        if not 1 <= len(self.variables) <= 3 or len(set(self.variables)) != len(self.variables):
            raise ValueError("one to three different variables")
        if counts.shape != tuple(map(len, self.categories)) or not counts.size or len(self.variables) != counts.ndim:
            raise ValueError("the counts have another shape than the categories")
        if not np.issubdtype(counts.dtype, np.integer) or counts.min() < 0:
            raise ValueError("counts are whole numbers of at least 0")
        if set(self.groups) - set(self.variables):
            raise ValueError("groups of a variable that the table does not have")
        for variable, leaves in zip(self.variables, self.categories, strict=True):
            held = self.groups.get(variable, {})
            if len({*leaves, *held}) != len(leaves) + len(held):
                raise ValueError("two categories of the same name")
            if any(not parts or set(parts) - set(leaves) for parts in held.values()):
                raise ValueError("a group without categories, or of unknown ones")
        object.__setattr__(self, "counts", counts.astype(np.int64))

    def cell(self, *labels: str | None) -> Cell:
        """The cell of these categories, in the order of the variables; ``None``: all of them together.

        >>> CountTable(("age", "sex"), (("0", "1"), ("f", "m")), np.ones((2, 2), int)).cell("0", None).parts
        (('age', '0'),)
        """
        pairs = zip(self.variables, labels, strict=True)
        return Cell(tuple((name, label) for name, label in pairs if label is not None), self.population)


@dataclass(frozen=True)
class Range:
    """All that an attacker can say of a count: at least ``low``, at most ``high`` (``None``: no limit)."""

    low: int
    high: int | None
    exact: bool = True
    """Both ends are reached by a whole table that agrees with all that is published, and nothing goes beyond.

    Where the time allowed did not give the proof, ``False``: both ends are reached, the truth may be wider.
    """

    @property
    def width(self) -> float:
        return float("inf") if self.high is None else self.high - self.low

    def enough(self, threshold: int, width: int) -> bool:
        """Nobody can tell that the count is under the threshold, nor place it closer than ``width``."""
        return (self.high is None or self.high >= threshold) and self.width >= width


class CannotProtect(ValueError):
    """Tables that contradict each other, or that what is already published makes impossible to protect."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.said())


def cell_name(cell: Cell, variables: tuple[str, ...] = ()) -> Sentence:
    """A cell in words: « age = 18-29, sex = F », in the order of ``variables``; everyone together: « total »."""
    order = {name: place for place, name in enumerate(variables)}
    parts = sorted(cell.parts, key=lambda part: (order.get(part[0], len(order)), part))
    if not parts:
        return _("total")
    return Sentence("%(parts)s", {"parts": ", ".join(f"{name} = {label}" for name, label in parts)})
