"""Seats by quota and largest remainders (Hamilton, Hare–Niemeyer)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from maillage.methods.apportionment._seats import check_claims, decide, tie_line
from maillage.methods.apportionment.remainders import round_to_sum
from maillage.methods.apportionment.seats import Seats
from maillage.methods.apportionment.ties import Ties
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _

Claims = Mapping[str, int | Fraction]


def hamilton(claims: Claims, seats: int, *, minimum: int = 0, ties: Ties = Ties.OPEN, seed: int = 0) -> Seats:
    """Each gets the whole part of its quota ``claim × seats / Σ claims``; what is left goes to the largest remainders.

    Those whose quota is under ``minimum`` get the minimum and leave; the quotas of the others are computed again with
    what is left, until nobody is under. Exact. Errors: :class:`Impossible`. Source: Balinski and Young, *Fair
    Representation*, 1982 (the method of Hamilton; Vinton in the United States, Hare–Niemeyer in Germany).
    """
    check_claims(claims, seats, minimum)
    quotas = _quotas(claims, seats, minimum)
    held = [name for name in claims if name not in quotas]
    names = list(quotas)
    rounded = round_to_sum(list(quotas.values()), names, [Fraction(claims[name]) for name in names], Ties.OPEN)
    given = dict.fromkeys(claims, minimum) | dict(zip(names, rounded.amounts, strict=True))
    tie = None
    if rounded.tied:
        tie = decide([names[place] for place in rounded.tied], rounded.at_stake, claims, ties, seed)
        for name in tie.given_to:
            given[name] += 1
    total = sum((Fraction(claims[name]) for name in names), Fraction(0))
    left = seats - minimum * len(held)
    lines = {name: (_held(minimum),) for name in held} | {
        name: (*_why(quotas[name], place in rounded.raised), *tie_line(tie, name)) for place, name in enumerate(names)
    }
    return Seats(given, tie, total / left if left else Fraction(0), lines)


def _quotas(claims: Claims, seats: int, minimum: int) -> dict[str, Fraction]:
    """The quota of each who is not held at the minimum. They sum to a whole number."""
    free = {name: Fraction(claim) for name, claim in claims.items()}
    left = seats
    while True:
        total = sum(free.values(), Fraction(0))
        of_one = left / total if total else Fraction(0)
        quotas = {name: claim * of_one for name, claim in free.items()}
        under = [name for name, quota in quotas.items() if quota < minimum]
        if not under:
            return quotas
        for name in under:
            del free[name]
        left -= minimum * len(under)


def _held(minimum: int) -> Sentence:
    return _("Its quota is under the minimum: it gets the minimum, %(minimum)s.", minimum=minimum)


def _why(quota: Fraction, raised: bool) -> tuple[Sentence, ...]:
    whole = quota.numerator // quota.denominator
    first = _("Its quota is %(quota)s: its whole part is %(whole)s.", quota=Number(quota, 4), whole=whole)
    if raised:
        return first, _("Its remainder, %(rest)s, is among the largest: one more.", rest=Number(quota - whole, 4))
    return (first,)
