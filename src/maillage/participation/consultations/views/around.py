"""Around the ballot: who may answer, other languages, « about you », trusted people, what was done with it."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation.consultations import about as about_you
from maillage.participation.consultations import (
    asking,
    copying,
    electors,
    explain,
    feedback,
    services,
    sheets,
    wordings,
)
from maillage.participation.consultations.forms import (
    AboutForm,
    AccessForm,
    AgreedForm,
    CodesForm,
    FeedbackForm,
    FollowForm,
    HelperForm,
    LanguageForm,
    ListForm,
    ReasonForm,
    VoidForm,
)
from maillage.participation.consultations.models import Asked, CodeVoid, Consultation, Helper
from maillage.participation.consultations.views.by_two import to_asked
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.consultations.views.prepare import step_context
from maillage.participation.urn.models import Elector, FollowAddress
from maillage.participation.vocabulary import Access
from maillage.participation.words import offered

S = Consultation.State
LISTED = 50


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _page(request: HttpRequest, name: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    refused = any(form is not None and form.is_bound and form.errors for form in forms)
    return render(request, f"participation/consultations/{name}.html", context, status=422 if refused else 200)


def _to(name: str, consultation: Consultation, *args: Any) -> HttpResponse:
    return redirect(f"participation_in:{name}", consultation.alliance.slug, consultation.uuid, *args)


# Who may answer


@on_consultation("participation.run")
def access(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Who may answer: each choice with what it protects against and what it does not; then codes, or a list."""
    form = None
    if consultation.state == S.DRAFT:
        initial = {
            "access": consultation.access, "postal_codes": ", ".join(consultation.postal_codes.split()),
            "changeable": "1" if consultation.changeable else "0",
        }  # fmt: skip
        form = AccessForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.write(electors.set_access, consultation=consultation, by=request.user):
            messages.success(request, _("The changes are saved."))
            return _to("access", consultation)
    return _access_page(request, consultation, form=form)


def _access_page(
    request: HttpRequest, consultation: Consultation, *, form: Any = None, codes: Any = None, listing: Any = None
) -> HttpResponse:
    by_code, by_list = consultation.access == Access.CODES, consultation.access == Access.LIST
    live, asks = consultation.state in {S.DRAFT, S.OPEN}, consultation.state == S.OPEN
    rows = asking.live(consultation).filter(kind__in=[Asked.Kind.CODES, Asked.Kind.LIST]).order_by("pk")
    for row in rows:
        row.consultation = consultation
    if form is None and consultation.state == S.DRAFT and (codes or listing):
        initial = {
            "access": consultation.access, "postal_codes": consultation.postal_codes,
            "changeable": "1" if consultation.changeable else "0",
        }  # fmt: skip
        form = AccessForm(initial=initial)
    page = (
        Paginator(electors.people_listed(consultation), LISTED).get_page(request.GET.get("page")) if by_list else None
    )
    context = step_context(consultation) | {
        "form": form,
        "protects": explain.PROTECTS[consultation.access],
        "by_code": by_code,
        "by_list": by_list,
        "live": live,
        "open": consultation.state == S.OPEN,
        "lots": electors.lots(consultation) if by_code else [],
        "codes_form": (codes or CodesForm(initial={"form": "pdf", "count": 40}, asks=asks)) if by_code and live
        else None,
        "asked": [asking.tell(row, request.user) for row in rows],
        "agreed_form": AgreedForm(initial={"form": "pdf"}),
        "page": page,
        "list_form": (listing or ListForm(alliance=consultation.alliance, asks=asks)) if by_list and live else None,
        "unsent": Elector.objects.filter(
            consultation=consultation, voided_at=None, sent_on=None, person__isnull=False
        ).count() if by_list else 0,
        "answered": electors.answered(consultation) if by_code or by_list else 0,
        "reminded": consultation.reminded_on == consultation.alliance.today(),
    }  # fmt: skip
    return _page(request, "access", context, form, codes, listing)


