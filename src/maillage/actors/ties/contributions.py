"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.actors.ties import campaigns, contributed, merges, offerings, offerings_index, services, sheet_services
from maillage.core import contributions
from maillage.core.contributions import ActKind, Daily, NoticeKind, PersonalData, SearchKind

contributions.name_actions(
    "actors",
    _("Actors"),
    {
        "tie_told": _("Tie told"),
        "tie_changed": _("Tie changed"),
        "tie_answered": _("Tie confirmed or not recognised"),
        "tie_ended": _("Tie ended"),
        "tie_checked": _("Tie said to hold still"),
        "campaign_opened": _("Campaign of ties opened"),
        "campaign_reminded": _("Campaign of ties: reminders sent"),
        "campaign_answered": _("Campaign of ties: an actor answered"),
        "campaign_closed": _("Campaign of ties closed"),
        "tie_import_started": _("List of ties brought"),
        "tie_import_chosen": _("List of ties: columns and names chosen"),
        "tie_import_applied": _("List of ties written"),
        "tie_import_undone": _("List of ties taken back"),
        "tie_import_discarded": _("List of ties set aside"),
        "offered": _("What an actor brings changed"),
        "mission_changed": _("Mission of an actor changed"),
    },
)
contributions.act_kinds.add(ActKind(services.ACT, _("Tie written for an actor")))
contributions.act_kinds.add(ActKind(offerings.ACT, _("What an actor brings, written for it")))
contributions.act_kinds.add(ActKind(campaigns.ACT, _("Campaign of ties answered for an actor")))
contributions.act_kinds.add(ActKind(sheet_services.ACT, _("Ties brought from a spreadsheet")))
contributions.personal_data.add(
    PersonalData(
        room="actors.ties",
        purpose=_("Bring in ties from a spreadsheet, whose words may name someone."),
        export=lambda person: {},
        erase=lambda person: 0,
        purge=sheet_services.purge,
    )
)
contributions.notice_kinds.add(NoticeKind(campaigns.NOTICE, _("Ties of the organisation I speak for"), habit="weekly"))
contributions.daily.add(Daily("actors.ties", campaigns.daily))
contributions.search.add(SearchKind(offerings_index.KIND, _("What actors bring"), offerings_index.rows))
merges.register()

__all__ = ["contributed"]
"""Importing it registers panels, what waits, menus, memory and open data."""
