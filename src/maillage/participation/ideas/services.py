"""Ideas and what is said of them: brought, shown or refused by two people, taken back.

Who brought one is kept nowhere: no account, no address, no instant; its receipt alone speaks for its author.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.alliances.acts.services import LANGUAGE, tell
from maillage.core import audit
from maillage.core.access import may, require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Option, Step, Wording
from maillage.participation.ideas import indexing, merging, receipts
from maillage.participation.ideas.ground import (
    COMMENT_MOST,
    TEXT_MOST,
    TITLE_MOST,
    is_open,
    locked,
    next_number,
    one_line,
    still_moves,
    tidy,
    too_long,
)
from maillage.participation.ideas.models import Idea, IdeaComment, MergeProposal, NamedProblem
from maillage.participation.reading import (
    SEEN_UNREAD_MOST,
    WAITING_MOST,
    Outcome,
    changed_words,
    digest_of,
    is_full,
    ranges,
)
from maillage.participation.vocabulary import Kind

S = Idea.State
C = Consultation.State
ALIVE = frozenset({S.PENDING, S.SHOWN, S.MERGED})
"""What may still be shown or refused: what was merged is read on its own page too."""
Row = Idea | IdeaComment


@dataclass(frozen=True)
class Received:
    idea: Idea
    receipt: str = ""
    again: bool = False
    """It had already come: kept once."""


# The problems


@transaction.atomic
def add_problem(*, step: Step, label: str, by: Any, text: str = "", via: str = "web") -> NamedProblem:
    """A problem to solve, in preparation. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", step.consultation)
    found = _in_preparation(step)
    plain = one_line(label)
    if not plain:
        raise ValidationError({"label": _("Name the problem.")})
    if found.problems.filter(label=plain[:200]).exists():
        raise ValidationError({"label": _("This problem is named already.")})
    made = NamedProblem(step=found, label=plain[:200], text=tidy(text), position=found.problems.count())
    made.full_clean(exclude=["step"])
    made.save()
    audit.record("participation.problem_named", made, by=by, alliance=found.consultation.alliance, via=via)
    return made


@transaction.atomic
def remove_problem(*, problem: NamedProblem, by: Any, via: str = "web") -> None:
    """In preparation, while no idea answers it. Errors: as above."""
    require(by, "participation.run", problem.step.consultation)
    found = _in_preparation(problem.step)
    if problem.ideas.exists():
        raise ValidationError(_("An idea answers this problem already: it stays."))
    audit.record("participation.problem_removed", problem, by=by, alliance=found.consultation.alliance, via=via)
    keys = Q(key=f"problem:{problem.uuid}") | Q(key=f"problem:{problem.uuid}:text")
    Wording.objects.filter(keys, consultation=found.consultation).delete()
    problem.delete()


def _in_preparation(step: Step) -> Step:
    found = locked(step)
    if found.consultation.state != C.DRAFT:
        raise ValidationError(_("People have already read it: it is changed only in preparation."))
    return found


# Bringing


def _checked(step: Step, title: str, text: str, problem: str) -> tuple[str, str, NamedProblem | None]:
    """What may be kept. Errors: ``ValidationError``, by field."""
    refused: dict[str, str] = {}
    title, text = one_line(title), tidy(text)
    if not any(sign.isalpha() for sign in title):
        refused["title"] = _("Say your idea in a few words.")
    elif wrong := too_long(title, TITLE_MOST):
        refused["title"] = wrong
    if wrong := too_long(text, TEXT_MOST):
        refused["text"] = wrong
    problems = {str(row.uuid): row for row in step.problems.all()}
    chosen = problems.get(problem) or (next(iter(problems.values())) if len(problems) == 1 else None)
    if chosen is None and problems:
        refused["problem"] = _("Choose the problem that your idea answers.")
    if refused:
        raise ValidationError(refused)
    return title, text, chosen


def _as_said(title: str, text: str) -> str:
    return f"{one_line(title)}\n{tidy(text)}"


