"""From ideas to a choice: a step of priorities whose options are ideas, in the same consultation or in a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations import asking, lifecycle
from maillage.participation.consultations.asking import Line
from maillage.participation.consultations.models import Asked, Consultation, Option, Step
from maillage.participation.consultations.services import create_consultation
from maillage.participation.ideas.ground import still_moves
from maillage.participation.ideas.merging import said
from maillage.participation.ideas.models import Idea
from maillage.participation.vocabulary import COUNTINGS, Kind, Method

C = Consultation.State
MOST = 60
"""Options on one ballot: nobody compares more."""
METHODS = (Method.GRADES, Method.APPROVAL, Method.SCORE, Method.RANKING)
"""A budget wants the cost of each: it is prepared by hand."""
CARRIED = ("intro", "purpose", "promise", "is_vote", "one_page", "threshold", "language", "stage", "space",
           "decided_by", "decided_on", "population", "population_source", "evaluates", "about", "concerns")  # fmt: skip


def receiving(step: Step) -> list[Step]:
    """The steps of priorities of the same consultation that nobody has begun to answer, budgets apart."""
    found = step.consultation.steps.filter(kind=Kind.PRIORITIES, state=Step.State.WAITING).exclude(method=Method.BUDGET)
    return list(found.order_by("position", "pk"))


@transaction.atomic
def choose(
    *, step: Step, ideas: Sequence[Idea], by: Any, now: dt.datetime, into: Step | None = None, new: bool = False,
    title: str = "", method: str = Method.GRADES, opens_at: dt.datetime | None = None,
    closes_at: dt.datetime | None = None, via: str = "web",
) -> Step:  # fmt: skip
    """Put these shown ideas to a choice. ``into``: a step that waits; ``new``: a consultation in preparation; neither:
    a new step of the same consultation, which opens at ``opens_at``, or with it. In preparation, or into a new
    consultation; in one that is open, two people do it (``ask_choice``).

    Each option carries the idea's words as they are, and its reference. An idea that is an option there already is
    left out. Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", step.consultation)
    source = _held(step)
    if source.consultation.state == C.OPEN and not new:
        raise ValidationError(_("It is open: two people decide on it, one asks and another one confirms."))
    where = Where(into, new, title, method, opens_at, closes_at)
    return _put(source, ideas, where, by, now, via)


@dataclass(frozen=True)
class Where:
    """The step that receives the ideas: one that waits, one of a new consultation, or a new one."""

    into: Step | None = None
    new: bool = False
    title: str = ""
    method: str = Method.GRADES
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


def _held(step: Step) -> Step:
    # The consultation first, as everywhere: its closing takes the same two rows in this order.
    consultation = lock(step.consultation)
    consultation.alliance = step.consultation.alliance
    source = lock(step)
    source.consultation = consultation
    return source


def _put(source: Step, ideas: Sequence[Idea], where: Where, by: Any, now: dt.datetime, via: str, why: str = "") -> Step:
    consultation = source.consultation
    rows = _shown(source, ideas)
    if where.into is not None:
        target = _waiting(consultation, where.into)
    elif where.new:
        target = _new_consultation(source, where.title, where.method, by, via)
    else:
        target = _new_step(source, where.title, where.method, where.opens_at, where.closes_at, now)
    made = _options(target, rows)
    if target.options.count() < 2:
        raise ValidationError({"numbers": _("Choose at least two ideas that everyone sees.")})
    same = not where.into and not where.new
    if same and consultation.state == C.OPEN and (target.opens_at or now) <= now:
        lifecycle.open_step(target, by=by, via=via)
    numbers = [row.number for row in rows]
    entry = audit.record(
        "participation.ideas_chosen", target, by=by, alliance=consultation.alliance, via=via,
        after={"from": source.pk, "ideas": numbers, "options": [option.number for option in made]},
    )  # fmt: skip
    tell(
        alliance=consultation.alliance, kind="ideas-chosen", by=by, entry=entry, at=now, source=why[:300],
        reference=consultation.reference,
        label=lambda: _("%(title)s, ideas %(list)s") % {"title": consultation.title, "list": said(numbers)},
    )  # fmt: skip
    return target


# By two, while people answer


class _TriedError(Exception):
    """All of it was done, to be undone: what would be refused is refused to the first person already."""


@transaction.atomic
def ask_choice(
    *, step: Step, ideas: Sequence[Idea], why: str, by: Any, now: dt.datetime, into: Step | None = None,
    title: str = "", method: str = Method.GRADES, opens_at: dt.datetime | None = None,
    closes_at: dt.datetime | None = None, via: str = "web",
) -> Asked:  # fmt: skip
    """The first of two people asks that people choose among these ideas in a consultation under way: what is on the
    ballot is not decided alone. Errors: as :func:`choose`; without reason, or where it is asked already."""
    require(by, "participation.run", step.consultation)
    source = _held(step)
    where = Where(into, False, title, method, opens_at, closes_at)
    try:
        with transaction.atomic():
            _put(source, ideas, where, by, now, via)
            raise _TriedError
    except _TriedError:
        pass
    given = {
        "step": str(source.uuid), "ideas": [idea.number for idea in ideas], "into": str(into.uuid) if into else "",
        "title": title, "method": method, "opens_at": opens_at.isoformat() if opens_at else "",
        "closes_at": closes_at.isoformat() if closes_at else "", "name": str(into) if into else title,
    }  # fmt: skip
    return asking.ask(
        consultation=source.consultation, kind=Asked.Kind.IDEAS, subject=str(given["into"] or given["step"]),
        given=given, why=why, by=by, now=now, via=via,
    )  # fmt: skip


