"""A real instance, saved and put back by the real commands, on the database the suite runs on."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from tests.core.instances import Instance, drop, make_instance

FILL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from maillage.accounts.models import User
from maillage.core import audit, documents, search
stays = User.objects.create_user("reste@exemple.test", "Reste Ici")
goes = User.objects.create_user("partante@exemple.test", "Partante Zyxwvu")
audit.record("accounts.made", goes, by=None, personal={"name": ("", "Partante Zyxwvu")}, person_key=f"user:{goes.pk}")
documents.store(b"contenu intact", name="membres.csv", content_type="text/csv", rule="core.erase")
search.put([search.Entry("essai", goes.pk, None, "Partante Zyxwvu", "Zyxwvu")])
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore(); session["x"] = 1; session.save()
"""
LOOK = """
import json
from maillage.accounts.models import User
from maillage.core import search
from maillage.core.models import AuditPersonalValue, Document, Erasure
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
guarded = False
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")
except DatabaseError:
    guarded = True
print(json.dumps({
    "people": sorted(User.objects.values_list("email", flat=True)),
    "files": [row.file.open("rb").read().decode() for row in Document.objects.order_by("pk")],
    "values": AuditPersonalValue.objects.count(), "sessions": Session.objects.count(),
    "found": search.find("zyxwvu").total, "erasures": Erasure.objects.count(), "guarded": guarded,
}))
"""
ERASER = """
from maillage.accounts.models import User
from maillage.core import contributions, personal, search
def erase(person):
    if isinstance(person, User):
        search.remove("essai", [person.pk])
        return User.objects.filter(pk=person.pk).delete()[0]
    return 0
def find(text):
    return User.objects.filter(email=text)
contributions.personal_data.items[:] = [contributions.PersonalData("essai", "Essai", lambda p: {}, erase, find=find)]
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Made once; each test has its own copy."""
    made = make_instance(tmp_path_factory.mktemp("backup") / "filled")
    made.script(FILL)
    yield made
    drop(made)


@pytest.fixture
def instance(filled, tmp_path):
    made = make_instance(tmp_path / "instance", like=filled)
    yield made
    drop(made)


def look(instance: Instance) -> dict:
    return json.loads(instance.script(LOOK))


def command(instance: Instance, *arguments: str) -> tuple[str, dict]:
    """What a command says, in an instance whose rooms know how to erase an account; what is there after it."""
    source = (
        f"{ERASER}\nimport click\nfrom maillage.config.cli import main\n"
        f"try:\n    main({list(arguments)!r}, standalone_mode=False)\n"
        f"except click.ClickException as error:\n    print(error.format_message())\n{LOOK}"
    )
    said, _line, found = instance.script(source).strip().rpartition("\n")
    return said, json.loads(found)


def test_saved_erased_put_back_and_erased_again(instance, tmp_path):
    archive = tmp_path / "a.tar.gz"
    said, _found = command(instance, "backup", "--to", str(archive))
    assert "Saved in" in said
    assert oct(archive.stat().st_mode & 0o777) == "0o600"
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        manifest = json.load(opened.extractfile("manifest.json"))
    assert "secret_key" not in names
    assert set(manifest["checksums"]) == set(names) - {"manifest.json"}

    said, found = command(instance, "erase", "partante@exemple.test", "--yes")
    assert "Erased" in said
    assert found["people"] == ["reste@exemple.test"]
    for path in instance.data.glob("maillage.sqlite3*"):
        assert b"yxwvu" not in path.read_bytes(), path
    instance.script(
        "from maillage.core import documents\n"
        "documents.store(b'plus tard', name='b.csv', content_type='text/csv', rule='core.erase')"
    )
    said, after = command(instance, "restore", str(archive))
    assert "add --replace" in said
    assert after == found | {"files": ["contenu intact", "plus tard"]}

    said, after = command(instance, "restore", str(archive), "--replace")
    assert "Erased again: 1" in said, said
    assert look(instance) == after
    assert after["people"] == ["reste@exemple.test"]
    assert after["files"] == ["contenu intact"]
    assert (after["values"], after["sessions"], after["found"], after["guarded"]) == (0, 0, 0, True)
    assert len([path for path in (instance.data / "files").rglob("*") if path.is_file()]) == 1
    copies = list((instance.data / "backups").glob("before-restore-*.tar.gz"))
    assert len(copies) == 1
    # The safety copy is an archive like another, and it can be put back.
    said, after = command(instance, "restore", str(copies[0]), "--replace")
    assert "Restored: 2 files" in said
    assert after["people"] == ["reste@exemple.test"]


