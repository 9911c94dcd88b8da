from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """The value as JSON, for a ``data-`` attribute (escaped there like any text)."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def inline_svg(svg: str) -> SafeString:
    """A picture made by our own code (never by a reader), without its XML declaration, to put in the page."""
    return mark_safe(svg[svg.index("<svg") :])
