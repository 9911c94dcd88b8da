"""Protection by suppression: by hand, by counting every table that is possible, and by flows in a network."""

from itertools import chain, combinations, product

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.disclosure.audit import audit
from maillage.methods.disclosure.primary import sensitive
from maillage.methods.disclosure.protect import protect
from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable, Least, Range, Status, Zeros


def table(counts, names="abc", **more):
    counts = np.array(counts)
    names = tuple(names[: counts.ndim])
    sizes = zip(names, counts.shape, strict=True)
    labels = tuple(tuple(f"{name}{number}" for number in range(size)) for name, size in sizes)
    return CountTable(names, labels, counts, **more)


def cells_of(one):
    """Every cell, margins included, and which inner cells it adds."""
    levels = [[*leaves, None] for leaves in one.categories]
    for labels in product(*levels):
        inside = np.ones(one.counts.shape, dtype=bool)
        for axis, label in enumerate(labels):
            if label is not None:
                keep = np.zeros(one.counts.shape[axis], dtype=bool)
                keep[one.categories[axis].index(label)] = True
                shape = [1] * one.counts.ndim
                shape[axis] = -1
                inside &= keep.reshape(shape)
        yield one.cell(*labels), inside


def possible(one, suppressed):
    """Every table of whole numbers that agrees with what is published (the total is): no program, only counting."""
    known = [(inside, int(one.counts[inside].sum())) for cell, inside in cells_of(one) if cell not in suppressed]
    total = int(one.counts.sum())
    limits = [
        min((value for inside, value in known if inside[place]), default=total)
        for place in np.ndindex(*one.counts.shape)
    ]
    for values in product(*(range(limit + 1) for limit in limits)):
        found = np.array(values).reshape(one.counts.shape)
        if all(found[inside].sum() == value for inside, value in known):
            yield found


# By hand


def test_the_classic_square():
    """Row y: 8 19 2 = 29; row z: 17 32 12 = 61; columns 45, 24. Hiding 2 alone is undone by one subtraction."""
    one = table([[20, 50, 10], [8, 19, 2], [17, 32, 12]])
    alone = [one.cell("a1", "b2")]
    assert audit([one], alone).cells[alone[0]] == Range(2, 2)
    found = protect([one])
    assert found.optimal
    # The cheapest square that holds the 2: up to eight people may be moved around it one way, two the other.
    ranges = {one.cell(row, column): Range(low, high) for row, column, low, high in (
        ("a1", "b0", 0, 10), ("a1", "b2", 0, 10), ("a2", "b0", 15, 25), ("a2", "b2", 4, 14))}  # fmt: skip
    assert {cell: found.of[cell].range for cell in found.suppressed} == ranges
    assert [found.of[cell].status for cell in sorted(found.suppressed)].count(Status.PRIMARY) == 1


def test_the_public_sees_one_mark_only():
    found = protect([table([[20, 50, 10], [8, 19, 2], [17, 32, 12]])])
    assert {one.shown for one in found.cells if one.status is not Status.PUBLISHED} == {None}
    assert {one.status for one in found.cells if one.shown is None} == {Status.PRIMARY, Status.COMPLEMENTARY}


def test_nothing_to_hide():
    found = protect([table([[20, 50], [8, 19]])])
    assert found.suppressed == frozenset()
    assert found.optimal


def test_a_table_under_the_threshold_is_withheld_whole():
    one = table([[2, 0], [1, 1]])
    found = protect([one])
    assert len(found.suppressed) == 9
    assert {cell.range for cell in found.cells} == {Range(0, None)}


def test_a_table_where_nobody_is_tells_nothing_and_is_published():
    assert protect([table([[0, 0], [0, 0]])]).suppressed == frozenset()
    assert len(protect([table([[0, 0], [0, 0]])], zeros=Zeros.SMALL).suppressed) == 9


def test_one_category_is_the_same_number_as_its_total():
    one = table([[3], [40], [50]])
    found = protect([one])
    assert one.cell("a0", "b0") in found.suppressed
    assert one.cell("a0", None) in found.suppressed
    assert found.optimal
    assert len(found.suppressed) == 4  # the three and the forty, each in both places


def test_two_small_counts_together_are_no_refuge_for_each_other():
    """1 and 2 in a column of 63: hidden together, their sum of 3 is still deduced, a group under the threshold."""
    one = table([1, 2, 60])
    pair = [one.cell("a0"), one.cell("a1")]
    assert audit([one], pair).cells[pair[0]] == Range(0, 3)
    assert len(protect([one]).suppressed) == 3


