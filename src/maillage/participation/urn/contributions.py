"""What the urn gives to the others: a look every few seconds, the words of its acts."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.core.contributions import Tick, ticks
from maillage.participation.urn import keys, opening


def look(now: dt.datetime) -> int:
    """Finish the cleanings under way; tell the operator's log of urns whose key is lost."""
    keys.warn_of_lost()
    return opening.tidy_up(now)


ticks.add(Tick("participation", look))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "urn_opened": _("Urn opened: envelopes became ballots, the key was destroyed"),
        "urn_destroyed": _("Envelopes destroyed unopened"),
    },
)
