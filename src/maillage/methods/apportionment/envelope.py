"""An envelope shared between territories: a base each, the rest by criteria, between floors and caps, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm

from maillage.methods.apportionment.between import share_between
from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.remainders import round_to_sum
from maillage.methods.apportionment.ties import Ties
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

POPULATION = "population"
"""The column that amounts per person are multiplied by."""


@dataclass(frozen=True)
class Territory:
    name: str
    values: Mapping[str, Fraction] = field(default_factory=dict)
    """What criteria read: population, need index, any other column; at least 0."""
    floor: int | None = None
    """Least it may get, in cents."""
    cap: int | None = None
    """Most it may get, in cents."""


@dataclass(frozen=True)
class Criterion:
    """A part of the rest, distributed in proportion to a value: one column, or several multiplied.

    ``("need",)`` gives to each territory by its need index whatever its size; ``("population", "need")`` counts the
    need of each of its people. The two differ widely between a village and a city: the choice is explicit.
    """

    columns: tuple[str, ...]
    weight: Fraction
    """Its part of the rest, from 0 to 1. The weights of all criteria sum to 1."""
    label: str = ""
    """How people call it; its columns where nothing is said."""

    def __str__(self) -> str:
        return self.label or " × ".join(self.columns)


@dataclass(frozen=True)
class Settings:
    """How an envelope is shared. Amounts in cents; amounts per person too, and they may be fractions of a cent."""

    criteria: tuple[Criterion, ...] = ()
    base: int = 0
    """To each, before the rest."""
    base_part: Fraction = Fraction(0)
    """Part of the envelope (0 to 1) given in equal parts, before the rest, on top of ``base``."""
    floor: int | None = None
    cap: int | None = None
    floor_per_person: Fraction | None = None
    cap_per_person: Fraction | None = None
    """Where a territory has several floors, the highest holds; several caps, the lowest."""
    unit: int = 1
    """Amounts are whole numbers of this many cents (10 000: of $100). Floors are rounded up to it, caps down."""
    ties: Ties = Ties.NAME
    """Who gets the last unit between equal remainders. Size is the share before rounding."""
    seed: int = 0


@dataclass(frozen=True)
class Share:
    """What a territory gets, in cents, and where it comes from. ``base + parts + bounds + rounding == amount``."""

    name: str
    amount: int
    base: Fraction
    parts: tuple[Fraction, ...]
    """By criterion, as if there were neither floors nor caps."""
    bounds: Fraction
    """What floors and caps, its own or those of others, add or take away."""
    rounding: Fraction
    floor: int
    """In force for it, 0 where there is none."""
    cap: int | None
    raised: bool
    """It got one unit more in the rounding."""
    tied: bool
    """An equal remainder decided, by ``Settings.ties``, whether it did."""


@dataclass(frozen=True)
class Sharing:
    envelope: int
    settings: Settings
    shares: tuple[Share, ...]
    """In the order of the territories. Their amounts sum to ``envelope``."""
    level: Fraction
    """What is multiplied by each territory's weighted share of the criteria, floors and caps being held."""

    @cached_property
    def by_name(self) -> Mapping[str, Share]:
        return {share.name: share for share in self.shares}


def share_envelope(envelope: int, territories: Sequence[Territory], settings: Settings) -> Sharing:
    """Share ``envelope`` (cents) between territories; amounts sum to it exactly and respect every floor and cap.

    Territory ``i`` gets ``base + level × Σ weight × value_i / Σ value``, held between its floor and its cap, where the
    one ``level`` makes the sum right (see ``share_between``). Rational arithmetic throughout, then the largest
    remainders to ``settings.unit``. Floors and caps being whole units, rounding never crosses them.
    Error: :class:`Impossible`, in words.
    """
    _check(envelope, territories, settings)
    base = settings.base + Fraction(envelope) * settings.base_part / len(territories)
    rest = envelope - base * len(territories)
    if rest < 0:
        raise Impossible(
            _(
                "The base amounts alone come to $%(asked)s, more than the envelope of $%(envelope)s.",
                asked=_money(base * len(territories)),
                envelope=_money(envelope),
            )
        )
    pieces = [_pieces(criterion, territories) for criterion in settings.criteria]
    weights = [sum(column, Fraction(0)) for column in zip(*pieces, strict=True)] or [Fraction(0)] * len(territories)
    floors = [_floor(territory, settings) for territory in territories]
    caps = [_cap(territory, settings) for territory in territories]
    _check_bounds(envelope, territories, floors, caps)
    common = lcm(*(weight.denominator for weight in weights))
    between = share_between(
        Fraction(envelope, settings.unit),
        [weight * common for weight in weights],
        [base / settings.unit] * len(territories),
        [Fraction(floor, settings.unit) for floor in floors],
        [None if cap is None else Fraction(cap, settings.unit) for cap in caps],
    )
    if between is None:
        raise Impossible(_why(envelope, rest, base, weights, floors, caps))
    rounded = round_to_sum(
        between.amounts, [territory.name for territory in territories], between.amounts, settings.ties, settings.seed
    )
    shares = []
    for place, territory in enumerate(territories):
        exact, amount = between.amounts[place] * settings.unit, rounded.amounts[place] * settings.unit
        parts = tuple(rest * column[place] for column in pieces)
        shares.append(
            Share(territory.name, amount, base, parts, exact - base - sum(parts, Fraction(0)), amount - exact,
                  floors[place], caps[place], place in rounded.raised, place in rounded.tied)
        )  # fmt: skip
    return Sharing(envelope, settings, tuple(shares), between.level * common * settings.unit)