def test_zeros_of_a_group_under_the_threshold_are_not_told():
    one = table([[3, 0, 0], [20, 30, 40], [25, 35, 45]])
    assert one.cell("a0", "b1") in sensitive([one])
    assert one.cell("a0", "b1") not in sensitive([one], zeros=Zeros.KNOWN)
    assert {one.cell("a0", "b0"), one.cell("a0", None)} <= sensitive([one], zeros=Zeros.KNOWN)
    found = protect([one], zeros=Zeros.KNOWN)
    assert all(found.of[cell].count for cell in found.suppressed)


def test_everyone_gave_the_same_answer():
    one = table([[12, 0], [20, 30], [25, 35]])
    told = protect([one])
    assert [(line.group, line.answer) for line in told.unanimous] == [(one.cell("a0", None), one.cell("a0", "b0"))]
    hidden = protect([one], hide_unanimous=True)
    assert hidden.unanimous == ()
    others = audit([one], hidden.suppressed, sums=[[one.cell("a0", "b1")]]).sums[0]
    assert others.high >= 4


def test_fewer_cells_or_fewer_people():
    """The 3 needs help in its row: 6 and 7 hide only with it, or its margins do."""
    rng = np.random.default_rng(5)
    one = table(rng.integers(3, 30, (4, 5)))
    cells, people = protect([one], least=Least.CELLS), protect([one], least=Least.PEOPLE)
    count = {name: sum(found.of[cell].count for cell in found.suppressed) for name, found in
             {"cells": cells, "people": people}.items()}  # fmt: skip
    assert cells.optimal
    assert people.optimal
    assert len(cells.suppressed) <= len(people.suppressed)
    assert count["people"] <= count["cells"]


def test_someone_who_knows_their_own_answer_knows_more():
    one = table([[1, 6], [6, 20]])
    hidden = [cell for cell, inside in cells_of(one) if len(cell.parts) == 2]
    place = one.cell("a0", "b0")
    assert audit([one], hidden).cells[place] == Range(0, 7)
    assert audit([one], hidden, own=place).cells[place] == Range(1, 7)
    assert audit([one], hidden, own=place).cells[one.cell("a0", "b1")] == Range(0, 6)


def test_regions_are_sums_that_attackers_have_too():
    counts = np.array([[3, 20], [9, 25], [30, 41]])
    flat = table(counts)
    nested = table(counts, groups={"a": {"east": ("a0", "a1")}})
    hidden = protect([flat]).suppressed | {flat.cell("a1", "b0"), flat.cell("a1", "b1")}
    found = protect([nested])
    assert Cell((("a", "east"), ("b", "b0"))) in found.of
    assert found.of[Cell((("a", "east"),))].count == 57
    assert all(one.range.enough(5, 4) for one in found.cells if one.range)
    # What is safe without the region's sums need not be so with them.
    alone = [flat.cell("a0", "b0"), flat.cell("a0", "b1"), flat.cell("a2", "b0"), flat.cell("a2", "b1")]
    assert audit([flat], alone).cells[alone[0]].width >= 4
    assert audit([nested], alone).cells[alone[0]] == Range(3, 3)
    assert hidden


# Linked tables


def linked():
    """Age × sector and age × sex count the same people: they share the margin of age."""
    sector = CountTable(("age", "sector"), (("young", "old"), ("s1", "s2")), np.array([[3, 30], [25, 28]]))
    sex = CountTable(("age", "sex"), (("young", "old"), ("f", "m")), np.array([[16, 17], [29, 24]]))
    return sector, sex


def test_tables_protected_one_by_one_leak_and_together_do_not():
    sector, sex = linked()
    # Alone, the first table is safe when it hides the 3, its margins and the total…
    alone = [sector.cell("young", "s1"), sector.cell("young", None), sector.cell(None, "s1"), sector.cell(None, None)]
    assert audit([sector], alone).cells[alone[0]] == Range(0, None)
    # …and the second has nothing to hide; but it publishes the margin of age: 16 + 17 − 30.
    assert protect([sex]).suppressed == frozenset()
    shown = [cell for cell in alone if cell not in {sex.cell("young", None), sex.cell(None, None)}]
    assert audit([sector, sex], shown).cells[sector.cell("young", "s1")] == Range(3, 3)
    together = protect([sector, sex])
    assert together.optimal
    assert together.of[sector.cell("young", "s1")].range.enough(5, 4)


def test_what_was_published_before_cannot_be_hidden_again():
    sector, sex = linked()
    before = {cell for cell, _inside in cells_of(sex)}
    found = protect([sector, sex], published=before)
    assert not before & found.suppressed
    small = sector.cell("young", "s1")
    with pytest.raises(CannotProtect, match="already published"):
        protect([sector], published=[small])
    margins = [cell for cell, _inside in cells_of(sector) if len(cell.parts) < 2 or cell.parts[0][1] == "old"]
    with pytest.raises(CannotProtect, match="no safe way"):
        protect([sector], published=margins)
    assert sex.cell("old", "f") in protect([sector, sex], withheld=[sex.cell("old", "f")]).suppressed


