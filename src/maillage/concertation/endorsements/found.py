"""Conflicts of interest found in the data: the person's organisation proposes, will carry out, is concerned.

``subject`` is a :class:`Decision` or an :class:`AgendaItem` (decisions made in it included). A person is concerned by
an actor they sit for, speak for (mandate) or declare an interest in. Whoever is found must withdraw, or say in words
why there is no conflict, before they read the deliberation or take a position: :func:`asked` says it of one person and
subject, :func:`unanswered` of persons and everything, for whatever lists, sends or finds.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import withdrawn_by
from maillage.actors.models import Actor, Interest, Mandate, Withdrawal, WithdrawalNote
from maillage.alliances.models import Alliance, Person, Role
from maillage.concertation.models import (
    AgendaItem,
    Decision,
    DecisionConcern,
    Endorsement,
    Meeting,
    Minutes,
    NoConflict,
    SeatHolder,
    Space,
)
from maillage.core import contributions
from maillage.core.dates import holding
from maillage.core.text import sort_key
from maillage.methods.disclosure.line import line

Subject = Decision | AgendaItem
Reason = Withdrawal.Reason

DECISION = "concertation.decision"
SEAT, MANDATE, INTEREST = "seat", "mandate", "interest"
"""How the person is tied to the actor."""


@dataclass(frozen=True)
class Conflict:
    """A person has an interest in an actor that the subject concerns."""

    person_id: int
    actor: Actor
    reason: str
    """A code of ``Withdrawal.Reason``: what the actor has to do with it."""
    through: str
    """``seat``, ``mandate`` or ``interest``."""

    @property
    def key(self) -> str:
        return f"{self.reason}:{self.actor.pk}"

    @property
    def how(self) -> str:
        """What the actor has to do with it: « le propose »."""
        return str(DecisionConcern.How(self.reason).label)

    @property
    def yours(self) -> str:
        """How the reader is tied to the actor."""
        return {
            SEAT: _("you sit for it"),
            MANDATE: _("you speak for it"),
            INTEREST: _("you declared an interest in it"),
        }[self.through]

    @property
    def theirs(self) -> str:
        """How someone else is tied to it."""
        return {SEAT: _("sits for it"), MANDATE: _("speaks for it"), INTEREST: _("declared an interest in it")}[
            self.through
        ]


def space_of(subject: Subject) -> Space:
    return subject.space if isinstance(subject, Decision) else subject.meeting.space


def is_settled(subject: Subject) -> bool:
    """Whether nothing is left to deliberate, nor to keep from anyone: nobody is asked any more.

    A decision: once it is published or taken back. A point: once the minutes of its meeting are approved.
    """
    if isinstance(subject, Decision):
        return subject.is_public or subject.state == Decision.State.WITHDRAWN
    if subject.meeting.state == Meeting.State.CANCELLED:
        return True
    return Minutes.objects.filter(meeting=subject.meeting_id, state=Minutes.State.APPROVED).exists()


UNSETTLED_DECISION = Q(is_public=False) & ~Q(state=Decision.State.WITHDRAWN)
UNSETTLED_ITEM = ~Q(meeting__state=Meeting.State.CANCELLED) & (
    Q(meeting__minutes=None) | Q(meeting__minutes__state__in=[Minutes.State.DRAFT, Minutes.State.CIRCULATED])
)
"""The same, as conditions."""


def _parts(subject: Subject) -> list[Subject]:
    """The subject; for an agenda item, the decisions made in it too."""
    if isinstance(subject, Decision):
        return [subject]
    decisions = list(Decision.objects.filter(agenda_item=subject).order_by("pk"))
    for decision in decisions:
        decision.agenda_item = subject
    return [subject, *decisions]


def _concerned(subjects: Collection[Subject]) -> dict[str, dict[int, str]]:
    """By reference, the actors that each subject itself concerns, and how. One query.

    Whoever presents a decision proposes it, unless it was said that they have no interest in it. Presenting a point of
    information or of discussion is no interest.
    """
    decisions = {subject.pk: subject for subject in subjects if isinstance(subject, Decision)}
    found: dict[str, dict[int, str]] = {subject.reference: {} for subject in subjects}
    without: set[tuple[int, int]] = set()
    rows = DecisionConcern.objects.filter(decision__in=list(decisions)).order_by("decision_id", "how", "actor_id")
    told = rows.values_list("decision_id", "actor_id", "how", "interest") if decisions else ()
    for decision, actor, how, interest in told:
        if interest:
            found[decisions[decision].reference].setdefault(actor, how)
        elif how == DecisionConcern.How.PROPOSES:
            without.add((decision, actor))
    for subject in subjects:
        presenter = subject.presenter_id
        if isinstance(subject, Decision):
            proposes = (subject.pk, presenter) not in without
        else:
            proposes = subject.kind == AgendaItem.Kind.DECISION
        if presenter is not None and proposes:
            found[subject.reference].setdefault(presenter, str(Reason.PROPOSES))
    return found


def _ties(actors: Collection[int], day: dt.date, people: Q) -> Iterator[tuple[int, int, str]]:
    """``(person, actor, through)`` for each tie of these persons (``people``, through ``person``) on ``day``."""
    seats = SeatHolder.objects.at(day).filter(people, holding(day, "seat__"), seat__actor__in=actors)
    for person, actor in seats.values_list("person_id", "seat__actor_id"):
        yield person, actor, SEAT
    for model, through in ((Mandate, MANDATE), (Interest, INTEREST)):
        held = model.objects.at(day).filter(people, actor__in=actors)  # type: ignore[attr-defined]
        for person, actor in held.values_list("person_id", "actor_id"):
            yield person, actor, through


def _found(subjects: list[Subject], day: dt.date, people: Q) -> dict[int, list[Conflict]]:
    reasons: dict[int, list[str]] = {}
    for told in _concerned(subjects).values():
        for actor, reason in told.items():
            if reason not in reasons.setdefault(actor, []):
                reasons[actor].append(reason)
    if not reasons:
        return {}
    ties: dict[tuple[int, int], str] = {}
    for person, actor, through in _ties(reasons, day, people):
        ties.setdefault((person, actor), through)
    actors = Actor.objects.in_bulk([actor for _person, actor in ties])
    found: dict[int, list[Conflict]] = {}
    for (person, actor), through in ties.items():
        found.setdefault(person, []).extend(
            Conflict(person, actors[actor], reason, through) for reason in reasons[actor]
        )
    for conflicts in found.values():
        conflicts.sort(key=lambda one: (one.actor.sort_key, one.actor.pk))
    return found


def conflicts_of(person: Person, subject: Subject, day: dt.date) -> list[Conflict]:
    """The conflicts of interest that the data show for this person. Six queries at most."""
    return _found(_parts(subject), day, Q(person=person)).get(person.pk, [])


def conflicts_in(subject: Subject, day: dt.date) -> dict[int, list[Conflict]]:
    """The same, by person, for everyone who may deliberate: the space's holders and substitutes, those who steer."""
    holders = SeatHolder.objects.at(day).filter(holding(day, "seat__"), seat__space=space_of(subject))
    steering = Role.objects.at(day).filter(
        person__alliance=subject.alliance, kind__in=[Role.Kind.AGENT, Role.Kind.REGIONAL]
    )
    people = Q(person__in=holders.values("person")) | Q(person__in=steering.values("person"))
    return _found(_parts(subject), day, people & Q(person__erased_at=None))


