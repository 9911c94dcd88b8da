"""Words of how spaces work, for templates."""

from __future__ import annotations

from django import template

from maillage.actors.forms import capital
from maillage.concertation.governance.models import SpaceLink
from maillage.concertation.vocabulary import Condition
from maillage.ui import charts

register = template.Library()


@register.filter
def tie_kind(kind: str) -> str:
    """« relève de »."""
    return str(SpaceLink.Kind(kind).label)


@register.simple_tag
def tie_words(kind: str, other: str) -> str:
    """« conseille : Table régionale »."""
    return charts.tie_words(kind, other)


@register.filter
def condition_label(code: str) -> str:
    """« Préparation »."""
    return capital(str(Condition(code).label))
