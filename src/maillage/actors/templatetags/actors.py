"""The words of a type of actor. Its shape and colour come from ``{% load ui %}``, with ``{% actor %}``."""

from __future__ import annotations

from django import template

from maillage.actors import vocabulary
from maillage.actors.forms import capital
from maillage.actors.vocabulary import ActorType

register = template.Library()

register.filter("capital", capital)


@register.filter
def type_label(code: str) -> str:
    """« Organisme communautaire »."""
    return capital(str(ActorType(code).label))


@register.filter
def type_plural(code: str, count: int = 2) -> str:
    """« Organismes communautaires », or the singular for one."""
    return capital(vocabulary.type_words(code, count))


@register.filter
def type_words(code: str, count: int = 2) -> str:
    """« organismes communautaires », in the middle of a sentence."""
    return vocabulary.type_words(code, count)


@register.filter
def css_percent(share: float) -> str:
    """``38.0%``, whatever the language: a length for the stylesheet."""
    return f"{100 * share:.1f}%"
