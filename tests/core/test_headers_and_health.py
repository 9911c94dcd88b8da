import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.utils import timezone

from maillage.core import health
from maillage.core.headers import SecurityHeadersMiddleware
from maillage.core.models import Worker
from tests.factories import AllianceFactory

pytestmark = pytest.mark.django_db


def test_nothing_runs_that_is_not_ours(client):
    response = client.get(AllianceFactory().get_absolute_url())
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src-elem"] == "'self'"
    assert policy["style-src-attr"] == "'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "publickey" not in response["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/sante/vivant", "/introuvable/"])
def test_even_errors_and_machines_get_the_headers(client, address):
    assert "Content-Security-Policy" in client.get(address)


@pytest.mark.parametrize(("kind", "bare"), [
    ("text/css", True), ('text/javascript; charset="utf-8"', True), ("application/javascript", True),
    ("font/woff2", True), ("image/svg+xml", False), ("text/html; charset=utf-8", False), ("application/pdf", False),
    ("text/plain", False), ("application/json", False), ("", False),
])  # fmt: skip
def test_only_what_is_never_a_document_goes_without_a_policy(rf, kind, bare):
    response = SecurityHeadersMiddleware(lambda request: HttpResponse(content_type=kind))(rf.get("/"))
    assert ("Content-Security-Policy" in response) is not bare
    assert ("Permissions-Policy" in response) is not bare


def test_a_view_s_own_policy_stays_on_a_script_too(rf):
    def worker(request):
        response = HttpResponse(content_type="text/javascript")
        response["Content-Security-Policy"] = "default-src 'none'"
        return response

    assert SecurityHeadersMiddleware(worker)(rf.get("/"))["Content-Security-Policy"] == "default-src 'none'"


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/sante/vivant", headers={"accept-language": "en"})
    assert response.json() == {"alive": True}
    assert "no-cache" in response["Cache-Control"]


def test_ready_when_every_check_passes(client):
    Worker.objects.create(name="a", seen_at=timezone.now())
    response = client.get("/sante/pret")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": True, "migrations": True, "disk": True, "worker": True}


def test_a_dead_worker_thread_is_not_ready_but_a_separate_one_is_only_said(client, settings):
    Worker.objects.create(name="a", seen_at=timezone.now() - 2 * health.WORKER_SEEN)
    settings.WORKER = "thread"
    assert client.get("/sante/pret").status_code == 503
    settings.WORKER = "separate"
    response = client.get("/sante/pret")
    assert response.status_code == 200
    assert response.json()["worker"] is False


def test_a_lost_database_or_disk_is_not_ready(client, monkeypatch, settings):
    settings.WORKER = "separate"

    def broken():
        raise OperationalError("host=secret")

    monkeypatch.setattr(health, "_database", broken)
    settings.DATA_DIR = settings.DATA_DIR / "absent"
    response = client.get("/sante/pret")
    assert response.status_code == 503
    assert response.json()["database"] is response.json()["disk"] is False
    assert "secret" not in response.content.decode()


def test_a_migration_that_waits_is_not_ready(monkeypatch):
    class Plan:
        def __init__(self, connection):
            self.loader = type("L", (), {"graph": type("G", (), {"leaf_nodes": lambda self: []})()})

        def migration_plan(self, nodes):
            return ["one"]

    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "MigrationExecutor", Plan)
    assert health._migrations() is False
