"""The peer, imported once: its own imports warn."""

import warnings
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def red_dwarf():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline
        from reddwarf.utils import stats
    return SimpleNamespace(run_pipeline=run_pipeline, stats=stats)
