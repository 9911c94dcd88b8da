import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.alliances.links import services as links
from maillage.alliances.models import Role
from maillage.concertation.models import SeatHolder, Task
from maillage.concertation.tasks import services
from maillage.concertation.tasks.selectors import mine, tasks_of
from maillage.core import contributions
from maillage.core.models import AuditEntry
from maillage.core.withholding import withheld_from
from tests.concertation.minutes.factories import DecisionFactory, HolderFactory, ItemFactory, MeetingFactory, withdraw
from tests.concertation.tasks.factories import TaskFactory
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    RoleFactory,
    SeatFactory,
    SpaceFactory,
    signed_in,
    user_with,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
SITE = "https://exemple.test"
DAY = dt.timedelta(days=1)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def owner(alliance):
    return PersonFactory(alliance=alliance, email="camille@exemple.test", name="Camille Fictive")


def again(user):
    """The same account as the next request sees it."""
    return type(user).objects.get(pk=user.pk)


# The life of a task


def test_a_task_is_given_done_with_its_outcome_reopened_and_cancelled(alliance, agent):
    task = services.add_task(alliance=alliance, title=" Former le comité ", by=agent, due_on=TODAY)
    assert (task.title, task.is_open) == ("Former le comité", True)
    task = services.finish_task(task=task, on=TODAY, by=agent, outcome="Quatre personnes.")
    assert (task.done_on, task.outcome) == (TODAY, "Quatre personnes.")
    services.finish_task(task=task, on=TODAY + DAY, by=agent)
    with pytest.raises(ValidationError):
        services.cancel_task(task=task, on=TODAY, by=agent)
    task = services.reopen_task(task=task, by=agent)
    assert (task.done_on, task.outcome) == (None, "Quatre personnes.")
    task = services.cancel_task(task=task, on=TODAY, by=agent, outcome="Plus utile.")
    services.cancel_task(task=task, on=TODAY + DAY, by=agent)
    assert (task.cancelled_on, task.outcome) == (TODAY, "Plus utile.")
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [action.rpartition("_")[2] for action in actions] == ["added", "done", "reopened", "cancelled"]


def test_an_owner_of_another_alliance_is_refused(alliance, agent):
    with pytest.raises(ValidationError):
        services.add_task(alliance=alliance, title="Non", by=agent, owner_actor=ActorFactory())
    with pytest.raises(ValidationError):
        services.add_task(alliance=alliance, title="", by=agent)


def test_only_the_agent_changes_a_task(alliance, agent, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner, reminded_on=TODAY)
    for by in (owner.user, user_with(alliance, Role.Kind.MEMBER), user_with(AllianceFactory()), None):
        with pytest.raises(PermissionDenied):
            services.update_task(task=task, changes={"title": "Autre"}, by=by)
    changed = services.update_task(task=task, changes={"due_on": TODAY}, by=agent)
    assert (changed.due_on, changed.reminded_on) == (TODAY, None)
    with pytest.raises(KeyError):
        services.update_task(task=task, changes={"done_on": TODAY}, by=agent)


# Who sees what


def test_members_see_every_task_and_the_public_those_chosen(client, alliance, owner):
    TaskFactory(alliance=alliance, title="Interne", owner_person=owner)
    TaskFactory(alliance=alliance, title="Publique", owner_person=owner, is_public=True)
    url = reverse("concertation_in:tasks", args=[alliance.slug])
    page = client.get(url).content.decode()
    assert "Publique" in page
    assert "Interne" not in page
    assert "Camille" not in page
    page = signed_in(client, alliance, Role.Kind.MEMBER).get(url).content.decode()
    assert "Publique" in page
    assert "Interne" in page
    assert "Camille" in page
    page = signed_in(client, AllianceFactory()).get(url).content.decode()
    assert "Interne" not in page
    assert "Camille" not in page