@never_cache
@require_POST
@on_consultation("participation.run")
def codes_print(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """A lot of codes, given once: the file is made in memory and kept nowhere. Once open, it is asked first."""
    asks, by, now = consultation.state == S.OPEN, request.user, timezone.now()
    form = CodesForm(request.POST, asks=asks)
    if not form.is_valid():
        return _access_page(request, consultation, codes=form)
    data = form.cleaned_data
    try:
        if asks:
            electors.ask_codes(consultation=consultation, by=by, now=now, **data)
            return to_asked(request, consultation)
        made = electors.print_codes(consultation=consultation, count=data["count"], label=data["label"], by=by, now=now)
    except ValidationError as refused:
        form.refuse(refused)
        return _access_page(request, consultation, codes=form)
    return _codes_file(request, consultation, data["label"], made, data["form"])


@never_cache
@require_POST
@on_consultation("participation.run")
def codes_agreed(request: HttpRequest, consultation: Consultation, asked: uuid.UUID) -> HttpResponse:
    """The lot that two people agreed on, given once."""
    row = get_object_or_404(Asked, consultation=consultation, uuid=asked, kind=Asked.Kind.CODES)
    row.consultation = consultation
    form = AgreedForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("Choose in which form."))
        made = electors.print_agreed(asked=row, by=request.user, now=timezone.now())
    except ValidationError as refused:
        say(request, refused)
        return _to("access", consultation)
    return _codes_file(request, consultation, row.given["label"], made, form.cleaned_data["form"])


def _codes_file(
    request: HttpRequest, consultation: Consultation, label: str, made: list[electors.Printed], form: str
) -> HttpResponse:
    stem = f"codes-{consultation.short}-{made[0].number}-{made[-1].number}"
    if form == "csv":
        return _file(_codes_csv(request, consultation, label, made), f"{stem}.csv", "text/csv; charset=utf-8")
    pdf = sheets.code_slips(
        consultation, made, label=label, address=_short_address(request, consultation),
        today=consultation.alliance.today(), paper="a4" if form == "a4" else "us-letter",
    )  # fmt: skip
    return _file(pdf, f"{stem}.pdf", "application/pdf")


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip


def _short_address(request: HttpRequest, consultation: Consultation) -> str:
    return request.build_absolute_uri(reverse("participation:short", args=[consultation.short]))


def _codes_csv(request: HttpRequest, consultation: Consultation, label: str, made: list[electors.Printed]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("number"), _("code"), _("lot"), _("address")])
    address = _short_address(request, consultation)
    # A label that a spreadsheet would take for a formula is written as a text.
    safe = f"'{label}" if label[:1] in "=+-@\t" else label
    for row in made:
        writer.writerow([row.number, row.code, safe, address])
    return ("\ufeff" + out.getvalue()).encode()


