"""What grades and rankings are counted from: a number for each ballot and option."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


@dataclass(frozen=True, eq=False)
class RatingBallots:
    """One row a ballot, one column an option; a higher number is better. Nobody's identity is needed to count.

    Rankings are written so too: the options ranked first have the highest number, equal options the same one.
    """

    options: tuple[str, ...]
    """Ids, as the file writes them."""
    values: NDArray[np.signedinteger]
    """``(rows, options)``, ``int8`` where it holds, else ``int16`` or ``int32`` (below 10⁹); :attr:`blank` where the
    ballot says nothing. Counting is fastest where columns are contiguous (``order="F"``)."""
    counts: NDArray[np.int64] | None = None
    """``(rows,)``: how many equal ballots each row stands for; ``None``: one each."""
    per_unit: int = 1
    """Values are in units of ``1 / per_unit`` (10 where the file has one decimal)."""
    lines: NDArray[np.int64] | None = None
    """``(rows,)``: the line of the file, to say which ballot; ``None``: the row's number from 1."""
    ordinal: bool = False
    """Whether the file gives ranks: the order of the numbers then means something, the numbers nothing."""
    warnings: tuple[Sentence, ...] = ()
    """What is doubtful in the file, to be shown with the result."""

    @property
    def blank(self) -> int:
        """What stands for « nothing said »: the lowest number of the type, so that it is below every value."""
        return int(np.iinfo(self.values.dtype).min)

    @property
    def total(self) -> int:
        """How many ballots."""
        return len(self.values) if self.counts is None else int(self.counts.sum())

    def refuse_ranks(self) -> None:
        """``Unreadable`` where the file gives ranks: for rules that count with the numbers themselves."""
        if self.ordinal:
            raise Unreadable(_("These ballots rank options: they give no grade nor number to count with."))

    def kept(self, options: tuple[int, ...]) -> RatingBallots:
        """The same ballots on some of the options."""
        names = tuple(self.options[place] for place in options)
        return replace(self, options=names, values=self.values[:, list(options)])
