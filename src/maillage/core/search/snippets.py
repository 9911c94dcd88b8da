"""The few words shown under a result."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from maillage.core.search import words

_TOKEN = re.compile(r"[\w’'.-]*\w")
WIDTH = 180


def snippet(body: str, asked: list[words.Wanted], language: str = "fr") -> SafeString:
    """About 180 characters around the first word found (or the beginning), the words found in ``<mark>``."""
    text = " ".join(body.split())
    found = []
    for match in _TOKEN.finditer(text):
        stems = set(words.terms(match.group(), language))
        if stems and any(wanted.accepts(stems) for wanted in asked):
            found.append(match.span())
            if len(found) == 6:
                break
    start = max(0, found[0][0] - WIDTH // 3) if found else 0
    if start:
        start = text.find(" ", start, found[0][0] + 1) + 1 or found[0][0]
    end = len(text)
    if end - start > WIDTH:
        end = text.rfind(" ", start, start + WIDTH)
        end = max(end if end > start else start + WIDTH, found[0][1] if found else 0)
    parts, at = (["… "] if start else []), start
    for begin, stop in found:
        if stop <= end:
            parts += [str(escape(text[at:begin])), "<mark>", str(escape(text[begin:stop])), "</mark>"]
            at = stop
    parts.append(str(escape(text[at:end])))
    if end < len(text):
        parts.append(" …")
    return mark_safe("".join(parts))
