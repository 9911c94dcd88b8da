"""What the pages of ideas need in their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[Any, str], key: Any) -> str:
    """What stands at this key; nothing where nothing does."""
    return values.get(key, "")
