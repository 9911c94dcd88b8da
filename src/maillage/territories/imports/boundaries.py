"""Reading boundaries in GeoJSON, and planning what they would change. Nothing is written here.

GeoJSON is in longitude and latitude (RFC 7946). A file in another projection is refused, with the way to convert
it: reprojecting silently would draw a territory at the wrong place the day the guess is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from maillage.core.formats import file_size
from maillage.territories.models import Boundary, Territory, TerritoryCode

MAX_BYTES = 20_000_000
"""Read whole, 20 MB of shapes take some 350 MB of memory for ten seconds: as much as a small machine can lend."""
MAX_FEATURES = 5_000
MAX_POINTS = 1_000_000
WGS84 = re.compile(r"(crs84|(epsg|EPSG)[:/]{1,2}(.*[:/])?(4326|4269))$", re.IGNORECASE)
"""EPSG:4269 (NAD83) is within two metres of WGS 84 in Quebec: less than a map of ours can show."""
_WEST, _EAST, _SOUTH, _NORTH = -84, -53, 42, 66
"""Around Quebec, with a margin."""
_TOO_FAR = 1e12
CONVERT = "ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES"


class BoundaryError(Exception):
    """A file that cannot be read. The message says what to do, in the reader's language."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True)
class Feature:
    """A shape of the file: its place in it (from 1), what it says of itself, its polygons."""

    number: int
    properties: Mapping[str, str]
    geometry: dict[str, Any]

    @property
    def polygons(self) -> list[list[list[list[float]]]]:
        coordinates = self.geometry["coordinates"]
        return [coordinates] if self.geometry["type"] == "Polygon" else coordinates

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.geometry, separators=(",", ":")).encode()).hexdigest()

    @property
    def label(self) -> str:
        """Something a person recognises: the values that look like words, then the others."""
        words = [value for value in self.properties.values() if re.search(r"[^\W\d]{3}", value)]
        return ", ".join((words + [value for value in self.properties.values() if value not in words])[:3])


@dataclass(frozen=True)
class Rejected:
    number: int
    text: str
    reason: str


@dataclass
class Plan:
    """What the file would change."""

    vintage: int
    column: str = ""
    scheme: str = ""
    create: list[tuple[Feature, Territory]] = field(default_factory=list)
    update: list[tuple[Feature, Territory]] = field(default_factory=list)
    unchanged: int = 0
    unmatched: list[Feature] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.create and not self.update


def read(source: str | Path | bytes | IO[bytes]) -> tuple[list[Feature], list[Rejected]]:
    """The shapes of the file and those that are not one. Error: :class:`BoundaryError`."""
    document = _load(_bytes(source))
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BoundaryError(
            _("This file is JSON but not a collection of boundaries. Export the layer in GeoJSON again."),
            "not_geojson",
        )
    _refuse_other_projection(document.get("crs"))
    shapes = document.get("features")
    if not isinstance(shapes, list) or not shapes:
        raise BoundaryError(_("This file holds no boundary. Check that the layer you export is not empty."), "empty")
    if len(shapes) > MAX_FEATURES:
        raise BoundaryError(
            _("This file holds %(count)s shapes, more than the %(limit)s that are read at once. Cut it in parts.")
            % {"count": len(shapes), "limit": MAX_FEATURES},
            "too_many",
        )
    _refuse_another_place(shapes)
    return _sort(shapes)


def _bytes(source: str | Path | bytes | IO[bytes]) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str | Path):
        path = Path(source)
        if path.stat().st_size > MAX_BYTES:
            raise _too_big(path.stat().st_size)
        data = path.read_bytes()
    else:
        source.seek(0)
        data = source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_big(len(data))
    return data


def _too_big(size: int) -> BoundaryError:
    return BoundaryError(
        _(
            "This file weighs more than %(limit)s. Simplify the boundaries first, in QGIS or with "
            "mapshaper: a map on the screen needs a hundred times less."
        )
        % {"limit": file_size(MAX_BYTES)},
        "too_big",
    )


