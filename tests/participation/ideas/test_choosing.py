"""From ideas to a choice, in the same consultation or a new one; the results and the ideas lead to one another."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.alliances.acts.models import ActInName
from maillage.core import contributions
from maillage.participation.consultations import asking, copying, lifecycle
from maillage.participation.consultations.models import Option
from maillage.participation.consultations.moderation import looked_after, queue
from maillage.participation.ideas import choosing, giving, services, waiting
from maillage.participation.models import Asked, Consultation, Idea, Result, Step
from maillage.participation.results import counting
from maillage.participation.urn import opening
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Kind
from tests.factories import AllianceFactory
from tests.participation.factories import NOW, StepFactory
from tests.participation.ideas.makers import close, publish, shown, step_of
from tests.participation.ideas.test_bringing import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def step(people):
    found = step_of(alliance=people.alliance)
    for n, title in enumerate(("Un taxi partagé", "Un autobus le soir", "Un banc"), start=1):
        shown(found, title, text=f"Comment {n}.")
    return found


def ideas(step, *numbers):
    return list(Idea.objects.filter(step=step, number__in=numbers).order_by("number"))


def chosen(people, step, numbers, **more) -> Step:
    """Put to a choice by two people, in a consultation under way."""
    asked = choosing.ask_choice(
        step=step, ideas=ideas(step, *numbers), by=people.agent, now=NOW, why="Les plus discutées.", **more
    )
    before = set(Step.objects.values_list("pk", flat=True))
    asking.confirm(asked=asked, by=people.second, now=NOW)
    return more.get("into") or Step.objects.exclude(pk__in=before).get()


def test_a_new_step_of_the_same_consultation_opens_and_its_results_lead_to_the_ideas(client, people, step):
    made = chosen(people, step, (1, 2), title="Que choisir?")
    assert (made.consultation, made.after, made.method, made.counting) == (
        step.consultation, step, "grades", "judgment",
    )  # fmt: skip
    options = list(made.options.order_by("number"))
    assert [(row.number, row.label, row.text) for row in options] == [
        (1, "Un taxi partagé", "Comment 1."), (2, "Un autobus le soir", "Comment 2."),
    ]  # fmt: skip
    assert options[0].source == ideas(step, 1)[0].reference
    made.refresh_from_db()
    assert made.state == "open"
    for _n in range(6):
        urn.cast(
            consultation=step.consultation, contents={made: json.dumps([6, 3])}, channel="online",
            nonce=secrets.token_urlsafe(16), now=NOW,
        )  # fmt: skip
    assert "Elle a été soumise au choix" in client.get(at(step, "idea", 1)).content.decode()
    assert "Elle a été soumise au choix" not in client.get(at(step, "idea", 3)).content.decode()
    close(step)
    made.refresh_from_db()
    opening.open_urn(made, now=NOW, voided=list)
    counting.count(made, now=NOW)
    publish(step)
    page = client.get(at(step, "results")).content.decode()
    assert page.count(f'href="{ideas(step, 1)[0].get_absolute_url()}"') == 2  # among the ideas, and as an option
    assert "3 idées sont sur la table" in page.replace("\xa0", " ")
    assert "2 idées ont été soumises au choix" in page.replace("\xa0", " ")
    assert ActInName.objects.get(kind="ideas-chosen").label == f"{step.consultation.title}, idées 1, 2"


def test_a_step_that_waits_for_ideas_opens_once_they_are_chosen(client, people):
    found = step_of(alliance=people.alliance)
    for title in ("Un taxi", "Un autobus"):
        shown(found, title)
    later = StepFactory(
        consultation=found.consultation, kind=Kind.PRIORITIES, position=1, state=Step.State.WAITING, after=found,
        opens_at=NOW + DAY, title="Le choix",
    )  # fmt: skip
    Step.objects.filter(pk=found.pk).update(closes_at=NOW + DAY)
    found.refresh_from_db()
    Consultation.objects.update(state="draft")
    found.consultation.refresh_from_db()
    later.consultation.refresh_from_db()
    missing = lifecycle.what_is_missing(found.consultation, NOW)
    assert not [line for line in missing if "deux options" in line]
    Consultation.objects.update(state="open")
    found.consultation.refresh_from_db()
    # Its hour comes, and nobody chose: an empty ballot is never opened.
    lifecycle.tick(NOW + DAY)
    later.refresh_from_db()
    assert later.state == "waiting"
    todo = list(waiting.to_choose(people.alliance, people.agent, NOW.date()))
    assert len(todo) == 1
    assert list(waiting.to_choose(people.alliance, people.member, NOW.date())) == []
    with pytest.raises(ValidationError, match="au moins deux"):
        chosen(people, found, (1,), into=later)
    client.force_login(people.agent)
    page = client.get(todo[0].url)
    assert page.context["form"].initial["numbers"] == "1, 2"
    form = {"numbers": "1, 2", "where": str(later.uuid), "title": "", "method": "grades", "why": " "}
    assert client.post(todo[0].url, form).status_code == 422, "the second person reads why"
    # Asked twice, it is there once; confirmed by whoever asked, not at all.
    for _n in range(2):
        answer = client.post(todo[0].url, {**form, "why": "Les plus discutées."})
    assert answer.status_code == 422
    row = Asked.objects.get()
    confirm = reverse("participation_in:asked_answer", args=[people.alliance.slug, found.consultation.uuid, row.uuid])
    client.post(confirm, {"acte": "confirmer"})
    assert later.options.count() == 0
    client.force_login(people.second)
    page = client.get(reverse("participation_in:asked", args=[people.alliance.slug, found.consultation.uuid]))
    assert "2. Un autobus" in page.content.decode()
    client.post(confirm, {"acte": "confirmer"})
    assert later.options.count() == 2
    assert ActInName.objects.get(kind="ideas-chosen").source == "Les plus discutées."
    lifecycle.tick(NOW + DAY)
    later.refresh_from_db()
    assert later.state == "open"
    with pytest.raises(ValidationError, match="ne changent plus"):
        chosen(people, found, (1, 2), into=later)


def test_a_choice_that_never_opened_does_not_hold_up_the_publication(people):
    found = step_of(alliance=people.alliance)
    StepFactory(
        consultation=found.consultation, kind=Kind.PRIORITIES, position=1, state=Step.State.WAITING, after=found,
        opens_at=NOW + DAY,
    )  # fmt: skip
    close(found)
    assert lifecycle.not_counted(found.consultation) == []


def test_a_new_consultation_in_preparation_carries_what_was_said_and_the_link(client, people, step):
    client.force_login(people.agent)
    form = {"numbers": "1, 3", "where": "new", "title": "", "method": "approval"}
    refused = client.post(at(step, "idea_choose"), form)
    assert refused.status_code == 422
    assert "1, 3" in refused.content.decode()
    done = client.post(at(step, "idea_choose"), {**form, "title": "Quelles solutions d’abord?"})
    made = Consultation.objects.exclude(pk=step.consultation_id).get()
    assert done.url.endswith(f"{made.uuid}/preparer/")
    assert (made.state, made.title, made.promise) == ("draft", "Quelles solutions d’abord?", step.consultation.promise)
    assert [row.label for row in made.steps.get().options.order_by("number")] == ["Un taxi partagé", "Un banc"]
    client.logout()
    # Nobody else knows of it before it opens.
    assert "Quelles solutions" not in client.get(at(step, "idea", 1)).content.decode()
    Consultation.objects.filter(pk=made.pk).update(state="open")
    assert "Quelles solutions" in client.get(at(step, "idea", 1)).content.decode()
    assert "Quelles solutions" in client.get(at(step, "solutions")).content.decode()


def test_who_chooses_and_what_is_refused(people, step):
    for call in (choosing.choose, partial(choosing.ask_choice, why="x")):
        with pytest.raises(PermissionDenied):
            call(step=step, ideas=ideas(step, 1, 2), by=people.member, now=NOW)
    with pytest.raises(ValidationError, match="une autre confirme"):
        choosing.choose(step=step, ideas=ideas(step, 1, 2), by=people.agent, now=NOW)
    Idea.objects.filter(number=3).update(state="pending")
    values = {"step": step, "by": people.agent, "now": NOW}
    for more, words in (
        ({"ideas": ideas(step, 1, 3)}, "ne sont pas affichées"),
        ({"ideas": []}, "au moins deux"),
        ({"ideas": ideas(step, 1, 2), "method": "budget"}, "ce qui passe en premier"),
        ({"ideas": ideas(step, 1, 2), "closes_at": NOW - DAY}, "déjà passée"),
        ({"ideas": ideas(step, 1, 2), "closes_at": NOW + 30 * DAY}, "avec sa consultation"),
        ({"ideas": ideas(step, 1, 2), "opens_at": NOW + 20 * DAY}, "après sa fermeture"),
    ):
        with pytest.raises(ValidationError, match=words):
            choosing.ask_choice(**values, **more, why="x")
    close(step)
    with pytest.raises(ValidationError, match="terminée"):
        choosing.choose(**values, ideas=ideas(step, 1, 2))
    assert not Asked.objects.exists()
    assert Step.objects.filter(kind=Kind.PRIORITIES).count() == 0
    assert Consultation.objects.count() == 1


def test_an_idea_taken_back_before_the_second_person_confirms_is_no_option(people):
    found = step_of(alliance=people.alliance)
    _a, one = shown(found, "Un taxi")
    for title in ("Un autobus", "Un banc"):
        shown(found, title)
    asked = choosing.ask_choice(step=found, ideas=ideas(found, 1, 2), by=people.agent, now=NOW, why="x", title="Quoi?")
    services.take_back(consultation=found.consultation, receipt=one, now=NOW)
    with pytest.raises(ValidationError):
        asking.confirm(asked=asked, by=people.second, now=NOW)
    asked.refresh_from_db()
    assert asked.state == Asked.State.WAITING, "it may be dropped, then asked again"
    assert not Option.objects.exists()


def test_taken_back_before_anyone_chooses_its_option_goes_and_on_an_open_ballot_it_stays(people):
    found = step_of(alliance=people.alliance)
    _a, one = shown(found, "Un taxi")
    for title in ("Un autobus", "Un banc"):
        shown(found, title)
    draft = choosing.choose(
        step=found, ideas=ideas(found, 1, 2, 3), by=people.agent, now=NOW, new=True, title="Lequel?"
    )
    live = chosen(people, found, (1, 2))
    services.take_back(consultation=found.consultation, receipt=one, now=NOW)
    assert [(row.number, row.label) for row in draft.options.order_by("number")] == [(1, "Un autobus"), (2, "Un banc")]
    assert Option.objects.filter(step=live).count() == 2


# What the other rooms are given


def test_queue_timeline_open_data_and_account(people, step):
    from tests.participation.ideas.makers import bring

    bring(step, "Pas encore lue")
    services.comment(idea=ideas(step, 1)[0], text="Bonne idée", now=NOW)
    alliance = people.alliance
    told = {str(label): [row.text for row in rows] for label, rows in queue(
        alliance, people.agent, looked_after(alliance, people.agent)
    )}  # fmt: skip
    assert told == {"Idées": ["Pas encore lue"], "Commentaires sur des idées": ["Bonne idée"]}
    assert queue(alliance, people.member, looked_after(alliance, people.member)) == []
    (export,) = giving.table(alliance, None, NOW.date())
    rows = list(export.rows())
    assert [row[2:4] for row in rows] == [(1, "Un taxi partagé"), (2, "Un autobus le soir"), (3, "Un banc")]
    assert all(len(row) == len(export.header) for row in rows)
    Consultation.objects.update(opened_at=NOW)
    (section,) = giving.section(alliance, None, NOW.date())
    assert section.blocks[1].rows == [[step.consultation.title, 3, 0]]
    close(step)
    Consultation.objects.update(state="published", published_at=NOW)
    told = [entry.body for entry in contributions.timeline.collect(alliance, None, NOW.date(), limit=9)]
    assert "3 idées recueillies." in told
    assert Result.objects.get(step=step).data == {"brought": 4, "comments": 0}
    Consultation.objects.update(state="draft")
    assert list(next(iter(giving.table(alliance, None, NOW.date()))).rows()) == []


def test_named_problems_are_copied_to_a_sister_and_no_idea_is(people, step):
    from tests.factories import RoleFactory

    sister = AllianceFactory()
    by = RoleFactory(person__alliance=sister, kind="agent", person__user=people.agent).person.user
    made = copying.copy_consultation(source=step.consultation, to=sister, by=by)
    copy = made.steps.get()
    assert [row.label for row in copy.problems.all()] == [row.label for row in step.problems.all()]
    assert not copy.ideas.exists()


def test_without_problem_nor_policy_it_does_not_open(people):
    found = step_of((), alliance=people.alliance, policy="", state="draft")
    missing = " ".join(lifecycle.what_is_missing(found.consultation, NOW))
    assert "nommez au moins un problème" in missing
    assert "règles de modération" in missing


def test_an_english_reader_reads_the_problem_in_english(client, people):
    from maillage.participation.models import Wording

    people.alliance.offers_english = True
    people.alliance.save()
    found = step_of(alliance=people.alliance)
    problem = found.problems.get()
    Wording.objects.create(
        consultation=found.consultation, language="en", key=f"problem:{problem.uuid}", text="No car, no doctor"
    )
    urls = [f"/en{at(found, name)}" for name in ("idea_propose", "solutions")]
    page, listed = (client.get(url).content.decode() for url in urls)
    assert "No car, no doctor" in page
    assert "Send my idea" in page
    assert "No car, no doctor" in listed


def test_the_page_of_the_consultation_leads_there(client, step):
    page = client.get(step.consultation.get_absolute_url()).content.decode()
    assert at(step, "solutions") in page
    assert "Voir les idées, apporter la mienne" in page
    # The receipt of an idea is no ballot's: the page that looks for ballots is not offered.
    assert at(step, "receipt") not in page
