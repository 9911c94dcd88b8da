"""Tables protected by suppression, by size: time and what is lost. No peer in Python does it; networkx bounds cells.

The counts are made up, with a seed: Poisson of a gamma, so that many are small, as crossings of territories are.
"""

from __future__ import annotations

import io
import time

import networkx
import numpy as np

from machine import Table, median_of
from maillage.methods.disclosure.audit import audit
from maillage.methods.disclosure.protect import protect
from maillage.methods.disclosure.reading import read_counts
from maillage.methods.disclosure.tables import CountTable, Status

SHAPES = (((10, 8), 8), ((20, 20), 15), ((40, 40), 20), ((5, 5, 4), 10), ((10, 8, 6), 20))
"""Categories, and people in a crossing on average."""
SECONDS = 10.0


def made(shape: tuple[int, ...], mean: float, seed: int = 1) -> CountTable:
    lot = np.random.default_rng(seed)
    names = tuple("abc"[: len(shape)])
    labels = tuple(tuple(f"{name}{number}" for number in range(size)) for name, size in zip(names, shape, strict=True))
    return CountTable(names, labels, lot.poisson(lot.gamma(0.8, mean / 0.8, shape)))


def as_file(table: CountTable) -> bytes:
    text = io.StringIO()
    text.write(",".join([*table.variables, "count"]) + "\n")
    for place, value in np.ndenumerate(table.counts):
        labels = (labels[at] for labels, at in zip(table.categories, place, strict=True))
        text.write(",".join([*labels, str(value)]) + "\n")
    return text.getvalue().encode()


def by_size() -> Table:
    table = Table(
        "Disclosure control: small counts withheld",
        ["Table", "Cells", "Small", "To help", "Lost", "Proven least", "Seconds", "Audit alone (s)", "× reading"],
        notes=[f"Margins included. At most {SECONDS:.0f} s are given to look for the fewest cells; the audit, and a "
               "first safe choice, take what they take. The floor is reading the same table from CSV."],
    )  # fmt: skip
    for shape, mean in SHAPES:
        counts = made(shape, mean)
        content = as_file(counts)
        floor = median_of(lambda content=content: read_counts(content), 5, 1)
        start = time.perf_counter()
        found = protect([counts], seconds=SECONDS)
        taken = time.perf_counter() - start
        alone = median_of(lambda counts=counts, found=found: audit([counts], found.suppressed), 1, 0)
        states = [one.status for one in found.cells]
        size = " × ".join(map(str, shape))
        table.add(size, len(states), states.count(Status.PRIMARY),
                  states.count(Status.COMPLEMENTARY), f"{len(found.suppressed) / len(states):.0%}",
                  "yes" if found.optimal else "no", f"{taken:.1f}", f"{alone:.1f}",
                  f"{taken / floor:,.0f}")  # fmt: skip
    return table


def beside_networkx() -> Table:
    """The ranges of hidden cells of a two-way table whose margins are published are maximum flows."""
    counts = made((20, 20), 15)
    hidden = np.random.default_rng(1).random((20, 20)) < 0.4
    cells = {counts.cell(f"a{row}", f"b{column}"): (row, column) for row, column in np.argwhere(hidden).tolist()}
    ours, theirs = {}, {}
    one = median_of(lambda: ours.update(audit([counts], cells).cells), 3, 0)
    other = median_of(
        lambda: theirs.update({cell: flows(counts, hidden, place) for cell, place in cells.items()}), 3, 0
    )
    same = all((ours[cell].low, ours[cell].high) == theirs[cell] for cell in cells)
    table = Table("Disclosure control: ranges of hidden cells", ["Hidden", "audit (s)", "networkx (s)", "Same ranges"])
    table.add(len(cells), f"{one:.2f}", f"{other:.2f}", table.target("ranges as networkx", same, 1, "", least=True))
    return table


def flows(counts: CountTable, hidden: np.ndarray, place: tuple[int, int]) -> tuple[int, int]:
    graph = networkx.DiGraph()
    for row, column in np.argwhere(hidden).tolist():
        if (row, column) != place:
            graph.add_edge(("r", row), ("c", column))
            graph.add_edge(("c", column), ("r", row), capacity=int(counts.counts[row, column]))
    row, column, value = ("r", place[0]), ("c", place[1]), int(counts.counts[place])
    graph.add_nodes_from([row, column])
    more = networkx.maximum_flow_value(graph, column, row) if networkx.has_path(graph, column, row) else 0
    ends = []
    try:
        less = networkx.maximum_flow_value(graph, row, column) if networkx.has_path(graph, row, column) else 0
    except networkx.NetworkXUnbounded:
        less = value
    ends = [max(value - less, 0), value + more]
    return ends[0], ends[1]


def tables() -> list[Table]:
    return [by_size(), beside_networkx()]