def _load(data: bytes) -> Any:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BoundaryError(_("This file is in UTF-16. Save it in UTF-8, then send it again."), "encoding")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data[:4] in (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff\xe0") or b"\x00" in data[:64]:
            raise _not_json() from error
        raise BoundaryError(
            _("The letters of this file are not in UTF-8. Save it in UTF-8, then send it again."), "encoding"
        ) from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _not_json() from error
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == "{" and error.pos >= len(text.rstrip()) - 1:
            raise BoundaryError(
                _("This file stops in the middle: it was not copied whole. Download it again."), "truncated"
            ) from error
        raise _not_json(error.lineno if text.lstrip()[:1] in "{[" else 0) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _not_json() from error


def _refuse_constant(name: str) -> float:
    raise BoundaryError(
        _("This file holds a coordinate that is not a number (%(value)s). Export it again.") % {"value": name}, "number"
    )


def _not_json(line: int = 0) -> BoundaryError:
    if line:
        sentence = _("This file is not readable GeoJSON: it breaks at line %(line)s. Export the layer again.")
        return BoundaryError(sentence % {"line": line}, "not_json")
    return BoundaryError(_("This file is not GeoJSON. In QGIS: Export, Save features as, format GeoJSON."), "not_json")


def _refuse_other_projection(crs: Any) -> None:
    if crs is None:
        return
    name = ""
    if isinstance(crs, dict) and isinstance(crs.get("properties"), dict):
        name = str(crs["properties"].get("name") or crs["properties"].get("code") or "")
    if not WGS84.search(name):
        raise _projection(name or _("unknown"))


def _projection(name: str) -> BoundaryError:
    return BoundaryError(
        _(
            "This file is in another projection (%(name)s). Convert it to longitude and latitude, "
            "EPSG:4326: in QGIS, Export, Save features as; or with %(command)s out.geojson in.geojson."
        )
        % {"name": name, "command": CONVERT},
        "projection",
    )


def _points(coordinates: Any) -> Iterator[list[Any]]:
    """Every position, whatever the depth; what is not a list of lists of numbers yields nothing."""
    waiting = [coordinates]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, list) or not here:
            continue
        if isinstance(here[0], list):
            waiting.extend(here)
        else:
            yield here


def _refuse_another_place(shapes: list[Any]) -> None:
    """Look at the first position of every shape: enough to tell metres from degrees, and Quebec from elsewhere."""
    first = []
    for shape in shapes:
        geometry = shape.get("geometry") if isinstance(shape, dict) else None
        point = next(_points(geometry.get("coordinates") if isinstance(geometry, dict) else None), None)
        if point and len(point) >= 2 and all(_is_number(value) for value in point[:2]):
            first.append(point)
    if any(abs(x) > 180 or abs(y) > 90 for x, y, *_rest in first):
        if all(40 <= x <= 65 and -180 <= y <= -90 for x, y, *_rest in first):
            raise _swapped()
        raise _projection(_("in metres"))
    if first and all(40 <= x <= 65 and -82 <= y <= -55 for x, y, *_rest in first):
        raise _swapped()
    if first and not any(_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH for x, y, *_rest in first):
        raise BoundaryError(
            _(
                "None of these boundaries lies in Quebec. Check the layer you export, "
                "and that it is in longitude and latitude (EPSG:4326)."
            ),
            "elsewhere",
        )


def _swapped() -> BoundaryError:
    return BoundaryError(
        _("Latitude comes before longitude in this file. GeoJSON wants the contrary: export the layer again."),
        "swapped",
    )


def _is_number(value: Any) -> bool:
    # Compared before anything else: a whole number of JSON may be larger than any float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _TOO_FAR


def _sort(shapes: list[Any]) -> tuple[list[Feature], list[Rejected]]:
    features: list[Feature] = []
    rejected: list[Rejected] = []
    total = 0
    for number, shape in enumerate(shapes, start=1):
        properties = shape.get("properties") if isinstance(shape, dict) else None
        said = _plain(properties if isinstance(properties, dict) else {})
        feature = Feature(number, said, shape.get("geometry") if isinstance(shape, dict) else None)  # type: ignore[arg-type]
        reason = _fault(feature.geometry)
        if reason:
            rejected.append(Rejected(number, feature.label, reason))
            continue
        total += sum(len(ring) for polygon in feature.polygons for ring in polygon)
        if total > MAX_POINTS:
            raise _too_big(MAX_BYTES)
        features.append(feature)
    return features, rejected


