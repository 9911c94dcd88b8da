"""What everyone who answers a consultation reads alike is read once for the crowd: its steps, options and questions.

As ``core.kept_pages``: it is used while the last line of the audit log is the one it was read under (every change that
matters writes one; a ballot writes none), and for ``SECONDS`` at most. Nothing of anyone is in it. Whether a ballot
is in time, and its code good, is asked of the database for each one, under lock (``urn.rows``). Each process keeps
its own.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch

from maillage.alliances.access import find_alliance
from maillage.core.kept_pages import last_change
from maillage.participation.consultations.models import Consultation, Option, Step

SECONDS = 5.0
ROOM = 32
"""Consultations kept by a process; the least recently asked for leaves first."""


@dataclass(frozen=True)
class _Kept:
    version: int
    until: float
    consultation: Consultation


_shelf: OrderedDict[tuple[str, uuid.UUID], _Kept] = OrderedDict()
_lock = threading.Lock()


def consultation_at(slug: str, key: uuid.UUID) -> tuple[Consultation | None, str]:
    """The consultation at this address, and the slug its alliance now has. It is shared: read it, never write it."""
    seconds = min(SECONDS, settings.KEPT_PAGES_SECONDS)
    if not seconds:
        return _read(slug, key)
    # Asked before the rest is read: a change meanwhile makes it old at once, never the reverse.
    version, now = last_change(), time.monotonic()
    with _lock:
        kept = _shelf.get((slug, key))
        if kept is not None and kept.version == version and now < kept.until:
            _shelf.move_to_end((slug, key))
            return kept.consultation, slug
    found, current = _read(slug, key)
    if found is not None and current == slug:
        with _lock:
            _shelf[slug, key] = _Kept(version, now + seconds, found)
            _shelf.move_to_end((slug, key))
            while len(_shelf) > ROOM:
                _shelf.popitem(last=False)
    return found, current


def _read(slug: str, key: uuid.UUID) -> tuple[Consultation | None, str]:
    alliance, current = find_alliance(slug)
    if alliance is None:
        return None, current
    options = Option.objects.select_related("picture").order_by("number")
    steps = Step.objects.order_by("position", "id").prefetch_related(Prefetch("options", options))
    found = (
        Consultation.objects.filter(alliance=alliance, uuid=key)
        .prefetch_related(Prefetch("steps", steps), "about_questions", "languages")
        .first()
    )
    if found is not None:
        found.alliance = alliance
        for step in found.steps.all():
            step.consultation = found
    return found, current


def forget() -> None:
    """For tests, and for whoever changes a database without the services."""
    with _lock:
        _shelf.clear()
