"""Two pages of paper: a sheet against a code or a name, and what two people decide of sheets given without one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.paper import exchanging, keeping
from maillage.participation.paper.models import Batch
from maillage.participation.paper.views import batch_at, head, to_page
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import Access


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@on_consultation("participation.key_paper")
def batch_exchange(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """A code typed or scanned, Enter, a sheet is given, the next one. No code nor name is in any address."""
    found = batch_at(consultation, batch)
    if not keeping.is_tied(consultation):
        raise Http404
    shown: dict[str, Any] = {"typed": "", "error": "", "query": "", "people": None}
    if request.method == "POST":
        if request.POST.get("acte") == "chercher":
            shown["query"] = request.POST.get("nom", "")
            shown["people"] = _people(consultation, shown["query"])
        else:
            try:
                return _never_kept(_given(request, consultation, found))
            except ValidationError as refused:
                shown["error"] = " ".join(refused.messages)
                shown["typed"] = request.POST.get("code", "")
                found = batch_at(consultation, batch)
    context = head(consultation, found) | shown | {
        "nonce": exchanging.new_nonce(), "by_list": consultation.access == Access.LIST,
        "ready": exchanging.is_handed_out(found), "left": found.printed - found.exchanged,
    }  # fmt: skip
    page = render(request, "participation/paper/exchange.html", context, status=422 if shown["error"] else 200)
    return _never_kept(page)


def _never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _given(request: HttpRequest, consultation: Consultation, batch: Batch) -> HttpResponse:
    by, now, nonce = request.user, timezone.now(), request.POST.get("jeton", "")
    if len(nonce) < 16:
        raise ValidationError(_("Load this page again: it is not whole."))
    if request.POST.get("acte") == "donner":
        number = request.POST.get("personne", "")
        known = number.isascii() and number.isdigit() and len(number) < 18
        elector = Elector.objects.filter(consultation=consultation, pk=int(number)).first() if known else None
        if elector is None:
            raise ValidationError(_("This person is not on the list any more."))
        done = exchanging.exchange_person(batch=batch, elector=elector, nonce=nonce, by=by, now=now)
    else:
        code = request.POST.get("code", "")
        done = exchanging.exchange_code(batch=batch, code=code, nonce=nonce, by=by, now=now)
    said = _("Give one sheet of batch %(n)s.") % {"n": batch.number}
    if done.again:
        said = _("Already taken a moment ago: one sheet of batch %(n)s in all.") % {"n": batch.number}
    messages.success(request, said)
    return to_page("batch_exchange", batch)


def _people(consultation: Consultation, typed: str) -> list[tuple[Elector, str]]:
    """Each with what tells apart two people of one name."""
    found = exchanging.people_named(consultation, typed)
    names = [row.person.name for row in found if row.person is not None]
    return [
        (row, _masked(row.person.email) if names.count(row.person.name) > 1 else "")
        for row in found if row.person is not None
    ]  # fmt: skip


def _masked(email: str) -> str:
    name, _at, host = email.partition("@")
    return f"{name[:2]}…@{host}" if host else ""


@require_POST
@on_consultation("participation.key_paper")
def batch_untied(request: HttpRequest, consultation: Consultation, batch: uuid.UUID) -> HttpResponse:
    """Sheets given without a code: one person says why they count, another confirms."""
    found = batch_at(consultation, batch)
    by = request.user
    number = exchanging.to_settle(found)
    try:
        if request.POST.get("acte") == "confirmer":
            exchanging.confirm_untied(batch=found, why=request.POST.get("lu", ""), by=by, now=timezone.now())
            said = ngettext(
                "%(n)s sheet given without a code counts.", "%(n)s sheets given without a code count.", number
            )
            messages.success(request, said % {"n": number})
        else:
            exchanging.propose_untied(batch=found, why=request.POST.get("why", ""), by=by)
            messages.success(request, _("Proposed. A second person confirms."))
    except ValidationError as refused:
        say(request, refused)
    return to_page("batch_compare" if found.state == Batch.State.COMPARED else "batch", found)
