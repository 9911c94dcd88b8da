"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core import contributions
from maillage.core.contributions import ActKind
from maillage.participation import kinds
from maillage.participation.consultations import asking, moderation, setup, taking_away
from maillage.participation.consultations.models import Asked
from maillage.participation.questionnaires import kind, page_words, preparing, services, waiting
from maillage.participation.questionnaires import taking_away as archive
from maillage.participation.vocabulary import Kind

kinds.register(kind.KIND)
setup.register(setup.Setup(Kind.QUESTIONNAIRE, pgettext_lazy("setup", "Questions"), preparing.url, preparing.missing))
taking_away.register(archive.tables)
asking.register(asking.Act(Asked.Kind.QUESTION, services.correction_title, services.correct, services.correction_lines))
moderation.register(_("Passages of answers"), waiting.waiting)
contributions.act_kinds.add(ActKind("question-corrected", _("Wording of a question put right while open")))
contributions.act_kinds.add(ActKind("excerpt-agreed", _("Passage of an answer shown, agreed by two people")))
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "section_added": _("Part of a questionnaire added"),
        "section_updated": _("Part of a questionnaire changed"),
        "section_removed": _("Part of a questionnaire taken away"),
        "question_added": _("Question added to a questionnaire"),
        "question_updated": _("Question of a questionnaire changed"),
        "question_removed": _("Question of a questionnaire taken away"),
        "questions_ordered": _("Questions put in another order"),
        "question_corrected": _("Wording of a question put right while open"),
        "excerpt_chosen": _("Passage of an answer chosen"),
        "excerpt_agreed": _("Passage of an answer agreed by a second person"),
        "excerpt_dropped": _("Passage of an answer no longer shown"),
    },
)

__all__ = ["page_words"]
"""Importing it adds the words of the sheet."""
