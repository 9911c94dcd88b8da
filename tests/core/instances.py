"""A second instance, with its own data and database, driven through real processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Instance:
    """``run`` gives what a script prints; ``start`` leaves it running."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("MAILLAGE_", "PYTEST", "COV"))}
        return clean | {"MAILLAGE_DATA": str(self.data), "MAILLAGE_MODE": "demo"} | self.environment

    def run(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, *arguments], env=self.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def script(self, source: str) -> str:
        return self.run("-c", "import django\ndjango.setup()\n" + source)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What its database says, asked straight: a process to ask takes a second."""
        address = self.environment["DATABASE_URL"]
        if address.startswith("postgres"):
            import psycopg

            with psycopg.connect(address) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(self.data / "maillage.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()


def make_instance(folder: Path, like: Instance | None = None) -> Instance:
    """An instance on the kind of database that the suite runs on: empty, or a copy of another one at rest."""
    instance = Instance(folder)
    if like is not None:
        shutil.copytree(like.data, folder)
    folder.mkdir(parents=True, exist_ok=True)
    instance.environment["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
    if not settings.SQLITE:
        instance.environment["DATABASE_URL"] = _new_database(like)
    else:
        instance.environment["DATABASE_URL"] = f"sqlite:///{folder / 'maillage.sqlite3'}"
    instance.environment["MAILLAGE_POOL"] = "4"
    return instance


def _server() -> tuple[dict[str, str], str]:
    database = settings.DATABASES["default"]
    server = {"host": database["HOST"], "port": str(database["PORT"]), "user": database["USER"]}
    if database.get("PASSWORD"):
        server["password"] = database["PASSWORD"]
    secret = f":{database['PASSWORD']}" if database.get("PASSWORD") else ""
    return server, f"postgres://{database['USER']}{secret}@{database['HOST']}:{database['PORT']}/"


def _new_database(like: Instance | None) -> str:
    import psycopg

    server, address = _server()
    name = f"maillage_other_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        model = f' TEMPLATE "{like.environment["DATABASE_URL"].rsplit("/", 1)[1]}"' if like is not None else ""
        connection.execute(f'CREATE DATABASE "{name}"{model}')
    return address + name


def drop(instance: Instance) -> None:
    """Forget its database (the folder is the test's own)."""
    address = instance.environment["DATABASE_URL"]
    if address.startswith("postgres"):
        import psycopg

        with psycopg.connect(**_server()[0], dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{address.rsplit("/", 1)[1]}" WITH (FORCE)')
