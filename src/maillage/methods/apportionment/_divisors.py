"""What the divisor methods have in common: one seat at a time to the highest quotient."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from fractions import Fraction

from maillage.methods.apportionment._seats import check_claims, decide, tie_line
from maillage.methods.apportionment.seats import Seats
from maillage.methods.apportionment.ties import Ties
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _

Claims = Mapping[str, int | Fraction]
Divisor = Callable[[int], Fraction]
"""The divisor for one who has this many seats already; it grows by at least ``step`` with each seat."""


def by_divisors(
    claims: Claims, seats: int, divisor: Divisor, step: int, *, minimum: int, ties: Ties, seed: int
) -> Seats:
    """``minimum`` seats to each, then one at a time to the highest ``claim / divisor(seats it has)``. Exact.

    Most seats are given at once: at the price ``p``, everyone has at most ``claim / (step × p) + 1`` quotients above
    it, and those quotients are served before any other. A ``p`` high enough that they cannot exceed the seats leaves
    about two seats per name to give one at a time. (One at a time from the start, the plain version, is in the tests.)
    """
    check_claims(claims, seats, minimum)
    positive = {name: Fraction(claim) for name, claim in claims.items() if claim}
    given = dict.fromkeys(claims, minimum) | _at_once(positive, seats - minimum * len(claims), divisor, step, minimum)
    # Prices are negative in the queue, which serves the least first.
    queue = [(-claim / divisor(given[name]), name) for name, claim in positive.items()]
    heapq.heapify(queue)
    left, tie = seats - sum(given.values()), None
    while left:
        price = queue[0][0]
        served = []
        while queue and queue[0][0] == price:
            served.append(heapq.heappop(queue)[1])
        if len(served) > left:
            tie = decide(sorted(served), left, claims, ties, seed)
            served, left = list(tie.given_to), len(tie.given_to)
        for name in served:
            given[name] += 1
            heapq.heappush(queue, (-positive[name] / divisor(given[name]), name))
        left -= len(served)
    paid = [claim / divisor(given[name] - 1) for name, claim in positive.items() if given[name] > minimum]
    last = min(paid, default=Fraction(0))
    lines = {name: (_why(given[name], last, minimum), *tie_line(tie, name)) for name in claims}
    return Seats(given, tie, last, lines)


def _at_once(positive: Mapping[str, Fraction], seats: int, divisor: Divisor, step: int, minimum: int) -> dict[str, int]:
    """What each is sure to have; at most ``seats`` above the minimum in all."""
    spare = seats - len(positive)
    if spare <= 0:
        return {}
    price = sum(positive.values(), Fraction(0)) / (step * spare)
    return {name: max(minimum, _above(claim, price, divisor, step)) for name, claim in positive.items()}


def _above(claim: Fraction, price: Fraction, divisor: Divisor, step: int) -> int:
    """How many of a claim's quotients are above a price."""
    count = int(claim / (step * price)) + 2
    while count and claim <= price * divisor(count - 1):
        count -= 1
    return count


def _why(seats: int, last: Fraction, minimum: int) -> Sentence:
    if seats == minimum:
        return _("None of its quotients is among the highest: it has the minimum, %(minimum)s.", minimum=minimum)
    return _(
        "The seats go to the highest quotients, the last one at %(price)s: it has %(seats)s of them.",
        price=Number(last, 4),
        seats=seats,
    )
