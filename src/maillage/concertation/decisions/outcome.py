"""What a decision comes to: pure arithmetic on whole numbers, without Django and without a rounding.

What counts, whatever the rule:

* a *voice* is a seat; in a citizens' college each citizen is one. Those who withdrew (conflict of interest) leave
  the count entirely: they are neither for, nor against, nor present for the quorum;
* *for*: in agreement, with or without reservations. *Against*: a reasoned objection. Abstentions are told, and are
  on neither side;
* the quorum is reached by the voices that took a position or were in the room.

=============  ====================================================================================================
consensus      adopted when someone agrees and nobody objects. Objections send it back to work, unless the
               qualified majority decides where there is no consensus (``fallback``)
consent        adopted when no objection is maintained, and someone answered
majority       adopted when there are more for than against: a tie adopts nothing
qualified      adopted when ``for / (for + against)`` reaches the share
=============  ====================================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

AGREE, RESERVATION, OBJECTION, ABSTAIN, WITHDRAWN = "agree", "reservation", "objection", "abstain", "withdrawn"
STANDS = (AGREE, RESERVATION, OBJECTION, ABSTAIN, WITHDRAWN)
CONSENSUS, CONSENT, MAJORITY, QUALIFIED = "consensus", "consent", "majority", "qualified"
ADOPTED, REJECTED, NO_QUORUM, REWORK = "adopted", "rejected", "no-quorum", "rework"

TWO_THIRDS = 67
"""Written 67 %, meant as two thirds exactly: 10 out of 15 reach it."""


def share_of(percent: int | None) -> tuple[int, int]:
    """The share as a fraction. ``None`` and 67: two thirds."""
    return (2, 3) if percent in {None, TWO_THIRDS} else (int(percent or 0), 100)


def reaches(in_favour: int, all_counted: int, percent: int | None) -> bool:
    """Whether ``in_favour`` out of ``all_counted`` reaches the share; nobody out of nobody does not.

    >>> reaches(10, 15, 67), reaches(9, 15, 67), reaches(3, 5, 60)
    (True, False, True)
    """
    over, under = share_of(percent)
    return all_counted > 0 and in_favour * under >= all_counted * over


@dataclass(frozen=True)
class Result:
    """An outcome with everything it was computed from. ``reason`` says which sentence explains it."""

    outcome: str
    reason: str
    """``unopposed``, ``no-objection``, ``majority``, ``share``, ``fallback``; ``objections``, ``tie``, ``minority``,
    ``below-share``, ``fallback-below``, ``nobody-agrees``, ``nobody``; ``quorum``, ``quorum-lost``."""
    agree: int
    reservation: int
    objection: int
    abstain: int
    withdrawn: int
    seats: int
    """Voices, those who withdrew included."""
    present: int
    """Took a position or were in the room, those who withdrew apart."""
    quorum: int

    @property
    def in_favour(self) -> int:
        return self.agree + self.reservation

    @property
    def against(self) -> int:
        return self.objection

    @property
    def answered(self) -> int:
        """Took a position, those who withdrew apart."""
        return self.in_favour + self.objection + self.abstain

    @property
    def able(self) -> int:
        """Voices that may take a position: all but those who withdrew."""
        return self.seats - self.withdrawn

    @property
    def silent(self) -> int:
        return self.able - self.answered

    @property
    def dissent(self) -> bool:
        return self.objection > 0


def decide(
    stands: Iterable[str],
    *,
    rule: str,
    seats: int,
    share_percent: int | None = None,
    fallback: bool = False,
    quorum: int | None = None,
    also_present: int = 0,
) -> Result:
    """The outcome. ``stands``: one code for each voice that took a position (or withdrew); an objection there is a
    maintained one. ``also_present``: voices in the room that took none and did not withdraw.

    Errors: ``ValueError`` for an unknown code or rule, or more answers than voices.
    """
    counts = Counter(stands)
    if unknown := set(counts) - set(STANDS):
        raise ValueError(f"Unknown positions: {sorted(unknown)}")
    given = sum(counts.values())
    if given + also_present > seats or also_present < 0:
        raise ValueError(f"{given} positions and {also_present} more present, of {seats} voices")
    present = given - counts[WITHDRAWN] + also_present

    def result(outcome: str, reason: str) -> Result:
        return Result(
            outcome=outcome, reason=reason, agree=counts[AGREE], reservation=counts[RESERVATION],
            objection=counts[OBJECTION], abstain=counts[ABSTAIN], withdrawn=counts[WITHDRAWN], seats=seats,
            present=present, quorum=quorum or 0,
        )  # fmt: skip

    if quorum and present < quorum:
        return result(NO_QUORUM, "quorum-lost" if present + counts[WITHDRAWN] >= quorum else "quorum")
    if given == counts[WITHDRAWN]:
        return result(NO_QUORUM, "nobody")
    return result(*_by_rule(counts, rule, share_percent, fallback))


def _by_rule(counts: Counter[str], rule: str, share_percent: int | None, fallback: bool) -> tuple[str, str]:
    in_favour, against = counts[AGREE] + counts[RESERVATION], counts[OBJECTION]
    if rule == CONSENSUS:
        if not against:
            return (ADOPTED, "unopposed") if in_favour else (REJECTED, "nobody-agrees")
        if not fallback:
            return REWORK, "objections"
        met = reaches(in_favour, in_favour + against, share_percent)
        return (ADOPTED, "fallback") if met else (REJECTED, "fallback-below")
    if rule == CONSENT:
        return (REWORK, "objections") if against else (ADOPTED, "no-objection")
    if rule == MAJORITY:
        if in_favour == against:
            return REJECTED, "tie" if in_favour else "nobody-agrees"
        return (ADOPTED, "majority") if in_favour > against else (REJECTED, "minority")
    if rule == QUALIFIED:
        met = reaches(in_favour, in_favour + against, share_percent)
        return (ADOPTED, "share") if met else (REJECTED, "below-share" if in_favour + against else "nobody-agrees")
    raise ValueError(f"Unknown rule: {rule}")
