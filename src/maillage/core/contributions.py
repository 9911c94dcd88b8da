"""How rooms talk without importing each other.

Each app may have a ``contributions.py`` that registers providers here when the project starts. The page
that shows a contribution only iterates over the registry. Every provider is called as
``provider(scope, viewer, today)`` and returns only what the viewer may see, withdrawals included.

``scope`` is the alliance being looked at (any object with the attributes of :class:`Scope`), ``viewer``
the signed-in user or ``None`` for anyone, ``today`` a ``datetime.date``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from django.utils.functional import Promise

Text = str | Promise
"""A string, lazy translations included: it is rendered in the reader's language."""


class Scope(Protocol):
    """What a provider may count on about the alliance it is asked about."""

    pk: Any
    slug: str
    name: str
    time_zone: str


class Viewer(Protocol):
    pk: Any
    is_authenticated: bool

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


@dataclass(frozen=True)
class Panel:
    """A part of another room's page. ``template`` is rendered with ``context``; the room's own text only."""

    page: str
    """Where it goes: ``home``, ``home.hero``, ``actor``, ``space``, ``territory``, ``stage``, ``person``, ``decision``,
    ``pilotage.main``, ``pilotage.aside``, ``member`` (one's own page: the subject is the ``Person``, or ``None``)."""
    template: str
    context: Mapping[str, Any]
    order: int = 50


@dataclass(frozen=True)
class Todo:
    """Something that waits for the viewer."""

    title: Text
    url: str
    action: Text
    """What the button says: a verb, « Relire et publier »."""
    detail: Text = ""
    due: dt.date | None = None
    key: str = ""
    """Stable: the same thing tomorrow has the same key."""


@dataclass(frozen=True)
class TimelineEntry:
    """A line of the territory's memory."""

    on: dt.date
    title: Text
    body: Text = ""
    url: str = ""
    kind: str = "event"
    key: bool = False
    """Marked as a turning point."""
    precision: str = "day"
    """``day``, ``month`` or ``year``: how much of ``on`` is known."""
    source: Text = ""


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the menu. ``area``: ``public`` (the alliance's menu), ``workspace`` (the agent's), ``footer``."""

    label: Text
    url: str
    area: str = "public"
    group: Text = ""
    order: int = 50
    count: int | None = None
    """How many things wait behind it; ``None`` where that means nothing."""
    also: Sequence[str] = ()
    """Beginnings of other addresses whose pages belong to this entry; those below ``url`` do already."""


@dataclass(frozen=True)
class Composition:
    """How many actors of one type the alliance has: a part of the selvage at the top of every page."""

    type_code: str
    count: int


@dataclass(frozen=True)
class Place:
    """Another alliance the viewer may go to, in the header's switcher."""

    label: Text
    url: str
    current: bool = False
    note: Text = ""
    """What it is to the viewer: « regional », « your alliance »…"""


@dataclass(frozen=True)
class SearchKind:
    """A kind of thing that search can find. ``rows`` yields everything to index, for a rebuild."""

    kind: str
    label: Text
    rows: Callable[[], Iterable[Any]]
    """Yields ``core.search.Entry``; called without scope when the index is rebuilt."""


@dataclass(frozen=True)
class Export:
    """A table of open data. ``rows`` is called when the file is made; every row has the header's length."""

    name: str
    title: Text
    header: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Any]]]
    licence: str = "CC-BY-4.0"


@dataclass(frozen=True)
class Money:
    """An amount in a report, in cents: the document writes it as money, the spreadsheet as a number."""

    cents: int


@dataclass(frozen=True)
class ReportTable:
    """A table of the account: header, rows of plain values (str, int, Decimal, date, Money, None), a caption."""

    caption: Text
    header: Sequence[Text]
    rows: Sequence[Sequence[Any]]
    numeric: frozenset[int] = frozenset()
    """Indexes of the columns that hold numbers."""


@dataclass(frozen=True)
class ReportFigure:
    """A picture of the account: SVG with resolved colours, the words that replace it, its caption."""

    svg: str
    alt: Text
    caption: Text


@dataclass(frozen=True)
class ReportHeading:
    """A heading inside a section of the account."""

    text: Text


@dataclass(frozen=True)
class ReportFacts:
    """Pairs of a name and its value (as in a table's cell): « Signed on », a date."""

    rows: Sequence[tuple[Text, Any]]


@dataclass(frozen=True)
class ReportList:
    """A list with bullets, one plain value each."""

    items: Sequence[Any]


