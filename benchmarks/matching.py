"""Duplicates on the real public list: recall with identifiers hidden, precision on 100 proposals.

``matching_labels.json`` holds, for 100 proposals drawn with a seed, a digest of the two names and whether one
reader judged them the same organisation; no name of the list is kept here.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from maillage.methods.matching import find_pairs

HERE = Path(__file__).resolve().parent
LIST = HERE.parent.parent / "shared" / "data" / "actors" / "tables-de-quartier-montreal.csv"
LABELS = HERE / "matching_labels.json"


def digest(one: str, other: str) -> str:
    return hashlib.sha256("\x1f".join(sorted((one, other))).encode()).hexdigest()[:16]


def measure(path: Path = LIST) -> dict[str, float]:
    """Recall on pairs of spellings sharing an identifier, precision on the labelled proposals, seconds."""
    spellings: dict[str, set[str]] = defaultdict(set)
    every: set[str] = set()
    for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
        if name := row["organisme"].strip():
            every.add(name)
            spellings[row["ID-org"] or name].add(name)
    truth = {pair for group in spellings.values() for pair in itertools.combinations(sorted(group), 2)}
    start = time.perf_counter()
    pairs = find_pairs({name: name for name in sorted(every)})
    seconds = time.perf_counter() - start
    found = {tuple(sorted((pair.first, pair.second))) for pair in pairs}
    labels = json.loads(LABELS.read_text())["labels"]
    judged = [labels[digest(*pair)] for pair in found if digest(*pair) in labels]
    return {
        "names": len(every),
        "proposals": len(found),
        "pairs_sharing_an_identifier": len(truth),
        "of_them_proposed": len(truth & found),
        "labelled_proposals": len(judged),
        "of_them_the_same": sum(judged),
        "precision": round(sum(judged) / len(judged), 3),
        "seconds": round(seconds, 3),
    }


if __name__ == "__main__":
    if not LIST.exists():
        print("The real list is not beside this checkout: nothing to measure.")
        sys.exit(0)
    print(json.dumps(measure(), indent=1))
