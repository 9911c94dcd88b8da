"""What the sheet of questions needs in its template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from maillage.participation.questionnaires.sheet import Text

register = template.Library()


@register.simple_tag
def said_in(text: Text) -> SafeString:
    """`` lang="fr" dir="ltr"`` where a text is not in the page's language, nothing otherwise."""
    return format_html(' lang="{}" dir="ltr"', text.lang) if text.lang else mark_safe("")
