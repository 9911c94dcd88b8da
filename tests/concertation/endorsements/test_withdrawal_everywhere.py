"""Withdrawal, by any road: someone who left a decision and an agenda item walks the whole project.

Each text of the deliberation holds a word of its own. First, people who did not withdraw walk every address: the words
must be found (otherwise the test would prove nothing). Then a member, a member by personal addresses and an agent,
who withdrew, walk the same: pages, exports, account, handover, memory, to-do, search, mails. Not one word may be there.
So do those who were found in a conflict and have not answered yet.

Most addresses tried are refused, and a refusal says nothing of the row: those pages are left blank, so that the walk
takes seconds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone, translation

import maillage
from maillage.actors.interests import services as interests
from maillage.alliances import handover
from maillage.alliances.links import services as links
from maillage.alliances.models import Person, Role
from maillage.alliances.notices.models import Notice
from maillage.concertation.decisions import services as decisions
from maillage.concertation.meetings import invitations
from maillage.concertation.models import (
    AgendaDocument,
    AgendaItem,
    Amendment,
    Attendance,
    Decision,
    DecisionDocument,
    DecisionOption,
    DelegateMandate,
    Endorsement,
    Meeting,
    MeetingInvitation,
    Minutes,
    MinutesItem,
    MinutesText,
    NoConflict,
    Note,
    NoteVersion,
    Objection,
    Position,
    ProposalVersion,
    Task,
)
from maillage.config import urls
from maillage.core import contributions, documents, search
from maillage.core.withholding import references_left
from tests.arch.addresses import World
from tests.arch.test_every_address import TABLE, walk
from tests.concertation.endorsements.making import concerned, member_of
from tests.factories import ActorFactory, AllianceFactory, RoleFactory, SpaceFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SOURCE = Path(maillage.__file__).parent

# The words, each in one text. They stem to themselves, and no page holds them otherwise.
WORDS = {
    name: f"zq{name}qz"
    for name in (
        "context", "proposal", "former", "option", "reason", "objection", "reply", "why", "document", "content",
        "preparation", "agendadoc", "note", "oldnote", "minutes", "oldminutes", "amendment", "resolved", "whereas",
        "question", "noconflict", "task",
    )
}  # fmt: skip
FORMS = ("csv", "pdf", "txt", "xlsx", "ics", "json", "graphml")
SHOWN = {
    "context", "proposal", "option", "reason", "objection", "resolved", "whereas", "question", "noconflict", "note",
    "minutes",
}  # fmt: skip
"""What must be readable somewhere, for the walk to prove anything. All are checked for absence."""
FIRST = (
    ("decision", "Decision"), ("position", "Decision"), ("objection", "Decision"), ("rencontre", "Meeting"),
    ("espace", "Space"), ("enterinement", "Endorsement"), ("suite", "Task"), ("acteur", "Actor"),
    ("personne", "Person"), ("document", "Document"),
)  # fmt: skip
"""What an address most likely leads to, to be tried first."""
ELSEWHERE = ("ui:", "accounts:", "account", "mfa", "demo:", "territories:", "core:health", "core:ready", "core:mail")
"""Names of pages that know nothing of alliances."""


@dataclass
class Scene:
    """One decision under one agenda item, everything around them written, and the people."""

    world: World
    meeting: Meeting
    item: AgendaItem
    decision: Decision
    left: Person
    left_agent: Person
    other: Person
    other_agent: Person
    found: Person
    found_agent: Person
    uuids: list[tuple[str, Any]] = field(default_factory=list)
    pairs: list[Any] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@pytest.fixture(autouse=True)
def _blank_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    def blank(status: int) -> Any:
        return lambda request, exception=None: HttpResponse(status=status)

    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", blank(status), raising=False)


@pytest.fixture
def scene() -> Scene:
    now = timezone.now()
    alliance = AllianceFactory(slug="marche", name="Alliance des Rivières")
    space = SpaceFactory(alliance=alliance, name="Table Logement")
    left, other, third, found = (member_of(space) for _ in range(4))
    left_agent, other_agent, found_agent = (member_of(space, kind="agent") for _ in range(3))
    for number, person in enumerate((left, other, left_agent, other_agent, found, found_agent)):
        person.email = f"personne{number}@exemple.test"
        person.save()
    meeting = Meeting.objects.create(
        alliance=alliance, space=space, title="Rencontre d’hiver", state=Meeting.State.HELD,
        starts_at=now - dt.timedelta(days=1), ends_at=now - dt.timedelta(hours=22),
    )  # fmt: skip
    item = AgendaItem.objects.create(
        meeting=meeting, title="Le point", kind="decision", preparation=WORDS["preparation"], is_public=True
    )
    decision = Decision.objects.create(
        alliance=alliance, space=space, agenda_item=item, title="La décision", context=WORDS["context"],
        state=Decision.State.OPEN, opened_at=now - dt.timedelta(days=2), closes_at=now + dt.timedelta(days=3),
        year=now.year, number=900, seats=5,
    )  # fmt: skip
    scene = Scene(
        World(alliance, AllianceFactory(slug="ailleurs"), {"agent": other_agent.user, "member": other.user}),
        meeting, item, decision, left, left_agent, other, other_agent, found, found_agent,
    )  # fmt: skip
    seats = {person: person.seats_held.get().seat for person in (left, other, third, left_agent)}
    write(scene, seats, other, third, now)
    for person in (found, found_agent):
        concerned(decision, person.seats_held.get().seat.actor)
    return scene


def write(scene: Scene, seats: dict[Person, Any], other: Person, third: Person, now: dt.datetime) -> None:
    alliance, decision, item, meeting = scene.world.alliance, scene.decision, scene.item, scene.meeting
    ProposalVersion.objects.create(decision=decision, number=1, text=WORDS["former"])
    version = ProposalVersion.objects.create(decision=decision, number=2, text=WORDS["proposal"], why=WORDS["why"])
    DecisionOption.objects.create(decision=decision, text=WORDS["option"])
    common = {"decision": decision, "version": version, "given_at": now}
    kept = [
        Position.objects.create(seat=seats[other], person=other, stand="reservation", why=WORDS["reason"], **common),
        Position.objects.create(seat=seats[third], person=third, stand="objection", why=WORDS["reason"], **common),
    ]
    objection = Objection.objects.create(
        decision=decision, seat=seats[third], text=WORDS["objection"], answer=WORDS["reply"], answer_kind="reply",
        state="answered", answered_at=now,
    )  # fmt: skip
    file = documents.store(
        WORDS["content"].encode(), name="note.txt", content_type="text/plain", alliance=alliance,
        rule="concertation.read_decision_document",
    )  # fmt: skip
    DecisionDocument.objects.create(decision=decision, document=file, title=WORDS["document"])
    AgendaDocument.objects.create(item=item, document=file, title=WORDS["agendadoc"])
    note = Note.objects.create(item=item, text=WORDS["note"], version=2)
    for number, word in ((1, "oldnote"), (2, "note")):
        NoteVersion.objects.create(note=note, number=number, base=number - 1, text=WORDS[word], key=f"cle{number}")
    minutes = Minutes.objects.create(meeting=meeting, state=Minutes.State.CIRCULATED, circulated_at=now)
    line = MinutesItem.objects.create(minutes=minutes, item=item, text=WORDS["minutes"])
    MinutesText.objects.create(item=line, version=1, text=WORDS["oldminutes"])
    amendment = Amendment.objects.create(item=line, person=other, text=WORDS["amendment"])
    endorsement = Endorsement.objects.create(
        alliance=alliance, decision=decision, title="La résolution", council=ActorFactory(alliance=alliance),
        whereas=[WORDS["whereas"]], resolved=WORDS["resolved"], state="sent", sent_on=alliance.today(),
        clerk_deadline=alliance.today(), session_on=alliance.today(),
    )  # fmt: skip
    mandate = DelegateMandate.objects.create(
        seat=seats[scene.left], person=scene.left, decision=decision, question=WORDS["question"], state="asked",
        board_on=alliance.today() - dt.timedelta(days=1),
    )  # fmt: skip
    DelegateMandate.objects.create(
        seat=seats[other], person=other, decision=decision, question=WORDS["question"], state="asked",
        board_on=alliance.today() - dt.timedelta(days=1),
    )  # fmt: skip
    NoConflict.objects.create(
        alliance=alliance, reference=decision.reference, person=other, actor=seats[other].actor,
        words=WORDS["noconflict"], found=[],
    )  # fmt: skip
    task = Task.objects.create(
        alliance=alliance, space=decision.space, title="Suite", notes=WORDS["task"], decision=decision,
        agenda_item=item, owner_person=scene.left, due_on=alliance.today(),
    )  # fmt: skip
    for person in (scene.left, other, scene.left_agent, scene.other_agent, scene.found, scene.found_agent):
        MeetingInvitation.objects.create(meeting=meeting, person=person, sent_at=now)
    Attendance.objects.create(meeting=meeting, kind="seat", seat=seats[scene.left], type="community")
    rows = [decision, meeting, decision.space, item, minutes, endorsement, objection, amendment, task, file, mandate,
            *kept, seats[other].actor, scene.left]  # fmt: skip
    scene.uuids = [(type(row).__name__, row.uuid) for row in rows]
    scene.pairs = [decision.uuid, meeting.uuid, decision.space.uuid]
    scene.numbers = sorted({1, 2, version.pk, seats[scene.left].pk, seats[other].pk, line.pk, note.pk})
    with translation.override("fr"):
        search.rebuild()


def purposes() -> set[str]:
    """Every purpose of a personal address that the project knows."""
    return {purpose.code for purpose in contributions.link_purposes}


def tokens_of(scene: Scene, person: Person) -> list[str]:
    about = ["", scene.decision.reference, scene.item.reference, scene.meeting.reference]
    about += [f"concertation.task:{task.uuid}" for task in Task.objects.all()]
    return [
        links.make(person=person, purpose=purpose, reference=reference)
        for purpose in sorted(purposes())
        for reference in about
    ]


def candidates(scene: Scene, pattern: URLPattern, tokens: list[str]) -> Iterator[dict[str, Any]]:
    """What to put in the pieces of an address, so that it leads to the scene."""
    converters = {key: type(value).__name__ for key, value in pattern.pattern.converters.items()}
    uuids = [key for key, kind in converters.items() if kind == "UUIDConverter"]
    likely = {model for word, model in FIRST if word in str(pattern.pattern)}
    ordered = [key for _kind, key in sorted(scene.uuids, key=lambda one: one[0] not in likely)]
    pieces: list[list[tuple[str, Any]]] = []
    for key, kind in converters.items():
        values: Iterable[Any]
        if kind == "UUIDConverter":
            values = scene.pairs if len(uuids) > 1 and key == uuids[0] else ordered
        elif kind == "IntConverter":
            values = scene.numbers
        elif "token" in key:
            values = tokens
        elif key in {"form", "format", "extension"}:
            values = FORMS
        else:
            values = ["decision", "point"] if key == "kind" else [scene.world.alliance.slug]
        pieces.append([(key, value) for value in values])
    for combination in product(*pieces):
        yield dict(combination)


def addresses(scene: Scene, tokens: list[str]) -> Iterator[tuple[str, bool, list[str]]]:
    """Each name, whether it carries its own key, and the addresses to try, the likeliest first."""
    for name, pattern in walk(get_resolver()):
        if name not in TABLE or name.startswith(ELSEWHERE):
            continue
        paths = []
        for kwargs in candidates(scene, pattern, tokens):
            if "_in:" in name:
                kwargs["slug"] = scene.world.alliance.slug
            try:
                with translation.override("fr"):
                    paths.append(reverse(name, kwargs=kwargs) + TABLE[name].query)
            except NoReverseMatch:
                continue
        yield name, "token" in str(pattern.pattern), list(dict.fromkeys(paths))


def body(response: Any) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return data.decode("utf-8", "replace")


def read(client: Client, path: str) -> tuple[int, str]:
    with translation.override("fr"):
        response = client.get(path)
        return response.status_code, body(response)


def signed(person: Person | None) -> Client:
    # A personal address made here for a row of another kind than its page expects may break: it then shows nothing.
    client = Client(raise_request_exception=person is not None)
    if person is not None:
        client.force_login(type(person.user).objects.get(pk=person.user_id), backend=BACKEND)
    return client


def visit(
    scene: Scene, person: Person, *, by_link: bool, only: Collection[str] | None = None, first: Collection[str] = ()
) -> dict[str, str]:
    """Every page this person opens: address → text. By personal addresses: without signing in.

    ``only``: the addresses that were open to someone else. Otherwise the first row that opens an address is enough,
    save for files; ``first``: those tried before the others.
    """
    client, tokens = signed(None if by_link else person), tokens_of(scene, person)
    pages: dict[str, str] = {}
    for name, own_key, paths in addresses(scene, tokens):
        if by_link != own_key or TABLE[name].posts:
            continue
        if only is not None and not own_key:
            paths = [path for path in paths if path in only]
        for path in sorted(paths, key=lambda path: path not in first):
            status, text = read(client, path)
            if status == 200:
                pages[path] = f"{name}\n{text}"
                if only is None and not own_key and not path.endswith(FORMS):
                    break
    return pages


def found_in(texts: dict[str, str]) -> dict[str, list[str]]:
    """Which words are where."""
    return {
        word: [f"{path} ({text.partition(chr(10))[0]})" for path, text in texts.items() if mark in text]
        for word, mark in WORDS.items()
        if any(mark in text for text in texts.values())
    }


def given(scene: Scene, person: Person) -> dict[str, str]:
    """What the rooms give to this person, outside pages of their own."""
    user = type(person.user).objects.get(pk=person.user_id)
    alliance, today = scene.world.alliance, scene.world.alliance.today()
    with translation.override("fr"):
        told = {
            "exports": [
                (one.name, list(map(list, one.rows()))) for one in contributions.exports.collect(alliance, user, today)
            ],
            "report": list(contributions.report.collect(alliance, user, today)),
            "timeline": list(contributions.timeline.collect(alliance, user, today, limit=200)),
            "todo": list(contributions.todo.collect(alliance, user, today)),
            "handover": [list(section.blocks) for section in handover.sections(alliance, user, today, "")],
            "panels": [
                panel.context
                for page, subject in (("home", None), ("decision", scene.decision), ("space", scene.decision.space))
                for panel in contributions.panels.collect(alliance, user, today, page=page, subject=subject)
            ],
            "search": [
                [
                    hit.title + hit.snippet
                    for hit in search.find(word, include_private=True, left=references_left(user)).results
                ]
                for word in WORDS.values()
            ],
        }
    return {kind: str(value) for kind, value in told.items()}


def withdraw(scene: Scene, reference: str) -> None:
    for person in (scene.left, scene.left_agent):
        interests.withdraw(person=person, reference=reference, reason="other", by=person.user, now=timezone.now())


def test_whoever_withdrew_or_has_not_answered_finds_not_one_word_anywhere(scene: Scene):
    """Leaving the decision is enough: the agenda item where it is discussed goes with it."""
    members = visit(scene, scene.other, by_link=False)
    agents = visit(scene, scene.other_agent, by_link=False, first=members)
    seen = found_in({**members, **{f"agent {path}": text for path, text in agents.items()}})
    assert seen.keys() >= SHOWN, f"The walk never meets {sorted(SHOWN - seen.keys())}: it would prove nothing."
    withdraw(scene, scene.decision.reference)
    opened = set(members) | set(agents)
    for kind, member, agent in (
        ("withdrawn", scene.left, scene.left_agent),
        ("found", scene.found, scene.found_agent),
    ):
        for person, by_link in ((member, False), (member, True), (agent, False)):
            pages = visit(scene, person, by_link=by_link, only=opened)
            assert pages
            assert found_in(pages) == {}, kind
        for person in (member, agent):
            assert found_in(given(scene, person)) == {}, kind


def test_whoever_left_the_agenda_item_does_not_see_its_decision(scene: Scene):
    withdraw(scene, scene.item.reference)
    decision = reverse("concertation_in:decision", args=["marche", scene.decision.uuid])
    for person in (scene.left, scene.left_agent):
        status, text = read(signed(person), decision)
        assert found_in({decision: text}) == {}, status
        assert found_in(given(scene, person)) == {}


def test_whoever_withdrew_can_do_nothing_agent_included(scene: Scene):
    withdraw(scene, scene.decision.reference)
    before = state()
    typed = {
        "stand": "agree", "why": "x", "text": "autre", "answer": "x", "kind": "reply", "became": "x", "title": "x",
        "reason": "x", "state": "endorsed", "on": "2026-12-01", "number": "1", "nature": "x", "elected_as": "x",
    }  # fmt: skip
    for person in (scene.left, scene.left_agent):
        client = signed(person)
        for name, own_key, paths in addresses(scene, []):
            if own_key or not re.search(r"decision|position|objection|endorsement", name):
                continue
            for path in paths:
                if str(scene.decision.uuid) in path or ("/enterinements/" in path and "-" in path):
                    with translation.override("fr"):
                        response = client.post(path, typed)
                    assert response.status_code in {403, 404, 405}, f"{name} {path}: {response.status_code}"
    assert state() == before


def state() -> list[Any]:
    models = (Decision, ProposalVersion, Position, Objection, Endorsement, DecisionDocument, Task)
    return [list(model.objects.order_by("pk").values()) for model in models]


def mails_to(mailoutbox: list[Any], people: Iterable[Person]) -> dict[str, str]:
    """The mails that left for these people, calendar files included."""
    addresses_of = {person.email for person in people}
    found = {}
    for number, message in enumerate(mailoutbox):
        if addresses_of & set(message.to):
            parts = [message.subject, message.body, *map(str, message.alternatives), *map(str, message.attachments)]
            found[f"{number} {message.subject}"] = "\n".join(parts)
    return found


def everything_is_told(scene: Scene) -> None:
    """What makes mails leave: invitations, a new version, the closing, then the daily work of every room."""
    now, site, agent = timezone.now(), "https://exemple.test", scene.other_agent.user
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        state=Meeting.State.PLANNED, starts_at=now + dt.timedelta(days=3), ends_at=now + dt.timedelta(days=3, hours=2)
    )
    scene.meeting.refresh_from_db()
    invitations.send(meeting=scene.meeting, by=agent, now=now, site=site, again=True)
    text = f"{WORDS['proposal']} encore"
    decisions.amend(decision=scene.decision, text=text, why=WORDS["why"], by=agent, now=now, site=site)
    for days in (0, 1, 2):
        for work in contributions.daily:
            work.run(now + dt.timedelta(days=days))
    decisions.close_decision(decision=scene.decision, by=agent, now=now + dt.timedelta(days=4), site=site)
    for days in range(4, 12):
        for work in contributions.daily:
            work.run(now + dt.timedelta(days=days))


def test_no_mail_that_leaves_for_whoever_withdrew_speaks_of_it(scene: Scene, mailoutbox):
    for person in (scene.left, scene.other):
        for kind in contributions.notice_kinds:
            Notice.objects.create(
                person=person, kind=kind.code, subject=scene.decision.title, body=WORDS["proposal"],
                reference=scene.decision.reference,
            )  # fmt: skip
    withdraw(scene, scene.decision.reference)
    mailoutbox.clear()
    everything_is_told(scene)
    told = mails_to(mailoutbox, [scene.other])
    assert "proposal" in found_in(told), "No mail speaks of it to anyone: the test would prove nothing."
    asked = mails_to(mailoutbox, [scene.found, scene.found_agent])
    assert asked
    assert found_in(asked) == {}
    gone = mails_to(mailoutbox, [scene.left, scene.left_agent])
    assert gone  # the meeting itself, the yearly look at interests
    assert found_in(gone) == {}
    assert not [subject for subject, text in gone.items() if scene.decision.title in text]


def test_once_lifted_the_person_reads_again(scene: Scene):
    withdraw(scene, scene.decision.reference)
    row = scene.left.withdrawals.get()
    interests.lift(withdrawal=row, why="Erreur", by=scene.other_agent.user, now=timezone.now())
    decision = reverse("concertation_in:decision", args=["marche", scene.decision.uuid])
    assert "proposal" in found_in({decision: read(signed(scene.left), decision)[1]})


def test_roles_that_oversee_and_withdraw_are_held_too(scene: Scene):
    """A coordinator of the regional alliance who also sits here and withdrew reads nothing either."""
    RoleFactory(person=scene.left, kind=Role.Kind.REGIONAL)
    withdraw(scene, scene.decision.reference)
    decision = reverse("concertation_in:decision", args=["marche", scene.decision.uuid])
    assert found_in({decision: read(signed(scene.left), decision)[1]}) == {}
