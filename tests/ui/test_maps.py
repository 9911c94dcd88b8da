"""Maps: fitted to what they are about, numbered without a number over another, and said in words."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

from maillage.ui.charts import PRINT, MapShape, map_words, region_map

HERE = MapShape("a", "Ici", [[[(0, 0), (10, 0), (10, 5), (0, 5)]]], number="1")
THERE = MapShape("b", "Là-bas", [[[(10, 0), (20, 0), (20, 5), (10, 5)]]], number="2")
FAR = MapShape("c", "Au loin", [[[(20, 0), (90, 0), (90, 50)]]], beyond=True)


def numbers(drawing: str) -> dict[str, tuple[float, float]]:
    return {
        text: (float(x), float(y)) for x, y, text in re.findall(r'<text x="(\d+)" y="(\d+)"[^>]*>([^<]*)<', drawing)
    }


def size(drawing: str) -> tuple[float, float]:
    width, height = ElementTree.fromstring(drawing).attrib["viewBox"].split()[2:]
    return float(width), float(height)


def test_the_map_fits_what_it_is_about_not_what_lies_beyond():
    alone, with_far = region_map([HERE, THERE], ["a"]), region_map([HERE, THERE, FAR], ["a"])
    assert size(alone) == size(with_far)
    assert size(alone)[0] == 960


def test_north_is_up():
    drawing = region_map(
        [MapShape("n", "Nord", point=(0, 100), number="1"), MapShape("s", "Sud", point=(0, 0), number="2")]
    )
    assert numbers(drawing)["1"][1] < numbers(drawing)["2"][1]


def test_the_place_looked_at_is_drawn_last_and_in_colour():
    drawing = region_map([HERE, THERE, FAR], ["a"])
    assert drawing.index("beyond-place") < drawing.index('class="place"') < drawing.index("here-place")


def test_no_number_lies_over_another_and_all_stay_inside():
    crowd = [MapShape(index, str(index), point=(index % 3, index % 2), number=str(index + 1)) for index in range(6)]
    crowd += [MapShape("far", "Loin", point=(100, 100), number="7")]
    drawing = region_map(crowd)
    places = list(numbers(drawing).values())
    assert len(places) == 7
    assert min(math.dist(one, other) for one in places for other in places if one is not other) >= 40
    width, height = size(drawing)
    assert all(0 < x < width and 0 < y < height for x, y in places)


def test_a_moved_number_is_led_back_to_its_place():
    drawing = region_map([MapShape("a", "A", point=(0, 0), number="1"), MapShape("b", "B", point=(0, 0), number="2"),
                          MapShape("c", "C", point=(50, 0))])  # fmt: skip
    assert drawing.count("map-lead") == 1


def test_a_single_point_is_still_a_map_and_nothing_is_none():
    assert "<circle" in region_map([MapShape("a", "A", point=(3, 4))])
    assert region_map([MapShape("a", "A")]) == ""
    assert region_map([FAR]) == ""


def test_on_paper_the_colours_are_resolved():
    drawing = region_map([HERE, THERE, FAR], ["a"], PRINT)
    assert PRINT.values["brand"] in drawing
    assert "place" not in drawing
    ElementTree.fromstring(drawing)


def test_the_words_say_what_is_seen():
    assert map_words([HERE, THERE, FAR], ["a"], title="La région") == (
        "Carte\N{NO-BREAK SPACE}: La région. En couleur\N{NO-BREAK SPACE}: Ici. "
        "Les numéros sont ceux de la liste à côté de la carte."
    )
    assert map_words([FAR]) == ""
