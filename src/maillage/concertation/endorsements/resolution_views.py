"""Pages of resolutions: the list, one of them, its draft, its way through the clerk, the page of elected officials."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.actors.interests.selectors import has_withdrawn, must_not_read, references_left
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.endorsements import resolutions
from maillage.concertation.endorsements.forms import (
    AnnounceForm,
    AnswerForm,
    DisclosureForm,
    EndorsementForm,
    PrepareForm,
)
from maillage.concertation.endorsements.gate import ask_first
from maillage.concertation.endorsements.selectors import (
    endorsements_read_by,
    minutes_to_read,
    waiting_for_councils,
)
from maillage.concertation.governance.holders import person_of
from maillage.concertation.models import Endorsement
from maillage.core.access import may

GET_AND_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 10
State = Endorsement.State


def _find(request: HttpRequest, alliance: Alliance, key: uuid.UUID, permission: str) -> Endorsement | HttpResponse:
    """The resolution; the page that says only that the reader withdrew, or asks them; 404 where it is not for them."""
    row = get_object_or_404(
        Endorsement.objects.select_related("council", "decision__space", "decision__agenda_item__meeting"),
        alliance=alliance,
        uuid=key,
    )
    row.alliance = alliance
    if has_withdrawn(request.user, row.reference):
        context = {"alliance": alliance, "title": row.title, "withdrawal": None}
        status = 200 if request.method in {"GET", "HEAD"} else 403
        return render(request, "concertation/endorsements/withdrew.html", context, status=status)
    if must_not_read(request.user, row.reference) and row.decision is not None:
        row.decision.alliance = row.decision.space.alliance = alliance
        refused = ask_first(request, alliance, row.decision)
        if refused is not None:
            return refused
    if not may(request.user, permission, row):
        raise Http404
    return row


@in_alliance("alliances.view")
@require_safe
def endorsements(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What was asked of councils, and what they answered."""
    page = Paginator(endorsements_read_by(request.user, alliance), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.alliance = alliance
    context = {
        "alliance": alliance,
        "page": page,
        "may_prepare": may(request.user, "concertation.prepare_endorsement", alliance),
        "may_read_for_council": may(request.user, "concertation.read_for_council", alliance),
    }
    return render(request, "concertation/endorsements/endorsements.html", context)


@in_alliance("alliances.view")
@require_safe
def endorsement(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """One resolution: its words, its dates, the answer, the interests disclosed."""
    row = _find(request, alliance, key, "concertation.view_endorsement")
    if isinstance(row, HttpResponse):
        return row
    prepares = may(request.user, "concertation.prepare_endorsement", row)
    announces = may(request.user, "concertation.announce_interest", row) and row.state == State.SENT
    inside = prepares or announces
    disclosed = row.interests.all() if prepares else row.interests.exclude(disclosed_on=None)
    context = {
        "alliance": alliance,
        "row": row,
        "lines": resolutions.formal(row),
        "minutes": minutes_to_read(row),
        "answers": list(row.answers.all()),
        "disclosed": list(disclosed),
        "prepares": prepares,
        "announces": announces,
        "inside": inside,
        "answer_form": AnswerForm(initial={"on": row.session_on}) if prepares and row.state == State.SENT else None,
        "disclosure_form": _disclosure_form(row) if prepares and row.state != State.DRAFT else None,
        "announce_form": AnnounceForm(auto_id="announce_%s") if announces else None,
    }
    return render(request, "concertation/endorsements/endorsement.html", context)


def _disclosure_form(row: Endorsement) -> DisclosureForm:
    initial = {"disclosed_on": row.answered_on or row.session_on, "abstained": True}
    return DisclosureForm(initial=initial, auto_id="interest_%s")


@in_alliance("concertation.prepare_endorsement")
@require_http_methods(GET_AND_POST)
def endorsement_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Choose what is to be endorsed and by whom: a first draft follows."""
    left = references_left(request.user)
    initial = {"decision": request.GET.get("decision")}
    form = PrepareForm(
        request.POST if request.method == "POST" else None, alliance=alliance, left=left, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = resolutions.prepare(alliance=alliance, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Here is a first draft. Reread it before it goes to the clerk."))
            return redirect("concertation_in:endorsement_edit", alliance.slug, made.uuid)
    return render(request, "concertation/endorsements/endorsement_new.html", {"alliance": alliance, "form": form})


@in_alliance("concertation.prepare_endorsement")
@require_http_methods(GET_AND_POST)
def endorsement_edit(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Correct the draft, its dates, and whether the public sees it."""
    row = _find(request, alliance, key, "concertation.prepare_endorsement")
    if isinstance(row, HttpResponse):
        return row
    form = EndorsementForm(request.POST if request.method == "POST" else None, initial=EndorsementForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            resolutions.edit(endorsement=row, changes=form.values(), by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(row)
    context = {"alliance": alliance, "row": row, "form": form}
    return render(request, "concertation/endorsements/endorsement_edit.html", context)


@in_alliance("alliances.view")
@require_safe
def endorsement_file(request: HttpRequest, alliance: Alliance, key: uuid.UUID, form: str) -> HttpResponse:
    """The draft resolution as PDF, or as plain text to paste in the clerk's own form."""
    row = _find(request, alliance, key, "concertation.view_endorsement")
    if isinstance(row, HttpResponse):
        return row
    if form == "txt":
        response = HttpResponse(resolutions.as_text(row), content_type="text/plain; charset=utf-8")
    elif form == "pdf":
        response = HttpResponse(resolutions.as_pdf(row, alliance.today()), content_type="application/pdf")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="resolution-{row.pk}.{form}"'
    return response


@require_POST
@in_alliance("concertation.prepare_endorsement")
def endorsement_send(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say that the draft went to the clerk today."""
    row = _find(request, alliance, key, "concertation.prepare_endorsement")
    if isinstance(row, HttpResponse):
        return row
    try:
        resolutions.send(endorsement=row, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("It is marked as sent to the clerk today."))
    return redirect(row)


@in_alliance("concertation.prepare_endorsement")
@require_http_methods(GET_AND_POST)
def endorsement_answer(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Write the council's answer."""
    row = _find(request, alliance, key, "concertation.prepare_endorsement")
    if isinstance(row, HttpResponse):
        return row
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"on": row.session_on})
    if request.method == "POST" and form.is_valid():
        try:
            resolutions.answer(endorsement=row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The council’s answer is kept."))
            return redirect(row)
    context = {"alliance": alliance, "row": row, "form": form, "heading": _("The council’s answer")}
    return render(request, "concertation/endorsements/endorsement_form.html", context)


@in_alliance("concertation.prepare_endorsement")
@require_http_methods(GET_AND_POST)
def endorsement_interest(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Write the interest that an elected person disclosed."""
    row = _find(request, alliance, key, "concertation.prepare_endorsement")
    if isinstance(row, HttpResponse):
        return row
    form = DisclosureForm(request.POST if request.method == "POST" else None, initial=_disclosure_form(row).initial)
    if request.method == "POST" and form.is_valid():
        try:
            resolutions.disclose(endorsement=row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The disclosure is kept with the resolution."))
            return redirect(row)
    context = {"alliance": alliance, "row": row, "form": form, "heading": _("Interest disclosed")}
    return render(request, "concertation/endorsements/endorsement_form.html", context)


@in_alliance("concertation.read_for_council")
@require_http_methods(GET_AND_POST)
def endorsement_announce(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """An elected person says beforehand that they have an interest."""
    row = _find(request, alliance, key, "concertation.announce_interest")
    if isinstance(row, HttpResponse):
        return row
    form = AnnounceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = person_of(request.user, alliance)
        try:
            resolutions.disclose(endorsement=row, by=request.user, person=person, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("It is noted. The law still asks you to disclose it in session."))
            return redirect("concertation_in:for_councils", alliance.slug)
    context = {"alliance": alliance, "row": row, "form": form, "heading": _("I have an interest")}
    return render(request, "concertation/endorsements/endorsement_form.html", context)


@in_alliance("concertation.read_for_council")
@require_safe
def for_councils(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The one page of elected officials: what waits for them, each item read in two minutes."""
    page = Paginator(waiting_for_councils(request.user, alliance), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.alliance = alliance
    context = {
        "alliance": alliance,
        "page": page,
        "items": [(row, minutes_to_read(row), [line for line in row.resolved.splitlines() if line]) for row in page],
        "announces": may(request.user, "concertation.announce_interest", alliance),
    }
    return render(request, "concertation/endorsements/for_councils.html", context)
