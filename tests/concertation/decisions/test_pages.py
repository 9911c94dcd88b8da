"""The pages of decisions, as each reader gets them."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.actors.interests import services as interests
from maillage.alliances.links import services as links
from maillage.concertation.decisions import services
from maillage.concertation.decisions.services.common import LINK
from maillage.concertation.models import Decision, Objection, Position, PositionComment, SeatHolder, Task
from maillage.core.access import may
from tests.concertation.decisions.world import SITE, TEXT, hold, member, table
from tests.factories import signed_in

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
WORDS = "Le montant est trop bas chez nous."


def at(t, name, *args):
    return reverse(f"concertation_in:{name}", args=[t.alliance.slug, t.decision.uuid, *args])


def as_(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def text(response):
    return response.content.decode()


@pytest.fixture
def t():
    """A table of four, a decision open now, until next week."""
    made = table(4)
    now = timezone.now()
    row = services.create_decision(
        space=made.space, title="Un fonds d’aide", text=TEXT, by=made.agent, now=now, rule="majority",
        closes_at=now + dt.timedelta(days=7),
    )  # fmt: skip
    made.decision = services.open_decision(decision=row, by=made.agent, now=now, site=SITE)
    return made


def answer(t, index, stand, why=""):
    return services.take_position(
        decision=t.decision, key=(t.seats[index].pk, None), person=t.people[index], stand=stand, why=why,
        by=t.people[index].user, now=timezone.now(),
    )  # fmt: skip


def close(t, publish=True):
    t.decision = services.close_decision(decision=t.decision, by=t.agent, now=timezone.now(), site=SITE)
    if publish:
        t.decision = services.publish_decision(decision=t.decision, by=t.people[0].user, now=timezone.now())
    return t.decision


# Reading


def test_what_is_not_published_is_for_the_table(client, t):
    answer(t, 0, "objection", WORDS)
    assert client.get(at(t, "decision")).status_code == 302
    assert signed_in(client, t.alliance, "member").get(at(t, "decision")).status_code == 404
    page = text(as_(client, t.people[1].user).get(at(t, "decision")))
    assert WORDS in page
    assert "Si elle fermait maintenant" in page
    assert "N’ont pas encore répondu" in page


def test_a_public_decision_quotes_dissent_whole_and_signed_by_the_actor(client, t):
    answer(t, 0, "objection", WORDS)
    answer(t, 1, "agree", "Notre raison reste entre membres.")
    answer(t, 2, "reservation", "Si c’est revu.")
    close(t)
    page = text(client.get(at(t, "decision")))
    told = (
        "Adoptée", "2 membres sur 3 sont d’accord, dont 1 avec réserves", WORDS, "Acteur 00", "Si c’est revu.",
        "dissidence consignée", "L’objection est maintenue.",
    )  # fmt: skip
    for words in told:
        assert words in page
    assert "Notre raison reste entre membres." not in page
    assert not any(person.name in page for person in t.people)


def test_an_actor_hidden_from_the_public_is_counted_and_not_named(client, t):
    t.seats[0].actor.is_public = False
    t.seats[0].actor.save()
    answer(t, 0, "agree")
    close(t, publish=False)
    t.decision = services.publish_decision(decision=t.decision, by=t.people[1].user, now=timezone.now())
    page = text(client.get(at(t, "decision")))
    assert "Acteur 00" not in page
    assert "Un membre qui n’est pas affiché en public" in page


def test_as_many_queries_for_three_seats_as_for_thirty(client):
    counts = []
    for n in (3, 30):
        t = table(n)
        now = timezone.now()
        row = services.create_decision(
            space=t.space, title="X", text=TEXT, by=t.agent, now=now, closes_at=now + dt.timedelta(days=1)
        )
        t.decision = services.open_decision(decision=row, by=t.agent, now=now, site=SITE, tell=False)
        for index in range(n):
            answer(t, index, "agree" if index % 2 else "reservation", "Oui, si.")
        as_(client, t.agent)
        client.get(at(t, "decision"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(at(t, "decision"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Withdrawn, by every road


def test_whoever_withdrew_sees_only_that_they_withdrew_by_any_road(client, t):
    answer(t, 1, "objection", WORDS)
    person = t.people[0]
    token = links.make(person=person, purpose=LINK, reference=t.decision.reference)
    interests.withdraw(
        person=person, reference=t.decision.reference, reason="concerned", now=timezone.now(), by=person.user
    )
    as_(client, person.user)
    for name in ("decision", "decision_versions"):
        page = text(client.get(at(t, name)))
        assert "Vous êtes en retrait" in page
        assert TEXT not in page
        assert WORDS not in page
    register = reverse("concertation_in:decisions", args=[t.alliance.slug])
    page = text(client.get(register))
    assert "Vous vous êtes retirée ou retiré de cette décision" in page
    assert t.decision.get_absolute_url() not in page
    assert client.get(register, {"regle": "majority"}).context["lines"] == []
    exported = text(client.get(reverse("concertation_in:decisions_file", args=[t.alliance.slug, "csv"])))
    assert "Un fonds" not in exported
    space = text(client.get(t.space.get_absolute_url()))
    assert t.decision.get_absolute_url() not in space
    assert client.post(at(t, "position_take"), {"voice": str(t.seats[0].pk), "stand": "agree"}).status_code == 403
    client.logout()
    page = text(client.get(reverse("concertation:position", args=[token])))
    assert TEXT not in page
    assert WORDS not in page
    response = client.post(
        reverse("concertation:position", args=[token]), {"voice": str(t.seats[0].pk), "stand": "agree"}
    )
    assert response.status_code == 403
    assert not Position.objects.filter(person=person).exists()


def test_what_is_public_is_public_to_whoever_withdrew_too(client, t):
    answer(t, 1, "objection", WORDS)
    answer(t, 2, "agree", "Entre membres.")
    person = t.people[3]
    interests.withdraw(
        person=person, reference=t.decision.reference, reason="concerned", now=timezone.now(), by=person.user
    )
    close(t)
    page = text(as_(client, person.user).get(at(t, "decision")))
    assert WORDS in page
    assert "Entre membres." not in page


# Answering


def test_a_member_answers_then_changes(client, t):
    as_(client, t.people[0].user)
    page = text(client.get(at(t, "decision")))
    assert "Votre position" in page
    sent = {"voice": str(t.seats[0].pk), "version": "1", "stand": "agree"}
    assert "Votre position est inscrite." in text(client.post(at(t, "position_take"), sent, follow=True))
    client.post(at(t, "position_take"), {**sent, "stand": "abstain", "why": "Il me manque des chiffres."})
    assert list(Position.objects.values_list("stand", "aside")) == [("agree", "changed"), ("abstain", "")]
    assert "1 ancienne position" in text(client.get(at(t, "decision")))


def test_a_refused_answer_keeps_all_that_was_typed(client, t):
    as_(client, t.people[0].user)
    response = client.post(at(t, "position_take"), {"voice": str(t.seats[0].pk), "why": WORDS})
    assert response.status_code == 422
    assert WORDS in text(response)
    assert "Choisissez une position." in text(response)
    response = client.post(at(t, "position_take"), {"voice": "x", "stand": "agree"})
    assert (response.status_code, Position.objects.count()) == (422, 0)


def test_a_vote_that_closes_while_someone_votes_shows_their_words_back(client, t):
    as_(client, t.people[0].user)
    close(t, publish=False)
    response = client.post(at(t, "position_take"), {"voice": str(t.seats[0].pk), "stand": "objection", "why": WORDS})
    page = text(response)
    assert response.status_code == 409
    assert "Cette décision a été fermée" in page
    assert WORDS in page
    client.post(at(t, "position_comment"), {"voice": str(t.seats[0].pk), "text": WORDS})
    assert PositionComment.objects.get().text == WORDS


def test_the_proposal_that_changed_meanwhile_is_read_before_the_answer_counts(client, t):
    services.amend(decision=t.decision, text="Autre.", why="Tout.", by=t.agent, now=timezone.now(), site=SITE)
    as_(client, t.people[0].user)
    sent = {"voice": str(t.seats[0].pk), "version": "1", "stand": "objection", "why": WORDS}
    page = text(client.post(at(t, "position_take"), sent))
    assert "Lisez la version 2" in page
    assert WORDS in page


def test_a_member_answers_from_their_mail_without_an_account(client, t):
    token = links.make(person=t.people[0], purpose=LINK, reference=t.decision.reference)
    address = reverse("concertation:position", args=[token])
    assert TEXT in text(client.get(address))
    assert not Position.objects.exists()
    page = text(client.post(address, {"voice": str(t.seats[0].pk), "stand": "agree", "version": "1"}, follow=True))
    assert "Votre position est inscrite." in page
    assert Position.objects.get().source == "link"
    close(t, publish=False)
    response = client.post(address, {"voice": str(t.seats[0].pk), "stand": "objection", "why": WORDS})
    assert (response.status_code, WORDS in text(response)) == (409, True)
    client.post(address, {"geste": "commenter", "voice": str(t.seats[0].pk), "text": WORDS})
    assert PositionComment.objects.get().person == t.people[0]


def test_an_objection_lives_from_the_mail_too(client, t):
    other = member(t.alliance)
    hold(t.seats[0], other, SeatHolder.Part.SUBSTITUTE)
    token = links.make(person=t.people[0], purpose=LINK, reference=t.decision.reference)
    address = reverse("concertation:position", args=[token])
    client.post(address, {"voice": str(t.seats[0].pk), "stand": "objection", "why": WORDS})
    objection = Objection.objects.get()
    services.answer_objection(objection=objection, text="Revu.", by=t.agent, now=timezone.now(), site=SITE)
    assert "La table a répondu à votre objection" in text(client.get(address))
    client.post(address, {"geste": "maintenir", "objection": str(objection.uuid)})
    objection.refresh_from_db()
    assert objection.state == "maintained"
    client.post(address, {"geste": "maintenir", "objection": "rien"})
    holder = SeatHolder.objects.get(seat=t.seats[0], part="holder")
    client.post(address, {"geste": "confier", "siege": str(holder.uuid)})
    assert t.decision.delegations.get().holder == holder


def test_an_address_that_leads_nowhere_says_so(client, t):
    for token in ("n-existe-pas", links.make(person=t.people[0], purpose="calendar", reference=t.decision.reference)):
        response = client.get(reverse("concertation:position", args=[token]))
        assert response.status_code == 410
        assert "ne mène plus nulle part" in text(response)
    stranger = member(table(1).alliance)
    token = links.make(person=stranger, purpose=LINK, reference=t.decision.reference)
    assert client.get(reverse("concertation:position", args=[token])).status_code == 410
    SeatHolder.objects.filter(person=t.people[0]).delete()
    token = links.make(person=t.people[0], purpose=LINK, reference=t.decision.reference)
    assert "n’occupez plus ce siège" in text(client.get(reverse("concertation:position", args=[token])))


# The team


def test_the_agent_writes_opens_amends_closes_and_someone_else_publishes(client, t):
    as_(client, t.agent)
    address = reverse("concertation_in:decision_new", args=[t.alliance.slug])
    assert "Quel espace décide?" in text(client.get(address))
    asked = {
        "espace": t.space.uuid, "title": "Une navette", "text": "Qu’une navette…", "rule": "consent",
        "closes_at": "2030-01-01T12:00", "options": "Un taxi\nRien", "money_cents": "12 500 $",
        "concerned": [t.seats[0].actor.pk],
    }  # fmt: skip
    response = client.post(f"{address}?espace={t.space.uuid}", {**asked, "text": ""})
    assert (response.status_code, "Un taxi" in text(response)) == (422, True)
    client.post(f"{address}?espace={t.space.uuid}", asked)
    t.decision = Decision.objects.get(title="Une navette")
    assert (t.decision.money_cents, t.decision.options.count(), t.decision.concerns.count()) == (1_250_000, 2, 1)
    assert t.decision.closes_at.isoformat().startswith("2030-01-01T17:00")
    client.post(at(t, "decision_edit"), {**asked, "title": "Une navette le jeudi"})
    client.post(at(t, "decision_open"))
    client.post(at(t, "decision_amend"), {"text": "Qu’une navette le jeudi…", "why": "Le jour."})
    client.post(at(t, "position_record"), {
        "voice": str(t.seats[1].pk), "stand": "agree", "source": "paper", "source_note": "Formulaire papier",
    })  # fmt: skip
    # Between meetings nobody is in the room: the page says it, and writes nothing.
    assert "Personne n’est noté présent" in text(client.get(at(t, "position_round")))
    client.post(at(t, "position_round"), {f"position-{t.seats[2].pk}": "agree"})
    client.post(at(t, "position_record"), {
        "voice": str(t.seats[2].pk), "stand": "agree", "source": "phone", "source_note": "Appel",
    })  # fmt: skip
    page = text(client.get(at(t, "decision_close")))
    assert "Aucune objection n’est maintenue" in page
    client.post(at(t, "decision_close"), {"follow_up_on": "2030-06-01"})
    t.decision.refresh_from_db()
    assert (t.decision.title, t.decision.outcome, t.decision.tally["agree"]) == ("Une navette le jeudi", "adopted", 2)
    assert client.post(at(t, "decision_publish")).status_code == 403
    client.post(at(t, "decision_task"), {"title": "Trouver un autobus", "owner_actor": t.seats[0].actor.pk})
    assert Task.objects.get().decision == t.decision
    client.post(at(t, "decision_follow_up"), {"became": "Elle roule."})
    as_(client, t.people[1].user).post(at(t, "decision_publish"))
    client.logout()
    page = text(client.get(at(t, "decision")))
    assert "Elle roule." in page
    assert "12\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}$" in page
    changed = text(client.get(at(t, "decision_versions")))
    assert "<ins>" in changed
    assert "le jeudi" in changed


def test_a_document_is_read_by_whoever_reads_the_decision(client, t):
    as_(client, t.agent)
    file = SimpleUploadedFile("budget.txt", b"Un budget d'une page.", content_type="text/plain")
    client.post(at(t, "decision_document_add"), {"file": file, "title": "Le budget"})
    document = t.decision.documents.get().document
    assert may(t.people[0].user, document.rule, document)
    person = t.people[1]
    interests.withdraw(
        person=person, reference=t.decision.reference, reason="concerned", now=timezone.now(), by=person.user
    )
    for user in (person.user, member(t.alliance).user):
        assert not may(user, document.rule, document)
        assert as_(client, user).get(document.get_absolute_url()).status_code in {403, 404}
    answer(t, 0, "agree")
    close(t)
    assert may(None, document.rule, document)


def test_a_second_person_confirms_from_the_page(client, t):
    services.record_position(
        decision=t.decision, key=(t.seats[0].pk, None), stand="agree", source="absent", source_note="Courriel du 10",
        by=t.agent, now=timezone.now(), site=SITE,
    )  # fmt: skip
    row = Position.objects.get()
    check = "Confirmez seulement si vous avez vu ou entendu cette source."
    page = text(as_(client, t.agent).get(at(t, "decision")))
    assert "Elle ne compte pas encore." in page
    assert check not in page  # The second person is someone else.
    client.post(at(t, "position_confirm", row.uuid))
    row.refresh_from_db()
    assert row.waits
    page = text(as_(client, t.people[1].user).get(at(t, "decision")))
    assert page.index("Courriel du 10") < page.index(check) < page.index(at(t, "position_confirm", row.uuid))
    client.post(at(t, "position_confirm", row.uuid))
    row.refresh_from_db()
    assert (row.waits, row.confirmed_by) == (False, t.people[1].user)


def test_between_meetings_the_deadline_is_asked_in_the_form_that_opens(client, t):
    t.decision = services.create_decision(
        space=t.space, title="Une navette", text=TEXT, by=t.agent, now=timezone.now(), rule="consent"
    )
    assert 'name="closes_at"' in text(as_(client, t.agent).get(at(t, "decision")))
    assert client.post(at(t, "decision_open")).status_code == 422
    for typed, said in (
        ("", "jusqu’à quand"), ("jeudi", "2026-11-20 13:30"), ("2020-01-01T12:00", "Choisissez un moment à venir"),
    ):  # fmt: skip
        response = client.post(at(t, "decision_open"), {"closes_at": typed})
        assert (response.status_code, said in text(response)) == (422, True)
        assert not typed or f'value="{typed}"' in text(response)
        t.decision.refresh_from_db()
        assert (t.decision.state, t.decision.closes_at) == ("draft", None)
    client.post(at(t, "decision_open"), {"closes_at": "2030-01-01T12:00"})
    t.decision.refresh_from_db()
    assert (t.decision.state, t.decision.closes_at.isoformat()[:16]) == ("open", "2030-01-01T17:00")


def test_a_deadline_said_before_is_not_asked_again_nor_changed_by_opening(client, t):
    until = timezone.now() + dt.timedelta(days=7)
    t.decision = services.create_decision(
        space=t.space, title="Une navette", text=TEXT, by=t.agent, now=timezone.now(), rule="consent", closes_at=until
    )
    assert 'name="closes_at"' not in text(as_(client, t.agent).get(at(t, "decision")))
    client.post(at(t, "decision_open"), {"closes_at": "2030-01-01T12:00"})
    t.decision.refresh_from_db()
    assert (t.decision.state, t.decision.closes_at) == ("open", until)


def test_a_position_given_is_found_again_from_the_top_while_it_is_open(client, t):
    words = "Voir ou changer ma position"
    assert words not in text(as_(client, t.people[0].user).get(at(t, "decision")))
    answer(t, 0, "agree")
    answer(t, 1, "agree")
    page = text(client.get(at(t, "decision")))
    anchor = f"vous-{t.seats[0].pk}"
    assert (words in page, f'href="#{anchor}"' in page, f'id="{anchor}"' in page) == (True, True, True)
    assert words not in text(as_(client, t.agent).get(at(t, "decision")))
    close(t)
    assert words not in text(as_(client, t.people[0].user).get(at(t, "decision")))


# The register


def test_the_register_filters_and_shows_each_reader_what_they_may_read(client, t):
    answer(t, 0, "objection", WORDS)
    answer(t, 1, "agree")
    answer(t, 2, "agree")
    close(t)
    other = services.create_decision(
        space=t.space, title="Une navette", text=TEXT, by=t.agent, now=timezone.now(), rule="consent"
    )
    address = reverse("concertation_in:decisions", args=[t.alliance.slug])

    def titles(**asked):
        return [line["decision"].title for line in client.get(address, asked).context["lines"]]

    assert titles() == ["Un fonds d’aide"]
    assert titles(q="fonds", dissidence="1", issue="adopted", regle="majority", annee=str(t.decision.year)) == titles()
    assert titles(q="1") == ["Un fonds d’aide"]
    assert titles(q="navette") == titles(issue="rework") == titles(espace="n-importe")[1:] == []
    as_(client, t.agent)
    assert titles() == [other.title, "Un fonds d’aide"]
    assert titles(etat="draft") == [other.title]


def test_the_register_downloads_in_three_forms(client, t):
    answer(t, 0, "objection", WORDS)
    answer(t, 1, "agree")
    answer(t, 2, "agree")
    close(t)
    files = {
        form: client.get(reverse("concertation_in:decisions_file", args=[t.alliance.slug, form]))
        for form in ("csv", "xlsx", "pdf")
    }
    content = b"".join(files["csv"]) if files["csv"].streaming else files["csv"].content
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    if len(lines[0]) == 1:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1][:2] == [t.decision.code, "Un fonds d’aide"]
    pdf = b"".join(files["pdf"]) if files["pdf"].streaming else files["pdf"].content
    assert pdf.startswith(b"%PDF")
    assert files["xlsx"].status_code == 200
    assert client.get(reverse("concertation_in:decisions_file", args=[t.alliance.slug, "doc"])).status_code == 404


def test_as_many_queries_for_one_decision_as_for_twenty(client, t):
    address = reverse("concertation_in:decisions", args=[t.alliance.slug])
    as_(client, t.people[0].user)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for n in range(19):
        services.create_decision(space=t.space, title=f"D{n}", text=TEXT, by=t.agent, now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(one) == len(many)


def test_a_seat_without_a_role_any_more_opens_nothing(client, t):
    person = t.people[0]
    token = links.make(person=person, purpose=LINK, reference=t.decision.reference)
    address = reverse("concertation:position", args=[token])
    assert t.decision.title in text(as_(client, person.user).get(at(t, "decision")))
    assert TEXT[:20] in text(client.get(address))
    person.roles.update(until=t.alliance.today())
    assert SeatHolder.objects.filter(person=person, until=None).exists()
    assert as_(client, person.user).get(at(t, "decision")).status_code == 404
    register = reverse("concertation_in:decisions", args=[t.alliance.slug])
    assert t.decision.title not in text(client.get(register))
    client.logout()
    assert TEXT[:20] not in text(client.get(address))
    client.post(address, {"voice": str(t.seats[0].pk), "version": 1, "stand": "agree"})
    assert not Position.objects.exists()


def test_a_published_decision_names_no_actor_that_is_not_shown_for_its_tasks(client, t):
    actor = t.seats[0].actor
    actor.is_public = False
    actor.save()
    services.close_decision(decision=t.decision, by=t.agent, now=timezone.now(), site=SITE)
    services.publish_decision(decision=t.decision, by=t.people[1].user, now=timezone.now())
    Task.objects.create(
        alliance=t.alliance, decision=t.decision, title="Ouvrir le compte", owner_actor=actor, is_public=True
    )
    page = text(client.get(at(t, "decision")))
    assert "Ouvrir le compte" in page
    assert actor.name not in page


def test_a_draft_whose_deadline_has_passed_says_so_and_where_to_change_it(client):
    made = table(2)
    now = timezone.now()
    made.decision = services.create_decision(
        space=made.space, title="Un fonds", text=TEXT, by=made.agent, now=now - dt.timedelta(days=9), rule="majority",
        closes_at=now - dt.timedelta(days=1),
    )  # fmt: skip
    shown = text(as_(client, made.agent).get(made.decision.get_absolute_url()))
    assert "ce moment est passé" in shown
    assert f"{at(made, 'decision_edit')}#id_closes_at" in shown
    assert at(made, "decision_open") not in shown
    assert 'id="id_closes_at"' in text(client.get(at(made, "decision_edit")))
    Decision.objects.filter(pk=made.decision.pk).update(closes_at=now + dt.timedelta(days=1))
    shown = text(client.get(made.decision.get_absolute_url()))
    assert "ce moment est passé" not in shown
    assert at(made, "decision_open") in shown


def test_actors_are_ticked_in_a_list_not_in_a_box_that_a_phone_cannot_use(client):
    made = table(10)
    page = reverse("concertation_in:decision_new", args=[made.alliance.slug])
    shown = text(as_(client, made.agent).get(page, {"espace": made.space.uuid}))
    assert "<select multiple" not in shown
    assert " multiple" not in shown
    assert "Choisir parmi 10" in shown
    assert "---------" not in shown
    chosen = [made.seats[0].actor.pk, made.seats[1].actor.pk]
    sent = {
        "espace": str(made.space.uuid), "title": "Un fonds", "text": TEXT, "rule": "majority", "carries_out": chosen,
    }  # fmt: skip
    client.post(page, sent)
    decision = Decision.objects.get()
    assert sorted(decision.concerns.values_list("actor", flat=True)) == sorted(chosen)
