"""What people do about a decision: prepare it, answer, close it. Each posts, then comes back to its page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.interests.selectors import references_left
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance, Person
from maillage.concertation.decisions import services
from maillage.concertation.decisions.forms import (
    AmendForm,
    CloseForm,
    DecisionForm,
    DocumentForm,
    FollowUpForm,
    OpenForm,
    PositionForm,
    RecordForm,
    TaskForm,
    TextForm,
    read_voice,
    write_voice,
)
from maillage.concertation.decisions.models import Decision, DecisionDocument, Objection, Position
from maillage.concertation.decisions.services.common import Late
from maillage.concertation.decisions.services.positions import THEIR_OWN
from maillage.concertation.decisions.views.common import for_act, latest, site_of
from maillage.concertation.decisions.views.pages import asks_deadline, context_of, render_decision
from maillage.concertation.decisions.voices import room_of
from maillage.concertation.decisions.words import stand_words
from maillage.concertation.governance.holders import person_of, setting_of
from maillage.concertation.models import SeatHolder, Space
from maillage.concertation.tasks.services import add_task
from maillage.concertation.vocabulary import Stand
from maillage.core.access import may

View = Callable[..., HttpResponse]


def on_decision(permission: str) -> Callable[[View], View]:
    """Wrap a view about one decision: called ``view(request, decision, …)`` for whoever may do this."""

    def decorate(view: View) -> View:
        @in_alliance("alliances.view")
        @wraps(view)
        def wrapped(
            request: HttpRequest, alliance: Alliance, key: uuid.UUID, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            found = for_act(request, alliance, key, permission)
            return view(request, found, *args, **kwargs) if isinstance(found, Decision) else found

        return wrapped

    return decorate


def _say(request: HttpRequest, refused: ValidationError) -> None:
    messages.error(request, " ".join(refused.messages))


# Preparing


def _space_asked(request: HttpRequest, alliance: Alliance) -> Space | None:
    asked = request.GET.get("espace", "") or request.POST.get("espace", "")
    try:
        key = uuid.UUID(asked)
    except ValueError:
        return None
    found = Space.objects.filter(alliance=alliance, uuid=key).first()
    if found is not None:
        found.alliance = alliance
    return found


@in_alliance("concertation.prepare_decision")
def decision_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Write a proposal: first in which space, then the proposal itself."""
    space = _space_asked(request, alliance)
    if space is None:
        rows = Space.objects.at(alliance.today()).filter(alliance=alliance).order_by("sort_key", "pk")
        spaces = [row for row in rows if may(request.user, "concertation.prepare_decision", _inside(row, alliance))]
        return render(request, "concertation/decisions/choose_space.html", {"alliance": alliance, "spaces": spaces})
    if not may(request.user, "concertation.prepare_decision", space):
        raise PermissionDenied("concertation.prepare_decision")
    setting = setting_of(space, alliance.today())
    initial = {
        "rule": setting.rule, "share_percent": setting.share_percent, "agenda_item": request.GET.get("point", ""),
    }  # fmt: skip
    closed = Decision.objects.filter(alliance=alliance, state=Decision.State.CLOSED)
    asked = _uuid(request.GET.get("suite"))
    after = closed.filter(uuid=asked).first() if asked else None
    if after is not None and not may(request.user, "concertation.view_decision", after):
        after = None
    if after is not None:
        initial |= {"title": after.title}
    left = references_left(request.user)
    form = DecisionForm(request.POST or None, alliance=alliance, space=space, left=left, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_decision(
                space=space, by=request.user, now=timezone.now(), after=after, **form.values()
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The proposal is in preparation. Open it when it is ready."))
            return redirect(made)
    return _decision_form(request, alliance, space, form, None)


def _inside(space: Space, alliance: Alliance) -> Space:
    space.alliance = alliance
    return space


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _decision_form(
    request: HttpRequest, alliance: Alliance, space: Space, form: DecisionForm, decision: Decision | None
) -> HttpResponse:
    context = {"alliance": alliance, "space": space, "form": form, "decision": decision}
    return render(request, "concertation/decisions/form.html", context, status=422 if form.errors else 200)


@on_decision("concertation.prepare_decision")
def decision_edit(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Change a proposal in preparation; once open, what surrounds it only."""
    form = DecisionForm(
        request.POST or None, alliance=decision.alliance, space=decision.space, decision=decision,
        left=references_left(request.user), initial=DecisionForm.initial_of(decision),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.values()
        text, options, concerns = values.pop("text", None), values.pop("options"), values.pop("concerns")
        try:
            services.update_decision(
                decision=decision, changes=values, text=text, options=options, concerns=concerns, by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(decision)
    return _decision_form(request, decision.alliance, decision.space, form, decision)


@require_POST
@on_decision("concertation.prepare_decision")
def decision_open(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Ask the members for their positions; between meetings, until when is said here where it was not before."""
    form = OpenForm(request.POST, alliance=decision.alliance) if asks_deadline(decision) else None
    if form is not None and not form.is_valid():
        return render_decision(request, decision, status=422, open_form=form)
    try:
        found = services.open_decision(
            decision=decision, by=request.user, now=timezone.now(), site=site_of(request),
            closes_at=form.cleaned_data["closes_at"] if form is not None else None,
            tell=request.POST.get("prevenir") != "non",
        )  # fmt: skip
    except ValidationError as refused:
        if form is not None:
            form.refuse(refused)
            return render_decision(request, decision, status=422, open_form=form)
        _say(request, refused)
    else:
        messages.success(request, _("Decision %(code)s is open. Members may take a position.") % {"code": found.code})
    return redirect(decision)


@on_decision("concertation.prepare_decision")
def decision_amend(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Write a new version of the proposal."""
    standing = decision.objections.filter(state__in=["raised", "answered"]).select_related("seat__actor")
    form = AmendForm(
        request.POST or None, objections=list(standing), initial={"text": latest(decision).text, "answers": []}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.amend(
                decision=decision, text=form.cleaned_data["text"], why=form.cleaned_data["why"],
                answers=form.answered(), by=request.user, now=timezone.now(), site=site_of(request),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The new version is there. Those who had answered are asked to look again."))
            return redirect(decision)
    context = {"alliance": decision.alliance, "decision": decision, "form": form}
    return render(request, "concertation/decisions/amend.html", context, status=422 if form.errors else 200)


@require_POST
@on_decision("concertation.prepare_decision")
def decision_take_back(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The proposal is taken back."""
    try:
        services.take_back(decision=decision, by=request.user, now=timezone.now())
    except ValidationError as refused:
        _say(request, refused)
    else:
        messages.success(request, _("The proposal is taken back. What was said about it is kept."))
    return redirect(decision)


@require_POST
@on_decision("concertation.prepare_decision")
def document_add(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Join a file."""
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file, then send again."))
        return redirect(decision)
    file = form.cleaned_data["file"]
    try:
        services.add_document(
            decision=decision, data=file.read(), name=file.name, content_type=file.content_type or "",
            title=form.cleaned_data["title"], by=request.user, now=timezone.now(),
        )  # fmt: skip
    except ValidationError as refused:
        _say(request, refused)
    else:
        messages.success(request, _("The document is joined."))
    return redirect(decision)


@require_POST
@on_decision("concertation.prepare_decision")
def document_remove(request: HttpRequest, decision: Decision, pk: int) -> HttpResponse:
    """Take a file away."""
    row = get_object_or_404(DecisionDocument.objects.select_related("document"), pk=pk, decision=decision)
    row.decision = decision
    try:
        services.remove_document(row=row, by=request.user, now=timezone.now())
    except ValidationError as refused:
        _say(request, refused)
    else:
        messages.success(request, _("The document is taken away."))
    return redirect(decision)


# Answering


def _me(request: HttpRequest, decision: Decision) -> Person:
    person = person_of(request.user, decision.alliance)
    if person is None:
        raise PermissionDenied("concertation.take_position")
    return person


@require_POST
@on_decision("concertation.take_position")
def position_take(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The reader's position. Refused, the page comes back with everything they typed."""
    form = PositionForm(request.POST)
    if not form.is_valid():
        return render_decision(request, decision, status=422, position_form=form)
    values = dict(form.cleaned_data)
    try:
        row = services.take_position(
            decision=decision, key=values.pop("voice"), person=_me(request, decision), by=request.user,
            now=timezone.now(), **values,
        )  # fmt: skip
    except Late as refused:
        decision.refresh_from_db()
        comment = TextForm(initial={"text": form.cleaned_data["why"]})
        return render_decision(request, decision, status=409, text_form=comment, late=" ".join(refused.messages))
    except ValidationError as refused:
        form.refuse(refused)
        return render_decision(request, decision, status=422, position_form=form)
    _thank(request, row)
    return redirect(decision)


def _thank(request: HttpRequest, row: Position) -> None:
    if row.aside == Position.Aside.HOLDER:
        messages.info(request, _("The holder of this seat had already answered: their position stands. Yours is kept."))
    elif row.stand == Stand.WITHDRAWN:
        messages.success(request, _("You withdrew from this decision. You will see nothing more of its deliberation."))
    else:
        messages.success(request, _("Your position is recorded. You may change it until the decision closes."))


@require_POST
@on_decision("concertation.take_position")
def position_comment(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Add a comment to a closed decision."""
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            services.add_comment(
                decision=decision, key=read_voice(request.POST.get("voice", "")), person=_me(request, decision),
                text=form.cleaned_data["text"], by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your comment is added."))
            return redirect(decision)
    return render_decision(request, decision, status=422, text_form=form)


@require_POST
@on_decision("concertation.take_position")
def position_delegate(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Let one's substitute answer, or take it back."""
    person = _me(request, decision)
    holder = get_object_or_404(
        SeatHolder, uuid=_uuid(request.POST.get("siege")), person=person, seat__space=decision.space
    )
    now = timezone.now()
    try:
        if request.POST.get("reprendre"):
            row = decision.delegations.select_related("holder__person").filter(holder=holder, ended_at=None).first()
            if row is not None:
                row.decision = decision
                services.end_delegation(delegation=row, by=request.user, now=now)
            messages.success(request, _("You answer for yourself again."))
        else:
            services.delegate(decision=decision, holder=holder, by=request.user, now=now)
            messages.success(request, _("Your substitute may answer in your place. If you answer too, yours stands."))
    except ValidationError as refused:
        _say(request, refused)
    return redirect(decision)


@on_decision("concertation.record_position")
def position_record(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Enter a position for a member."""
    room = room_of(decision, decision.alliance.today())
    voices = [(write_voice(voice.key), voice.label) for voice in room.voices if not room.is_out(voice)]
    form = RecordForm(request.POST or None, voices=voices, initial={"voice": request.GET.get("pour", "")})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            row = services.record_position(
                decision=decision, key=values.pop("voice"), by=request.user, now=timezone.now(), site=site_of(request),
                **values,
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            if row.waits:
                messages.success(request, _("The position waits for a second person: until then it does not count."))
            else:
                messages.success(request, _("The position is recorded, and marked as entered by you."))
            return redirect(decision)
    context = {"alliance": decision.alliance, "decision": decision, "form": form, "room": room}
    return render(request, "concertation/decisions/record.html", context, status=422 if form.errors else 200)


@on_decision("concertation.record_position")
def position_round(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Everyone speaks in turn: one page for the whole table."""
    room = room_of(decision, decision.alliance.today())
    current = {row.voice: row for row in room.current}
    lines: list[dict[str, Any]] = []
    refused = None
    for voice in room.voices:
        if room.is_out(voice) or voice.seat.pk not in room.in_the_room:
            continue
        key, said = write_voice(voice.key), current.get(voice.key)
        lines.append(
            {
                "voice": voice,
                "key": key,
                "stand": request.POST.get(f"position-{key}", said.stand if said else ""),
                "why": request.POST.get(f"pourquoi-{key}", said.why if said else ""),
                "own": said is not None and said.source in THEIR_OWN,
            }
        )
    if request.method == "POST":
        said_now = {
            line["voice"].key: (line["stand"], line["why"]) for line in lines if line["stand"] and not line["own"]
        }
        try:
            rows = services.record_round(
                decision=decision, said=said_now, by=request.user, now=timezone.now(), site=site_of(request)
            )
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            messages.success(request, _("Positions recorded: %(n)s.") % {"n": len(rows)})
            return redirect(decision)
    context = {
        "alliance": decision.alliance, "decision": decision, "lines": lines, "refused": refused,
        "stands": [(code, stand_words(code)) for code in Stand.values],
    }  # fmt: skip
    return render(request, "concertation/decisions/round.html", context, status=422 if refused else 200)


@require_POST
@on_decision("concertation.confirm_position")
def position_confirm(request: HttpRequest, decision: Decision, position: uuid.UUID) -> HttpResponse:
    """The second person confirms a position recorded in someone's absence, or does not."""
    row = get_object_or_404(Position.objects.select_related("person"), decision=decision, uuid=position)
    row.decision = decision
    refuses = bool(request.POST.get("refuser"))
    service = services.drop_position if refuses else services.confirm_position
    try:
        service(position=row, by=request.user, now=timezone.now())
    except ValidationError as refused:
        _say(request, refused)
    else:
        said = _("It will not count. It is kept.") if refuses else _("Confirmed: this position counts.")
        messages.success(request, said)
    return redirect(decision)


# Objections


def _objection(decision: Decision, key: uuid.UUID) -> Objection:
    row = get_object_or_404(Objection.objects.select_related("seat__actor"), decision=decision, uuid=key)
    row.decision = decision
    return row


@on_decision("concertation.prepare_decision")
def objection_answer(request: HttpRequest, decision: Decision, objection: uuid.UUID) -> HttpResponse:
    """Reply to an objection."""
    row = _objection(decision, objection)
    form = TextForm(request.POST or None, initial={"text": row.answer})
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_objection(
                objection=row, text=form.cleaned_data["text"], by=request.user, now=timezone.now(),
                site=site_of(request),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The answer is sent. Whoever objects may lift the objection or maintain it."))
            return redirect(decision)
    context = {"alliance": decision.alliance, "decision": decision, "form": form, "objection": row}
    return render(request, "concertation/decisions/answer.html", context, status=422 if form.errors else 200)


@require_POST
@on_decision("concertation.take_position")
def objection_maintain(request: HttpRequest, decision: Decision, objection: uuid.UUID) -> HttpResponse:
    """Keep one's objection, whatever was answered."""
    try:
        services.maintain_objection(
            objection=_objection(decision, objection), person=_me(request, decision), by=request.user,
            now=timezone.now(), why=request.POST.get("why", ""),
        )  # fmt: skip
    except ValidationError as refused:
        _say(request, refused)
    else:
        messages.success(request, _("Your objection is maintained. It will be recorded with the decision."))
    return redirect(decision)


# Closing and after


@on_decision("concertation.close_decision")
def decision_close(request: HttpRequest, decision: Decision) -> HttpResponse:
    """See what it comes to by the rule, then close it."""
    form = CloseForm(request.POST or None, initial={"follow_up_on": decision.follow_up_on})
    if request.method == "POST" and form.is_valid():
        try:
            found = services.close_decision(
                decision=decision, by=request.user, now=timezone.now(), site=site_of(request), **form.cleaned_data
            )
        except ValidationError as refused:
            _say(request, refused)
        else:
            messages.success(
                request, _("The decision is closed: %(outcome)s.") % {"outcome": found.get_outcome_display()}
            )
        return redirect(decision)
    if decision.state != Decision.State.OPEN:
        return redirect(decision)
    context = {**context_of(request.user, decision), "form": form}
    return render(request, "concertation/decisions/close.html", context, status=422 if form.errors else 200)


@require_POST
@on_decision("concertation.publish_decision")
def decision_publish(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Show it to everyone."""
    try:
        services.publish_decision(decision=decision, by=request.user, now=timezone.now())
    except ValidationError as refused:
        _say(request, refused)
    else:
        messages.success(request, _("The decision is public, dissent included."))
    return redirect(decision)


@on_decision("concertation.prepare_decision")
def decision_follow_up(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Say what became of it."""
    form = FollowUpForm(request.POST or None, initial={"became": decision.became})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_follow_up(
                decision=decision, by=request.user, today=decision.alliance.today(), **form.cleaned_data
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("What became of the decision is recorded."))
            return redirect(decision)
    context = {"alliance": decision.alliance, "decision": decision, "form": form}
    return render(request, "concertation/decisions/follow_up.html", context, status=422 if form.errors else 200)


@require_POST
@on_decision("concertation.prepare_decision")
def task_add(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Something to do that comes of the decision."""
    form = TaskForm(request.POST, alliance=decision.alliance)
    if not form.is_valid():
        messages.error(request, _("Say what there is to do, and check the date: it is written as 2026-11-20."))
        return redirect(decision)
    add_task(
        alliance=decision.alliance, space=decision.space, decision=decision, by=request.user,
        is_public=decision.is_public, **form.cleaned_data,
    )  # fmt: skip
    messages.success(request, _("The task is given."))
    return redirect(decision)
