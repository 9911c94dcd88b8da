"""What consultations give to the rest: participation by stage and by way, words of each kind, search of the team."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.actors.models import Participation
from maillage.alliances.models import Role
from maillage.alliances.rules import forget_roles
from maillage.core import search
from maillage.participation.consultations import by_stage, copying, giving, indexing, services, taking_part
from maillage.participation.models import Consultation, Result, Step
from maillage.participation.results import giving as results
from maillage.participation.vocabulary import Access, Kind
from tests.factories import (
    AllianceFactory,
    CycleFactory,
    PersonFactory,
    RoleFactory,
    StageFactory,
    signed_in,
    user_with,
)
from tests.participation.factories import ConsultationFactory, StepFactory
from tests.participation.makers import close
from tests.participation.opinions import makers as of_opinions
from tests.participation.results import makers as of_priorities
from tests.participation.testimonies import makers as of_testimonies

pytestmark = pytest.mark.django_db
S = Consultation.State


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rives")


@pytest.fixture
def stages(alliance):
    cycle = CycleFactory(alliance=alliance)
    return [StageFactory(cycle=cycle, name=name, position=n) for n, name in enumerate(("Portrait", "Plan"))]


def published(alliance, stage, ballots, channels=(), kind=Kind.PRIORITIES, **of) -> Consultation:
    now = timezone.now()
    found = ConsultationFactory(
        **{"alliance": alliance, "stage": stage, "state": S.PUBLISHED, "opened_at": now, "closed_at": now,
           "published_at": now, **of}
    )  # fmt: skip
    step = StepFactory(consultation=found, kind=kind, state=Step.State.CLOSED)
    data = {"n": ballots} if kind == Kind.TESTIMONIES else {}
    Result.objects.create(
        step=step, state="ready", ballots=0 if kind == Kind.TESTIMONIES else ballots, data=data,
        who={"channel": [list(pair) for pair in channels]}, computed_at=now,
    )  # fmt: skip
    return found


def test_stages_tell_how_many_answered_and_by_which_way_where_numbers_allow(alliance, stages):
    portrait, plan = stages
    published(alliance, portrait, 40, [("online", 30), ("paper", 10)])
    published(alliance, portrait, 20, [("online", None), ("paper", None)])
    published(alliance, portrait, 3)
    published(alliance, plan, 12, kind=Kind.TESTIMONIES)
    published(alliance, None, 9, [("kiosk", 9)])
    published(alliance, plan, 500, imported_from="vote.pb")
    ConsultationFactory(alliance=alliance, stage=plan)
    published(AllianceFactory(), None, 99)
    first, second, none = by_stage.by_stage(alliance)
    assert (first.stage, first.consultations, first.people, first.untold) == (portrait, 3, 60, 1)
    assert dict(first.channels) == {"online": 30, "paper": 10}
    assert first.channels_of == 1, "a consultation that hides one way adds nothing to the ways"
    assert (second.stage, second.consultations, second.people) == (plan, 1, 12)
    assert dict(second.kinds) == {Kind.TESTIMONIES: 1}
    assert (none.stage, none.people) == (None, 9)
    [section] = by_stage.section(alliance, None, alliance.today())
    rows = section.blocks[1].rows
    assert [row[0] for row in rows] == ["Portrait", "Plan", "aucune étape en particulier"]
    assert [row[3] for row in rows] == [60, 12, 9]
    assert rows[0][4] == "en ligne\u00a0: 30, papier\u00a0: 10"
    assert not list(by_stage.section(AllianceFactory(), None, alliance.today()))


def test_the_page_of_a_stage_lists_its_consultations_for_the_team(client, alliance, stages):
    published(alliance, stages[0], 40, title="Se loger ici")
    ConsultationFactory(alliance=alliance, stage=stages[0], state=S.DRAFT, title="Bientôt")
    signed_in(client, alliance)
    page = client.get(reverse("alliances_in:stage", args=["rives", stages[0].pk])).content.decode()
    for said in ("Se loger ici", "Bientôt", "40"):
        assert said in page
    member = user_with(alliance, Role.Kind.MEMBER)
    panels = list(by_stage.panels(alliance, member, alliance.today(), "stage", stages[0]))
    assert panels == [], "what is prepared is for the team"
    assert not list(by_stage.panels(alliance, user_with(alliance), alliance.today(), "home", None))


def test_as_many_questions_for_one_consultation_as_for_twenty(alliance, stages):
    def count():
        with CaptureQueriesContext(connection) as queries:
            list(by_stage.section(alliance, None, alliance.today()))
        return len(queries)

    published(alliance, stages[0], 40)
    few = count()
    for _ in range(19):
        published(alliance, stages[1], 40)
    assert count() == few


def test_those_who_testified_are_in_the_record_of_participation(alliance, stages):
    found = published(alliance, stages[0], 12, kind=Kind.TESTIMONIES)
    assert taking_part.record(found).people == 12
    [line] = Participation.objects.all()
    assert (line.stage, line.type, line.actor) == (stages[0], "citizens", None)
    Result.objects.update(data={"few": True})
    assert taking_part.record(found) is None
    assert not Participation.objects.exists(), "a count that is now too small takes the former line away"


@pytest.mark.parametrize("of", [{"access": Access.LIST}, {"stage": None}, {"threshold": 50}])
def test_a_list_no_stage_or_too_few_are_not_in_the_record(alliance, stages, of):
    found = published(alliance, **{"stage": stages[0], "ballots": 40, **of})
    assert taking_part.record(found) is None


def test_testimonies_are_not_told_as_ballots(alliance, stages):
    published(alliance, stages[0], 12, kind=Kind.TESTIMONIES)
    export = next(iter(giving.open_tables(alliance, None, alliance.today())))
    [row] = [dict(zip(export.header, row, strict=True)) for row in export.rows()]
    assert row["ballots"] == 12


# What people said, whatever the kind


def test_the_account_and_open_data_tell_each_kind(alliance):
    of_priorities.counted(["[6,5,0]"] * 6, of={"alliance": alliance, "title": "Priorités fictives"})
    step = of_opinions.step_of(2, alliance=alliance, title="Avis fictifs")
    for _ in range(8):
        of_opinions.cast(step, {1: 1, 2: -1})
    close(step)
    telling = of_testimonies.step_of(alliance=alliance, title="Témoignages fictifs")
    for _ in range(7):
        of_testimonies.tell(telling)
    of_testimonies.close(telling)
    of_testimonies.publish(telling)
    Consultation.objects.update(published_at=timezone.now(), feedback="Une navette est lancée.")
    [section] = results.section(alliance, None, alliance.today())
    titles = [block.text for block in section.blocks if hasattr(block, "text")]
    assert sorted(titles) == ["Avis fictifs", "Priorités fictives", "Témoignages fictifs"]
    words = " ".join(block for block in section.blocks if isinstance(block, str))
    assert "Se loger arrive en tête" in words or "Se loger" in words
    assert "7 personnes ont témoigné." in words
    assert words.count("Une navette est lancée.") == 3
    export = next(one for one in results.tables(alliance, None, alliance.today()) if one.name == "answers")
    told = {(row[3], row[4], row[5]): row[6] for row in export.rows()}
    assert told["priorities", "Se loger", "Essentiel"] == 6
    assert told["opinions", "Énoncé fictif numéro 1.", "d’accord"] == 8
    assert told["testimonies", "Témoignages", "personnes qui ont témoigné"] == 7


def test_open_data_holds_no_answer_before_the_publication(alliance):
    of_priorities.counted(["[6,5,0]"] * 6, of={"alliance": alliance}, published=False)
    assert [row for one in results.tables(alliance, None, alliance.today()) for row in one.rows()] == []


def test_the_memory_says_when_the_alliance_answered(alliance):
    published(alliance, None, 40, title="Se loger", feedback="Une navette.", feedback_on=alliance.today())
    titles = [str(row.title) for row in giving.opened_and_published(alliance, None, alliance.today())]
    assert "Ce qui a été fait d’une consultation\u00a0: Se loger" in titles


# Search


def found_by(alliance, user, words="navette"):
    page = search.find(
        words, alliance_id=alliance.pk, include_private=user is not None,
        groups=search.groups_of(alliance, user, alliance.today()),
    )  # fmt: skip
    return [hit.title for hit in page.results]


def test_what_is_prepared_is_found_by_the_team_alone(alliance):
    agent, sister = user_with(alliance), AllianceFactory()
    made = services.create_consultation(alliance=alliance, title="Navette hivernale", by=agent)
    assert found_by(alliance, agent) == ["Navette hivernale"]
    others = [user_with(alliance, kind) for kind in (Role.Kind.MEMBER, Role.Kind.OBSERVER)]
    for user in (None, *others, user_with(sister)):
        assert found_by(alliance, user) == []
    RoleFactory(person=PersonFactory(alliance=sister, user=agent), kind=Role.Kind.AGENT)
    forget_roles(agent)
    copying.copy_consultation(source=made, to=sister, by=agent)
    assert found_by(sister, agent) == ["Navette hivernale"]
    services.delete_consultation(consultation=made, by=agent)
    assert found_by(alliance, agent) == []
    assert found_by(sister, agent) == ["Navette hivernale"]


def test_what_was_opened_is_found_by_anyone(alliance):
    found = ConsultationFactory(alliance=alliance, title="Navette hivernale", state=S.DRAFT)
    indexing.put([found])
    assert found_by(alliance, None) == []
    Consultation.objects.update(state=S.OPEN)
    search.put(indexing.rows())
    assert found_by(alliance, None) == ["Navette hivernale"]
