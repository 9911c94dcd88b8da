"""Bringing an idea and discussing it: without account nor script; robots; moderated by two; taken back for good."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from maillage.alliances.acts.models import ActInName
from maillage.core.models import AuditEntry, SearchEntry
from maillage.participation.ideas import ground, indexing, personal, public, services
from maillage.participation.models import Consultation, Elector, Helper, Idea, IdeaComment, MergeProposal, Turnout
from maillage.participation.urn import marks
from maillage.participation.vocabulary import Access
from maillage.participation.voting.limits import Turnstile
from tests.factories import PersonFactory, RoleFactory, UserFactory
from tests.participation.factories import NOW
from tests.participation.ideas.makers import bring, close, publish, shown, step_of

pytestmark = pytest.mark.django_db
DRAWN = ground.drawn
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    for name in ("sent", "comments"):
        monkeypatch.setattr(public, name, Turnstile(30))


def at(step, name, *more):
    args = [step.consultation.alliance.slug, step.consultation.uuid]
    alone = {"idea_mine", "ideas", "idea_moderate", "idea_refuse", "idea_merges", "results", "receipt"}
    return reverse(f"participation_in:{name}", args=[*args, *([] if name in alone else [step.uuid]), *more])


def receipt_in(response) -> str:
    found = re.search(r"data-receipt>([^<]+)<", response.content.decode())
    return found.group(1) if found else ""


# Bringing


def test_an_idea_is_brought_without_account_cookie_nor_script_and_nothing_says_by_whom():
    step, phone = step_of(alliance__is_public=True), Client(enforce_csrf_checks=True)
    entries = AuditEntry.objects.count()
    assert phone.get(at(step, "idea_propose"))["Cache-Control"] == "no-store"
    form = {"nonce": "n" * 24, "title": f"Un taxi {SCRIPT}", "text": "Deux fois\u202e la semaine.", "problem": ""}
    said = phone.post(at(step, "idea_propose"), form)
    assert said.status_code == 200
    assert re.fullmatch(r"[A-Z]+ \d\d [A-Z]+ \d\d [A-Z]+ \d\d", receipt_in(said))
    assert said["Cache-Control"] == "no-store"
    assert not phone.cookies
    row = Idea.objects.get()
    assert (row.title, row.text, row.state, row.number) == (
        f"Un taxi {SCRIPT}", "Deux fois la semaine.", "pending", 1,
    )  # fmt: skip
    assert row.problem == step.problems.get()
    assert receipt_in(said) not in row.mark
    fields = {field.name for field in Idea._meta.get_fields()}
    assert fields.isdisjoint({"by", "author", "user", "at", "created_at"})
    assert AuditEntry.objects.count() == entries


def test_sent_twice_it_is_kept_once_with_the_same_receipt(client):
    step, form = step_of(alliance__is_public=True), {"nonce": "n" * 24, "title": "Un taxi"}
    first, second = client.post(at(step, "idea_propose"), form), client.post(at(step, "idea_propose"), form)
    assert receipt_in(first) == receipt_in(second) != ""
    assert "déjà arrivée" in second.content.decode()
    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": "!!"}, "Dites votre idée"),
        ({"title": "mot " * 80}, "Raccourcissez"),
        ({"title": "Un taxi", "text": "mot " * 700}, "Raccourcissez"),
        ({"title": "Un taxi", "problem": "rien"}, "Choisissez le problème"),
    ],
)
def test_what_is_refused_is_told_and_nothing_is_lost(client, form, words):
    step = step_of(("Se nourrir", "Se déplacer"), alliance__is_public=True)
    sent = {"nonce": "n" * 24, "text": "Comme ceci.", "problem": str(step.problems.first().uuid)} | form
    page = client.post(at(step, "idea_propose"), sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert sent["title"] in text
    assert sent["text"] in text
    assert ("checked" in text) is (sent["problem"] != "rien")
    assert Idea.objects.count() == 0


def test_too_late_on_site_or_from_elsewhere_the_words_stay(client, monkeypatch):
    step = step_of(alliance__is_public=True)
    form = {"title": "Trop tard peut-être"}
    assert client.post(at(step, "idea_propose"), form, HTTP_ORIGIN="https://ailleurs.test").status_code == 403
    monkeypatch.setattr(public, "sent", Turnstile(1))
    assert client.post(at(step, "idea_propose"), {"title": "Une seule"}).status_code == 200
    answers = [client.post(at(step, "idea_propose"), form)]
    monkeypatch.setattr(public, "sent", Turnstile(0))
    Consultation.objects.update(access=Access.SITE)
    answers.append(client.post(at(step, "idea_propose"), form))
    assert "<textarea" not in client.get(at(step, "idea_propose")).content.decode()
    Consultation.objects.update(access=Access.OPEN, closes_at=NOW)
    answers.append(client.post(at(step, "idea_propose"), form))
    assert [one.status_code for one in answers] == [429, 403, 422]
    assert all("Trop tard peut-être" in one.content.decode() for one in answers)
    assert Idea.objects.count() == 1
    assert "<textarea" not in client.get(at(step, "idea_propose")).content.decode()


def test_a_robot_fills_the_queue_and_nothing_more(people, client, monkeypatch):
    step = step_of(alliance=people.alliance)
    monkeypatch.setattr(services, "WAITING_MOST", 60)
    for n in range(60):
        bring(step, f"Idée de robot {n}")
    with pytest.raises(ValidationError, match="attendent d’être lues"):
        bring(step, "Une de plus")
    client.force_login(people.agent)
    page = client.get(at(step, "ideas"))
    assert page.content.decode().count('name="un"') == 25

    def keys():
        return [row.key for row in Idea.objects.order_by("number")[:25]]

    asked = client.post(at(step, "idea_moderate"), {"act": "refuse", "un": keys()})
    assert asked.status_code == 302
    form = client.get(asked.url).content.decode()
    assert form.count('name="un"') == 25
    assert client.post(at(step, "idea_refuse"), {"un": keys(), "reason": "noise"}).status_code == 302
    client.force_login(people.second)
    client.post(at(step, "idea_moderate"), {"act": "yes", "un": keys()})
    assert Idea.objects.filter(state="refused").count() == 25
    bring(step, "Une vraie")


def test_the_same_words_as_an_idea_that_everyone_sees_are_not_said_twice():
    step = step_of()
    shown(step, "Un taxi partagé")
    with pytest.raises(ValidationError, match="L’idée 1"):
        bring(step, "UN TAXI   PARTAGE")
    # What nobody sees yet is not given away.
    bring(step, "Un autobus")
    bring(step, "Un autobus")
    assert Idea.objects.count() == 3


# Reading


def test_everyone_reads_what_is_shown_escaped_found_by_words_number_and_problem(client):
    step = step_of(("Se nourrir", "Se déplacer"), alliance__is_public=True)
    food, move = step.problems.order_by("position")
    shown(step, f"Épicerie mobile {SCRIPT}", problem=str(food.uuid))
    shown(step, "Taxi partagé", problem=str(move.uuid))
    bring(step, "Pas encore lue", problem=str(move.uuid))
    page = client.get(at(step, "solutions")).content.decode()
    assert "Épicerie mobile &lt;script&gt;" in page
    assert SCRIPT not in page
    assert "Taxi partagé" in page
    assert "Pas encore lue" not in page
    assert "Se nourrir" in page

    def titles(**query):
        return [row.title for row in client.get(at(step, "solutions"), query).context["page"]]

    assert titles(q="epicerie MOBILE") == [f"Épicerie mobile {SCRIPT}"]
    assert titles(q="2") == ["Taxi partagé"]
    assert titles(probleme=str(move.uuid)) == ["Taxi partagé"]
    assert titles(q="rien du tout") == []
    assert client.get(at(step, "solutions"), {"q": "'\"%_", "probleme": "x", "page": "999"}).status_code == 200
    one = client.get(at(step, "idea", 1)).content.decode()
    assert SCRIPT not in one
    assert client.get(at(step, "idea", 3)).status_code == 404


def test_pages_run_the_same_queries_for_one_idea_and_for_two_thousand(client, people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    step = step_of(alliance=people.alliance)
    first, _ = shown(step, "Idée 0")
    services.comment(idea=first, text="Bonne idée", now=NOW)
    IdeaComment.objects.update(state="shown", checked=True)
    merge = {"step": step, "answers_until": NOW.date()}
    MergeProposal.objects.create(title="Ensemble", **merge)
    client.force_login(people.agent)
    pages = [
        at(step, "solutions"), at(step, "ideas"), at(step, "idea", 1), f"{at(step, 'ideas')}?quoi=commentaires",
        at(step, "idea_merges"),
    ]  # fmt: skip

    def counts():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    client.get(pages[0])
    before = counts()
    Idea.objects.bulk_create(
        Idea(step=step, number=n, title=f"Idée {n}", folded=f"idee {n}", state="shown", problem=first.problem,
             source="ici", came="paper") for n in range(2, 2001)
    )  # fmt: skip
    IdeaComment.objects.bulk_create(
        IdeaComment(idea=first, number=n, text=f"Commentaire {n}", state="shown") for n in range(2, 60)
    )
    MergeProposal.objects.bulk_create(MergeProposal(title=f"Ensemble {n}", **merge) for n in range(30))
    assert counts() == before
    assert client.get(pages[0]).content.decode().count('<h3 dir="auto"') == 20
    last = client.get(pages[0], {"page": "100"})
    assert [row.number for row in last.context["page"]] == list(range(1981, 2001))
    assert client.get(pages[4]).content.decode().count("<h2 dir=") == 25
    # Too many for a ballot: none is chosen beforehand.
    assert client.get(at(step, "idea_choose")).context["form"].initial["numbers"] == ""


# The discussion


def test_a_comment_is_added_without_account_kept_once_and_read_first():
    step, phone = step_of(alliance__is_public=True), Client(enforce_csrf_checks=True)
    shown(step)
    url = at(step, "idea_comment", 1)
    answer = phone.post(url, {"text": f"Et le soir? {SCRIPT}"})
    assert answer.status_code == 302
    assert not phone.cookies
    phone.post(url, {"text": f"et le soir ? {SCRIPT}"})
    row = IdeaComment.objects.get()
    assert row.state == "pending"
    assert "Deux personnes le lisent d’abord" in phone.get(answer.url).content.decode()
    IdeaComment.objects.update(state="shown", checked=True)
    page = phone.get(at(step, "idea", 1)).content.decode()
    assert "Et le soir? &lt;script&gt;" in page
    assert SCRIPT not in page
    assert phone.get(url).status_code == 405


def test_shown_at_once_where_the_policy_says_so_then_read(people):
    step = step_of(moderation="after", alliance=people.alliance)
    idea, _ = bring(step)
    said = services.comment(idea=idea, text="Bonne idée", now=NOW)
    assert (idea.state, idea.checked, said.state, said.checked) == ("shown", False, "shown", False)
    assert [entry.title for entry in indexing.rows()] == ["Un taxi partagé"]
    assert not services.accept(row=said, by=people.agent, now=NOW).checked
    assert services.accept(row=said, by=people.second, now=NOW).checked
    assert ActInName.objects.get().label == f"{step.consultation.title}, commentaire 1 de l’idée 1"


def test_a_comment_that_is_refused_stays_on_the_page(client, monkeypatch):
    step = step_of(alliance__is_public=True)
    shown(step)
    url, form = at(step, "idea_comment", 1), {"text": "Mes mots à moi"}
    answers = [client.post(url, form, HTTP_ORIGIN="https://ailleurs.test")]
    monkeypatch.setattr(public, "comments", Turnstile(1))
    client.post(url, {"text": "Un autre"})
    answers.append(client.post(url, form))
    monkeypatch.setattr(public, "comments", Turnstile(0))
    monkeypatch.setattr(services, "WAITING_MOST", 0)
    answers += [client.post(url, form), client.post(url, {"text": "mes mots à moi " * 100})]
    Consultation.objects.update(closes_at=NOW)
    answers.append(client.post(url, form))
    assert [one.status_code for one in answers] == [403, 429, 422, 422, 409]
    assert all("mots à moi" in one.content.decode() for one in answers)
    assert IdeaComment.objects.count() == 1
    assert client.post(url, {"text": ""}).status_code == 409


# Moderating


def test_two_accept_two_refuse_with_a_reason_and_the_log_says_so_without_the_words(client, people):
    step = step_of(alliance=people.alliance)
    good, _ = bring(step, "Un taxi partagé")
    bad, receipt = bring(step, "Des mots méchants")
    for row in (good, bad):
        row.step = step
    services.accept(row=good, by=people.agent, now=NOW)
    good.refresh_from_db()
    assert (good.state, good.proposed) == ("pending", "accept")
    with pytest.raises(ValidationError, match="une autre personne"):
        services.accept(row=good, by=people.agent, now=NOW)
    assert services.accept(row=good, by=people.second, now=NOW).state == "shown"
    with pytest.raises(ValidationError, match="raison"):
        services.ask_refusal(row=bad, reason="", by=people.agent)
    services.ask_refusal(row=bad, reason="hate", note="Vise un voisin.", by=people.agent)
    with pytest.raises(ValidationError, match="une autre personne"):
        services.confirm_refusal(row=bad, by=people.agent, now=NOW)
    with pytest.raises(ValidationError, match="déjà demandé"):
        services.ask_refusal(row=bad, reason="hate", by=people.second)
    with pytest.raises(ValidationError, match="refus est demandé"):
        services.accept(row=bad, by=people.second, now=NOW)
    services.put_back(row=bad, by=people.second, now=NOW)
    services.ask_refusal(row=bad, reason="hate", note="Vise un voisin.", by=people.agent)
    services.confirm_refusal(row=bad, by=people.second, now=NOW)
    labels = [act.label for act in ActInName.objects.order_by("pk")]
    assert labels[0] == f"{step.consultation.title}, idée 1"
    assert labels[1] == f"{step.consultation.title}, idée 2: insultes, haine ou menaces"
    assert "méchants" not in str([entry.after for entry in AuditEntry.objects.all()])
    page = client.get(at(step, "solutions")).content.decode()
    assert "insultes, haine ou menaces (1)" in page.lower()
    assert "méchants" not in page
    # Its author reads why, with the receipt.
    mine = client.post(at(step, "idea_mine"), {"receipt": receipt}).content.decode()
    assert "insultes, haine ou menaces" in mine
    assert "Vise un voisin." in mine
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=bad.pk).update(refused_by=people.agent, refuse_asked_by=people.agent)


def test_the_queue_is_worked_with_one_button_a_row(client, people):
    step = step_of(alliance=people.alliance)
    idea, _ = bring(step)
    client.force_login(people.agent)
    for by in (people.agent, people.second):
        client.force_login(by)
        client.post(at(step, "idea_moderate"), {"act": "yes", "un": idea.key})
    client.force_login(people.agent)
    idea.refresh_from_db()
    assert (idea.state, idea.checked) == ("shown", True)
    idea.step = step
    said = services.comment(idea=idea, text="Bonne idée", now=NOW)
    page = client.get(f"{at(step, 'ideas')}?quoi=commentaires").content.decode()
    assert "Bonne idée" in page
    refusing = client.post(at(step, "idea_moderate"), {"refuse": said.key, "quoi": "commentaires"})
    assert client.get(refusing.url).status_code == 200
    again = client.post(at(step, "idea_refuse"), {"un": [said.key], "note": "mon mot"})
    assert again.status_code == 422
    assert "mon mot" in again.content.decode()
    client.post(at(step, "idea_refuse"), {"un": [said.key], "reason": "subject", "quoi": "commentaires"})
    said.refresh_from_db()
    client.post(at(step, "idea_moderate"), {"act": "yes", "un": said.key})
    said.refresh_from_db()
    assert said.state == "pending"
    client.force_login(people.second)
    done = client.post(at(step, "idea_moderate"), {"act": "yes", "un": said.key, "quoi": "commentaires"})
    assert done.url.endswith("?quoi=commentaires")
    said.refresh_from_db()
    assert said.state == "refused"
    for form in ({}, {"act": "yes"}, {"act": "yes", "un": "pas-une-cle"}, {"back": "0"}):
        assert client.post(at(step, "idea_moderate"), form).status_code in {302, 404}


ACTORS = ("nobody", "member", "stranger", "observer", "helper", "agent")
STATES = ("draft", "open", "closed", "published", "cancelled")


def user_of(kind, people, step):
    if kind == "nobody":
        from django.contrib.auth.models import AnonymousUser

        return AnonymousUser()
    if kind == "helper":
        person = PersonFactory(alliance=people.alliance, user=UserFactory())
        RoleFactory(person=person, kind="member")
        Helper.objects.create(consultation=step.consultation, person=person, help="moderate")
        return person.user
    if kind == "stranger":
        return RoleFactory(kind="agent").person.user
    if kind == "observer":
        return RoleFactory(person__alliance=people.alliance, kind="observer").person.user
    return getattr(people, kind)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ACTORS)
def test_who_may_do_what_in_which_state(people, kind, state):
    step = step_of(alliance=people.alliance)
    idea, _ = bring(step)
    idea.step = step
    values = {"cancelled_why": "Tempête", "opened_at": NOW} if state == "cancelled" else {}
    Consultation.objects.filter(pk=step.consultation_id).update(state=state, **values)
    step.consultation.refresh_from_db()
    by = user_of(kind, people, step)

    def tries(act):
        try:
            with transaction.atomic():
                act()
        except PermissionDenied:
            return "no"
        except ValidationError:
            return "late"
        return "done"

    moves = state not in {"published", "cancelled"}
    expected = "no" if kind not in {"agent", "helper"} else "done" if moves else "late"
    assert tries(lambda: services.ask_refusal(row=idea, reason="noise", by=by)) == expected
    if expected == "done":
        services.put_back(row=idea, by=by, now=NOW)
    assert tries(lambda: services.accept(row=idea, by=by, now=NOW)) == expected
    brought = tries(lambda: services.bring(
        step=step, title="Un autobus", came="paper", source="boîte de la bibliothèque", by=by, now=NOW,
    ))  # fmt: skip
    assert brought == ("no" if kind != "agent" else "done" if moves else "late")
    named = tries(lambda: services.add_problem(step=step, label="Un autre", by=by))
    assert named == ("no" if kind != "agent" else "done" if state == "draft" else "late")
    anyone = tries(lambda: services.propose(step=step, title="Une idée", nonce="a" * 24, now=NOW))
    assert anyone == ("done" if state == "open" else "late")


# Taking back


def test_taken_back_with_its_receipt_nothing_is_left_and_a_reload_does_not_bring_it_again(client):
    step = step_of(alliance__is_public=True)
    form = {"nonce": "n" * 24, "title": "Mon idée à moi", "text": "Rue des Érables."}
    receipt = receipt_in(client.post(at(step, "idea_propose"), form))
    idea = Idea.objects.get()
    idea.step = step
    for _reading in range(2):
        by = RoleFactory(person__alliance=step.consultation.alliance, kind="agent").person.user
        services.accept(row=idea, by=by, now=NOW)
    services.comment(idea=idea, text="Rue des Érables, vraiment?", now=NOW)
    assert len(list(indexing.rows())) == 1
    assert client.post(at(step, "idea_mine"), {"receipt": "SAULE 47 RIVE 12 PONT 03"}).status_code == 404
    mine = client.post(at(step, "idea_mine"), {"receipt": receipt.lower().replace(" ", "-")})
    assert "Mon idée à moi" in mine.content.decode()
    assert mine["Cache-Control"] == "no-store"
    elsewhere = {"receipt": receipt, "act": "take-back"}
    assert client.post(at(step, "idea_mine"), elsewhere, HTTP_ORIGIN="https://x.test").status_code == 403
    # At any time, even once published.
    close(step)
    publish(step)
    done = client.post(at(step, "idea_mine"), {"receipt": receipt, "act": "take-back"})
    assert "Votre idée est reprise." in done.content.decode()
    idea.refresh_from_db()
    assert (idea.title, idea.text, idea.folded, idea.problem, idea.state) == ("", "", "", None, "taken-back")
    assert not IdeaComment.objects.exists()
    assert list(indexing.rows()) == []
    page = client.get(at(step, "idea", 1))
    assert page.status_code == 200
    assert "Érables" not in page.content.decode()
    assert "Mon idée" not in client.get(at(step, "results")).content.decode()
    Consultation.objects.update(state="open")
    assert client.post(at(step, "idea_propose"), form).status_code == 422
    assert Idea.objects.count() == 1
    assert "Mon idée" not in str([(row.before, row.after) for row in AuditEntry.objects.all()])


def test_a_receipt_opens_its_own_consultation_only(client):
    step, other = step_of(alliance__is_public=True), step_of(alliance__is_public=True)
    _idea, receipt = bring(step)
    assert client.post(at(other, "idea_mine"), {"receipt": receipt}).status_code == 404
    assert client.post(at(step, "idea_mine"), {"receipt": " "}).status_code == 404


def test_guesses_of_receipts_are_counted(client, monkeypatch):
    from maillage.participation.voting import limits

    step = step_of(alliance__is_public=True)
    monkeypatch.setattr(limits, "guesses", Turnstile(1))
    assert client.post(at(step, "idea_mine"), {"receipt": "A"}).status_code == 404
    late = client.post(at(step, "idea_mine"), {"receipt": "MES MOTS 12"})
    assert late.status_code == 429
    assert "MES MOTS 12" in late.content.decode()
    _idea, receipt = bring(step)
    assert client.post(at(step, "idea_mine"), {"receipt": receipt}).status_code == 200, "what is right still passes"


# Brought by the agent


def test_an_idea_of_a_workshop_is_shown_with_where_it_was_said_and_nobody_but_its_author_could_hold_its_receipt(
    client, people
):
    step = step_of(alliance=people.alliance)
    client.force_login(people.agent)
    empty = client.get(at(step, "idea_bring")).content.decode()
    assert "n’aura pas de reçu" in empty
    assert at(step, "idea_propose") in empty
    form = {"title": "Un autobus", "came": "workshop", "source": "", "receipt": "on", "nonce": "w" * 24}
    refused = client.post(at(step, "idea_bring"), form)
    assert refused.status_code == 422
    assert 'value="Un autobus"' in refused.content.decode()
    done = client.post(at(step, "idea_bring"), {**form, "source": "atelier du 3 novembre"})
    assert done.status_code == 302
    page = client.get(done["Location"])
    assert page.context["form"]["source"].value() == "atelier du 3 novembre"
    assert receipt_in(page) == ""
    assert "L’idée 1 est inscrite" in page.content.decode()
    again = client.post(at(step, "idea_bring"), {**form, "source": "atelier du 3 novembre"})
    assert again.status_code == 422
    row = Idea.objects.get()
    assert row.mark == ""
    assert (row.state, row.came, row.source) == ("pending", "workshop", "atelier du 3 novembre")
    assert row.accept_asked_by == people.agent, "whoever enters it is the first of the two who read it"
    assert client.get(at(step, "idea", row.number)).status_code == 404
    row.step = step
    with pytest.raises(ValidationError, match="une autre personne"):
        services.accept(row=row, by=people.agent, now=NOW)
    services.accept(row=row, by=people.second, now=NOW)
    client.logout()
    assert "atelier du 3 novembre" in client.get(at(step, "idea", row.number)).content.decode()
    assert list(ActInName.objects.order_by("pk").values_list("kind", flat=True)) == ["idea-brought", "idea-accepted"]


def test_on_site_only_the_agent_is_not_sent_to_a_page_that_is_closed(client, people):
    step = step_of(alliance=people.alliance, access=Access.SITE)
    client.force_login(people.agent)
    assert at(step, "idea_propose") not in client.get(at(step, "idea_bring")).content.decode()


# Where codes are asked


def test_where_a_code_opens_the_ballot_ideas_and_comments_ask_for_one_and_keep_nothing_of_it(client):
    step = step_of(alliance__is_public=True, access=Access.CODES, moderation="after")
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    before = list(Elector.objects.values())
    form = {"nonce": "n" * 24, "title": "Un taxi"}
    for typed, words in (("", "Écrivez le code"), ("k7m2-9qxh-t4", "n’est pas connu")):
        page = client.post(at(step, "idea_propose"), {**form, "code": typed})
        assert page.status_code == 422
        assert words in page.content.decode()
        assert 'value="Un taxi"' in page.content.decode()
    assert receipt_in(client.post(at(step, "idea_propose"), {**form, "code": code.upper()}))
    comment = at(step, "idea_comment", 1)
    assert 'name="code"' in client.get(at(step, "idea", 1)).content.decode()
    missing = client.post(comment, {"text": "Bonne idée.", "code": ""})
    assert missing.status_code == 422
    assert len(missing.context["form"].errors["code"]) == 1
    page = client.post(comment, {"text": "Bonne idée.", "code": "k7m2-9qxh-t4"})
    assert page.status_code == 422
    assert "n’est pas connu" in page.content.decode()
    assert "Bonne idée." in page.content.decode()
    assert not IdeaComment.objects.exists()
    assert client.post(comment, {"text": "Bonne idée.", "code": code}).status_code == 302
    assert list(Elector.objects.values()) == before
    assert not Turnout.objects.exists()
    assert code not in str([Idea.objects.get().__dict__, IdeaComment.objects.get().__dict__])


def test_elsewhere_no_code_is_asked(client):
    step = step_of(alliance__is_public=True, moderation="after")
    shown(step)
    for page in (at(step, "idea_propose"), at(step, "idea", 1)):
        assert 'name="code"' not in client.get(page).content.decode()


# Nothing tells in which order they came


def test_the_numbers_of_ideas_are_drawn_and_the_index_learns_of_none_as_it_comes(monkeypatch):
    monkeypatch.setattr(ground, "drawn", DRAWN)
    step = step_of(alliance__is_public=True, moderation="after")
    rows = [bring(step, f"Idée de {n} mots")[0] for n in range(12)]
    numbers = [row.number for row in rows]
    assert len(set(numbers)) == 12
    assert all(100 <= number <= 999 for number in numbers)
    assert numbers != sorted(numbers), "once in 479 million"
    assert [row.pk for row in rows] != sorted(row.pk for row in rows)
    assert not SearchEntry.objects.filter(kind="idea").exists()
    assert indexing.look(NOW) == 12
    kept = [
        str(key) for key in SearchEntry.objects.filter(kind="idea").order_by("pk").values_list("object_id", flat=True)
    ]
    assert kept == sorted(kept), "in the order of their random keys"


def test_where_many_numbers_are_taken_others_have_one_more_figure():
    assert 100 <= DRAWN({100}) <= 999
    assert 1000 <= DRAWN(set(range(100, 550))) <= 9999
    assert DRAWN(set(range(100, 999))) >= 1000


# Kept no longer than needed


def test_what_nobody_ever_saw_goes_six_months_after_the_closing(people):
    step = step_of(alliance=people.alliance)
    kept, _ = shown(step, "Montrée")
    bring(step, "Jamais lue", text="Des mots.")
    services.comment(idea=kept, text="Jamais lu", now=NOW)
    close(step)
    assert personal.purge(NOW.date() + dt.timedelta(days=150)) == 0
    assert personal.purge(NOW.date() + dt.timedelta(days=190)) == 2
    assert personal.purge(NOW.date() + dt.timedelta(days=191)) == 0
    assert not IdeaComment.objects.exists()
    assert [row.text for row in Idea.objects.exclude(pk=kept.pk)] == [""]
    kept.refresh_from_db()
    assert kept.title == "Montrée"


def test_another_idea_sent_from_the_same_page_is_not_lost(client):
    """One goes back, the page keeps what it carried, and another idea is written over the first one."""
    step, page = step_of(alliance__is_public=True), {"nonce": "n" * 24}
    first = receipt_in(client.post(at(step, "idea_propose"), page | {"title": "Un taxi"}))
    second = receipt_in(client.post(at(step, "idea_propose"), page | {"title": "Un autobus le soir"}))
    assert first != second != ""
    assert [idea.title for idea in Idea.objects.order_by("number")] == ["Un taxi", "Un autobus le soir"]


def test_where_the_alliance_is_not_public_nobody_from_outside_brings_an_idea(client, people):
    people.alliance.is_public = False
    people.alliance.save()
    step = step_of(alliance=people.alliance, access=Access.CODES)
    form = {"nonce": "n" * 24, "title": "De l’extérieur"}
    assert client.get(at(step, "idea_propose")).status_code == 404
    assert client.post(at(step, "idea_propose"), form).status_code == 404
    assert not Idea.objects.exists()
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    form["code"] = code
    assert client.post(at(step, "idea_propose"), form).status_code == 404
    client.force_login(people.member)
    assert client.post(at(step, "idea_propose"), form).status_code == 200


def test_refused_several_at_once_it_is_all_or_none(client, people):
    step = step_of(alliance=people.alliance)
    (a, _one), (b, _two) = bring(step, "Première"), bring(step, "Deuxième")
    services.ask_refusal(row=b, reason="hate", by=people.second)
    client.force_login(people.agent)
    b.refresh_from_db()
    sent = {"un": [a.key, b.key], "reason": "noise"}
    assert client.post(at(step, "idea_refuse"), sent).status_code == 422
    a.refresh_from_db()
    assert a.refuse_asked_by is None
    assert client.post(at(step, "idea_refuse"), {**sent, "un": [a.key]}).status_code == 302
