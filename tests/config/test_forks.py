"""What the server's processes must not inherit."""

from django.db import connections

from maillage.config import serve


class Opened:
    def __init__(self) -> None:
        self.said: list[str] = []

    def close(self) -> None:
        self.said.append("close")

    def close_pool(self) -> None:
        self.said.append("close_pool")


def test_the_pool_of_connections_is_closed_before_the_processes_are_made(monkeypatch):
    one = Opened()
    monkeypatch.setattr(connections, "all", lambda initialized_only=False: [one])
    serve._let_go_of_the_database()
    assert one.said == ["close", "close_pool"]
