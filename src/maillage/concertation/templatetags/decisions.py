"""Marks of decisions: ``{% load decisions %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from maillage.concertation.decisions import words
from maillage.concertation.decisions.forms import write_voice
from maillage.concertation.decisions.models import Decision
from maillage.concertation.decisions.outcome import Result
from maillage.concertation.vocabulary import Stand
from maillage.core.formats import number
from maillage.ui.templatetags.ui import tag

register = template.Library()

_RING = '<circle cx="12" cy="12" r="9.8" fill="none" stroke="currentColor" stroke-width="2.4"'
MARKS = {
    Stand.AGREE: (
        "accord",
        '<circle cx="12" cy="12" r="11" fill="currentColor"/><path d="m6.8 12.4 3.6 3.6 6.8-7.4" fill="none" '
        'stroke="var(--surface)" stroke-width="2.6"/>',
    ),
    Stand.RESERVATION: ("reserve", f'{_RING}/><path d="M12 2.2a9.8 9.8 0 0 1 0 19.6z" fill="currentColor"/>'),
    Stand.OBJECTION: (
        "objection",
        '<rect x="1.5" y="1.5" width="21" height="21" fill="currentColor"/>'
        '<path d="M6.5 12h11" stroke="var(--surface)" stroke-width="3"/>',
    ),
    Stand.ABSTAIN: ("abstention", f"{_RING}/>"),
    Stand.WITHDRAWN: (
        "recuse",
        f'{_RING} stroke-dasharray="3.4 3"/><path d="M7 7l10 10" stroke="currentColor" stroke-width="2.4"/>',
    ),
}
"""One shape for each position: colour alone says nothing."""


@register.simple_tag
def stand_mark(code: str) -> SafeString:
    """The mark of a position, silent: words go beside it."""
    name, drawing = MARKS[Stand(code)]
    return format_html(
        '<svg class="pos pos-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        name,
        mark_safe(drawing),
    )


register.filter("stand_words", words.stand_words)
register.filter("stand_help", words.stand_help)
register.filter("members", words.members)


OUTCOMES = {
    Decision.Outcome.ADOPTED: ("success", "check"),
    Decision.Outcome.REJECTED: ("danger", "close"),
    Decision.Outcome.NO_QUORUM: ("caution", "warning"),
    Decision.Outcome.REWORK: ("caution", "warning"),
}


@register.simple_tag
def decision_tag(decision: Decision) -> SafeString:
    """« Adoptée », « Ouverte »…"""
    if decision.outcome:
        kind, icon = OUTCOMES[Decision.Outcome(decision.outcome)]
        return SafeString(tag(capital(decision.get_outcome_display()), kind, icon))
    kinds: dict[Any, str] = {Decision.State.OPEN: "info", Decision.State.DRAFT: "line"}
    return SafeString(tag(capital(decision.get_state_display()), kinds.get(decision.state, "")))


@register.filter
def voice_key(voice: Any) -> str:
    """What the forms call a voice."""
    return write_voice(voice.key)


def capital(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]


@register.simple_tag
def mini_tally(result: Result, apart: str) -> SafeString:
    """The tally of a closed decision on one line: mark, words, figure. ``apart``: what is not in it."""
    return format_html(
        '<p class="mini-tally">{}</p>{}',
        mark_safe(
            "".join(
                format_html("<span>{} {} <b>{}</b></span> ", stand_mark(code), words.stand_words(code), number(n))
                for code, n in ((code, getattr(result, code)) for code in Stand.values)
                if n
            )
        ),
        format_html('<p class="soft xs">{}</p>', apart) if apart else "",
    )
