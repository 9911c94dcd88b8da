"""Two people, or two workers, at the same instant. SQLite writes one at a time: these tests are PostgreSQL's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation


@pytest.fixture
def together(transactional_db) -> Callable[..., list[Any]]:
    """``together(call, call…)``: each in its own thread and connection, begun at once; what each returned or raised."""
    if connection.vendor != "postgresql":
        pytest.skip("Writes at the same instant exist on PostgreSQL only: DATABASE_URL=postgres://…")

    def run(*calls: Callable[[], Any]) -> list[Any]:
        ready = threading.Barrier(len(calls))
        outcomes: list[Any] = [None] * len(calls)

        def one(at: int, call: Callable[[], Any]) -> None:
            try:
                connection.ensure_connection()
                ready.wait(60)
                with translation.override("fr"):
                    outcomes[at] = call()
            except Exception as error:
                outcomes[at] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in threads), "they wait for each other"
        return outcomes

    return run


def refused(outcomes: list[Any]) -> list[Exception]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]