@dataclass(frozen=True)
class ReportNote:
    """A framed remark. ``tone`` is ``info``, ``success``, ``caution`` or ``danger``."""

    text: Text
    title: Text = ""
    tone: str = "info"


ReportBlock = Text | ReportTable | ReportFigure | ReportHeading | ReportFacts | ReportList | ReportNote


@dataclass(frozen=True)
class ReportSection:
    """A section of the account; a block that is a string is a paragraph (blank lines separate several)."""

    key: str
    title: Text
    blocks: Sequence[ReportBlock]
    order: int = 50


@dataclass(frozen=True)
class Subject:
    """Something that may be linked to (a space, a project…): ``reference`` is ``app.model:id``."""

    reference: str
    label: Text
    url: str
    kind: Text


@dataclass(frozen=True)
class Evidence:
    """A figure of the compass for one key element (1 to 11)."""

    element: int
    label: Text
    value: Any | None
    """``None``: not enough data, and ``note`` says what is missing."""
    formula: Text
    source: Text
    on: dt.date
    note: Text = ""


@dataclass(frozen=True)
class PersonalData:
    """What a room holds about persons: for export (Loi 25), erasure and retention.

    ``person`` is an ``accounts.User`` or an ``alliances.Person``: a room ignores the kind it knows nothing about.
    ``export(person)`` returns plain data; ``erase(person)`` removes or blanks (search entries included) and returns
    a count; it may be asked twice. ``purge(today)`` applies the room's retention limit and returns a count.
    ``find(text)`` gives the rows known under an e-mail address, or as ``user:<id>`` or ``person:<uuid>``.
    """

    room: str
    purpose: Text
    export: Callable[[Any], Mapping[str, Any]]
    erase: Callable[[Any], int]
    purge: Callable[[dt.date], int] | None = None
    find: Callable[[str], Iterable[Any]] | None = None


@dataclass(frozen=True)
class Merge:
    """What a room does when two actors (or persons) become one, and when that is undone.

    ``apply(kept, absorbed)`` moves the rows and returns a JSON-able trace; ``undo(trace)`` puts them back.
    ``model`` and ``fields`` name the foreign keys it takes care of, so that a test can find what is forgotten.
    """

    target: str
    """``actor`` or ``person``."""
    model: str
    fields: Sequence[str]
    apply: Callable[[Any, Any], Any]
    undo: Callable[[Any, Any, Any], None]


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice that people may want at once, once a week, or never."""

    code: str
    label: Text
    habit: str = "at-once"
    """``at-once``, ``weekly`` or ``never``, for whoever chose nothing."""


class LinkHolder(Enum):
    """Whom the addresses of a purpose open to. An ended role ends access at once, by link too."""

    ROLE = "role"
    """Whoever holds a role in the alliance, today."""
    GUEST = "guest"
    """Also someone who never held one: a guest, a contact person. Whoever's every role ended finds it closed. The page
    then asks its own question: invited, present, in charge of the task, speaking for the actor."""
    ANYONE = "anyone"
    """Also whoever's role ended: what concerns nobody but themselves, such as stopping what they are sent."""


@dataclass(frozen=True)
class LinkPurpose:
    """What a personal address lets its holder do, as its owner reads it: « Your calendar », and who its holder is."""

    code: str
    label: Text
    open_to: LinkHolder


@dataclass(frozen=True)
class ActKind:
    """A kind of act that someone does in the members' name, told to everyone."""

    code: str
    label: Text


@dataclass(frozen=True)
class Daily:
    """What a room does once a day, in the worker: reminders, digests. ``run(now)`` returns how many; asked twice on the
    same day, it does nothing the second time."""

    room: str
    run: Callable[[dt.datetime], int]


@dataclass(frozen=True)
class Tick:
    """What a room looks at every few seconds, in the worker: what must happen at an instant (a vote closes). A few
    queries where there is nothing to do; ``run(now)`` returns how many things it did; long work is a job it starts."""

    room: str
    run: Callable[[dt.datetime], int]


@dataclass(frozen=True)
class DemoStep:
    """What a room adds to the demonstration, through its services. ``build(world, rng)`` in ``order``."""

    room: str
    order: int
    build: Callable[[Any, Any], None]


T = TypeVar("T")


@dataclass
class Registry(Generic[T]):
    """Providers of one kind of contribution, in the order the rooms registered them."""

    name: str
    providers: list[Callable[..., Iterable[T]]] = field(default_factory=list)

    def register(self, provider: Callable[..., Iterable[T]]) -> Callable[..., Iterable[T]]:
        self.providers.append(provider)
        return provider

    def collect(self, *args: Any, **kwargs: Any) -> Iterator[T]:
        """Everything the providers return for these arguments (``scope, viewer, today`` by convention)."""
        for provider in self.providers:
            yield from provider(*args, **kwargs)