def test_a_ring_of_three_tables_says_more_than_their_margins():
    """A×B, B×C and A×C: that one crossing of the three gave them narrows what each pair of margins leaves."""
    rng = np.random.default_rng(2)
    whole = rng.integers(0, 9, (2, 2, 2))
    ring = [
        CountTable(("a", "b"), (("0", "1"), ("0", "1")), whole.sum(axis=2)),
        CountTable(("b", "c"), (("0", "1"), ("0", "1")), whole.sum(axis=0)),
        CountTable(("a", "c"), (("0", "1"), ("0", "1")), whole.sum(axis=1)),
    ]
    hidden = [cell for one in ring[:1] for cell, _inside in cells_of(one) if len(cell.parts) == 2]
    found = audit(ring, hidden).cells
    everything = range(int(whole.sum()) + 1)
    best = {cell: set() for cell in hidden}
    for first in everything:  # one number decides a 2 × 2 table of known margins
        rows, columns = whole.sum(axis=(1, 2)), whole.sum(axis=(0, 2))
        pair = np.array([[first, rows[0] - first], [columns[0] - first, rows[1] - columns[0] + first]])
        if pair.min() < 0 or not _ring_exists(pair, ring[1].counts, ring[2].counts):
            continue
        for cell in hidden:
            values = dict(cell.parts)
            best[cell].add(int(pair[int(values["a"]), int(values["b"])]))
    assert {cell: (one.low, one.high) for cell, one in found.items()} == {
        cell: (min(values), max(values)) for cell, values in best.items()
    }


def _ring_exists(ab, bc, ac):
    """Is there a 2 × 2 × 2 table with these three faces? Its first cell decides the others."""
    for first in range(int(ab[0, 0]) + 1):
        cube = np.zeros((2, 2, 2), dtype=int)
        cube[0, 0] = first, ab[0, 0] - first
        cube[0, 1] = ac[0] - cube[0, 0]
        cube[1, 0] = bc[0] - cube[0, 0]
        cube[1, 1] = bc[1] - cube[0, 1]
        if cube.min() >= 0 and (cube.sum(axis=2) == ab).all() and (cube.sum(axis=1) == ac).all():
            return True
    return False


def test_tables_of_the_same_people_must_agree():
    sector, sex = linked()
    other = CountTable(sex.variables, sex.categories, sex.counts + 1)
    with pytest.raises(CannotProtect, match="disagree"):
        protect([sector, other])
    apart = CountTable(sex.variables, sex.categories, sex.counts + 1, population="others")
    assert protect([sector, apart]).cells
    fewer = CountTable(("age", "sex"), (("young", "mid"), ("f", "m")), sex.counts)
    with pytest.raises(CannotProtect, match="categories"):
        protect([sector, fewer])


# By counting every possible table


