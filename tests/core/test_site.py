"""Where readers find the instance, outside a request."""

import pytest

from maillage.core import site


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    monkeypatch.delenv("MAILLAGE_URL", raising=False)
    monkeypatch.delenv("MAILLAGE_PORT", raising=False)


def test_what_the_operator_said_without_its_last_slash(monkeypatch):
    monkeypatch.setenv("MAILLAGE_URL", "https://maillage.mrc.exemple/")
    assert site.address() == "https://maillage.mrc.exemple"


def test_else_the_first_host_over_https(settings):
    settings.ALLOWED_HOSTS = ["*", "testserver", "maillage.exemple", "autre.exemple"]
    assert site.address() == "https://maillage.exemple"


@pytest.mark.parametrize("hosts", [["localhost"], ["127.0.0.1"], ["*"], []])
def test_else_this_machine_at_its_port(settings, monkeypatch, hosts):
    settings.ALLOWED_HOSTS = hosts
    host = hosts[0] if hosts and hosts != ["*"] else "localhost"
    assert site.address() == f"http://{host}:8000"
    monkeypatch.setenv("MAILLAGE_PORT", "8108")
    assert site.address() == f"http://{host}:8108"
