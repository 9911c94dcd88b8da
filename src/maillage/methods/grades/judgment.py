"""Majority judgment: options by their median grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cmp_to_key
from math import lcm

import numpy as np
from numpy.typing import NDArray

from maillage.methods.errors import Unreadable
from maillage.methods.grades._sequences import Run, compare, runs_of
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.result import Ranking
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

SIX: tuple[Sentence, ...] = (
    _("Very good"), _("Good"), _("Fairly good"), _("Acceptable"), _("Insufficient"), _("To be rejected"),
)  # fmt: skip
"""The grades of Orsay 2007 in French (« Très bien »… « À rejeter »), best first: 6 to 1 in a file."""


class Blank(StrEnum):
    """What an option without a grade on a ballot is given."""

    REJECT = "reject"
    """Nothing: a vote with blanks cannot be counted, and is refused with the lines of these ballots."""
    WORST = "worst"
    """The worst grade (Balinski and Laraki, and Orsay in 2007)."""
    LEFT_OUT = "left-out"
    """Nothing for this option: options then have unequal numbers of grades, and are compared by shares."""


@dataclass(frozen=True)
class Profile:
    """The merit profile of one option."""

    counts: tuple[int, ...]
    """How many ballots give each grade, best first, blanks included where they count as the worst grade."""
    blanks: int
    """How many ballots give no grade."""

    @property
    def total(self) -> int:
        """How many grades."""
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Exact share of each grade, best first; zeros where there is no grade."""
        return tuple(Fraction(count, self.total or 1) for count in self.counts)

    @property
    def median(self) -> int | None:
        """Place of the lower median grade, from 0 for the best; ``None`` where there is no grade."""
        reached = 0
        for place, count in enumerate(self.counts):
            reached += count
            # At least half are as good or better; the lower of two middle grades wants one more than half.
            if reached > self.total // 2:
                return place
        return None

    @property
    def above(self) -> Fraction:
        """``p`` of the majority gauge: share of grades better than the median."""
        return sum(self.shares[: self.median or 0], Fraction(0))

    @property
    def under(self) -> Fraction:
        """``q`` of the majority gauge: share of grades worse than the median."""
        return Fraction(0) if self.median is None else sum(self.shares[self.median + 1 :], Fraction(0))

    @property
    def sign(self) -> str:
        """``+`` where more grades are better than the median than worse, else ``-`` (Balinski and Laraki)."""
        return "+" if self.above > self.under else "-"


@dataclass(frozen=True, eq=False)
class MajorityJudgment(Ranking):
    grades: tuple[Sentence | str, ...]
    """Names of the grades, best first."""
    profiles: tuple[Profile, ...]
    """One an option."""
    total: int
    """How many ballots."""
    blank: Blank

    @property
    def unequal(self) -> bool:
        """Whether options have different numbers of grades (only with ``LEFT_OUT``): they are compared by shares."""
        return len({profile.total for profile in self.profiles}) > 1


def majority_judgment(
    ballots: RatingBallots,
    *,
    blank: Blank = Blank.WORST,
    grades: Sequence[Sentence | str] | None = None,
    worst: int = 1,
) -> MajorityJudgment:
    """Options by majority judgment (Balinski and Laraki, *Majority Judgment*, MIT Press, 2011).

    The median is the lower one. Equal medians are settled as by taking away one median grade from each, again and
    again, until the medians differ; this is read at once from the counts (see ``_sequences``). Options are tied only
    where they have the same share of every grade.

    ``grades`` names the grades, best first; in the file the last one is ``worst`` and each better one is one more.
    Without names: :data:`SIX` where the values allow it, else each value found is a grade named by its number.

    With ``LEFT_OUT``, options with unequal numbers of grades are compared as if each ballot were copied until the
    numbers are equal: only shares matter, and copying an electorate changes nothing. An option without any grade comes
    last.

    Errors: ``Unreadable`` for ranks, for a value that is no grade, and for blanks with ``REJECT``.
    """
    ballots.refuse_ranks()
    if blank is Blank.REJECT:
        _refuse_blanks(ballots)
    names, values = _scale(ballots, grades, worst)
    profiles = tuple(_profile(ballots, column, values, blank) for column in ballots.values.T)
    everyone = lcm(*(profile.total or 1 for profile in profiles))
    runs = [runs_of(profile.counts, everyone) for profile in profiles]
    return MajorityJudgment(ballots.options, _groups(runs), names, profiles, ballots.total, blank)