@transaction.atomic
def propose(
    *, step: Step, title: str, text: str = "", problem: str = "", language: str = "fr", nonce: str, now: dt.datetime
) -> Received:
    """Someone's idea, and the receipt that speaks for them. Sent twice by a reload, it is there once.

    Shown at once or once two people have read it, as the consultation says; where many wait already, it is read first
    in both cases. Nothing is logged.
    Errors: ``ValidationError`` by field, or where it is closed, or twenty thousand wait.
    """
    found = locked(step)
    if not is_open(found, now):
        raise ValidationError(_("It is closed: your idea is not received. Copy it before you leave this page."))
    receipt = receipts.receipt_of(found, nonce, _as_said(title, text))
    mark = receipts.mark_of(found, receipt)
    known = Idea.objects.filter(step=found, mark=mark).first()
    if known is not None:
        if known.state == S.TAKEN_BACK:
            raise ValidationError(_("This idea was taken back. To bring another, open the page again."))
        return Received(known, receipt, again=True)
    title, text, chosen = _checked(found, title, text, problem)
    _not_said_already(found, title, text)
    if is_full(waiting_ideas(found), WAITING_MOST):
        raise ValidationError(_("Many ideas wait to be read. Please come back in a few days."))
    made = Idea.objects.create(
        step=found, number=next_number(found), title=title, text=text, problem=chosen,
        language=language[:8] or found.consultation.language, mark=mark, state=_state(found, waiting_ideas(found)),
    )  # fmt: skip
    # The index, which is in order, learns of it with all those of the day (``indexing.look``).
    return Received(made, receipt)


def _state(step: Step, waiting: QuerySet[Any]) -> str:
    """What is added begins so. Moderated afterwards, it is shown at once while few enough wait: a robot fills the queue
    of those who read, not what people see."""
    if step.consultation.moderation != Consultation.Moderation.AFTER:
        return S.PENDING
    return S.PENDING if is_full(waiting.filter(state=S.SHOWN), SEEN_UNREAD_MOST) else S.SHOWN


def _not_said_already(step: Step, title: str, text: str, *, unread: bool = False) -> None:
    """The very same words as an idea that everyone sees: there is nothing to add. ``unread``: or that waits, for
    whoever reads those too."""
    rows = Idea.objects.filter(step=step, digest=digest_of(f"{title} {text}"))
    same = rows.filter(state__in=[S.SHOWN, S.PENDING] if unread else [S.SHOWN]).order_by("number").first()
    if same is None:
        return
    if same.state == S.PENDING:
        raise ValidationError(
            {"title": _("Idea %(n)s says it in the same words, and waits to be read.") % {"n": same.number}}
        )
    raise ValidationError(
        {"title": _("Idea %(n)s says it in the same words. You may comment on it.") % {"n": same.number}}
    )


