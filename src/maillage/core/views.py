from __future__ import annotations

import uuid as uuids

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language

from maillage.core import contributions, jobs, mail, search, withholding
from maillage.core.access import may, public, require
from maillage.core.models import Document, Job, MailMessage

PAGE = 25


def _refused(request: HttpRequest) -> HttpResponse:
    """Sign-in for the anonymous, 404 for the others: neither learns whether the address exists."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


@public
def document(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """A file, as attachment, to whom its rule allows."""
    found = Document.objects.filter(uuid=uuid).first()
    if found is None or not may(request.user, found.rule, found):
        return _refused(request)
    if found.expires_at is not None and found.expires_at <= timezone.now():
        return render(request, "core/document_gone.html", {"document": found}, status=410)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        return render(request, "core/document_gone.html", {"document": found}, status=410)
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@public
def job(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """How far a job is. Its owner, or whom its rule allows; the fragment alone when htmx asks."""
    found = Job.objects.filter(uuid=uuid).first()
    allowed = found is not None and (
        (request.user.is_authenticated and found.owner_id == request.user.pk)
        or (bool(found.rule) and may(request.user, found.rule, found))
    )
    if found is None or not allowed:
        return _refused(request)
    template = "core/job_state.html" if request.headers.get("HX-Request") else "core/job.html"
    context = {
        "job": found,
        "label": jobs.label(found.kind),
        "share": found.done / found.total if found.total else 0,
        "mine": found.owner_id == request.user.pk,
    }
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


def job_list(request: HttpRequest) -> HttpResponse:
    """One's own jobs, the newest first."""
    page = Paginator(Job.objects.filter(owner_id=request.user.pk), PAGE).get_page(request.GET.get("page"))
    rows = [(row, jobs.label(row.kind)) for row in page]
    return render(request, "core/job_list.html", {"page": page, "rows": rows})


def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails of the last thirty days, for the operator."""
    require(request.user, "core.read_mail")
    page = Paginator(MailMessage.objects.defer("text", "html", "headers", "attachments"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "kept_days": mail.KEPT_DAYS, "has_server": bool(settings.MAIL_SERVER)}
    return render(request, "core/mail_list.html", context)


def mail_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One mail, as text; what would open a door in someone's name is masked in production."""
    require(request.user, "core.read_mail")
    found = get_object_or_404(MailMessage, uuid=uuid)
    text = mail.masked(found.text) if settings.PRODUCTION else found.text
    return render(request, "core/mail_detail.html", {"message": found, "text": text, "masked": settings.PRODUCTION})


@public
def search_everywhere(request: HttpRequest) -> HttpResponse:
    """The public side of every open alliance: what holds these words."""
    text = " ".join(request.GET.get("q", "").split())[:200]
    asked = request.GET.get("page", "")
    number = min(int(asked), 500) if asked.isdecimal() and 0 < len(asked) < 5 else 1
    number = max(1, number)
    left = withholding.references_left(request.user)
    found = search.find(text, left=left, limit=PAGE, offset=(number - 1) * PAGE)
    if found.total and not found.results:
        number = -(-found.total // PAGE)
        found = search.find(text, left=left, limit=PAGE, offset=(number - 1) * PAGE)
    labels = {item.kind: item.label for item in contributions.search}
    language = get_language() or "fr"
    hits = [(hit, labels.get(hit.kind, hit.kind), translate_url(hit.url, language)) for hit in found.results]
    page = Paginator(range(found.total), PAGE).get_page(number)
    context = {"text": text, "hits": hits, "total": found.total, "page": page}
    return render(request, "core/search.html", context)
