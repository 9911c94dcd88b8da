"""An envelope between territories: by hand, by properties, against the plain water-filling in rounds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.apportionment.between import share_between
from maillage.methods.apportionment.compare import compare_shares
from maillage.methods.apportionment.envelope import Criterion, Settings, Territory, share_envelope
from maillage.methods.apportionment.explain import explain_share
from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.ties import Ties

F = Fraction
POPULATION = Criterion(("population",), F(1))


def territory(name, population, need=1, floor=None, cap=None):
    return Territory(name, {"population": F(population), "need": F(need)}, floor, cap)


def amounts(sharing):
    return {share.name: share.amount for share in sharing.shares}


def test_base_population_and_need_by_hand():
    """10 000 $: 1 000 $ each, then 7 000 $: 60 % by population (50, 30, 20 %), 40 % by need (1, 1, 2: 25, 25, 50 %)."""
    territories = [territory("A", 5000, 1), territory("B", 3000, 1), territory("C", 2000, 2)]
    criteria = (Criterion(("population",), F(6, 10)), Criterion(("need",), F(4, 10)))
    sharing = share_envelope(1_000_000, territories, Settings(criteria, base=100_000))
    # A: 1 000 + 2 100 + 700; B: 1 000 + 1 260 + 700; C: 1 000 + 840 + 1 400.
    assert amounts(sharing) == {"A": 380_000, "B": 296_000, "C": 324_000}
    assert [(str(line.words), line.cents) for line in explain_share(sharing, "C")] == [
        ("Base amount, the same for all.", 100_000),
        ("Part by “population”: 20% of the $4,200.00 shared by it.", 84_000),
        ("Part by “need”: 50% of the $2,800.00 shared by it.", 140_000),
    ]
    with pytest.raises(KeyError, match="D"):
        explain_share(sharing, "D")


def test_need_alone_and_the_need_of_each_person_differ():
    territories = [territory("Village", 1000, 3), territory("City", 9000, 1)]
    alone = share_envelope(1_200_000, territories, Settings((Criterion(("need",), F(1)),)))
    each = share_envelope(1_200_000, territories, Settings((Criterion(("population", "need"), F(1)),)))
    assert amounts(alone) == {"Village": 900_000, "City": 300_000}
    assert amounts(each) == {"Village": 300_000, "City": 900_000}


def test_a_part_of_the_envelope_in_equal_parts():
    sharing = share_envelope(1000, [territory("A", 3), territory("B", 1)], Settings((POPULATION,), base_part=F(1, 5)))
    assert amounts(sharing) == {"A": 100 + 600, "B": 100 + 200}


def test_one_floor_and_one_cap_by_hand():
    """1 000 $ by population 6, 3, 1 → 600, 300, 100. Floor 200 for C, cap 500 for A: B gets what is left, 300."""
    territories = [territory("A", 6, cap=50_000), territory("B", 3), territory("C", 1, floor=20_000)]
    sharing = share_envelope(100_000, territories, Settings((POPULATION,)))
    assert amounts(sharing) == {"A": 50_000, "B": 30_000, "C": 20_000}
    words = {
        share.name: [str(line.words) for line in explain_share(sharing, share.name)][1:] for share in sharing.shares
    }
    assert words == {"A": ["Brought down to its cap of $500.00."], "B": [], "C": ["Raised to its floor of $200.00."]}


def test_who_pays_for_a_floor():
    """1 000 $ by 6, 3, 1 with a floor of 190 $ for C: 810 $ for A and B, two to one: 540 and 270."""
    territories = [territory("A", 6), territory("B", 3), territory("C", 1, floor=19_000)]
    sharing = share_envelope(100_000, territories, Settings((POPULATION,)))
    assert amounts(sharing) == {"A": 54_000, "B": 27_000, "C": 19_000}
    line = explain_share(sharing, "A")[1]
    assert (str(line.words), line.cents) == ("Its part in paying for the floors of others.", -6_000)
    assert line.words.said("fr") == "Sa part dans ce que coûtent les planchers des autres."


def test_one_cent_between_three():
    three = [territory(name, 1) for name in "CAB"]
    expected = {Ties.NAME: "A", Ties.ORDER: "C", Ties.LARGEST: "A", Ties.SMALLEST: "A"}
    for ties, winner in expected.items():
        sharing = share_envelope(100, three, Settings((POPULATION,), ties=ties))
        assert amounts(sharing) == {name: 33 + (name == winner) for name in "CAB"}
    assert all(share.tied for share in sharing.shares)
    assert str(explain_share(sharing, "A")[-1].words) == (
        "Rounding to $0.01: several had equal remainders, and the rule for ties decided."
    )
    lots = set()
    for seed in range(30):
        sharing = share_envelope(100, three, Settings((POPULATION,), ties=Ties.LOT, seed=seed))
        lots.add(max(sharing.shares, key=lambda share: share.amount).name)
    assert lots == {"A", "B", "C"}


def test_units_of_a_hundred_dollars():
    territories = [territory("A", 5), territory("B", 3, floor=250_001), territory("C", 1, cap=129_999)]
    sharing = share_envelope(1_000_000, territories, Settings((POPULATION,), unit=10_000))
    # The floor goes up to 2 600 $, the cap down to 1 200 $. C's 1 111 $ is under its cap; A 5 556, B 3 333.
    assert amounts(sharing) == {"A": 560_000, "B": 330_000, "C": 110_000}
    assert [line.cents for line in explain_share(sharing, "A")] == [555_556, 4_444]


def test_floor_and_cap_per_person():
    territories = [territory("A", 1000), territory("B", 10, need=9)]
    need = (Criterion(("need",), F(1)),)
    sharing = share_envelope(100_000, territories, Settings(need, floor_per_person=F(50), cap_per_person=F(500)))
    assert amounts(sharing) == {"A": 95_000, "B": 5_000}


@pytest.mark.parametrize(
    ("envelope", "territories", "chosen", "words"),
    [
        (100, [], Settings((POPULATION,)), "no territory"),
        (-1, [territory("A", 1)], Settings((POPULATION,)), "at least 0"),
        (100, [territory("A", 1)], Settings((POPULATION,), base_part=F(2)), "at most the whole"),
        (100, [territory("A", 1)], Settings((POPULATION,), unit=7), "not a whole number of units"),
        (100, [territory("A", 1)], Settings((POPULATION,), ties=Ties.OPEN), "need a rule"),
        (100, [territory("A", 1), territory("A", 1)], Settings((POPULATION,)), "A is there twice"),
        (100, [territory("A", 1)], Settings((Criterion(("need",), F(9, 10)),)), "90%, not 100%"),
        (100, [territory("A", 1)], Settings((Criterion(("need",), F(2)), Criterion(("population",), F(-1)))), "weight"),
        (100, [Territory("A", {})], Settings((POPULATION,)), "A has no value for “population”"),
        (100, [territory("A", -1)], Settings((POPULATION,)), "below 0"),
        (100, [territory("A", 0)], Settings((POPULATION,)), "Every territory has 0"),
        (100, [Territory("A", {"need": F(1)})],
         Settings((Criterion(("need",), F(1)),), floor_per_person=F(1)), "no value for “population”"),
        (100, [territory("A", 1, floor=60), territory("B", 1, floor=50)], Settings((POPULATION,)), "come to $1.10"),
        (100, [territory("A", 1, cap=60), territory("B", 1, cap=30)], Settings((POPULATION,)), "$0.10 of the envelope"),
        (100, [territory("A", 1, floor=60, cap=50)], Settings((POPULATION,)), "higher than its cap"),
        (100, [territory("A", 1, floor=-1)], Settings((POPULATION,)), "less than 0"),
        (100, [territory("A", 1), territory("B", 1)], Settings((POPULATION,), base=51), "base amounts alone"),
        (100, [territory("A", 1, floor=70), territory("B", 1)], Settings((POPULATION,), base=40), "together"),
        (100, [territory("A", 1)], Settings(base=40), "no criterion says"),
        (100, [territory("A", 1, cap=50), territory("B", 0)], Settings((POPULATION,)), "1 territory has 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(envelope, territories, chosen, words):
    with pytest.raises(Impossible) as refused:
        share_envelope(envelope, territories, chosen)
    assert words in str(refused.value)
    assert refused.value.said("fr") != refused.value.said("en")


def test_two_scenarios():
    before = share_envelope(1000, [territory("A", 1), territory("B", 1), territory("C", 2)], Settings((POPULATION,)))
    after = share_envelope(
        1000, [territory("A", 1, floor=400), territory("B", 1), territory("D", 2)], Settings((POPULATION,))
    )
    found = compare_shares(before, after)
    assert [(change.name, change.cents) for change in found.changes] == [
        ("A", 150),
        ("B", -50),
        ("C", -500),
        ("D", 400),
    ]
    assert (found.moved, found.changes[0].part, found.changes[3].part) == (550, F(3, 5), None)
    assert [str(line) for line in compare_shares(before, before).words] == ["Nothing changes."]


# Properties


@st.composite
def cases(draw):
    """An envelope that its floors and caps allow."""
    count = draw(st.integers(1, 8))
    whole = st.integers(0, 1000)
    floors = [draw(st.one_of(st.just(0), whole)) for _ in range(count)]
    caps = [draw(st.one_of(st.none(), whole.map(lambda more, floor=floor: floor + more))) for floor in floors]
    weights = [draw(st.one_of(st.just(F(0)), st.fractions(0, 10, max_denominator=30))) for _ in range(count)]
    starts = [draw(st.fractions(0, 50, max_denominator=7)) for _ in range(count)]
    return (
        draw(st.integers(0, 5000)),
        weights,
        starts,
        [F(f) for f in floors],
        [None if c is None else F(c) for c in caps],
    )


def held(start, floor, cap):
    return max(floor, start if cap is None else min(start, cap))


def in_rounds(total, weights, starts, floors, caps):
    """The plain version: share in proportion; hold the side, floors or caps, that is broken most; begin again."""
    fixed = {}
    for place, bounds in enumerate(zip(starts, floors, caps, strict=True)):
        if not weights[place] or (caps[place] is not None and starts[place] >= caps[place]):
            fixed[place] = held(*bounds)  # nothing that is shared changes it
    while True:
        free = [place for place in range(len(weights)) if place not in fixed]
        if not free:
            return [fixed[place] for place in range(len(weights))] if sum(fixed.values()) == total else None
        left = total - sum(fixed.values()) - sum(starts[place] for place in free)
        level = left / sum(weights[place] for place in free)
        want = {place: starts[place] + level * weights[place] for place in free}
        low = {place: floors[place] for place in free if want[place] < floors[place]}
        high = {place: caps[place] for place in free if caps[place] is not None and want[place] > caps[place]}
        if not low and not high:
            if level < 0:
                return None
            return [fixed.get(place, want.get(place)) for place in range(len(weights))]
        short = sum(floor - want[place] for place, floor in low.items())
        over = sum(want[place] - cap for place, cap in high.items())
        fixed |= (low if short >= over else {}) | (high if over >= short else {})


@settings(max_examples=400, deadline=None)
@given(cases())
def test_the_same_as_water_filling_in_rounds(case):
    total, weights, starts, floors, caps = case
    found = share_between(F(total), weights, starts, floors, caps)
    least = sum(held(*bounds) for bounds in zip(starts, floors, caps, strict=True))
    if found is None:
        room = [caps[place] if weights[place] else held(starts[place], floors[place], caps[place])
                for place in range(len(weights))]  # fmt: skip
        assert least > total or (None not in room and sum(map(max, room, floors)) < total)
        return
    assert sum(found.amounts) == total
    assert list(found.amounts) == in_rounds(F(total), weights, starts, floors, caps)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 9), st.integers(0, 500), st.integers(0, 3)),
        min_size=1, max_size=12,
    ),
    st.integers(0, 10**12), st.fractions(0, 1, max_denominator=100), st.fractions(0, 1, max_denominator=50),
    st.sampled_from([1, 5, 100, 10_000]), st.sampled_from(sorted(set(Ties) - {Ties.OPEN})),
)  # fmt: skip
def test_the_sum_is_always_right(rows, envelope, weight, base_part, unit, ties):
    envelope -= envelope % unit
    territories = [
        Territory(
            f"T{place}", {"population": F(population), "need": F(need)}, floor or None, None if cap else envelope // 2
        )
        for place, (population, need, floor, cap) in enumerate(rows)
    ]
    criteria = (Criterion(("population",), weight), Criterion(("population", "need"), 1 - weight))
    try:
        sharing = share_envelope(envelope, territories, Settings(criteria, base_part=base_part, unit=unit, ties=ties))
    except Impossible:
        return
    assert sum(share.amount for share in sharing.shares) == envelope
    for share in sharing.shares:
        assert share.amount % unit == 0
        assert share.amount >= share.floor
        assert share.cap is None or share.amount <= share.cap
        assert share.base + sum(share.parts) + share.bounds + share.rounding == share.amount
        assert abs(share.rounding) < unit
        assert sum(line.cents for line in explain_share(sharing, share.name)) == share.amount


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=10), st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
def test_more_money_takes_from_nobody_before_rounding(populations, envelopes):
    territories = [territory(str(place), population, floor=50) for place, population in enumerate(populations)]
    exact = []
    for envelope in sorted(total + 50 * len(populations) for total in envelopes):
        sharing = share_envelope(envelope, territories, Settings((POPULATION,)))
        exact.append([share.amount - share.rounding for share in sharing.shares])
    assert all(low <= high for less, more in pairwise(exact) for low, high in zip(less, more, strict=True))


@pytest.mark.real_data
def test_ten_millions_between_the_census_divisions(real_data):
    """Quebec's 98 census divisions, July 2021: 40 000 $ each, half by population, half by need of its people."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(real_data / "indicators" / "statcan-population-subprovincial-2001-2021.xlsx")
    rows = book.get_sheet_by_name("Population").to_python()
    found = [(row[2], int(row[24])) for row in rows[5:] if str(row[1]).startswith("24") and row[3] == 3.0]
    assert len(found) == 98
    territories = [territory(f"{place} {name}", people, 1 + place % 4) for place, (name, people) in enumerate(found)]
    criteria = (Criterion(("population",), F(1, 2)), Criterion(("population", "need"), F(1, 2)))
    chosen = Settings(criteria, base=4_000_000, floor=5_000_000, cap=80_000_000)
    sharing = share_envelope(1_000_000_000, territories, chosen)
    assert sum(share.amount for share in sharing.shares) == 1_000_000_000
    assert min(share.amount for share in sharing.shares) == 5_000_000
    assert max(share.amount for share in sharing.shares) == 80_000_000
    for share in sharing.shares:
        assert sum(line.cents for line in explain_share(sharing, share.name)) == share.amount
