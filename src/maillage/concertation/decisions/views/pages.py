"""The page of a decision, the comparison of its versions, and its documents."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance, Person
from maillage.concertation.decisions import selectors, words
from maillage.concertation.decisions.differences import compare
from maillage.concertation.decisions.forms import DocumentForm, OpenForm, PositionForm, TaskForm, TextForm, write_voice
from maillage.concertation.decisions.models import Decision, DecisionConcern
from maillage.concertation.decisions.outcome import Result
from maillage.concertation.decisions.selectors import picture_of
from maillage.concertation.decisions.views.common import get, to_read
from maillage.concertation.decisions.voices import Room
from maillage.concertation.governance.holders import holds_seat, person_of
from maillage.concertation.vocabulary import Stand
from maillage.core import contributions
from maillage.core.access import may


@in_alliance("alliances.view")
def decision(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The page of one decision, as its reader may see it."""
    found = get(alliance, key)
    refused = to_read(request, found)
    if refused is not None:
        return refused
    return render_decision(request, found)


def render_decision(
    request: HttpRequest,
    found: Decision,
    *,
    status: int = 200,
    position_form: PositionForm | None = None,
    text_form: TextForm | None = None,
    open_form: OpenForm | None = None,
    late: str = "",
) -> HttpResponse:
    """The page, with a refused form if there is one: nothing typed is lost."""
    context = context_of(request.user, found)
    person = person_of(request.user, found.alliance) if context["inside"] else None
    if person is not None and context["picture"].room is not None:
        context["mine"] = own(context["picture"].room, person, position_form)
        context["watches"] = not context["mine"] and holds_seat(request.user, found.space, found.alliance.today())
    context |= {"text_form": text_form, "late": late, "refused": position_form}
    if open_form is not None:
        context["open_form"] = open_form
    return render(request, "concertation/decisions/decision.html", context, status=status)


def asks_deadline(found: Decision) -> bool:
    """It opens between meetings, and nobody said until when members may answer."""
    return found.state == Decision.State.DRAFT and found.agenda_item_id is None and found.closes_at is None


def opens_too_late(found: Decision, now: dt.datetime) -> bool:
    """A draft whose written deadline has passed: it cannot open before another one is written."""
    return found.state == Decision.State.DRAFT and found.closes_at is not None and found.closes_at <= now


def context_of(user: Any, found: Decision) -> dict[str, Any]:
    """What the page of a decision shows to this reader."""
    now, today = timezone.now(), found.alliance.today()
    inside = may(user, "concertation.read_deliberation", found)
    prepares = may(user, "concertation.prepare_decision", found)
    picture = picture_of(found, inside=inside, day=today)
    versions = list(found.versions.order_by("-number"))
    is_open = found.state == Decision.State.OPEN
    past = bool(found.closes_at and found.closes_at <= now)
    tasks = found.tasks.select_related("owner_actor", "owner_person").order_by("due_on", "pk")
    concerns = list(found.concerns.select_related("actor").order_by("how", "actor__sort_key"))
    return {
        "alliance": found.alliance,
        "decision": found,
        "inside": inside,
        "picture": picture,
        "result": picture.result,
        "headline": words.headline(picture.result, some_apart=bool(picture.apart)),
        "explanation": words.explanation(picture.result, found.share_percent, figures=not picture.apart),
        "apart": words.apart(picture.apart) if picture.apart else "",
        "presence": words.presence(picture.result),
        "marks": marks_of(picture.result),
        "tally_words": words.tally_words(picture.result),
        "rule_words": words.rule_words(found),
        "version": versions[0],
        "former_version": versions[1] if len(versions) > 1 else None,
        "is_open": is_open,
        "is_closed": found.state == Decision.State.CLOSED,
        "past": past,
        "opens_too_late": opens_too_late(found, now),
        "takes_answers": is_open and not past,
        "mine": [],
        "watches": False,
        "may_prepare": prepares,
        "may_record": is_open and not past and may(user, "concertation.record_position", found),
        "may_confirm": is_open and may(user, "concertation.confirm_position", found),
        "may_close": is_open and may(user, "concertation.close_decision", found),
        "may_publish": found.state == Decision.State.CLOSED
        and not found.is_public
        and may(user, "concertation.publish_decision", found),
        "user_pk": getattr(user, "pk", None),
        "concerns": [row for row in concerns if inside or row.actor.is_public],
        "proposes": DecisionConcern.How.PROPOSES,
        "options": list(found.options.all()),
        "documents": list(found.documents.select_related("document")),
        "tasks": [row for row in tasks if inside or row.is_public],
        "comments": list(found.comments.select_related("seat__actor").order_by("at", "pk")) if inside else [],
        "former": selectors.former_positions(found) if inside else [],
        "later": selectors.later_than(found, user, today),
        "document_form": DocumentForm() if prepares else None,
        "task_form": TaskForm(alliance=found.alliance) if prepares else None,
        "today": today,
        "panels": sorted(
            contributions.panels.collect(found.alliance, user, today, page="decision", subject=found),
            key=lambda panel: panel.order,
        ),
        "text_form": None,
        "open_form": OpenForm(alliance=found.alliance) if prepares and asks_deadline(found) else None,
        "late": "",
        "refused": None,
    }


def marks_of(result: Result) -> list[dict[str, Any]]:
    """The marks of the tally: one for each voice, in a fixed order."""
    counts = {
        Stand.AGREE: result.agree,
        Stand.RESERVATION: result.reservation,
        Stand.OBJECTION: result.objection,
        Stand.ABSTAIN: result.abstain,
        Stand.WITHDRAWN: result.withdrawn,
    }
    return [{"stand": stand, "n": n, "each": range(n)} for stand, n in counts.items() if n]


def own(room: Room, person: Person, refused: PositionForm | None = None) -> list[dict[str, Any]]:
    """What the reader may say here: one entry for each voice they may speak for."""
    found = []
    current = {row.voice: row for row in room.current}
    for speaker in room.speaks_for(person):
        voice = speaker.voice
        said = current.get(voice.key)
        key = write_voice(voice.key)
        if refused is not None and refused.data.get("voice") == key:
            form = refused
        else:
            form = PositionForm(
                initial={
                    "stand": said.stand if said else "", "why": said.why if said else "",
                    "named": said.named if said else False,
                }
            )  # fmt: skip
        holder = next((row for row in voice.holders if row.person_id == person.pk), None)
        found.append(
            {
                "voice": voice,
                "key": key,
                "said": said,
                "form": form,
                "open": form.is_bound or said is None,
                "by_substitute": speaker.by_substitute,
                "holder": holder,
                "delegated": bool(holder and holder.pk in room.delegated),
                "objection": next(
                    (row for row in room.decision.objections.exclude(state="lifted") if row.voice == voice.key), None
                ),
            }
        )
    return found


@in_alliance("alliances.view")
def versions(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """What changed between any two versions of the proposal."""
    found = get(alliance, key)
    refused = to_read(request, found)
    if refused is not None:
        return refused
    rows = {row.number: row for row in found.versions.order_by("-number")}
    newest = max(rows)
    second = _asked(request.GET.get("a", ""), rows, newest)
    first = _asked(request.GET.get("de", ""), rows, max(newest - 1, 1))
    context = {
        "alliance": alliance,
        "decision": found,
        "rows": list(rows.values()),
        "first": rows[first],
        "second": rows[second],
        "pieces": compare(rows[first].text, rows[second].text),
    }
    return render(request, "concertation/decisions/versions.html", context)


def _asked(text: str, rows: dict[int, Any], otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) in rows else otherwise
