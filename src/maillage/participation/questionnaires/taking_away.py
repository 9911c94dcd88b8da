"""The questions, as the team takes them away, and the passages that two people agreed to show."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_away import Table
from maillage.participation.questionnaires.models import Excerpt, Question


def tables(consultation: Consultation) -> Iterator[Table]:
    """Two queries."""
    rows = Question.objects.filter(section__step__consultation=consultation).select_related("section__step")
    found = [
        (
            row.section.step.position + 1, row.section.title, row.label, str(row.get_kind_display()),
            " / ".join(choice["label"] for choice in row.choices),
        )
        for row in rows.order_by("section__step__position", "section__position", "position", "pk")
    ]  # fmt: skip
    if found:
        header = (_("Step"), pgettext("of a questionnaire", "Part"), _("Question"), _("Kind"), _("Choices"))
        yield Table("questions", pgettext("setup", "Questions"), header, found)
    shown = Excerpt.objects.filter(question__section__step__consultation=consultation, agreed=True)
    passages = list(shown.order_by("question", "pk").values_list("question__label", "text"))
    if passages:
        title = _("Passages of answers, agreed by two people")
        yield Table("passages-de-reponses", title, (_("Question"), _("Passage")), passages)
