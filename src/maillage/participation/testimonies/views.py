"""The pages of those trusted with testimonies: take down, read apart, settle, count, choose passages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from maillage.core.access import may
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.testimonies import public, services
from maillage.participation.testimonies.forms import CodeForm
from maillage.participation.testimonies.models import BookCode, CodingRound, Quote, Settled, Testimony
from maillage.participation.vocabulary import Channel, Kind
from maillage.participation.voting import ballots
from maillage.participation.voting.addresses import address_of
from maillage.participation.voting.views.common import never_kept, page_of

S = Consultation.State
EACH = 25


def _context(request: HttpRequest, consultation: Consultation, **more: Any) -> dict[str, Any]:
    args = [consultation.alliance.slug, consultation.uuid]
    runs = may(request.user, "participation.run", consultation)
    return {
        "alliance": consultation.alliance, "consultation": consultation, "runs": runs,
        "back_url": reverse("participation_in:steps", args=args) if runs else consultation.get_absolute_url(),
        "list_url": reverse("participation_in:testimonies", args=args),
        "quotes_url": reverse("participation_in:testimony_quotes", args=args), **more,
    }  # fmt: skip


def _steps(consultation: Consultation) -> list[Step]:
    found = list(consultation.steps.filter(kind=Kind.TESTIMONIES).order_by("position", "pk"))
    if not found:
        raise Http404
    for step in found:
        step.consultation = consultation
    return found


def _rows(consultation: Consultation, viewer: Any) -> QuerySet[Testimony]:
    """Each with how many read it, and whether this viewer did: never what another person said of it."""
    return (
        Testimony.objects.filter(step__consultation=consultation)
        .select_related("settled", "step")
        .annotate(
            read=Count("codings", distinct=True),
            mine=Count("codings", filter=Q(codings__by=viewer.pk), distinct=True),
        )
        .order_by("step__position", "id")
    )


@on_consultation("participation.code")
def testimonies(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Those to read, to settle, done; in an order that says nothing of when they came."""
    steps = _steps(consultation)
    page = Paginator(_rows(consultation, request.user), EACH).get_page(request.GET.get("page"))
    rows = [(one, _standing(one)) for one in page]
    told = []
    for step in steps:
        total = step.testimonies.count()
        settled = Settled.objects.filter(testimony__step=step, agreed=True).count()
        told.append(
            {
                "step": step, "total": total, "settled": settled, "book": step.book.count(),
                "open": ballots.is_open(step, timezone.now()),
                "countable": consultation.state == S.CLOSED and total == settled and total > 0,
            }
        )  # fmt: skip
    context = _context(request, consultation, steps=told, page=page, rows=rows)
    return never_kept(render(request, "participation/testimonies/testimonies.html", context))


def _standing(one: Any) -> tuple[str, str]:
    settled = getattr(one, "settled", None)
    if settled is not None and settled.agreed:
        return _("settled by two"), "success"
    if one.read == 2:
        return _("two readings to settle"), "caution"
    if one.mine:
        return _("read by you, waits for another person"), ""
    return _("to be read"), "caution"


def _testimony(consultation: Consultation, key: uuid.UUID) -> Testimony:
    found = get_object_or_404(
        Testimony.objects.select_related("step", "voice"), step__consultation=consultation, id=key
    )  # fmt: skip
    found.step.consultation = consultation
    return found


@sensitive_post_parameters()
@on_consultation("participation.code")
def testimony(request: HttpRequest, consultation: Consultation, testimony: uuid.UUID) -> HttpResponse:
    """One testimony: read it, put codes on it apart from the other reader, settle, choose a passage."""
    found = _testimony(consultation, testimony)
    if request.method == "POST":
        try:
            said = _act(request, found)
        except ValidationError as refused:
            return _one(request, consultation, found, " ".join(refused.messages), 422)
        messages.success(request, said)
        return redirect(request.path)
    return _one(request, consultation, found, "", 200)


def _act(request: HttpRequest, found: Testimony) -> str:
    by, act, text = request.user, request.POST.get("act", ""), request.POST.get("text", "")
    ticked = [code for code in found.step.book.all() if str(code.uuid) in request.POST.getlist("code")]
    if act == "code":
        services.code(testimony=found, codes=ticked, by=by)
        return _("Your reading is kept. The other person does not see it before theirs is done.")
    if act == "propose":
        services.propose_reading(testimony=found, codes=ticked, by=by)
        return _("Your proposal is kept: the other reader agrees, or proposes in turn.")
    if act == "agree":
        services.agree_reading(testimony=found, by=by)
        return _("The reading is settled.")
    if act == "write":
        services.write_down(testimony=found, text=text, by=by)
        return _("What the voice says is written down.")
    if act == "quote":
        services.choose_quote(testimony=found, text=text, by=by)
        return _("The passage is chosen. Another person agrees before it is shown.")
    raise ValidationError(_("Choose what to do."))


