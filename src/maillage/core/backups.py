"""``maillage backup`` and ``maillage restore``: one archive holds an instance.

A ``tar.gz`` with ``manifest.json`` (versions, checksums), the database (an SQLite copy, or a ``pg_dump`` in its
custom format), ``files/`` (whatever storage they came from) and ``erasures.jsonl``. The secret key is not there
unless asked. Sessions are emptied by a restore: a session closed since must not open again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

import maillage
from maillage.core import personal
from maillage.core.models import AuditEntry, Document, Erasure, Job, Worker

FORMAT = 1
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


class BackupError(Exception):
    """The archive cannot be made or put back; the message says what to do."""


@dataclass(frozen=True)
class Restored:
    made_at: str
    files: int
    erased: int
    safety_copy: Path | None


def backup(target: Path | None = None, *, with_secret_key: bool = False) -> Path:
    """Save the instance while it runs. ``target``: a file, a folder, or ``backups/`` beside the data.

    The archive appears under its name only once whole. Errors: :class:`BackupError`.
    """
    path = _target(target)
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, open(handle, "wb") as raw:
            _write(raw, Path(folder), with_secret_key)
        partial.replace(path)
    except OSError as error:
        said = _("The archive cannot be written in %(folder)s. Check the space left and your right to write there.")
        raise BackupError(said % {"folder": path.parent}) from error
    finally:
        if partial.exists():
            partial.unlink()
    return path


def _target(target: Path | None) -> Path:
    name = f"maillage-{timezone.now():%Y-%m-%d-%H%M%S}.tar.gz"
    if target is None:
        return Path(settings.DATA_DIR) / "backups" / name
    # A name without an ending is a folder, even one that is not there yet: nobody wants a file called « backups ».
    return target / name if target.is_dir() or not target.suffix else target


def _write(raw: IO[bytes], folder: Path, with_secret_key: bool) -> None:
    checksums: dict[str, str] = {}
    missing: list[str] = []
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
        dump = folder / DATABASE[connection.vendor]
        _dump(dump)
        # The files that the dump names, even if one was deleted meanwhile: said in the manifest.
        names = list(Document.objects.order_by("pk").values_list("file", flat=True))
        _add(archive, dump.name, dump, checksums)
        for name in names:
            try:
                with default_storage.open(name, "rb") as content:
                    copy = folder / "file"
                    with copy.open("wb") as out:
                        shutil.copyfileobj(content, out, 1 << 20)
            except FileNotFoundError:
                missing.append(name)
                continue
            _add(archive, f"files/{name}", copy, checksums)
        ledger = folder / "erasures.jsonl"
        lines = _all_erasures()
        ledger.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines), encoding="utf-8")
        _add(archive, ledger.name, ledger, checksums)
        secret = Path(settings.DATA_DIR) / "secret_key"
        if with_secret_key and secret.exists():
            _add(archive, secret.name, secret, checksums)
        manifest = folder / "manifest.json"
        manifest.write_text(json.dumps(_manifest(checksums, missing), indent=1, sort_keys=True), encoding="utf-8")
        archive.add(manifest, arcname=manifest.name, filter=_plain)


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of the machine it was made on."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _add(archive: tarfile.TarFile, name: str, path: Path, checksums: dict[str, str]) -> None:
    checksums[name] = _sha256(path)
    archive.add(path, arcname=name, filter=_plain)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(checksums: dict[str, str], missing: list[str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "maillage": maillage.__version__,
        "django": django.get_version(),
        "database": connection.vendor,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "checksums": checksums,
        "missing_files": missing,
    }


def _all_erasures() -> list[dict[str, str]]:
    """The ledger: the table and the file beside the data, each once."""
    lines = [personal.as_line(row) for row in Erasure.objects.order_by("pk")]
    lines += personal.read_ledger(personal.ledger_path())
    return list({(line["model"], line["object_id"], line["fingerprint"]): line for line in lines}.values())


def _dump(path: Path) -> None:
    """A copy of the database as it is at one instant, while others write."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(path)
        try:
            connection.connection.backup(copy)
            # One file, whatever opens it: no journal of its own.
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def _postgres(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            _("The program %(program)s is missing. Install PostgreSQL’s client: apt install postgresql-client")
            % {"program": program}
        )
    database: dict[str, Any] = dict(settings.DATABASES["default"])
    env = dict(os.environ)
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    env.update({variable: str(database[key]) for key, variable in names.items() if database.get(key)})
    options = database.get("OPTIONS", {})
    env["LC_ALL"] = "C.UTF-8"  # its refusals are read below
    env.update({"PGSSLMODE": options["sslmode"]} if options.get("sslmode") else {})
    target = [f"--dbname={database['NAME']}"] if program == "pg_restore" else []
    done = subprocess.run([found, *target, *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        sentence = _("%(program)s refused: %(why)s") % {"program": program, "why": last}
        if "version mismatch" in done.stderr:
            sentence += " " + _("Install the client of the same version as the server.")
        raise BackupError(sentence)


def restore(path: Path, *, replace: bool = False) -> Restored:
    """Put an archive back: verified whole before anything is touched, migrated, erasures replayed.

    Errors: :class:`BackupError` for an archive damaged, of another kind of database or of a later version; for an
    instance that holds something, unless ``replace`` (it is then saved first, in ``backups/``).
    """
    folder_of_work = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(dir=folder_of_work) as name:
        folder = Path(name)
        manifest = _unpack(path, folder)
        _check(manifest, folder)
        safety, former = None, set[str]()
        erasures = list(personal.read_ledger(folder / "erasures.jsonl"))
        if _tables_exist():
            erasures += _all_erasures()
            former = set(Document.objects.values_list("file", flat=True))
            if _is_used():
                if not replace:
                    raise BackupError(
                        _(
                            "This instance already holds something. Restore into an empty one, or add --replace: "
                            "what it holds is saved first."
                        )
                    )
                stamp = f"before-restore-{timezone.now():%Y-%m-%d-%H%M%S}.tar.gz"
                safety = backup(folder_of_work / "backups" / stamp)
        else:
            erasures += personal.read_ledger(personal.ledger_path())
        _load(folder / DATABASE[connection.vendor])
        call_command("migrate", interactive=False, verbosity=0)
        files = _put_files(folder / "files", manifest)
        for orphan in former - set(_files(manifest)):
            default_storage.delete(orphan)
        _close_doors()
        erased = personal.replay(erasures)
        personal.append_to_ledger(_all_erasures())
        personal.append_to_ledger(erasures)
        personal.scrub()
    return Restored(manifest["made_at"], files, erased, safety)


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Everything of the archive in ``folder``: plain files only, under it only."""
    damaged = BackupError(_("This archive is damaged or was not made by maillage backup. Take another one."))
    try:
        with tarfile.open(path, "r:gz") as archive:
            for info in archive:
                inside = PurePosixPath(info.name)
                if not info.isfile() or inside.is_absolute() or ".." in inside.parts:
                    raise damaged
                source = archive.extractfile(info)
                assert source is not None
                target = folder.joinpath(*inside.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        whole = isinstance(manifest, dict) and {"format", "database", "checksums", "migrations"} <= manifest.keys()
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise damaged from error
    if not whole:
        raise damaged
    return manifest


def _check(manifest: dict[str, Any], folder: Path) -> None:
    if manifest["format"] != FORMAT:
        raise BackupError(_("This archive was made by a later version. Install that version first."))
    if manifest["database"] != connection.vendor:
        raise BackupError(
            _(
                "This archive holds a %(theirs)s database, and this instance uses %(ours)s. "
                "Restore it where the database is of the same kind."
            )
            % {"theirs": manifest["database"], "ours": connection.vendor}
        )
    for name, expected in manifest["checksums"].items():
        target = folder.joinpath(*PurePosixPath(name).parts)
        if not target.is_file() or _sha256(target) != expected:
            raise BackupError(
                _("This archive is damaged: %(name)s is not what was saved. Take another one.") % {"name": name}
            )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = [name for name in manifest["migrations"] if name not in known and name.split(".")[0] in _our_apps()]
    if unknown:
        raise BackupError(
            _("This archive was made by a later version (%(version)s). Install that version first.")
            % {"version": manifest.get("maillage")}
        )


def _our_apps() -> set[str]:
    from django.apps import apps

    return {config.label for config in apps.get_app_configs()}


def _tables_exist() -> bool:
    try:
        return AuditEntry._meta.db_table in connection.introspection.table_names()
    except DatabaseError as error:
        raise BackupError(_("The database does not answer. Start it, then try again.")) from error


def _is_used() -> bool:
    return get_user_model()._default_manager.exists() or AuditEntry.objects.exists() or Document.objects.exists()


def _load(dump: Path) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Whatever is there, later tables included, goes: the dump makes everything again.
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _postgres("pg_restore", *options, str(dump))
        return
    source = sqlite3.connect(dump)
    try:
        found = source.execute("PRAGMA integrity_check").fetchone()
        if found != ("ok",):
            raise BackupError(_("This archive is damaged: its database does not pass its own check. Take another one."))
        connection.ensure_connection()
        # Through the database itself: processes that have it open see the new content, not a file gone.
        source.backup(connection.connection)
    finally:
        source.close()
    connection.close()


def _put_files(folder: Path, manifest: dict[str, Any]) -> int:
    count = 0
    for name in _files(manifest):
        with folder.joinpath(*PurePosixPath(name).parts).open("rb") as content:
            default_storage.delete(name)
            kept = default_storage.save(name, content)
            if kept != name:
                raise BackupError(_("The file %(name)s could not be put back under its name.") % {"name": name})
        count += 1
    return count


def _files(manifest: dict[str, Any]) -> Iterator[str]:
    return (name.removeprefix("files/") for name in manifest["checksums"] if name.startswith("files/"))


@transaction.atomic
def _close_doors() -> None:
    """No session, worker or half-done task of that time is alive now."""
    from importlib import import_module

    from django.apps import apps

    store = import_module(settings.SESSION_ENGINE).SessionStore
    store.get_model_class().objects.all().delete()
    if apps.is_installed("allauth.usersessions"):
        apps.get_model("usersessions.UserSession")._default_manager.all().delete()
    Worker.objects.all().delete()
    past = timezone.now() - dt.timedelta(days=1)
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=past)