@require_POST
@on_consultation("participation.run")
def list_add(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Put people on the list; once open, ask it of a second person."""
    asks = consultation.state == S.OPEN
    form = ListForm(request.POST, alliance=consultation.alliance, asks=asks)
    if not form.is_valid():
        return _access_page(request, consultation, listing=form)
    people, without = form.chosen()
    try:
        if asks:
            electors.ask_list(
                consultation=consultation, people=people, why=form.cleaned_data["why"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        else:
            added = electors.add_to_list(consultation=consultation, people=people, by=request.user)
            messages.success(request, _("People added to the list: %(n)s.") % {"n": added})
    except ValidationError as refused:
        form.refuse(refused)
        return _access_page(request, consultation, listing=form)
    if without:
        messages.warning(request, _("People left out, without an e-mail address: %(n)s.") % {"n": without})
    return to_asked(request, consultation) if asks else _to("access", consultation)


@require_POST
@on_consultation("participation.run")
def list_remove(request: HttpRequest, consultation: Consultation, pk: int) -> HttpResponse:
    """Take someone off the list, in preparation."""
    row = get_object_or_404(Elector, consultation=consultation, pk=pk, person__isnull=False)
    row.consultation = consultation
    try:
        electors.take_off_list(elector=row, by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("Taken off the list."))
    return _to("access", consultation)


@require_POST
@on_consultation("participation.run")
def codes_send(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Send their code to those of the list, or remind those who have not answered."""
    reminder = request.POST.get("rappel") == "oui"
    try:
        electors.send_codes(
            consultation=consultation, by=request.user, today=consultation.alliance.today(), site=_site(request),
            reminder=reminder,
        )  # fmt: skip
    except ValidationError as refused:
        say(request, refused)
    else:
        said = _("Those who have not answered are being reminded.") if reminder else _("The codes are being sent.")
        messages.success(request, said)
    return _to("access", consultation)


@never_cache
@on_consultation("participation.second")
def voids(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Lost codes: one person asks that a code stop working, another one confirms."""
    runs = may(request.user, "participation.run", consultation)
    live = consultation.state in {S.DRAFT, S.OPEN} and consultation.access in {Access.CODES, Access.LIST}
    form = VoidForm(request.POST or None, consultation=consultation) if runs and live else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("participation.run")
        if form.is_valid():
            data = form.cleaned_data
            try:
                electors.ask_void(
                    consultation=consultation, elector=form.found(), why=data["why"], replace=data["replace"],
                    by=request.user, now=timezone.now(),
                )  # fmt: skip
            except ValidationError as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Asked. The code works until a second person confirms."))
                return _to("voids", consultation)
    return _voids_page(request, consultation, form)


def _voids_page(
    request: HttpRequest, consultation: Consultation, form: VoidForm | None, shown: electors.Printed | None = None
) -> HttpResponse:
    context = step_context(consultation) | {
        "form": form,
        "rows": [
            {"void": row, "mine": row.asked_by_id == request.user.pk, "waits": row.confirmed_at is None}
            for row in electors.voids_of(consultation)
        ],
        "may_run": may(request.user, "participation.run", consultation),
        "shown": shown,
        "by_list": consultation.access == Access.LIST,
        "usable": consultation.access in {Access.CODES, Access.LIST},
    }
    return _page(request, "voids", context, form)


@never_cache
@require_POST
@on_consultation("participation.second")
def void_confirm(request: HttpRequest, consultation: Consultation, pk: int) -> HttpResponse:
    """The second person: confirm, and read the new code once; or not."""
    row = get_object_or_404(CodeVoid, consultation=consultation, pk=pk)
    row.consultation = consultation
    try:
        if request.POST.get("refuser"):
            electors.drop_void(void=row, by=request.user)
            messages.success(request, _("Not confirmed: the code works as before."))
            return _to("voids", consultation)
        printed = electors.confirm_void(void=row, by=request.user, now=timezone.now(), site=_site(request))
    except ValidationError as refused:
        say(request, refused)
        return _to("voids", consultation)
    if printed is None:
        messages.success(request, _("The code is void."))
        return _to("voids", consultation)
    # The new code is on this page alone, once: nothing keeps it.
    runs = may(request.user, "participation.run", consultation)
    form = VoidForm(consultation=consultation) if runs else None
    return _voids_page(request, consultation, form, printed)


# Languages


@on_consultation("participation.run")
def languages(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The languages of the ballot, and what each lacks."""
    form = LanguageForm(request.POST or None) if consultation.state in {S.DRAFT, S.OPEN} else None
    if (
        request.method == "POST"
        and form is not None
        and form.write(wordings.add_language, consultation=consultation, by=request.user)
    ):
        return _to("wordings", consultation, form.cleaned_data["code"].strip().lower())
    held = dict(offered(consultation))
    context = step_context(consultation) | {
        "form": form,
        "rows": wordings.progress(consultation),
        "own": held.get(consultation.language, consultation.language),
        "known": [(code, name) for code, name in wordings.KNOWN.items() if code not in held],
    }
    return _page(request, "languages", context, form)


@require_POST
@on_consultation("participation.run")
def language_remove(request: HttpRequest, consultation: Consultation, code: str) -> HttpResponse:
    """Take a language away."""
    try:
        wordings.remove_language(consultation=consultation, code=code, by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("The language is taken away."))
    return _to("languages", consultation)


@on_consultation("participation.run")
def wordings_page(request: HttpRequest, consultation: Consultation, code: str) -> HttpResponse:
    """Every text side by side in the consultation's language and in another one."""
    names = dict(offered(consultation))
    if code not in names or code == consultation.language:
        raise Http404
    texts = wordings.texts_of(consultation, code)
    held = dict(consultation.wordings.filter(language=code).values_list("key", "text"))
    typed: dict[str, str] = {}
    asks = consultation.state == S.OPEN
    form = ReasonForm(request.POST if request.method == "POST" and asks else None)
    if request.method == "POST":
        # Each field says which text it is: what was added or taken away since moves none of them.
        typed = {request.POST.get(f"k{n}", ""): request.POST.get(f"t{n}", "") for n in range(len(texts) + 100)}
        given: dict[str, Any] = {"consultation": consultation, "language": code, "texts": typed, "by": request.user}
        try:
            if not asks:
                changed = wordings.write(**given)
                messages.success(request, _("Texts saved: %(n)s.") % {"n": changed})
                return _to("wordings", consultation, code)
            if form.is_valid():
                if wordings.ask_write(**given, why=form.cleaned_data["why"], now=timezone.now()) is not None:
                    return to_asked(request, consultation)
                messages.info(request, _("Nothing changed."))
                return _to("wordings", consultation, code)
        except ValidationError as refused:
            say(request, refused)
    own = consultation.languages.filter(code=code).first()
    rows = [
        {"n": n, "text": text, "value": typed.get(text.key, held.get(text.key, "")), "missing": text.key not in held}
        for n, text in enumerate(texts)
    ]
    context = step_context(consultation) | {
        "rows": rows,
        "code": code,
        "name": names[code],
        "direction": "rtl" if own is not None and own.right_to_left else "ltr",
        "missing": sum(text.key not in held for text in texts),
        "live": consultation.state in {S.DRAFT, S.OPEN},
        "form": form if asks else None,
        "waits": asking.waiting_for(consultation, Asked.Kind.WORDS, code),
    }
    return _page(request, "wordings", context, form)


# About you, helpers


@on_consultation("participation.run")
def about(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Which questions « about you », each with what the answer is for."""
    form = AboutForm(request.POST or None, consultation=consultation)
    if request.method == "POST" and form.is_valid():
        try:
            about_you.set_about(
                consultation=consultation, questions=form.questions(), places=form.places(), by=request.user
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            if len(form.questions()) > about_you.MANY:
                messages.warning(
                    request, _("Many questions for few people: someone could be recognised. Keep the useful ones.")
                )
            return _to("about", consultation)
    asked = [
        {
            "question": row, "label": row.get_kind_display(),
            "choices": [about_you.label_of(choice) for choice in about_you.choices_held(row)],
        }
        for row in consultation.about_questions.select_related("consultation__alliance").order_by("position", "pk")
    ]  # fmt: skip
    context = step_context(consultation) | {"form": form, "asked": asked, "many": about_you.MANY}
    return _page(request, "about", context, form)


@on_consultation("participation.run")
def helpers(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """People trusted with a part of the consultation."""
    today = consultation.alliance.today()
    form = HelperForm(request.POST or None, alliance=consultation.alliance, initial={"since": today})
    if request.method == "POST" and form.write(
        services.add_helper, consultation=consultation, by=request.user, now=timezone.now()
    ):
        messages.success(request, _("This person is trusted with it. Tell them."))
        return _to("helpers", consultation)
    rows = [
        {"helper": row, "now": (row.since is None or row.since <= today) and (row.until is None or today < row.until)}
        for row in consultation.helpers.select_related("person").order_by("person__sort_key", "pk")
    ]
    return _page(request, "helpers", step_context(consultation) | {"form": form, "rows": rows}, form)


@require_POST
@on_consultation("participation.run")
def helper_end(request: HttpRequest, consultation: Consultation, pk: int) -> HttpResponse:
    """End someone's trust at once."""
    row = get_object_or_404(Helper, consultation=consultation, pk=pk)
    row.consultation = consultation
    services.end_helper(helper=row, on=consultation.alliance.today(), by=request.user)
    messages.success(request, _("It ends today."))
    return _to("helpers", consultation)


# What was done with it


@on_consultation("participation.run")
def feedback_page(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Write what was done with the answers, then tell those who left an address."""
    published = consultation.state == S.PUBLISHED
    form = (
        FeedbackForm(request.POST or None, consultation=consultation, initial=FeedbackForm.initial_of(consultation))
        if published
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            feedback.write_feedback(
                consultation=consultation, text=data["text"], decisions=data["decisions"],
                others=data["others"].splitlines(), by=request.user, today=consultation.alliance.today(),
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("It is on the public page. You can now tell those who left an address."))
            return _to("feedback", consultation)
    waiting = FollowAddress.objects.filter(consultation=consultation).count()
    context = step_context(consultation) | {"form": form, "waiting": waiting, "published": published}
    return _page(request, "feedback", context, form)


@require_POST
@on_consultation("participation.run")
def feedback_send(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Tell those who left an address."""
    try:
        waiting = feedback.send_feedback(consultation=consultation, by=request.user, site=_site(request))
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("Messages being sent: %(n)s. Each address is deleted.") % {"n": waiting})
    return _to("feedback", consultation)


@require_POST
@on_consultation("participation.view")
def copy(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Copy the questions into another alliance, of which one is the agent."""
    if not request.user.is_authenticated:
        return redirect_to_login(consultation.get_absolute_url())
    to = get_object_or_404(Alliance.objects.select_related("parent"), slug=request.POST.get("alliance", ""))
    made = copying.copy_consultation(source=consultation, to=to, by=request.user)
    messages.success(request, _("Copied, in preparation. Say when, who decides, and who may answer."))
    return _to("steps", made)


@never_cache
@on_consultation("participation.view")
def follow(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Leave an address to be told what was done, for that alone; or take it back."""
    takes = feedback.takes_addresses(consultation)
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if request.POST.get("acte") == "retirer":
            feedback.withdraw_address(consultation=consultation, email=email)
            messages.success(request, _("If this address was there, it is deleted."))
            return redirect(consultation)
        try:
            feedback.leave_address(consultation=consultation, email=email, language=get_language() or "fr")
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Noted. You receive one message, then your address is deleted."))
            return redirect(consultation)
    context = {"alliance": consultation.alliance, "consultation": consultation, "form": form, "takes": takes}
    return _page(request, "follow", context, form)
