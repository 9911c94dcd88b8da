"""The page of results, its files, the count started again."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors import sheets
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation import kinds
from maillage.participation.consultations import evaluating
from maillage.participation.consultations.models import Consultation
from maillage.participation.outreach import showing as outreach
from maillage.participation.results import files, selectors, services, who
from maillage.participation.results.limits import limits, to_come, weak_mark
from maillage.participation.words import words_of


def get(request: HttpRequest, alliance: Alliance, key: uuid.UUID, permission: str) -> Consultation | HttpResponse:
    """The consultation, where this reader may; else the answer to give. Before the publication the public is told that
    it is not there yet, and nothing else."""
    found = selectors.consultation_of(alliance, key)
    if found is None or not may(request.user, "participation.view", found):
        if found is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    found.alliance = alliance
    if may(request.user, permission, found):
        return found
    if permission == "participation.view_results":
        context = {"alliance": alliance, "consultation": found}
        return render(request, "participation/results/not_yet.html", context, status=403)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise PermissionDenied(permission)


@in_alliance("alliances.view")
def results(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What was said, how it was counted, and how to count it again."""
    found = get(request, alliance, key, "participation.view_results")
    if isinstance(found, HttpResponse):
        return found
    return render(request, "participation/results/results.html", context_of(request, found))


def context_of(request: HttpRequest, found: Consultation) -> dict[str, Any]:
    language = (get_language() or "fr")[:2]
    words = words_of(found, language)
    steps = selectors.steps_of(found, words)
    questions = selectors.questions_of(found)
    runs = may(request.user, "participation.run", found)
    first = next((one for one in steps if one.ready and kinds.of(one.step).in_ballot), None)
    for one in steps:
        if one.ready and files.has_files(one.told):
            one.told["drawn"] = [
                (caption, "image.svg" if place == 1 else f"image-{place}.svg")
                for place, (caption, _picture) in enumerate(files.pictures(one.told), start=1)
            ]
        if one.ready and one.result is not None and "labels" in one.told:
            one.told["by_group"] = who.by_group(one.result.data, one.told["labels"], questions, language)
    waiting = [one for one in steps if one.to_count]
    jobs = {one.step.pk: selectors.job_of(one.step) for one in waiting} if runs else {}
    return {
        "alliance": found.alliance,
        "consultation": found,
        "words": words,
        "title": words.title(found),
        "evaluated": evaluating.told(found, request.user, words),
        "steps": steps,
        "several": len(steps) > 1,
        "runs": runs,
        "has_receipts": any(one.ready and one.result and one.result.receipts_file_id for one in steps),
        "published": found.state == Consultation.State.PUBLISHED,
        "waiting": [(one, jobs.get(one.step.pk)) for one in waiting],
        "who": who.who(found, first.result, questions, language) if first is not None and first.result else None,
        "limits": limits(
            found,
            [one.result for one in steps if one.ready and one.result and kinds.of(one.step).in_ballot],
        ),
        "public_ballots": any(one.ready and one.result and one.result.file_id for one in steps),
        "withheld": any(one.withheld for one in steps),
        "late": to_come(found) if found.state == Consultation.State.CLOSED else [],
        "weak": weak_mark(found),
        "when": who.when(found),
        "feedback": selectors.feedback_of(found, request.user),
        "outreach": outreach.told(found, found.alliance.today()),
        "before": False,
    }


@in_alliance("alliances.view")
def results_file(request: HttpRequest, alliance: Alliance, key: uuid.UUID, position: int, name: str) -> HttpResponse:
    """The picture, the table or the document of a step. The ballots themselves are documents of their own."""
    found = get(request, alliance, key, "participation.view_results")
    if isinstance(found, HttpResponse):
        return found
    context = context_of(request, found)
    one = next((one for one in context["steps"] if one.step.position == position and one.ready), None)
    if one is None or not files.has_files(one.told):
        raise Http404
    stem = f"resultats-{position + 1}"
    if name == "tableau.xlsx":
        return sheets.workbook_response(stem, files.sheets(one.told, context["who"], context["outreach"]))
    drawn = re.fullmatch(r"image(?:-([2-9]))?\.svg", name)
    if drawn:
        place = int(drawn[1] or 1) - 1
        pictures = files.pictures(one.told)
        if place >= len(pictures):
            raise Http404
        picture, _words = pictures[place][1]()
        response = HttpResponse(picture, content_type="image/svg+xml")
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    elif name == "resultats.pdf":
        on = alliance.today(found.published_at or one.result.computed_at if one.result else None)
        content = files.pdf(
            found, context["title"], context["steps"], context["who"], context["limits"],
            context["outreach"], context["feedback"], language=(get_language() or "fr")[:2], on=on,
        )  # fmt: skip
        response = HttpResponse(content, content_type="application/pdf")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{stem}{name[name.rindex(".") :]}"'
    return response


@require_POST
@in_alliance("alliances.view")
def recount(request: HttpRequest, alliance: Alliance, key: uuid.UUID, position: int) -> HttpResponse:
    """Start again the count of a step that stopped."""
    found = get(request, alliance, key, "participation.run")
    if isinstance(found, HttpResponse):
        return found
    step = found.steps.filter(position=position).first()
    if step is None:
        raise Http404
    step.consultation = found
    try:
        services.start_count(step=step, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The count is started again. This page says how far it is."))
    return redirect("participation_in:results", alliance.slug, found.uuid)
