"""The room: one page for the person who takes notes. It works without a script; with one, everything saves itself."""

from __future__ import annotations

import json
import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.models import Actor
from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.concertation.governance.selectors.conditions import promises_of
from maillage.concertation.meetings.views.common import in_meeting
from maillage.concertation.minutes import attendance, notes, room
from maillage.concertation.minutes.forms import DecisionForm, GuestForm, PeopleForm, SpeakingForm, TaskForm
from maillage.concertation.minutes.models import Attendance, Note, NoteVersion
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core.access import may
from maillage.core.formats import time

TAKES_NOTES = "concertation.take_notes"
EMPTY = {"open": "", "task": {"title": "", "owner": "", "due_on": ""}, "decision": {"title": "", "text": ""}}
"""The small forms of a point, before anything is typed."""
STATUS = {"too-long": 413, "closed": 409}


def room_url(meeting: Meeting, anchor: str = "") -> str:
    address = reverse("concertation_in:room", args=[meeting.alliance.slug, meeting.uuid])
    return f"{address}#{anchor}" if anchor else address


def back(meeting: Meeting, anchor: str = "") -> HttpResponse:
    return redirect(room_url(meeting, anchor))


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in (request.content_type or "", request.headers.get("Accept", ""))


def said(meeting: Meeting, moment: Any) -> str:
    return _("Saved at %(hour)s") % {"hour": time(moment, meeting.alliance.time_zone)}


