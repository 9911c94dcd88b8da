import datetime as dt
import io
import zipfile

import pytest
import rules
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.utils import timezone

from maillage.core import documents
from maillage.core.models import Document
from tests.factories import AllianceFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def kept(data=b"%PDF-1.7 essai", name="entente.pdf", content_type="application/pdf", **kwargs):
    return documents.store(data, name=name, content_type=content_type, rule="alliances.view_inside", **kwargs)


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        ("nom;ville\nÉloi;Lévis".encode("cp1252"), "text/csv"),
        ("\ufeffnom".encode("utf-16"), "text/csv; charset=utf-16"),
        (b'{"a": 1}', "application/json"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
        (zipped(xl__workbook_xml="x"), XLSX),
        (zipped(mimetype=ODS, content_xml="x"), ODS),
    ],
)
def test_what_is_what_it_says_is_kept(data, content_type):
    document = kept(data, content_type=content_type)
    assert document.file.open("rb").read() == data
    document.file.close()
    assert document.size == len(data)
    assert "entente" not in document.file.name


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "application/pdf"),
        (b"MZ\x90\x00", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "text/csv"),
        (b"<!DOCTYPE html><script>", "text/plain"),
        (b"\x89PNG\r\n\x1a\n", "image/jpeg"),
        (zipped(word__document_xml="x"), XLSX),
        (zipped(mimetype="text/plain", content_xml="x"), ODS),
        (b"PK\x03\x04 cut short", XLSX),
        (b"{not json", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"MZ", "application/x-msdownload"),
        (b"<html>", "text/html"),
    ],
)
def test_what_is_not_is_refused_with_a_sentence(data, content_type):
    with pytest.raises(documents.DocumentRefused) as refusal:
        kept(data, content_type=content_type)
    assert str(refusal.value).endswith(".")
    assert not Document.objects.exists()


def test_a_rule_is_needed():
    with pytest.raises(ValueError, match="rule"):
        documents.store(b"a", name="a.txt", content_type="text/plain", rule="")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Mes documents\\Entente été.pdf", "Entente été.pdf"),
        ("a\r\nb\u202e.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("...", "document"),
    ],
)
def test_names(name, clean):
    assert documents.clean_name(name) == clean


def test_any_storage_will_do(monkeypatch):
    """Only the storage's own interface is used: this one has no folder."""
    storage = InMemoryStorage()
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    document = kept(ContentFile(b"%PDF-1.7"))
    assert storage.exists(document.file.name)
    assert document.file.open("rb").read() == b"%PDF-1.7"


class TestServed:
    def test_to_whom_the_rule_allows(self, client):
        alliance = AllianceFactory()
        document = kept(name="Entente « été ».pdf", alliance=alliance)
        assert client.get(document.get_absolute_url()).status_code == 302
        client.force_login(user_with(AllianceFactory()), backend=BACKEND)
        assert client.get(document.get_absolute_url()).status_code == 404
        assert client.get("/documents/00000000-0000-4000-8000-000000000000/").status_code == 404
        client.force_login(user_with(alliance), backend=BACKEND)
        response = client.get(document.get_absolute_url())
        assert b"".join(response) == b"%PDF-1.7 essai"
        assert response["Content-Disposition"] == (
            "attachment; filename*=utf-8''Entente%20%C2%AB%20%C3%A9t%C3%A9%20%C2%BB.pdf"
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in response["Cache-Control"]

    def test_a_public_rule_opens_to_anyone(self, client):
        rules.add_perm("test.anyone", rules.always_allow)
        try:
            document = documents.store(b"nom", name="a.csv", content_type="text/csv", rule="test.anyone")
            assert b"".join(client.get(document.get_absolute_url())) == b"nom"
        finally:
            rules.remove_perm("test.anyone")

    def test_a_role_that_ended_opens_nothing(self, client):
        alliance = AllianceFactory()
        document = kept(alliance=alliance)
        client.force_login(user_with(alliance, until=dt.date(2025, 1, 1)), backend=BACKEND)
        assert client.get(document.get_absolute_url()).status_code == 404

    def test_past_its_time_or_gone(self, client):
        alliance = AllianceFactory()
        client.force_login(user_with(alliance), backend=BACKEND)
        late = kept(alliance=alliance, expires_at=timezone.now() - dt.timedelta(seconds=1))
        gone = kept(alliance=alliance)
        gone.file.storage.delete(gone.file.name)
        for document in (late, gone):
            response = client.get(document.get_absolute_url())
            assert response.status_code == 410
            assert "plus conservé" in response.content.decode()


def test_expired_files_are_purged(django_capture_on_commit_callbacks):
    now = timezone.now()
    late, later = kept(expires_at=now), kept(expires_at=now + dt.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert documents.purge(now) == 1
    assert not late.file.storage.exists(late.file.name)
    assert later.file.storage.exists(later.file.name)
