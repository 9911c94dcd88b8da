"""The words of a questionnaire, beside those of the ballot's page: an agent may write them in any language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.voting.words import TEXTS

OURS: dict[str, str | Promise] = {
    "question_of": _("Question {n} of {total}"),
    "question_if": _("If you answered “{choices}” to “{question}”:"),
    "question_required": _("An answer is needed."),
    "question_several": _("Tick everything that applies."),
    "question_number": _("In figures, such as 12."),
    "question_between": _("In figures, from {least} to {most}."),
    "question_text": _("In your own words. Name nobody. Your text is read by the team; it is not published."),
    "question_optional": _("You may pass over this part."),
    "question_none": pgettext_lazy("questionnaire", "No answer"),
    "questions_none": _("There is no question yet."),
}
TEXTS.update(OURS)
