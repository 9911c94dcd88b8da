"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.core.contributions import ActKind, Tick, ticks
from maillage.participation import kinds
from maillage.participation.consultations import moderation, setup, taking_away
from maillage.participation.opinions import kind, live, page_words, preparing, waiting
from maillage.participation.opinions import taking_away as archive
from maillage.participation.vocabulary import Kind

kinds.register(kind.KIND)
setup.register(setup.Setup(Kind.OPINIONS, _("Statements"), preparing.url, preparing.missing))
taking_away.register(archive.tables)
moderation.register(_("Statements"), waiting.waiting)
ticks.add(Tick("participation", live.look))
contributions.act_kinds.add(ActKind("statement-added", _("Statement added by the alliance")))
contributions.act_kinds.add(ActKind("statement-accepted", _("Statement of a participant accepted by two people")))
contributions.act_kinds.add(ActKind("statement-refused", _("Statement refused by two people")))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "opinions_imported": _("Conversation held elsewhere brought in"),
        "statement_added": _("Statement added by the alliance"),
        "statement_updated": _("Statement of a consultation changed"),
        "statement_removed": _("Statement of a consultation taken away"),
        "statement_acceptance_asked": _("Statement of a participant read a first time"),
        "statement_acceptance_dropped": _("Statement of a participant to be read anew"),
        "statement_accepted": _("Statement of a participant accepted by two people"),
        "statement_refusal_asked": _("Refusal of a statement asked"),
        "statement_refusal_dropped": _("Refusal of a statement no longer asked"),
        "statement_refused": _("Statement refused by two people"),
    },
)

__all__ = ["page_words"]
"""Importing it adds the words of the sheet."""