def asked(person: Person, subject: Subject, day: dt.date) -> tuple[Subject, list[Conflict]] | None:
    """What the person must answer before they read or act on the subject, and the conflicts found; ``None``: nothing.

    Of a decision, it may be the agenda item it comes under: whoever must answer there does not read its decisions.
    """
    found = to_answer(person, subject, day)
    item = None
    if not found and isinstance(subject, Decision) and subject.agenda_item is not None and not is_settled(subject):
        item = subject.agenda_item
        found = _unsaid(person, [item], day)
    if not found:
        return None
    # Withdrawing is an answer too: nobody is asked about what they left.
    about = item or subject
    return None if about.reference in withdrawn_by([person.pk]).get(person.pk, frozenset()) else (about, found)


def to_answer(person: Person, subject: Subject, day: dt.date) -> list[Conflict]:
    """The conflicts found that the person has said nothing about. Empty where nothing is left to deliberate."""
    return _unsaid(person, _parts(subject), day)


def _unsaid(person: Person, parts: list[Subject], day: dt.date) -> list[Conflict]:
    """Of these subjects, each by itself, the conflicts found that the person has said nothing about."""
    found = [
        (part, conflict)
        for part in parts
        if not is_settled(part)
        for conflict in _found([part], day, Q(person=person)).get(person.pk, [])
    ]
    if not found:
        return []
    said = _said([person.pk])
    waiting: dict[str, Conflict] = {}
    for part, conflict in found:
        if not any(conflict.key in said.get((person.pk, reference), ()) for reference in _references(part)):
            waiting.setdefault(conflict.key, conflict)
    return list(waiting.values())


