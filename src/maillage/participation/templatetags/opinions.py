"""What the sheet of statements needs in its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template

from maillage.participation.opinions.ballot import Asked, Row, asked

register = template.Library()


@register.simple_tag
def statements_asked(rows: Sequence[Row], typed: Mapping[str, Sequence[str]], listed_name: str) -> Asked:
    """What this page asks, given what was typed or read back from a ballot."""
    return asked(rows, typed, listed_name)
