"""What the figures of a decision may tell those who do not sit there.

The seat of an organisation is a public fact: its name stands beside its position, and it is always counted. A citizen
of a college that has several voices is a person. How those citizens were shared out (for, against, withdrawn, silent)
is told only where no count of it is under the alliance's threshold (``methods.disclosure.line``), for every college
of the table. Otherwise their figures are left out of *all* the figures, totals included: organisations being named
one by one, a total that held the citizens would give them back by subtraction. How many seats there are stays: it is
in the seat plan.

A reasoned objection is always told, in its words and in its number: dissent is published whole, and whoever objects
knows it. It is said of the college.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from maillage.concertation.decisions import words
from maillage.concertation.decisions.models import Decision
from maillage.concertation.decisions.outcome import ABSTAIN, AGREE, OBJECTION, RESERVATION, WITHDRAWN, Result
from maillage.methods.disclosure.whole import whole

TOLD_APART = (AGREE, RESERVATION, ABSTAIN, WITHDRAWN)
SILENT = "silent"


@dataclass(frozen=True)
class Figures:
    """The figures of a closed decision as the public reads them."""

    result: Result
    """Where ``apart``: only the organisations, and every objection. ``present`` then means nothing."""
    apart: int = 0
    """Citizens whose positions are in no figure."""

    @property
    def is_whole(self) -> bool:
        return not self.apart


def split_of(stands: Mapping[int, Mapping[str, int]], several: Mapping[int, int]) -> dict[str, dict[str, int]]:
    """For each college, by the id of its seat: how its citizens were shared out, those who said nothing included."""
    return {
        str(seat): {**stands.get(seat, {}), SILENT: n - sum(stands.get(seat, {}).values())}
        for seat, n in several.items()
    }  # fmt: skip


def figures_of(decision: Decision, threshold: int) -> Figures:
    """The public figures of a closed decision. No query."""
    result = words.result_of(decision.tally)
    colleges: dict[str, dict[str, int]] = decision.tally["colleges"]
    if all(whole(split, threshold) for split in colleges.values()):
        return Figures(result)
    less = {code: sum(split.get(code, 0) for split in colleges.values()) for code in TOLD_APART}
    kept = {code: getattr(result, code) - n for code, n in less.items()}
    objections = sum(split.get(OBJECTION, 0) for split in colleges.values())
    everyone = sum(sum(split.values()) for split in colleges.values())
    return Figures(replace(result, **kept), everyone - objections)


def exported(decision: Decision, threshold: int) -> dict[str, Any]:
    """The same, for a file: by the names of ``Result``, with ``apart``; empty where it would tell."""
    found = figures_of(decision, threshold)
    row = {**asdict(found.result), "apart": found.apart}
    return row if found.is_whole else {**row, "present": None}
