"""Draft resolutions, their way through the clerk, the council's answer, the interests of elected persons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.actors.interests.services import withdraw
from maillage.alliances.models import Role
from maillage.concertation.endorsements import resolutions
from maillage.concertation.models import (
    Endorsement,
    EndorsementInterest,
    Position,
    ProposalVersion,
)
from maillage.core import contributions
from maillage.core.models import AuditEntry
from tests.concertation.endorsements.making import DAY, NOW, decision_in, member_of, space_in
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
State = Endorsement.State
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory(name="Alliance des Rivières")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def council(alliance):
    return ActorFactory(alliance=alliance, name="Municipalité de Val-Cormier", type="municipality")


@pytest.fixture
def decision(alliance):
    space = space_in(alliance)
    made = decision_in(
        space, state="closed", outcome="adopted", closed_at=NOW, year=2026, number=47, money_cents=1_250_000,
        context="L’hiver tue.\n\nSaint-Orme n’a aucun refuge.", rule="consent",
    )  # fmt: skip
    version = ProposalVersion.objects.create(decision=made, number=1, text="Ouvrir une halte-chaleur au centre.")
    seat = member_of(space).seats_held.get().seat
    Position.objects.create(decision=made, seat=seat, version=version, stand="reservation", why="MOTIF PRIVÉ")
    return made


def prepared(alliance, council, agent, decision=None, **more):
    values = {"title": "Halte-chaleur", "by": agent, "now": NOW, **more}
    return resolutions.prepare(alliance=alliance, council=council, decision=decision, **values)


def sent(alliance, council, agent, decision=None, **more):
    row = prepared(alliance, council, agent, decision, **{"whereas": ["il fait froid"], "resolved": "d’ouvrir", **more})
    resolutions.send(endorsement=row, on=DAY, by=agent)
    row.refresh_from_db()
    return row


def test_a_draft_is_made_from_the_decision_in_french_form_without_the_words_of_members(
    alliance, council, agent, decision
):
    row = prepared(alliance, council, agent, decision, title="")
    assert row.title == "Ouvrir une halte-chaleur"
    text = resolutions.as_text(row).replace("\xa0", " ")
    assert "ATTENDU QUE l’hiver tue;" in text
    assert "ATTENDU QUE Saint-Orme n’a aucun refuge;" in text
    assert "a adopté la décision 2026-47" in text
    assert "1 réserve ou objection est consignée" in text
    assert "IL EST PROPOSÉ PAR" in text
    assert "ET RÉSOLU" in text
    assert "QUE le conseil entérine « Ouvrir une halte-chaleur », soit : Ouvrir une halte-chaleur au centre;" in text
    assert "12 500 $" in text
    assert "MOTIF PRIVÉ" not in text
    assert resolutions.as_pdf(row, DAY).startswith(b"%PDF")


def test_elision_in_clauses():
    assert resolutions.clause("ATTENDU", "il fait froid") == "ATTENDU QU’il fait froid"
    assert resolutions.clause("ATTENDU", "que la table demande") == "ATTENDU QUE la table demande"
    assert resolutions.clause("ATTENDU", "qu’elle demande") == "ATTENDU QU’elle demande"
    assert resolutions.clause("", "d’appuyer ce projet") == "D’appuyer ce projet"
    assert resolutions.clause("", "le conseil appuie") == " QUE le conseil appuie"


def test_a_draft_from_a_free_title_and_bad_input(alliance, council, agent):
    row = prepared(alliance, council, agent, whereas=[" il fait froid ; ", ""], resolved="d’agir")
    assert row.whereas == ["il fait froid"]
    for wrong in (
        {"whereas": ["x"] * 21},
        {"whereas": ["x" * 1001]},
        {"clerk_deadline": dt.date(2026, 12, 2), "session_on": dt.date(2026, 12, 1)},
        {"title": " "},
    ):
        with pytest.raises(ValidationError):
            prepared(alliance, council, agent, **wrong)
    with pytest.raises(ValidationError):
        prepared(alliance, ActorFactory(), agent)


def test_draft_sent_put_off_sent_again_endorsed_each_answer_kept(alliance, council, agent):
    row = prepared(alliance, council, agent)
    with pytest.raises(ValidationError):
        resolutions.send(endorsement=row, on=DAY, by=agent)  # no words yet
    resolutions.edit(endorsement=row, changes={"whereas": ["il fait froid"], "resolved": "d’ouvrir"}, by=agent)
    resolutions.send(endorsement=row, on=DAY, by=agent)
    with pytest.raises(ValidationError):
        resolutions.send(endorsement=row, on=DAY, by=agent)
    with pytest.raises(ValidationError):
        resolutions.edit(endorsement=row, changes={"resolved": "autre"}, by=agent)
    resolutions.edit(endorsement=row, changes={"session_on": dt.date(2026, 12, 8)}, by=agent)
    answer = {"endorsement": row, "on": dt.date(2026, 12, 8), "by": agent}
    for wrong in ({"state": "endorsed"}, {"state": "refused"}, {"state": "sent"}, {"state": "deferred", "note": " "}):
        with pytest.raises(ValidationError):
            resolutions.answer(**answer, **wrong)
    with pytest.raises(ValidationError):
        resolutions.answer(**{**answer, "on": dt.date(2026, 1, 1)}, state="endorsed", number="1")
    resolutions.answer(**answer, state="deferred", note="Le conseil veut les coûts.")
    resolutions.edit(endorsement=row, changes={"resolved": "d’ouvrir en janvier"}, by=agent)
    resolutions.send(endorsement=row, on=dt.date(2026, 12, 10), by=agent)
    resolutions.answer(endorsement=row, state="endorsed", number="2027-01-14", on=dt.date(2027, 1, 12), by=agent)
    row.refresh_from_db()
    assert (row.state, row.resolution_number) == (State.ENDORSED, "2027-01-14")
    assert [one.state for one in row.answers.all()] == ["endorsed", "deferred"]
    with pytest.raises(ValidationError):
        resolutions.answer(endorsement=row, state="endorsed", number="2", on=dt.date(2027, 1, 12), by=agent)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {f"concertation.endorsement_{act}" for act in ("prepared", "edited", "sent", "answered")} <= actions


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer", None])
def test_only_who_steers_prepares_sends_and_records(alliance, council, agent, kind):
    other = user_with(alliance, kind) if kind else user_with(AllianceFactory())
    row = sent(alliance, council, agent)
    for call in (
        lambda: prepared(alliance, council, other),
        lambda: resolutions.edit(endorsement=row, changes={"is_public": True}, by=other),
        lambda: resolutions.send(endorsement=row, on=DAY, by=other),
        lambda: resolutions.answer(endorsement=row, state="endorsed", number="1", on=DAY, by=other),
        lambda: resolutions.disclose(endorsement=row, elected_as="x", nature="y", disclosed_on=DAY, by=other),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_a_withdrawn_agent_neither_sees_nor_prepares_the_resolution_another_one_does(
    client, alliance, council, decision
):
    one = RoleFactory(person__alliance=alliance, kind="agent").person
    row = sent(alliance, council, one.user, decision, resolved="MARQUE-RÉSOLU")
    withdraw(person=one, reference=decision.reference, reason="other", by=one.user, now=NOW)
    with pytest.raises(PermissionDenied):
        resolutions.answer(endorsement=row, state="endorsed", number="1", on=DAY, by=one.user)
    with pytest.raises(PermissionDenied):
        prepared(alliance, council, one.user, decision)
    client.force_login(one.user, backend=BACKEND)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "MARQUE-RÉSOLU" not in page
    assert "Vous êtes en retrait de ce point" in page
    address = reverse("concertation_in:endorsement_file", args=[alliance.slug, row.uuid, "txt"])
    assert "MARQUE-RÉSOLU" not in client.get(address).content.decode()
    assert (
        "Halte-chaleur"
        not in client.get(reverse("concertation_in:endorsements", args=[alliance.slug])).content.decode()
    )
    assert (
        client.post(
            reverse("concertation_in:endorsement_answer", args=[alliance.slug, row.uuid]),
            {"state": "endorsed", "on": "2026-12-01", "number": "1"},
        ).status_code
        == 403
    )
    resolutions.answer(endorsement=row, state="endorsed", number="1", on=DAY, by=user_with(alliance))


@pytest.mark.parametrize(
    ("kind", "draft", "waiting", "public"),
    [
        ("agent", 200, 200, 200), ("member", 404, 200, 200), ("elected", 404, 200, 200), ("observer", 404, 404, 200),
        ("evaluator", 404, 404, 200), (None, 404, 404, 200),
    ],
)  # fmt: skip
def test_who_reads_a_resolution(client, alliance, council, agent, kind, draft, waiting, public):
    rows = [
        prepared(alliance, council, agent, title="Un"),
        sent(alliance, council, agent, title="Deux"),
        sent(alliance, council, agent, title="Trois", is_public=True),
    ]
    if kind:
        signed_in(client, alliance, kind)
    got = [client.get(row.get_absolute_url()).status_code for row in rows]
    assert got == [draft, waiting, public]
    page = client.get(reverse("concertation_in:endorsements", args=[alliance.slug])).content.decode()
    listed = [">Un<" in page, ">Deux<" in page, ">Trois<" in page]
    assert listed == [draft == 200, waiting == 200, public == 200]


def test_what_the_law_asks_of_an_elected_person_is_kept_and_the_public_sees_the_office(
    client, alliance, council, agent
):
    row = sent(alliance, council, agent, is_public=True)
    elected = RoleFactory(person__alliance=alliance, kind=Role.Kind.ELECTED, person__name="Personne Nommée").person
    resolutions.disclose(
        endorsement=row, elected_as="Conseillère du siège 3", nature="Loue un local", person=elected, by=elected.user
    )
    with pytest.raises(ValidationError):
        resolutions.disclose(endorsement=row, elected_as="x", nature="y", by=agent)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Conseillère du siège 3" not in page  # announced, not said in session yet
    resolutions.disclose(
        endorsement=row, elected_as="Conseiller du siège 4", nature="Siège au conseil", disclosed_on=DAY, by=agent,
        left_room=True,
    )  # fmt: skip
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Conseiller du siège 4" in page
    assert "N’a participé ni aux délibérations ni au vote." in page
    assert "A quitté la séance pendant ce temps." in page
    assert "article 361" in page
    assert "pas un avis juridique" in page
    assert "Personne Nommée" not in page
    assert EndorsementInterest.objects.count() == 2


def test_elected_officials_have_one_page_read_in_two_minutes(client, alliance, council, agent):
    sent(alliance, council, agent, whereas=["le mot " * 120], title="Plus tard", session_on=dt.date(2027, 1, 1))
    sent(alliance, council, agent, title="Bientôt", session_on=dt.date(2026, 12, 1))
    prepared(alliance, council, agent, title="Brouillon")
    address = reverse("concertation_in:for_councils", args=[alliance.slug])
    page = signed_in(client, alliance, "elected").get(address).content.decode()
    assert page.index("Bientôt") < page.index("Plus tard")
    assert "Brouillon" not in page
    assert "se lit en 2 minutes" in page
    assert signed_in(client, alliance, "member").get(address).status_code == 403


def test_the_elected_page_runs_as_many_queries_for_one_as_for_many(
    client, alliance, council, agent, django_assert_num_queries
):
    signed_in(client, alliance, "elected")
    address = reverse("concertation_in:for_councils", args=[alliance.slug])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sent(alliance, council, agent)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(15):
        sent(alliance, council, agent, title=f"Autre {number}")
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_whole_way_by_pages(client, alliance, council, decision):
    signed_in(client, alliance)
    new = reverse("concertation_in:endorsement_new", args=[alliance.slug])
    refused = client.post(new, {"council": council.pk, "title": ""})
    assert "Choisissez une décision, ou écrivez un titre." in refused.content.decode()
    made = client.post(new, {"council": council.pk, "decision": decision.pk})
    row = Endorsement.objects.get()
    assert made["Location"].endswith(f"/{row.uuid}/modifier/")
    assert "l’hiver tue" in client.get(made["Location"]).content.decode()
    form = {"title": row.title, "whereas": "\n".join(row.whereas), "resolved": row.resolved, "is_public": "on"}
    wrong = client.post(made["Location"], {**form, "whereas": "\n".join("x" * 30)})
    assert "Gardez 20" in wrong.content.decode()
    client.post(made["Location"], {**form, "session_on": "2026-12-08", "clerk_deadline": "2026-12-01"})
    client.post(reverse("concertation_in:endorsement_send", args=[alliance.slug, row.uuid]))
    answer = reverse("concertation_in:endorsement_answer", args=[alliance.slug, row.uuid])
    refused = client.post(answer, {"state": "endorsed", "on": "2099-12-08", "note": "TAPÉ"})
    assert "Écrivez le numéro" in refused.content.decode()
    assert "TAPÉ" in refused.content.decode()
    client.post(answer, {"state": "endorsed", "on": "2099-12-08", "number": "2026-12-231"})
    page = client.get(row.get_absolute_url()).content.decode()
    assert "résolution 2026-12-231" in page


def test_deadlines_wait_for_the_agent_and_remind_once(alliance, council, agent, mailoutbox):
    today = alliance.today(NOW)
    row = prepared(alliance, council, agent, clerk_deadline=today + dt.timedelta(days=5))
    keys = {todo.key for todo in contributions.todo.collect(alliance, agent, today)}
    assert f"clerk:{row.uuid}" in keys
    assert not [
        t for t in contributions.todo.collect(alliance, user_with(alliance, "member"), today) if "clerk" in t.key
    ]
    agent.persons.update(email="agente@exemple.test")
    [daily] = [one for one in contributions.daily if one.room == "concertation-endorsements"]
    assert daily.run(NOW) == 1
    assert daily.run(NOW) == 0
    assert "Halte-chaleur" in mailoutbox[0].body
    sent_row = sent(alliance, council, agent, session_on=today + dt.timedelta(days=1))
    later = today + dt.timedelta(days=3)
    assert f"council:{sent_row.uuid}" in {todo.key for todo in contributions.todo.collect(alliance, agent, later)}


def test_what_councils_answered_is_in_the_memory_the_account_and_open_data(alliance, council, agent):
    row = sent(alliance, council, agent, is_public=True)
    sent(alliance, council, agent, title="Interne")
    resolutions.answer(endorsement=row, state="endorsed", number="12-231", on=DAY, by=agent)
    told = [entry.title for entry in contributions.timeline.collect(alliance, None, DAY, limit=20)]
    assert "Municipalité de Val-Cormier entérine : Halte-chaleur" in [title.replace("\xa0", " ") for title in told]
    sections = {section.key: section for section in contributions.report.collect(alliance, None, DAY)}
    assert "Les conseils ont entériné 1 résolution." in str(sections["endorsements"].blocks[0])
    [export] = [one for one in contributions.exports.collect(alliance, None, DAY) if one.name == "endorsements"]
    rows = [list(line) for line in export.rows()]
    assert [len(line) for line in rows] == [len(export.header)]
    assert "Interne" not in str(rows)


def test_what_is_held_about_an_elected_person_is_exported_and_erased(alliance, council, agent):
    [data] = [one for one in contributions.personal_data if one.room == "concertation-endorsements"]
    person = PersonFactory(alliance=alliance)
    row = sent(alliance, council, agent)
    EndorsementInterest.objects.create(endorsement=row, person=person, elected_as="Maire", nature="x", disclosed_on=DAY)
    assert "Maire" in str(data.export(person))
    assert data.erase(person) == 1
    assert EndorsementInterest.objects.get().person is None