def _plain(properties: dict[str, Any]) -> dict[str, str]:
    """Properties as short texts; a list of one value is that value; what is nested deeper is left aside."""
    found = {}
    for name, value in properties.items():
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str | int) and not isinstance(value, bool):
            found[str(name)[:100]] = str(value).strip()[:200]
    return found


def _fault(geometry: Any) -> str:
    """Why a geometry cannot be a boundary; empty where it can. An outline that crosses itself is accepted."""
    if not isinstance(geometry, dict) or geometry.get("coordinates") in (None, []):
        return _("This shape is empty.")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        return _("A boundary is a polygon; this shape is of type %(kind)s.") % {"kind": str(kind)[:40]}
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not all(isinstance(polygon, list) and polygon for polygon in polygons):
        return _("The coordinates of this shape cannot be read.")
    for ring in (ring for polygon in polygons for ring in polygon):
        if not isinstance(ring, list) or len(ring) < 4:
            return _("An outline of this shape has fewer than four points.")
        if not all(isinstance(p, list) and len(p) >= 2 and _is_number(p[0]) and _is_number(p[1]) for p in ring):
            return _("The coordinates of this shape cannot be read.")
        if not all(-180 <= p[0] <= 180 and -89 <= p[1] <= 89 for p in ring):
            return _("This shape has points that are not on Earth.")
        if ring[0][:2] != ring[-1][:2]:
            return _("An outline of this shape does not close.")
    return ""


def _columns(features: Sequence[Feature]) -> list[str]:
    names: dict[str, None] = {}
    for feature in features:
        names.update(dict.fromkeys(feature.properties))
    return list(names)


def match(features: Sequence[Feature]) -> tuple[str, str, dict[str, Territory]]:
    """The property that holds official codes, their scheme, and the territory of each code.

    The pair that recognises the most shapes wins; names are never used. Error: :class:`BoundaryError`.
    """
    known: dict[str, dict[str, Territory]] = {}
    for row in TerritoryCode.objects.select_related("territory").order_by("scheme", "id"):
        known.setdefault(row.scheme, {})[row.code] = row.territory
    best = (0, "", "")
    for column in _columns(features):
        values = {feature.properties.get(column, "") for feature in features}
        for scheme, codes in known.items():
            count = len(values & codes.keys())
            if count > best[0]:
                best = (count, column, scheme)
    if not best[0]:
        raise BoundaryError(
            _(
                "No shape of this file carries the official code of a territory known here. "
                "Its properties are: %(columns)s. Load the territories first, or add a column of codes."
            )
            % {"columns": ", ".join(_columns(features)[:12]) or _("none")},
            "no_code",
        )
    return best[1], best[2], known[best[2]]


def plan(features: Sequence[Feature], rejected: Sequence[Rejected], vintage: int) -> Plan:
    """What these shapes would change, read in a fixed number of queries."""
    if not features:
        raise BoundaryError(_("No shape of this file can be a boundary. Export polygons, then try again."), "empty")
    column, scheme, territories = match(features)
    result = Plan(vintage=vintage, column=column, scheme=scheme, rejected=list(rejected))
    digests = dict(Boundary.objects.filter(vintage=vintage).values_list("territory_id", "digest"))
    seen: set[int] = set()
    for feature in features:
        place = territories.get(feature.properties.get(column, ""))
        if place is None:
            result.unmatched.append(feature)
        elif place.pk in seen:
            reason = _("Another shape of this file already gives the boundary of %(name)s.") % {"name": place.name}
            result.rejected.append(Rejected(feature.number, feature.label, reason))
        else:
            seen.add(place.pk)
            if place.pk not in digests:
                result.create.append((feature, place))
            elif digests[place.pk] != feature.digest:
                result.update.append((feature, place))
            else:
                result.unchanged += 1
    return result