@st.composite
def small_tables(draw, shapes=((3,), (4,), (2, 2), (2, 3), (2, 2, 2)), most=6):
    shape = draw(st.sampled_from(shapes))
    counts = draw(st.lists(st.integers(0, most), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return table(np.array(counts).reshape(shape))


@settings(max_examples=25, deadline=None)
@given(small_tables(most=2), st.randoms(use_true_random=False))
def test_ranges_are_those_of_every_possible_table(one, random):
    cells = dict(cells_of(one))
    total = Cell(())
    hidden = {cell for cell in cells if cell != total and random.random() < 0.6}
    found = audit([one], hidden).cells
    tables = list(possible(one, hidden))
    assert found == {
        cell: Range(min(int(t[cells[cell]].sum()) for t in tables), max(int(t[cells[cell]].sum()) for t in tables))
        for cell in hidden
    }


@settings(max_examples=15, deadline=None)
@given(small_tables(shapes=((3,), (2, 2)), most=9), st.sampled_from(Least), st.sampled_from(Zeros))
def test_no_safe_choice_loses_less(one, least, zeros):
    """Every choice of cells is tried: the audit says which are safe."""
    found = protect([one], threshold=4, least=least, zeros=zeros)
    assert found.optimal
    first = sensitive([one], 4, zeros)
    others = [cell for cell in found.of if cell not in first and (found.of[cell].count or zeros is not Zeros.KNOWN)]
    price = (
        (lambda cells: len(cells)) if least is Least.CELLS else (lambda cells: sum(found.of[c].count for c in cells))
    )
    choices = sorted(
        (first | set(more) for more in chain.from_iterable(combinations(others, n) for n in range(len(others) + 1))),
        key=price,
    )
    safe = next(c for c in choices if all(one_range.enough(4, 3) for one_range in audit([one], c).cells.values()))
    assert price(found.suppressed) == price(safe)


@settings(max_examples=15, deadline=None)
@given(small_tables(shapes=((3, 3), (2, 3, 2), (4, 3), (1, 4), (5,)), most=12), st.integers(2, 6), st.booleans())
def test_what_is_published_is_safe_whatever_the_table(one, threshold, unanimous):
    found = protect([one], threshold=threshold, hide_unanimous=unanimous, seconds=1)
    assert sensitive([one], threshold) <= found.suppressed
    for protected in found.cells:
        if protected.range:
            assert protected.range.low <= protected.count
            assert protected.range.high is None or protected.count <= protected.range.high
            assert protected.range.enough(threshold, threshold - 1)
        else:
            assert protected.count == 0 or protected.count >= threshold
    assert not (unanimous and found.unanimous)


# By flows in a network


def flow_range(one, hidden, place):
    """The range of a cell of a two-way table whose margins are published, by maximum flow (networkx).

    Rows send to columns what is hidden; the most of one cell is its count and the most that can come back around it.
    """
    ends = []
    for sign in (1, -1):
        graph = networkx.DiGraph()
        for (row, column), value in np.ndenumerate(one.counts):
            if not hidden[row, column] or (row, column) == place:
                continue
            graph.add_edge(("r", row), ("c", column))  # more here: no limit
            graph.add_edge(("c", column), ("r", row), capacity=int(value))  # less here: down to 0
        row, column = ("r", place[0]), ("c", place[1])
        graph.add_nodes_from([row, column])
        # One more in the cell: its column gives back, its row too.
        source, sink = (column, row) if sign == 1 else (row, column)
        moved = 0
        if networkx.has_path(graph, source, sink):
            try:
                moved = networkx.maximum_flow_value(graph, source, sink)
            except networkx.NetworkXUnbounded:
                moved = 10**9
        value = int(one.counts[place])
        ends.append(value + moved if sign == 1 else max(value - moved, 0))
    return Range(ends[1], ends[0])


@pytest.mark.parametrize("seed", range(6))
def test_two_way_ranges_are_maximum_flows(seed):
    rng = np.random.default_rng(seed)
    one = table(rng.poisson(rng.gamma(0.8, 10, (7, 6))))
    hidden = rng.random(one.counts.shape) < 0.35
    cells = {one.cell(f"a{row}", f"b{column}"): (row, column) for row, column in zip(*np.nonzero(hidden), strict=True)}
    found = audit([one], cells).cells
    assert found == {cell: flow_range(one, hidden, place) for cell, place in cells.items()}


# Sizes


def test_a_table_of_three_variables():
    rng = np.random.default_rng(1)
    found = protect([table(rng.poisson(rng.gamma(0.8, 10, (4, 4, 3))))], seconds=2)
    assert all(one.range.enough(5, 4) and one.range.exact for one in found.cells if one.range)


def test_shapes_that_do_not_agree_are_refused():
    with pytest.raises(ValueError, match="shape"):
        CountTable(("a",), (("x", "y"),), np.array([1, 2, 3]))
    with pytest.raises(ValueError, match="whole"):
        CountTable(("a",), (("x", "y"),), np.array([1, -2]))
    with pytest.raises(ValueError, match="group"):
        table([[1, 2], [3, 4]], groups={"a": {"g": ("nobody",)}})
    with pytest.raises(ValueError, match="threshold"):
        protect([table([1, 2])], threshold=1)


@pytest.mark.parametrize("seed", range(4))
def test_beyond_a_common_crossing_equal_margins_still_bind_the_tables(seed, monkeypatch):
    """Large linked tables keep atoms of their own: their attacker knows less than with the crossing, never more."""
    cube = np.random.default_rng(seed).poisson(4, (3, 2, 3))
    labels = {"a": ("0", "1", "2"), "b": ("0", "1"), "c": ("0", "1", "2")}
    ring = [
        CountTable(pair, (labels[pair[0]], labels[pair[1]]), cube.sum(axis=axis))
        for pair, axis in ((("a", "b"), 2), (("b", "c"), 0), (("a", "c"), 1))
    ]
    hidden = protect(ring, seconds=1).suppressed
    close = audit(ring, hidden).cells
    monkeypatch.setattr("maillage.methods.disclosure._system.JOINT", 1)
    apart = audit(ring, hidden).cells
    for cell, one in close.items():
        assert apart[cell].low <= one.low
        assert apart[cell].high is None or (one.high is not None and one.high <= apart[cell].high)
    assert all(one.range.enough(5, 4) for one in protect(ring, seconds=1).cells if one.range)