def test_the_public_is_not_told_who_is_late(client, alliance, owner):
    past = alliance.today() - dt.timedelta(days=40)
    task = TaskFactory(alliance=alliance, title="Publique", owner_person=owner, is_public=True, due_on=past)
    addresses = [reverse("concertation_in:tasks", args=[alliance.slug]), task.get_absolute_url()]
    for url in addresses:
        page = client.get(url).content.decode()
        assert "Publique" in page
        assert "En retard" not in page
        assert "À faire" in page
    member = signed_in(client, alliance, Role.Kind.MEMBER)
    for url in addresses:
        assert "En retard de 40" in member.get(url).content.decode()


def test_a_task_that_is_not_public_is_no_page_for_the_others(client, alliance, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner)
    assert client.get(task.get_absolute_url()).status_code == 404
    assert signed_in(client, AllianceFactory()).get(task.get_absolute_url()).status_code == 404
    client.force_login(owner.user, backend="django.contrib.auth.backends.ModelBackend")
    # Without a role: the owner sees it all the same.
    assert client.get(task.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("how", ["decision", "item", "decision of the item", "item of the decision"])
def test_who_withdrew_sees_nothing_of_the_task_by_any_road(client, alliance, how):
    space = SpaceFactory(alliance=alliance)
    item = ItemFactory(meeting=MeetingFactory(space=space))
    decision = DecisionFactory(space=space, agenda_item=item)
    task = TaskFactory(
        alliance=alliance, title="Secrète", due_on=alliance.today(), space=space,
        agenda_item=item if how in {"item", "decision of the item"} else None,
        decision=decision if how in {"decision", "item of the decision"} else None,
    )  # fmt: skip
    person = RoleFactory(person__alliance=alliance, kind=Role.Kind.AGENT).person
    task.owner_person = person
    task.save()
    withdraw(person, decision if how.startswith("decision") else item)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(task.get_absolute_url()).status_code == 404
    for page in (reverse("concertation_in:tasks", args=[alliance.slug]), space.get_absolute_url()):
        assert "Secrète" not in client.get(page).content.decode()
    for name in ("task_done", "task_cancel", "task_reopen", "task_edit"):
        assert client.post(reverse(f"concertation_in:{name}", args=[alliance.slug, task.uuid])).status_code == 404
    user = again(person.user)
    assert not [todo for todo in contributions.todo.collect(alliance, user, TODAY) if todo.title == "Secrète"]
    assert withheld_from([person.pk], [task.reference]) == {(person.pk, task.reference)}
    token = links.make(person=person, purpose=services.LINK, reference=task.reference)
    assert client.get(reverse("concertation:task_link", args=[token])).status_code == 410
    person.email = "retiree@exemple.test"
    person.save()
    assert services.remind(now=NOW, site=SITE) == 0
    with pytest.raises(PermissionDenied):
        services.reopen_task(task=task, by=user)


def test_ones_own_tasks_are_those_of_the_person_and_of_the_actors_they_speak_for(alliance, owner):
    seat = SeatFactory(space=SpaceFactory(alliance=alliance))
    HolderFactory(seat=seat, person=owner)
    other = PersonFactory(alliance=alliance)
    own = TaskFactory(alliance=alliance, owner_person=owner)
    of_actor = TaskFactory(alliance=alliance, owner_actor=seat.actor)
    TaskFactory(alliance=alliance, owner_actor=seat.actor, owner_person=other)
    TaskFactory(alliance=alliance)
    assert set(mine(Task.objects.all(), owner.user, TODAY)) == {own, of_actor}
    SeatHolder.objects.update(until=TODAY)
    assert set(mine(Task.objects.all(), owner.user, TODAY)) == {own}


def test_lists_by_space_and_by_meeting(client, alliance):
    space = SpaceFactory(alliance=alliance)
    item = ItemFactory(meeting=MeetingFactory(space=space))
    TaskFactory(alliance=alliance, title="De la table", space=space)
    TaskFactory(alliance=alliance, title="De la rencontre", agenda_item=item)
    signed_in(client, alliance)
    url = reverse("concertation_in:tasks", args=[alliance.slug])
    page = client.get(url, {"espace": space.uuid}).content.decode()
    assert "De la table" in page
    assert "De la rencontre" not in page
    page = client.get(url, {"rencontre": item.meeting.uuid}).content.decode()
    assert "De la rencontre" in page
    assert "De la table" not in page
    assert client.get(url, {"espace": "x", "rencontre": "y", "etat": "z", "page": "-1"}).status_code == 200


def test_as_many_queries_for_one_task_as_for_fifty(client, alliance, owner):
    signed_in(client, alliance)
    url = reverse("concertation_in:tasks", args=[alliance.slug])

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url, {"etat": "toutes"})
        return len(queries)

    def make() -> None:
        space = SpaceFactory(alliance=alliance)
        TaskFactory(
            alliance=alliance, space=space, owner_actor=ActorFactory(alliance=alliance), owner_person=owner,
            decision=DecisionFactory(space=space), agenda_item=ItemFactory(meeting=MeetingFactory(space=space)),
        )  # fmt: skip

    make()
    count()
    one = count()
    for _ in range(28):
        make()
    assert count() == one


