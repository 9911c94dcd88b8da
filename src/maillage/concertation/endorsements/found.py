"""Conflicts of interest found in the data: the person's organisation proposes, will carry out, is concerned.

``subject`` is a :class:`Decision` or an :class:`AgendaItem` (decisions made in it included). A person is concerned by
an actor they sit for, speak for (mandate) or declare an interest in. Whoever is found must withdraw, or say in words
why there is no conflict, before they read the deliberation or take a position.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import left_by
from maillage.actors.models import Actor, Interest, Mandate, Withdrawal
from maillage.alliances.models import Alliance, Person, Role
from maillage.concertation.models import AgendaItem, Decision, DecisionConcern, Meeting, NoConflict, SeatHolder, Space
from maillage.core import contributions
from maillage.core.dates import holding
from maillage.core.text import sort_key
from maillage.methods.disclosure.line import line

Subject = Decision | AgendaItem
Reason = Withdrawal.Reason

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
    """Whether there is nothing left to deliberate: nobody is asked any more."""
    if isinstance(subject, Decision):
        return subject.state in {Decision.State.CLOSED, Decision.State.WITHDRAWN}
    return subject.meeting.state in {Meeting.State.HELD, Meeting.State.CANCELLED}


def concerned_actors(subject: Subject) -> dict[int, str]:
    """The actors that the subject concerns, and how. Two queries at most.

    Whoever presents a decision proposes it, unless it was said that they have no interest in it. Presenting a point of
    information or of discussion is no interest.
    """
    if isinstance(subject, Decision):
        decisions, presenters = [subject.pk], [(subject.pk, subject.presenter_id)]
    else:
        presenters = list(Decision.objects.filter(agenda_item=subject).values_list("pk", "presenter_id"))
        decisions = [pk for pk, _presenter in presenters]
        if subject.kind == AgendaItem.Kind.DECISION:
            presenters.append((0, subject.presenter_id))
    found: dict[int, str] = {}
    without: set[tuple[int, int]] = set()
    rows = DecisionConcern.objects.filter(decision__in=decisions) if decisions else DecisionConcern.objects.none()
    for decision, actor, how, interest in rows.values_list("decision_id", "actor_id", "how", "interest"):
        if interest:
            found.setdefault(actor, how)
        elif how == DecisionConcern.How.PROPOSES:
            without.add((decision, actor))
    for decision, presenter in presenters:
        if presenter is not None and (decision, presenter) not in without:
            found.setdefault(presenter, Reason.PROPOSES)
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


def _found(subject: Subject, day: dt.date, people: Q) -> dict[int, list[Conflict]]:
    concerned = concerned_actors(subject)
    if not concerned:
        return {}
    ties: dict[tuple[int, int], str] = {}
    for person, actor, through in _ties(concerned, day, people):
        ties.setdefault((person, actor), through)
    actors = Actor.objects.in_bulk([actor for _person, actor in ties])
    found: dict[int, list[Conflict]] = {}
    for (person, actor), through in ties.items():
        found.setdefault(person, []).append(Conflict(person, actors[actor], concerned[actor], through))
    for conflicts in found.values():
        conflicts.sort(key=lambda one: (one.actor.sort_key, one.actor.pk))
    return found


def conflicts_of(person: Person, subject: Subject, day: dt.date) -> list[Conflict]:
    """The conflicts of interest that the data show for this person. Six queries at most."""
    return _found(subject, day, Q(person=person)).get(person.pk, [])


def conflicts_in(subject: Subject, day: dt.date) -> dict[int, list[Conflict]]:
    """The same, by person, for everyone who may deliberate: the space's holders and substitutes, those who steer."""
    holders = SeatHolder.objects.at(day).filter(holding(day, "seat__"), seat__space=space_of(subject))
    steering = Role.objects.at(day).filter(
        person__alliance=subject.alliance, kind__in=[Role.Kind.AGENT, Role.Kind.REGIONAL]
    )
    people = Q(person__in=holders.values("person")) | Q(person__in=steering.values("person"))
    return _found(subject, day, people & Q(person__erased_at=None))


def conflict_answered(person: Person, reference: str) -> bool:
    """Whether the person answered something: withdrew from it, or said why there is no conflict."""
    if reference in left_by([person.pk]).get(person.pk, frozenset()):
        return True
    return NoConflict.objects.filter(person=person, reference=reference).exists()


def to_answer(person: Person, subject: Subject, day: dt.date) -> list[Conflict]:
    """The conflicts found that the person has said nothing about. Empty where nothing is left to deliberate."""
    if is_settled(subject):
        return []
    found = conflicts_of(person, subject, day)
    if not found:
        return []
    said: set[str] = set()
    for keys in NoConflict.objects.filter(person=person, reference__in=_references(subject)).values_list(
        "found", flat=True
    ):
        said.update(keys)
    return [conflict for conflict in found if conflict.key not in said]


def _references(subject: Subject) -> list[str]:
    """What was said of the agenda item holds for its decisions too, as far as it names the same actors."""
    if isinstance(subject, Decision) and subject.agenda_item is not None:
        return [subject.reference, subject.agenda_item.reference]
    return [subject.reference]


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
    concerned = _concerned_by_subject(subjects)
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


def _concerned_by_subject(subjects: list[Subject]) -> dict[str, dict[int, str]]:
    decisions = {subject.pk: subject for subject in subjects if isinstance(subject, Decision)}
    found: dict[str, dict[int, str]] = {subject.reference: {} for subject in subjects}
    without: set[tuple[int, int]] = set()
    rows = DecisionConcern.objects.filter(decision__in=list(decisions))
    for decision, actor, how, interest in rows.values_list("decision_id", "actor_id", "how", "interest"):
        if interest:
            found[decisions[decision].reference].setdefault(actor, how)
        elif how == DecisionConcern.How.PROPOSES:
            without.add((decision, actor))
    for subject in subjects:
        presenter = subject.presenter_id
        if presenter is not None and (subject.pk, presenter) not in (without if isinstance(subject, Decision) else ()):
            found[subject.reference].setdefault(presenter, str(Reason.PROPOSES))
    return found


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
