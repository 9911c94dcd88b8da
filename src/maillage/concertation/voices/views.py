"""Missing voices: the grid anyone reads, the history members read, what the agent asks and gives."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.forms import capital
from maillage.actors.selectors import sees_all, vocabulary
from maillage.actors.vocabulary import Scheme
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.selectors import spaces_of
from maillage.concertation.voices import selectors, services
from maillage.concertation.voices.forms import ApproachForm, NumberForm, OutcomeForm, VoiceForm
from maillage.concertation.voices.models import Approach, WantedVoice
from maillage.concertation.voices.words import voice_label
from maillage.core.access import may

PER_PAGE = 10


@in_alliance("alliances.view")
def voices(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Present, wanted, missing: the grid, and voice by voice. Who was approached is not here."""
    today, everything = alliance.today(), sees_all(request.user, alliance)
    words = vocabulary(alliance)
    spaces = list(spaces_of(alliance, today, everything=everything))
    space = next((one for one in spaces if str(one.uuid) == request.GET.get("espace")), None)
    scale = request.GET.get("palier", "")
    scale = scale if scale in {word.code for word in words[Scheme.SCALE]} else ""
    present = selectors.present_actors(alliance, today, everything=everything, space=space)
    wanted = list(selectors.wanted_voices(alliance, today))
    rows = selectors.counted(wanted, present, alliance, words)
    context = {
        "alliance": alliance,
        "rows": rows,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "missing": [row for row in rows if row.missing],
        "present": len(present),
        "grid": selectors.grid(present, wanted, words, scale) if present or wanted else None,
        "spaces": spaces,
        "space": space,
        "scales": [(word.code, capital(word.label)) for word in words[Scheme.SCALE]],
        "scale": scale,
        "inside": may(request.user, "concertation.view_approaches", alliance),
        "may_edit": may(request.user, "concertation.want_voices", alliance),
    }
    return render(request, "concertation/voices/voices.html", context)


def _find(alliance: Alliance, key: uuid.UUID) -> WantedVoice:
    voice = get_object_or_404(WantedVoice, alliance=alliance, uuid=key)
    voice.alliance = alliance
    return voice


@in_alliance("concertation.view_approaches")
def voice(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """One voice, and everything that was tried for it: for members."""
    found = _find(alliance, key)
    today, words = alliance.today(), vocabulary(alliance)
    everything = sees_all(request.user, alliance)
    present = selectors.present_actors(alliance, today, everything=everything)
    [row] = selectors.counted([found], present, alliance, words)
    page = Paginator(selectors.approaches_of(found), PER_PAGE).get_page(request.GET.get("page"))
    lines = []
    for approach in page.object_list:
        approach.voice = found
        by = approach.task.owner_actor
        lines.append(
            {
                "approach": approach,
                "by": by if by is not None and (everything or by.is_public) else None,
                "joined": approach.actor if approach.actor and (everything or approach.actor.is_public) else None,
                "may_tell": may(request.user, "concertation.tell_approach", approach),
            }
        )
    context = {
        "alliance": alliance,
        "row": row,
        "voice": found,
        "page": page,
        "lines": lines,
        "today": today,
        "may_edit": may(request.user, "concertation.want_voices", alliance),
    }
    return render(request, "concertation/voices/voice.html", context)


@in_alliance("concertation.want_voices")
def voice_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The alliance says it wants a voice."""
    form = VoiceForm(request.POST or None, alliance=alliance)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.want_voice(alliance=alliance, by=request.user, since=alliance.today(), **form.cleaned_data)
        except ValidationError as refused:
            _told(form, refused)
        else:
            messages.success(request, _("“%(voice)s” is now wanted.") % {"voice": voice_label(made)})
            return redirect("concertation_in:voices", alliance.slug)
    return _form(request, alliance, form, _("Add a wanted voice"), _("Add this voice"))


@in_alliance("concertation.want_voices")
def voice_edit(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Another number, another reason."""
    found = _find(alliance, key)
    form = NumberForm(request.POST or None, initial={"number": found.number, "why": found.why})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_voice(voice=found, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            _told(form, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(found)
    return _form(request, alliance, form, voice_label(found), _("Save the changes"), found)


@require_POST
@in_alliance("concertation.want_voices")
def voice_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The alliance no longer asks for it, from today."""
    found = _find(alliance, key)
    try:
        services.end_voice(voice=found, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("This voice is no longer wanted; what was tried is kept."))
    return redirect("concertation_in:voices", alliance.slug)


@in_alliance("concertation.want_voices")
def approach_new(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Give someone the task of reaching out."""
    found = _find(alliance, key)
    form = ApproachForm(request.POST or None, alliance=alliance, today=alliance.today())
    if request.method == "POST" and form.is_valid():
        try:
            services.give_approach(voice=found, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            _told(form, refused)
        else:
            messages.success(request, _("The task is given; it is reminded on its day."))
            return redirect(found)
    title = _("Reach out: %(voice)s") % {"voice": voice_label(found)}
    return _form(request, alliance, form, title, _("Give this task"), found)


@in_alliance("concertation.view_approaches")
def approach_outcome(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say what came of an approach: whoever steers, or the person to whom it was given."""
    approach = get_object_or_404(
        Approach.objects.select_related("voice", "task__owner_person"), voice__alliance=alliance, uuid=key
    )
    approach.voice.alliance = alliance
    if not may(request.user, "concertation.tell_approach", approach):
        raise PermissionDenied("concertation.tell_approach")
    today = alliance.today()
    form = OutcomeForm(
        request.POST or None, alliance=alliance, today=today, everything=sees_all(request.user, alliance),
        initial={"on": today},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.tell_approach(approach=approach, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            _told(form, refused)
        else:
            messages.success(request, _("Thank you: what came of it is kept."))
            return redirect(approach.voice)
    return _form(request, alliance, form, approach.whom, _("Keep this outcome"), approach.voice)


def _told(form: Any, refused: ValidationError) -> None:
    """Each refusal beside its field, or above the form."""
    if hasattr(refused, "error_dict"):
        for name, errors in refused.message_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refused.messages)


def _form(
    request: HttpRequest, alliance: Alliance, form: Any, title: str, action: str, voice: WantedVoice | None = None
) -> HttpResponse:
    context = {"alliance": alliance, "form": form, "title": title, "action": action, "voice": voice}
    return render(request, "concertation/voices/form.html", context)
