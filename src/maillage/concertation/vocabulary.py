"""Fixed codes of the room, used by several of its parts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """How a space decides."""

    CONSENSUS = "consensus", _("consensus")
    CONSENT = "consent", _("consent")
    MAJORITY = "majority", _("simple majority")
    QUALIFIED = "qualified", _("qualified majority")


class Stand(models.TextChoices):
    """A position on a proposal."""

    AGREE = "agree", _("agree")
    RESERVATION = "reservation", _("agree with reservations")
    OBJECTION = "objection", _("reasoned objection")
    ABSTAIN = "abstain", _("abstention")
    WITHDRAWN = "withdrawn", _("withdrew (conflict of interest)")


class Condition(models.TextChoices):
    """The conditions of savoir d'expérience."""

    PEERS = "peers", _("at least two peers")
    PREPARATION = "preparation", _("preparation")
    ALLY = "ally", _("an ally")
    COSTS = "costs", _("costs advanced in cash")
    DEBRIEFING = "debriefing", _("debriefing")
    WITHDRAW = "withdraw", _("right to withdraw")


class Access(models.TextChoices):
    """What a meeting offers so that everyone can come."""

    TRANSPORT = "transport", _("transport")
    CHILDCARE = "childcare", _("childcare")
    MEAL = "meal", _("meal")
    INTERPRETATION = "interpretation", _("interpretation")
    COMPENSATION = "compensation", _("compensation")
    ACCESSIBLE = "accessible", _("accessible premises")
    COSTS = "costs", _("costs advanced")
