"""``{% load markdown %}{{ text|markdown }}``: what people wrote in Markdown, as safe HTML."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from maillage.core.markdown import render

register = template.Library()


@register.filter
def markdown(text: str, top: int = 2) -> SafeString:
    return render(text or "", top=top)
