"""What every test may use. The suite is strict: warnings and undefined template variables are errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Commands speak the terminal's language: in tests English, wherever they run, unless one says otherwise.
os.environ["LC_ALL"] = "C.UTF-8"

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
"""Real files that stay outside the project; tests that use them skip where they are absent."""


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("The real files are not in ../shared/data, beside this checkout: they are no part of the project.")
    return SHARED


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _french_unless_said():
    """A page asked for in English leaves its language behind: every test begins, and ends, in French."""
    with translation.override("fr"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _audit_guard_lets_tests_empty_the_database() -> Iterator[None]:
    """Tests with real transactions end by emptying every table, which the log's triggers refuse on SQLite."""
    from django.db import connection
    from django.test import TransactionTestCase

    from maillage.core import guards

    teardown = TransactionTestCase._fixture_teardown

    def unguarded(self) -> None:
        if connection.vendor == "postgresql":
            teardown(self)
            return
        guards.unguard_audit(connection)
        try:
            teardown(self)
        finally:
            guards.guard_audit(connection)

    TransactionTestCase._fixture_teardown = unguarded
    yield
    TransactionTestCase._fixture_teardown = teardown
