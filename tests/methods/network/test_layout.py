"""The drawing: nothing overlaps, nothing depends on the order of the input, a small change moves little."""

import math
import runpy
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from maillage.methods.network.layout import Drawing, layout
from maillage.methods.network.network import Actor, Network, Tie
from maillage.methods.network.sector_order import sector_order
from tests.methods.network.made import for_any_network, made, named, shuffled


def around(drawing: Drawing) -> list[str]:
    """Actors clockwise from the top."""
    return [place.actor for place in sorted(drawing.places, key=lambda place: place.angle)]


def crossings(order: list[str], network: Network) -> int:
    """Pairs of ties that cross, drawn as chords of a circle: the plain version."""
    place = {id: i for i, id in enumerate(order)}
    chords = [tuple(sorted((place[tie.one], place[tie.other]))) for tie in network.ties]
    return sum(a < c < b < d or c < a < d < b for (a, b), (c, d) in combinations(chords, 2))


def well_drawn(drawing: Drawing) -> None:
    """Marks are apart and in the square, sectors too; actors are in their sector."""
    points = np.array([(place.x, place.y) for place in drawing.places])
    assert points.min() >= 0
    assert points.max() <= 1
    if len(points) > 1:
        nearest = cKDTree(points).query(points, k=2)[0][:, 1].min()
        assert nearest >= 1.2499 * drawing.mark
    wedges = {wedge.sector: wedge for wedge in drawing.wedges}
    for before, after in zip(drawing.wedges, drawing.wedges[1:], strict=False):
        assert before.end < after.start
    for place in drawing.places:
        wedge = wedges[place.sector]
        radius = math.hypot(place.x - 0.5, place.y - 0.5)
        assert wedge.inner - 1e-5 <= radius <= wedge.outer + 1e-5
    # The ways between sectors are straight: two marks of different sectors are farther apart than two neighbours.
    if len(wedges) > 1 and len(points) < 400:
        for one, other in combinations(drawing.places, 2):
            if one.sector != other.sector:
                assert math.dist((one.x, one.y), (other.x, other.y)) > 1.4 * drawing.mark


@for_any_network
def test_any_network_is_well_drawn_in_whatever_order_it_comes(network):
    drawing = layout(network)
    assert layout(shuffled(network, 2)) == drawing
    assert len(drawing.places) == len(network.actors)
    assert [(curve.one, curve.other) for curve in drawing.curves] == sorted({tie.pair for tie in network.ties})
    if network.actors:
        well_drawn(drawing)


@pytest.mark.parametrize(
    "network",
    [
        made(30, 60),
        made(200, 500),
        made(1500, 5000),
        made(40, 60, sectors=1),
        made(300, 500, sectors=120),
        Network((Actor("alone"),)),
    ],
    ids=["30", "200", "1500", "one sector", "120 sectors", "one actor"],
)
def test_it_is_well_drawn_at_every_size(network):
    drawing = layout(network)
    well_drawn(drawing)
    assert layout(shuffled(network, 5)) == drawing


def test_marks_can_be_seen_at_every_size():
    # Of a drawing 850 pixels wide: 40, 16 and 13 pixels.
    assert layout(made(30, 60)).mark > 0.047
    assert layout(made(200, 500)).mark > 0.018
    assert layout(made(1500, 5000)).mark > 0.015


def test_ties_cross_less_than_in_the_order_of_ids_and_about_as_little_as_many_lots():
    for seed in range(4):
        network = made(60, 110, seed=seed, sectors=6)
        drawing = layout(network)
        by_sector = [wedge.sector for wedge in drawing.wedges]
        of = {actor.id: by_sector.index(actor.sector) for actor in network.actors}
        found = crossings(around(drawing), network)
        lots = []
        for lot in range(30):
            random = np.random.default_rng(lot).permutation(sorted(of)).tolist()
            lots.append(crossings(sorted(random, key=of.__getitem__), network))
        assert found < 0.75 * np.mean(lots)
        assert found < min(lots)


