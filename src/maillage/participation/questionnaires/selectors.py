"""What the pages of questionnaires read."""

from __future__ import annotations

from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires import structure
from maillage.participation.questionnaires.models import Excerpt, Question
from maillage.participation.questionnaires.sheet import answers_in
from maillage.participation.results.models import Result
from maillage.participation.urn.models import Ballot


def texts_of(step: Step) -> dict[str, list[str]]:
    """The text answers of a counted step, by question, each list in the order of the alphabet.

    Sorted apart, so that two texts of the same person are not found side by side. Nothing before the count, nor where
    fewer people answered than the threshold.
    """
    ready = Result.objects.filter(step=step, state=Result.State.READY, withheld=False).exists()
    keys = [structure.key_of(one) for one in structure.questions_of(step) if one.kind == Question.Kind.TEXT]
    found: dict[str, list[str]] = {key: [] for key in keys}
    if not ready or not keys:
        return {}
    for content in Ballot.objects.filter(step=step).order_by("id").values_list("content", flat=True).iterator(5000):
        answers = answers_in(content)
        for key in keys:
            if isinstance(answers.get(key), str) and answers[key]:
                found[key].append(answers[key])
    return {key: sorted(texts) for key, texts in found.items()}


def excerpts_of(step: Step) -> dict[str, list[str]]:
    """The passages that two people agreed to show, by question."""
    found: dict[str, list[str]] = {}
    rows = Excerpt.objects.filter(question__section__step=step, agreed=True).select_related("question").order_by("pk")
    for row in rows:
        found.setdefault(structure.key_of(row.question), []).append(row.text)
    return found
