"""The pages of paper: batches, keying, comparing, voiding, and the files to print."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.access import may
from maillage.participation import kinds
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.paper import exchanging, keeping, reading, services, sheets, telling
from maillage.participation.paper.forms import EACH, PAPERS, SIZES, CountsForm, PrintForm, UntiedForm, VoidForm
from maillage.participation.paper.models import Batch, KeyedRound, KeyedSheet, SheetRuling
from maillage.participation.vocabulary import Access, Kind
from maillage.participation.words import offered

S = Batch.State
PER_PAGE = 25
LAST = 12
"""Sheets shown again under the field where they are keyed in."""
LINES = 10


def batch_at(consultation: Consultation, key: uuid.UUID) -> Batch:
    found = get_object_or_404(Batch.objects.select_related("step"), step__consultation=consultation, uuid=key)
    found.step.consultation = consultation
    return found


def to_page(name: str, batch: Batch) -> HttpResponse:
    consultation = batch.step.consultation
    return redirect(f"participation_in:{name}", consultation.alliance.slug, consultation.uuid, batch.uuid)


def head(consultation: Consultation, batch: Batch | None = None) -> dict[str, Any]:
    args = [consultation.alliance.slug, consultation.uuid]
    found: dict[str, Any] = {
        "alliance": consultation.alliance, "consultation": consultation,
        "steps_url": reverse("participation_in:batches", args=args), "batch": batch,
    }  # fmt: skip
    if batch is not None:
        found["batch_url"] = reverse("participation_in:batch", args=[*args, batch.uuid])
    return found


@on_consultation("participation.key_paper")
def batches(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Every batch with its counts, and the next one to print."""
    steps = [step for step in consultation.steps.order_by("position", "pk") if reading.is_keyed(step)]
    can_print = consultation.state == Consultation.State.OPEN
    open_steps = [step for step in steps if can_print and step.state != Step.State.CLOSED]
    form = PrintForm(request.POST or None, steps=open_steps)
    if request.method == "POST" and form.is_valid():
        step = next(row for row in open_steps if str(row.pk) == form.cleaned_data["step"])
        step.consultation = consultation
        try:
            made = services.print_batch(
                step=step, printed=form.cleaned_data["printed"], place=form.cleaned_data["place"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Batch %(n)s is ready to print.") % {"n": made.number})
            return to_page("batch", made)
    rows = Batch.objects.filter(step__in=steps).select_related("step").order_by("-number", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = head(consultation) | {
        "form": form, "page": page, "steps": steps, "open_steps": open_steps, "several": len(steps) > 1,
        "tied": keeping.is_tied(consultation), "by_list": consultation.access == Access.LIST,
        "back_url": consultation.get_absolute_url(),
    }  # fmt: skip
    if may(request.user, "participation.run", consultation):
        context["back_url"] = reverse("participation_in:steps", args=[consultation.alliance.slug, consultation.uuid])
    return render(
        request, "participation/paper/batches.html", context, status=422 if form.is_bound and form.errors else 200
    )


def untied_of(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """What ``_untied.html`` needs: the sheets given without a code, if two people have yet to say why they count."""
    live = batch.step.consultation.state in {Consultation.State.OPEN, Consultation.State.CLOSED}
    return {
        "untied": exchanging.to_settle(batch) if live else 0, "untied_asked": batch.untied_asked_by_id is not None,
        "untied_mine": batch.untied_asked_by_id == request.user.pk, "untied_form": UntiedForm(),
    }  # fmt: skip


@on_consultation("participation.key_paper")
def batch(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """One batch: print it, count it, where it stands, what comes next."""
    found = batch_at(consultation, batch)
    tied = keeping.is_tied(consultation)
    out = found.exchanged if tied and found.exchanged and found.handed_out is None else found.handed_out
    form = CountsForm(request.POST or None, initial={"handed_out": out, "returned": found.returned})
    if request.method == "POST" and form.is_valid():
        try:
            services.count_batch(batch=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The counts are saved."))
            return to_page("batch", found)
    rounds = list(KeyedRound.objects.filter(batch=found).order_by("round"))
    mine = next((row for row in rounds if row.by_id == request.user.pk), None)
    live = consultation.state in {Consultation.State.OPEN, Consultation.State.CLOSED}
    to_key = live and found.state in services.KEYED and bool(found.returned)
    context = head(consultation, found) | {
        "form": form, "rounds": rounds, "mine": mine, "told": telling.differences(found),
        "may_count": live and found.state not in {S.ACCEPTED, S.VOIDED},
        "may_key": to_key and (len(rounds) < 2 if mine is None else not mine.finished),
        "papers": PAPERS, "sizes": SIZES, "each": EACH, "languages": offered(consultation),
        "may_compare": found.state == S.COMPARED and live, "may_print": _is_printed(found),
        "team": may(request.user, "participation.run", consultation),
        "may_void": found.state != S.VOIDED and consultation.state != Consultation.State.CANCELLED,
        "tied": tied, "by_list": consultation.access == Access.LIST, "may_exchange": exchanging.is_handed_out(found),
    } | untied_of(request, found)  # fmt: skip
    return render(
        request, "participation/paper/batch.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _is_printed(batch: Batch) -> bool:
    """Whether there is still someone to hand its ballots to."""
    over = batch.state in {S.COMPARED, S.ACCEPTED, S.VOIDED}
    return not over and batch.step.consultation.state == Consultation.State.OPEN


def _pdf(request: HttpRequest, step: Step, batch: Batch | None) -> HttpResponse:
    """The file as asked; what is not one of the choices is the usual one."""
    asked, consultation = request.GET, step.consultation
    language = asked.get("langue", consultation.language)
    chosen = sheets.Printing(
        paper="a4" if asked.get("papier") == "a4" else "us-letter",
        large=asked.get("corps") == "large",
        each=int(asked["par_page"]) if asked.get("par_page") in {"1", "2", "4"} else 1,
        language=language if language in dict(offered(consultation)) else consultation.language,
    )
    name = f"bulletin-{consultation.short}-{'epreuve' if batch is None else f'lot-{batch.number}'}.pdf"
    data = sheets.ballots(step, batch, chosen, today=consultation.alliance.today())
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@on_consultation("participation.key_paper")
def batch_pdf(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """The ballot of a batch, to print as many times as it has sheets."""
    found = batch_at(consultation, batch)
    if not _is_printed(found):
        messages.error(request, _("This batch is no longer printed."))
        return to_page("batch", found)
    return _pdf(request, found.step, found)


@on_consultation("participation.key_paper")
def paper_proof(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """A proof, marked so, that is no ballot."""
    found = get_object_or_404(Step, consultation=consultation, uuid=step)
    found.consultation = consultation
    if not reading.is_keyed(found):
        raise Http404
    return _pdf(request, found, None)


@on_consultation("participation.view")
def batch_scanned(request: HttpRequest, consultation: Consultation, number: int) -> HttpResponse:
    """What the square code of a sheet opens: the batch for whoever keys it in, the consultation for others."""
    if may(request.user, "participation.key_paper", consultation):
        found = get_object_or_404(Batch, step__consultation=consultation, number=number)
        found.step.consultation = consultation
        return to_page("batch", found)
    return redirect(consultation)


# Keying


def _help_of(step: Step) -> Any:
    if step.kind == Kind.PRIORITIES:
        from maillage.participation.priorities import keying

        return keying.help_of(step)
    return kinds.of(step).key_help


@on_consultation("participation.key_paper")
def batch_key(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """One line a sheet, Enter for the next. The other person's reading is shown nowhere here."""
    found = batch_at(consultation, batch)
    shown: dict[str, Any] = {"typed": "", "error": "", "correcting": None, "several": "", "insert": False}
    status = 200
    if request.method == "POST":
        act = request.POST.get("acte", "saisir")
        try:
            done = _keyed(request, found, act, shown)
        except ValidationError as refused:
            shown["error"] = " ".join(refused.messages)
            shown["typed"] = request.POST.get("ligne", "")
            done = None
        if request.headers.get("Accept", "").startswith("application/json"):
            return _as_json(request, found, shown)
        if done is not None and not shown["error"]:
            return done
        status = 422
    mine = services.round_of(found, request.user)
    rows = KeyedSheet.objects.filter(batch=found, by_id=request.user.pk)
    count = rows.count()
    asked = request.POST.get("feuille") if status == 422 else request.GET.get("corriger", "")
    if asked and asked.isascii() and asked.isdigit() and len(asked) < 5:
        shown["correcting"] = rows.filter(line=int(asked)).first()
        if shown["correcting"] is not None and status == 200:
            shown["typed"] = shown["correcting"].typed
    pages = Paginator(rows.order_by("-line"), LAST)
    full = mine is None and KeyedRound.objects.filter(batch=found).count() == 2
    context = head(consultation, found) | shown | {
        "mine": mine, "count": count, "next": count + 1, "page": pages.get_page(request.GET.get("page")),
        "help": _help_of(found.step), "options": list(found.step.options.order_by("number")), "lines": LINES,
        "ready": found.state in services.KEYED and bool(found.returned), "full": full,
        "done": mine is not None and mine.finished, "whole": count >= (found.returned or 0),
        "grades": found.step.kind == Kind.PRIORITIES and found.step.method == "grades",
    }  # fmt: skip
    return render(request, "participation/paper/key.html", context, status=status)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise ValidationError(_("The number of the sheet is missing: load this page again."))
    return int(text)


def _keyed(request: HttpRequest, found: Batch, act: str, shown: dict[str, Any]) -> HttpResponse:
    by = request.user
    if act == "finir":
        _say_finished(request, services.finish_round(batch=found, by=by, now=timezone.now()))
        return to_page("batch", found)
    if act == "reprendre":
        services.reopen_round(batch=found, by=by)
    elif act == "jeter":
        services.drop_round(batch=found, number=_number(request, "lecture"), by=by)
        messages.success(request, _("This reading is thrown away: it may be keyed in again."))
        return to_page("batch", found)
    elif act == "corriger":
        services.correct_sheet(batch=found, line=_number(request, "feuille"), text=request.POST["ligne"], by=by)
    elif act == "inserer":
        services.insert_sheet(batch=found, line=_number(request, "feuille"), text=request.POST["ligne"], by=by)
    elif act == "enlever":
        services.remove_sheet(batch=found, line=_number(request, "feuille"), by=by)
    else:
        several = request.POST.get("lignes")
        if several is not None:
            lines = [line for line in several.splitlines() if line.strip()]
        else:
            lines = [request.POST.get("ligne", "")]
        result = services.key_sheets(batch=found, first=_number(request, "prochaine"), lines=lines, by=by)
        shown["error"] = result.error
        shown["several" if several is not None else "typed"] = result.left
    return to_page("batch_key", found)


def _say_finished(request: HttpRequest, done: services.Finished) -> None:
    if done.compared:
        messages.success(request, _("Both readings are done: compare them."))
    elif done.other is not None:
        messages.warning(
            request,
            _(
                "You keyed in %(mine)s sheets, the other person %(other)s. Count the pile: whoever is wrong takes "
                "their reading up again."
            )
            % {"mine": done.mine, "other": done.other},
        )
    else:
        messages.success(
            request,
            ngettext("%(n)s sheet is keyed in.", "%(n)s sheets are keyed in.", done.mine) % {"n": done.mine}
            + " "
            + _("Someone else now keys the same pile in."),
        )


def _as_json(request: HttpRequest, found: Batch, shown: dict[str, Any]) -> JsonResponse:
    rows = KeyedSheet.objects.filter(batch=found, by_id=request.user.pk)
    last = rows.order_by("-line").first()
    return JsonResponse(
        {
            "error": shown["error"], "next": (last.line if last else 0) + 1,
            "last": {"line": last.line, "typed": last.typed} if last else None,
        },
        status=422 if shown["error"] else 200,
    )  # fmt: skip


# Comparing and voiding


@on_consultation("participation.key_paper")
def batch_compare(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """Both readings side by side where they differ or doubt; two people decide each; then the batch is accepted."""
    found = batch_at(consultation, batch)
    status, error, sent = 200, "", 0
    if request.method == "POST":
        try:
            return _compared(request, found)
        except ValidationError as refused:
            status, error = 422, " ".join(refused.messages)
            text = request.POST.get("feuille", "")
            sent = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    found = batch_at(consultation, batch)
    pairs = reading.pairs(found.step, list(KeyedSheet.objects.filter(batch=found))) if found.state == S.COMPARED else []
    rulings = {row.line: row for row in SheetRuling.objects.filter(batch=found)}
    to_rule = [pair for pair in pairs if pair.to_rule]
    found.step._prefetched_objects_cache = {"options": list(found.step.options.order_by("number"))}  # type: ignore[attr-defined]
    page = Paginator(to_rule, PER_PAGE).get_page(request.GET.get("page"))
    lines = []
    for pair in page.object_list:
        ruling = rulings.get(pair.line)
        lines.append(
            {
                "pair": pair, "ruling": ruling,
                "places": reading.places(found.step, pair.first.content, pair.second.content) if pair.differs else [],
                "settled": ruling is not None and ruling.confirmed_by_id is not None,
                "mine": ruling is not None and ruling.proposed_by_id == request.user.pk,
                "typed": request.POST.get("ligne", "") if sent == pair.line else "",
            }
        )  # fmt: skip
    open_rulings = sum(pair.line not in rulings or rulings[pair.line].confirmed_by_id is None for pair in to_rule)
    context = head(consultation, found) | {
        "page": page, "lines": lines, "agreed": len(pairs) - len(to_rule), "total": len(pairs), "left": open_rulings,
        "error": error, "why_gap": request.POST.get("difference_why", ""), "gap": len(pairs) != (found.returned or 0),
        "told": telling.differences(found, len(pairs)), "comparing": found.state == S.COMPARED,
        "help": _help_of(found.step), "rulings_to_make": len(to_rule),
    } | untied_of(request, found)  # fmt: skip
    return render(request, "participation/paper/compare.html", context, status=status)


def _compared(request: HttpRequest, found: Batch) -> HttpResponse:
    act, by, now = request.POST.get("acte", ""), request.user, timezone.now()
    if act == "accepter":
        services.accept_batch(batch=found, difference_why=request.POST.get("difference_why", ""), by=by, now=now)
        messages.success(request, _("The batch is accepted: its ballots are counted with the others."))
        return to_page("batch", found)
    line = _number(request, "feuille")
    if act == "confirmer":
        services.confirm_ruling(batch=found, line=line, typed=request.POST.get("lu", ""), by=by, now=now)
        messages.success(request, _("Sheet %(n)s is decided.") % {"n": line})
    else:
        services.propose_ruling(
            batch=found, line=line, choice=request.POST.get("choix", ""), text=request.POST.get("ligne", ""),
            why=request.POST.get("raison", ""), by=by,
        )  # fmt: skip
        messages.success(request, _("Proposed for sheet %(n)s. A second person confirms.") % {"n": line})
    return to_page("batch_compare", found)


@on_consultation("participation.second")
def batch_void(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """A whole batch is voided by two people: one asks and says why, another confirms."""
    found = batch_at(consultation, batch)
    form = VoidForm(request.POST if request.POST.get("acte") == "demander" else None)
    now = timezone.now()
    if request.method == "POST":
        act = request.POST.get("acte", "")
        try:
            if act == "demander" and form.is_valid():
                services.ask_void(batch=found, why=form.cleaned_data["why"], by=request.user, now=now)
                messages.success(request, _("Asked. A second person confirms."))
                return to_page("batch_void", found)
            if act == "confirmer":
                services.confirm_void(batch=found, by=request.user, now=now)
                messages.success(request, _("The batch is voided: none of its ballots is counted."))
                return to_page("batch_void", found)
            if act == "reprendre":
                services.drop_void(batch=found, by=request.user)
                messages.success(request, _("The batch is no longer to be voided."))
                return to_page("batch_void", found)
        except ValidationError as refused:
            if form.is_bound:
                form.refuse(refused)
            else:
                say(request, refused)
                return to_page("batch_void", found)
    context = head(consultation, found) | {
        "taken": found.exchanged if keeping.is_tied(consultation) else 0,
        "form": form, "asked": found.void_asked_by_id is not None, "voided": found.state == S.VOIDED,
        "mine": found.void_asked_by_id == request.user.pk, "counted": found.state == S.ACCEPTED,
        "may_ask": may(request.user, "participation.key_paper", consultation),
        "published": consultation.state == Consultation.State.PUBLISHED,
    }  # fmt: skip
    return render(
        request, "participation/paper/void.html", context, status=422 if form.is_bound and form.errors else 200
    )
