"""The agent's side: the consultation, its steps and its options, until it opens."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.forms import capital
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.participation.consultations import asking, explain, lifecycle, services, setup
from maillage.participation.consultations.forms import START, ConsultationForm, OptionForm, ReasonForm, StepForm
from maillage.participation.consultations.models import Asked, Consultation, Option, Step
from maillage.participation.consultations.selectors import action_words, standing, steps_of
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.vocabulary import Kind, Method

S = Consultation.State


def steps_url(consultation: Consultation) -> str:
    return reverse("participation_in:steps", args=[consultation.alliance.slug, consultation.uuid])


@in_alliance("participation.run")
def consultation_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Begin a consultation: it stays in preparation until it is opened."""
    form = ConsultationForm(request.POST or None, alliance=alliance, viewer=request.user, initial=START)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_consultation(alliance=alliance, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The consultation is in preparation. Now say what is asked, step by step."))
            return redirect(steps_url(made))
    return _form(request, alliance, form, None)


def _form(
    request: HttpRequest, alliance: Alliance, form: ConsultationForm, consultation: Consultation | None
) -> HttpResponse:
    context = {"alliance": alliance, "form": form, "consultation": consultation}
    return render(
        request, "participation/consultations/form.html", context, status=422 if form.is_bound and form.errors else 200
    )


@on_consultation("participation.run")
def consultation_edit(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Change its words and its dates; once open, only what may still move."""
    form = ConsultationForm(
        request.POST or None, alliance=consultation.alliance, viewer=request.user, consultation=consultation,
        initial=ConsultationForm.initial_of(consultation),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.update_consultation(consultation=consultation, changes=form.cleaned_data, by=request.user)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(steps_url(consultation))
    return _form(request, consultation.alliance, form, consultation)


@on_consultation("participation.run")
def steps(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """What is asked, who may answer, what is missing, and what to do next: the agent's page of a consultation."""
    now = timezone.now()
    rows = steps_of(consultation)
    shown = []
    for number, row in enumerate(rows, start=1):
        label, url = setup.page_of(row)
        shown.append(
            {
                "step": row, "number": number, "setup_label": label, "setup_url": url, "first": number == 1,
                "last": number == len(rows), "options": list(row.options.all()),
                "rule": explain.RULES.get(row.counting, ""), "does": explain.KINDS[row.kind],
                "is_priorities": row.kind == Kind.PRIORITIES, "is_budget": row.method == Method.BUDGET,
            }
        )  # fmt: skip
    context = {
        "alliance": consultation.alliance,
        "consultation": consultation,
        "standing": standing(consultation, now),
        "action": action_words(consultation),
        "steps": shown,
        "missing": lifecycle.what_is_missing(consultation, now) if consultation.state == S.DRAFT else [],
        "kinds": [(code, capital(str(Kind(code).label)), words) for code, words in explain.KINDS.items()],
        "tools": [
            {"label": tool.label, "url": url, "detail": tool.detail}
            for tool in setup.tools if (url := tool.url(consultation))
        ],
        "short_url": request.build_absolute_uri(reverse("participation:short", args=[consultation.short])),
        "protects": explain.PROTECTS[consultation.access],
        "now": now,
        "waiting": lifecycle.not_counted(consultation) if consultation.state == S.CLOSED else [],
        "asked": [asking.tell(row, request.user) for row in _asked(consultation)],
        "any_asked": consultation.state != S.DRAFT and consultation.asked.exists(),
    }  # fmt: skip
    return render(request, "participation/consultations/steps.html", context)


def _asked(consultation: Consultation) -> list[Asked]:
    rows = list(asking.live(consultation).order_by("pk"))
    for row in rows:
        row.consultation = consultation
    return rows


def _step(consultation: Consultation, key: uuid.UUID) -> Step:
    found = get_object_or_404(Step, consultation=consultation, uuid=key)
    found.consultation = consultation
    return found


@on_consultation("participation.run")
def step_new(request: HttpRequest, consultation: Consultation, kind: str) -> HttpResponse:
    """Add a step of this kind."""
    if kind not in Kind.values:
        raise Http404
    initial = {"rule": "grades:judgment", "score_most": 5, "ties": "cost", "seed": "0"}
    form = StepForm(request.POST or None, consultation=consultation, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_step(consultation=consultation, kind=kind, by=request.user, **form.values())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            if kind == Kind.PRIORITIES:
                messages.success(request, _("The step is added. Now give the options to choose from."))
                return redirect("participation_in:step_edit", consultation.alliance.slug, consultation.uuid, made.uuid)
            messages.success(request, _("The step is added."))
            return redirect(steps_url(consultation))
    return _step_form(request, consultation, form, kind, None)


def _step_form(
    request: HttpRequest, consultation: Consultation, form: StepForm | None, kind: str, step: Step | None
) -> HttpResponse:
    label, url = setup.page_of(step) if step is not None else ("", "")
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "form": form, "step": step,
        "kind": capital(str(Kind(kind).label)), "kind_words": explain.KINDS[kind],
        "is_priorities": kind == Kind.PRIORITIES, "setup_label": label, "setup_url": url,
        "options": list(step.options.select_related("picture").order_by("number", "pk")) if step else [],
        "asked": set(asking.live(consultation).values_list("subject", flat=True)) if step else set(),
        "steps_url": steps_url(consultation), "draft": consultation.state == S.DRAFT,
        "rule": explain.RULES.get(step.counting, "") if step else "",
    }  # fmt: skip
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "participation/consultations/step.html", context, status=status)


@on_consultation("participation.run")
def step_edit(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """A step and its options; once open, it is only read, and its options may be withdrawn."""
    found = _step(consultation, step)
    if consultation.state != S.DRAFT:
        return _step_form(request, consultation, None, found.kind, found)
    form = StepForm(
        request.POST or None, consultation=consultation, kind=found.kind, step=found, initial=StepForm.initial_of(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_step(step=found, changes=form.values(), by=request.user)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(steps_url(consultation))
    return _step_form(request, consultation, form, found.kind, found)


@require_POST
@on_consultation("participation.run")
def step_move(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Put a step before, or after, its neighbour."""
    found = _step(consultation, step)
    try:
        services.move_step(step=found, up=request.POST.get("vers") == "haut", by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("The order is changed."))
    return redirect(steps_url(consultation))


@require_POST
@on_consultation("participation.run")
def step_remove(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Take a step away."""
    try:
        services.remove_step(step=_step(consultation, step), by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("The step is taken away."))
    return redirect(steps_url(consultation))


def _option_page(
    request: HttpRequest, step: Step, form: OptionForm, option: Option | None, reason: ReasonForm | None = None
) -> HttpResponse:
    refused = (form.is_bound and form.errors) or (reason is not None and reason.is_bound and reason.errors)
    context = {
        "alliance": step.consultation.alliance, "consultation": step.consultation, "step": step, "form": form,
        "option": option, "reason": reason, "draft": step.consultation.state == S.DRAFT,
        "steps_url": steps_url(step.consultation),
        "waits": asking.waiting_for(step.consultation, Asked.Kind.WITHDRAW, str(option.uuid)) if reason and option
        else None,
    }  # fmt: skip
    return render(request, "participation/consultations/option.html", context, status=422 if refused else 200)


@on_consultation("participation.run")
def option_new(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Add an option to choose from."""
    found = _step(consultation, step)
    form = OptionForm(request.POST or None, request.FILES or None, step=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_option(step=found, by=request.user, picture=form.file(), **form.values())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The option is added."))
            name = "option_new" if request.POST.get("encore") else "step_edit"
            return redirect(f"participation_in:{name}", consultation.alliance.slug, consultation.uuid, found.uuid)
    return _option_page(request, found, form, None)


def _option(consultation: Consultation, key: uuid.UUID) -> Option:
    found = get_object_or_404(
        Option.objects.select_related("step", "picture"), step__consultation=consultation, uuid=key
    )
    found.step.consultation = consultation
    return found


@on_consultation("participation.run")
def option_edit(request: HttpRequest, consultation: Consultation, option: uuid.UUID) -> HttpResponse:
    """Change an option; once open, only ask that it be withdrawn, with the reason that people read."""
    found = _option(consultation, option)
    if consultation.state != S.DRAFT:
        return _option_page(request, found.step, OptionForm(step=found.step, option=found), found, ReasonForm())
    form = OptionForm(
        request.POST or None, request.FILES or None, step=found.step, option=found,
        initial=OptionForm.initial_of(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.update_option(
                option=found, changes=form.values(), by=request.user, picture=form.file(),
                drop_picture=form.cleaned_data.get("drop_picture", False),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(
                "participation_in:step_edit", consultation.alliance.slug, consultation.uuid, found.step.uuid
            )
    return _option_page(request, found.step, form, found)


@require_POST
@on_consultation("participation.run")
def option_withdraw(request: HttpRequest, consultation: Consultation, option: uuid.UUID) -> HttpResponse:
    """Take an option away: gone in preparation; once open, ask it of a second person, with the reason."""
    found = _option(consultation, option)
    step = found.step
    if consultation.state == S.DRAFT:
        try:
            services.remove_option(option=found, by=request.user)
        except ValidationError as refused:
            say(request, refused)
        else:
            messages.success(request, _("The option is taken away."))
        return redirect("participation_in:step_edit", consultation.alliance.slug, consultation.uuid, step.uuid)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.ask_withdrawal(option=found, why=form.cleaned_data["why"], by=request.user, now=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Asked. It stays on the ballot until a second person confirms."))
            return redirect("participation_in:asked", consultation.alliance.slug, consultation.uuid)
    return _option_page(request, step, OptionForm(step=step, option=found), found, form)


def step_context(consultation: Consultation) -> dict[str, Any]:
    """What every page under « prepare » shows of the consultation."""
    return {
        "alliance": consultation.alliance,
        "consultation": consultation,
        "steps_url": steps_url(consultation),
        "draft": consultation.state == S.DRAFT,
    }
