"""Fixed codes of actors: types, sectors, fields, scales. Alliances add terms that count as one of them."""

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
    """The lists an actor is tagged with."""

    SECTOR = "sector", _("sector")
    FIELD = "field", _("field")
    SCALE = "scale", _("territory scale")


class Sector(models.TextChoices):
    SOCIAL = "social", _("social")
    ECONOMIC = "economic", _("economic")
    ENVIRONMENTAL = "environmental", _("environmental")
    CULTURAL = "cultural", _("cultural")


class Field(models.TextChoices):
    HEALTH = "health", _("health")
    HOUSING = "housing", _("housing")
    FOOD_SECURITY = "food-security", _("food security")
    EMPLOYMENT = "employment", _("employment")
    EDUCATION = "education", _("education")
    TRANSPORT = "transport", _("transport")
    SAFETY = "safety", _("safety")
    STATUS_OF_WOMEN = "status-of-women", _("status of women")
    IMMIGRATION = "immigration", _("immigration")
    PLANNING = "land-planning", _("land planning")
    CITIZEN_PARTICIPATION = "citizen-participation", _("citizen participation")
    ACCESS = "access-to-services", _("access to resources and services")
    SERVICES = "organisation-of-services", _("organisation and coordination of services")
    INCLUSION = "inclusion", _("social and occupational inclusion")
    LOCAL_DEVELOPMENT = "local-development", _("local development")


class Scale(models.TextChoices):
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    BOROUGH = "borough", _("borough")
    VILLAGE = "village", _("village")
    CITY = "city", _("city")
    MRC = "mrc", _("MRC")
    REGION = "region", _("region")
    NATION = "nation", _("Indigenous nation")
    NATIONAL = "national", _("national")


FIXED: dict[str, type[models.TextChoices]] = {Scheme.SECTOR: Sector, Scheme.FIELD: Field, Scheme.SCALE: Scale}
"""The fixed codes of each scheme. Local ones are ``alliances.Term`` with ``counts_as`` one of these."""
