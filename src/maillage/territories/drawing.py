"""From what a selector found to the shapes that ``ui.charts.maps`` draws, with their words."""

from __future__ import annotations

from maillage.territories.selectors import MapOf
from maillage.ui.charts import PAGE, MapShape, Palette, map_words, region_map


def _shapes(found: MapOf) -> list[MapShape]:
    return [
        MapShape(
            key=shape.place.pk,
            label=shape.place.name,
            polygons=shape.polygons,
            point=shape.point,
            number=str(shape.number) if shape.number else "",
            beyond=shape.beyond,
        )
        for shape in found.shapes
    ]


def _here(found: MapOf) -> set[int]:
    return {shape.place.pk for shape in found.shapes if shape.here}


def draw(found: MapOf, palette: Palette = PAGE) -> str:
    return region_map(_shapes(found), _here(found), palette)


def words(found: MapOf) -> str:
    return map_words(_shapes(found), _here(found), title=found.frame.name)
