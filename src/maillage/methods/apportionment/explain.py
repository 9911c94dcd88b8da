"""Why a territory gets this amount, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.apportionment.envelope import Share, Sharing
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _


@dataclass(frozen=True)
class Line:
    words: Sentence
    cents: int
    exact: Fraction
    """Before this line was rounded to the cent, in cents."""


def explain_share(sharing: Sharing, name: str) -> tuple[Line, ...]:
    """What makes the amount of one territory: base, part by each criterion, floors and caps, rounding.

    The cents of the lines sum to the amount exactly: each is rounded to the nearest cent, and the last line, rounding,
    takes what that leaves. Error: ``KeyError`` for a territory that is not there.
    """
    share = sharing.by_name[name]
    lines = []
    if share.base:
        lines.append(_line(_("Base amount, the same for all."), share.base))
    rest = sharing.envelope - share.base * len(sharing.shares)
    for criterion, part in zip(sharing.settings.criteria, share.parts, strict=True):
        whole = rest * criterion.weight
        words = _(
            "Part by “%(column)s”: %(part)s of the $%(whole)s shared by it.",
            column=str(criterion),
            part=Number(part / whole if whole else Fraction(0), 4, percent=True),
            whole=Number(whole / 100, 2, exact=True),
        )
        lines.append(_line(words, part))
    if share.bounds:
        lines.append(_line(_bounds(share), share.bounds))
    left = share.amount - sum(line.cents for line in lines)
    if left or share.tied:
        lines.append(Line(_rounding(share, sharing), left, share.rounding))
    return tuple(lines)


def _line(words: Sentence, exact: Fraction) -> Line:
    return Line(words, round(exact), exact)


def _bounds(share: Share) -> Sentence:
    exact = share.amount - share.rounding
    if share.bounds > 0 and exact == share.floor:
        return _("Raised to its floor of $%(floor)s.", floor=Number(Fraction(share.floor, 100), 2, exact=True))
    if share.bounds < 0 and share.cap is not None and exact == share.cap:
        return _("Brought down to its cap of $%(cap)s.", cap=Number(Fraction(share.cap, 100), 2, exact=True))
    if share.bounds < 0:
        return _("Its part in paying for the floors of others.")
    return _("Its part of what the caps of others leave.")


def _rounding(share: Share, sharing: Sharing) -> Sentence:
    unit = Number(Fraction(sharing.settings.unit, 100), 2, exact=True)
    if share.tied:
        return _("Rounding to $%(unit)s: several had equal remainders, and the rule for ties decided.", unit=unit)
    if share.raised:
        return _("Rounding up to $%(unit)s: its remainder is among the largest.", unit=unit)
    return _("Rounding to $%(unit)s, so that the sum is exactly the envelope.", unit=unit)