def _said(persons: Collection[int]) -> dict[tuple[int, str], set[str]]:
    """What these persons said is no conflict: the keys of the conflicts, by person and reference. One query."""
    said: dict[tuple[int, str], set[str]] = {}
    rows = NoConflict.objects.filter(person__in=persons).order_by()
    for person, reference, keys in rows.values_list("person_id", "reference", "found"):
        said.setdefault((person, reference), set()).update(keys)
    return said


def _references(subject: Subject) -> list[str]:
    """Where what was said holds for the subject too, as far as it names the same actors: of the agenda item for its
    decisions, of its decisions for the agenda item."""
    if isinstance(subject, Decision):
        return list(subject.references)
    decisions = Decision.objects.filter(agenda_item=subject).order_by()
    return [subject.reference, *(f"{DECISION}:{key}" for key in decisions.values_list("uuid", flat=True))]


@contributions.unanswered.register
def unanswered(person_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """What each of these persons was found in a conflict over and has not answered, with what goes with it.

    Twelve queries at most, however many persons and decisions there are. An elected official who has not answered
    still reads the resolutions sent to councils: the law has them disclose their interest and abstain, in session.
    """
    persons = Person.objects.filter(pk__in=person_ids, erased_at=None).select_related("alliance").in_bulk()
    days = {person.alliance_id: person.alliance.today() for person in persons.values()}
    tied: dict[int, set[int]] = {}
    for day in set(days.values()):
        there = [person.pk for person in persons.values() if days[person.alliance_id] == day]
        for person, actor in _tied(there, day):
            tied.setdefault(person, set()).add(actor)
    if not tied:
        return
    by_actor: dict[int, set[int]] = {}
    for person, actors in tied.items():
        for actor in actors:
            by_actor.setdefault(actor, set()).add(person)
    subjects = _unsettled(set(by_actor), set(days))
    if not subjects:
        return
    found: dict[int, set[str]] = {}
    said = _said(list(tied))
    concerned = _concerned([subject for subject, _alliance, _also in subjects])
    for subject, alliance, also in subjects:
        for actor, reason in concerned[subject.reference].items():
            for person in by_actor.get(actor, ()):
                key = f"{reason}:{actor}"
                answered = any(key in said.get((person, reference), ()) for reference in also)
                if persons[person].alliance_id == alliance and not answered:
                    found.setdefault(person, set()).add(subject.reference)
    if found:
        yield from _with_what_goes(found, {pk: days[row.alliance_id] for pk, row in persons.items()})


def _tied(persons: list[int], day: dt.date) -> Iterator[tuple[int, int]]:
    """``(person, actor)`` for each tie of these persons on ``day``. One query."""
    seats = SeatHolder.objects.at(day).filter(holding(day, "seat__"), person__in=persons).order_by()
    mandates = Mandate.objects.at(day).filter(person__in=persons).order_by()
    interests = Interest.objects.at(day).filter(person__in=persons).exclude(actor=None).order_by()
    rows = seats.values_list("person_id", "seat__actor_id").union(
        mandates.values_list("person_id", "actor_id"), interests.values_list("person_id", "actor_id")
    )
    yield from rows


def _unsettled(actors: Collection[int], alliances: Collection[int]) -> list[tuple[Subject, int, list[str]]]:
    """What is not settled and may concern these actors: the subject, its alliance, where it may have been answered.
    Three queries."""
    items = list(
        AgendaItem.objects.filter(
            UNSETTLED_ITEM, meeting__alliance__in=alliances, kind=AgendaItem.Kind.DECISION, presenter__in=actors
        ).select_related("meeting")
    )
    made_in: dict[int, list[str]] = {}
    if items:
        rows = Decision.objects.filter(agenda_item__in=items).order_by()
        for item, key in rows.values_list("agenda_item_id", "uuid"):
            made_in.setdefault(item, []).append(f"{DECISION}:{key}")
    concerning = DecisionConcern.objects.filter(actor__in=actors, interest=True).values("decision")
    decisions = Decision.objects.filter(UNSETTLED_DECISION, alliance__in=alliances).select_related("agenda_item")
    found: list[tuple[Subject, int, list[str]]] = [
        (item, item.meeting.alliance_id, [item.reference, *made_in.get(item.pk, [])]) for item in items
    ]
    for decision in decisions.filter(Q(presenter__in=actors) | Q(pk__in=concerning)):
        found.append((decision, decision.alliance_id, list(decision.references)))
    return found


def _with_what_goes(found: dict[int, set[str]], days: dict[int, dt.date]) -> Iterator[tuple[int, str]]:
    """What waits for an answer, but what was left already, and what goes with it."""
    left = withdrawn_by(list(found))
    waiting = {person: references - left.get(person, frozenset()) for person, references in found.items()}
    along: dict[str, set[str]] = {}
    going = list(goes_with(set().union(*waiting.values())))
    # A decision that is published already is everyone's, whatever waits for an answer on its point.
    keys = _uuids({another for _reference, another in going}, DECISION)
    told: set[str] = set()
    if keys:
        settled = Decision.objects.filter(uuid__in=list(keys)).exclude(UNSETTLED_DECISION)
        told = {keys[str(key)] for key in settled.order_by().values_list("uuid", flat=True)}
    for reference, another in going:
        if another not in told:
            along.setdefault(reference, set()).add(another)
    resolutions = _uuids(set().union(*along.values()), "concertation.endorsement") if along else {}
    readable: set[str] = set()
    elected: set[int] = set()
    if resolutions:
        sent = Endorsement.objects.filter(uuid__in=list(resolutions)).exclude(state=Endorsement.State.DRAFT)
        readable = {resolutions[str(key)] for key in sent.order_by().values_list("uuid", flat=True)}
        roles = Role.objects.filter(person__in=list(waiting), kind=Role.Kind.ELECTED)
        elected = {role.person_id for role in roles if role.holds(days[role.person_id])}
    for person, references in waiting.items():
        everything = references.union(*(along.get(reference, ()) for reference in references))
        for reference in sorted(everything - readable if person in elected else everything):
            yield person, reference


def _uuids(references: Collection[str], kind: str) -> dict[str, str]:
    """The references of this kind, by the uuid they name; what names none is left out."""
    found = {}
    for reference in references:
        named, _colon, key = reference.partition(":")
        if named == kind:
            try:
                found[str(uuid.UUID(key))] = reference
            except ValueError:
                continue
    return found


@contributions.goes_with.register
def goes_with(references: Collection[str]) -> Iterator[tuple[str, str]]:
    """Whoever leaves a decision does not see its agenda item nor its draft resolutions; whoever leaves an agenda item
    does not see its decisions (nor their resolutions). Two queries."""
    decisions, items = _uuids(references, "concertation.decision"), _uuids(references, "concertation.agendaitem")
    if not decisions and not items:
        return
    rows = Decision.objects.filter(Q(uuid__in=list(decisions)) | Q(agenda_item__uuid__in=list(items))).order_by()
    for decision, item, endorsement in rows.values_list("uuid", "agenda_item__uuid", "endorsements__uuid"):
        left = [known for known in (decisions.get(str(decision)), items.get(str(item))) if known is not None]
        for reference in left:
            if endorsement is not None:
                yield reference, f"concertation.endorsement:{endorsement}"
        if str(decision) in decisions and item is not None:
            yield decisions[str(decision)], f"concertation.agendaitem:{item}"
        if str(item) in items:
            yield items[str(item)], f"concertation.decision:{decision}"


@contributions.left_titles.register
def left_titles(references: Collection[str]) -> Iterator[tuple[str, str]]:
    """The titles of decisions and agenda items. Two queries."""
    decisions, items = _uuids(references, "concertation.decision"), _uuids(references, "concertation.agendaitem")
    for model, wanted in ((Decision, decisions), (AgendaItem, items)):
        if wanted:
            rows = model.objects.filter(uuid__in=list(wanted)).values_list("uuid", "title")  # type: ignore[attr-defined]
            for key, title in rows.order_by():
                yield wanted[str(key)], title


@dataclass(frozen=True)
class Line:
    """For the agent: someone found in a conflict, and what they answered."""

    subject: Subject
    person: Person
    conflict: Conflict
    withdrawal: Withdrawal | None
    said: NoConflict | None

    @property
    def waits(self) -> bool:
        return self.withdrawal is None and self.said is None


OVERVIEW = 100
"""How many decisions, and how many points of agenda, an overview looks at."""


def overview(alliance: Alliance, day: dt.date) -> list[Line]:
    """Everyone found in a conflict over what is to be decided in the alliance: drafts, open decisions, points to come.

    Twelve queries at most, however many there are.
    """
    subjects = _undecided(alliance)
    concerned = _concerned(subjects)
    actors = {actor for found in concerned.values() for actor in found}
    if not actors:
        return []
    ties: dict[int, dict[int, str]] = {}
    for person, actor, through in _ties(actors, day, Q(person__alliance=alliance, person__erased_at=None)):
        ties.setdefault(actor, {}).setdefault(person, through)
    deliberate = _who_deliberates(alliance, {space_of(subject).pk for subject in subjects}, day)
    known_actors = Actor.objects.in_bulk(list(actors))
    people = Person.objects.in_bulk([person for tied in ties.values() for person in tied])
    references = [subject.reference for subject in subjects]
    left = {(row.person_id, row.reference): row for row in _withdrawals(references)}
    said = {(row.person_id, row.reference): row for row in NoConflict.objects.filter(reference__in=references)}
    lines = []
    for subject in subjects:
        may_deliberate = deliberate[None] | deliberate.get(space_of(subject).pk, set())
        for actor, reason in concerned[subject.reference].items():
            for person in sorted(may_deliberate & ties.get(actor, {}).keys()):
                conflict = Conflict(person, known_actors[actor], reason, ties[actor][person])
                key = (person, subject.reference)
                lines.append(Line(subject, people[person], conflict, left.get(key), said.get(key)))
    return lines


def _undecided(alliance: Alliance) -> list[Subject]:
    decisions = Decision.objects.filter(alliance=alliance, state__in=[Decision.State.DRAFT, Decision.State.OPEN])
    items = AgendaItem.objects.filter(
        meeting__alliance=alliance, meeting__state__in=[Meeting.State.PLANNED, Meeting.State.OPEN],
        kind=AgendaItem.Kind.DECISION, presenter__isnull=False,
    )  # fmt: skip
    return [
        *decisions.select_related("space", "alliance", "agenda_item").order_by("-created_at", "-id")[:OVERVIEW],
        *items.select_related("meeting__space", "meeting__alliance").order_by("meeting__starts_at", "id")[:OVERVIEW],
    ]


def _who_deliberates(alliance: Alliance, spaces: Collection[int], day: dt.date) -> dict[int | None, set[int]]:
    """The persons who hold a seat in each space; under ``None``, those who steer."""
    people: dict[int | None, set[int]] = {None: set()}
    holders = SeatHolder.objects.at(day).filter(holding(day, "seat__"), seat__space__in=spaces)
    for space, person in holders.values_list("seat__space_id", "person_id"):
        people.setdefault(space, set()).add(person)
    steering = Role.objects.at(day).filter(person__alliance=alliance, kind__in=[Role.Kind.AGENT, Role.Kind.REGIONAL])
    people[None].update(steering.values_list("person_id", flat=True))
    return people


def _withdrawals(references: Collection[str]) -> Iterator[Withdrawal]:
    yield from Withdrawal.objects.filter(reference__in=references, lifted_at=None)


def standing_withdrawals(alliance: Alliance) -> QuerySet[Withdrawal]:
    """The withdrawals that hold today, newest first: for whoever may lift one. Paginate it."""
    return Withdrawal.objects.filter(alliance=alliance, lifted_at=None).select_related("person", "actor")


def waiting_notes(alliance: Alliance) -> QuerySet[WithdrawalNote]:
    """The withdrawals written down for someone that wait for a second person, oldest first."""
    rows = WithdrawalNote.objects.filter(person__alliance=alliance, settled_at=None)
    return rows.select_related("person", "actor").order_by("at", "pk")


def said_on(subject: Subject) -> QuerySet[NoConflict]:
    """What members answered about this subject, for the members of its space: the actor's name stands, no person's."""
    return NoConflict.objects.filter(reference__in=_references(subject)).exclude(words="").select_related("actor")


# The public register: counts only.


@dataclass(frozen=True)
class Counts:
    """How many withdrawals hold or held, by year and space, by year and reason. Lifted ones are left out."""

    spaces: list[tuple[int, str, int]]
    reasons: list[tuple[int, str, int]]
    total: int
    """All of them, years not told included. 0 where there are fewer than the threshold."""
    few: bool = False
    """There are some, too few for any number to be told."""
    years_untold: int = 0
    """Years where there were too few."""


def counts(alliance: Alliance, threshold: int | None = None) -> Counts:
    """The register of withdrawals, as anyone may read it. Four queries.

    A withdrawal is someone's: years, then spaces and reasons within a year, are told only where no number is under
    the threshold, those that are being told together (``methods.disclosure.line``). A space where fewer actors than
    the alliance's threshold have ever sat is counted with « other spaces », and so is one that is not shown in
    public: no line points at anyone. Reasons are counted for the whole alliance.
    """
    least = threshold or alliance.threshold
    rows = list(
        Withdrawal.objects.filter(alliance=alliance, lifted_at=None).values_list("reference", "at", "reason").order_by()
    )
    where = _spaces_of([reference for reference, _at, _reason in rows])
    sizes = dict(
        Space.objects.filter(alliance=alliance, is_public=True)
        .annotate(n=Count("seats__actor", distinct=True))
        .order_by()
        .values_list("pk", "n")
    )
    names = dict(Space.objects.filter(pk__in=set(where.values())).order_by().values_list("pk", "name"))
    by_space: Counter[tuple[int, str]] = Counter()
    by_reason: Counter[tuple[int, str]] = Counter()
    for reference, at, reason in rows:
        year, space = alliance.today(at).year, where.get(reference)
        shown = space is not None and sizes.get(space, 0) >= least
        by_space[year, names[space] if shown and space is not None else ""] += 1
        by_reason[year, str(Reason(reason).label)] += 1
    total = len(rows)
    if total < least:
        return Counts([], [], 0, few=bool(rows))
    by_year = Counter(year for year, _name in by_space.elements())
    years = [year for year, n in line(by_year, least).items() if n is not None]
    return Counts(
        _told(by_space, years, least, _("other spaces")), _told(by_reason, years, least, _("other reasons")), total,
        years_untold=len(by_year) - len(years),
    )  # fmt: skip


def _told(counted: Counter[tuple[int, str]], years: list[int], least: int, other: str) -> list[tuple[int, str, int]]:
    """The lines of these years, the latest first; within each, the small ones together, last."""
    lines = []
    for year in sorted(years, reverse=True):
        of_year = {name: n for (one, name), n in counted.items() if one == year}
        shown = {name: n for name, n in line(of_year, least).items() if n is not None}
        rest = sum(of_year.values()) - sum(shown.values()) + shown.pop("", 0)
        lines += [(year, name, shown[name]) for name in sorted(shown, key=sort_key)]
        lines += [(year, other, rest)] if rest else []
    return lines


def _spaces_of(references: Collection[str]) -> dict[str, int]:
    decisions, items = _uuids(references, "concertation.decision"), _uuids(references, "concertation.agendaitem")
    found = {
        decisions[str(key)]: space
        for key, space in Decision.objects.filter(uuid__in=list(decisions)).order_by().values_list("uuid", "space_id")
    }
    for key, space in (
        AgendaItem.objects.filter(uuid__in=list(items)).order_by().values_list("uuid", "meeting__space_id")
    ):
        found[items[str(key)]] = space
    return found