panels: Registry[Panel] = Registry("panels")
"""Called ``provider(scope, viewer, today, page=…, subject=…)``: ``page`` as in :class:`Panel`,
``subject`` the row whose page it is (an actor, a territory…) or ``None``."""
todo: Registry[Todo] = Registry("todo")
timeline: Registry[TimelineEntry] = Registry("timeline")
"""Called ``provider(scope, viewer, today, limit=…)``: the newest ``limit`` entries are enough."""
navigation: Registry[NavigationItem] = Registry("navigation")
composition: Registry[Composition] = Registry("composition")
"""One query at most: every page asks for it."""
places: Registry[Place] = Registry("places")
"""Twelve at most, in two queries at most. ``scope`` is ``None`` outside any alliance."""
exports: Registry[Export] = Registry("exports")
report: Registry[ReportSection] = Registry("report")
closed_alliances: Registry[int] = Registry("closed_alliances")
"""Called without argument: the ids of the alliances whose public pages are closed. Instance-wide search obeys."""
subjects: Registry[Subject] = Registry("subjects")
evidence: Registry[Evidence] = Registry("evidence")

holds_power: Registry[Text] = Registry("holds_power")
"""Called ``provider(user)``: yields one short reason for each power the account holds today (« agent de … »).
Any reason at all makes a passkey or a second step compulsory in production."""


withheld: Registry[str] = Registry("withheld")
"""Called ``provider(person_ids, references)``: yields ``"<person id> <reference>"`` for each thing (``app.model:uuid``)
that a person must not see, by any road: a page, an export, a mail, the API, search."""
reader_groups: Registry[str] = Registry("reader_groups")
"""Called ``provider(scope, viewer, today)`` for a signed-in account: yields the groups it belongs to there today,
``space:12``. Search shows whom belongs to one what is kept for it (``core.search.Entry.readers``)."""
references_left: Registry[str] = Registry("references_left")
"""Called ``provider(user)``: yields what the account must not read, to leave it out of a list or a search."""
unanswered: Registry[tuple[int, str]] = Registry("unanswered")
"""Called ``provider(person_ids)``: yields ``(person id, reference)`` for each thing over which the data show a conflict
of interest that the person has not answered, with what goes with it. A bounded number of queries."""
goes_with: Registry[tuple[str, str]] = Registry("goes_with")
"""Called ``provider(references)``: yields ``(reference, another)`` where whoever leaves the first must not see the
other either (a decision and the agenda item it is discussed in). One step only; a bounded number of queries."""
left_titles: Registry[tuple[str, Text]] = Registry("left_titles")
"""Called ``provider(references)``: yields ``(reference, title)``: what a thing is called, for whoever withdrew from it.
The title only, nothing of the deliberation."""


@dataclass
class Declared(Generic[T]):
    """Things a room declares once, rather than computes for a viewer."""

    name: str
    items: list[T] = field(default_factory=list)

    def add(self, item: T) -> T:
        self.items.append(item)
        return item

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


search: Declared[SearchKind] = Declared("search")
merge: Declared[Merge] = Declared("merge")
personal_data: Declared[PersonalData] = Declared("personal_data")
demo: Declared[DemoStep] = Declared("demo")
daily: Declared[Daily] = Declared("daily")
ticks: Declared[Tick] = Declared("ticks")
notice_kinds: Declared[NoticeKind] = Declared("notice_kinds")
link_purposes: Declared[LinkPurpose] = Declared("link_purposes")
act_kinds: Declared[ActKind] = Declared("act_kinds")
withdrawal_changed: Declared[Callable[[Any, dt.datetime], None]] = Declared("withdrawal_changed")
"""Called ``(withdrawal, now)`` in the transaction where a person withdrew from an item, or where that was lifted
(``withdrawal.lifted_at`` says which): a decision then counts its seats again."""


action_labels: dict[str, Text] = {}
"""What an action of the audit log reads as: ``{"alliances.role_granted": _("Role given")}``, room by room."""
room_labels: dict[str, Text] = {}
"""What a room is called in the log: the first part of its actions."""


def name_actions(room: str, label: Text, actions: Mapping[str, Text]) -> None:
    """Say how the log reads for this room. ``actions``: by their code without the room (``role_granted``)."""
    room_labels[room] = label
    action_labels.update({f"{room}.{code}": text for code, text in actions.items()})


def autodiscover() -> None:
    """Import every app's ``contributions`` module, once, when the project starts."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("contributions")
