"""The pages of those who prepare and moderate ideas: read, refuse by two, bring, merge, put to a choice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.access import may
from maillage.participation import reading
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.selectors import others_who_second
from maillage.participation.consultations.views.common import on_consultation, say, say_outcome
from maillage.participation.ideas import choosing, merging, selectors, services
from maillage.participation.ideas.forms import BringForm, ChooseForm, MergeForm, NoteForm, ProblemForm, RefuseForm
from maillage.participation.ideas.ground import is_open
from maillage.participation.ideas.models import Idea, IdeaComment, MergeAnswer, MergeProposal, NamedProblem
from maillage.participation.vocabulary import Access
from maillage.participation.voting.views.common import never_kept

C = Consultation.State
S = Idea.State
EACH = 25
COMMENTS = "commentaires"
DELAY = dt.timedelta(days=14)
"""What is proposed to leave to authors."""


def _url(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"participation_in:{name}", args=[consultation.alliance.slug, consultation.uuid, *more])


def _context(request: HttpRequest, consultation: Consultation, **more: Any) -> dict[str, Any]:
    runs = may(request.user, "participation.run", consultation)
    return {
        "alliance": consultation.alliance, "consultation": consultation, "runs": runs,
        "back_url": _url("steps", consultation) if runs else consultation.get_absolute_url(),
        "list_url": _url("ideas", consultation), "merges_url": _url("idea_merges", consultation),
        "draft": consultation.state == C.DRAFT, "over": consultation.state in {C.PUBLISHED, C.CANCELLED}, **more,
    }  # fmt: skip


# Moderation


@on_consultation("participation.read_ideas")
def ideas(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Ideas, or comments: what waits first, found by words or number; what may be done with those ticked."""
    steps = selectors.steps_in(consultation)
    on_comments = request.GET.get("quoi") == COMMENTS
    text = request.GET.get("q", "")[:200].strip()
    of_ideas = selectors.counts(Idea.objects.filter(step__consultation=consultation), request.user)
    of_comments = selectors.counts(IdeaComment.objects.filter(idea__step__consultation=consultation), request.user)
    counts = of_comments if on_comments else of_ideas
    view = reading.view_asked(request.GET.get("voir", ""), counts)
    found: Any = selectors.comment_queue(consultation, view, request.user)
    if not on_comments:
        found = selectors.queue(consultation, view, request.user, text)
    page = Paginator(found, EACH).get_page(request.GET.get("page"))
    rows = []
    for row in page:
        (row.idea if on_comments else row).step.consultation = consultation
        rows.append({"one": row, "mine": row.proposed_by_id == request.user.pk})
    context = _context(
        request, consultation, page=page, rows=rows, text=text, comments=on_comments, several=len(steps) > 1,
        counts=counts, of_ideas=of_ideas, of_comments=of_comments, view=view,
        own=urlencode({"quoi": COMMENTS} if on_comments else {"q": text} if text else {}),
        steps=[_step_told(step) for step in steps], ticked=request.GET.get("cocher") == "1",
        moderates=may(request.user, "participation.moderate", consultation),
        seconds=may(request.user, "participation.second", consultation),
    )  # fmt: skip
    reads = not context["over"]
    context |= {
        "own": context["own"] and f"{context['own']}&",
        "ticks": reads and {reading.READ: context["moderates"], reading.CONFIRM: context["seconds"]}.get(view, False),
        "alone": reads and context["seconds"] and not others_who_second(consultation, request.user),
    }
    return never_kept(render(request, "participation/ideas/ideas.html", context))


def _step_told(step: Step) -> dict[str, Any]:
    consultation = step.consultation
    moves = consultation.state not in {C.PUBLISHED, C.CANCELLED}
    return {
        "step": step, "moves": moves,
        "problems": step.problems.count(),
        "problems_url": _url("idea_problems", consultation, step.uuid),
        "bring_url": _url("idea_bring", consultation, step.uuid),
        "merge_url": _url("idea_merge_new", consultation, step.uuid),
        "choose_url": _url("idea_choose", consultation, step.uuid),
        "public_url": _url("solutions", consultation, step.uuid) if step.state != Step.State.WAITING else "",
    }  # fmt: skip


