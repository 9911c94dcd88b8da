"""Conflicts of interest found in the data: the person's organisation proposes, will carry out, is concerned.

``subject`` is a :class:`Decision` or an :class:`AgendaItem` (decisions made in it included). A person is concerned by
an actor they sit for, speak for (mandate) or declare an interest in. Whoever is found must withdraw, or say in words
why there is no conflict, before they read the deliberation or take a position.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import left_by
from maillage.actors.models import Actor, Interest, Mandate, Withdrawal
from maillage.alliances.models import Person, Role
from maillage.concertation.models import AgendaItem, Decision, DecisionConcern, Meeting, NoConflict, SeatHolder, Space
from maillage.core import contributions
from maillage.core.dates import holding

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
    return {reference.partition(":")[2]: reference for reference in references if reference.startswith(f"{kind}:")}


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