@transaction.atomic
def bring(
    *, step: Step, title: str, text: str = "", problem: str = "", came: str, source: str, by: Any, now: dt.datetime,
    via: str = "web",
) -> Idea:  # fmt: skip
    """An idea said in a workshop or written on paper, entered by the agent: in preparation, while it is open, after.

    They are somebody's words, as those sent on line: whoever enters them is the first of the two who read them. It has
    no receipt: whoever entered it would see it, and could answer for its author. A merge takes a note of what its
    author said, by someone else than who proposes it. Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", step.consultation)
    found = locked(step)
    still_moves(found)
    if came not in {Idea.Came.WORKSHOP, Idea.Came.PAPER}:
        raise ValidationError({"came": _("Choose where it comes from.")})
    if not source.strip():
        raise ValidationError({"source": _("Say where and when, without naming anyone.")})
    title, text, chosen = _checked(found, title, text, problem)
    _not_said_already(found, title, text, unread=True)
    made = Idea.objects.create(
        step=found, number=next_number(found), title=title, text=text, problem=chosen,
        language=found.consultation.language, came=came, source=one_line(source)[:120],
        state=_state(found, waiting_ideas(found)), accept_asked_by=by,
    )  # fmt: skip
    _tell("brought", [made], by, now, via)
    if made.state == S.SHOWN:
        indexing.put([made])
    return made


@transaction.atomic
def take_back(*, consultation: Consultation, receipt: str, now: dt.datetime) -> bool:
    """Erase what an idea said, with what was said of it. At any time. False: no idea has this receipt.

    What it was merged into stays, since others agreed to it, unless it was made of nothing else any more. An option
    that nobody has chosen from yet goes with it; on an open ballot its words stay.
    """
    known = receipts.find(consultation, receipt)
    if known is None:
        return False
    step = locked(known.step)
    found = Idea.objects.get(pk=known.pk)
    found.step = step
    if found.state == S.TAKEN_BACK:
        return True
    _erase(found)
    audit.record("participation.idea_taken_back", step, by=None, alliance=consultation.alliance, via="web")
    proposed = list(MergeProposal.objects.filter(answers__idea=found).values_list("pk", flat=True))
    merging.leave(found, now=now)
    parent = found.merged_into
    while parent is not None:
        parent.step = step
        if parent.merged.exclude(state=S.TAKEN_BACK).exists():
            break
        _erase(parent)
        merging.leave(parent, now=now)
        parent = parent.merged_into
    # The words proposed for several ideas are most often theirs, put together.
    gone = Q(state=MergeProposal.State.DROPPED) | Q(result__state=S.TAKEN_BACK)
    MergeProposal.objects.filter(gone, pk__in=proposed).update(title=_("(taken back)"), text="")
    return True


def _erase(idea: Idea) -> None:
    idea.title = idea.text = idea.source = idea.note = ""
    idea.state, idea.problem, idea.checked = S.TAKEN_BACK, None, True
    idea.accept_asked_by = idea.refuse_asked_by = None
    idea.save()
    idea.comments.all().delete()
    indexing.forget([idea.pk])
    unopened = Option.objects.filter(source=idea.reference, step__state=Step.State.WAITING)
    for option in unopened.select_related("step"):
        rest = option.step
        option.delete()
        for number, row in enumerate(rest.options.order_by("number"), start=1):
            # One by one, going up: no two ever share a number.
            if row.number != number:
                Option.objects.filter(pk=row.pk).update(number=number)


# The discussion


@transaction.atomic
def comment(*, idea: Idea, text: str, language: str = "fr", now: dt.datetime) -> IdeaComment:
    """Something to say of an idea that everyone sees. Sent twice, it is there once. Errors: ``ValidationError``."""
    step = locked(idea.step)
    found = Idea.objects.get(pk=idea.pk)
    found.step = step
    if not is_open(step, now):
        raise ValidationError(_("It is closed: nothing can be added any more. Copy your words before you leave."))
    if found.state != S.SHOWN:
        raise ValidationError(_("This idea is no longer discussed."))
    plain = tidy(text)
    if not any(sign.isalpha() for sign in plain):
        raise ValidationError({"text": _("Write your comment.")})
    if wrong := too_long(plain, COMMENT_MOST):
        raise ValidationError({"text": wrong})
    same = found.comments.filter(digest=digest_of(plain)).order_by("number").first()
    if same is not None:
        return same
    if is_full(waiting_comments(step), WAITING_MOST):
        raise ValidationError(_("Many comments wait to be read. Please come back in a few days."))
    last = found.comments.aggregate(last=Max("number"))["last"] or 0
    return IdeaComment.objects.create(
        idea=found, number=last + 1, text=plain, language=language[:8] or step.consultation.language,
        state=_state(step, waiting_comments(step)),
    )  # fmt: skip


def waiting_ideas(step: Step) -> QuerySet[Idea]:
    """Ideas that two people have not read yet."""
    return Idea.objects.filter(step=step, checked=False)


def waiting_comments(step: Step) -> QuerySet[IdeaComment]:
    return IdeaComment.objects.filter(idea__step=step, checked=False)


# Moderation, the same for an idea and for a comment


def _locked_rows(consultation: Consultation, keys: Iterable[uuid.UUID]) -> list[Row]:
    """These ideas and comments under their locks, each with its step. Errors: ``ValidationError`` once it is over."""
    lock(consultation)  # as the publication does: one of the two comes first
    fresh = Consultation.objects.select_related("alliance__parent", "space").get(pk=consultation.pk)
    steps = {step.pk: step for step in Step.objects.filter(consultation=fresh, kind=Kind.IDEAS)}
    list(Step.objects.select_for_update().filter(pk__in=steps).order_by("pk"))
    for step in steps.values():
        step.consultation = fresh
        still_moves(step)
    wanted = list(keys)
    ideas = list(Idea.objects.select_for_update().filter(step_id__in=steps, pk__in=wanted).order_by("pk"))
    said: list[IdeaComment] = []
    if len(ideas) < len(wanted):
        comments = IdeaComment.objects.select_for_update(of=("self",)).filter(pk__in=wanted, idea__step_id__in=steps)
        said = list(comments.order_by("pk"))
        of = Idea.objects.in_bulk([row.idea_id for row in said])
        for row in said:
            row.idea = of[row.idea_id]
    for idea in [*ideas, *(row.idea for row in said)]:
        idea.step = steps[idea.step_id]
    in_order = sorted(said, key=lambda row: (row.idea.number, row.number))
    return [*sorted(ideas, key=lambda row: row.number), *in_order]


def _moderated(row: Row, by: Any, permission: str) -> Row:
    require(by, permission, row.step.consultation)
    [found] = _locked_rows(row.step.consultation, [row.pk])
    _alive(found)
    return found


def _alive(row: Row) -> None:
    if row.state == S.REFUSED:
        raise ValidationError(_("It is already refused."))
    if row.state not in ALIVE:
        raise ValidationError(_("It was taken back meanwhile."))


@transaction.atomic
def read_all(
    *, consultation: Consultation, rows: Mapping[uuid.UUID, str], by: Any, now: dt.datetime, via: str = "web"
) -> Outcome:
    """Say yes to what each of these proposes: to show what nobody proposed to refuse, to refuse what somebody did.

    A first yes waits for a second person; the second one, someone else, settles it. ``rows``: the signs of what the
    page showed (:attr:`ReadByTwo.sign`); what changed since is left as it is, with its reason.
    Errors: ``PermissionDenied``; ``ValidationError`` once it is over.
    """
    require(by, "participation.second", consultation)
    begins = may(by, "participation.moderate", consultation)
    outcome = Outcome()
    shown: list[Row] = []
    refused: list[Row] = []
    for one in _locked_rows(consultation, rows):
        sign = rows[one.pk]
        if refused:
            # What comes before may have changed it: the refusal of one that it was said with.
            one.refresh_from_db(fields=["state"])
        try:
            _alive(one)
            if sign and sign != one.sign:
                raise ValidationError(changed_words())
            if one.proposed == "refuse":
                refused += _refuse(one, by, now)
            elif _accept(one, by, begins=begins):
                shown.append(one)
            else:
                outcome.asked += 1
                _record("acceptance_asked", one, by, via)
        except ValidationError as error:
            outcome.leave(error.messages)
    outcome.shown, outcome.refused = len(shown), len(refused)
    indexing.put([one for one in shown if isinstance(one, Idea) and one.state == S.SHOWN])
    _tell("accepted", shown, by, now, via)
    _tell("refused", refused, by, now, via)
    return outcome


def _accept(one: Row, by: Any, *, begins: bool) -> bool:
    """The first yes, or the second; whether it was the second. Errors: ``ValidationError``."""
    if one.checked:
        raise ValidationError(_("Two people have read it already."))
    if one.accept_asked_by_id == by.pk:
        raise ValidationError(_("You have read it: another person reads it too."))
    second = one.accept_asked_by_id is not None
    if second:
        one.accepted_by, one.checked = by, True
        if one.state == S.PENDING:
            one.state = S.SHOWN
    elif not begins:
        raise ValidationError(_("It waits to be read anew by those who moderate."))
    else:
        one.accept_asked_by = by
    one.reason = one.note = ""
    one.save(update_fields=["accept_asked_by", "accepted_by", "state", "checked", "reason", "note"])
    return second


def _refuse(one: Row, by: Any, now: dt.datetime) -> list[Row]:
    """The second person of a refusal; what is refused: itself, and an idea that said it alone any more. Errors:
    ``ValidationError``.

    An idea that was in a merge proposed leaves it. Those that it said together are shown again each by itself, since
    their authors did nothing wrong; where it was itself said with others, they are said there, as they agreed too.
    """
    if one.refuse_asked_by_id == by.pk:
        raise ValidationError(_("You asked for this refusal: another person confirms it."))
    one.state, one.refused_by, one.checked = S.REFUSED, by, True
    if not isinstance(one, Idea):
        one.save(update_fields=["state", "refused_by", "checked"])
        return [one]
    parent = one.merged_into
    one.merged_into = None
    one.save(update_fields=["state", "refused_by", "checked", "merged_into"])
    indexing.forget([one.pk])
    if parent is not None:
        merging.lift(one, parent)
        merging.leave(one, now=now)
        return [one, *_left_alone(parent, one, now)]
    merging.leave(one, now=now)
    one.given_back = merging.give_back(one)
    return [one]


def _left_alone(parent: Idea | None, refused: Idea, now: dt.datetime) -> list[Row]:
    """The ideas that said nothing else than a refused one: refused with it, by the same two people."""
    found: list[Row] = []
    while parent is not None and not parent.merged.exclude(state=S.TAKEN_BACK).exists():
        above, parent.merged_into, parent.step = parent.merged_into, None, refused.step
        parent.state, parent.reason, parent.checked = S.REFUSED, refused.reason, True
        parent.accept_asked_by = parent.accepted_by = None
        parent.refuse_asked_by, parent.refused_by = refused.refuse_asked_by, refused.refused_by
        parent.save()
        indexing.forget([parent.pk])
        merging.leave(parent, now=now)
        found.append(parent)
        parent = above
    return found


def _one(found: Row, by: Any, now: dt.datetime, via: str) -> Row:
    told = read_all(consultation=found.step.consultation, rows={found.pk: ""}, by=by, now=now, via=via)
    if told.left:
        raise ValidationError(told.left)
    step = found.step
    found.refresh_from_db()
    if isinstance(found, Idea):
        found.step = step
    else:
        found.idea.step = step
    return found


@transaction.atomic
def accept(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """Read, and to be shown: the first of two people proposes it, the second shows it.

    Errors: ``PermissionDenied``; ``ValidationError`` for the same person twice, or where its refusal is asked or done.
    """
    found = _moderated(row, by, "participation.second")
    if found.proposed == "refuse":
        raise ValidationError(_("Its refusal is asked: a second person confirms it, or it is withdrawn."))
    return _one(found, by, now, via)


@transaction.atomic
def ask_refusal(*, row: Row, reason: str, note: str = "", by: Any, sign: str = "", via: str = "web") -> Row:
    """The first of the two people. Meanwhile it stays as it was: waiting, shown, or merged. Where somebody proposed to
    show it, this is the contrary, and takes its place: it then takes a second person to refuse it, not to show it.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason, or where it is asked already.
    """
    found = _moderated(row, by, "participation.moderate")
    if sign and sign != found.sign:
        raise ValidationError(changed_words())
    if reason not in Idea.Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is already asked: a second person confirms it."))
    found.refuse_asked_by, found.reason, found.checked = by, reason, False
    found.accept_asked_by = found.accepted_by = None
    found.note = one_line(note)[:300]
    found.save(update_fields=["refuse_asked_by", "accept_asked_by", "accepted_by", "reason", "note", "checked"])
    _record("refusal_asked", found, by, via, {"reason": reason})
    return found


@transaction.atomic
def put_back(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """Whoever proposed, or the second person, says no: it waits to be read anew by two. Errors: as above."""
    found = _moderated(row, by, "participation.second")
    if not found.proposed:
        return found
    act = "refusal_dropped" if found.proposed == "refuse" else "acceptance_dropped"
    found.refuse_asked_by, found.accept_asked_by, found.reason, found.note = None, None, "", ""
    found.save(update_fields=["refuse_asked_by", "accept_asked_by", "reason", "note"])
    _record(act, found, by, via)
    if isinstance(found, Idea):
        merging.stay(found, now=now)
    return found


@transaction.atomic
def confirm_refusal(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """The second person, never the one who asked; what follows is said in :func:`_refuse`.

    Errors: ``PermissionDenied``; ``ValidationError`` where nobody asked, or the same person did."""
    found = _moderated(row, by, "participation.second")
    if found.proposed != "refuse":
        raise ValidationError(_("Nobody has asked for its refusal."))
    return _one(found, by, now, via)


def is_last(idea: Idea) -> bool:
    """Whether the idea that says this one together with others says nothing else any more."""
    others = Idea.objects.filter(merged_into=idea.merged_into_id).exclude(pk=idea.pk)
    return idea.merged_into_id is not None and not others.exclude(state=S.TAKEN_BACK).exists()


def _name(row: Row) -> str:
    return "idea" if isinstance(row, Idea) else "comment"


def _record(what: str, row: Row, by: Any, via: str, after: Mapping[str, Any] | None = None) -> Any:
    numbers = {"number": row.number} | ({} if isinstance(row, Idea) else {"idea": row.idea.number})
    return audit.record(
        f"participation.{_name(row)}_{what}", row, by=by, alliance=row.step.consultation.alliance, via=via,
        after=numbers | dict(after or {}),
    )  # fmt: skip


def _tell(what: str, rows: Sequence[Row], by: Any, now: dt.datetime, via: str) -> None:
    """In the audit log one by one, in the public one together. A refused text is told nowhere: its number and its
    reason are."""
    entries = {}
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        reason = row.reason if what == "refused" else ""
        after: dict[str, Any] = {"reason": reason} if reason else {}
        if isinstance(row, Idea) and row.given_back:
            after["given_back"] = row.given_back
        entries[row.pk] = _record(what, row, by, via, after)
        of = str(row.step.pk if isinstance(row, Idea) else row.idea.pk)
        groups.setdefault((_name(row), of, reason), []).append(row)
    for (name, _of, _reason), those in groups.items():
        consultation = those[0].step.consultation
        with translation.override(LANGUAGE):
            lines = ranges(row.number for row in those)
        for line in lines:
            tell(
                alliance=consultation.alliance, kind=f"{name}-{what}", by=by, at=now, entry=entries[those[0].pk],
                label=partial(_label, those[0], line, len(those), what), reference=consultation.reference,
            )  # fmt: skip


def _label(row: Row, numbers: str, n: int, what: str) -> str:
    values = {"title": row.step.consultation.title[:120], "list": numbers}
    if isinstance(row, Idea):
        said = ngettext("%(title)s, idea %(list)s", "%(title)s, ideas %(list)s", n) % values
    else:
        words = ngettext(
            "%(title)s, comment %(list)s of idea %(idea)s", "%(title)s, comments %(list)s of idea %(idea)s", n
        )
        said = words % {**values, "idea": row.idea.number}
    return f"{said}: {Idea.Reason(row.reason).label}" if what == "refused" else said


WORDS_OF_STATES = {
    S.PENDING: gettext_lazy("Two people read it before everyone sees it."),
    S.SHOWN: gettext_lazy("Everyone sees it."),
    S.REFUSED: gettext_lazy("Two people refused it."),
    S.MERGED: gettext_lazy("It is said together with others, as you agreed."),
    S.TAKEN_BACK: gettext_lazy("It is taken back: what it said is erased."),
}
"""What its author reads with their receipt."""
