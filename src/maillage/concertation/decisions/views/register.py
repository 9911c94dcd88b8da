"""The register of decisions: what was decided, how, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.actors.forms import capital
from maillage.actors.interests.selectors import has_withdrawn, references_left
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.alliances.views.common import page_of
from maillage.concertation.decisions import words
from maillage.concertation.decisions.disclosed import Figures, exported, figures_of
from maillage.concertation.decisions.models import Decision
from maillage.concertation.decisions.outcome import STANDS
from maillage.concertation.decisions.selectors import (
    Filters,
    decisions_for,
    filtered,
    inner_spaces,
    left_among,
)
from maillage.concertation.models import Space
from maillage.concertation.views.directory import WRITERS
from maillage.concertation.vocabulary import Rule
from maillage.core import formats
from maillage.core.access import may
from maillage.core.contributions import ReportFacts, ReportHeading, ReportSection
from maillage.core.typesetting import Cover, render_report

PER_PAGE = 10
PDF_LIMIT = 500


def _asked(request: HttpRequest) -> Filters:
    got = request.GET
    return Filters(
        text=got.get("q", "").strip()[:120],
        space=got.get("espace", "") if _is_uuid(got.get("espace", "")) else "",
        year=got.get("annee", "")[:4],
        rule=got.get("regle", "") if got.get("regle", "") in Rule.values else "",
        outcome=got.get("issue", "") if got.get("issue", "") in Decision.Outcome.values else "",
        dissent=bool(got.get("dissidence")),
        state=got.get("etat", "") if got.get("etat", "") in Decision.State.values else "",
    )


def _is_uuid(text: str) -> bool:
    import uuid

    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class _Reader:
    """Whose register it is: the whole figures of the decisions of their spaces, the public ones of the others."""

    def __init__(self, user: Any, alliance: Alliance) -> None:
        self._inner = inner_spaces(user, alliance, alliance.today())
        self._left = references_left(user)
        self._threshold = alliance.threshold

    def sits(self, row: Decision) -> bool:
        return (self._inner is None or row.space_id in self._inner) and row.reference not in self._left

    def figures(self, row: Decision) -> Figures | None:
        """``None`` until it is closed."""
        if row.state != Decision.State.CLOSED:
            return None
        return Figures(words.result_of(row.tally)) if self.sits(row) else figures_of(row, self._threshold)

    def columns(self, row: Decision) -> dict[str, Any]:
        if row.state != Decision.State.CLOSED:
            return {}
        return {**row.tally, "apart": 0} if self.sits(row) else exported(row, self._threshold)


@in_alliance("alliances.view")
def register(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The decisions the reader may read; of those they must not read, the title only."""
    today = alliance.today()
    asked = _asked(request)
    every = decisions_for(request.user, alliance, today, with_left=not asked.tells_outcome)
    page = page_of(request, filtered(every, asked), PER_PAGE)
    rows = list(page.object_list)
    left = left_among(request.user, rows)
    base = decisions_for(request.user, alliance, today)
    years = [year for year in base.order_by("-year").values_list("year", flat=True).distinct() if year]
    spaces = Space.objects.filter(pk__in=base.order_by().values("space")).order_by("sort_key", "pk")
    inner = inner_spaces(request.user, alliance, today)
    query = request.GET.copy()
    query.pop("page", None)
    reads = _Reader(request.user, alliance)
    return render(
        request,
        "concertation/decisions/register.html",
        {
            "alliance": alliance,
            "page": page,
            "lines": [
                {
                    "decision": row,
                    "left": row.pk in left and not row.is_public,
                    "asked": not has_withdrawn(request.user, row.reference),
                    "seen": row.pk not in left,
                    "figures": found.result if (found := reads.figures(row)) else None,
                    "apart": words.apart(found.apart) if found and found.apart else "",
                }
                for row in rows
            ],
            "asked": asked,
            "filtered": asked != Filters(),
            "years": years,
            "spaces": list(spaces),
            "rules": [(code, capital(str(label))) for code, label in Rule.choices],
            "outcomes": [(code, capital(str(label))) for code, label in Decision.Outcome.choices],
            "states": [
                (state, capital(str(state.label)))
                for state in Decision.State
                if inner is None or (inner and state != Decision.State.DRAFT)
            ],
            "inside": inner is None or bool(inner),
            "may_prepare": may(request.user, "concertation.prepare_decision", alliance),
            "query": query.urlencode() if query else urlencode({}),
            "today": today,
        },
    )