def _check(envelope: int, territories: Sequence[Territory], settings: Settings) -> None:
    """What is wrong whatever the territories' values."""
    if not territories:
        raise Impossible(_("There is no territory to share between."))
    if envelope < 0 or settings.base < 0 or not 0 <= settings.base_part <= 1:
        raise Impossible(_("The envelope and the base are at least 0, and the base is at most the whole envelope."))
    if settings.unit < 1 or envelope % settings.unit:
        raise Impossible(
            _(
                "The envelope of $%(envelope)s is not a whole number of units of $%(unit)s: the rest would be lost.",
                envelope=_money(envelope),
                unit=_money(settings.unit),
            )
        )
    if settings.ties is Ties.OPEN:
        raise Impossible(_("Equal remainders need a rule: an envelope is shared to the last cent."))
    names = [territory.name for territory in territories]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Impossible(_("%(name)s is there twice.", name=twice))
    if any(criterion.weight < 0 for criterion in settings.criteria):
        raise Impossible(_("A weight is less than 0."))
    total = sum((criterion.weight for criterion in settings.criteria), Fraction(0))
    if settings.criteria and total != 1:
        raise Impossible(_("The weights sum to %(total)s, not 100%%.", total=Number(total, 4, percent=True)))


def _pieces(criterion: Criterion, territories: Sequence[Territory]) -> list[Fraction]:
    """Each territory's part of the rest by this criterion; they sum to its weight."""
    values = []
    for territory in territories:
        value = Fraction(1)
        for column in criterion.columns:
            value *= _value(territory, column)
        values.append(value)
    total = sum(values, Fraction(0))
    if not total and criterion.weight:
        raise Impossible(
            _("Every territory has 0 for “%(column)s”: nothing can be shared by it.", column=str(criterion))
        )
    of_one = criterion.weight / total if total else Fraction(0)
    return [value * of_one for value in values]


def _value(territory: Territory, column: str) -> Fraction:
    value = territory.values.get(column)
    if value is None:
        raise Impossible(_("%(name)s has no value for “%(column)s”.", name=territory.name, column=column))
    if value < 0:
        raise Impossible(_("%(name)s has a value below 0 for “%(column)s”.", name=territory.name, column=column))
    return value


def _floor(territory: Territory, settings: Settings) -> int:
    """The highest of its floors, in cents, rounded up to the unit."""
    floors: list[Fraction] = [Fraction(floor) for floor in (settings.floor, territory.floor) if floor is not None]
    if settings.floor_per_person is not None:
        floors.append(settings.floor_per_person * _value(territory, POPULATION))
    highest = max(floors, default=Fraction(0))
    return -(-highest // settings.unit) * settings.unit


def _cap(territory: Territory, settings: Settings) -> int | None:
    """The lowest of its caps, in cents, rounded down to the unit."""
    caps: list[Fraction] = [Fraction(cap) for cap in (settings.cap, territory.cap) if cap is not None]
    if settings.cap_per_person is not None:
        caps.append(settings.cap_per_person * _value(territory, POPULATION))
    return min(caps) // settings.unit * settings.unit if caps else None


def _check_bounds(
    envelope: int, territories: Sequence[Territory], floors: Sequence[int], caps: Sequence[int | None]
) -> None:
    """Each floor under its cap, the floors within the envelope, and the envelope within the caps."""
    for territory, floor, cap in zip(territories, floors, caps, strict=True):
        if floor < 0 or (cap is not None and cap < 0):
            raise Impossible(_("The floor or the cap of %(name)s is less than 0.", name=territory.name))
        if cap is not None and floor > cap:
            raise Impossible(
                _(
                    "The floor of %(name)s, $%(floor)s, is higher than its cap, $%(cap)s (in whole units).",
                    name=territory.name,
                    floor=_money(floor),
                    cap=_money(cap),
                )
            )
    if sum(floors) > envelope:
        raise Impossible(
            _(
                "The floors come to $%(asked)s, more than the envelope of $%(envelope)s.",
                asked=_money(sum(floors)),
                envelope=_money(envelope),
            )
        )
    most = [cap for cap in caps if cap is not None]
    if len(most) == len(caps) and sum(most) < envelope:
        raise Impossible(
            _(
                "The caps let in $%(room)s at most: $%(left)s of the envelope would go to nobody.",
                room=_money(sum(most)),
                left=_money(envelope - sum(most)),
            )
        )


def _why(
    envelope: int,
    rest: Fraction,
    base: Fraction,
    weights: Sequence[Fraction],
    floors: Sequence[int],
    caps: Sequence[int | None],
) -> Sentence:
    """Why no level fits, floors and caps being possible in themselves: too much already given, or nobody to give to."""
    least = sum(
        (max(Fraction(floor), base if cap is None else min(base, Fraction(cap)))
         for floor, cap in zip(floors, caps, strict=True)), Fraction(0),
    )  # fmt: skip
    if least > envelope:
        return _(
            "Base amounts and floors together come to $%(asked)s, more than the envelope of $%(envelope)s.",
            asked=_money(least),
            envelope=_money(envelope),
        )
    if not any(weights):
        return _("$%(rest)s remains after the base amounts, and no criterion says how to share it.", rest=_money(rest))
    closed = sum(1 for weight in weights if not weight)
    return ngettext(
        "All who may get more have reached their cap; %(count)s territory has 0 for every criterion.",
        "All who may get more have reached their cap; %(count)s territories have 0 for every criterion.",
        closed,
    )


def _money(cents: int | Fraction) -> Number:
    return Number(Fraction(cents) / 100, 2, exact=True)
