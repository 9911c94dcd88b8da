"""Sharing an envelope and seats between 1 300 territories, and a million answers on a scale."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from machine import WORK, Table, median_of
from maillage.methods.apportionment.dhondt import dhondt
from maillage.methods.apportionment.envelope import Criterion, Settings, Territory, share_envelope
from maillage.methods.apportionment.explain import explain_share
from maillage.methods.apportionment.hamilton import hamilton
from maillage.methods.apportionment.read import read_request
from maillage.methods.apportionment.sainte_lague import sainte_lague
from maillage.methods.scales.agreement import agreement
from maillage.methods.scales.bootstrap import bootstrap
from maillage.methods.scales.consensus import consensus
from maillage.methods.scales.distribution import ordinal_distribution
from maillage.methods.scales.gini import gini

TERRITORIES = 1_300
ANSWERS = 1_000_000
LEVELS = ("1", "2", "3", "4", "5", "6", "7")
SEED = 20261120


def tables() -> list[Table]:
    return [envelope(), seats(), scales()]


def populations() -> dict[str, int]:
    """As municipalities are: many small, a few large."""
    draw = random.Random(SEED)
    return {f"M{place:04}": int(draw.lognormvariate(7.2, 1.4)) + 20 for place in range(TERRITORIES)}


def sheet() -> Path:
    """The file that an agent would have: settings, then a line a territory; half have a floor, a tenth a cap."""
    draw = random.Random(SEED)
    lines = ["envelope;10 000 000 $", "base;1 000", "weight population;60 %", "weight population × need;40 %", ""]
    lines.append("territory;population;need;floor;cap")
    for place, (name, people) in enumerate(populations().items()):
        floor = draw.randint(2_000, 5_000) if place % 2 else ""
        cap = draw.randint(20_000, 60_000) if place % 10 == 0 else ""
        lines.append(f"{name};{people};{draw.randint(50, 200) / 100};{floor};{cap}")
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / "territories.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def envelope() -> Table:
    table = Table(
        "Shares: an envelope between 1,300 territories",
        ["What", "ms", "× the floor"],
        notes=["Two criteria, a base, 650 floors and 130 caps, to the cent; exact fractions. The floor is the time to "
               "read the file's bytes. No peer shares between floors and caps; votelib's largest remainders stand "
               "beside the plain case, and both give the same cents."],
    )  # fmt: skip
    path = sheet()
    request = read_request(path)
    sharing = share_envelope(request.envelope or 0, request.territories, request.settings)
    assert sum(share.amount for share in sharing.shares) == 1_000_000_000
    floor = median_of(path.read_bytes, 50)
    people = populations()
    plain = [Territory(name, {"population": Fraction(count)}) for name, count in people.items()]
    only = Settings((Criterion(("population",), Fraction(1)),))
    ours = share_envelope(1_000_000_000, plain, only)
    peer = votelib("LargestRemainder", "hare")
    assert {share.name: share.amount for share in ours.shares} == peer(people, 1_000_000_000)

    def explained() -> None:
        for share in sharing.shares[:100]:
            explain_share(sharing, share.name)

    rows: list[tuple[str, Callable[[], object]]] = [
        ("Read the bytes (the floor)", path.read_bytes),
        ("Read the file", lambda: read_request(path)),
        ("Share, floors and caps", lambda: share_envelope(1_000_000_000, request.territories, request.settings)),
        ("Explain 100 territories", explained),
        ("Share by population alone", lambda: share_envelope(1_000_000_000, plain, only)),
        ("The same, votelib", lambda: peer(people, 1_000_000_000)),
    ]
    for label, work in rows:
        taken = median_of(work, 7, warm=1)
        table.add(label, f"{taken * 1000:.2f}", f"{taken / floor:,.0f}")
    return table


def seats() -> Table:
    table = Table(
        "Shares: 5,000 seats between 1,300 territories",
        ["Rule", "ms", "votelib, ms", "times faster", "× the floor"],
        notes=["Same seats in every case. The floor is the time to add up the claims once."],
    )
    people = populations()
    floor = median_of(lambda: sum(people.values()), 50)
    for label, ours, peer in (
        ("Hamilton", hamilton, votelib("LargestRemainder", "hare")),
        ("Sainte-Laguë", sainte_lague, votelib("HighestAverages", "sainte_lague")),
        ("D'Hondt", dhondt, votelib("HighestAverages", "d_hondt")),
    ):
        found = ours(people, 5_000)
        theirs = peer(people, 5_000)
        assert {name: count for name, count in found.seats.items() if count} == {
            name: count for name, count in theirs.items() if isinstance(name, str)
        }
        here, there = (median_of(lambda give=give: give(people, 5_000), 3, warm=0) for give in (ours, peer))
        table.add(label, f"{here * 1000:.1f}", f"{there * 1000:.1f}", f"{there / here:.1f}", f"{here / floor:,.0f}")
    return table


def scales() -> Table:
    table = Table(
        "Scales: a million answers on seven levels",
        ["What", "ms", "Peer, ms", "times faster", "× the floor"],
        notes=["The floor is the time to add up the answers once. scipy's bootstrap is timed on 10,000 answers and 500 "
               "draws, which it makes answer by answer, beside the same here; it needs 5 000 × 10⁶ answers for the "
               "last line. Gini's peer is the mean gap between all pairs, by numpy."],
    )  # fmt: skip
    from scipy import stats

    answers = np.random.default_rng(SEED).choice(7, size=ANSWERS, p=[0.05, 0.1, 0.2, 0.25, 0.2, 0.15, 0.05])
    floor = median_of(answers.sum, 20)
    found = ordinal_distribution(answers, LEVELS)
    small = answers[:10_000]
    few = ordinal_distribution(small, LEVELS).counts

    def by_rows(rows: np.ndarray, axis: int = -1) -> np.ndarray:
        return consensus(np.stack([(rows == level).sum(axis=axis) for level in range(7)], axis=-1))

    def scipy_bootstrap() -> object:
        draw = np.random.default_rng(1)
        return stats.bootstrap((small,), by_rows, n_resamples=500, method="percentile", rng=draw, batch=100)

    amounts = list(populations().values())

    def all_pairs() -> float:
        values = np.array(amounts, dtype=np.float64)
        return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))

    assert abs(all_pairs() - float(gini(amounts) or 0)) < 1e-9
    rows: list[tuple[str, Callable[[], object], Callable[[], object] | None]] = [
        ("Count", lambda: ordinal_distribution(answers, LEVELS), lambda: np.unique(answers, return_counts=True)),
        ("Consensus and agreement", lambda: (consensus(found.counts), agreement(found.counts)), None),
        ("Bootstrap, 10,000 answers, 500 draws", lambda: bootstrap(few, consensus, seed=1, resamples=500),
         scipy_bootstrap),
        ("Bootstrap, a million, 5,000 draws", lambda: bootstrap(found.counts, agreement, seed=1), None),
        ("Gini of 1,300 amounts, exact", lambda: gini(amounts), all_pairs),
    ]  # fmt: skip
    for label, ours, peer in rows:
        here = median_of(ours, 5, warm=1)
        there = median_of(peer, 3, warm=0) if peer else None
        table.add(label, f"{here * 1000:.2f}", f"{there * 1000:.2f}" if there else "",
                  f"{there / here:.1f}" if there else "", f"{here / floor:,.1f}")  # fmt: skip
    return table


def votelib(rule: str, kind: str) -> Callable[[dict[str, int], int], dict[str, int]]:
    from votelib.evaluate import proportional

    give: Callable[[dict[str, int], int], dict[str, int]] = getattr(proportional, rule)(kind).evaluate
    return give
