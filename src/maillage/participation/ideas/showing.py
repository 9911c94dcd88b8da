"""What the page of results says of ideas: how many, those of each problem, what was merged, what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from maillage.core.formats import number
from maillage.participation.consultations.indexing import is_shown
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas import selectors
from maillage.participation.ideas.models import Idea, IdeaComment
from maillage.participation.words import words_of

S = Idea.State
EACH = 12
"""Ideas of one problem that the page of results names; all of them are on their own page."""


def counted(step: Step) -> dict[str, Any]:
    """Aggregates of what everyone reads already: nothing of anybody."""
    brought = Idea.objects.filter(step=step).annotate(gathers=Count("merged"))
    return {
        "brought": brought.filter(gathers=0).exclude(state__in=[S.REFUSED, S.TAKEN_BACK]).count(),
        "comments": IdeaComment.objects.filter(idea__step=step, state=S.SHOWN).count(),
    }


def told(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """Five queries. Ideas are read as they stand now: one that is taken back is gone at once."""
    consultation = step.consultation
    words = words_of(consultation, (get_language() or "fr")[:2])
    groups = []
    rows = Idea.objects.filter(step=step, state=S.SHOWN)
    counts = dict(rows.values_list("problem").annotate(n=Count("pk")).order_by("problem"))
    for problem in step.problems.order_by("position", "pk"):
        groups.append(_group(rows.filter(problem=problem), selectors.problem_words(problem, words), counts[problem.pk])
                      if counts.get(problem.pk) else
                      {"title": selectors.problem_words(problem, words), "rows": [], "more": 0})  # fmt: skip
    if counts.get(None):
        groups.append(_group(rows.filter(problem=None), _("Without a problem named"), counts[None]))
    total = sum(counts.values())
    merged = Idea.objects.filter(step=step, state=S.MERGED).count()
    args = [consultation.alliance.slug, consultation.uuid, step.uuid]
    return {
        "headline": headline(total, merged, data.get("comments", 0)),
        "groups": groups,
        "refusals": refusals(step),
        "choices": choices(step),
        "list_url": reverse("participation_in:solutions", args=args),
    }


def headlines(steps: Sequence[Step]) -> dict[int, Sequence[str]]:
    """What the page says first of each step, by its key. One query, whatever their number."""
    rows = Idea.objects.filter(step__in=steps, state__in=[S.SHOWN, S.MERGED])
    counts = {(pk, state): n for pk, state, n in rows.order_by().values_list("step_id", "state").annotate(Count("pk"))}
    return {
        step.pk: headline(
            counts.get((step.pk, S.SHOWN), 0), counts.get((step.pk, S.MERGED), 0), step.result.data.get("comments", 0)
        )
        for step in steps
    }  # fmt: skip


def table(step: Step, data: Mapping[str, Any]) -> Iterator[tuple[str, str, int | None]]:
    """How many were brought, and how many comments everyone reads."""
    said = pgettext("setup", "Ideas")
    yield said, _("ideas brought"), data.get("brought")
    yield said, _("comments shown"), data.get("comments")


def _group(rows: Any, title: str, total: int) -> dict[str, Any]:
    named = selectors.with_counts(rows).order_by("-gathers", "-said", "number")[:EACH]
    return {"title": title, "rows": list(named), "more": max(0, total - EACH)}


def headline(shown: int, merged: int, comments: int) -> list[str]:
    if not shown:
        return [_("No idea is shown.")]
    lines = [ngettext("%(n)s idea is on the table.", "%(n)s ideas are on the table.", shown) % {"n": number(shown)}]
    if merged:
        lines.append(
            ngettext(
                "%(n)s idea was merged with others, with its author’s agreement.",
                "%(n)s ideas were merged, with their authors’ agreement.",
                merged,
            )
            % {"n": number(merged)}
        )
    if comments:
        lines.append(
            ngettext("They were discussed: %(n)s comment.", "They were discussed: %(n)s comments.", comments)
            % {"n": number(comments)}
        )
    return lines


def refusals(step: Step) -> list[str]:
    """« 3: about something else », the most frequent first."""
    found = sorted(selectors.refusals(step).items(), key=lambda pair: (-pair[1], pair[0]))
    return [f"{Idea.Reason(reason).label} ({number(n)})" for reason, n in found]


def choices(step: Step) -> list[dict[str, Any]]:
    """The choices that ideas of this step were put to, that everyone may see. Two queries."""
    found: dict[int, dict[str, Any]] = {}
    for option in selectors.options_from(step):
        if is_shown(option.step.consultation):
            found.setdefault(option.step_id, choice_told(option.step))["n"] += 1
    return list(found.values())


def choice_told(step: Step) -> dict[str, Any]:
    """A choice, and where it stands; by the name of its step where it has one."""
    consultation = step.consultation
    published = consultation.state == Consultation.State.PUBLISHED
    name = "results" if published else "consultation"
    return {
        "title": step.title or consultation.title, "n": 0, "published": published,
        "url": reverse(f"participation_in:{name}", args=[consultation.alliance.slug, consultation.uuid]),
    }  # fmt: skip
