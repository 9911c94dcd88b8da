"""How long ideas are kept, and what a person may ask about them.

An idea has no author: nothing here answers to a name. Its receipt takes it back; what was refused goes at its limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.contributions import PersonalData, personal_data
from maillage.participation.ideas.models import Idea, IdeaComment

MONTHS = 6
"""After the closing of its step, what nobody else ever saw: refused, or never read."""
MONTH = dt.timedelta(days=30.5)


def export(subject: Any) -> Mapping[str, Any]:
    return {}


def erase(subject: Any) -> int:
    return 0


def purge(today: dt.date) -> int:
    """What was refused or never shown, some months after the closing. What everyone reads stays, as a public record,
    and its author may still take it back."""
    limit = dt.datetime.combine(today - MONTHS * MONTH, dt.time.min, tzinfo=dt.UTC)
    hidden = Q(state__in=[Idea.State.REFUSED, Idea.State.PENDING])
    comments = IdeaComment.objects.filter(hidden, idea__step__closed_at__lt=limit).delete()[0]
    # The number and the reason of a refusal stay: they are what the public log tells.
    erased = _("(erased at its limit)")
    ideas = Idea.objects.filter(hidden, step__closed_at__lt=limit).exclude(folded="")
    return comments + ideas.update(title=erased, text="", folded="", digest="", note="", source="", checked=True)


personal_data.add(
    PersonalData(
        room="participation.ideas",
        purpose=_("Gather and discuss solutions to a problem, without account; a receipt alone speaks for an author."),
        export=export,
        erase=erase,
        purge=purge,
    )
)
