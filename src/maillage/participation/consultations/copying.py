"""A consultation copied into a sister alliance: its words and its questions, never an answer, a code nor a name; of its
outreach plan, whom to reach and how, never what came of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction

from maillage.alliances.models import Alliance, Role
from maillage.core import audit, documents
from maillage.core.access import may, require
from maillage.participation.consultations.indexing import put
from maillage.participation.consultations.models import (
    AboutQuestion,
    Consultation,
    ConsultationLanguage,
    Option,
    Step,
    Wording,
)
from maillage.participation.consultations.services import PICTURE_RULE
from maillage.participation.ideas.models import NamedProblem
from maillage.participation.opinions.models import Statement
from maillage.participation.outreach.models import Outreach
from maillage.participation.questionnaires.models import Question, Section
from maillage.participation.vocabulary import About

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT = (
    "title", "intro", "purpose", "evaluates", "concerns", "promise", "is_vote", "access", "changeable", "one_page",
    "policy", "moderation", "kiosk_grace", "threshold", "language",
)  # fmt: skip
"""What a sister alliance starts from. Dates, who decides, the population and the postal codes are its own."""
STEP_KEPT = (
    "position", "kind", "title", "intro", "method", "counting", "ties", "seed", "envelope_cents", "most_choices",
    "score_most",
)  # fmt: skip


def where(user: Any, source: Consultation, today: dt.date) -> list[Alliance]:
    """The other alliances where this person may prepare a consultation. One query."""
    if not user.is_authenticated:
        return []
    agent = Role.objects.at(today).filter(person__user=user, kind=Role.Kind.AGENT, person__erased_at=None)
    found = Alliance.objects.filter(pk__in=agent.order_by().values("person__alliance")).exclude(pk=source.alliance_id)
    return list(found.order_by("sort_key", "pk")[:20])


@transaction.atomic
def copy_consultation(*, source: Consultation, to: Alliance, by: Any, via: str = "web") -> Consultation:
    """The same questions, in preparation in another alliance. ``by`` may read the one and prepare in the other.

    Errors: ``PermissionDenied``.
    """
    require(by, "participation.view", source)
    require(by, "participation.run", to)
    made = Consultation.objects.create(alliance=to, **{name: getattr(source, name) for name in KEPT})
    renamed: dict[str, str] = {}
    steps: dict[int, Step] = {}
    for row in source.steps.order_by("position", "pk"):
        step = Step.objects.create(consultation=made, **{name: getattr(row, name) for name in STEP_KEPT})
        steps[row.pk] = step
        renamed[str(row.uuid)] = str(step.uuid)
        _options(row, step, to, renamed)
        _questions(row, step, renamed)
        for problem in row.problems.order_by("position", "pk"):
            named = NamedProblem.objects.create(
                step=step, position=problem.position, label=problem.label, text=problem.text
            )
            renamed[str(problem.uuid)] = str(named.uuid)
        for statement in row.statements.filter(added_by_participant=False, state=Statement.State.SHOWN):
            fresh = Statement.objects.create(
                step=step, number=statement.number, text=statement.text, language=statement.language,
                state=Statement.State.SHOWN,
            )  # fmt: skip
            renamed[str(statement.uuid)] = str(fresh.uuid)
    for row in source.steps.exclude(after=None):
        Step.objects.filter(pk=steps[row.pk].pk).update(after=steps.get(row.after_id or 0))
    AboutQuestion.objects.bulk_create(
        AboutQuestion(consultation=made, position=row.position, kind=row.kind, purpose=row.purpose, choices=row.choices)
        # Its places are its own.
        for row in source.about_questions.exclude(kind=About.PLACE)
    )
    ConsultationLanguage.objects.bulk_create(
        ConsultationLanguage(consultation=made, code=row.code, name=row.name, right_to_left=row.right_to_left)
        for row in source.languages.all()
    )
    Wording.objects.bulk_create(
        Wording(consultation=made, language=row.language, key=_renamed(row.key, renamed), text=row.text)
        for row in source.wordings.all()
        if _is_of_the_copy(row.key, renamed)
    )
    put([made])
    _outreach(source, made, whole=may(by, "participation.run", source))
    audit.record("participation.consultation_copied", made, by=by, alliance=to, via=via, after={"from": source.pk})
    audit.record(
        "participation.consultation_copied_elsewhere", source, by=by, alliance=source.alliance, via=via,
        after={"to": made.pk, "alliance": to.pk},
    )  # fmt: skip
    return made


def _outreach(source: Consultation, made: Consultation, *, whole: bool) -> None:
    """Whom to reach and how. Relays, places and days are those of the other territory; what only its team reads stays
    with its team."""
    rows = source.outreach.order_by("position", "pk")
    Outreach.objects.bulk_create(
        Outreach(
            consultation=made,
            position=number,
            who=row.who,
            means=row.means,
            offered=row.offered,
            obstacle=row.obstacle if whole else "",
            is_public=row.is_public,
        )
        for number, row in enumerate(rows if whole else rows.filter(is_public=True))
    )


def _is_of_the_copy(key: str, renamed: dict[str, str]) -> bool:
    """Not the words of an option that was withdrawn, nor of a statement that somebody added or that was refused."""
    return all(part in renamed for part in key.split(":") if UUID.fullmatch(part))


def _renamed(key: str, renamed: dict[str, str]) -> str:
    """``option:<uuid>:label`` with the uuid of the copy."""
    return ":".join(renamed.get(part, part) for part in key.split(":"))


def _options(row: Step, step: Step, to: Alliance, renamed: dict[str, str]) -> None:
    for option in row.options.filter(withdrawn_at=None).select_related("picture").order_by("number"):
        picture = None
        if option.picture is not None:
            with option.picture.file.open("rb") as file:
                picture = documents.store(
                    file.read(), name=option.picture.name, content_type=option.picture.content_type,
                    rule=PICTURE_RULE, alliance=to,
                )  # fmt: skip
        fresh = Option.objects.create(
            step=step, number=step.options.count() + 1, label=option.label, text=option.text,
            cost_cents=option.cost_cents, picture=picture, picture_alt=option.picture_alt,
        )  # fmt: skip
        renamed[str(option.uuid)] = str(fresh.uuid)


def _questions(row: Step, step: Step, renamed: dict[str, str]) -> None:
    copies: dict[int, Question] = {}
    for section in row.sections.order_by("position", "pk"):
        held = Section.objects.create(
            step=step, position=section.position, title=section.title, intro=section.intro, optional=section.optional
        )
        renamed[str(section.uuid)] = str(held.uuid)
        for question in section.questions.order_by("position", "pk"):
            fresh = Question.objects.create(
                section=held, position=question.position, kind=question.kind, label=question.label, help=question.help,
                required=question.required, choices=question.choices, least=question.least, most=question.most,
                depends_on=copies.get(question.depends_on_id or 0),
                depends_in=question.depends_in if question.depends_on_id in copies else [],
            )  # fmt: skip
            copies[question.pk] = fresh
            renamed[str(question.uuid)] = str(fresh.uuid)
