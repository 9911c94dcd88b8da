"""How many testimonies, what they speak of, and how far two readers agreed; small counts withheld."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from maillage.methods.disclosure.protect import protect
from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable
from maillage.methods.scales.coders import coders_alpha
from maillage.methods.scales.coders_interval import coders_interval
from maillage.participation.consultations.models import Step
from maillage.participation.testimonies.models import BookCode, CodingRound, Settled, Testimony

SEED = 20_260


def count(step: Step, sheets: Iterable[Any]) -> dict[str, Any]:
    """The aggregates, ready to be kept as JSON. Codes are counted once every testimony is settled."""
    total, threshold = Testimony.objects.filter(step=step).count(), step.consultation.threshold
    if total < threshold:
        return {"few": True}
    found: dict[str, Any] = {"n": total}
    settled = list(Settled.objects.filter(testimony__step=step, agreed=True).prefetch_related("codes"))
    if len(settled) < total:
        return found
    book = list(BookCode.objects.filter(step=step).order_by("kind", "position", "pk"))
    found["codes"] = {
        str(code.uuid): _shown(sum(code in row.codes.all() for row in settled), total, threshold) for code in book
    }
    found["agreement"] = agreement(step, book)
    return found


def _shown(said: int, total: int, threshold: int) -> int | None:
    """How many speak of it; None where it, or those who do not, are too few."""
    table = CountTable(("code",), (("yes", "no"),), np.array([said, total - said], dtype=np.int64))
    try:
        cells = protect([table], threshold, published=[Cell()], seconds=1.0).of
    except CannotProtect:
        return None
    return cells[Cell((("code", "yes"),))].shown


def agreement(step: Step, book: list[BookCode]) -> dict[str, Any] | None:
    """Krippendorff's alpha of the two readings of each testimony, made apart; None before there are any."""
    by_testimony: dict[Any, list[set[int]]] = {}
    rounds = CodingRound.objects.filter(testimony__step=step).prefetch_related("codes").order_by("testimony", "pk")
    for row in rounds:
        by_testimony.setdefault(row.testimony_id, []).append({one.pk for one in row.codes.all()})
    pairs = [pair for pair in by_testimony.values() if len(pair) == 2]
    if not pairs or not book:
        return None
    first, second = (np.array([[one.pk in pair[side] for one in book] for pair in pairs]) for side in (0, 1))
    alpha, interval = coders_alpha(first, second), coders_interval(first, second, seed=SEED)
    return {
        "n": len(pairs), "codes": len(book), "alpha": alpha,
        "low": None if interval is None else interval.low, "high": None if interval is None else interval.high,
    }  # fmt: skip