def test_the_order_of_sectors_brings_together_those_that_work_together():
    # a – c and b – d are tied: c and d must not stand across.
    network = named("ac ac bd cb", {"w": "a", "x": "b", "y": "c", "z": "d"})
    assert sector_order(network)[0] == ("w", "y", "x", "z")
    assert sector_order(network, ["z", "q"])[0] == ("z", "w", "x", "y")
    assert sector_order(named("ab", {"x": "b"}))[0] == ("x", "")
    many = made(60, 200, sectors=12, across=0.9)
    _names, place = sector_order(many)
    steps = around_steps(place[many.graph.ends], 12)
    for one, other in combinations(range(12), 2):
        exchanged = np.arange(12)
        exchanged[[one, other]] = other, one
        assert around_steps(exchanged[place[many.graph.ends]], 12) >= steps
    assert sector_order(many)[0] == sector_order(shuffled(many, 3))[0]


def around_steps(ends: np.ndarray, sectors: int) -> int:
    """Steps around the circle between the sectors of every tie."""
    apart = np.abs(ends[:, 0] - ends[:, 1])
    return int(np.minimum(apart, sectors - apart).sum())


def test_a_small_change_moves_little():
    network = made(200, 500)
    drawing = layout(network)
    order = [wedge.sector for wedge in drawing.wedges]
    for change in (
        Network(network.actors, network.ties[1:]),
        Network((*network.actors, Actor("new", "s2")), (*network.ties, Tie("new", network.actors[0].id))),
        Network(network.actors, (*network.ties, Tie(network.actors[5].id, network.actors[150].id))),
    ):
        moved = distances(drawing, layout(change, sectors=order))
        assert np.median(moved) < 0.02
        assert np.mean(moved > 0.1) < 0.1
        kept = distances(drawing, layout(change, previous=drawing))
        assert np.median(kept) < 0.01


def distances(one: Drawing, other: Drawing) -> np.ndarray:
    before = {place.actor: (place.x, place.y) for place in one.places}
    return np.array(
        [math.dist(before[place.actor], (place.x, place.y)) for place in other.places if place.actor in before]
    )


def test_after_a_previous_drawing_actors_keep_their_order():
    network = made(40, 90, sectors=5)
    drawing = layout(network)
    more = Network(
        (*network.actors, Actor("new", "s1")), (*network.ties, Tie("new", "a00003"), Tie("a00030", "a00001"))
    )
    after = layout(more, previous=drawing)
    assert [id for id in around(after) if id != "new"] == around(drawing)
    assert layout(network, previous=drawing) == drawing
    gone = Network(network.actors[1:], tuple(tie for tie in network.ties if "a00000" not in tie.pair))
    assert around(layout(gone, previous=drawing)) == [id for id in around(drawing) if id != "a00000"]


def test_bundles_count_the_ties_of_two_sectors_on_one_scale():
    network = named("ac ad bc bd be", {"x": "ab", "y": "cd", "z": "e"})
    drawing = layout(network)
    assert [(bundle.one, bundle.other, bundle.ties) for bundle in drawing.bundles] == [("x", "y", 4), ("x", "z", 1)]
    wide, narrow = drawing.bundles
    widths = [math.dist(bundle.corners[i], bundle.corners[3 - i]) for bundle in (wide, narrow) for i in (0, 1)]
    assert widths[0] == pytest.approx(widths[1], rel=1e-3)
    assert widths[0] / widths[2] == pytest.approx(4, rel=0.1)
    assert not drawing.crowded
    assert layout(made(200, 500)).crowded


def test_actors_with_most_ties_to_other_sectors_stand_nearest_to_the_centre():
    network = made(400, 1200)
    drawing = layout(network)
    sector = {actor.id: actor.sector for actor in network.actors}
    out = dict.fromkeys(sector, 0)
    for tie in network.ties:
        if sector[tie.one] != sector[tie.other]:
            out[tie.one] += 1
            out[tie.other] += 1
    for wedge in drawing.wedges:
        rows: dict[int, list[int]] = {}
        for place in drawing.places:
            if place.sector == wedge.sector:
                rows.setdefault(place.row, []).append(out[place.actor])
        for row in range(len(rows) - 1):
            assert min(rows[row]) >= max(rows[row + 1])


def test_the_pictures_of_the_page_are_those_of_the_layout_of_today():
    root = Path(__file__).resolve().parents[3]
    made_again = runpy.run_path(str(root / "tools" / "network_drawings.py"))["pictures"]()
    for name, text in made_again.items():
        assert (root / "docs" / "methods" / name).read_text(encoding="utf-8") == text, "run tools/network_drawings.py"
        assert len(text) < 60_000
