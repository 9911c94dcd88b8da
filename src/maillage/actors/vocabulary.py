"""Fixed codes of actors: their types, and the lists (``alliances.Term``) that they are tagged with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class ActorType(models.TextChoices):
    COMMUNITY = "community", _("community organisation")
    INSTITUTION = "institution", _("public institution")
    MUNICIPALITY = "municipality", _("municipality or MRC")
    FOUNDATION = "foundation", _("philanthropic foundation")
    BUSINESS = "business", _("business")
    SOCIAL_ECONOMY = "social-economy", _("social economy enterprise")
    CITIZENS = "citizens", _("citizens’ college")
    INDIGENOUS = "indigenous", _("Indigenous organisation")
    GROUP = "group", _("group of organisations")
    OTHER_LEVEL = "other-level", _("other level of government")
    UNSPECIFIED = "unspecified", _("to be specified")


TYPE_ORDER: dict[str, int] = {code: position for position, code in enumerate(ActorType.values)}
"""The order of types in drawings and tables: the same everywhere, « à préciser » last."""


def type_words(code: str, count: int) -> str:
    """The name of the type for this many actors: « organisme communautaire », « organismes communautaires »."""
    words = {
        ActorType.COMMUNITY: ngettext("community organisation", "community organisations", count),
        ActorType.INSTITUTION: ngettext("public institution", "public institutions", count),
        ActorType.MUNICIPALITY: ngettext("municipality or MRC", "municipalities and MRCs", count),
        ActorType.FOUNDATION: ngettext("philanthropic foundation", "philanthropic foundations", count),
        ActorType.BUSINESS: ngettext("business", "businesses", count),
        ActorType.SOCIAL_ECONOMY: ngettext("social economy enterprise", "social economy enterprises", count),
        ActorType.CITIZENS: ngettext("citizens’ college", "citizens’ colleges", count),
        ActorType.INDIGENOUS: ngettext("Indigenous organisation", "Indigenous organisations", count),
        ActorType.GROUP: ngettext("group of organisations", "groups of organisations", count),
        ActorType.OTHER_LEVEL: ngettext("other level of government", "other levels of government", count),
        ActorType.UNSPECIFIED: ngettext("type to be specified", "types to be specified", count),
    }
    return words[ActorType(code)]


class Scheme(models.TextChoices):
    """The lists an actor is tagged with: schemes of ``alliances.Term``, where an alliance adds its own words."""

    SECTOR = "sector", _("sector")
    FIELD = "field", _("field")
    SCALE = "scale", _("territory scale")
