"""An alliance and its agent."""

from __future__ import annotations

import pytest

from tests.factories import AllianceFactory, user_with


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rives")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)
