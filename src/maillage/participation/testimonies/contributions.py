"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core import contributions
from maillage.core.contributions import ActKind, Daily, SearchKind
from maillage.participation import kinds
from maillage.participation.consultations import moderation, setup, taking_away
from maillage.participation.testimonies import indexing, kind, page_words, personal, preparing, waiting
from maillage.participation.testimonies import taking_away as archive
from maillage.participation.vocabulary import Kind

kinds.register(kind.KIND)
setup.register(setup.Setup(Kind.TESTIMONIES, pgettext_lazy("setup", "Testimonies"), preparing.url, preparing.missing))
taking_away.register(archive.tables)
moderation.register(pgettext_lazy("setup", "Testimonies"), waiting.waiting)
moderation.register(_("Passages of testimonies"), waiting.passages)
contributions.search.add(SearchKind(indexing.KIND, _("Passages of testimonies"), indexing.rows))
contributions.daily.add(Daily("participation.testimonies", indexing.look))
contributions.act_kinds.add(ActKind("quote-agreed", _("Passage of a testimony shown, agreed by two people")))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "testimony_withdrawn": _("Testimony withdrawn with its receipt"),
        "testimony_agreement_changed": _("Agreements of a testimony changed with its receipt"),
        "code_added": _("Code added to the book of testimonies"),
        "code_removed": _("Code taken out of the book of testimonies"),
        "testimony_written": _("Recorded testimony written down"),
        "testimony_read": _("Testimony read and coded"),
        "reading_proposed": _("Reading of a testimony proposed"),
        "reading_settled": _("Reading of a testimony settled by two"),
        "testimonies_counted": _("Testimonies counted"),
        "quote_chosen": _("Passage of a testimony chosen"),
        "quote_agreed": _("Passage of a testimony agreed by a second person"),
        "quote_dropped": _("Passage of a testimony no longer shown"),
    },
)

__all__ = ["page_words", "personal"]
"""Importing them registers them."""
