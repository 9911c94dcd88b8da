"""One queue for what people wrote: who sees what, what waits for a second person, and never more queries for more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.models import Role
from maillage.participation.consultations import moderation
from maillage.participation.models import Consultation, Excerpt, Helper, Quote, Statement
from maillage.participation.opinions import services as opinions
from maillage.participation.results import counting
from maillage.participation.results.giving import stopped
from maillage.participation.testimonies import services as testimonies
from maillage.participation.testimonies.waiting import to_count
from maillage.participation.vocabulary import Help
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, SeatFactory, SpaceFactory, signed_in, user_with
from tests.participation.factories import ConsultationFactory
from tests.participation.opinions import makers as of_opinions
from tests.participation.questionnaires import makers as of_questions
from tests.participation.testimonies import makers as of_testimonies

pytestmark = pytest.mark.django_db
S = Consultation.State


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rives")


@pytest.fixture
def now():
    return timezone.now()


def under_way(alliance, **of) -> Consultation:
    now = timezone.now()
    return ConsultationFactory(
        **{"alliance": alliance, "opened_at": now, "opens_at": now - dt.timedelta(days=1),
           "closes_at": now + dt.timedelta(days=7), **of}
    )  # fmt: skip


def page_of(client, alliance, query="") -> str:
    return client.get(reverse("participation_in:moderation", args=[alliance.slug]) + query).content.decode()


def waiting(alliance, user):
    """``(kind, what is to be done)`` of each thing that waits."""
    found = moderation.queue(alliance, user, moderation.looked_after(alliance, user))
    return [(str(label), str(row.act)) for label, rows in found for row in rows]


def trusted(consultation, help):
    person = PersonFactory(alliance=consultation.alliance)
    RoleFactory(person=person, kind=Role.Kind.MEMBER)
    Helper.objects.create(consultation=consultation, person=person, help=help)
    return person.user


def test_every_kind_is_in_one_page(client, alliance, now):
    found = under_way(alliance, title="Se loger ici")
    step = of_opinions.step_of(1, consultation=found)
    opinions.propose(step=step, text="Les loyers montent trop vite.", language="fr", now=now)
    telling = of_testimonies.step_of()
    telling.consultation = found
    telling.save()
    of_testimonies.tell(telling, "Des mots que la liste ne montre jamais.", now=now)
    question = of_questions.question_of(of_questions.section_of(of_questions.step_of(consultation=found)), kind="text")
    Excerpt.objects.create(question=question, text="Un passage à accepter", chosen_by=user_with(alliance))
    signed_in(client, alliance)
    page = page_of(client, alliance)
    for said in ("Énoncés", "Les loyers montent trop vite.", "Témoignages", "Un passage à accepter"):
        assert said in page
    assert "Des mots que la liste" not in page, "a testimony is read on its own page"
    assert "Énoncé fictif" not in page, "what the alliance wrote waits for nobody"


def test_a_refusal_waits_for_another_person_than_the_one_who_asked(alliance, now):
    step = of_opinions.step_of(1, consultation=under_way(alliance))
    made = opinions.propose(step=step, text="Hors sujet.", language="fr", now=now)
    first, second = user_with(alliance), user_with(alliance)
    assert len(waiting(alliance, first)) == len(waiting(alliance, second)) == 1
    opinions.ask_refusal(statement=made, reason="subject", by=first)
    assert waiting(alliance, first) == []
    [(_label, act)] = waiting(alliance, second)
    assert "refus" in act
    opinions.confirm_refusal(statement=made, by=second, now=now)
    assert waiting(alliance, second) == []


def test_a_testimony_waits_for_two_readers_then_to_be_settled(alliance, now):
    step = of_testimonies.step_of(alliance=alliance)
    told, _receipt = of_testimonies.tell(step)
    codes = of_testimonies.book_of(step)
    first, second, third = (user_with(alliance) for _ in range(3))
    acts = set()
    testimonies.code(testimony=told, codes=codes[:1], by=first)
    assert waiting(alliance, first) == []
    acts |= {act for _label, act in waiting(alliance, second)}
    testimonies.code(testimony=told, codes=codes[1:], by=second)
    acts |= {act for _label, act in waiting(alliance, first)}
    assert waiting(alliance, third) == [], "two people read it: it waits for no third"
    testimonies.propose_reading(testimony=told, codes=codes, by=first)
    assert waiting(alliance, first) == []
    acts |= {act for _label, act in waiting(alliance, second)}
    assert len(acts) == 3, "a second reading, two readings to settle, a proposal to agree with"
    testimonies.agree_reading(testimony=told, by=second)
    assert waiting(alliance, second) == []


def test_a_passage_waits_for_a_second_person_with_consent_only(alliance):
    step = of_testimonies.step_of(alliance=alliance)
    told, _receipt = of_testimonies.tell(step, may_quote=True)
    first, second = user_with(alliance), user_with(alliance)
    Quote.objects.create(testimony=told, text="Le loyer prend tout.", chosen_by=first)
    kinds = [label for label, _act in waiting(alliance, second)]
    assert kinds.count("Passages de témoignages") == 1
    assert "Passages de témoignages" not in [label for label, _act in waiting(alliance, first)]


def test_each_helper_sees_what_they_are_trusted_with_and_nobody_else_does(client, alliance, now):
    found = under_way(alliance)
    step = of_opinions.step_of(1, consultation=found)
    opinions.propose(step=step, text="À lire par qui modère.", language="fr", now=now)
    other = of_opinions.step_of(1, consultation=under_way(alliance, title="Une autre"))
    opinions.propose(step=other, text="Ailleurs.", language="fr", now=now)
    moderator, coder = trusted(found, Help.MODERATE), trusted(found, Help.CODE)
    assert len(waiting(alliance, moderator)) == 1
    assert waiting(alliance, coder) == []
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    page = page_of(client, alliance)
    assert "À lire par qui modère." in page
    assert "Ailleurs." not in page
    url = reverse("participation_in:moderation", args=[alliance.slug])
    for kind in (Role.Kind.MEMBER, Role.Kind.OBSERVER, Role.Kind.EVALUATOR):
        signed_in(client, alliance, kind)
        assert client.get(url).status_code == 403
    signed_in(client, AllianceFactory())
    assert client.get(url).status_code == 403


def test_whoever_decides_with_it_may_be_the_second_and_reads_what_is_refused(client, alliance, now):
    space = SpaceFactory(alliance=alliance)
    found = under_way(alliance, space=space)
    made = opinions.propose(step=of_opinions.step_of(1, consultation=found), text="Hors sujet.", language="fr", now=now)
    seat = SeatFactory(space=space)
    person = PersonFactory(alliance=alliance)
    RoleFactory(person=person, kind=Role.Kind.MEMBER)
    seat.holders.create(person=person)
    assert waiting(alliance, person.user) == [], "reading is for those trusted with it"
    opinions.ask_refusal(statement=made, reason="subject", by=user_with(alliance))
    assert len(waiting(alliance, person.user)) == 1
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("participation_in:statements", args=["rives", found.uuid])
    assert "Hors sujet." in client.get(url).content.decode()


@pytest.mark.parametrize("state", [S.DRAFT, S.PUBLISHED, S.CANCELLED])
def test_nothing_waits_where_nothing_can_change(alliance, state):
    found = under_way(alliance)
    step = of_opinions.step_of(1, consultation=found)
    Statement.objects.create(step=step, number=9, text="Trop tard.", checked=False, added_by_participant=True)
    assert waiting(alliance, user_with(alliance))
    Consultation.objects.update(state=state, cancelled_why="x")
    assert waiting(alliance, user_with(alliance)) == []


def test_the_agent_is_told_how_many_wait(alliance, now):
    found = under_way(alliance, title="Se loger ici")
    step = of_opinions.step_of(1, consultation=found)
    for text in ("Un.", "Deux.", "Trois."):
        opinions.propose(step=step, text=text, language="fr", now=now)
    [line] = moderation.todo(alliance, user_with(alliance), alliance.today())
    assert "Se loger ici" in str(line.title)
    assert "3" in str(line.detail)
    assert str(found.uuid) in line.url
    assert list(moderation.todo(alliance, user_with(alliance, Role.Kind.MEMBER), alliance.today())) == []
    assert list(moderation.todo(alliance, None, alliance.today())) == []


def test_the_page_asks_as_many_questions_for_one_as_for_fifty(client, alliance, now):
    step = of_opinions.step_of(1, consultation=under_way(alliance))
    telling = of_testimonies.step_of(alliance=alliance)

    def more(n):
        last = Statement.objects.filter(step=step).count() + 1
        Statement.objects.bulk_create(
            Statement(step=step, number=last + i, text=f"Phrase {last + i}.", checked=False) for i in range(n)
        )
        for _ in range(n):
            of_testimonies.tell(telling)

    signed_in(client, alliance)
    more(1)
    page_of(client, alliance)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_of(client, alliance)
    more(20)
    with CaptureQueriesContext(connection) as many:
        page = page_of(client, alliance)
    assert len(many) == len(few)
    assert "page=2" in page


# What waits for the team alone


def test_testimonies_that_are_all_settled_wait_to_be_counted(alliance):
    agent, second = user_with(alliance), user_with(alliance)
    step = of_testimonies.step_of(alliance=alliance)
    codes = of_testimonies.book_of(step)
    told = [of_testimonies.tell(step)[0] for _ in range(6)]

    def keys():
        return [line.key for line in to_count(alliance, agent, alliance.today())]

    of_testimonies.close(step)
    for one in told:
        assert keys() == []
        testimonies.code(testimony=one, codes=codes, by=agent)
        testimonies.code(testimony=one, codes=codes, by=second)
    assert keys() == [f"testimonies-count-{step.uuid}"]
    assert list(to_count(alliance, user_with(alliance, Role.Kind.MEMBER), alliance.today())) == []
    testimonies.count_codes(step=step, by=agent, now=timezone.now())
    assert keys() == []


def test_a_count_that_stopped_waits_for_the_team(alliance):
    step = of_opinions.step_of(1, consultation=under_way(alliance, title="Se loger"))
    counting.fail(step)
    [line] = stopped(alliance, user_with(alliance), alliance.today())
    assert "Se loger" in str(line.title)
    assert list(stopped(alliance, user_with(alliance, Role.Kind.MEMBER), alliance.today())) == []
    assert list(stopped(AllianceFactory(), None, alliance.today())) == []
