"""Where anyone reads, brings and discusses ideas, and comes back to theirs: no account, no cookie, no script needed."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core import formats
from maillage.core.access import may
from maillage.participation.consultations.indexing import is_shown
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.views.common import on_consultation
from maillage.participation.ideas import merging, receipts, selectors, services, showing
from maillage.participation.ideas.forms import CommentForm
from maillage.participation.ideas.ground import is_open
from maillage.participation.ideas.models import Idea, MergeAnswer, MergeProposal
from maillage.participation.vocabulary import Access, Channel
from maillage.participation.voting import ballots, limits
from maillage.participation.voting.views.ballot import around, not_open
from maillage.participation.voting.views.common import code_trouble, from_elsewhere, never_kept, page_of, taking_part
from maillage.participation.voting.words import TEXTS
from maillage.participation.words import words_of

sent = limits.Turnstile(limits.ballots.most and 30)
"""Ideas that one network address may send in ten minutes: a room of people behind one network fits."""
comments = limits.Turnstile(limits.ballots.most and 30)
EACH = 20
FIELDS = ("title", "text", "problem")
ASKED = (*FIELDS, "code")


def _language() -> str:
    return (get_language() or "fr")[:2]


def _brings(consultation: Consultation, step: Step, user: Any) -> bool:
    """Whether this reader may bring an idea on line now."""
    opened = is_open(step, timezone.now()) and consultation.access != Access.SITE
    return opened and may(user, "participation.add_idea", consultation)


# Reading


@on_consultation("participation.view")
def solutions(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The problems, and the ideas that everyone sees; found by words, by number, by problem."""
    found = selectors.step_in(consultation, step)
    words = words_of(consultation, _language())
    problems = list(found.problems.order_by("position", "pk"))
    asked, text = request.GET.get("probleme", ""), request.GET.get("q", "")[:200].strip()
    problem = asked if asked in {str(row.uuid) for row in problems} else ""
    page = Paginator(selectors.shown(found, text, problem), EACH).get_page(request.GET.get("page"))
    for row in page:
        row.step = found
    refused = showing.refusals(found)
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "step": found, "words": words,
        "title": words.title(consultation), "page": page, "text": text, "problem": problem,
        "problems": [
            {
                "key": str(row.uuid), "label": selectors.problem_words(row, words),
                "text": words.get(f"problem:{row.uuid}:text", row.text),
            }
            for row in problems
        ],
        "labels": {row.pk: selectors.problem_words(row, words) for row in problems},
        "is_open": is_open(found, timezone.now()), "brings": _brings(consultation, found, request.user),
        "on_site": consultation.access == Access.SITE, "refusals": refused,
        "choices": showing.choices(found), "moderates": may(request.user, "participation.read_ideas", consultation),
    }  # fmt: skip
    return render(request, "participation/ideas/solutions.html", context)


def _idea(consultation: Consultation, step: uuid.UUID, number: int) -> Any:
    """An idea that was shown once: refused and unread ones are nobody's to see. Errors: ``Http404``."""
    found = selectors.step_in(consultation, step)
    rows = selectors.with_counts(Idea.objects.filter(step=found, number=number)).select_related("merged_into")
    idea = rows.first()
    if idea is None or idea.state in {Idea.State.PENDING, Idea.State.REFUSED}:
        raise Http404
    idea.step = found
    if idea.merged_into is not None:
        idea.merged_into.step = found
    return idea


@on_consultation("participation.view")
def idea(request: HttpRequest, consultation: Consultation, step: uuid.UUID, number: int) -> HttpResponse:
    """One idea: its words, what it is made of or was merged into, the choices it was put to, the discussion."""
    return _idea_page(request, consultation, _idea(consultation, step, number), None, 200)


def _idea_page(
    request: HttpRequest, consultation: Consultation, found: Any, form: CommentForm | None, status: int
) -> HttpResponse:
    words = words_of(consultation, _language())
    discussed = found.state == Idea.State.SHOWN and _brings(consultation, found.step, request.user)
    if discussed and form is None:
        form = CommentForm(wants_code=ballots.needs_code(consultation))
    said = found.comments.filter(state=Idea.State.SHOWN).order_by("number")
    page = Paginator(said, EACH).get_page(request.GET.get("page"))
    inside = list(found.merged.order_by("number")) if found.gathers else []
    for row in inside:
        row.step = found.step
    choices = [
        showing.choice_told(option.step) for option in selectors.choices_of([found]).get(found.reference, ())
        if is_shown(option.step.consultation)
    ]  # fmt: skip
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "step": found.step, "idea": found,
        "title": words.title(consultation), "page": page, "inside": inside, "form": form if discussed else None,
        "problem": selectors.problem_words(found.problem, words) if found.problem else "",
        "merge": selectors.asked_about(found) if found.state == Idea.State.SHOWN else None, "choices": choices,
        "came": found.came != Idea.Came.ONLINE, "is_open": is_open(found.step, timezone.now()),
    }  # fmt: skip
    return render(request, "participation/ideas/idea.html", context, status=status)


