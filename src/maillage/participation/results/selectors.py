"""What the page of results reads: a few queries, whatever the number of ballots."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.core.models import Job
from maillage.participation import kinds
from maillage.participation.consultations.models import AboutQuestion, Consultation, FeedbackLink, Option, Step
from maillage.participation.results import groups
from maillage.participation.results.counting import example
from maillage.participation.results.models import Result
from maillage.participation.urn.models import UrnKey
from maillage.participation.vocabulary import Channel
from maillage.participation.words import Words


@dataclass
class Shown:
    """A step on the page: its result if it is ready, and what its kind adds."""

    step: Step
    result: Result | None
    template: str
    told: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    """The published key of its receipts."""

    @property
    def command_words(self) -> list[str]:
        """The command that recounts it, argument by argument: a line never ends inside one."""
        return _arguments(self.result.command) if self.result is not None else []

    @property
    def own_mark_words(self) -> list[str]:
        """The same of the command that computes the mark of one's own receipt."""
        return _arguments(example(self.key)) if self.key else []

    @property
    def on_paper(self) -> bool:
        """Ballots came on paper too, even where how many is hidden."""
        found = self.result.who.get(groups.CHANNEL, []) if self.result is not None else []
        return any(channel == Channel.PAPER for channel, _n in found)

    @property
    def to_count(self) -> bool:
        """Its count is under way or stopped; where nothing of it is written, it may have stopped before it began."""
        if self.result is None:
            return self.step.state == Step.State.CLOSED and self.step.consultation.state == Consultation.State.CLOSED
        return self.result.state != Result.State.READY

    @property
    def ready(self) -> bool:
        return self.result is not None and self.result.state == Result.State.READY and not self.result.withheld

    @property
    def withheld(self) -> bool:
        return self.result is not None and self.result.state == Result.State.READY and self.result.withheld


def _arguments(command: str) -> list[str]:
    return re.findall(r"(?:'[^']*'|\S)+", command)


def consultation_of(alliance: Alliance, key: uuid.UUID) -> Consultation | None:
    """The consultation with what its rules and its page ask of it."""
    return (
        Consultation.objects.select_related("alliance__parent", "space__alliance", "stage")
        .filter(alliance=alliance, uuid=key)
        .first()
    )


def steps_of(consultation: Consultation, words: Words) -> list[Shown]:
    """Its steps in order, each told by its own kind. The same number of queries for one step and for ten."""
    found = (
        Step.objects.filter(consultation=consultation)
        .select_related("result__file", "result__receipts_file")
        .prefetch_related(Prefetch("options", Option.objects.order_by("number")))
        .order_by("position", "pk")
    )
    keys = dict(UrnKey.objects.filter(step__consultation=consultation).values_list("step_id", "receipts_key"))
    shown = []
    for step in found:
        step.consultation = consultation
        kind = kinds.of(step) if step.kind in kinds.known() else None
        result = getattr(step, "result", None)
        one = Shown(step, result, kind.result if kind else "", key=keys.get(step.pk, ""))
        if one.ready and one.result is not None and kind is not None and kind.told is not None:
            one.told = dict(kind.told(step, one.result.data))
        shown.append(one)
    return shown


def job_of(step: Step) -> Job | None:
    """The latest count of this step that was asked for."""
    return Job.objects.filter(kind="participation.count", params__step=str(step.uuid)).order_by("-id").first()


def feedback_of(consultation: Consultation, user: Any) -> Sequence[FeedbackLink]:
    """What the alliance says it did with it: decisions that this reader may see, and what is said in words."""
    found = FeedbackLink.objects.filter(consultation=consultation).select_related("decision__space__alliance__parent")
    return [
        link
        for link in found
        if link.label or (link.decision is not None and may(user, "concertation.view_decision", link.decision))
    ]


def questions_of(consultation: Consultation) -> dict[str, AboutQuestion]:
    """The questions « about you », by kind."""
    return {question.kind: question for question in AboutQuestion.objects.filter(consultation=consultation)}
