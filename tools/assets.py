"""Brings what npm holds: the font of the pages and of the documents, and axe-core for the browser tests.

Without npm, or without network, it says so in one line and everything works with system fonts. When all is
already there it does nothing and starts neither npm nor fontTools.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "node_modules" / "@fontsource-variable" / "atkinson-hyperlegible-next"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VENDOR = ROOT / "src" / "maillage" / "ui" / "static" / "ui" / "vendor"
AXE_COPY = ROOT / "build" / "axe.min.js"
STAMP = VENDOR / "stamp.json"
FAILED = ROOT / "build" / "assets-failed.txt"
"""What went wrong last time: without network, npm is not waited for at every start."""
RETRY_AFTER = 24 * 3600

STYLES = {"normal": "index.css", "italic": "wght-italic.css"}
SUBSETS = ("latin", "latin-ext")
INSTANCES = (
    ("normal", 400, "Regular"),
    ("normal", 700, "Bold"),
    ("italic", 400, "Italic"),
    ("italic", 700, "BoldItalic"),
)
"""What documents need: typst takes fixed weights, in one file for both subsets."""


def words(english: str, french: str) -> str:
    """In the language of the terminal. This runs before the project can be imported."""
    language = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return french if language.lower().startswith("fr") else english


def say(english: str, french: str) -> None:
    print(words(english, french))


def wanted() -> str:
    """Changes when the pinned packages or this script do."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def made() -> bool:
    """Whether everything is there, as the lock wants it."""
    if not (STAMP.exists() and AXE_COPY.exists()):
        return False
    stamp = json.loads(STAMP.read_text())
    return stamp["wanted"] == wanted() and all((VENDOR / name).exists() for name in stamp["files"])


def install() -> str:
    """Run npm; return what went wrong, in words, or nothing."""
    npm = shutil.which("npm")
    if npm is None:
        return words("npm is not installed", "npm n’est pas installé")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += ["--fetch-retries=1", "--fetch-timeout=20000"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return words("npm did not answer within two minutes", "npm n’a pas répondu en deux minutes")
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        return words(f"npm could not install: {lines[0]}", f"npm n’a pas pu installer\u00a0: {lines[0]}")
    return ""


def copy_web_fonts() -> list[str]:
    """The woff2 files and the stylesheet that names them."""
    sheet = ["/* Atkinson Hyperlegible Next, SIL Open Font License 1.1. Written by tools/assets.py. */"]
    names = []
    for style, css in STYLES.items():
        sheet.append(re.sub(r"url\(\./files/", "url(", (FONT / css).read_text(encoding="utf-8")))
        for subset in SUBSETS:
            name = f"atkinson-hyperlegible-next-{subset}-wght-{style}.woff2"
            shutil.copyfile(FONT / "files" / name, VENDOR / name)
            names.append(name)
    (VENDOR / "font.css").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    shutil.copyfile(FONT / "LICENSE", VENDOR / "LICENSE.txt")
    return [*names, "font.css", "LICENSE.txt"]


def make_document_fonts() -> list[str]:
    """One TrueType file a weight, merged from the two subsets, for the PDF documents."""
    from fontTools import merge
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    names = []
    for style, weight, label in INSTANCES:
        parts = []
        for subset in SUBSETS:
            source = TTFont(FONT / "files" / f"atkinson-hyperlegible-next-{subset}-wght-{style}.woff2")
            source.flavor = None
            fixed = instancer.instantiateVariableFont(source, {"wght": weight}, updateFontNames=False)
            buffer = io.BytesIO()
            fixed.save(buffer)
            buffer.seek(0)
            parts.append(buffer)
        font = merge.Merger().merge(parts)
        _name(font, label, weight)
        name = f"AtkinsonHyperlegibleNext-{label}.ttf"
        font.save(VENDOR / name)
        names.append(name)
    return names


def _name(font, label: str, weight: int) -> None:
    """Family, style and weight as a font book reads them."""
    family, style = "Atkinson Hyperlegible Next", {"BoldItalic": "Bold Italic"}.get(label, label)
    values = {1: family, 2: style, 4: f"{family} {style}", 6: f"AtkinsonHyperlegibleNext-{label}"}
    for name_id, value in values.items():
        font["name"].setName(value, name_id, 3, 1, 0x409)
    for name_id in (16, 17, 25):
        font["name"].removeNames(nameID=name_id)
    font["OS/2"].usWeightClass = weight
    bold, italic = "Bold" in label, "Italic" in label
    font["head"].macStyle = (1 if bold else 0) | (2 if italic else 0)
    regular = 0 if bold or italic else 1 << 6
    font["OS/2"].fsSelection = (
        (font["OS/2"].fsSelection & ~0b1100001) | (1 if italic else 0) | (32 if bold else 0) | regular
    )


def main(arguments: list[str]) -> int:
    if made():
        return 0
    AXE_COPY.parent.mkdir(parents=True, exist_ok=True)
    if "--again" not in arguments and FAILED.exists() and time.time() - FAILED.stat().st_mtime < RETRY_AFTER:
        again = ".venv/bin/python tools/assets.py --again"
        say(
            f"System fonts are used: {FAILED.read_text()} To try again: {again}",
            f"Les polices du système sont utilisées ({FAILED.read_text()}) Pour réessayer\u00a0: {again}",
        )
        return 0
    say(
        "Bringing the font and the accessibility checker from npm ...",
        "npm apporte la police et l’outil de vérification de l’accessibilité ...",
    )
    trouble = install()
    if trouble:
        FAILED.write_text(f"{trouble}.")
        say(
            f"  {trouble}: pages and documents will use system fonts. Nothing else changes.",
            f"  {trouble}\u00a0: les pages et les documents prendront les polices du système. Rien d’autre ne change.",
        )
        return 0
    FAILED.unlink(missing_ok=True)
    VENDOR.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(AXE, AXE_COPY)
    files = [*copy_web_fonts(), *make_document_fonts()]
    STAMP.write_text(json.dumps({"wanted": wanted(), "files": files}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
