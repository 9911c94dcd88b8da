"""The tree that comes with Maillage: our own files, written from public facts, each row with its source."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class TreeTerritory:
    key: str
    kind: str
    name: str
    designation: str
    latitude: Decimal
    longitude: Decimal
    since: dt.date | None
    source: str
    point_source: str


@dataclass(frozen=True)
class TreeFact:
    """A code (``what`` is its scheme), a parent (``what`` is ``parent``) or another name (``name``), with dates."""

    key: str
    what: str
    value: str
    since: dt.date | None
    until: dt.date | None
    source: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def _sources() -> dict[str, str]:
    return {row["key"]: row["text"] for row in _rows("sources.csv")}


def source(keys: str) -> str:
    """The sources in full, from their keys joined by ``+``. Error: ``KeyError`` for a source nobody cited."""
    return "; ".join(_sources()[key] for key in keys.split("+"))


def territories() -> list[TreeTerritory]:
    return [
        TreeTerritory(
            key=row["key"],
            kind=row["kind"],
            name=row["name"],
            designation=row["designation"],
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
            since=_date(row["since"]),
            source=source(row["source"]),
            point_source=source(row["point_source"]),
        )
        for row in _rows("territories.csv")
    ]


def _facts(file: str, what: str, value: str) -> list[TreeFact]:
    return [
        TreeFact(
            key=row["key"],
            what=row.get(what, what),
            value=row[value],
            since=_date(row["since"]),
            until=_date(row["until"]),
            source=source(row["source"]),
        )
        for row in _rows(file)
    ]


def codes() -> list[TreeFact]:
    return _facts("codes.csv", "scheme", "code")


def memberships() -> list[TreeFact]:
    return _facts("memberships.csv", "parent_of", "parent")


def names() -> list[TreeFact]:
    return _facts("names.csv", "other_name", "name")


def members_of_division(code: str) -> list[str]:
    """Keys of the MRC that a census division joins, where it is not one MRC; empty elsewhere."""
    return list(dict.fromkeys(key for csd, (key, _source) in split_divisions().items() if csd.startswith(code)))


def split_divisions() -> dict[str, tuple[str, str]]:
    """Census subdivisions of the divisions that are not one MRC: code → (key of the MRC, source)."""
    return {row["csd"]: (row["key"], source(row["source"])) for row in _rows("split-divisions.csv")}
