"""The demonstration takes a while to make: a module of tests makes it once, and each test leaves it as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Loaded in a transaction that is undone at the end of the module; each test has its own inside of it.

    A module that asks for it holds no test of an instance without it.
    """
    from maillage.demo import services

    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), transaction.atomic(), files, translation.override("fr"):
        assert services.load(today=TODAY)
        yield
        transaction.set_rollback(True)
