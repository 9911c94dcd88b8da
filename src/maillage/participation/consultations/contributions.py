"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.core.contributions import ActKind, NoticeKind, SearchKind, Tick, ticks
from maillage.participation.consultations import (
    by_stage,
    by_two,
    electors,
    giving,
    indexing,
    lifecycle,
    moderation,
    personal,
    setup,
    taking_away,
    waiting,
)

setup.tools.append(
    setup.Tool(
        _("What people wrote, to read"), moderation.url_of, _("statements, testimonies, ideas, passages, in one list")
    )
)
setup.tools.append(
    setup.Tool(_("Take the tables away"), taking_away.page_url, _("an archive that any spreadsheet reads"))
)
ticks.add(Tick("participation", lifecycle.tick))
contributions.search.add(SearchKind(indexing.KIND, _("Consultations"), indexing.rows))
contributions.act_kinds.add(ActKind("consultation-opened", _("Consultation opened")))
contributions.act_kinds.add(ActKind("consultation-extended", _("Closing of a consultation put later")))
contributions.act_kinds.add(ActKind("list-changed", _("People added to the list of a consultation")))
contributions.act_kinds.add(ActKind("words-written", _("Texts of a consultation in another language written")))
contributions.act_kinds.add(ActKind("helper-named", _("Helper of a consultation named")))
contributions.act_kinds.add(ActKind("consultation-closed", _("Consultation closed")))
contributions.act_kinds.add(ActKind("consultation-cancelled", _("Consultation cancelled")))
contributions.act_kinds.add(ActKind("consultation-published", _("Results of a consultation published")))
contributions.act_kinds.add(ActKind("codes-printed", _("Personal codes printed")))
contributions.act_kinds.add(ActKind("code-voided", _("Personal code made void")))
contributions.act_kinds.add(ActKind("feedback-written", _("What was done with a consultation, written")))
contributions.notice_kinds.add(NoticeKind(electors.CODE, _("My code to answer a consultation")))
contributions.notice_kinds.add(NoticeKind(electors.REMINDER, _("A consultation waits for my answer")))
contributions.act_kinds.add(ActKind("option-withdrawn", _("Option withdrawn from a consultation")))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "consultation_created": _("Consultation prepared"),
        "consultation_updated": _("Consultation changed"),
        "consultation_copied": _("Consultation copied from another alliance"),
        "consultation_copied_elsewhere": _("Consultation copied into another alliance"),
        "consultation_exported": _("Tables of a consultation taken away"),
        "consultation_deleted": _("Consultation thrown away"),
        "consultation_opened": _("Consultation opened"),
        "consultation_closed": _("Consultation closed"),
        "consultation_cancelled": _("Consultation cancelled"),
        "consultation_extended": _("Closing of a consultation put later"),
        "act_asked": _("Act on a consultation under way asked of a second person"),
        "act_confirmed": _("Act on a consultation under way confirmed"),
        "act_dropped": _("Act on a consultation under way not confirmed"),
        "act_lapsed": _("Act on a consultation under way fallen: it closed"),
        "cancel_asked": _("Cancelling of a consultation asked"),
        "cancel_dropped": _("Cancelling of a consultation no longer asked"),
        "publication_asked": _("Publication of results asked"),
        "publication_dropped": _("Publication of results no longer asked"),
        "results_published": _("Results of a consultation published"),
        "step_added": _("Step of a consultation added"),
        "step_updated": _("Step of a consultation changed"),
        "step_removed": _("Step of a consultation taken away"),
        "step_opened": _("Step of a consultation opened"),
        "step_closed": _("Step of a consultation closed"),
        "option_added": _("Option added to a consultation"),
        "option_updated": _("Option of a consultation changed"),
        "option_removed": _("Option of a consultation taken away"),
        "option_withdrawn": _("Option withdrawn from a consultation"),
        "access_chosen": _("Who may answer a consultation chosen"),
        "codes_printed": _("Personal codes printed"),
        "codes_sent": _("Personal codes sent"),
        "reminders_sent": _("Reminders of a consultation sent"),
        "list_changed": _("List of a consultation changed"),
        "void_asked": _("Void of a personal code asked"),
        "void_dropped": _("Void of a personal code not confirmed"),
        "code_voided": _("Personal code made void"),
        "language_added": _("Language added to a consultation"),
        "language_removed": _("Language of a consultation taken away"),
        "wordings_written": _("Texts of a consultation in another language written"),
        "about_chosen": _("Questions “about you” chosen"),
        "feedback_written": _("What was done with a consultation, written"),
        "feedback_sent": _("What was done with a consultation, told"),
        "helper_added": _("Helper of a consultation named"),
        "helper_ended": _("Helper of a consultation: end"),
    },
)

__all__ = ["by_stage", "by_two", "giving", "moderation", "personal", "waiting"]
"""Importing them registers them."""