def _rows(consultation: Consultation, keys: Mapping[uuid.UUID, str]) -> list[services.Row]:
    """The ideas or comments that have these keys, in their order."""
    of_ideas = Idea.objects.filter(step__consultation=consultation, pk__in=keys).select_related("step", "merged_into")
    found: dict[uuid.UUID, services.Row] = {row.pk: row for row in of_ideas}
    if len(found) < len(keys):
        of_comments = IdeaComment.objects.filter(idea__step__consultation=consultation, pk__in=keys)
        found |= {row.pk: row for row in of_comments.select_related("idea__step")}
    for row in found.values():
        row.step.consultation = consultation
    return [found[key] for key in keys if key in found]


def _back(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Where the moderator was: the tab, the words looked for, the page."""
    kept = {name: request.POST.get(name, "") for name in ("voir", "quoi", "q", "page")}
    query = urlencode({name: value for name, value in kept.items() if value})
    address = _url("ideas", consultation)
    return redirect(f"{address}?{query}" if query else address)


ACTS = {"yes", "back", "refuse", "merge", "choose"}


@require_POST
@on_consultation("participation.second")
def moderate(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """One row by its own button (``back=<key>``), or those ticked (``act=yes``), each as the page showed it."""
    act, sent = request.POST.get("act", ""), request.POST.getlist("un")
    for name in ACTS:
        if name in request.POST:
            act, sent = name, [request.POST[name]]
    keys = reading.read_keys(sent)
    rows = _rows(consultation, keys)
    if act not in ACTS or not rows:
        messages.error(request, _("Tick at least one, then choose what to do."))
        return _back(request, consultation)
    if act == "refuse":
        kept = [(name, request.POST.get(name, "")) for name in ("quoi", "voir")]
        query = urlencode([("un", f"{key}.{sign}") for key, sign in keys.items()] + kept)
        return redirect(f"{_url('idea_refuse', consultation)}?{query}")
    if act in {"merge", "choose"}:
        chosen = [row for row in rows if isinstance(row, Idea) and row.step_id == rows[0].step.pk]
        name = "idea_merge_new" if act == "merge" else "idea_choose"
        numbers = merging.said(row.number for row in chosen)
        return redirect(f"{_url(name, consultation, rows[0].step.uuid)}?{urlencode({'numeros': numbers})}")
    try:
        if act == "yes":
            told = services.read_all(consultation=consultation, rows=keys, by=request.user, now=timezone.now())
        else:
            told = reading.Outcome(back=len(rows))
            for row in rows:
                services.put_back(row=row, by=request.user, now=timezone.now())
    except ValidationError as refused:
        say(request, refused)
    else:
        say_outcome(request, told)
    return _back(request, consultation)


@on_consultation("participation.moderate")
def refuse(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Say why, for one or for several; a second person then confirms."""
    keys = reading.read_keys((request.POST if request.method == "POST" else request.GET).getlist("un"))
    rows = _rows(consultation, keys)
    if not rows:
        raise Http404
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                # All of them or none: sent again, none is « already asked ».
                for row in rows:
                    services.ask_refusal(row=row, by=request.user, sign=keys[row.pk], **form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The refusal is asked. Another person confirms it."))
            return _back(request, consultation)
    context = _context(
        request, consultation, form=form, what=request.POST.get("quoi", request.GET.get("quoi", "")),
        view=request.POST.get("voir", request.GET.get("voir", "")),
        rows=[
            {
                "one": row, "text": _text(row), "into": row.merged_into if isinstance(row, Idea) else None,
                "last": isinstance(row, Idea) and services.is_last(row),
            }
            for row in rows
        ],
    )  # fmt: skip
    return never_kept(
        render(
            request, "participation/ideas/refuse.html", context, status=422 if form.is_bound and form.errors else 200
        )
    )


def _text(row: services.Row) -> str:
    return row.title if isinstance(row, Idea) else row.text


# Preparing and bringing


@on_consultation("participation.run")
def problems(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The problems that ideas answer: named in preparation."""
    found = selectors.step_in(consultation, step)
    form = ProblemForm(request.POST if request.POST.get("act") == "add" else None)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                services.remove_problem(problem=_problem(found, request.POST.get("problem", "")), by=request.user)
            elif form.is_valid():
                services.add_problem(step=found, by=request.user, **form.cleaned_data)
            if not form.is_bound or form.is_valid():
                messages.success(request, _("The list of problems is changed."))
                return redirect(request.path)
        except ValidationError as refused:
            if not form.is_bound:
                say(request, refused)
                return redirect(request.path)
            form.refuse(refused)
    rows = list(found.problems.annotate(n=Count("ideas")).order_by("position", "pk"))
    context = _context(request, consultation, step=found, form=form, problems=rows)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/ideas/problems.html", context, status=status)


def _problem(step: Step, key: str) -> NamedProblem:
    try:
        found = get_object_or_404(NamedProblem, step=step, uuid=uuid.UUID(key))
    except ValueError:
        raise Http404 from None
    found.step = step
    return found


@on_consultation("participation.run")
def bring(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """An idea said in a workshop or written on paper, in the words of its author."""
    found = selectors.step_in(consultation, step)
    only = found.problems.values_list("uuid", flat=True)[:2]
    initial = {"came": Idea.Came.WORKSHOP, "problem": str(only[0]) if len(only) == 1 else ""}
    # One workshop brings several ideas: where it was said stays written.
    initial |= {name: request.GET[name] for name in ("came", "source") if name in request.GET}
    form = BringForm(request.POST or None, step=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.bring(step=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Idea %(n)s is entered. You may enter another one.") % {"n": made.number})
            kept = urlencode({name: form.cleaned_data[name] for name in ("came", "source")})
            return redirect(f"{request.path}?{kept}")
    by_oneself = is_open(found, timezone.now()) and consultation.access != Access.SITE
    context = _context(
        request, consultation, step=found, form=form,
        public_url=_url("idea_propose", consultation, found.uuid) if by_oneself else "",
    )  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return never_kept(render(request, "participation/ideas/bring.html", context, status=status))


# Merging


@on_consultation("participation.read_ideas")
def merges(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The merges proposed: whose answers wait, what was done, what was dropped."""
    steps = selectors.steps_in(consultation)
    rows = MergeProposal.objects.filter(step__consultation=consultation).select_related("step", "result")
    counted = rows.annotate(
        total=Count("answers"), yes=Count("answers", filter=Q(answers__agreed=True)),
        no=Count("answers", filter=Q(answers__agreed=False)),
    )  # fmt: skip
    page = Paginator(counted.order_by("state", "-pk"), EACH).get_page(request.GET.get("page"))
    for row in page:
        row.step.consultation = consultation
        if row.result is not None:
            row.result.step = row.step
    context = _context(request, consultation, page=page, steps=[_step_told(step) for step in steps])
    return never_kept(render(request, "participation/ideas/merges.html", context))


@on_consultation("participation.run")
def merge_new(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Choose ideas, write the words that would say them all, leave their authors the time to answer."""
    found = selectors.step_in(consultation, step)
    asked = request.POST.get("numbers", request.GET.get("numeros", ""))
    chosen = selectors.by_numbers(found, selectors.numbers_in(asked)[: merging.MOST])
    today = consultation.alliance.today()
    initial = {
        "numbers": asked, "answers_until": today + DELAY,
        "text": "\n\n".join(row.text or row.title for row in chosen)[:2000],
        "problem": str(chosen[0].problem.uuid) if chosen and chosen[0].problem else "",
    }  # fmt: skip
    form = MergeForm(request.POST if "title" in request.POST else None, step=found, initial=initial)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            made = merging.propose_merge(
                step=found, ideas=selectors.by_numbers(found, values["numbers"]), title=values["title"],
                text=values["text"], answers_until=values["answers_until"], by=request.user, now=timezone.now(),
                problem=_problem(found, values["problem"]) if values["problem"] else None,
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The merge is proposed. Their authors answer with their receipt."))
            return redirect(_url("idea_merge", consultation, made.uuid))
    context = _context(request, consultation, step=found, form=form, chosen=chosen)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/ideas/merge_new.html", context, status=status)


@on_consultation("participation.read_ideas")
def merge(request: HttpRequest, consultation: Consultation, merge: uuid.UUID) -> HttpResponse:
    """One proposal: who answered; what an author without receipt said, written down by another person; dropped."""
    found = get_object_or_404(
        MergeProposal.objects.select_related("step", "result"), step__consultation=consultation, uuid=merge
    )
    found.step.consultation = consultation
    if found.result is not None:
        found.result.step = found.step
    form, noted = NoteForm(), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "drop":
                merging.drop(merge=found, by=request.user, now=timezone.now())
                messages.success(request, _("The merge is dropped: every idea stays as it is."))
                return redirect(request.path)
            form, noted = NoteForm(request.POST), request.POST.get("answer", "")
            key = int(noted) if noted.isascii() and noted.isdigit() and len(noted) < 12 else 0
            row = get_object_or_404(MergeAnswer, merge=found, pk=key)
            row.merge = found
            form.is_valid()
            merging.note_answer(
                row=row, agreed=request.POST.get("act") == "agree", note=request.POST.get("note", ""),
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            if not form.is_bound:
                say(request, refused)
                return redirect(request.path)
            form.refuse(refused)
        else:
            messages.success(request, _("What the author said is written down."))
            return redirect(request.path)
    answers = list(found.answers.select_related("idea").order_by("idea__number"))
    for row in answers:
        row.idea.step = found.step
    context = _context(
        request, consultation, merge=found, answers=answers, form=form, noted=noted,
        asked=found.state == MergeProposal.State.ASKED, proposed=found.proposed_by_id == request.user.pk,
        seconds=may(request.user, "participation.second", consultation),
        waited=sum(row.agreed is None for row in answers),
    )  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return never_kept(render(request, "participation/ideas/merge.html", context, status=status))


# Having people choose


@on_consultation("participation.run")
def choose(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Put ideas to a choice: in a step that waits, a new step, or a new consultation in preparation."""
    found = selectors.step_in(consultation, step)
    asked = request.POST.get("numbers", request.GET.get("numeros"))
    if asked is None:
        # All of them, where they are few enough for a ballot.
        shown = found.ideas.filter(state=S.SHOWN).order_by("number").values_list("number", flat=True)
        asked = merging.said(shown[: choosing.MOST + 1]) if shown.count() <= choosing.MOST else ""
    chosen = selectors.by_numbers(found, selectors.numbers_in(asked)[: choosing.MOST])
    here = consultation.state in {C.DRAFT, C.OPEN}
    initial = {"numbers": asked, "method": "grades", "title": _("Which solutions come first?")}
    bound = request.POST if "where" in request.POST else None
    form = ChooseForm(bound, step=found, here=here, initial=initial)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        where, numbers = values.pop("where"), values.pop("numbers")
        into = next((row for row in choosing.receiving(found) if str(row.uuid) == where), None)
        why, ideas = values.pop("why", ""), selectors.by_numbers(found, numbers)
        common: dict[str, Any] = {"step": found, "ideas": ideas, "by": request.user, "now": timezone.now(), **values}
        try:
            if consultation.state == C.OPEN and where != "new":
                choosing.ask_choice(**common, into=into, why=why)
                messages.success(request, _("Asked. Nothing changes until a second person confirms."))
                return redirect(_url("asked", consultation))
            made = choosing.choose(**common, into=into, new=where == "new")
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The ideas are options now. Check the step."))
            return redirect(_url("steps", made.consultation))
    context = _context(request, consultation, step=found, form=form, chosen=chosen)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/ideas/choose.html", context, status=status)
