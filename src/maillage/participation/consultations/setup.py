"""Where each part says how its kind of step is made ready, and which pages the agent needs around a consultation.

A part registers in its ``contributions.py``::

    setup.register(Setup(Kind.OPINIONS, _("Statements"), statements_url, missing))
    setup.tools.append(Tool(_("Paper ballots"), batches_url))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.vocabulary import Kind

Text = Any
"""A string, lazy translations included."""


@dataclass(frozen=True)
class Setup:
    """How a kind of step is made ready.

    ``url(step)``: the page where the agent prepares what is asked, ``""`` where there is none. ``missing(step)``: a
    sentence for each thing to do before it opens.
    """

    kind: str
    label: Text
    url: Callable[[Step], str] | None = None
    missing: Callable[[Step], Sequence[str]] | None = None


@dataclass(frozen=True)
class Tool:
    """A page around the whole consultation (paper, outreach…). ``url``: ``""`` where it has nothing to show."""

    label: Text
    url: Callable[[Consultation], str]
    detail: Text = ""


_setups: dict[str, Setup] = {}
tools: list[Tool] = []


def register(setup: Setup) -> Setup:
    """The last one registered for a kind stands."""
    _setups[setup.kind] = setup
    return setup


def page_of(step: Step) -> tuple[Text, str]:
    """``(label, url)`` of the page where the step's questions are prepared; ``("", "")`` where there is none."""
    found = _setups.get(step.kind)
    if found is None or found.url is None:
        label, name = USUAL.get(step.kind, ("", ""))
        url = if_there(name, step.consultation, step) if name else ""
        return (label, url) if url else ("", "")
    return found.label, found.url(step)


def missing(step: Step) -> list[str]:
    """What must still be said before this step opens."""
    found = _setups.get(step.kind)
    return list(found.missing(step)) if found is not None and found.missing is not None else []


def if_there(name: str, consultation: Consultation, step: Step | None = None) -> str:
    """The address of a page that another part may have; ``""`` while it has not."""
    base = {"slug": consultation.alliance.slug}
    tries: list[dict[str, Any]] = [{**base, "key": consultation.uuid}]
    if step is not None:
        tries = [{**base, "key": consultation.uuid, "step": step.uuid}, {**base, "key": step.uuid}, *tries]
    for kwargs in tries:
        try:
            return reverse(f"participation_in:{name}", kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


USUAL: dict[str, tuple[Text, str]] = {
    Kind.OPINIONS: (_("Statements"), "statements"),
    Kind.TESTIMONIES: (pgettext_lazy("setup", "Testimonies"), "testimonies"),
    Kind.QUESTIONNAIRE: (pgettext_lazy("setup", "Questions"), "questions"),
    Kind.IDEAS: (pgettext_lazy("setup", "Ideas"), "ideas"),
}
"""The page of a kind that registered none."""
