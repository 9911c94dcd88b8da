"""What each kind of step brings: how it is asked, read, counted and shown.

The pages of the ballot, of paper and of results know no kind: they ask this table. Each part registers its own in its
``contributions.py``::

    kinds.register(StepKind(code=Kind.OPINIONS, sheet="participation/opinions/_sheet.html", …))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from maillage.participation.consultations.models import Step

Typed = Mapping[str, Sequence[str]]
"""What a form sent: ``request.POST.lists()`` as a dict. Names of a step's fields begin by ``field_prefix(step)``."""


@dataclass(frozen=True)
class Read:
    """A step's part of a ballot, read from a form or from what was keyed in.

    ``content``: canonical JSON, ``""`` where nothing was answered; ``errors``: a sentence by name of field, for what
    the person must look at again. Nothing typed is ever thrown away: the page shows it again with the errors.
    """

    content: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    answered: int = 0
    total: int = 0


class Sheet(NamedTuple):
    """A ballot out of the urn, as counting reads it."""

    content: str
    about: str
    channel: str


@dataclass(frozen=True)
class PublishedFile:
    """Ballots as anyone may download and count them. ``command`` recounts them with the product."""

    name: str
    content_type: str
    data: bytes
    command: str


Line = tuple[str, str, int | float | None]
"""``(item, answer, count)``: what was asked, what was answered, how many; None where it is withheld."""


@dataclass(frozen=True)
class StepKind:
    """One kind of step.

    ``sheet``: template of its part of the ballot page, given ``step``, ``prefix``, ``typed`` (what was sent, or read
    back from a ballot), ``errors``, ``words`` (``words.Words`` of the page's language) and what ``context`` adds.
    ``read(step, typed)``; ``keyed(step, line)`` reads one sheet as it is keyed in, None where the kind has no paper.
    ``count(step, sheets)`` gives the aggregates that ``results.Result`` keeps. ``result``: template of its part
    of the results page, given ``step``, ``data``, ``words`` and what ``told(step, data)`` adds.
    ``publish(step, contents)``: the file of ballots, None where there is none to publish. ``typed(step, content)``: the
    inverse of ``read``.
    """

    code: str
    sheet: str
    context: Callable[[Step, str], Mapping[str, Any]]
    read: Callable[[Step, Typed], Read]
    typed: Callable[[Step, str], Typed]
    count: Callable[[Step, Iterable[Sheet]], dict[str, Any]] | None = None
    result: str = ""
    told: Callable[[Step, Mapping[str, Any]], Mapping[str, Any]] | None = None
    publish: Callable[[Step, Sequence[str]], PublishedFile | None] | None = None
    keyed: Callable[[Step, str], Read] | None = None
    key_help: Any = ""
    """How a sheet is keyed in, in one sentence."""
    in_ballot: bool = True
    """False: the step is not sent with the ballot (a testimony, an idea): it has pages of its own.
    ``count(step, ())`` then counts from its own tables, and judges by itself what is too small to be told."""
    page: Callable[[Step], tuple[Any, str]] | None = None
    """``(what the button says, address)`` of the page where people take part, for a step that is not in the ballot;
    ``("", "")`` while there is none."""
    table: Callable[[Step, Mapping[str, Any]], Iterable[Line]] | None = None
    """What was answered, as plain lines for files: from ``data``, what the result keeps protected, and nothing else."""
    headlines: Callable[[Sequence[Step]], Mapping[int, Sequence[str]]] | None = None
    """The first words of the results of many steps of this kind, by key of step: those that ``told`` gives as
    ``headline``. The steps come with their result, consultation and options; the number of queries does not grow."""


_kinds: dict[str, StepKind] = {}


def register(kind: StepKind) -> StepKind:
    """Errors: ``ValueError`` where the code is taken."""
    if kind.code in _kinds:
        raise ValueError(f"Two kinds of step are named {kind.code!r}.")
    _kinds[kind.code] = kind
    return kind


def of(step: Step) -> StepKind:
    """Errors: ``LookupError`` where no part registered this kind."""
    return _kinds[step.kind]


def get(code: str) -> StepKind:
    """Errors: ``LookupError`` where no part registered this kind."""
    return _kinds[code]


def is_in_ballot(step: Step) -> bool:
    """Whether the step is sent with the ballot."""
    kind = _kinds.get(step.kind)
    return kind is not None and kind.in_ballot


def own_page(step: Step) -> tuple[Any, str]:
    """``(what the button says, address)`` of a step that is not in the ballot; ``("", "")`` for the others."""
    kind = _kinds.get(step.kind)
    return kind.page(step) if kind is not None and kind.page is not None else ("", "")


def known() -> Sequence[str]:
    return tuple(_kinds)


def field_prefix(step: Step) -> str:
    """Beginning of the names of a step's fields in the ballot's form: ``s12-``."""
    return f"s{step.pk}-"
