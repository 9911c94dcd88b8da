"""Opening, closing, cancelling, publishing. Each says what will happen, then posts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.access import may
from maillage.participation.consultations import asking, explain, lifecycle, services, taking_away
from maillage.participation.consultations.forms import ReasonForm
from maillage.participation.consultations.models import Asked, Consultation
from maillage.participation.consultations.selectors import steps_of
from maillage.participation.consultations.views.by_two import to_asked
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.consultations.views.prepare import step_context, steps_url
from maillage.participation.results.limits import to_come
from maillage.participation.vocabulary import Kind

S = Consultation.State


@on_consultation("participation.run")
def consultation_open(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """What people will read, what can no longer be changed; then open."""
    now = timezone.now()
    if request.method == "POST":
        try:
            lifecycle.open_consultation(consultation=consultation, by=request.user, now=now)
        except ValidationError as refused:
            say(request, refused)
            return redirect(steps_url(consultation))
        messages.success(request, _("The consultation is open."))
        return redirect(steps_url(consultation))
    if consultation.state != S.DRAFT:
        return redirect(steps_url(consultation))
    rows = steps_of(consultation)
    context = step_context(consultation) | {
        "missing": lifecycle.what_is_missing(consultation, now),
        "rules": [
            {"step": row, "does": explain.BALLOTS[row.method], "rule": explain.RULES[row.counting]}
            for row in rows if row.kind == Kind.PRIORITIES
        ],
        "protects": explain.PROTECTS[consultation.access],
    }  # fmt: skip
    return render(request, "participation/consultations/open.html", context)


@on_consultation("participation.run")
def consultation_close(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Close it, its hour past; before, ask it of a second person, with the reason, which is published."""
    now = timezone.now()
    if consultation.state != S.OPEN and request.method != "POST":
        return redirect(steps_url(consultation))
    early = lifecycle.is_early(consultation, now)
    form = ReasonForm(request.POST or None, required=early)
    if request.method == "POST" and form.is_valid():
        try:
            if early and consultation.state == S.OPEN:
                lifecycle.ask_close(consultation=consultation, why=form.cleaned_data["why"], by=request.user, now=now)
                return to_asked(request, consultation)
            lifecycle.close_consultation(consultation=consultation, by=request.user, now=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The consultation is closed. The ballots are being counted."))
            return redirect(steps_url(consultation))
    context = step_context(consultation) | {
        "form": form, "early": early, "waits": asking.waiting_for(consultation, Asked.Kind.CLOSE),
    }  # fmt: skip
    return render(
        request, "participation/consultations/close.html", context, status=422 if form.is_bound and form.errors else 200
    )


@on_consultation("participation.second")
def consultation_cancel(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Stop it for good, by two people, with the reason; one that was never opened is thrown away."""
    form, act = ReasonForm(request.POST if request.POST.get("acte") == "demander" else None), request.POST.get("acte")
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            return _cancel(request, consultation, form, act)
        except ValidationError as refused:
            if not form.is_bound:
                say(request, refused)
                return redirect("participation_in:consultation_cancel", consultation.alliance.slug, consultation.uuid)
            form.refuse(refused)
    if consultation.state in {S.CANCELLED, S.PUBLISHED} and not form.is_bound:
        return redirect(consultation)
    asked_by = consultation.cancel_asked_by_id
    context = step_context(consultation) | {
        "form": form, "asked": asked_by is not None, "mine": asked_by is not None and asked_by == request.user.pk,
        "may_run": may(request.user, "participation.run", consultation),
    }  # fmt: skip
    return render(
        request, "participation/consultations/cancel.html", context,
        status=422 if form.is_bound and form.errors else 200,
    )  # fmt: skip


def _cancel(request: HttpRequest, consultation: Consultation, form: ReasonForm, act: str | None) -> HttpResponse:
    by, now = request.user, timezone.now()
    if consultation.state == S.DRAFT:
        services.delete_consultation(consultation=consultation, by=by)
        messages.success(request, _("The consultation is thrown away."))
        return redirect("participation_in:consultations", consultation.alliance.slug)
    if act == "demander":
        lifecycle.ask_cancel(consultation=consultation, why=form.cleaned_data["why"], by=by, now=now)
        messages.success(request, _("Asked. It goes on until a second person confirms."))
    elif act == "reprendre":
        lifecycle.drop_cancel(consultation=consultation, by=by, now=now)
        messages.success(request, _("Nobody asks any more that it be cancelled."))
    else:
        lifecycle.cancel_consultation(consultation=consultation, by=by, now=now)
        messages.success(request, _("The consultation is cancelled. Its page says why."))
        return redirect(consultation)
    return redirect("participation_in:consultation_cancel", consultation.alliance.slug, consultation.uuid)


@on_consultation("participation.second")
def consultation_publish(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Results are published by two people: one asks, another one publishes."""
    if request.method == "POST":
        return _publish(request, consultation)
    asked_by = consultation.publish_asked_by_id
    context = step_context(consultation) | {
        "waiting": lifecycle.not_counted(consultation),
        "late": to_come(consultation),
        "asked": asked_by is not None,
        "mine": asked_by is not None and asked_by == request.user.pk,
        "may_run": may(request.user, "participation.run", consultation),
        "may_see": may(request.user, "participation.view_results", consultation),
        "closed": consultation.state == S.CLOSED,
        "published": consultation.state == S.PUBLISHED,
    }
    return render(request, "participation/consultations/publish.html", context)


def _publish(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    now, act = timezone.now(), request.POST.get("acte", "")
    try:
        if act == "demander":
            lifecycle.ask_publication(consultation=consultation, by=request.user, now=now)
            messages.success(request, _("Asked. A second person now publishes the results."))
        elif act == "reprendre":
            lifecycle.drop_publication(consultation=consultation, by=request.user, now=now)
            messages.success(request, _("The publication is no longer asked."))
        else:
            lifecycle.publish_results(consultation=consultation, by=request.user, now=now)
            messages.success(request, _("The results are published."))
    except ValidationError as refused:
        say(request, refused)
    return redirect("participation_in:consultation_publish", consultation.alliance.slug, consultation.uuid)


@on_consultation("participation.run")
def consultation_export(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """What the archive holds; sent, it is downloaded, and the log says who took it."""
    if request.method == "POST":
        name, data = taking_away.archive(consultation=consultation, by=request.user, now=timezone.now())
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(data, content_type="application/zip", headers=headers)
    held = [{"name": f"{table.name}.csv", "title": table.title} for table in taking_away.tables(consultation)]
    context = step_context(consultation) | {"held": held, "published": consultation.state == S.PUBLISHED}
    return render(request, "participation/consultations/export.html", context)
