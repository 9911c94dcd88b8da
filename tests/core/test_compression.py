from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from maillage.core.compression import CompressPagesMiddleware
from maillage.core.kept_pages import shelf
from tests.factories import AllianceFactory

WORDS = "Une page assez longue pour que cela vaille la peine. " * 40


def answer(kind: str, asked: str = "gzip") -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": asked})
    return CompressPagesMiddleware(lambda _request: HttpResponse(WORDS, content_type=kind))(request)


def test_a_page_is_compressed_for_whoever_reads_it_so():
    page = answer("text/html; charset=utf-8")
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert gzip.decompress(page.content).decode() == WORDS
    assert "Content-Encoding" not in answer("text/html", asked="identity").headers


def test_a_file_is_left_as_it_is():
    assert answer("application/pdf").content == WORDS.encode()


@pytest.mark.django_db
def test_a_kept_page_is_never_given_compressed_to_whoever_cannot_read_it(client, settings):
    settings.KEPT_PAGES_SECONDS = 30
    shelf.clear()
    address = AllianceFactory(name="Alliance imaginaire").get_absolute_url()
    for _ in range(2):
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        plain = client.get(address)
        assert "Alliance imaginaire" in gzip.decompress(packed.content).decode()
        assert "Alliance imaginaire" in plain.content.decode()
    shelf.clear()