HEADER = (
    "number", "title", "space", "state", "outcome", "rule", "opened_on", "closed_on", "agree", "reservations",
    "objections", "abstentions", "withdrawn", "citizens_apart", "quorum", "follow_up_on", "became",
)  # fmt: skip


def _header() -> list[str]:
    return [
        _("Number"), _("Decision"), _("Space"), _("State"), _("Outcome"), _("Decision rule"), _("Opened on"),
        _("Closed on"), _("Agree"), _("Reservations"), _("Objections"), _("Abstentions"), _("Withdrew"),
        _("Citizens in none of these figures"), _("Quorum"),
        _("To be looked at again on"), _("What became of it"),
    ]  # fmt: skip


def _rows(decisions: Any, alliance: Alliance, reads: _Reader) -> Iterator[list[Any]]:
    for row in decisions:
        figures = reads.columns(row)
        yield [
            row.code, row.title, row.space.name, row.get_state_display(), row.get_outcome_display(),
            row.get_rule_display(), alliance.today(row.opened_at) if row.opened_at else None,
            alliance.today(row.closed_at) if row.closed_at else None,
            *(figures.get(name) for name in (*STANDS, "apart")), row.quorum, row.follow_up_on, row.became,
        ]  # fmt: skip


@in_alliance("alliances.view")
def register_file(request: HttpRequest, alliance: Alliance, form: str) -> HttpResponse:
    """The register as asked for, in CSV, XLSX or PDF. What the reader withdrew from is not there."""
    if form not in {*WRITERS, "pdf"}:
        raise Http404
    found = filtered(decisions_for(request.user, alliance, alliance.today()), _asked(request))
    if form == "pdf":
        return _pdf(request, alliance, found)
    rows = _rows(found.iterator(chunk_size=500), alliance, _Reader(request.user, alliance))
    return WRITERS[form](f"decisions-{alliance.slug}", _header(), rows)


def _pdf(request: HttpRequest, alliance: Alliance, found: Any) -> HttpResponse:
    today = alliance.today()
    decisions = list(found.prefetch_related("versions")[:PDF_LIMIT])
    total = found.count()
    blocks: list[Any] = []
    for row in decisions:
        versions = list(row.versions.all())
        blocks.append(ReportHeading(f"{row.code} {row.title}".strip()))
        facts = [(_("Space"), row.space.name), (_("Decision rule"), capital(str(row.get_rule_display())))]
        if row.outcome:
            facts.append((_("Outcome"), capital(str(row.get_outcome_display()))))
        if row.closed_at:
            facts.append((_("Closed on"), alliance.today(row.closed_at)))
        if row.follow_up_on:
            facts.append((_("To be looked at again on"), row.follow_up_on))
        blocks += [ReportFacts(facts), versions[0].text]
        blocks += [
            _("Dissent, %(actor)s: “%(text)s”") % {"actor": row_said.seat.actor.name, "text": row_said.text}
            for row_said in _dissent(row)
        ]
        if row.became:
            blocks.append(_("What became of it: %(text)s") % {"text": row.became})
    if not blocks:
        blocks.append(_("No decision yet."))
    if total > len(decisions):
        blocks.append(
            _("Only the %(n)s newest are here. The table holds them all.") % {"n": formats.number(len(decisions))}
        )
    cover = Cover(
        title=_("Register of decisions"), over=alliance.name,
        note=_("Fictional alliance: everything here was made up.") if alliance.fictional else "",
    )  # fmt: skip
    language = get_language() or "fr"
    made = render_report(
        cover, [ReportSection("decisions", _("Decisions"), blocks)], language=language[:2], on=today, contents=False
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="decisions-{alliance.slug}.pdf"'
    return response


def _dissent(decision: Decision) -> list[Any]:
    if not decision.has_dissent:
        return []
    rows = decision.objections.filter(state="maintained").select_related("seat__actor")
    return [row for row in rows if row.seat.actor.is_public or not decision.is_public]
