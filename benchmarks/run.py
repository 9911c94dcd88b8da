"""Every measure, in one run, written to ``benchmarks/RESULTS.md``.

``python benchmarks/run.py [PART…]``: import pages network throughput notes ballots urn install methods, all of them by
default.
PostgreSQL is measured where ``BENCH_DATABASE_URL`` names an empty database (it is filled). The exit code is 1 where a
target is missed.
The methods (every ``methods_*.py``) are also written to ``docs/methods/measures.md``, whenever they are measured.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ballots
import imports
import install
import network_page
import notes
import results_page
import throughput
import urn_opening
from machine import ROOT, WORK, Table, description, environment

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
MEASURES = ROOT / "docs" / "methods" / "measures.md"
