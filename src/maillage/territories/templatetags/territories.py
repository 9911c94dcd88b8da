"""``{% load territories %}``: kinds, codes and dates of territories in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from maillage.core import formats
from maillage.territories import vocabulary
from maillage.territories.models import Territory

register = template.Library()


@register.simple_tag
def stylesheet() -> SafeString:
    """What the pages of this room add to the stylesheet of all."""
    return format_html('<link rel="stylesheet" href="{}">', static("territories/territories.css"))


@register.simple_tag
def kind_of(place: Territory) -> str:
    """« municipalité de paroisse » where the designation is known, else the kind."""
    return str(vocabulary.designation(place.designation) if place.designation else place.get_kind_display())


@register.simple_tag
def kind_name(kind: str, count: int) -> str:
    """The kind after a number: « 5 municipalités régionales de comté »."""
    words = {
        "region": npgettext("after a number", "administrative region", "administrative regions", count),
        "mrc": npgettext("after a number", "MRC", "MRC", count),
        "te": npgettext("after a number", "territory equivalent to an MRC", "territories equivalent to an MRC", count),
        "municipality": npgettext("after a number", "municipality", "municipalities", count),
        "unorganized": npgettext("after a number", "unorganized territory", "unorganized territories", count),
        "nation": npgettext("after a number", "Indigenous community", "Indigenous communities", count),
        "borough": npgettext("after a number", "borough", "boroughs", count),
        "village": npgettext("after a number", "village", "villages", count),
        "neighbourhood": npgettext("after a number", "neighbourhood", "neighbourhoods", count),
    }
    return words.get(kind, kind)


@register.simple_tag
def scheme_name(code: str) -> str:
    return str(vocabulary.scheme(code))


@register.simple_tag
def interval(dated: Any) -> str:
    """« depuis le 8 juillet 2021 », « jusqu’au 8 juillet 2021 », or that the dates are not known."""
    since = formats.date(dated.since) if dated.since else ""
    until = formats.date(dated.until) if dated.until else ""
    if since and until:
        return _("From %(since)s to %(until)s") % {"since": since, "until": until}
    if since:
        return _("Since %(since)s") % {"since": since}
    if until:
        return _("Until %(until)s") % {"until": until}
    return _("Today; beginning not noted")


def described(place: Territory) -> str:
    return str(capfirst(kind_of(place)))
