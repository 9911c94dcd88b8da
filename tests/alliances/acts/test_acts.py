"""The public log of what is done in the members' name; the appeal and its answer."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.alliances.acts import appeals, selectors
from maillage.alliances.acts.contributions import todos
from maillage.alliances.acts.services import tell
from maillage.alliances.models import ActInName, Alliance, Appeal, DelegatedPower, Person, Role
from maillage.core import contributions, personal
from maillage.core.access import may
from maillage.core.contributions import ActKind
from maillage.core.models import AuditEntry
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SITE = "https://maillage.exemple"
Kind = Role.Kind


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    items = [ActKind("position", "Position consignée"), ActKind("correction", "Correction")]
    monkeypatch.setattr(contributions.act_kinds, "items", items)


@pytest.fixture
def region():
    return AllianceFactory(scale=Alliance.Scale.REGIONAL, slug="region")


@pytest.fixture
def alliance(region):
    return AllianceFactory(parent=region, slug="mrc", name="Alliance de la MRC")


@pytest.fixture
def agent(alliance):
    return user_with(alliance, Kind.AGENT)


@pytest.fixture
def member(alliance):
    role = RoleFactory(person__alliance=alliance, person__email="ana@exemple.test", person__name="Ana Tremblay")
    return role.person.user


@pytest.fixture
def coordinator(region):
    return RoleFactory(
        person__alliance=region, person__email="coord@exemple.test", person__name="Luc Coordo", kind=Kind.REGIONAL
    ).person.user


@pytest.fixture
def act(alliance, agent):
    return tell(
        alliance=alliance, kind="position", by=agent, label="Décision 2026-47", on_behalf="Maison des jeunes",
        source="appel du 12 novembre", reference="concertation.decision:1",
    )  # fmt: skip


def appeal_of(act, by, reason="Ce n’est pas ce que nous avons dit."):
    return appeals.make(act, by=by, reason=reason, site=SITE, now=timezone.now())


def answer_of(appeal, by, state="corrected", words="La position est retirée."):
    return appeals.answer(appeal, by=by, state=state, words=words, site=SITE, now=timezone.now())


def enter(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def test_an_act_says_role_kind_actor_and_source_never_who(client, alliance, act, agent):
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    for words in ("Position consignée", "Décision 2026-47", "Maison des jeunes", "appel du 12 novembre", "agent"):
        assert words in page
    assert agent.name not in page
    assert agent.email not in page
    one = client.get(f"/mrc/au-nom-des-membres/{act.uuid}/").content.decode()
    assert "appel du 12 novembre" in one
    assert agent.name not in one


def test_newest_first_by_kind_and_by_pages(client, alliance, agent):
    for number in range(30):
        tell(alliance=alliance, kind="correction" if number % 2 else "position", by=agent, label=f"Acte {number:02}")
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    assert page.index("Acte 29") < page.index("Acte 28")
    assert "Acte 04" not in page
    assert "Acte 04" in client.get("/mrc/au-nom-des-membres/?page=2").content.decode()
    only = client.get("/mrc/au-nom-des-membres/?sorte=correction").content.decode()
    assert "Acte 29" in only
    assert "Acte 28" not in only
    assert "Acte 28" in client.get("/mrc/au-nom-des-membres/?sorte=nimporte").content.decode()


def test_as_many_queries_for_one_act_as_for_twenty_five(client, alliance, agent, member):
    enter(client, member)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/mrc/au-nom-des-membres/").status_code == 200
        return len(found)

    tell(alliance=alliance, kind="position", by=agent, label="Un", reference="a.b:1")
    client.get("/mrc/au-nom-des-membres/")
    first = queries()
    for number in range(24):
        act = tell(alliance=alliance, kind="position", by=agent, label=f"Acte {number}", reference=f"a.b:{number}")
        Appeal.objects.create(act=act, reason="x", state="upheld", answer="Non.", answered_at=timezone.now())
    assert queries() == first


def test_delegated_powers_of_today_are_said(client, alliance):
    DelegatedPower.objects.create(alliance=alliance, title="Convoquer les rencontres", given_by="Comité")
    ended = dt.date(2020, 1, 1)
    DelegatedPower.objects.create(alliance=alliance, title="Pouvoir ancien", given_by="Comité", until=ended)
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    assert "Convoquer les rencontres" in page
    assert "Pouvoir ancien" not in page


def test_an_unknown_kind_is_a_mistake_that_shows(alliance, agent):
    with pytest.raises(LookupError):
        tell(alliance=alliance, kind="inconnu", by=agent, label="x")


def test_a_member_appeals_the_coordination_answers_everyone_reads_nobody_learns_who(
    client, alliance, act, member, coordinator, agent
):
    enter(client, member)
    answer = client.post(f"/mrc/au-nom-des-membres/{act.uuid}/appel/", {"reason": "Nous avions dit non."}, follow=True)
    assert "entre les mains de la coordination" in answer.content.decode()
    appeal = Appeal.objects.get()
    (told,) = outbox.outbox
    assert told.to == ["coord@exemple.test"]
    assert "Nous avions dit non." not in told.body
    assert f"/mrc/au-nom-des-membres/appels/{appeal.uuid}/" in told.body

    client.logout()
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    assert "appel en attente" in page
    assert "Nous avions dit non." not in page
    assert "Ana Tremblay" not in page

    enter(client, coordinator)
    address = f"/mrc/au-nom-des-membres/appels/{appeal.uuid}/"
    read = client.get(address).content.decode()
    assert "Nous avions dit non." in read
    assert "Ana Tremblay" not in read
    refused = client.post(address, {"state": "", "answer": "Déjà écrit."})
    assert refused.status_code == 422
    assert "Déjà écrit." in refused.content.decode()
    client.post(address, {"state": "corrected", "answer": "La position est retirée."})
    assert outbox.outbox[1].to == ["ana@exemple.test"]
    assert "La position est retirée." in outbox.outbox[1].body

    client.logout()
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    assert "appel\N{NO-BREAK SPACE}: corrigé" in page
    assert "La position est retirée." in page
    assert "Luc Coordo" not in page

    # The agent reads the log, and does not learn there who appealed.
    enter(client, agent)
    assert client.get(address).status_code == 403
    assert "Ana Tremblay" not in client.get("/mrc/journal/").content.decode()
    entry = AuditEntry.objects.get(action="alliances.appeal_made")
    assert entry.user_id is None
    assert "appellant" in str(personal.export(Person.objects.get(user=member))["core"])


@pytest.mark.parametrize(
    ("kind", "appeals_", "answers"),
    [
        (Kind.AGENT, True, False), (Kind.MEMBER, True, False), (Kind.ELECTED, True, False),
        (Kind.EVALUATOR, True, False), (Kind.OBSERVER, True, False), ("regional-parent", False, True),
        ("stranger", False, False), ("operator", False, False), ("ended", False, False), ("nobody", False, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("state", ["open", "upheld"])
def test_who_may(alliance, region, act, member, kind, appeals_, answers, state):
    appeal = Appeal.objects.create(act=act, person=Person.objects.get(user=member), reason="x", state=state)
    user = {
        "regional-parent": lambda: user_with(region, Kind.REGIONAL),
        "stranger": lambda: user_with(AllianceFactory(), Kind.AGENT),
        "operator": lambda: UserFactory(is_operator=True),
        "ended": lambda: user_with(alliance, Kind.MEMBER, until=dt.date(2025, 1, 1)),
        "nobody": lambda: None,
    }.get(kind, lambda: user_with(alliance, kind))()
    assert may(user, "alliances.appeal", act) is appeals_
    assert may(user, "alliances.answer_appeal", appeal) is answers
    assert may(user, "alliances.read_appeal", appeal) is answers
    if not appeals_:
        with pytest.raises(PermissionDenied):
            appeal_of(act, user)
    if not answers:
        with pytest.raises(PermissionDenied):
            answer_of(appeal, user)
    elif state != "open":
        with pytest.raises(ValidationError):
            answer_of(appeal, user)


def test_nobody_answers_against_their_own_act(region):
    """The coordinator of a regional alliance acts there too: another one answers."""
    first, second = (user_with(region, Kind.REGIONAL) for _one in range(2))
    member = user_with(region, Kind.MEMBER)
    act = tell(alliance=region, kind="position", by=first, label="Décision 1")
    appeal = appeal_of(act, member)
    with pytest.raises(PermissionDenied):
        answer_of(appeal, first)
    assert [todo.key for todo in todos(region, first, region.today())] == []
    assert [todo.key for todo in todos(region, second, region.today())] == [f"appeal:{appeal.uuid}"]
    assert answer_of(appeal, second).state == "corrected"


def test_nobody_answers_their_own_appeal(region):
    both = user_with(region, Kind.REGIONAL)
    act = tell(alliance=region, kind="position", by=user_with(region, Kind.REGIONAL), label="Décision 1")
    appeal = appeal_of(act, both)
    with pytest.raises(PermissionDenied):
        answer_of(appeal, both)


def test_two_answers_at_once_the_second_is_refused(act, member, coordinator, region):
    appeal = appeal_of(act, member)
    answer_of(appeal, coordinator)
    with pytest.raises(ValidationError):
        answer_of(appeal, user_with(region, Kind.REGIONAL), state="upheld", words="Non.")
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == ("corrected", "La position est retirée.")


def test_an_appeal_sent_twice_is_made_once(client, act, member, coordinator):
    enter(client, member)
    address = f"/mrc/au-nom-des-membres/{act.uuid}/appel/"
    client.post(address, {"reason": "Non."})
    again = client.post(address, {"reason": "Non."})
    assert again.status_code == 422
    assert "attend déjà" in again.content.decode()
    assert Appeal.objects.count() == 1
    answer_of(Appeal.objects.get(), coordinator, state="upheld")
    assert client.post(address, {"reason": "Encore."}).status_code == 302


def test_without_coordination_the_operator_is_told(client, alliance, act, member):
    operator = UserFactory(is_operator=True, language="en")
    UserFactory(is_operator=True, is_active=False)
    page = enter(client, member).get(f"/mrc/au-nom-des-membres/{act.uuid}/appel/").content.decode()
    assert "pas de coordination" in page
    appeal_of(act, member)
    (told,) = outbox.outbox
    assert told.to == [operator.email]
    assert "nobody may answer" in told.body
    assert selectors.coordination_of(alliance, alliance.today()) == []


def test_who_withdrew_sees_nothing_and_does_not_appeal(client, act, member, monkeypatch):
    person = Person.objects.get(user=member)
    providers = [lambda people, references: [f"{pk} {act.reference}" for pk in people if pk == person.pk]]
    monkeypatch.setattr(contributions.withheld, "providers", providers)
    Appeal.objects.create(act=act, reason="x", state="upheld", answer="Réponse cachée.", answered_at=timezone.now())
    enter(client, member)
    page = client.get("/mrc/au-nom-des-membres/").content.decode()
    for words in ("Décision 2026-47", "Maison des jeunes", "Réponse cachée."):
        assert words not in page
    assert "Retrait déclaré" in page
    assert client.get(f"/mrc/au-nom-des-membres/{act.uuid}/").status_code == 404
    assert client.post(f"/mrc/au-nom-des-membres/{act.uuid}/appel/", {"reason": "x"}).status_code == 404
    with pytest.raises(PermissionDenied):
        appeal_of(act, member)
    client.logout()
    assert "Décision 2026-47" in client.get("/mrc/au-nom-des-membres/").content.decode()


def test_another_alliances_act_is_not_found(client, act):
    AllianceFactory(slug="ailleurs")
    assert client.get(f"/ailleurs/au-nom-des-membres/{act.uuid}/").status_code == 404


def test_todo_of_the_coordination_in_the_child_and_in_the_region(alliance, region, act, member, coordinator, agent):
    appeal = appeal_of(act, member)
    for scope in (alliance, region):
        (todo,) = todos(scope, coordinator, scope.today())
        assert str(appeal.uuid) in todo.url
        assert list(todos(scope, member, scope.today())) == []
        assert list(todos(scope, agent, scope.today())) == []
        assert list(todos(scope, None, scope.today())) == []
    answer_of(appeal, coordinator)
    assert list(todos(alliance, coordinator, alliance.today())) == []


def test_open_data_and_account_count_and_name_nobody(alliance, act, member, coordinator):
    answer_of(appeal_of(act, member), coordinator)
    exports = contributions.exports.collect(alliance, None, alliance.today())
    export = next(export for export in exports if export.name == "acts-in-name")
    (row,) = export.rows()
    assert dict(zip(export.header, row, strict=True)) == {
        "date": alliance.today().isoformat(), "role": "agent", "kind": "position", "about": "Décision 2026-47",
        "in_the_name_of": "Maison des jeunes", "source": "appel du 12 novembre", "appeals": 1, "corrected": 1,
    }  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerow(row)
    assert "Ana" not in text.getvalue()
    sections = contributions.report.collect(alliance, None, alliance.today())
    section = next(section for section in sections if section.key == "acts-in-name")
    assert section.blocks[0].rows == [("Position consignée", 1, 1, 1)]


def test_erasure_keeps_the_appeal_without_who_nor_why(client, act, member, coordinator):
    person = Person.objects.get(user=member)
    appeal = answer_of(appeal_of(act, member), coordinator)
    item = next(item for item in contributions.personal_data if item.room == "alliances.acts")
    assert item.export(person)["appeals"][0]["reason"] == "Ce n’est pas ce que nous avons dit."
    assert item.erase(person) == 1
    assert item.export(person) == {}
    appeal.refresh_from_db()
    assert (appeal.person, appeal.reason, appeal.answer) == (None, "", "La position est retirée.")
    enter(client, coordinator)
    assert "effacé" in client.get(f"/mrc/au-nom-des-membres/appels/{appeal.uuid}/").content.decode()


def test_three_years_after_its_answer_who_and_why_are_forgotten(act, member, coordinator):
    appeal = answer_of(appeal_of(act, member), coordinator)
    item = next(item for item in contributions.personal_data if item.room == "alliances.acts")
    today = timezone.localdate()
    assert item.purge(today) == 0
    assert item.purge(today.replace(year=today.year + 4, day=1)) == 1
    assert item.purge(today.replace(year=today.year + 4, day=1)) == 0
    appeal.refresh_from_db()
    assert appeal.person is None


def test_a_merge_moves_the_appeals_and_back(act, member):
    appeal_of(act, member)
    absorbed = Person.objects.get(user=member)
    kept = PersonFactory(alliance=absorbed.alliance)
    merge = next(one for one in contributions.merge if one.model == "alliances.appeal")
    trace = merge.apply(kept, absorbed)
    assert Appeal.objects.get().person == kept
    merge.undo(kept, absorbed, trace)
    assert Appeal.objects.get().person == absorbed


def test_the_footer_leads_there(client, alliance):
    assert "/mrc/au-nom-des-membres/" in client.get("/mrc/").content.decode()
    assert ActInName.objects.count() == 0


def test_the_acts_of_one_kind_in_a_month_are_read_together(client, alliance, agent):
    begin = dt.datetime(2026, 11, 2, 15, tzinfo=dt.UTC)
    for n in range(5):
        tell(alliance=alliance, kind="correction", by=agent, label=f"Compte rendu {n}", at=begin + dt.timedelta(days=n))
    tell(alliance=alliance, kind="position", by=agent, label="Décision 2026-4", at=begin + dt.timedelta(days=2))
    tell(
        alliance=alliance,
        kind="correction",
        by=agent,
        label="Compte rendu ancien",
        at=begin - dt.timedelta(days=20),
        on_behalf="Table Logement",
    )
    groups = selectors.groups(selectors.lines(selectors.acts_of(alliance), None), alliance)
    assert [(group.month.month, group.kind, len(group.lines)) for group in groups] == [
        (11, "Correction", 5), (11, "Position consignée", 1), (10, "Correction", 1),
    ]  # fmt: skip
    assert [line.act.label for line in groups[0].first] == ["Compte rendu 4", "Compte rendu 3"]
    text = client.get(f"/{alliance.slug}/au-nom-des-membres/").content.decode()
    assert "Novembre 2026" in text
    assert "Voir les 3 autres actes" in text
    assert text.count("Compte rendu") >= 6


def test_the_actor_is_not_said_twice(client, alliance, agent):
    tell(
        alliance=alliance, kind="correction", by=agent, label="Table Logement, 3 mars 2026", on_behalf="Table Logement"
    )
    text = client.get(f"/{alliance.slug}/au-nom-des-membres/").content.decode()
    assert text.count("Table Logement") == 1
