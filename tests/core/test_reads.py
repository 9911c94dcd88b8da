import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from maillage.core import reads
from maillage.core.access import public
from maillage.core.models import Worker
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@public
def writer(request):
    Worker.objects.create(name="écrit")
    return HttpResponse("écrit")


@public
def raw_writer(request):
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (SELECT 1) DELETE FROM core_worker")
    return HttpResponse("écrit")


@public
@reads.writes_on_get("The test says why.")
def excused(request):
    Worker.objects.create(name="écrit")
    return HttpResponse("écrit")


@public
def reader(request):
    return HttpResponse(f"{Worker.objects.count()} {request.user}")


urlpatterns = [path("writer/", writer), path("raw/", raw_writer), path("excused/", excused), path("reader/", reader)]
urlpatterns += [path("named/", writer, name="test_named")]


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("address", ["/writer/", "/raw/"])
def test_a_get_cannot_write(client, method, address):
    with pytest.raises(reads.WriteOnRead):
        getattr(client, method)(address)
    assert Worker.objects.count() == 0


def test_the_refusal_does_not_show_the_values(client):
    with pytest.raises(reads.WriteOnRead) as refusal:
        client.get("/writer/")
    assert "écrit" not in str(refusal.value)


def test_a_post_writes_and_the_guard_does_not_outlive_the_request(client):
    with pytest.raises(reads.WriteOnRead):
        client.get("/writer/")
    assert client.post("/writer/").status_code == 200
    assert Worker.objects.count() == 1


def test_only_what_says_why_may_write(client, monkeypatch):
    assert client.get("/excused/").content.decode() == "écrit"
    monkeypatch.setattr(reads, "_allowed", {})
    reads.allow("test_named", "Not ours.")
    Worker.objects.all().delete()
    assert client.get("/named/").status_code == 200
    for empty in (lambda: reads.allow("x", ""), lambda: reads.writes_on_get("")):
        with pytest.raises(ValueError, match="why"):
            empty()


def test_a_session_found_ended_does_not_break_a_get(client):
    user = UserFactory()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    user.set_password("another")
    user.save()
    assert client.get("/reader/").content.decode() == "0 AnonymousUser"


@pytest.mark.parametrize(
    ("sql", "write"),
    [
        ('SELECT "a" FROM "b" FOR UPDATE', False),
        ("  (SELECT 1) UNION SELECT 2", False),
        ("WITH x AS (SELECT 'DELETE FROM y') SELECT * FROM x", False),
        ("WITH x AS (INSERT INTO y VALUES (1) RETURNING 1) SELECT * FROM x", True),
        ("UPDATE b SET a = 1", True),
        ("insert into b values (1)", True),
        ("DROP TABLE b", True),
        ("VACUUM", True),
        ("", True),
        ('SAVEPOINT "s1"', False),
    ],
)
def test_is_write(sql, write):
    assert reads.is_write(sql) is write


def test_the_middleware_is_the_innermost(settings):
    assert settings.MIDDLEWARE[-1] == "maillage.core.reads.ReadOnlyGetMiddleware"
    assert RequestFactory().get("/").method == "GET"
