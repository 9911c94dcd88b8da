"""What minutes say in words, on the page and on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.vocabulary import ActorType, type_words
from maillage.concertation.minutes.reading import People
from maillage.concertation.models import Decision
from maillage.core.formats import date, number


def decision_words(decision: dict[str, Any]) -> str:
    """« 2026-47, Créer un fonds d'aide : adoptée »."""
    outcome = decision["outcome"]
    state = Decision.Outcome(outcome).label if outcome else Decision.State(decision["state"]).label
    name = f"{decision['code']}, {decision['title']}" if decision["code"] else decision["title"]
    return _("%(name)s: %(outcome)s") % {"name": name, "outcome": state}


def task_words(task: dict[str, Any]) -> str:
    """« Former le comité : Le Garde-manger, d'ici le 1er décembre »."""
    parts = [task["owner_name"] or _("nobody yet")]
    if task["due_on"]:
        parts.append(_("by %(day)s") % {"day": date(dt.date.fromisoformat(task["due_on"]))})
    return _("%(name)s: %(outcome)s") % {"name": task["title"], "outcome": ", ".join(parts)}


def people_words(people: People) -> str:
    """People without a seat, as they may be shown; empty where there was none."""
    if not people.some:
        return ""
    if people.total is None:
        return _("A few people without a seat were there: too few for their number to be shown.")
    words = ngettext("%(n)s person without a seat", "%(n)s people without a seat", people.total)
    said = words % {"n": number(people.total)}
    if not people.by_type:
        return _("%(people)s.") % {"people": said}
    citizens = _("citizens")
    kinds = [
        f"{citizens if code == ActorType.CITIZENS else type_words(code, n)} {number(n)}" for code, n in people.by_type
    ]
    return _("%(people)s: %(kinds)s.") % {"people": said, "kinds": ", ".join(kinds)}