def _groups(runs: list[list[Run]]) -> tuple[tuple[int, ...], ...]:
    """Best first; an option without grades has no run and comes last."""

    def better(a: int, b: int) -> int:
        return compare(runs[b], runs[a])[0]

    order = sorted(range(len(runs)), key=cmp_to_key(better))
    groups: list[list[int]] = []
    for place in order:
        if groups and compare(runs[groups[-1][0]], runs[place])[0] == 0:
            groups[-1].append(place)
        else:
            groups.append([place])
    return tuple(tuple(group) for group in groups)


def _refuse_blanks(ballots: RatingBallots) -> None:
    rows = np.flatnonzero((ballots.values == ballots.blank).any(axis=1))
    if not len(rows):
        return
    lines = [str(row + 1 if ballots.lines is None else ballots.lines[row]) for row in rows[:10]]
    shown = ", ".join(lines) + ("…" if len(rows) > 10 else "")
    raise Unreadable(
        ngettext(
            "%(count)s ballot gives no grade to some option (line %(lines)s).",
            "%(count)s ballots give no grade to some option (lines %(lines)s).",
            len(rows),
            lines=shown,
        )
    )


def _scale(
    ballots: RatingBallots, grades: Sequence[Sentence | str] | None, worst: int
) -> tuple[tuple[Sentence | str, ...], list[int]]:
    """Names of the grades and their values in ``ballots.values``, best first."""
    found = _distinct(ballots)
    unit = ballots.per_unit
    expected = [(worst + place) * unit for place in range(len(SIX if grades is None else grades))][::-1]
    strange = [value for value in found if value not in expected]
    if not strange:
        return tuple(SIX if grades is None else grades), expected
    if grades is None:
        return tuple(_named(Fraction(value, unit)) for value in found[::-1]), found[::-1]
    row = int(np.argmax((ballots.values == strange[0]).any(axis=1)))
    reason = _("%(value)s is not one of the grades.", value=Fraction(strange[0], unit))
    raise Unreadable(reason, row + 1 if ballots.lines is None else int(ballots.lines[row]))


def _distinct(ballots: RatingBallots) -> list[int]:
    """The values that ballots give, lowest first."""
    found: set[int] = set()
    for column in ballots.values.T:
        if column.dtype == np.int8:
            found |= {int(value) - 128 for value in np.flatnonzero(_table(column))}
        else:
            found |= set(np.unique(column).tolist())
    return sorted(found - {ballots.blank})


def _table(column: NDArray[np.signedinteger]) -> NDArray[np.int64]:
    """How many times each of the 256 values of a byte is there, the lowest first."""
    # Seen as unsigned, 0 to 127 come before −128 to −1.
    return np.roll(np.bincount(np.ascontiguousarray(column).view(np.uint8), minlength=256), 128)


def _named(value: Fraction) -> Sentence:
    return _("%(value)s", value=Number(value, 6))


def _profile(ballots: RatingBallots, column: NDArray[np.signedinteger], values: list[int], blank: Blank) -> Profile:
    if column.dtype == np.int8 and ballots.counts is None:
        table = _table(column)
        counts, blanks = [int(table[value + 128]) for value in values], int(table[0])
    else:
        each = np.ones(len(column), dtype=np.int64) if ballots.counts is None else ballots.counts
        counts = [int(each[column == value].sum()) for value in values]
        blanks = int(each[column == ballots.blank].sum())
    if blank is Blank.WORST and counts:
        counts[-1] += blanks
    return Profile(tuple(counts), blanks)
