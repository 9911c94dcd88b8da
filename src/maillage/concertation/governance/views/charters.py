"""The charter of a space: its versions, what changed, the decision that adopted it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import references_left
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.charter_text import suggestion
from maillage.concertation.governance.forms import AdoptForm, CharterForm
from maillage.concertation.governance.models import Charter
from maillage.concertation.governance.selectors.texts import charters_of, compare, in_force
from maillage.concertation.governance.views.common import refuse, tabs
from maillage.concertation.models import Space
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may


def _versions(request: HttpRequest, space: Space) -> list[Charter]:
    return charters_of(space, inside=may(request.user, "concertation.view_space_inside", space))


def _version(versions: list[Charter], asked: int | str | None) -> Charter:
    found = next((row for row in versions if str(row.number) == str(asked)), None)
    if found is None:
        raise Http404
    return found


def _decision_url(request: HttpRequest, charter: Charter | None) -> str:
    """Where the reader may follow the decision: it is public, or they are inside and did not withdraw from it."""
    decision = charter.decision if charter else None
    if charter is None or decision is None or decision.reference in references_left(request.user):
        return ""
    if not decision.is_public and not may(request.user, "concertation.view_space_inside", charter.space):
        return ""
    decision.alliance = charter.space.alliance
    return decision.get_absolute_url()


@in_alliance("alliances.view")
def charter(request: HttpRequest, alliance: Alliance, key: uuid.UUID, number: int | None = None) -> HttpResponse:
    """The charter in force, or one of its versions."""
    space, today = find_space(request, alliance, key), alliance.today()
    versions = _versions(request, space)
    shown = _version(versions, number) if number else in_force(versions, today) or next(iter(versions), None)
    if shown is not None:
        shown.space = space
    context = {
        "alliance": alliance, "space": space, "today": today, "versions": versions, "shown": shown,
        "in_force": in_force(versions, today), "decision_url": _decision_url(request, shown),
        "draft": next((row for row in versions if row.adopted_on is None), None),
        "may_edit": may(request.user, "concertation.edit", space), "tabs": tabs(request, space, "charter"),
    }  # fmt: skip
    return render(request, "concertation/governance/charter.html", context)


@in_alliance("alliances.view")
def charter_compare(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What changed between two versions, word by word."""
    space = find_space(request, alliance, key)
    versions = _versions(request, space)
    if len(versions) < 2:
        raise Http404
    newer = _version(versions, request.GET.get("a") or versions[0].number)
    older = _version(versions, request.GET.get("de") or versions[1].number)
    context = {
        "alliance": alliance, "space": space, "versions": versions, "older": older, "newer": newer,
        "pieces": compare(older.text, newer.text),
    }  # fmt: skip
    return render(request, "concertation/governance/charter_compare.html", context)


@in_alliance("concertation.edit")
def charter_write(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Write the next version; a first one begins from a suggested text."""
    space = find_space(request, alliance, key)
    versions = charters_of(space, inside=True)
    language = (get_language() or "fr")[:2]
    begun = {"text": versions[0].text, "language": versions[0].language} if versions else None
    form = CharterForm(request.POST or None, initial=begun or {"text": suggestion(language), "language": language})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_charter(space=space, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(
                request, _("The charter is written. It is in force once a decision of the space adopts it.")
            )
            return redirect("concertation_in:charter", alliance.slug, space.uuid)
    context = {"alliance": alliance, "space": space, "form": form, "suggested": not versions}
    return render(request, "concertation/governance/charter_write.html", context)


@in_alliance("concertation.edit")
def charter_adopt(request: HttpRequest, alliance: Alliance, key: uuid.UUID, number: int) -> HttpResponse:
    """Say which decision adopted this version."""
    space = find_space(request, alliance, key)
    row = _version(charters_of(space, inside=True), number)
    row.space = space
    form = AdoptForm(
        request.POST or None, space=space, left=references_left(request.user), initial={"on": alliance.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.adopt_charter(charter=row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The charter is adopted. The former version stays in the history."))
            return redirect("concertation_in:charter", alliance.slug, space.uuid)
    context = {"alliance": alliance, "space": space, "form": form, "charter": row}
    return render(request, "concertation/governance/charter_adopt.html", context)
