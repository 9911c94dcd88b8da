"""The public page of statements and groups; the page of whoever prepares and moderates them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation import reading
from maillage.participation import words as texts
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.selectors import others_who_second
from maillage.participation.consultations.views.common import say_outcome
from maillage.participation.opinions import selectors, services, showing, similar
from maillage.participation.opinions.forms import ProposeForm, RefuseForm, StatementsForm, TextForm
from maillage.participation.opinions.models import Statement
from maillage.participation.vocabulary import Kind
from maillage.participation.voting.ballots import needs_code
from maillage.participation.voting.limits import Turnstile, network_address
from maillage.participation.voting.views.common import code_trouble, from_elsewhere, never_kept
from maillage.participation.voting.words import TEXTS

View = Callable[..., HttpResponse]
EACH = 25
sentences = Turnstile(30)
"""Statements that one network address may add in ten minutes: a room of people behind one network fits."""


# Everyone


def _public_step(request: HttpRequest, alliance: Alliance, key: uuid.UUID, position: int) -> Step | HttpResponse:
    step = selectors.step_of(alliance, key, position)
    if step is None or not may(request.user, "participation.view", step.consultation):
        if step is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    return step


def _is_open(step: Step) -> bool:
    end = step.closes_at or step.consultation.closes_at
    return (
        step.consultation.state == Consultation.State.OPEN
        and step.state == Step.State.OPEN
        and (end is None or timezone.now() < end)
    )


@in_alliance("alliances.view")
def opinions(request: HttpRequest, alliance: Alliance, key: uuid.UUID, position: int) -> HttpResponse:
    """The statements, the groups as they stand, and the sentence that one may add."""
    step = _public_step(request, alliance, key, position)
    if isinstance(step, HttpResponse):
        return step
    return _page(request, step, None, 200)


def _page(request: HttpRequest, step: Step, form: ProposeForm | None, status: int) -> HttpResponse:
    consultation = step.consultation
    language = (get_language() or "fr")[:2]
    words = texts.words_of(consultation, language)
    # A step that closed before the others has exact figures: they wait for the publication, as those of the others.
    permission = "view_results" if step.state == Step.State.CLOSED else "view_opinions"
    sees = may(request.user, f"participation.{permission}", consultation)
    data = selectors.reading_of(step) if sees else None
    is_open = _is_open(step)
    if form is None and is_open:
        form = ProposeForm(
            languages=texts.offered(consultation), wants_code=needs_code(consultation), initial={"language": language}
        )
    shown = Statement.objects.filter(step=step, state=Statement.State.SHOWN)
    page = Paginator(shown.order_by("number").values_list("number", flat=True), EACH).get_page(request.GET.get("page"))
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "step": step, "words": words,
        "title": words.title(consultation), "is_open": is_open, "form": form, "page": page,
        "sees": sees, "data": data, "told": showing.told(step, data) if data is not None else None,
        "rows": showing.statement_rows(step, data or {}, list(page)), "legend": showing.legend(),
        "refusals": showing.refusals({"refusals": selectors.refusals(step)}),
        "first": page.number == 1,
    }  # fmt: skip
    return render(request, "participation/opinions/opinions.html", context, status=status)


@require_POST
@in_alliance("alliances.view")
def opinion_add(request: HttpRequest, alliance: Alliance, key: uuid.UUID, position: int) -> HttpResponse:
    """Add a sentence, without account nor cookie; who did is kept nowhere."""
    step = _public_step(request, alliance, key, position)
    if isinstance(step, HttpResponse):
        return step
    form = ProposeForm(
        request.POST, languages=texts.offered(step.consultation), wants_code=needs_code(step.consultation)
    )
    status = 422
    if from_elsewhere(request):
        form.add_error(None, _("This was not sent from this site. Check your sentence, then send it from here."))
        status = 403
    elif form.is_valid():
        if wrong := code_trouble(request, step.consultation):
            form.add_error("code", str(TEXTS[wrong]))
        elif not sentences.lets(network_address(request)):
            form.add_error(None, _("Many sentences came from this network. Wait a few minutes, then send again."))
            status = 429
        else:
            try:
                made = services.propose(
                    step=step, text=form.cleaned_data["text"], language=form.cleaned_data.get("language", ""),
                    now=timezone.now(),
                )  # fmt: skip
            except ValidationError as refused:
                form.add_error(None, refused.messages[0])
            else:
                address = reverse("participation_in:opinions", args=[alliance.slug, key, position])
                return never_kept(redirect(f"{address}?ajout={_became(made)}"))
    return never_kept(_page(request, step, form, status))


def _became(made: Statement) -> str:
    """What the page then says: it waits, it is shown, or it was there already. A refusal is not told this way."""
    if made.state != Statement.State.SHOWN:
        return "pending"
    return "lu" if made.checked else "shown"


opinion_add = csrf_exempt(opinion_add)
"""No token against forged requests, as for a ballot: the page gives no power that comes from a cookie."""


# Whoever prepares and moderates


def _consultation(request: HttpRequest, alliance: Alliance, key: uuid.UUID, permission: str) -> Consultation:
    found = Consultation.objects.select_related("alliance__parent", "space").filter(alliance=alliance, uuid=key).first()
    if found is None:
        raise Http404
    found.alliance = alliance
    if not may(request.user, permission, found):
        raise PermissionDenied(permission)
    return found


def moderating(permission: str) -> Callable[[View], View]:
    """Wrap a view about one consultation's statements: ``view(request, consultation, …)``."""

    def decorate(view: View) -> View:
        @in_alliance("alliances.view_inside")
        @wraps(view)
        def wrapped(
            request: HttpRequest, alliance: Alliance, key: uuid.UUID, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            return view(request, _consultation(request, alliance, key, permission), *args, **kwargs)

        return wrapped

    return decorate


@moderating("participation.read_statements")
def statements(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """What waits first: read it and propose to show it or to refuse it, or confirm what another person proposed."""
    steps = list(consultation.steps.filter(kind=Kind.OPINIONS).order_by("position"))
    if not steps:
        raise Http404
    form = None
    if may(request.user, "participation.run", consultation):
        form = StatementsForm(
            request.POST or None, steps=consultation.steps.filter(kind=Kind.OPINIONS).order_by("position")
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("participation.run")
        if form.is_valid() and _added(request, form, consultation):
            return redirect("participation_in:statements", consultation.alliance.slug, consultation.uuid)
    return _queue(request, consultation, steps, form)


def _added(request: HttpRequest, form: StatementsForm, consultation: Consultation) -> bool:
    step = form.cleaned_data["step"]
    step.consultation = consultation
    try:
        made = services.add_statements(step=step, texts=form.lines(), by=request.user, now=timezone.now())
    except ValidationError as refused:
        form.add_error("texts", refused.messages)
        return False
    messages.success(
        request,
        ngettext("%(n)s statement added.", "%(n)s statements added.", len(made)) % {"n": len(made)},
    )
    return True


def _queue(
    request: HttpRequest, consultation: Consultation, steps: list[Step], form: StatementsForm | None
) -> HttpResponse:
    counts = selectors.counts(consultation, request.user)
    view = reading.view_asked(request.GET.get("voir", ""), counts)
    page = Paginator(selectors.queue(consultation, view, request.user), reading.EACH).get_page(request.GET.get("page"))
    shown = list(page)
    near = selectors.near([one for one in shown if not one.checked])
    rows = []
    for one in shown:
        one.step.consultation = consultation
        rows.append(
            {
                "one": one, "mine": one.proposed_by_id == request.user.pk,
                "alike": [] if one.checked else similar.alike(one, near[one.step_id]),
            }
        )  # fmt: skip
    moderates = may(request.user, "participation.moderate", consultation)
    seconds = may(request.user, "participation.second", consultation)
    over = services.is_over(consultation)
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "steps": steps, "form": form, "page": page,
        "rows": rows, "counts": counts, "several": len(steps) > 1, "view": view, "own": "",
        "ticked": request.GET.get("cocher") == "1", "moderates": moderates, "seconds": seconds,
        "ticks": not over and {reading.READ: moderates, reading.CONFIRM: seconds}.get(view, False),
        "alone": not over and seconds and not others_who_second(consultation, request.user),
        "draft": consultation.state == Consultation.State.DRAFT, "over": over, "runs": form is not None,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "participation/opinions/statements.html", context, status=status)


def _one(consultation: Consultation, statement: uuid.UUID) -> Statement:
    found = get_object_or_404(Statement.objects.select_related("step"), step__consultation=consultation, uuid=statement)
    found.step.consultation = consultation
    return found


def _back(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Where the moderator was: the part of the queue, and the page."""
    kept = {name: request.POST.get(name, "") for name in ("voir", "page")}
    query = urlencode({name: value for name, value in kept.items() if value})
    address = reverse("participation_in:statements", args=[consultation.alliance.slug, consultation.uuid])
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@moderating("participation.second")
def statements_read(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Those ticked on the page, as it showed them: said yes to, refused with a reason, or put back by its button."""
    keys = reading.read_keys(request.POST.getlist("un"))
    if "back" in request.POST:
        return _put_back(request, consultation, reading.read_keys([request.POST["back"]]))
    if not keys:
        messages.error(request, _("Tick at least one, then choose what to do."))
        return _back(request, consultation)
    if request.POST.get("act") == "refuse":
        query = urlencode([("un", f"{key}.{sign}") for key, sign in keys.items()])
        address = reverse("participation_in:statements_refuse", args=[consultation.alliance.slug, consultation.uuid])
        return redirect(f"{address}?{query}")
    try:
        told = services.read_all(consultation=consultation, rows=keys, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        say_outcome(request, told)
    return _back(request, consultation)


def _put_back(request: HttpRequest, consultation: Consultation, keys: Mapping[uuid.UUID, str]) -> HttpResponse:
    for key in keys:
        try:
            services.put_back(statement=_one(consultation, key), by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("It waits to be read anew by two people."))
    return _back(request, consultation)


@moderating("participation.moderate")
def statements_refuse(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Say why, for one or for several; a second person then confirms."""
    keys = reading.read_keys((request.POST if request.method == "POST" else request.GET).getlist("un"))
    rows = list(
        Statement.objects.filter(step__consultation=consultation, uuid__in=keys)
        .select_related("step").order_by("step__position", "number")
    )  # fmt: skip
    if not rows:
        raise Http404
    if request.method != "POST" and services.is_over(consultation):
        messages.error(request, services.over_words(consultation))
        return _back(request, consultation)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                # All of them or none: sent again, none is « already asked ».
                for row in rows:
                    row.step.consultation = consultation
                    services.ask_refusal(
                        statement=row, by=request.user, sign=keys[row.uuid], **form.cleaned_data
                    )  # fmt: skip
        except ValidationError as refused:
            form.add_error(None, refused.messages[0])
        else:
            messages.success(request, _("The refusal is asked. Another person confirms it."))
            return _back(request, consultation)
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "rows": rows, "form": form,
        "view": request.POST.get("voir", request.GET.get("voir", "")),
    }  # fmt: skip
    return render(request, "participation/opinions/refuse.html", context, status=422 if form.errors else 200)


@moderating("participation.run")
def statement_edit(request: HttpRequest, consultation: Consultation, statement: uuid.UUID) -> HttpResponse:
    """Correct or take away a statement in preparation."""
    found = _one(consultation, statement)
    form = TextForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                services.remove_statement(statement=found, by=request.user)
                messages.success(request, _("The statement is taken away."))
                return _back(request, consultation)
            if form.is_valid():
                services.change_statement(statement=found, text=form.cleaned_data["text"], by=request.user)
                messages.success(request, _("The changes are saved."))
                return _back(request, consultation)
        except ValidationError as refused:
            form.add_error(None, refused.messages[0])
    context = {"alliance": consultation.alliance, "consultation": consultation, "statement": found, "form": form}
    return render(request, "participation/opinions/edit.html", context, status=422 if form.errors else 200)
