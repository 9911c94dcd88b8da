"""What the settings read, and what production holds to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "maillage"
ASKED = """
import json, django
from django.conf import settings
django.setup()
from django.urls import reverse
print(json.dumps({
    name: getattr(settings, name, None)
    for name in (
        "DEMO", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS",
        "MAILLAGE_STRONG_SIGN_IN", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECRET_KEY", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    )
}))
"""


def read(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAILLAGE_", "DATABASE_"))}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "maillage.config.settings", "MAILLAGE_DATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", ASKED], env={**environment, **variables},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


def test_production_is_closed_unless_said_otherwise(tmp_path):
    folder = tmp_path / "data"
    found = json.loads(read(folder, MAILLAGE_HOSTS="alliance.exemple.test").stdout)
    key = found.pop("SECRET_KEY")
    assert found == {
        "DEMO": False, "DEBUG": False, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True, "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"], "ALLOWED_HOSTS": ["alliance.exemple.test"],
        "MAILLAGE_STRONG_SIGN_IN": True, "ALLAUTH_TRUSTED_PROXY_COUNT": 1, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    }  # fmt: skip
    assert len(key) >= 50
    assert key == (folder / "secret_key").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["secret_key", "static"]
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0


def test_a_secret_that_can_be_guessed_is_refused_in_production(tmp_path):
    done = read(tmp_path, MAILLAGE_SECRET_KEY="petit")
    assert done.returncode
    assert "at least 32 characters" in done.stderr


def test_the_documentation_names_every_variable_that_is_read():
    settings = (SOURCE / "config" / "settings.py").read_text(encoding="utf-8")
    asked = {f"MAILLAGE_{name}" for name in re.findall(r"\b(?:env|flag)\(\"(\w+)\"", settings)}
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"(?:envvar=|os\.environ\.get\(|os\.environ\[)\"(\w+)\"", text))
    table = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.M)
    written = {name for cell in table for name in re.findall(r"`([A-Z_]+[A-Z0-9_]*)`", cell)}
    assert {"MAILLAGE_PROXIES", "MAILLAGE_URL", "DATABASE_URL"} <= asked
    assert written == asked