@require_POST
@on_consultation("participation.view")
def comment(request: HttpRequest, consultation: Consultation, step: uuid.UUID, number: int) -> HttpResponse:
    """Say something of an idea, without account nor cookie; who did is kept nowhere."""
    found = _idea(consultation, step, number)
    form, status = CommentForm(request.POST, wants_code=ballots.needs_code(consultation)), 422
    form.is_valid()
    if from_elsewhere(request):
        form.add_error(None, _("This was not sent from this site. Check your words, then send them from here."))
        status = 403
    elif not _brings(consultation, found.step, request.user):
        form.add_error(None, _("It is closed: nothing can be added any more. Copy your words before you leave."))
        return never_kept(_closed_comment(request, consultation, found, form))
    elif wrong := code_trouble(request, consultation):
        if "code" not in form.errors:
            form.add_error("code", str(TEXTS[wrong]))
    elif not comments.lets(limits.network_address(request)):
        form.add_error(None, _("Many comments came from this network. Wait a few minutes, then send again."))
        status = 429
    elif form.is_valid():
        try:
            made = services.comment(
                idea=found, text=request.POST.get("text", ""), language=_language(), now=timezone.now()
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            state = "lu" if made.state == Idea.State.SHOWN else "attend"
            return never_kept(redirect(f"{found.get_absolute_url()}?dit={state}#discussion"))
    return never_kept(_idea_page(request, consultation, found, form, status))


def _closed_comment(request: HttpRequest, consultation: Consultation, found: Idea, form: CommentForm) -> HttpResponse:
    """The words stay on the page, to be copied."""
    context = {
        "alliance": consultation.alliance, "consultation": consultation, "idea": found, "form": form,
        "written": request.POST.get("text", ""),
    }  # fmt: skip
    return render(request, "participation/ideas/closed.html", context, status=409)


comment = csrf_exempt(comment)
"""No token against forged requests, as for a ballot: the page gives no power that comes from a cookie."""


# Bringing


def _page_of(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    page = page_of(request, consultation) | {"channel": Channel.ONLINE, "action": request.path}
    # A receipt of an idea is no receipt of a ballot: the page that checks those is not offered here.
    page |= around(page) | {"receipt_url": ""}
    base = reverse("participation_in:idea_mine", args=[consultation.alliance.slug, consultation.uuid])
    page["mine_url"] = f"{base}?langue={page['langue']}" if page["langue"] else base
    return page


def _list_url(step: Step) -> str:
    consultation = step.consultation
    return reverse("participation_in:solutions", args=[consultation.alliance.slug, consultation.uuid, step.uuid])


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, consultation: Consultation, step: uuid.UUID) -> HttpResponse:
    """The page, and what is sent from it; refused, what was written is still there."""
    found = selectors.step_in(consultation, step)
    if not may(request.user, "participation.view", consultation):
        # The ballot of an alliance that is not public opens with a code; the ideas of others are read there first.
        raise Http404
    page = _page_of(request, consultation) | {"step": found, "list_url": _list_url(found)}
    opened, site = is_open(found, timezone.now()), consultation.access == Access.SITE
    typed = {name: request.POST.get(name, "") for name in ASKED}
    if request.method != "POST":
        if not opened or site:
            return not_open(request, consultation, page, opened)
        return _propose_page(request, page, typed, {}, 200)
    errors, status = {}, 422
    if from_elsewhere(request):
        errors, status = {"": _("This was not sent from this site. Check your words, then send them from here.")}, 403
    elif site:
        errors, status = {"": page["ui"].plain("idea_site_only")}, 403
    elif wrong := code_trouble(request, consultation):
        errors = {"code": page["ui"].plain(wrong)}
    elif not sent.lets(limits.network_address(request)):
        errors, status = {"": _("Many ideas came from this network. Wait a few minutes, then send again.")}, 429
    else:
        try:
            received = services.propose(
                step=found, **{name: typed[name] for name in FIELDS}, language=page["language"], now=timezone.now(),
                nonce=ballots.tidy_nonce(request.POST.get("nonce", "")),
            )  # fmt: skip
        except ValidationError as refused:
            errors = errors_of(refused)
        else:
            page["number"] = page["ui"].say("idea_number", n=received.idea.number)
            return render(request, "participation/ideas/received.html", page | {"received": received})
    return _propose_page(request, page, typed, errors, status)


def errors_of(refused: ValidationError) -> dict[str, str]:
    if hasattr(refused, "error_dict"):
        return {name: " ".join(words) for name, words in refused.message_dict.items()}
    return {"": " ".join(refused.messages)}


def _propose_page(
    request: HttpRequest, page: dict[str, Any], typed: dict[str, str], errors: dict[str, str], status: int
) -> HttpResponse:
    words = page["words"]
    problems = [
        {
            "key": str(row.uuid), "label": selectors.problem_words(row, words),
            "text": words.get(f"problem:{row.uuid}:text", row.text),
        }
        for row in page["step"].problems.order_by("position", "pk")
    ]  # fmt: skip
    chosen = typed["problem"] or request.GET.get("probleme", "")
    after = page["consultation"].moderation == Consultation.Moderation.AFTER
    told = page | {
        "typed_in": typed, "errors": errors, "problems": problems, "chosen_problem": chosen,
        "wants_code": ballots.needs_code(page["consultation"]),
        "nonce": ballots.tidy_nonce(request.POST.get("nonce", "")),
        "read_words": page["ui"]["idea_after" if after else "idea_before"],
    }  # fmt: skip
    return render(request, "participation/ideas/propose.html", told, status=status)


# Coming back


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """With the receipt, sent in the body and in no address: see one's idea, answer a proposal, take it back."""
    selectors.steps_in(consultation)
    page = _page_of(request, consultation) | {"state": "", "typed_receipt": "", "idea": None, "said": "", "error": ""}
    status = 200
    if request.method == "POST":
        receipt = page["typed_receipt"] = request.POST.get("receipt", "")[:200]
        found, address = None, limits.network_address(request)
        if from_elsewhere(request):
            page["state"], status = "elsewhere", 403
        elif not limits.lookups.lets(address):
            page["state"], status = "slow_down", 429
        else:
            found = receipts.find(consultation, receipt)
            if found is None:
                # Only what is wrong is a guess: authors in the same library may all come back at once.
                unknown = limits.guesses.lets(address)
                page["state"], status = ("idea_unknown", 404) if unknown else ("slow_down", 429)
        if found is not None:
            status = _act(request, consultation, page, receipt)
            # Read again: what was just done may have changed it.
            page |= _mine(page, receipts.find(consultation, receipt))
    return render(request, "participation/ideas/mine.html", page, status=status)


def _act(request: HttpRequest, consultation: Consultation, page: dict[str, Any], receipt: str) -> int:
    act, now = request.POST.get("act", ""), timezone.now()
    try:
        if act in {"agree", "refuse"}:
            try:
                key = uuid.UUID(request.POST.get("merge", ""))
            except ValueError:
                raise Http404 from None
            merging.answer(consultation=consultation, receipt=receipt, merge=key, agreed=act == "agree", now=now)
            page["said"] = page["ui"]["idea_answer_kept"]
        elif act == "take-back":
            services.take_back(consultation=consultation, receipt=receipt, now=now)
    except ValidationError as refused:
        page["error"] = " ".join(refused.messages)
        return 422
    return 200


def _mine(page: dict[str, Any], found: Idea | None) -> dict[str, Any]:
    """What the author sees of their idea."""
    if found is None:
        return {}
    ui, spoken = page["ui"], "en" if page["language"] == "en" else "fr"
    consultation = page["consultation"]
    top = found
    while top.state == Idea.State.MERGED and top.merged_into is not None:
        top = top.merged_into
        top.step = found.step
    refused = found.state == Idea.State.REFUSED
    told: dict[str, Any] = {
        "idea": found, "top": top, "state_words": services.WORDS_OF_STATES[Idea.State(found.state)],
        "yours": ui.say("idea_yours", n=found.number),
        "reason": ui.say("idea_why", reason=found.get_reason_display()) if refused else "",
        "note": found.note if refused else "", "merges": [],
        "visible": top.state == Idea.State.SHOWN and is_shown(consultation),
    }  # fmt: skip
    asked = MergeAnswer.objects.filter(idea=found, merge__state=MergeProposal.State.ASKED).select_related("merge")
    for row in asked.order_by("pk"):
        others = merging.standing_ideas(row.merge)
        told["merges"].append(
            {
                "merge": row.merge, "agreed": row.agreed,
                "others": [idea for idea in others if idea.pk != top.pk],
                "until": ui.say("idea_merge_text", date=formats.date(row.merge.answers_until, spoken)),
            }
        )  # fmt: skip
    return told
