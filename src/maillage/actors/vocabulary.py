"""Fixed codes of actors: types, sectors, fields, scales. Alliances add terms that count as one of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
