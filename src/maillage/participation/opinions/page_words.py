"""The words of a sheet of statements, beside those of the ballot's page: an agent may write them in any language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.voting.words import TEXTS

OURS: dict[str, str | Promise] = {
    "statements_rule": _("Say what you think of each sentence. If you do not know, pass."),
    "statement_of": _("Sentence {n} of {total}"),
    "statement_agree": pgettext_lazy("answer to a statement", "I agree"),
    "statement_disagree": pgettext_lazy("answer to a statement", "I disagree"),
    "statement_pass": pgettext_lazy("answer to a statement", "I pass"),
    "statements_none": _("There is no sentence yet."),
    "statements_left": _("Sentences not on this page: {n}. To answer them too, come back with your receipt."),
    "statement_add": _("Something is missing? Add your own sentence."),
}
TEXTS.update(OURS)
