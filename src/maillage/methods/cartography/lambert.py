"""Lambert conformal conic with two standard parallels, on an ellipsoid.

Formulas: J. P. Snyder, *Map Projections: A Working Manual*, USGS Professional Paper 1395 (1987),
pages 107-109; the same as EPSG method 9802.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Lambert:
    """A projection. Angles in degrees; ``semi_major`` and the false origin in the unit wanted for ``x, y``."""

    latitude_origin: float
    longitude_origin: float
    parallel_1: float
    parallel_2: float
    semi_major: float
    inverse_flattening: float
    false_easting: float = 0.0
    false_northing: float = 0.0

    @cached_property
    def _eccentricity(self) -> float:
        flattening = 1 / self.inverse_flattening
        return math.sqrt(2 * flattening - flattening**2)

    def _m(self, latitude: float) -> float:
        return math.cos(latitude) / math.sqrt(1 - (self._eccentricity * math.sin(latitude)) ** 2)

    def _t(self, latitude: float) -> float:
        swing = self._eccentricity * math.sin(latitude)
        return math.tan(math.pi / 4 - latitude / 2) / ((1 - swing) / (1 + swing)) ** (self._eccentricity / 2)

    @cached_property
    def _constants(self) -> tuple[float, float, float]:
        first, second = math.radians(self.parallel_1), math.radians(self.parallel_2)
        cone = (math.log(self._m(first)) - math.log(self._m(second))) / (
            math.log(self._t(first)) - math.log(self._t(second))
        )
        scale = self._m(first) / (cone * self._t(first) ** cone)
        return cone, scale, self.semi_major * scale * self._t(math.radians(self.latitude_origin)) ** cone

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        """``(x, y)`` of a point given in degrees. Error: ``ValueError`` at or beyond a pole."""
        if not -90 < latitude < 90:
            raise ValueError("A latitude lies between -90 and 90 degrees.")
        cone, scale, radius_origin = self._constants
        radius = self.semi_major * scale * self._t(math.radians(latitude)) ** cone
        angle = cone * math.radians(longitude - self.longitude_origin)
        return (
            self.false_easting + radius * math.sin(angle),
            self.false_northing + radius_origin - radius * math.cos(angle),
        )


QUEBEC = Lambert(
    latitude_origin=44,
    longitude_origin=-68.5,
    parallel_1=60,
    parallel_2=46,
    semi_major=6_378_137.0,
    inverse_flattening=298.257222101,
)
"""NAD83 / Québec Lambert (EPSG:32198), in metres: the one the Government of Québec draws the province with."""
