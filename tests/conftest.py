"""What every test may use. The suite is strict: warnings and undefined template variables are errors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import translation

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
"""Real files that stay outside the project; tests that use them skip where they are absent."""


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("The folder of real files is not beside this checkout.")
    return SHARED


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _french_unless_said():
    """A page asked for in English leaves its language behind: every test begins, and ends, in French."""
    with translation.override("fr"):
        yield
