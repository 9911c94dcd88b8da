"""Maps without a map server: a projection, a simplification that keeps borders shared, a few measures.

Coordinates are plain ``(x, y)`` pairs of floats; a ring is a list of them (first point repeated or not, as
said by each function), a polygon a list of rings (outline first, then holes), a shape a list of polygons.
"""

from maillage.methods.cartography.lambert import QUEBEC, Lambert
from maillage.methods.cartography.measures import bounds, interior_point, ring_area
from maillage.methods.cartography.simplify import simplify_shapes

__all__ = ["QUEBEC", "Lambert", "bounds", "interior_point", "ring_area", "simplify_shapes"]
