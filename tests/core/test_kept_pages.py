"""Public pages are kept while nothing changes, and never for someone, nor of someone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.alliances.services import update_alliance
from maillage.core import kept_pages
from tests.factories import AllianceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEPT_PAGES_SECONDS = 30
    kept_pages.shelf.clear()
    yield
    kept_pages.shelf.clear()


@pytest.fixture
def alliance():
    return AllianceFactory(slug="essai", summary="Le premier texte")


def queries(client, address: str, **extra) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address, **extra).status_code == 200
    return len(found)


def test_the_second_reader_costs_one_query(client, alliance) -> None:
    assert queries(client, "/essai/") > 1
    assert queries(client, "/essai/") == 1


def test_the_same_page_with_the_same_headers(client, alliance) -> None:
    first, second = client.get("/essai/"), client.get("/essai/")
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)
    assert "Content-Security-Policy" in second.headers


def test_a_change_shows_at_once(client, alliance) -> None:
    before = client.get("/essai/").content.decode()
    update_alliance(alliance, by=user_with(alliance), tagline="Un titre tout neuf")
    after = client.get("/essai/").content.decode()
    assert "Un titre tout neuf" not in before
    assert "Un titre tout neuf" in after


def test_closing_the_pages_closes_them_at_once(client, alliance) -> None:
    from maillage.alliances.services import close_public_pages

    client.get("/essai/")
    close_public_pages(alliance, by=user_with(alliance))
    assert client.get("/essai/").status_code != 200


def test_whoever_is_signed_in_gets_their_own_page(client, alliance) -> None:
    client.get("/essai/")
    signed_in(client, alliance)
    own = client.get("/essai/").content
    assert queries(client, "/essai/") > 1
    client.logout()
    client.cookies.clear()
    assert client.get("/essai/").content != own


def test_only_the_public_side_is_kept(client, alliance) -> None:
    for address in ("/", "/territoires/", "/connexion/"):
        client.get(address)
    assert not kept_pages.shelf.pages
    client.get("/essai/")
    assert len(kept_pages.shelf.pages) == 1


@pytest.mark.parametrize(
    "extra", [{"HTTP_HX_REQUEST": "true"}, {"HTTP_AUTHORIZATION": "Bearer x"}, {"HTTP_COOKIE": "sessionid=x"}]
)
def test_what_may_be_someone_is_never_answered_from_the_shelf(client, alliance, extra) -> None:
    client.get("/essai/")
    assert queries(client, "/essai/", **extra) > 1


def test_languages_themes_hosts_and_queries_are_apart(client, alliance) -> None:
    client.get("/essai/")
    for address, extra in (
        ("/en/essai/", {}), ("/essai/?a=1", {}), ("/essai/", {"HTTP_COOKIE": "maillage_theme=dark"}),
        ("/essai/", {"HTTP_HOST": "127.0.0.1"}), ("/essai/", {"HTTP_ACCEPT_LANGUAGE": "en"}),
    ):  # fmt: skip
        assert queries(client, address, **extra) > 1


def test_nothing_is_kept_past_its_time(client, alliance, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: clock[0])
    client.get("/essai/")
    clock[0] += 31
    assert queries(client, "/essai/") > 1


def test_nothing_is_kept_where_the_setting_says_never(client, alliance, settings) -> None:
    settings.KEPT_PAGES_SECONDS = 0
    client.get("/essai/")
    assert not kept_pages.shelf.pages


def test_refusals_are_not_kept(client, alliance) -> None:
    client.get("/nulle-part/")
    alliance.is_public = False
    alliance.save()
    client.get("/essai/")
    assert not kept_pages.shelf.pages


def test_the_shelf_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(kept_pages, "ROOM", 100)
    for number in range(10):
        kept_pages.shelf.put(number, kept_pages.Kept(1, 1e12, b"x" * 40, ()))
    assert list(kept_pages.shelf.pages) == [8, 9]
    assert kept_pages.shelf.size == 80
    kept_pages.shelf.put(9, kept_pages.Kept(1, 1e12, b"x" * 10, ()))
    assert kept_pages.shelf.size == 50
