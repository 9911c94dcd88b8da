"""The agent's pages of a questionnaire: written, ordered, tried, corrected; its texts read once it is counted."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.access import may
from maillage.participation import kinds
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.questionnaires import selectors, services, structure
from maillage.participation.questionnaires.forms import CorrectForm, ExcerptForm, QuestionForm, SectionForm
from maillage.participation.questionnaires.models import Excerpt, Question, Section
from maillage.participation.vocabulary import Channel, Kind
from maillage.participation.voting.ballots import Part
from maillage.participation.voting.views.ballot import show
from maillage.participation.voting.views.common import never_kept, page_of

S = Consultation.State
EACH = 50


def _step(consultation: Consultation, key: uuid.UUID) -> Step:
    found = get_object_or_404(Step, consultation=consultation, uuid=key, kind=Kind.QUESTIONNAIRE)
    found.consultation = consultation
    return found


def _back(step: Step) -> HttpResponse:
    return redirect("participation_in:questions", step.consultation.alliance.slug, step.consultation.uuid, step.uuid)


def _context(step: Step, **more: Any) -> dict[str, Any]:
    consultation = step.consultation
    args = [consultation.alliance.slug, consultation.uuid]
    return {
        "alliance": consultation.alliance, "consultation": consultation, "step": step,
        "draft": consultation.state == S.DRAFT, "steps_url": reverse("participation_in:steps", args=args),
        "questions_url": reverse("participation_in:questions", args=[*args, step.uuid]), **more,
    }  # fmt: skip


@on_consultation("participation.run")
def questions(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The parts and their questions, in order; what may still be done to them."""
    found = _step(consultation, step)
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_section(step=found, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The part is added."))
            return _back(found)
    blocks = structure.blocks_of(found)
    by_id = {one.pk: one for one in structure.questions_in(blocks)}
    rows = [
        {
            "section": block.section,
            "questions": [
                {
                    "one": question,
                    "labels": list(structure.labels_of(question).values()),
                    "parent": by_id.get(question.depends_on_id or 0),
                    "under": [
                        structure.labels_of(by_id[question.depends_on_id])[code]
                        for code in question.depends_in
                        if question.depends_on_id in by_id
                        and code in structure.labels_of(by_id[question.depends_on_id])
                    ],
                }
                for question in block.questions
            ],
        }
        for block in blocks
    ]
    context = _context(
        found, rows=rows, form=form, count=len(by_id),
        correctable=consultation.state == S.OPEN and found.state != Step.State.CLOSED,
        has_texts=any(one.kind == Question.Kind.TEXT for one in by_id.values()),
    )  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/questionnaires/questions.html", context, status=status)


def _section(consultation: Consultation, key: uuid.UUID) -> Section:
    found = get_object_or_404(Section.objects.select_related("step"), step__consultation=consultation, uuid=key)
    found.step.consultation = consultation
    return found


@on_consultation("participation.run")
def section_edit(request: HttpRequest, consultation: Consultation, section: uuid.UUID) -> HttpResponse:
    """Change a part, or take it away."""
    found = _section(consultation, section)
    initial = {"title": found.title, "intro": found.intro, "optional": found.optional}
    form = SectionForm(request.POST or None, initial=initial)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                services.remove_section(section=found, by=request.user)
                messages.success(request, _("The part is taken away."))
                return _back(found.step)
            if form.is_valid():
                services.update_section(section=found, by=request.user, **form.cleaned_data)
                messages.success(request, _("The changes are saved."))
                return _back(found.step)
        except ValidationError as refused:
            form.is_valid()
            form.refuse(refused)
    context = _context(found.step, form=form, section=found, heading=_("Change a part"), removable=True)
    return render(request, "participation/questionnaires/edit.html", context, status=422 if form.errors else 200)


@on_consultation("participation.run")
def question_new(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Write a question."""
    found = _step(consultation, step)
    initial = {"kind": Question.Kind.ONE, "section": request.GET.get("partie", "")}
    form = QuestionForm(request.POST or None, step=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_question(section=form.cleaned_data["section"], by=request.user, **form.values())
        except ValidationError as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("The question is added."))
            return _back(found)
    context = _context(found, form=form, heading=_("Write a question"), removable=False)
    return render(request, "participation/questionnaires/edit.html", context, status=422 if form.errors else 200)


def _refuse(form: Any, refused: ValidationError) -> None:
    """A service's refusal, under the field of this form that it is about."""
    if hasattr(refused, "error_dict"):
        told = {getattr(form, "NAMES", {}).get(name, name): errors for name, errors in refused.error_dict.items()}
        refused = ValidationError(
            {(name if name in form.fields else "__all__"): errors for name, errors in told.items()}
        )
    form.refuse(refused)


def _question(consultation: Consultation, key: uuid.UUID) -> Question:
    found = get_object_or_404(
        Question.objects.select_related("section__step", "depends_on"), section__step__consultation=consultation,
        uuid=key,
    )  # fmt: skip
    found.section.step.consultation = consultation
    return found


@on_consultation("participation.run")
def question_edit(request: HttpRequest, consultation: Consultation, question: uuid.UUID) -> HttpResponse:
    """Change a question in preparation, or take it away; once open, put its wording right."""
    found = _question(consultation, question)
    step = found.section.step
    if consultation.state != S.DRAFT:
        return _correct(request, found)
    form = QuestionForm(request.POST or None, step=step, question=found, initial=QuestionForm.initial_of(found))
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                services.remove_question(question=found, by=request.user)
                messages.success(request, _("The question is taken away."))
                return _back(step)
            if form.is_valid():
                services.update_question(
                    question=found, by=request.user, section=form.cleaned_data["section"], **form.values()
                )
                messages.success(request, _("The changes are saved."))
                return _back(step)
        except ValidationError as refused:
            form.is_valid()
            _refuse(form, refused)
    context = _context(step, form=form, heading=_("Change a question"), removable=True)
    return render(request, "participation/questionnaires/edit.html", context, status=422 if form.errors else 200)


def _correct(request: HttpRequest, question: Question) -> HttpResponse:
    step = question.section.step
    if step.consultation.state != S.OPEN or step.state == Step.State.CLOSED:
        raise Http404
    form = CorrectForm(request.POST or None, question=question)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_correction(
                question=question, label=form.cleaned_data["label"], labels=form.labels(),
                why=form.cleaned_data["why"], by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            _refuse(form, refused)
        else:
            if asked is None:
                messages.success(request, _("Nothing changed."))
                return _back(step)
            messages.success(request, _("Asked. Nothing changes until a second person confirms."))
            return redirect("participation_in:asked", step.consultation.alliance.slug, step.consultation.uuid)
    context = _context(
        step, form=form, heading=_("Put a wording right"), removable=False,
        warning=_(
            "People have already answered it: correct a mistake, never what is asked. You ask, another person confirms."
        ),
    )  # fmt: skip
    return render(request, "participation/questionnaires/edit.html", context, status=422 if form.errors else 200)


@require_POST
@on_consultation("participation.run")
def question_move(request: HttpRequest, consultation: Consultation, row: uuid.UUID) -> HttpResponse:
    """Put a question, or a part, before or after its neighbour."""
    section = Section.objects.filter(step__consultation=consultation, uuid=row).first()
    found: Section | Question = _section(consultation, row) if section is not None else _question(consultation, row)
    step = found.step if isinstance(found, Section) else found.section.step
    try:
        services.move(row=found, up=request.POST.get("vers") == "haut", by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("The order is changed."))
    return _back(step)


@on_consultation("participation.run")
def questions_preview(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The questionnaire as people see it: nothing is sent from here."""
    found = _step(consultation, step)
    request.alliance = consultation.alliance  # type: ignore[attr-defined]
    page = page_of(request, consultation) | {"channel": Channel.ONLINE, "action": request.path}
    part = Part(found, kinds.of(found), kinds.field_prefix(found))
    return never_kept(show(request, page, [part], [], sendable=False))


@on_consultation("participation.run")
def question_texts(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The text answers, once counted: read by the team, a passage chosen by one person and agreed by another."""
    found = _step(consultation, step)
    texts = selectors.texts_of(found)
    form = ExcerptForm(request.POST or None, step=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_excerpt(by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("The passage is chosen. Another person agrees before it is shown."))
            return redirect(request.path)
    rows = [
        (one, text)
        for one in structure.questions_of(found)
        for text in texts.get(structure.key_of(one), [])
    ]  # fmt: skip
    page = Paginator(rows, EACH).get_page(request.GET.get("page"))
    context = _context(found, form=form if rows else None, page=page, counted=bool(texts), **_excerpts(request, found))
    status = 422 if form.is_bound and form.errors else 200
    return never_kept(render(request, "participation/questionnaires/texts.html", context, status=status))


def _excerpts(request: HttpRequest, step: Step) -> dict[str, Any]:
    rows = Excerpt.objects.filter(question__section__step=step).select_related("question").order_by("agreed", "pk")
    return {"excerpts": list(rows[:200]), "me": request.user.pk}


@on_consultation("participation.second")
def excerpts(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The passages chosen, for the second person: agree, or take away."""
    found = _step(consultation, step)
    if request.method == "POST":
        excerpt = get_object_or_404(
            Excerpt.objects.select_related("question__section__step"), question__section__step=found,
            uuid=_uuid(request.POST.get("passage", "")),
        )  # fmt: skip
        excerpt.question.section.step.consultation = consultation
        try:
            if request.POST.get("act") == "drop":
                services.drop_excerpt(excerpt=excerpt, by=request.user)
                messages.success(request, _("The passage is not shown."))
            else:
                services.agree_excerpt(excerpt=excerpt, by=request.user, now=timezone.now())
                messages.success(request, _("The passage is shown with the results."))
        except (ValidationError, PermissionDenied) as refused:
            say(
                request, refused if isinstance(refused, ValidationError) else ValidationError(_("You may not do this."))
            )
        return redirect(request.path)
    context = _context(found, runs=may(request.user, "participation.run", consultation), **_excerpts(request, found))
    return render(request, "participation/questionnaires/excerpts.html", context)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
