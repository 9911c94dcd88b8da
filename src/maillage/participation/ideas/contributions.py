"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core import contributions
from maillage.core.contributions import ActKind, Daily, SearchKind
from maillage.participation import kinds
from maillage.participation.consultations import asking, moderation, setup, wordings
from maillage.participation.consultations.models import Asked
from maillage.participation.ideas import (
    choosing,
    giving,
    indexing,
    kind,
    merging,
    page_words,
    personal,
    preparing,
    waiting,
)
from maillage.participation.vocabulary import Kind

kinds.register(kind.KIND)
setup.register(setup.Setup(Kind.IDEAS, pgettext_lazy("setup", "Ideas"), preparing.url, preparing.missing))
wordings.sources.append(preparing.texts)
asking.register(asking.Act(Asked.Kind.IDEAS, choosing.title_of, choosing.put_to_choice, choosing.lines))
contributions.search.add(SearchKind(indexing.KIND, _("Ideas"), indexing.rows))
contributions.daily.add(Daily("participation.ideas", indexing.look))
contributions.daily.add(Daily("participation.ideas.merges", merging.look))
moderation.register(_("Ideas"), waiting.ideas)
moderation.register(_("Comments on ideas"), waiting.comments)
moderation.register(_("Answers of authors to write down"), waiting.answers)
for _code, _label in {
    "idea-brought": _("Idea of a workshop or of paper entered"),
    "idea-accepted": _("Idea of a participant accepted by two people"),
    "idea-refused": _("Idea refused by two people"),
    "comment-accepted": _("Comment of a participant accepted by two people"),
    "comment-refused": _("Comment refused by two people"),
    "idea-merge-proposed": _("Merge of ideas proposed to their authors"),
    "idea-merge-dropped": _("Merge of ideas dropped"),
    "idea-answer-noted": _("Answer of an author without receipt written down"),
    "ideas-chosen": _("Ideas put to a choice"),
}.items():
    contributions.act_kinds.add(ActKind(_code, _label))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "problem_named": _("Problem named, that ideas answer"),
        "problem_removed": _("Problem no longer asked about"),
        "idea_brought": _("Idea of a workshop or of paper entered"),
        "idea_taken_back": _("Idea taken back with its receipt"),
        "idea_acceptance_asked": _("Idea of a participant read a first time"),
        "idea_acceptance_dropped": _("Idea of a participant to be read anew"),
        "idea_accepted": _("Idea of a participant accepted by two people"),
        "idea_refusal_asked": _("Refusal of an idea asked"),
        "idea_refusal_dropped": _("Refusal of an idea no longer asked"),
        "idea_refused": _("Idea refused by two people"),
        "comment_acceptance_asked": _("Comment of a participant read a first time"),
        "comment_acceptance_dropped": _("Comment of a participant to be read anew"),
        "comment_accepted": _("Comment of a participant accepted by two people"),
        "comment_refusal_asked": _("Refusal of a comment asked"),
        "comment_refusal_dropped": _("Refusal of a comment no longer asked"),
        "comment_refused": _("Comment refused by two people"),
        "merge_proposed": _("Merge of ideas proposed to their authors"),
        "merge_answer_noted": _("Answer of an author without receipt written down"),
        "merge_dropped": _("Merge of ideas dropped"),
        "ideas_merged": _("Ideas merged with their authors’ agreement"),
        "ideas_chosen": _("Ideas put to a choice"),
    },
)

__all__ = ["giving", "page_words", "personal"]
"""Importing them registers them."""
