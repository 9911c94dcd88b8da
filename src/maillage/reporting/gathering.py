"""What goes in an account: the sections that rooms contribute, and the cover that says whose and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.actors.selectors import actors_of, by_type, sees_all
from maillage.alliances.models import Alliance, Cycle
from maillage.core import contributions, formats
from maillage.core.contributions import ReportFacts, ReportNote, ReportSection
from maillage.core.typesetting import Cover
from maillage.reporting.models import Account
from maillage.reporting.palette import thread

Progress = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _note: str) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class Gathered:
    """Everything a format needs to be written, in one language."""

    cover: Cover
    sections: Sequence[ReportSection]
    language: str
    on: dt.date
    name: str
    """Name of the file, without its extension."""


def current_cycle(alliance: Alliance, today: dt.date) -> Cycle | None:
    """The period under way, otherwise the last that began."""
    cycles = Cycle.objects.filter(alliance=alliance)
    return cycles.at(today).order_by("-since", "-id").first() or cycles.order_by("-since", "-id").first()


def period(cycle: Cycle | None) -> str:
    """The period in words; empty where none is known."""
    if cycle is None:
        return ""
    if cycle.since and cycle.until:
        last = cycle.until - dt.timedelta(days=1)
        return _("%(first)s to %(last)s") % {"first": formats.date(cycle.since), "last": formats.date(last)}
    return cycle.name


def gather(
    alliance: Alliance,
    viewer: Any | None,
    today: dt.date,
    language: str,
    *,
    audience: str = Account.Audience.PUBLIC,
    progress: Progress = silent,
) -> Gathered:
    """The account of the alliance as ``viewer`` may see it on ``today`` (``None``: what is public).

    Call it under the language it is written in. One step of progress for each room.
    """
    if audience == Account.Audience.PUBLIC:
        viewer = None
    providers = contributions.report.providers
    total = len(providers) + 1
    progress(0, total, _("Reading what the alliance has recorded"))
    sections: list[ReportSection] = [about(alliance, today, audience)]
    for done, provider in enumerate(providers, 1):
        found = list(provider(alliance, viewer, today))
        sections += found
        progress(done, total, str(found[0].title) if found else "")
    sections.sort(key=lambda section: (section.order, section.key))
    return Gathered(
        cover=cover(alliance, viewer, today, audience),
        sections=sections,
        language=language,
        on=today,
        name=_("accountability-report-%(slug)s-%(date)s") % {"slug": alliance.slug, "date": today.isoformat()},
    )


def cover(alliance: Alliance, viewer: Any | None, today: dt.date, audience: str) -> Cover:
    cycle = current_cycle(alliance, today)
    facts = [(_("Period"), period(cycle)), (_("As of"), formats.date(today))]
    if alliance.mandatary:
        facts.append((_("Mandated organisation"), alliance.mandatary))
    facts.append((_("Source"), _("What the alliance has recorded in Maillage")))
    facts.append((_("Version"), version(audience)))
    counts = by_type(actors_of(alliance, today, everything=sees_all(viewer, alliance)))
    return Cover(
        title=_("Accountability report"),
        over=alliance.name,
        subtitle=_("Period %(name)s") % {"name": cycle.name} if cycle else "",
        facts=[(name, value) for name, value in facts if value],
        note=fiction() if alliance.fictional else "",
        threads=[(thread(code), count) for code, count in counts.items()],
    )


def version(audience: str) -> str:
    return (
        _("Public") if audience == Account.Audience.PUBLIC else _("For the work of the alliance: not to be published")
    )


def fiction() -> str:
    return _("This alliance is fictional. Its people, organisations and figures are invented.")


def about(alliance: Alliance, today: dt.date, audience: str) -> ReportSection:
    """The first section: what this is, where it comes from, what is not in it."""
    blocks: list[Any] = [
        _("This document says what the alliance did, with whom, and where it stands. It was made on %(date)s.")
        % {"date": formats.date(today)},
        _("Everything in it comes from what the alliance has recorded. What is not recorded is not counted."),
        ReportFacts(
            [
                (_("Alliance"), alliance.name),
                (_("As of"), today),
                (_("Version"), version(audience)),
                (_("Smallest group shown"), alliance.threshold),
            ]
        ),
    ]
    if alliance.fictional:
        blocks.append(ReportNote(fiction(), _("A demonstration"), "caution"))
    if audience == Account.Audience.INSIDE:
        blocks.append(
            ReportNote(
                _("This version holds what only some people may see. Share it with them only."),
                _("Not to be published"),
                "caution",
            )
        )
    return ReportSection("about", _("About this document"), blocks, order=0)