def _one(request: HttpRequest, consultation: Consultation, found: Testimony, refused: str, status: int) -> HttpResponse:
    rounds = list(CodingRound.objects.filter(testimony=found).prefetch_related("codes").order_by("pk"))
    mine = next((row for row in rounds if row.by_id == request.user.pk), None)
    settled = Settled.objects.filter(testimony=found).prefetch_related("codes").first()
    both = len(rounds) == 2
    sent = request.POST.getlist("code") if refused else None
    if sent is not None:
        ticked = {one.pk for one in found.step.book.all() if str(one.uuid) in sent}
    elif settled is not None:
        ticked = {one.pk for one in settled.codes.all()}
    else:
        ticked = {one.pk for one in mine.codes.all()} if mine is not None else set()
    # Neither reader sees what the other put before both are done.
    readings = [{one.pk for one in row.codes.all()} for row in rounds] if both else []
    groups: list[dict[str, Any]] = []
    for code in found.step.book.order_by("kind", "position", "pk"):
        if not groups or groups[-1]["kind"] != code.kind:
            groups.append({"kind": code.kind, "title": code.get_kind_display(), "rows": []})
        groups[-1]["rows"].append(
            {
                "code": code, "ticked": code.pk in ticked,
                "apart": both and (code.pk in readings[0]) != (code.pk in readings[1]),
            }
        )  # fmt: skip
    reads = mine is not None
    context = _context(
        request, consultation, testimony=found, groups=groups, refused=refused, both=both, mine=mine, settled=settled,
        done=settled is not None and settled.agreed,
        may_code=not both,
        may_propose=both and reads and not (settled is not None and settled.agreed),
        may_agree=both and reads and settled is not None and not settled.agreed
        and settled.proposed_by_id not in (None, request.user.pk),
        quotes=list(found.quotes.order_by("pk")), written=request.POST.get("text", "") if refused else found.text,
    )  # fmt: skip
    return never_kept(render(request, "participation/testimonies/testimony.html", context, status=status))


def _step(consultation: Consultation, key: uuid.UUID) -> Step:
    return public.step_in(consultation, key)


@sensitive_post_parameters()
@on_consultation("participation.code")
def take_down(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """A helper writes what a person says, reads it back, and gives them the receipt."""
    found = _step(consultation, step)
    page = page_of(request, consultation) | {"channel": Channel.HELPED}
    words = public.form_words(page)
    typed, received, status = public.typed_in(request), None, 200
    errors: dict[str, str] = {}
    if not ballots.is_open(found, timezone.now()):
        errors = {"": _("It is not open: nothing can be received now.")}
    if request.method == "POST":
        try:
            received = public.receive(
                request, found, language=page["language"], taken_by=request.user, read_back=bool(typed["read_back"])
            )
        except ValidationError as refused:
            errors, status = public.errors_of(refused), 422
    context = _context(
        request, consultation, step=found, typed_in=typed, errors=errors, received=received, ui=page["ui"],
        kept=received.kept if received else None, mine_url=address_of("testimony_mine", consultation, page["langue"]),
        nonce=ballots.tidy_nonce(request.POST.get("nonce", "")), had_file="voice" in request.FILES, **words,
    )  # fmt: skip
    return never_kept(render(request, "participation/testimonies/take_down.html", context, status=status))


@on_consultation("participation.run")
def book(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The book of codes: small, written before reading begins."""
    found = _step(consultation, step)
    form = CodeForm(request.POST if request.POST.get("act") == "add" else None)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "fields":
                services.add_fields(step=found, by=request.user)
            elif request.POST.get("act") == "remove":
                code = get_object_or_404(BookCode, step=found, pk=_number(request.POST.get("code", "")))
                code.step = found
                services.remove_code(code=code, by=request.user)
            elif form.is_valid():
                services.add_code(step=found, by=request.user, **form.cleaned_data)
            if not form.is_bound or form.is_valid():
                messages.success(request, _("The book is changed."))
                return redirect(request.path)
        except ValidationError as refused:
            if form.is_bound:
                form.refuse(refused)
            else:
                say(request, refused)
                return redirect(request.path)
    context = _context(
        request, consultation, step=found, form=form, codes=list(found.book.order_by("kind", "position", "pk")),
        begun=CodingRound.objects.filter(testimony__step=found).exists(),
    )  # fmt: skip
    return render(
        request, "participation/testimonies/book.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


@require_POST
@on_consultation("participation.run")
def count(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """Count what they speak of, once all are settled."""
    try:
        services.count_codes(step=_step(consultation, step), by=request.user, now=timezone.now())
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("Counted: the page of results says what they speak of."))
    return redirect("participation_in:testimonies", consultation.alliance.slug, consultation.uuid)


@on_consultation("participation.second")
def quotes(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The passages chosen: a second person agrees, or takes them away."""
    steps = _steps(consultation)
    if request.method == "POST":
        try:
            key = uuid.UUID(request.POST.get("passage", ""))
        except ValueError:
            raise Http404 from None
        quote = get_object_or_404(
            Quote.objects.select_related("testimony__step"), testimony__step__in=steps, uuid=key
        )  # fmt: skip
        quote.testimony.step.consultation = consultation
        try:
            if request.POST.get("act") == "drop":
                services.drop_quote(quote=quote, by=request.user)
                messages.success(request, _("The passage is not shown."))
            else:
                services.agree_quote(quote=quote, by=request.user, now=timezone.now())
                messages.success(request, _("The passage is shown with the results."))
        except ValidationError as refused:
            say(request, refused)
        return redirect(request.path)
    rows = Quote.objects.filter(testimony__step__in=steps).select_related("testimony").order_by("agreed_by", "pk")
    page = Paginator(rows, EACH).get_page(request.GET.get("page"))
    context = _context(
        request,
        consultation,
        page=page,
        me=request.user.pk,
        codes=may(request.user, "participation.code", consultation),
    )
    return never_kept(render(request, "participation/testimonies/quotes.html", context))
