"""A range that an estimate leaves open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    low: float
    high: float
    confidence: float = 0.95
