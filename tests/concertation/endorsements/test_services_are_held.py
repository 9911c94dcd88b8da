"""Every service that acts on a decision or a point refuses whoever withdrew, and whoever has not answered yet."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile

import maillage.concertation
from maillage.actors.interests.services import withdraw
from maillage.alliances.models import Role
from maillage.concertation.decisions import services as decisions
from maillage.concertation.endorsements import conflicts, mandates, resolutions
from maillage.concertation.governance.services import charters
from maillage.concertation.meetings import agenda
from maillage.concertation.minutes import keeping, notes, room
from maillage.concertation.models import (
    AgendaDocument,
    AgendaItem,
    Amendment,
    Attendance,
    Charter,
    Decision,
    DecisionDocument,
    DelegateMandate,
    Delegation,
    Endorsement,
    Meeting,
    Minutes,
    MinutesItem,
    Note,
    NoteVersion,
    Objection,
    Position,
    Task,
)
from maillage.concertation.tasks import services as tasks
from maillage.core import documents
from tests.concertation.decisions.world import LATER, NOW, SITE, hold, member, table
from tests.concertation.endorsements.making import concerned
from tests.factories import ActorFactory, RoleFactory

pytestmark = pytest.mark.django_db
DAY = NOW.date()


class World:
    """A decision under a point, with everything that hangs on them, and ``me``: an agent who holds a seat there."""

    def __init__(self, state: str) -> None:
        t = table()
        self.t, self.me = t, t.people[0]
        RoleFactory(person=self.me, kind=Role.Kind.AGENT)
        self.user = self.me.user
        space = t.space
        self.meeting = Meeting.objects.create(
            alliance=t.alliance, space=space, title="Rencontre", state=Meeting.State.OPEN, starts_at=NOW,
            ends_at=NOW + dt.timedelta(hours=2),
        )  # fmt: skip
        self.item = AgendaItem.objects.create(meeting=self.meeting, title="Le point", kind="decision", is_public=True)
        substitute = member(t.alliance)
        hold(t.seats[0], substitute, part="substitute")
        self.holder = self.me.seats_held.get()
        if state == "draft":
            made = decisions.create_decision(
                space=space, title="x", text="Que.", by=t.agent, now=NOW, agenda_item=self.item
            )
            t.decision = made
        else:
            t.open(agenda_item=self.item, closes_at=LATER)
            t.say(1, "objection")
        self.decision = t.decision
        self.objection = self.mine = self.position = None
        if state != "draft":
            self.objection = Objection.objects.get()
            version = self.decision.versions.get()
            common = {"decision": self.decision, "version": version, "given_at": NOW}
            Position.objects.create(seat=t.seats[0], person=self.me, stand="objection", why="x", **common)
            self.mine = Objection.objects.create(decision=self.decision, seat=t.seats[0], text="x", version=version)
            self.position = Position.objects.create(
                seat=t.seats[2], person=t.people[2], stand="agree", source="absent", recorded_by=t.agent, **common
            )
            self.delegation = Delegation.objects.create(decision=self.decision, holder=self.holder, at=NOW)
        if state == "closed":
            t.close()
            self.decision = t.decision
        self.file = self.stored("concertation.read_decision_document")
        self.document = DecisionDocument.objects.create(decision=self.decision, document=self.file, title="x")
        self.agenda_document = AgendaDocument.objects.create(
            item=self.item, document=self.stored(agenda.DOCUMENT_RULE), title="x"
        )
        note = Note.objects.create(item=self.item, text="un", version=2)
        self.waiting = NoteVersion.objects.create(note=note, number=1, base=0, text="deux", key="cle")
        self.minutes = Minutes.objects.create(
            meeting=self.meeting, state="circulated", circulated_at=NOW, amendments_until=LATER.date()
        )
        Attendance.objects.create(meeting=self.meeting, kind="seat", seat=t.seats[0], type="community")
        self.line = MinutesItem.objects.create(minutes=self.minutes, item=self.item, text="x")
        self.amendment = Amendment.objects.create(item=self.line, person=t.people[1], text="x")
        self.council = ActorFactory(alliance=t.alliance)
        self.endorsement = Endorsement.objects.create(
            alliance=t.alliance, decision=self.decision, title="x", council=self.council, whereas=["a"], resolved="b"
        )
        self.mandate = DelegateMandate.objects.create(
            seat=t.seats[0], person=self.me, decision=self.decision, question="q", state="asked"
        )
        self.task = Task.objects.create(
            alliance=t.alliance, space=space, title="x", decision=self.decision, owner_person=self.me
        )
        self.charter = Charter.objects.create(space=space, number=1, text="x")

    def stored(self, rule: str) -> Any:
        return documents.store(b"x", name="x.txt", content_type="text/plain", alliance=self.t.alliance, rule=rule)

    def key(self, index: int = 0) -> tuple[int, None]:
        return (self.t.seats[index].pk, None)


Call = Callable[[World], Any]
FILE = {"name": "x.txt", "content_type": "text/plain", "title": "x"}
AT = NOW + dt.timedelta(hours=3)


def by(w: World) -> dict[str, Any]:
    return {"by": w.user, "now": AT}


TABLE: dict[str, tuple[str, Call]] = {
    "decisions.close_decision": (
        "open", lambda w: decisions.close_decision(decision=w.decision, site=SITE, **by(w))),
    "decisions.publish_decision": ("closed", lambda w: decisions.publish_decision(decision=w.decision, **by(w))),
    "decisions.record_follow_up": (
        "closed", lambda w: decisions.record_follow_up(decision=w.decision, by=w.user, today=DAY, became="x")),
    "decisions.answer_objection": (
        "open", lambda w: decisions.answer_objection(objection=w.objection, text="x", site=SITE, **by(w))),
    "decisions.maintain_objection": (
        "open", lambda w: decisions.maintain_objection(objection=w.mine, person=w.me, **by(w))),
    "decisions.take_position": (
        "open", lambda w: decisions.take_position(
            decision=w.decision, key=w.key(), person=w.me, stand="agree", **by(w))),
    "decisions.record_position": (
        "open", lambda w: decisions.record_position(
            decision=w.decision, key=w.key(3), stand="agree", source="phone", source_note="x", site=SITE, **by(w))),
    "decisions.record_round": (
        "open", lambda w: decisions.record_round(
            decision=w.decision, said={w.key(3): ("agree", "")}, site=SITE, **by(w))),
    "decisions.confirm_position": ("open", lambda w: decisions.confirm_position(position=w.position, **by(w))),
    "decisions.drop_position": ("open", lambda w: decisions.drop_position(position=w.position, **by(w))),
    "decisions.delegate": ("open", lambda w: decisions.delegate(decision=w.decision, holder=w.holder, **by(w))),
    "decisions.end_delegation": ("open", lambda w: decisions.end_delegation(delegation=w.delegation, **by(w))),
    "decisions.add_comment": (
        "closed", lambda w: decisions.add_comment(
            decision=w.decision, key=w.key(), person=w.me, text="x", **by(w))),
    "decisions.create_decision": (
        "open", lambda w: decisions.create_decision(
            space=w.t.space, title="x", text="Que.", agenda_item=w.item, **by(w))),
    "decisions.update_decision": (
        "draft", lambda w: decisions.update_decision(decision=w.decision, changes={"title": "y"}, **by(w))),
    "decisions.open_decision": (
        "draft", lambda w: decisions.open_decision(decision=w.decision, site=SITE, **by(w))),
    "decisions.amend": (
        "open", lambda w: decisions.amend(decision=w.decision, text="Que non.", why="x", site=SITE, **by(w))),
    "decisions.take_back": ("open", lambda w: decisions.take_back(decision=w.decision, **by(w))),
    "decisions.add_document": (
        "open", lambda w: decisions.add_document(decision=w.decision, data=b"y", **FILE, **by(w))),
    "decisions.remove_document": ("open", lambda w: decisions.remove_document(row=w.document, **by(w))),
    "agenda.update_item": ("open", lambda w: agenda.update_item(item=w.item, changes={"title": "y"}, **by(w))),
    "agenda.move_item": ("open", lambda w: agenda.move_item(item=w.item, to=1, **by(w))),
    "agenda.remove_item": ("open", lambda w: agenda.remove_item(item=w.item, **by(w))),
    "agenda.add_document": (
        "open", lambda w: agenda.add_document(item=w.item, data=ContentFile(b"y"), **FILE, **by(w))),
    "agenda.remove_document": ("open", lambda w: agenda.remove_document(document=w.agenda_document, **by(w))),
    "notes.save_note": (
        "open", lambda w: notes.save_note(item=w.item, text="y", base_version=2, key="autre", **by(w))),
    "notes.settle": ("open", lambda w: notes.settle(version=w.waiting, choice="drop", **by(w))),
    "room.capture_task": ("open", lambda w: room.capture_task(item=w.item, title="x", by=w.user)),
    "room.capture_decision": (
        "open", lambda w: room.capture_decision(item=w.item, title="x", text="Que.", **by(w))),
    "keeping.correct_item": (
        "open", lambda w: keeping.correct_item(item=w.line, text="y", base_version=w.line.version, **by(w))),
    "keeping.propose_amendment": (
        "open", lambda w: keeping.propose_amendment(item=w.line, text="y", person=w.me, **by(w))),
    "keeping.settle_amendment": (
        "open", lambda w: keeping.settle_amendment(amendment=w.amendment, accepted=False, reply="x", **by(w))),
    "keeping.choose_public": (
        "open", lambda w: keeping.choose_public(minutes=w.minutes, items=[w.line.pk], **by(w))),
    "keeping.add_erratum": ("open", lambda w: keeping.add_erratum(item=w.line, text="x", **by(w))),
    "tasks.add_task": (
        "open", lambda w: tasks.add_task(
            alliance=w.t.alliance, space=w.t.space, title="x", decision=w.decision, by=w.user)),
    "tasks.update_task": ("open", lambda w: tasks.update_task(task=w.task, changes={"title": "y"}, by=w.user)),
    "tasks.finish_task": ("open", lambda w: tasks.finish_task(task=w.task, on=DAY, by=w.user)),
    "tasks.cancel_task": ("open", lambda w: tasks.cancel_task(task=w.task, on=DAY, by=w.user)),
    "tasks.reopen_task": ("open", lambda w: tasks.reopen_task(task=w.task, by=w.user)),
    "resolutions.prepare": (
        "closed", lambda w: resolutions.prepare(
            alliance=w.t.alliance, council=w.council, title="x", decision=w.decision, **by(w))),
    "resolutions.edit": (
        "closed", lambda w: resolutions.edit(endorsement=w.endorsement, changes={"title": "y"}, by=w.user)),
    "resolutions.send": ("closed", lambda w: resolutions.send(endorsement=w.endorsement, on=DAY, by=w.user)),
    "resolutions.answer": (
        "closed", lambda w: resolutions.answer(endorsement=w.endorsement, state="endorsed", on=DAY, by=w.user)),
    "resolutions.disclose": (
        "closed", lambda w: resolutions.disclose(
            endorsement=w.endorsement, elected_as="x", nature="x", by=w.user, disclosed_on=DAY)),
    "mandates.give": (
        "open", lambda w: mandates.give(seat=w.t.seats[0], mandate="x", person=w.me, decision=w.decision, **by(w))),
    "mandates.ask_board": (
        "open", lambda w: mandates.ask_board(
            seat=w.t.seats[0], decision=w.decision, question="x", person=w.me, **by(w))),
    "mandates.answer_board": (
        "open", lambda w: mandates.answer_board(mandate=w.mandate, answer="x", on=DAY, by=w.user)),
    "charters.adopt_charter": (
        "closed", lambda w: charters.adopt_charter(charter=w.charter, decision=w.decision, on=DAY, by=w.user)),
}  # fmt: skip

ELSEWHERE = {
    # About the meeting as a whole, or about no point.
    "agenda.add_items", "keeping.prepare_minutes", "keeping.circulate", "keeping.propose_approval",
    "keeping.record_approval", "room.begin", "room.end", "charters.write_charter",
    # The answer to the question itself.
    "conflicts.say_no_conflict",
    # Somebody's withdrawal, written down for them and confirmed by another: nothing of the deliberation.
    "conflicts.write_down", "conflicts.confirm", "conflicts.turn_down",
}  # fmt: skip
MODULES = {
    "decisions": "decisions/services/*.py", "agenda": "meetings/agenda.py", "notes": "minutes/notes.py",
    "room": "minutes/room.py", "keeping": "minutes/keeping.py", "tasks": "tasks/services.py",
    "resolutions": "endorsements/resolutions.py", "mandates": "endorsements/mandates.py",
    "conflicts": "endorsements/conflicts.py", "charters": "governance/services/charters.py",
}  # fmt: skip


def services() -> set[str]:
    """Every public function under a transaction of these modules."""
    root = Path(maillage.concertation.__file__).parent
    found = set()
    for name, pattern in MODULES.items():
        for path in root.glob(pattern):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    decorators = [ast.unparse(one) for one in node.decorator_list]
                    if "transaction.atomic" in decorators and any(arg.arg == "by" for arg in node.args.kwonlyargs):
                        found.add(f"{name}.{node.name}")
    return found


def test_the_table_names_every_service():
    assert services() == set(TABLE) | ELSEWHERE


def outcome(state: str, call: Call, how: str) -> str:
    w = World(state)
    if how == "withdrawn":
        withdraw(person=w.me, reference=w.decision.reference, reason="other", by=w.user, now=AT)
    else:
        concerned(w.decision, w.t.seats[0].actor)
    if how == "answered":
        conflicts.say_no_conflict(person=w.me, subject=w.decision, words="Rien", now=AT, by=w.user)
    try:
        call(w)
    except PermissionDenied:
        return "refused"
    except ValidationError:
        return "asked, and the row refused it"
    return "done"


@pytest.mark.parametrize("name", sorted(TABLE))
@pytest.mark.parametrize("how", ["withdrawn", "found"])
def test_refused(name, how):
    state, call = TABLE[name]
    assert outcome(state, call, how) == "refused"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_once_answered_the_same_call_is_let_through(name):
    """Without this, the refusals above could be for another reason."""
    state, call = TABLE[name]
    assert outcome(state, call, "answered") != "refused"


def test_nothing_is_refused_once_published():
    """What everyone reads binds nobody who has not answered: what became of it may be written."""
    w = World("closed")
    concerned(w.decision, w.t.seats[0].actor)
    Decision.objects.filter(pk=w.decision.pk).update(is_public=True)
    assert decisions.record_follow_up(decision=w.decision, by=w.user, today=DAY, became="x").became == "x"
