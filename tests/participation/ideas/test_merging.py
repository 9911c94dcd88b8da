"""Ideas said as one: with the agreement of their authors, never without; refused, late, taken back, refused by two."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from maillage.alliances.acts.models import ActInName
from maillage.core.models import AuditEntry
from maillage.participation.ideas import indexing, merging, services
from maillage.participation.models import Consultation, Idea, IdeaComment, MergeAnswer, MergeProposal
from tests.participation.factories import NOW
from tests.participation.ideas.makers import bring, merge_of, publish, shown, step_of
from tests.participation.ideas.test_bringing import at

pytestmark = pytest.mark.django_db
LATE = NOW + dt.timedelta(days=15)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def step(people):
    return step_of(alliance=people.alliance)


def states(step) -> dict[int, str]:
    return dict(Idea.objects.filter(step=step).order_by("number").values_list("number", "state"))


def answers(merge, step, receipt, *, agreed=True, now=NOW):
    merging.answer(consultation=step.consultation, receipt=receipt, merge=merge.uuid, agreed=agreed, now=now)
    merge.refresh_from_db()


def test_merged_at_once_when_all_agreed_and_not_a_moment_before(client, people, step):
    (a, one), (b, two) = shown(step, "Un taxi partagé"), shown(step, "Des taxis à plusieurs")
    services.comment(idea=a, text="Oui, le soir surtout.", now=NOW)
    IdeaComment.objects.update(state="shown", checked=True)
    merge = merge_of(step, a, b, by=people.agent)
    assert states(step) == {1: "shown", 2: "shown"}
    asked = client.get(at(step, "idea", 1)).content.decode()
    assert "On propose de la réunir à d’autres" in asked
    mine = client.post(at(step, "idea_mine"), {"receipt": one}).content.decode()
    assert "Un transport à partager" in mine
    assert "2. Des taxis à plusieurs" in mine
    form = {"receipt": one, "act": "agree", "merge": str(merge.uuid)}
    assert "Votre réponse est gardée" in client.post(at(step, "idea_mine"), form).content.decode()
    assert states(step) == {1: "shown", 2: "shown"}
    entries = AuditEntry.objects.count()
    done = client.post(at(step, "idea_mine"), {**form, "receipt": two})
    assert done.status_code == 200
    assert "avec votre accord" in done.content.decode()
    assert states(step) == {1: "merged", 2: "merged", 3: "shown"}
    made = Idea.objects.get(number=3)
    assert (made.title, made.text, made.mark, made.problem) == ("Un transport à partager", "Ensemble.", "", a.problem)
    merge.refresh_from_db()
    assert (merge.state, merge.result) == ("done", made)
    # The log says that they were merged, never who answered what.
    assert AuditEntry.objects.count() == entries + 1
    assert AuditEntry.objects.latest("pk").after == {"ideas": [1, 2], "into": 3}
    assert [entry.title for entry in indexing.rows()] == ["Un transport à partager"]
    page = client.get(at(step, "idea", 3)).content.decode()
    assert "1. Un taxi partagé" in page
    assert "2. Des taxis à plusieurs" in page
    old = client.get(at(step, "idea", 1)).content.decode()
    assert "Un transport à partager" in old
    assert "Oui, le soir surtout." in old
    assert "<textarea" not in old
    listed = [row.title for row in client.get(at(step, "solutions")).context["page"]]
    assert listed == ["Un transport à partager"]


def test_an_answer_may_change_until_it_is_settled(people, step):
    (a, one), (b, two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    answers(merge, step, one, agreed=False)
    assert merge.state == "asked"
    answers(merge, step, one)
    answers(merge, step, two)
    assert merge.state == "done"
    with pytest.raises(ValidationError, match="déjà réglée"):
        answers(merge, step, two, agreed=False)


def test_whoever_refuses_keeps_their_idea_and_the_others_are_merged(people, step):
    (a, one), (b, two), (c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two, agreed=False)
    assert merge.state == "asked"
    answers(merge, step, three)
    assert states(step) == {1: "merged", 2: "shown", 3: "merged", 4: "shown"}


def test_where_fewer_than_two_agree_it_is_dropped(people, step):
    (a, one), (b, two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two, agreed=False)
    assert merge.state == "dropped"
    assert states(step) == {1: "shown", 2: "shown"}


def test_once_the_delay_has_passed_silence_is_no_agreement(client, people, step):
    (a, one), (b, two), (c, _three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two)
    last = dt.datetime.combine(merge.answers_until, dt.time(22), tzinfo=people.alliance.zone)
    assert merging.look(last) == 0
    assert states(step) == {1: "shown", 2: "shown", 3: "shown"}
    with pytest.raises(ValidationError, match="dernier jour"):
        answers(merge, step, one, agreed=False, now=LATE)
    assert merging.look(LATE) == 1
    assert merging.look(LATE) == 0
    assert states(step) == {1: "merged", 2: "merged", 3: "shown", 4: "shown"}
    client.force_login(people.agent)
    page = client.get(reverse("participation_in:idea_merge", args=[
        people.alliance.slug, step.consultation.uuid, merge.uuid
    ]))  # fmt: skip
    assert "sans réponse : reste telle quelle" in page.content.decode().replace("\xa0", " ")


def test_once_the_delay_has_passed_one_alone_is_not_merged(people, step):
    (a, one), (b, _two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    answers(merge, step, one)
    merging.look(LATE)
    merge.refresh_from_db()
    assert merge.state == "dropped"
    assert states(step) == {1: "shown", 2: "shown"}


def test_published_meanwhile_nothing_is_merged(people, step):
    (a, one), (b, two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    answers(merge, step, one)
    publish(step)
    with pytest.raises(ValidationError, match="publiés"):
        answers(merge, step, two)
    merging.look(LATE)
    merge.refresh_from_db()
    assert merge.state == "dropped"
    assert states(step) == {1: "shown", 2: "shown"}


def test_taken_back_once_published_it_merges_nobody(people, step):
    (a, one), (b, two), (c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two)
    publish(step)
    services.take_back(consultation=step.consultation, receipt=three, now=NOW)
    merge.refresh_from_db()
    assert merge.state == "dropped"
    assert states(step) == {1: "shown", 2: "shown", 3: "taken-back"}


def test_taken_back_meanwhile_its_author_never_agreed(people, step):
    (a, one), (b, two), (c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, three)
    services.take_back(consultation=step.consultation, receipt=three, now=NOW)
    merge.refresh_from_db()
    assert merge.state == "asked"
    answers(merge, step, two)
    assert states(step) == {1: "merged", 2: "merged", 3: "taken-back", 4: "shown"}


def test_taken_back_by_the_last_but_one_it_is_dropped(people, step):
    (a, one), (b, _two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    services.take_back(consultation=step.consultation, receipt=one, now=NOW)
    merge.refresh_from_db()
    assert merge.state == "dropped"


def test_taken_back_after_the_merge_the_common_idea_stays_while_somebody_is_left(client, people, step):
    (a, one), (b, two) = shown(step, "Mon premier mot"), shown(step, "Mon second mot")
    merge = merge_of(step, a, b, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two)
    services.take_back(consultation=step.consultation, receipt=one, now=NOW)
    assert states(step) == {1: "taken-back", 2: "merged", 3: "shown"}
    page = client.get(at(step, "idea", 3)).content.decode()
    assert "Mon premier mot" not in page
    assert "Reprise par la personne" in page
    services.take_back(consultation=step.consultation, receipt=two, now=NOW)
    assert states(step) == {1: "taken-back", 2: "taken-back", 3: "taken-back"}
    assert list(indexing.rows()) == []


def test_an_idea_made_of_several_is_merged_again_only_if_each_of_its_authors_agrees(people, step):
    (a, one), (b, two), (c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    first = merge_of(step, a, b, by=people.agent)
    answers(first, step, one)
    answers(first, step, two)
    again = merge_of(step, first.result, c, by=people.agent, title="Tout ensemble")
    assert again.answers.count() == 3
    answers(again, step, one)
    answers(again, step, three)
    assert again.state == "asked"
    answers(again, step, two, agreed=False)
    assert again.state == "dropped"
    third = merge_of(step, first.result, c, by=people.agent, title="Tout ensemble")
    for receipt in (one, two, three):
        answers(third, step, receipt)
    assert states(step) == {1: "merged", 2: "merged", 3: "merged", 4: "merged", 5: "shown"}


def test_refused_by_two_meanwhile_it_leaves_the_merge(people, step):
    (a, one), (b, two), (c, _three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    answers(merge, step, one)
    answers(merge, step, two)
    services.ask_refusal(row=c, reason="person", by=people.agent)
    services.confirm_refusal(row=c, by=people.second, now=NOW)
    assert states(step) == {1: "merged", 2: "merged", 3: "refused", 4: "shown"}


def test_the_author_met_in_a_meeting_agrees_through_somebody_else_s_note(client, people, step):
    a, one = shown(step, "A")
    said = services.bring(
        step=step, title="Dite en rencontre", came="workshop", source="rencontre du 3 novembre",
        by=people.agent, now=NOW,
    )  # fmt: skip
    said.step = step
    said = services.accept(row=said, by=people.second, now=NOW)
    merge = merge_of(step, a, said, by=people.agent)
    answers(merge, step, one)
    row, held = merge.answers.get(idea=said), merge.answers.get(idea=a)
    note = {"agreed": True, "note": "Redit devant la table le 12 novembre.", "now": NOW}
    with pytest.raises(ValidationError, match="une autre personne"):
        merging.note_answer(row=row, by=people.agent, **note)
    with pytest.raises(PermissionDenied):
        merging.note_answer(row=row, by=people.member, **note)
    with pytest.raises(ValidationError, match="a un reçu"):
        merging.note_answer(row=held, by=people.second, **note)
    client.force_login(people.second)
    url = reverse("participation_in:idea_merge", args=[people.alliance.slug, step.consultation.uuid, merge.uuid])
    form = {"act": "agree", "answer": str(row.pk), "note": ""}
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "answer": "0"}).status_code == 404
    assert client.post(url, {**form, "note": note["note"]}).status_code == 302
    assert states(step) == {1: "merged", 2: "merged", 3: "shown"}
    row.refresh_from_db()
    assert (row.agreed, row.noted_by, row.note) == (True, people.second, note["note"])
    told = ActInName.objects.get(kind="idea-answer-noted")
    assert told.label == f"{step.consultation.title}, idées 2"
    assert "table" not in told.source


def test_who_proposes_what_may_be_proposed(people, step):
    (a, _one), (b, _two) = shown(step, "A"), shown(step, "B")
    hidden, _ = bring(step, "Pas lue")
    other, _ = shown(step_of(alliance=people.alliance), "Ailleurs")
    with pytest.raises(PermissionDenied):
        merge_of(step, a, b, by=people.member)
    for ideas, words in (
        ((a,), "au moins deux"),
        ((a, hidden), "ne sont pas affichées"),
        ((a, other), "au moins deux"),
    ):
        with pytest.raises(ValidationError, match=words):
            merge_of(step, *ideas, by=people.agent)
    for days, words in ((0, "jusqu’à demain"), (100, "Trois mois")):
        with pytest.raises(ValidationError, match=words):
            merge_of(step, a, b, by=people.agent, days=days)
    with pytest.raises(ValidationError, match="en commun"):
        merge_of(step, a, b, by=people.agent, title=" ")
    merge_of(step, a, b, by=people.agent)
    with pytest.raises(ValidationError, match="attend déjà"):
        merge_of(step, a, b, by=people.agent)
    Consultation.objects.update(state="published")
    with pytest.raises(ValidationError, match="publiés"):
        merging.drop(merge=MergeProposal.objects.get(), by=people.agent, now=NOW)


def test_the_agent_proposes_follows_and_drops(client, people, step):
    shown(step, "A")
    shown(step, "B")
    client.force_login(people.agent)
    ticked = client.post(at(step, "idea_moderate"), {
        "act": "merge", "un": [str(key) for key in Idea.objects.order_by("number").values_list("pk", flat=True)],
    })  # fmt: skip
    page = client.get(ticked.url)
    assert page.context["form"].initial["numbers"] == "1, 2"
    form = {"numbers": "1 et 2", "title": "Mes mots à moi", "text": "", "problem": "", "answers_until": "2026-11-20"}
    refused = client.post(at(step, "idea_merge_new"), form)
    assert refused.status_code == 422
    assert "Mes mots à moi" in refused.content.decode()
    done = client.post(at(step, "idea_merge_new"), {**form, "answers_until": "2026-12-10"})
    assert done.status_code == 302
    assert "Mes mots à moi" in client.get(at(step, "idea_merges")).content.decode()
    assert client.post(done.url, {"act": "drop"}).status_code == 302
    assert MergeProposal.objects.get().state == "dropped"
    assert MergeAnswer.objects.filter(agreed=None).count() == 2
    assert {row.kind for row in ActInName.objects.all()} == {"idea-merge-proposed", "idea-merge-dropped"}


def test_somebody_else_s_receipt_answers_for_nobody(client, people, step):
    (a, _one), (b, _two), (_c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, by=people.agent)
    form = {"receipt": three, "act": "agree", "merge": str(merge.uuid)}
    assert client.post(at(step, "idea_mine"), form).status_code == 422
    assert client.post(at(step, "idea_mine"), {**form, "merge": "rien"}).status_code == 404
    assert set(merge.answers.values_list("agreed", flat=True)) == {None}


def test_refused_by_two_what_was_merged_gives_its_ideas_back_and_is_read_nowhere(client, people, step):
    (a, one), (b, two) = shown(step, "Un taxi partagé"), shown(step, "Des taxis à plusieurs")
    merge = merge_of(step, a, b, by=people.agent, title="Le taxi de Madame Unetelle")
    answers(merge, step, one)
    answers(merge, step, two)
    services.ask_refusal(row=merge.result, reason="person", by=people.agent)
    services.confirm_refusal(row=merge.result, by=people.second, now=NOW)
    assert states(step) == {1: "shown", 2: "shown", 3: "refused"}
    assert client.get(at(step, "idea", 3)).status_code == 404
    assert "Unetelle" not in client.get(at(step, "idea", 1)).content.decode()
    assert sorted(row.title for row in indexing.rows()) == ["Des taxis à plusieurs", "Un taxi partagé"]
    assert AuditEntry.objects.get(action="participation.idea_refused").after["given_back"] == [1, 2]


def test_taken_back_its_words_stay_in_no_proposal_that_nobody_agreed_to(client, people, step):
    (a, one), (b, two) = shown(step, "A"), shown(step, "B")
    dropped = merge_of(step, a, b, by=people.agent, title="Rue des Érables", text="Chez moi, rue des Érables.")
    answers(dropped, step, one, agreed=False)
    answers(dropped, step, two)
    done = merge_of(step, a, b, by=people.agent, title="Érables ensemble")
    answers(done, step, one)
    answers(done, step, two)
    services.take_back(consultation=step.consultation, receipt=one, now=NOW)
    dropped.refresh_from_db()
    done.refresh_from_db()
    assert "Érables" not in dropped.title + dropped.text
    assert done.title == "Érables ensemble", "somebody else agreed to these words"
    services.take_back(consultation=step.consultation, receipt=two, now=NOW)
    done.refresh_from_db()
    assert "Érables" not in done.title + done.text
    asked = merge_of(step, *(shown(step, title)[0] for title in "CD"), by=people.agent, title="Peupliers")
    assert asked.title == "Peupliers"


def test_a_refusal_that_is_asked_is_answered_before_any_merge(people, step):
    ideas = [shown(step, title) for title in "ABC"]
    merge = merge_of(step, *(idea for idea, _receipt in ideas), by=people.agent)
    services.ask_refusal(row=ideas[0][0], reason="person", by=people.second)
    for _idea, receipt in ideas:
        answers(merge, step, receipt)
    assert (merge.state, set(states(step).values())) == ("asked", {"shown"})
    services.put_back(row=ideas[0][0], by=people.second, now=NOW)
    assert states(step) == {1: "merged", 2: "merged", 3: "merged", 4: "shown"}


def test_a_refusal_still_asked_after_the_last_day_is_not_wiped_by_the_merge(people, step):
    ideas = [shown(step, title) for title in "ABC"]
    merge = merge_of(step, *(idea for idea, _receipt in ideas), by=people.agent)
    services.ask_refusal(row=ideas[0][0], reason="person", by=people.second)
    for _idea, receipt in ideas:
        answers(merge, step, receipt)
    merging.look(LATE)
    assert states(step) == {1: "shown", 2: "merged", 3: "merged", 4: "shown"}
    services.confirm_refusal(row=ideas[0][0], by=people.agent, now=LATE)
    assert states(step)[1] == "refused"


# One that is said together with others is refused


def merged(people, step, *titles):
    """Ideas said as one, the receipts of their authors, and what says them."""
    ideas = [shown(step, title) for title in titles]
    merge = merge_of(step, *(idea for idea, _receipt in ideas), by=people.agent)
    for _idea, receipt in ideas:
        answers(merge, step, receipt)
    return [idea for idea, _receipt in ideas], merge.result


def refuse(people, row, step, reason="person"):
    row.refresh_from_db()
    row.step = step
    services.ask_refusal(row=row, reason=reason, by=people.agent)
    row.refresh_from_db()
    row.step = step
    services.confirm_refusal(row=row, by=people.second, now=NOW)
    row.refresh_from_db()


def test_one_of_several_is_refused_by_two_and_what_others_agreed_to_stays(client, people, step):
    (a, b, c), top = merged(people, step, "A", "B", "C")
    page = client.get(at(step, "idea", a.number))
    assert page.status_code == 200
    a.refresh_from_db()
    a.step = step
    services.ask_refusal(row=a, reason="person", by=people.agent)
    with pytest.raises(ValidationError):
        services.confirm_refusal(row=a, by=people.agent, now=NOW)
    assert client.get(at(step, "idea", a.number)).status_code == 200, "until a second person agrees"
    services.confirm_refusal(row=a, by=people.second, now=NOW)
    assert states(step) == {a.number: "refused", b.number: "merged", c.number: "merged", top.number: "shown"}
    assert client.get(at(step, "idea", a.number)).status_code == 404
    said = client.get(at(step, "idea", top.number)).context["inside"]
    assert {row.number for row in said} == {b.number, c.number}


def test_what_said_nothing_else_any_more_is_refused_with_it(people, step):
    (a, b), top = merged(people, step, "A", "B")
    refuse(people, a, step)
    assert states(step)[top.number] == "shown"
    refuse(people, b, step, reason="hate")
    top.refresh_from_db()
    assert (top.state, top.reason) == ("refused", "hate")
    assert (top.refuse_asked_by, top.refused_by) == (people.agent, people.second)
    assert AuditEntry.objects.filter(action="participation.idea_refused").count() == 3


def test_refused_in_the_middle_those_behind_are_said_by_what_they_also_agreed_to(people, step):
    ideas = [shown(step, title) for title in "ABC"]
    first = merge_of(step, ideas[0][0], ideas[1][0], by=people.agent)
    for _idea, receipt in ideas[:2]:
        answers(first, step, receipt)
    middle = first.result
    middle.step = step
    second = merge_of(step, middle, ideas[2][0], by=people.agent, title="Tout ensemble")
    for _idea, receipt in ideas:
        answers(second, step, receipt)
    refuse(people, middle, step)
    top = second.result
    rows = [idea for idea, _receipt in ideas]
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.merged_into) == ("merged", top)
    assert (middle.state, middle.merged_into) == ("refused", None)


def test_the_page_says_beforehand_what_becomes_of_what_says_it(client, people, step):
    (a, b), _top = merged(people, step, "A", "B")
    client.force_login(people.agent)
    a.refresh_from_db()
    b.refresh_from_db()
    asks = at(step, "idea_refuse")
    assert "dont les mots restent" in client.get(asks, {"un": a.key}).content.decode()
    refuse(people, a, step)
    assert "ne dit plus rien d’autre" in client.get(asks, {"un": b.key}).content.decode()


def test_merging_does_not_stand_for_the_two_readings(people, step):
    Consultation.objects.filter(pk=step.consultation_id).update(moderation="after")
    step.consultation.refresh_from_db()
    ideas = [bring(step, title) for title in "AB"]
    merge = merge_of(step, *(idea for idea, _receipt in ideas), by=people.agent)
    for _idea, receipt in ideas:
        answers(merge, step, receipt)
    row = ideas[0][0]
    row.refresh_from_db()
    row.step = step
    assert (row.state, row.checked) == ("merged", False)
    for by in (people.agent, people.second):
        services.accept(row=row, by=by, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.checked) == ("merged", True)


on_postgres = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="Two connections: SQLite's test database is in memory, and its lock whole."
)


def at_once(*works):
    start = threading.Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            start.wait(60)
            work()
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"


@on_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("last", ["agrees", "takes-back"])
def test_two_authors_at_once_settle_it_once_and_never_without_one_of_them(people, step, last):
    (a, one), (b, two) = shown(step, "A"), shown(step, "B")
    merge = merge_of(step, a, b, by=people.agent)
    say = {"consultation": step.consultation, "merge": merge.uuid, "agreed": True, "now": NOW}
    at_once(
        lambda: merging.answer(receipt=one, **say),
        lambda: merging.answer(receipt=two, **say) if last == "agrees"
        else services.take_back(consultation=step.consultation, receipt=two, now=NOW),
    )  # fmt: skip
    merge.refresh_from_db()
    if last == "agrees":
        assert (merge.state, states(step)) == ("done", {1: "merged", 2: "merged", 3: "shown"})
    else:
        assert (merge.state, states(step)) == ("dropped", {1: "shown", 2: "taken-back"})


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_taken_back_while_it_is_merged_its_words_are_gone_and_the_common_idea_has_an_author(people, step):
    (a, one), (b, two), (c, three) = shown(step, "A"), shown(step, "B"), shown(step, "C")
    merge = merge_of(step, a, b, c, by=people.agent)
    say = {"consultation": step.consultation, "merge": merge.uuid, "agreed": True, "now": NOW}
    merging.answer(receipt=one, **say)
    merging.answer(receipt=two, **say)
    at_once(
        lambda: merging.answer(receipt=three, **say),
        lambda: services.take_back(consultation=step.consultation, receipt=one, now=NOW),
    )
    assert states(step) == {1: "taken-back", 2: "merged", 3: "merged", 4: "shown"}
    assert Idea.objects.get(number=1).title == ""