def _ideas_of(asked: Asked) -> list[Idea]:
    rows = Idea.objects.filter(step__uuid=asked.given["step"], number__in=asked.given["ideas"])
    return list(rows.select_related("step").order_by("number"))


def put_to_choice(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: the ideas are options."""
    given, steps = asked.given, asked.consultation.steps
    source = steps.get(uuid=given["step"])
    source.consultation = asked.consultation
    into = steps.filter(uuid=given["into"]).first() if given["into"] else None
    opens_at, closes_at = (dt.datetime.fromisoformat(given[n]) if given[n] else None for n in ("opens_at", "closes_at"))
    ideas = _ideas_of(asked)
    if (given["into"] and into is None) or len(ideas) < len(given["ideas"]):
        raise ValidationError(_("These ideas, or the step, are no longer there: ask again."))
    where = Where(into, False, given["title"], given["method"], opens_at, closes_at)
    _put(source, ideas, where, by, now, via, why=asked.why)


def title_of(asked: Asked) -> str:
    name = asked.given["name"] or _("In a new step of this consultation")
    return _("Have people choose among ideas: %(step)s") % {"step": name}


def lines(asked: Asked) -> Iterator[Line]:
    """Each idea that would be an option."""
    for idea in _ideas_of(asked):
        yield Line(f"{idea.number}. {idea}")


def _shown(step: Step, ideas: Sequence[Idea]) -> list[Idea]:
    rows = {row.pk: row for row in Idea.objects.filter(step=step, pk__in=[idea.pk for idea in ideas])}
    found = [rows[idea.pk] for idea in ideas if idea.pk in rows]
    hidden = [row.number for row in found if row.state != Idea.State.SHOWN]
    if hidden:
        raise ValidationError(
            {"numbers": _("These ideas are not shown, or no longer: %(list)s.") % {"list": said(hidden)}}
        )
    if not found:
        raise ValidationError({"numbers": _("Choose at least two ideas that everyone sees.")})
    return found


def _waiting(consultation: Consultation, into: Step) -> Step:
    target = lock(into)
    target.consultation = consultation
    waits = target.state == Step.State.WAITING and target.kind == Kind.PRIORITIES and target.method != Method.BUDGET
    if target.consultation_id != consultation.pk or not waits:
        raise ValidationError({"where": _("People have begun to answer this step: its options no longer change.")})
    still_moves(target)
    return target


def _method(method: str) -> dict[str, str]:
    if method not in METHODS:
        raise ValidationError({"method": _("Choose how people say what comes first.")})
    return {"method": method, "counting": COUNTINGS[method][0]}


def _new_step(
    source: Step,
    title: str,
    method: str,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    now: dt.datetime,
) -> Step:
    consultation = source.consultation
    end = closes_at or consultation.closes_at
    if consultation.state not in {C.DRAFT, C.OPEN}:
        raise ValidationError({"where": _("This consultation is over: prepare a new one.")})
    if end is not None and end <= now:
        raise ValidationError({"closes_at": _("The closing is already past: choose a later one.")})
    if closes_at is not None and consultation.closes_at is not None and closes_at > consultation.closes_at:
        raise ValidationError({"closes_at": _("It closes with its consultation at the latest.")})
    if opens_at is not None and end is not None and opens_at >= end:
        raise ValidationError({"opens_at": _("It would open after its closing.")})
    last = consultation.steps.aggregate(last=Max("position"))["last"] or 0
    made = Step(
        consultation=consultation, position=last + 1, kind=Kind.PRIORITIES, title=title.strip()[:200], after=source,
        opens_at=opens_at, closes_at=closes_at, **_method(method),
    )  # fmt: skip
    made.full_clean(exclude=["consultation", "after"])
    made.save()
    return made


def _new_consultation(source: Step, title: str, method: str, by: Any, via: str) -> Step:
    before = source.consultation
    if not title.strip():
        raise ValidationError({"title": _("Write the question, as people read it.")})
    made = create_consultation(
        alliance=before.alliance, by=by, via=via, title=title.strip()[:200],
        **{name: getattr(before, name) for name in CARRIED},
    )  # fmt: skip
    made.alliance = before.alliance
    return Step.objects.create(consultation=made, position=0, kind=Kind.PRIORITIES, **_method(method))


def _options(step: Step, ideas: Sequence[Idea]) -> list[Option]:
    there = set(step.options.values_list("source", flat=True))
    number = step.options.aggregate(last=Max("number"))["last"] or 0
    fresh = [idea for idea in ideas if idea.reference not in there]
    if number + len(fresh) > MOST:
        raise ValidationError({"numbers": _("Choose %(n)s ideas at most: nobody compares more.") % {"n": MOST}})
    return Option.objects.bulk_create(
        Option(step=step, number=number + place, label=idea.title, text=idea.text, source=idea.reference)
        for place, idea in enumerate(fresh, start=1)
    )
