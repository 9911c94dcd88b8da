"""Inequality of amounts, split between groups and within them: Theil's T."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log

from maillage.methods.scales._amounts import Amount, checked


@dataclass(frozen=True)
class Theil:
    total: float
    """0 where all have as much, ``ln n`` where one has all."""
    between: float
    """What would be left if each unit had the mean of its group."""
    within: float
    groups: Mapping[str, float]
    """What each group's own inequality adds to ``within``."""


def theil(amounts: Sequence[Amount], groups: Sequence[str] | None = None) -> Theil | None:
    """``Σ sᵢ ln(n sᵢ)``, ``sᵢ`` being shares; with ``groups`` (one a unit), ``total == between + within``.

    The equality is that of the definition; in floating point it holds to about 1e-15. A unit with 0 adds nothing.
    ``None`` where there is nothing; ``ValueError`` for an amount below 0 or another number of groups.
    Source: Theil, *Economics and Information Theory*, 1967.
    """
    found = checked(amounts)
    named = ["" for _amount in found] if groups is None else list(groups)
    if len(named) != len(found):
        raise ValueError("Each amount needs its group.")
    total = sum(found)
    if not total:
        return None
    members: dict[str, list[Amount]] = {}
    for name, amount in zip(named, found, strict=True):
        members.setdefault(name, []).append(amount)
    between, within = [], {}
    for name, amounts_of in members.items():
        share = sum(amounts_of) / total
        between.append(_term(share, len(amounts_of) / len(found)))
        within[name] = share * _index(amounts_of)
    return Theil(_index(found), fsum(between), fsum(within.values()), within)


def _index(amounts: Sequence[Amount]) -> float:
    total = sum(amounts)
    return fsum(_term(amount / total, 1 / len(amounts)) for amount in amounts) if total else 0.0


def _term(share: Amount | float, of_units: float) -> float:
    return float(share) * log(float(share) / of_units) if share else 0.0
