"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.concertation.decisions import giving, indexing, personal, waiting
from maillage.core import contributions
from maillage.core.contributions import ActKind, NoticeKind, SearchKind

contributions.notice_kinds.add(NoticeKind("position-asked", _("A decision waits for your position")))
contributions.notice_kinds.add(NoticeKind("position-recorded", _("A position is recorded in your name")))
contributions.notice_kinds.add(NoticeKind("decision-closed", _("A decision of your table is closed"), "weekly"))
contributions.act_kinds.add(ActKind("position-recorded", _("Position recorded in a member’s name")))
contributions.act_kinds.add(ActKind("position-confirmed", _("Position of an absent member confirmed")))
contributions.act_kinds.add(ActKind("decision-published", _("Decision shown to the public")))
contributions.search.add(SearchKind(indexing.KIND, _("Decisions"), indexing.rows))  # type: ignore[arg-type]
contributions.name_actions(
    "concertation",
    _("Spaces of concertation"),
    {
        "decision_created": _("Proposal written"),
        "decision_updated": _("Proposal changed"),
        "decision_opened": _("Decision opened"),
        "decision_amended": _("Proposal amended"),
        "decision_taken_back": _("Proposal taken back"),
        "decision_document_added": _("Document joined to a decision"),
        "decision_document_removed": _("Document taken away from a decision"),
        "decision_left": _("Withdrawal from a decision"),
        "decision_closed": _("Decision closed"),
        "decision_published": _("Decision published"),
        "decision_followed_up": _("What became of a decision recorded"),
        "position_taken": _("Position taken"),
        "position_recorded": _("Position recorded for a member"),
        "position_confirmed": _("Recorded position confirmed"),
        "position_dropped": _("Recorded position not confirmed"),
        "position_delegated": _("Position left to the substitute"),
        "position_delegation_ended": _("Position taken back from the substitute"),
        "position_commented": _("Comment on a closed decision"),
        "objection_answered": _("Objection answered"),
        "objection_maintained": _("Objection maintained"),
    },
)

__all__ = ["giving", "personal", "waiting"]
"""Importing them registers them."""