# Doing


def test_pages_give_change_finish_cancel_and_reopen(client, alliance, owner):
    signed_in(client, alliance)
    new = reverse("concertation_in:task_new", args=[alliance.slug])
    assert client.get(new).status_code == 200
    refused = client.post(new, {"title": "", "notes": "Gardé"})
    assert "Gardé" in refused.content.decode()
    client.post(new, {"title": "Réserver la salle", "owner_person": owner.pk, "due_on": "2026-12-01"})
    task = Task.objects.get()
    assert (task.owner_person, task.due_on) == (owner, dt.date(2026, 12, 1))

    def go(name, **data):
        response = client.post(reverse(f"concertation_in:{name}", args=[alliance.slug, task.uuid]), data, follow=True)
        assert response.status_code == 200
        task.refresh_from_db()
        return response.content.decode()

    go("task_edit", title="Réserver la grande salle", is_public="on")
    assert (task.title, task.is_public, task.owner_person) == ("Réserver la grande salle", True, None)
    # Too long: nothing is saved, what was typed is still there.
    assert "x" * 5001 in go("task_done", outcome="x" * 5001)
    assert task.is_open
    assert "Faite au centre" in go("task_done", outcome="Faite au centre.")
    go("task_reopen")
    assert task.is_open
    go("task_cancel", outcome="Non")
    assert not task.is_open


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_only_the_owner_and_the_agent_finish_a_task(client, alliance, owner, kind):
    task = TaskFactory(alliance=alliance, owner_person=owner)
    signed_in(client, alliance, kind)
    url = reverse("concertation_in:task_done", args=[alliance.slug, task.uuid])
    allowed = kind in {Role.Kind.AGENT, Role.Kind.REGIONAL}
    assert client.post(url).status_code == (302 if allowed else 403)
    client.force_login(owner.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(url).status_code == 302


def test_strangers_and_nobody_finish_nothing(client, alliance):
    task = TaskFactory(alliance=alliance, is_public=True)
    url = reverse("concertation_in:task_done", args=[alliance.slug, task.uuid])
    assert client.post(url).status_code == 403
    assert signed_in(client, AllianceFactory()).post(url).status_code == 403
    assert client.post(reverse("concertation_in:task_reopen", args=[alliance.slug, task.uuid])).status_code == 403


# Reminders


def test_reminded_three_days_before_and_the_day_after_each_once(alliance, owner, mailoutbox):
    task = TaskFactory(alliance=alliance, owner_person=owner, due_on=TODAY + 3 * DAY)
    TaskFactory(alliance=alliance, owner_person=owner, due_on=TODAY + 30 * DAY)
    TaskFactory(alliance=alliance, owner_person=owner, due_on=TODAY + 2 * DAY, done_on=TODAY)
    TaskFactory(alliance=alliance, owner_person=owner, due_on=TODAY - 60 * DAY)
    sent = []
    for day in range(-2, 7):
        now = NOW + day * DAY
        sent.append(services.remind(now=now, site=SITE) + services.remind(now=now, site=SITE))
    assert sent == [0, 0, 1, 0, 0, 0, 1, 0, 0]
    first, second = mailoutbox
    assert task.title in first.body
    assert task.title in second.subject
    assert f"{SITE}/suite/" in first.body


def test_without_a_person_those_who_speak_for_the_actor_in_the_space_are_reminded(alliance, mailoutbox):
    space = SpaceFactory(alliance=alliance)
    seat = SeatFactory(space=space)
    holder = HolderFactory(seat=seat, person__email="titulaire@exemple.test")
    HolderFactory(seat=seat, part="substitute", person__email="substitut@exemple.test")
    TaskFactory(alliance=alliance, owner_actor=seat.actor, space=space, due_on=TODAY)
    assert services.remind(now=NOW, site=SITE) == 1
    assert [mail.to for mail in mailoutbox] == [[holder.person.email]]


def test_the_owner_says_it_is_done_from_the_mail_without_signing_in(client, alliance, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner, notes="Appeler la ville")
    token = links.make(person=owner, purpose=services.LINK, reference=task.reference)
    url = reverse("concertation:task_link", args=[token])
    page = client.get(url).content.decode()
    assert "Appeler la ville" in page
    task.refresh_from_db()
    assert task.is_open
    assert client.post(url, {"outcome": "Fait."}, follow=True).status_code == 200
    task.refresh_from_db()
    assert (task.outcome, task.is_open) == ("Fait.", False)
    entry = AuditEntry.objects.get(action="concertation.task_done")
    assert (entry.via, entry.user_id) == ("link", None)


def test_the_link_closes_once_the_task_is_someone_elses(client, alliance, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner)
    token = links.make(person=owner, purpose=services.LINK, reference=task.reference)
    other = links.make(person=owner, purpose="calendar", reference=task.reference)
    assert client.get(reverse("concertation:task_link", args=[other])).status_code == 410
    task.owner_person = PersonFactory(alliance=alliance)
    task.save()
    response = client.post(reverse("concertation:task_link", args=[token]), {"outcome": "x"})
    assert response.status_code == 410
    assert "ne mène plus nulle part" in response.content.decode()
    task.refresh_from_db()
    assert task.is_open


# What the others get


def test_todo_panel_export_and_personal_data(alliance, agent, owner):
    space = SpaceFactory(alliance=alliance)
    task = TaskFactory(alliance=alliance, owner_person=owner, due_on=TODAY - DAY, space=space, is_public=True)
    hers = [todo.key for todo in contributions.todo.collect(alliance, owner.user, TODAY)]
    assert f"task-{task.uuid}" in hers
    assert "tasks-late" in [todo.key for todo in contributions.todo.collect(alliance, agent, TODAY)]
    found = contributions.panels.collect(alliance, agent, TODAY, page="space", subject=space)
    assert [panel for panel in found if panel.template == "concertation/tasks/panel.html"]
    [table] = [row for row in contributions.exports.collect(alliance, None, TODAY) if row.name == "tasks"]
    [line] = table.rows()
    assert len(line) == len(table.header)
    assert owner.name not in line
    [held] = [row for row in contributions.personal_data if row.room == "concertation.tasks"]
    assert held.export(owner)
    assert held.erase(owner) == 1
    assert list(tasks_of(alliance, agent)) == [task]


def test_two_people_or_two_actors_that_become_one_keep_their_tasks(alliance, owner):
    kept, actor, other = PersonFactory(alliance=alliance), ActorFactory(alliance=alliance), ActorFactory()
    task = TaskFactory(alliance=alliance, owner_person=owner, owner_actor=actor)
    merges = [row for row in contributions.merge if row.model == "concertation.task"]
    for merge in merges:
        pair = (other, actor) if merge.target == "actor" else (kept, owner)
        trace = merge.apply(*pair)
        task.refresh_from_db()
        assert getattr(task, merge.fields[0]) == pair[0]
        merge.undo(*pair, trace)
        task.refresh_from_db()
        assert getattr(task, merge.fields[0]) == pair[1]
    assert {row.target for row in merges} == {"actor", "person"}


def test_a_public_task_names_neither_an_actor_nor_a_space_that_is_not_shown(client, alliance):
    task = TaskFactory(
        alliance=alliance, is_public=True, title="Trouver un lieu",
        owner_actor=ActorFactory(alliance=alliance, name="Abri caché", is_public=False),
        space=SpaceFactory(alliance=alliance, name="Table réservée", is_public=False),
    )  # fmt: skip
    [table] = [row for row in contributions.exports.collect(alliance, None, TODAY) if row.name == "tasks"]
    told = [client.get(url).content.decode() for url in (reverse("concertation_in:tasks", args=[alliance.slug]),
                                                         task.get_absolute_url())]  # fmt: skip
    for text in (*told, str(list(table.rows()))):
        assert "Trouver un lieu" in text
        assert "Abri caché" not in text
        assert "Table réservée" not in text


# Who says that it is done


def finish(task, **more):
    return services.finish_task(task=task, on=TODAY, **more)


def test_only_whoever_steers_or_does_it_says_that_it_is_done(alliance, agent, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner)
    intruders = [user_with(alliance, kind) for kind in ("member", "observer", "evaluator", "elected")]
    for by in (*intruders, user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            finish(task, by=by)
    for person in (None, PersonFactory(alliance=alliance), intruders[0].persons.get()):
        with pytest.raises(PermissionDenied):
            finish(task, by=None, person=person, via="link")
    task.refresh_from_db()
    assert task.is_open
    assert not finish(task, by=None, person=owner, via="link").is_open
    assert not finish(TaskFactory(alliance=alliance, owner_person=owner), by=again(owner.user)).is_open


def test_a_link_does_not_bring_back_a_task_that_was_cancelled(client, alliance, agent, owner):
    task = TaskFactory(alliance=alliance, owner_person=owner)
    url = reverse("concertation:task_link", args=[
        links.make(person=owner, purpose=services.LINK, reference=task.reference)
    ])  # fmt: skip
    services.cancel_task(task=task, on=TODAY, by=agent, outcome="Plus utile.")
    page = client.post(url, {"outcome": "Fait."}).content.decode()
    assert "Cette tâche a été annulée" in page
    with pytest.raises(ValidationError):
        finish(task, by=agent)
    task.refresh_from_db()
    assert (task.done_on, task.cancelled_on, task.outcome) == (None, TODAY, "Plus utile.")
    signed = signed_in(client, alliance)
    done = reverse("concertation_in:task_done", args=[alliance.slug, task.uuid])
    assert "Cette tâche a été annulée" in signed.post(done, {"outcome": "Fait."}, follow=True).content.decode()


def test_what_is_withheld_of_fifty_tasks_costs_as_many_queries_as_of_one(django_assert_max_num_queries):
    alliance = AllianceFactory()
    person = PersonFactory(alliance=alliance)

    def made():
        item = ItemFactory(meeting__space__alliance=alliance)
        task = TaskFactory(alliance=alliance, agenda_item=item)
        withdraw(person, item)
        return task.reference

    def queries(references):
        with django_assert_max_num_queries(40) as seen:
            assert withheld_from([person.pk], references) == {(person.pk, reference) for reference in references}
        return len(seen.captured_queries)

    one = made()
    alone = queries([one])
    assert queries([one, *(made() for _ in range(49))]) == alone