def find_item(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> AgendaItem:
    """The agenda item, where the reader may take notes on it; 404 where they withdrew from it."""
    found = get_object_or_404(AgendaItem, meeting=meeting, uuid=item)
    found.meeting = meeting
    if not may(request.user, TAKES_NOTES, found):
        raise Http404
    return found


@in_meeting(TAKES_NOTES)
def room_page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Attendance, notes, what is decided and given to do, on one page."""
    return show(request, meeting)


def show(
    request: HttpRequest, meeting: Meeting, *, typed: dict[int, str] | None = None, status: int = 200,
    captured: dict[int, Any] | None = None, **forms: Any,
) -> HttpResponse:  # fmt: skip
    """``typed``, ``captured``: texts, tasks and decisions that could not be saved, by agenda item: they stay in their
    fields."""
    seats = room.seat_lines(meeting)
    lines = room.item_lines(meeting, request.user)
    colleges = sorted({line.seat.actor.type for line in seats} | {ActorType.CITIZENS.value}, key=TYPE_ORDER.__getitem__)
    guests = list(Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.GUEST))
    people = dict(
        Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.CITIZENS).values_list("type", "people")
    )
    speaking = room.speaking_of(meeting)
    context = {
        "alliance": meeting.alliance,
        "meeting": meeting,
        "rows": seats,
        "seats": len(seats),
        "there": sum(line.state != attendance.ABSENT for line in seats),
        "guests": guests,
        "guest_form": forms.get("guest_form") or GuestForm(),
        "people_form": forms.get("people_form") or PeopleForm(initial=people),
        "speaking_form": forms.get("speaking_form") or SpeakingForm(colleges=colleges, speaking=speaking),
        "spoken": bool(speaking),
        "lines": [_line(line, typed or {}, captured or {}) for line in lines],
        "owners": TaskForm(actors=[line.seat.actor for line in seats]).fields["owner"].choices,  # type: ignore[attr-defined]
        "unsaved": bool(typed),
        "tasks_url": f"{reverse('concertation_in:tasks', args=[meeting.alliance.slug])}?rencontre={meeting.uuid}",
        "minutes_url": _optional("minutes", meeting),
        "conditions_url": _optional("conditions_kept", meeting) if promises_of(meeting.space, meeting.day) else "",
        "signed": request.user.pk,
        "most": notes.MOST_BYTES,
    }
    return render(request, "concertation/minutes/room.html", context, status=status)


def _optional(name: str, meeting: Meeting) -> str:
    try:
        return reverse(f"concertation_in:{name}", args=[meeting.alliance.slug, meeting.uuid])
    except NoReverseMatch:
        return ""


def _line(line: room.ItemLine, typed: dict[int, str], captured: dict[int, Any]) -> dict[str, Any]:
    item = line.item
    if item is None:
        return {"number": line.number, "item": None, "asked": line.asked}
    text = typed.get(item.pk, line.note.text if line.note else "")
    return {
        "number": line.number,
        "item": item,
        "text": text,
        "version": line.note.version if line.note else 0,
        "saved_at": line.note.saved_at if line.note and line.note.version else None,
        "beside": line.beside,
        "decisions": line.decisions,
        "tasks": line.tasks,
        "key": secrets.token_urlsafe(16),
        "captured": {**EMPTY, **captured.get(item.pk, {})},
        "open": bool(text.strip() or line.beside or item.pk in typed or item.pk in captured),
    }


# Notes


@in_meeting(TAKES_NOTES)
def room_state(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What the page asks now and then: the version of each note, and a token to send with."""
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("pk")
    left = room.items_withheld(request.user, rows)
    versions = {
        str(key): version or 0 for pk, key, version in rows.values_list("pk", "uuid", "note__version") if pk not in left
    }
    return JsonResponse({"csrf": get_token(request), "items": versions}, headers={"Cache-Control": "no-store"})


def _beside(rows: list[NoteVersion], meeting: Meeting) -> list[dict[str, Any]]:
    return [
        {
            "text": row.text,
            "at": time(row.at, meeting.alliance.time_zone),
            "url": reverse(
                "concertation_in:note_settle",
                args=[meeting.alliance.slug, meeting.uuid, row.note.item.uuid, row.pk],
            ),
        }
        for row in rows
    ]


def _waiting(item: AgendaItem) -> list[NoteVersion]:
    rows = NoteVersion.objects.filter(note__item=item, merged=False, settled_at=None)
    return list(rows.select_related("note__item").order_by("number"))


@in_meeting(TAKES_NOTES)
def note(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Read a note, or save it: as JSON from the page's script, as a form without it."""
    found = find_item(request, meeting, item)
    if request.method != "POST":
        kept = Note.objects.filter(item=found).first()
        data = {
            "version": kept.version if kept else 0,
            "text": kept.text if kept else "",
            "beside": _beside(_waiting(found), meeting),
        }
        return JsonResponse(data, headers={"Cache-Control": "no-store"})
    as_json = request.content_type == "application/json"
    try:
        asked = _asked_json(request) if as_json else _asked_form(request)
    except (ValueError, TypeError, KeyError):
        words = _("The page sent something unreadable. Load it again: your text stays in it.")
        return JsonResponse({"error": words}, status=400)
    now = timezone.now()
    try:
        saved = notes.save_note(item=found, by=request.user, now=now, **asked)
    except ValidationError as refused:
        status = STATUS.get(refused.code or "", 400)
        if as_json:
            return JsonResponse({"error": " ".join(refused.messages), "code": refused.code}, status=status)
        messages.error(request, " ".join(refused.messages))
        return show(request, meeting, typed={found.pk: asked["text"]}, status=status)
    if as_json:
        return JsonResponse(_saved(saved, asked["text"], meeting, found))
    if saved.merged:
        messages.success(request, said(meeting, now))
    else:
        messages.warning(request, _("Someone wrote at the same place. Your text is kept beside: choose below."))
    return back(meeting, f"point-{found.uuid}")


def _asked_json(request: HttpRequest) -> dict[str, Any]:
    data = json.loads(request.body)
    text, base = data["text"], data["base"]
    if not isinstance(text, str) or not isinstance(base, int) or isinstance(base, bool) or not 0 <= base < 2**31:
        raise TypeError
    return {
        "text": text, "base_version": base, "from_sent": data.get("sent") is True, "key": str(data["key"]),
        "writer": str(data.get("writer", "")),
    }  # fmt: skip


def _asked_form(request: HttpRequest) -> dict[str, Any]:
    base = request.POST["base"]
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        raise ValueError
    return {"text": request.POST["text"], "base_version": int(base), "key": request.POST["key"]}


def _saved(saved: notes.Saved, text: str, meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    return {
        "number": saved.number,
        "version": saved.note.version,
        # Where nobody else wrote, the page has it already.
        "text": None if saved.note.text == text else saved.note.text,
        "merged": saved.merged,
        "beside": _beside(_waiting(item), meeting),
        "said": said(meeting, saved.note.saved_at),
    }


@require_POST
@in_meeting(TAKES_NOTES)
def note_settle(request: HttpRequest, meeting: Meeting, item: uuid.UUID, pk: int) -> HttpResponse:
    """Choose what becomes of a text that waits beside a note."""
    found = find_item(request, meeting, item)
    version = get_object_or_404(NoteVersion.objects.select_related("note"), note__item=found, pk=pk, merged=False)
    version.note.item = found
    choice = request.POST.get("choix", "")
    if choice not in {notes.BOTH, notes.MINE, notes.DROP}:
        raise Http404
    try:
        kept = notes.settle(version=version, choice=choice, by=request.user, now=timezone.now())
    except ValidationError as refused:
        if wants_json(request):
            return JsonResponse({"error": " ".join(refused.messages)}, status=STATUS.get(refused.code or "", 400))
        messages.error(request, " ".join(refused.messages))
        return back(meeting, f"point-{found.uuid}")
    if wants_json(request):
        data = {"version": kept.version, "text": kept.text, "beside": _beside(_waiting(found), meeting)}
        return JsonResponse(data)
    messages.success(request, _("Chosen. The other text stays among the versions of the note."))
    return back(meeting, f"point-{found.uuid}")


# Who is there


@require_POST
@in_meeting(TAKES_NOTES)
def attendance_post(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Note who is there: every seat of the form, or the one that was tapped."""
    seats = {
        int(name[6:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("siege-") and name[6:].isascii() and name[6:].isdigit() and len(name) < 22
    }
    people, form = None, None
    if "personnes" in request.POST:
        form = PeopleForm(request.POST)
        if not form.is_valid():
            return show(request, meeting, people_form=form)
        people = form.people()
    try:
        attendance.set_attendance(meeting=meeting, seats=seats, people=people, by=request.user, now=timezone.now())
    except ValidationError as refused:
        if wants_json(request):
            return JsonResponse({"error": " ".join(refused.messages)}, status=400)
        messages.error(request, " ".join(refused.messages))
        return show(request, meeting, people_form=form)
    if wants_json(request):
        there = Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT).count()
        return JsonResponse({"there": there, "said": said(meeting, timezone.now())})
    messages.success(request, _("Attendance is noted."))
    return back(meeting, "presences")


@require_POST
@in_meeting(TAKES_NOTES)
def guest_add(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Note a guest."""
    form = GuestForm(request.POST)
    if form.is_valid():
        try:
            attendance.add_guest(meeting=meeting, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            return back(meeting, "invites")
    return show(request, meeting, guest_form=form)


@require_POST
@in_meeting(TAKES_NOTES)
def guest_remove(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """The guest was noted by mistake."""
    guest = get_object_or_404(Attendance, meeting=meeting, kind=Attendance.Kind.GUEST, pk=pk)
    guest.meeting = meeting
    attendance.remove_guest(guest=guest, by=request.user)
    return back(meeting, "invites")


@require_POST
@in_meeting(TAKES_NOTES)
def speaking(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """How long each college spoke: minutes typed, or seconds from the page's script."""
    if request.content_type == "application/json":
        try:
            data = json.loads(request.body)
            seconds = {str(code): int(value) for code, value in dict(data["seconds"]).items()}
        except (ValueError, TypeError, KeyError):
            return JsonResponse({"error": ""}, status=400)
        try:
            attendance.set_speaking(meeting=meeting, seconds=seconds, by=request.user)
        except ValidationError as refused:
            return JsonResponse({"error": " ".join(refused.messages)}, status=400)
        return JsonResponse({"said": said(meeting, timezone.now())})
    form = SpeakingForm(request.POST, colleges=list(ActorType.values), speaking={})
    if not form.is_valid():
        return show(request, meeting, speaking_form=form)
    attendance.set_speaking(meeting=meeting, seconds=form.seconds(), by=request.user)
    messages.success(request, _("Speaking time is noted."))
    return back(meeting, "parole")


# What is decided and given to do


@require_POST
@in_meeting(TAKES_NOTES)
def task_capture(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """A task given in the meeting."""
    found = find_item(request, meeting, item)
    actors = list(Actor.objects.filter(seats__space=meeting.space).distinct())
    form = TaskForm(request.POST, actors=actors)
    if form.is_valid():
        values = form.cleaned_data
        owner = next((actor for actor in actors if str(actor.pk) == values["owner"]), None)
        room.capture_task(item=found, title=values["title"], owner=owner, due_on=values["due_on"], by=request.user)
        messages.success(request, _("The task is noted. Its owner is reminded three days before the date."))
        return back(meeting, f"point-{found.uuid}")
    return _refused(request, meeting, found, "task", form)


def _refused(request: HttpRequest, meeting: Meeting, item: AgendaItem, what: str, form: Any) -> HttpResponse:
    """The page again, with what was typed and why it was not kept."""
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    typed = {name: form.data.get(name, "") for name in form.fields}
    return show(request, meeting, captured={item.pk: {"open": what, what: typed}})


@require_POST
@in_meeting(TAKES_NOTES)
def decision_capture(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """A decision heard in the meeting, kept in preparation."""
    found = find_item(request, meeting, item)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            room.capture_decision(item=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The proposal is kept. Open it, and note the positions, on its own page."))
            return back(meeting, f"point-{found.uuid}")
    return _refused(request, meeting, found, "decision", form)


# Beginning and end


@require_POST
@in_meeting(TAKES_NOTES)
def room_move(request: HttpRequest, meeting: Meeting, step: str) -> HttpResponse:
    """Begin, end, or open again."""
    if step not in {"debut", "fin"}:
        raise PermissionDenied
    now = timezone.now()
    try:
        if step == "debut":
            room.begin(meeting=meeting, by=request.user, now=now)
            messages.success(request, _("The meeting is under way."))
        else:
            room.end(meeting=meeting, by=request.user, now=now)
            messages.success(request, _("The meeting is over. Its attendance is in the record of participation."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return back(meeting)
