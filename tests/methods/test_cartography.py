"""The projection against published figures; the simplification by hand and by properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.methods.cartography import QUEBEC, Lambert, bounds, interior_point, ring_area, simplify_shapes
from maillage.methods.cartography.simplify import douglas_peucker


def test_the_example_of_the_epsg_guide():
    # IOGP publication 373-7-2, Lambert Conic Conformal (2SP), Texas South Central, in US survey feet.
    texas = Lambert(27 + 50 / 60, -99, 28 + 23 / 60, 30 + 17 / 60, 20925832.16, 294.97870, 2000000, 0)
    x, y = texas.project(-96, 28.5)
    assert x == pytest.approx(2963503.91, abs=0.05)
    assert y == pytest.approx(254759.80, abs=0.05)


def test_snyders_worked_example():
    # Snyder (1987), page 296: Clarke 1866, parallels 33 and 45, origin 23 N 96 W; point 35 N 75 W.
    clarke = Lambert(23, -96, 33, 45, 6378206.4, 294.9786982)
    x, y = clarke.project(-75, 35)
    assert x == pytest.approx(1894410.9, abs=0.1)
    assert y == pytest.approx(1564649.5, abs=0.1)


def test_the_origin_of_quebec_lambert_and_its_symmetry():
    assert QUEBEC.project(-68.5, 44) == pytest.approx((0, 0), abs=1e-6)
    west, east = QUEBEC.project(-70.5, 47), QUEBEC.project(-66.5, 47)
    assert west[0] == pytest.approx(-east[0])
    assert west[1] == pytest.approx(east[1])


def test_a_pole_is_refused():
    with pytest.raises(ValueError, match="latitude"):
        QUEBEC.project(0, 90)


def test_area_is_signed_and_a_closed_ring_measures_the_same():
    square = [(0, 0), (2, 0), (2, 2), (0, 2)]
    assert ring_area(square) == ring_area([*square, square[0]]) == 4
    assert ring_area(square[::-1]) == -4


def test_bounds():
    assert bounds([(1, 5), (-2, 3)]) == (-2, 3, 1, 5)
    assert bounds([]) is None


def test_interior_point_of_a_horseshoe_lies_inside():
    horseshoe = [(0, 0), (6, 0), (6, 6), (4, 6), (4, 2), (2, 2), (2, 6), (0, 6)]
    x, y = interior_point([[horseshoe]])
    assert y < 2 or x < 2 or x > 4


def test_interior_point_avoids_a_hole_and_a_flat_shape_has_none():
    outline, hole = [(0, 0), (10, 0), (10, 10), (0, 10)], [(1, 1), (9, 1), (9, 9), (1, 9)]
    x, y = interior_point([[outline, hole]])
    assert not (1 < x < 9 and 1 < y < 9)
    assert interior_point([]) is None


def test_douglas_peucker_keeps_the_ends_and_what_stands_out():
    assert douglas_peucker(((0, 0), (1, 0.1), (2, 0), (3, 5), (4, 0)), 1) == ((0, 0), (2, 0), (3, 5), (4, 0))


def _wavy(count: int) -> list[tuple[float, float]]:
    return [(10 + math.sin(index) * 0.3, index) for index in range(count + 1)]


def test_a_border_that_two_shapes_share_stays_shared():
    border = _wavy(30)
    left = [(0, 0), *border, (0, 30)]
    right = [*border[::-1], (20, 0), (20, 30)]
    right = [(20, 30), *border[::-1], (20, 0)]
    light = simplify_shapes({"left": [[left]], "right": [[right]]}, tolerance=0.5)
    inside = {point for point in light["left"][0][0] if point in border}
    assert inside == {point for point in light["right"][0][0] if point in border}
    assert len(inside) < len(border)


def test_an_enclave_and_its_hole_stay_the_same_border():
    circle = [(math.cos(turn / 20 * math.tau), math.sin(turn / 20 * math.tau)) for turn in range(20)]
    hole = circle[7:] + circle[:7]
    around = [(-5, -5), (5, -5), (5, 5), (-5, 5)]
    light = simplify_shapes({"town": [[circle]], "around": [[around, hole[::-1]]]}, tolerance=0.2)
    assert set(light["town"][0][0]) == set(light["around"][0][1])
    assert len(light["town"][0][0]) < 20


def test_a_small_island_goes_but_the_largest_part_stays():
    big, small = [(0, 0), (10, 0), (10, 10), (0, 10)], [(20, 20), (21, 20), (21, 21)]
    light = simplify_shapes({"both": [[big], [small]], "small": [[small]]}, tolerance=0, smallest=50)
    assert len(light["both"]) == 1
    assert len(light["small"]) == 1


def test_nothing_moves_without_tolerance():
    square = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    light = simplify_shapes({"a": [[square]]}, tolerance=0)
    assert set(light["a"][0][0]) == set(square)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=40), st.floats(0, 20))
def test_every_point_kept_was_there_and_none_dropped_is_farther_than_the_tolerance(points, tolerance):
    line = tuple((float(x), float(y)) for x, y in points)
    kept = douglas_peucker(line, tolerance)
    assert set(kept) <= set(line)
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=25), st.floats(0, 8))
def test_any_ring_even_one_that_crosses_itself_is_simplified(points, tolerance):
    light = simplify_shapes({"any": [[points]]}, tolerance)
    assert all(point in {(float(x), float(y)) for x, y in points} for poly in light["any"] for r in poly for point in r)
