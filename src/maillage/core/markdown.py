"""Markdown that people write, as safe HTML: no image, no script, no address but the web's and e-mail's.

The text is parsed by markdown-it-py with raw HTML off, then cleaned by nh3: two fences rather than one.
"""

from __future__ import annotations

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset(
    """
    a b blockquote br code del em h2 h3 h4 h5 h6 hr i li ol p pre s strong table tbody td th thead tr ul
    """.split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def render(text: str, *, top: int = 2) -> SafeString:
    """The text as HTML. Its largest heading is written ``<h{top}>``, so that the page keeps one ``h1`` only."""
    parser = _parser()
    tokens = parser.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = top - min(levels, default=top)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html, tags=set(TAGS), attributes={tag: set(names) for tag, names in ATTRIBUTES.items()}, url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )  # fmt: skip
    return mark_safe(clean)
