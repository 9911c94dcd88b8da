"""What PDF/UA-1 asks that a program can see, read from the file by pikepdf."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every structure element, in reading order."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            continue
        if "/S" in node:
            yield node
        kids = node.get("/K", [])
        waiting += reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids])


def roles(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in elements(pdf)]


def faults(data: bytes) -> list[str]:
    """What is missing for assistive technology; empty for a file that has it all."""
    pdf = opened(data)
    root = pdf.Root
    found = []
    if not root.get("/MarkInfo", {}).get("/Marked"):
        found.append("not marked")
    if "/StructTreeRoot" not in root:
        return [*found, "no structure tree"]
    if not str(root.get("/Lang", "")):
        found.append("no language")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        found.append("the title is not displayed")
    xmp = bytes(root.Metadata.read_bytes()).decode()
    if not re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", xmp):
        found.append("no PDF/UA identifier")
    if "dc:title" not in xmp:
        found.append("no title")
    for element in elements(pdf):
        if str(element.S) == "/Figure" and not str(element.get("/Alt", "")).strip():
            found.append("a figure without alternative text")
    for number, page in enumerate(pdf.pages, 1):
        if str(page.get("/Tabs", "")) != "/S" and "/Annots" in page:
            found.append(f"page {number} has links out of the reading order")
    return found


def text(data: bytes) -> str:
    """The text of the file, one line for each line of the page (needs poppler; ``pytest`` skips without)."""
    import shutil
    import subprocess

    import pytest

    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not there to read the file.")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()