def test_a_new_machine_gets_the_erasures_of_the_archive(instance, tmp_path):
    command(instance, "erase", "partante@exemple.test", "--yes")
    archive = tmp_path / "folder" / "b.tar.gz"
    command(instance, "backup", "--to", str(archive), "--with-secret-key")
    other = make_instance(tmp_path / "other")
    try:
        said, found = command(other, "restore", str(archive))
        assert "Restored: 1 files" in said
        assert found["people"] == ["reste@exemple.test"]
        assert "partante" not in (other.data / "erasures.jsonl").read_text()
        with tarfile.open(archive) as opened:
            names = opened.getnames()
        assert ("secret_key" in names) == (instance.data / "secret_key").exists()
    finally:
        drop(other)


def rewritten(archive: Path, target: Path, change) -> Path:
    """The same archive with its members gone through ``change(name, data) -> (name, data) | None``."""
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as out:
        for info in source:
            found = change(info.name, source.extractfile(info).read())
            if found is not None:
                entry = tarfile.TarInfo(found[0])
                entry.size = len(found[1])
                out.addfile(entry, io.BytesIO(found[1]))
    return target


def test_a_bad_archive_is_refused_before_anything_is_touched(instance, tmp_path):
    archive = tmp_path / "c.tar.gz"
    _said, before = command(instance, "backup", "--to", str(archive))

    def with_manifest(**values):
        def change(name, data):
            return (name, json.dumps(json.loads(data) | values).encode()) if name == "manifest.json" else (name, data)

        return change

    def flipped(name, data):
        return name, (data[:50] + bytes([data[50] ^ 1]) + data[51:]) if name.startswith("database") else data

    half = tmp_path / "half.tar.gz"
    half.write_bytes(archive.read_bytes()[: os.path.getsize(archive) // 2])
    text = tmp_path / "text.tar.gz"
    text.write_text("ceci n’est pas une archive")
    bad = {
        half: "abîmée",
        text: "abîmée",
        rewritten(archive, tmp_path / "1", flipped): "abîmée\xa0: database",
        rewritten(
            archive, tmp_path / "2", lambda n, d: None if n.startswith("files/") else (n, d)
        ): "abîmée\xa0: files/",
        rewritten(archive, tmp_path / "3", lambda n, d: (f"../{n}", d)): "abîmée",
        rewritten(archive, tmp_path / "4", with_manifest(format=99)): "plus récente",
        rewritten(archive, tmp_path / "5", with_manifest(database="oracle")): "oracle",
        rewritten(archive, tmp_path / "6", with_manifest(migrations=["core.9999_later"])): "plus récente",
    }
    said, _line, after = (
        instance.script(
            "import json\nfrom pathlib import Path\nfrom maillage.core import backups\nsaid = {}\n"
            f"for name in {[str(path) for path in bad]!r}:\n"
            "    try:\n        backups.restore(Path(name), replace=True)\n        said[name] = ''\n"
            "    except backups.BackupError as error:\n        said[name] = str(error)\n"
            f"print(json.dumps(said))\n{LOOK}"
        )
        .strip()
        .partition("\n")
    )
    for path, words in bad.items():
        assert words in json.loads(said)[str(path)], (path, said)
    assert json.loads(after) == before
    assert not (tmp_path / "database.sqlite3").exists()


def test_a_missing_client_program_is_said(settings, monkeypatch):
    from maillage.core import backups

    monkeypatch.setattr(backups.shutil, "which", lambda program: None)
    with pytest.raises(backups.BackupError, match="postgresql-client"):
        backups._postgres("pg_dump")


def test_nowhere_to_write_is_said(tmp_path, db):
    from maillage.core import backups

    (tmp_path / "file").write_text("")
    with pytest.raises(backups.BackupError):
        backups.backup(tmp_path / "file" / "x.tar.gz")


def test_a_folder_that_is_not_there_yet_is_a_folder(tmp_path):
    from maillage.core import backups

    assert backups._target(tmp_path / "nightly").parent == tmp_path / "nightly"
    assert backups._target(tmp_path / "mine.tar.gz") == tmp_path / "mine.tar.gz"
