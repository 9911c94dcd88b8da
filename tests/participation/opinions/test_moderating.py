"""Anyone adds a sentence; two people show it, or refuse it with a reason that is counted in public."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from maillage.alliances.acts.models import ActInName
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import lifecycle
from maillage.participation.models import Consultation, Helper, Statement, Step
from maillage.participation.opinions import preparing, services, similar, views
from maillage.participation.reading import ranges
from maillage.participation.voting.limits import Turnstile
from tests.factories import PersonFactory, RoleFactory, SeatFactory, SpaceFactory, UserFactory
from tests.participation.factories import NOW
from tests.participation.makers import close
from tests.participation.opinions.makers import camps, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr(views, "sentences", Turnstile(30))


def person(alliance, kind="agent"):
    return RoleFactory(person=PersonFactory(alliance=alliance, user=UserFactory()), kind=kind).person


def moderator(step):
    """Someone trusted with moderating."""
    found = person(step.consultation.alliance, "member")
    Helper.objects.create(consultation=step.consultation, person=found, help="moderate")
    return found.user


def add(step, text="Il faut un banc à chaque arrêt.", **values):
    return services.propose(step=step, text=text, language="fr", now=values.pop("now", NOW))


def url(step, name, *more):
    return reverse(f"participation_in:{name}", args=[step.consultation.alliance.slug, step.consultation.uuid, *more])


# Adding


def test_a_sentence_is_added_without_account_nor_cookie_and_nothing_says_by_whom(client, now):
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    entries = AuditEntry.objects.count()
    answer = client.post(url(step, "opinion_add", 0), {"text": "  Il faut\n un banc. "})
    assert answer.status_code == 302
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    made = Statement.objects.get(added_by_participant=True)
    assert (made.text, made.state, made.language) == ("Il faut un banc.", "pending", "fr")
    assert AuditEntry.objects.count() == entries
    assert {field.name for field in Statement._meta.get_fields()} & {"created_at", "by", "user", "author"} == set()
    assert "Il faut un banc." not in client.get(url(step, "opinions", 0)).content.decode()


def test_moderated_afterwards_it_is_shown_at_once_and_still_waits_to_be_read():
    step = step_of(moderation="after")
    made = add(step)
    assert made.state == "shown"
    assert list(services.waiting(step)) == [made]


def test_sent_twice_it_is_there_once():
    step = step_of()
    assert add(step).pk == add(step, "il faut un BANC à chaque arrêt").pk
    assert step.statements.filter(added_by_participant=True).count() == 1


def test_what_was_refused_does_not_come_back_by_being_sent_again():
    step = step_of()
    made = add(step)
    services.ask_refusal(statement=made, reason="person", by=moderator(step))
    services.confirm_refusal(statement=made, by=moderator(step), now=NOW)
    assert add(step).state == "refused"
    assert step.statements.filter(state="pending").count() == 0


@pytest.mark.parametrize("text", ["", "   ", "!!! 123", "a" * 281])
def test_what_says_nothing_or_too_much_is_refused_with_its_text_kept(client, now, text):
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    answer = client.post(url(step, "opinion_add", 0), {"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()
    assert not step.statements.filter(added_by_participant=True).exists()


def test_signs_that_turn_the_direction_of_a_text_are_taken_out():
    assert services.tidy("Un \u202etexte\u0000 \u2067piégé") == "Un texte piégé"
    assert services.tidy("السكن حق") == "السكن حق"


def test_closed_nothing_is_added():
    step = step_of()
    with pytest.raises(ValidationError):
        add(step, now=step.consultation.closes_at)
    Step.objects.filter(pk=step.pk).update(state="closed")
    with pytest.raises(ValidationError):
        add(step)


def test_a_robot_fills_neither_the_queue_nor_the_network(client, now, monkeypatch):
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    monkeypatch.setattr(services, "WAITING_MOST", 3)
    for n in range(3):
        add(step, f"Phrase du robot {'x' * (n + 1)}")
    with pytest.raises(ValidationError):
        add(step, "Une de trop")
    monkeypatch.setattr(views, "sentences", Turnstile(2))
    told = [client.post(url(step, "opinion_add", 0), {"text": f"Essai {'a' * n}"}).status_code for n in (1, 2, 3)]
    assert told[-1] == 429


def test_a_form_sent_from_another_site_adds_nothing(client, now):
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    answer = client.post(url(step, "opinion_add", 0), {"text": "Ailleurs"}, headers={"origin": "https://autre.test"})
    assert answer.status_code == 403
    assert "Ailleurs" in answer.content.decode()
    assert not step.statements.filter(added_by_participant=True).exists()


# Reading them


def test_showing_takes_two_and_it_is_told():
    step = step_of()
    made, first, second = add(step), moderator(step), moderator(step)
    services.accept(statement=made, by=first, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.checked, made.proposed) == ("pending", False, "accept")
    assert not ActInName.objects.exists()
    with pytest.raises(ValidationError, match="une autre personne"):
        services.accept(statement=made, by=first, now=NOW)
    services.accept(statement=made, by=second, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.checked, made.accepted_by) == ("shown", True, second)
    with pytest.raises(ValidationError, match="Deux personnes"):
        services.accept(statement=made, by=person(step.consultation.alliance).user, now=NOW)
    assert AuditEntry.objects.filter(action="participation.statement_acceptance_asked").count() == 1
    assert AuditEntry.objects.filter(action="participation.statement_accepted").count() == 1
    act = ActInName.objects.get(kind="statement-accepted")
    assert act.label == f"{step.consultation.title}, énoncé 9"
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=made.pk).update(accepted_by=first)


def test_moderated_afterwards_it_is_seen_at_once_and_two_readings_mark_it_as_read():
    step = step_of(moderation="after")
    made = add(step)
    services.accept(statement=made, by=moderator(step), now=NOW)
    assert list(services.waiting(step)) == [made]
    services.accept(statement=made, by=moderator(step), now=NOW)
    assert not services.waiting(step).exists()
    made.refresh_from_db()
    assert made.state == "shown"


def test_who_wants_the_contrary_of_what_was_proposed_takes_two_as_well():
    step = step_of()
    made, first, second = add(step), moderator(step), moderator(step)
    services.accept(statement=made, by=first, now=NOW)
    services.ask_refusal(statement=made, reason="unclear", by=second)
    made.refresh_from_db()
    assert (made.proposed, made.accept_asked_by, made.state) == ("refuse", None, "pending")
    with pytest.raises(ValidationError):
        services.confirm_refusal(statement=made, by=second, now=NOW)
    services.put_back(statement=made, by=first)
    made.refresh_from_db()
    assert made.proposed == ""
    services.accept(statement=made, by=second, now=NOW)
    services.put_back(statement=made, by=first)
    made.refresh_from_db()
    assert (made.proposed, made.state) == ("", "pending"), "one of the two says no: it is read anew"
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=made.pk).update(accept_asked_by=first, refuse_asked_by=second)


def test_refusing_takes_two_with_a_reason_and_is_told_without_the_text():
    step = step_of()
    made, first, second = add(step), moderator(step), person(step.consultation.alliance).user
    with pytest.raises(ValidationError):
        services.ask_refusal(statement=made, reason="", by=first)
    with pytest.raises(ValidationError):
        services.confirm_refusal(statement=made, by=second, now=NOW)
    services.ask_refusal(statement=made, reason="person", note="Nomme un voisin", by=first)
    made.refresh_from_db()
    assert made.state == "pending"
    services.confirm_refusal(statement=made, by=second, now=NOW)
    made.refresh_from_db()
    assert made.state == "refused"
    act = ActInName.objects.get(kind="statement-refused")
    assert made.text not in act.label
    assert str(made.number) in act.label
    assert AuditEntry.objects.get(action="participation.statement_refused").after["reason"] == "person"


def test_the_same_person_never_refuses_alone():
    step = step_of()
    made, by = add(step), person(step.consultation.alliance).user
    services.ask_refusal(statement=made, reason="hate", by=by)
    with pytest.raises(ValidationError):
        services.confirm_refusal(statement=made, by=by, now=NOW)
    with pytest.raises(ValidationError):
        services.ask_refusal(statement=made, reason="hate", by=moderator(step))
    with pytest.raises(ValidationError):
        services.accept(statement=made, by=by, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=made.pk).update(refused_by=by)


def test_a_refusal_that_the_second_person_does_not_share_is_dropped():
    step = step_of()
    made = add(step)
    services.ask_refusal(statement=made, reason="unclear", by=moderator(step))
    services.put_back(statement=made, by=moderator(step))
    made.refresh_from_db()
    assert (made.state, made.reason, made.refuse_asked_by) == ("pending", "", None)
    services.accept(statement=made, by=moderator(step), now=NOW)


def test_refused_after_the_closing_the_step_is_counted_anew_and_published_it_no_longer_moves():
    step = step_of()
    camps(step)
    close(step, published=False)
    first, second = moderator(step), moderator(step)
    one = step.statements.get(number=8)
    services.ask_refusal(statement=one, reason="person", by=first)
    Job.objects.all().delete()
    Consultation.objects.filter(pk=step.consultation_id).update(publish_asked_by=first)
    services.confirm_refusal(statement=one, by=second, now=NOW)
    assert Job.objects.filter(kind="participation.count").count() == 1
    step.consultation.refresh_from_db()
    assert step.consultation.publish_asked_by is None, "whoever asked had looked at other results"
    assert lifecycle.not_counted(step.consultation) == [step], "nothing is published before it is counted anew"
    Consultation.objects.filter(pk=step.consultation_id).update(state="published")
    with pytest.raises(ValidationError):
        services.ask_refusal(statement=step.statements.get(number=7), reason="person", by=first)


@pytest.mark.parametrize("who", ["nobody", "member", "observer", "evaluator", "stranger", "helper-of-another"])
def test_intruders_change_nothing(client, who):
    step = step_of()
    made = add(step)
    user = {
        "nobody": lambda: None,
        "member": lambda: person(step.consultation.alliance, "member").user,
        "observer": lambda: person(step.consultation.alliance, "observer").user,
        "evaluator": lambda: person(step.consultation.alliance, "evaluator").user,
        "stranger": lambda: person(step_of().consultation.alliance).user,
        "helper-of-another": lambda: moderator(step_of()),
    }[who]()
    for act in (
        lambda: services.accept(statement=made, by=user, now=NOW),
        lambda: services.ask_refusal(statement=made, reason="hate", by=user),
        lambda: services.put_back(statement=made, by=user),
        lambda: services.confirm_refusal(statement=made, by=user, now=NOW),
        lambda: services.add_statements(step=step, texts=["Autre"], by=user, now=NOW),
        lambda: services.change_statement(statement=made, text="Autre", by=user),
        lambda: services.remove_statement(statement=made, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("statements", "statements_read", "statements_refuse"):
        sent = {"un": made.key, "act": "yes", "reason": "hate"}
        assert client.post(url(step, name), sent).status_code in {302, 403, 404}
    made.refresh_from_db()
    assert made.state == "pending"


def test_a_statement_of_another_consultation_is_not_reached(client):
    step, other = step_of(), step_of()
    agent = person(step.consultation.alliance).user
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    made = add(other)
    client.post(url(step, "statements_read"), {"un": made.key})
    assert client.post(url(step, "statements_refuse"), {"un": made.key, "reason": "hate"}).status_code == 404
    made.refresh_from_db()
    assert made.proposed == ""


# The moderator's page


@pytest.fixture
def signed(client):
    step = step_of(3)
    agent = person(step.consultation.alliance).user
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return step, agent


def test_statements_that_look_alike_are_proposed(client, signed):
    step, _agent = signed
    first = add(step, "Il faut un banc à chaque arrêt.")
    made = add(step, "À chaque arrêt, il faut un BANC de bois")
    add(step, "Les taxes sont trop hautes")
    assert [near.statement.pk for near in similar.alike(made, list(step.statements.all()))] == [first.pk]
    page = client.get(url(step, "statements"), {"voir": "lire"}).content.decode()
    assert page.count("Ressemble à l’énoncé") == 2  # each of the two is beside the other


def test_refusing_on_the_page_then_confirming_by_another(client, signed):
    step, _agent = signed
    made = add(step)
    read, refuse, queue = url(step, "statements_read"), url(step, "statements_refuse"), url(step, "statements")
    asked = client.post(read, {"un": made.key, "act": "refuse", "voir": "lire"})
    assert "Il faut un banc" in client.get(asked.url).content.decode()
    answer = client.post(refuse, {"un": made.key, "reason": "", "note": "Mon mot"})
    assert answer.status_code == 422
    assert "Mon mot" in answer.content.decode()
    assert client.post(refuse, {"un": made.key, "reason": "hate"}).status_code == 302
    made.refresh_from_db()
    page = client.get(queue, {"voir": "confirmer"}).content.decode()
    assert made.key in page, "whoever asked may put it back"
    assert 'name="un"' not in page, "and is not offered to confirm"
    client.post(read, {"un": made.key, "act": "yes"})
    made.refresh_from_db()
    assert made.state == "pending"
    client.force_login(moderator(step), backend="django.contrib.auth.backends.ModelBackend")
    assert f'name="un" value="{made.key}"' in client.get(queue).content.decode()
    client.post(read, {"un": made.key, "act": "yes"})
    made.refresh_from_db()
    assert made.state == "refused"


def test_the_queue_takes_as_many_queries_for_one_as_for_fifty(client, signed):
    from django.test.utils import CaptureQueriesContext

    step, _agent = signed
    counts = []
    for texts in (["Une phrase"], [f"Phrase numéro {'x' * n} et encore" for n in range(49)]):
        for text in texts:
            add(step, text)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert "cocher=1" in client.get(url(step, "statements"), {"voir": "lire"}).content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_alliance_writes_its_own_one_a_line(client, signed):
    step, _agent = signed
    data = {"step": step.uuid, "texts": "Première phrase.\n\nDeuxième phrase.\nPREMIÈRE PHRASE"}
    assert client.post(url(step, "statements"), data).status_code == 302
    assert list(step.statements.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    refused = client.post(url(step, "statements"), {"step": step.uuid, "texts": "a" * 300})
    assert refused.status_code == 422
    assert "a" * 300 in refused.content.decode()
    line = ActInName.objects.get(kind="statement-added")
    assert "énoncés" in line.label, "added while people answer, everyone is told"


def test_in_preparation_a_statement_is_corrected_or_taken_away_and_not_afterwards(client, signed):
    step, agent = signed
    one = step.statements.get(number=1)
    with pytest.raises(ValidationError):
        services.change_statement(statement=one, text="Autrement dit", by=agent)
    with pytest.raises(ValidationError):
        services.remove_statement(statement=one, by=agent)
    Consultation.objects.filter(pk=step.consultation_id).update(state="draft")
    assert client.post(url(step, "statement_edit", one.uuid), {"text": "Autrement dit"}).status_code == 302
    one.refresh_from_db()
    assert one.text == "Autrement dit"
    assert client.post(url(step, "statement_edit", one.uuid), {"text": "", "act": "remove"}).status_code == 302
    assert not Statement.objects.filter(pk=one.pk).exists()


def test_it_does_not_open_without_statements_rules_and_the_right_to_come_back():
    step = step_of(2, changeable=False, policy="")
    assert len(preparing.missing(step)) == 3
    assert preparing.missing(step_of(3)) == []


def test_refusals_are_told_in_public_by_reason_and_the_texts_are_not(client, now):
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    made = add(step, "Mon voisin est un voleur")
    services.ask_refusal(statement=made, reason="person", by=moderator(step))
    services.confirm_refusal(statement=made, by=moderator(step), now=NOW)
    page = client.get(url(step, "opinions", 0)).content.decode()
    assert "Mon voisin" not in page
    assert str(Statement.Reason.PERSON.label)[1:] in page


@pytest.mark.parametrize(("state", "words"), [("published", "résultats sont publiés"), ("cancelled", "est annulée")])
def test_once_it_is_over_no_refusal_is_offered_and_asking_for_one_says_why(client, now, state, words):
    step = step_of()
    added, asked = add(step), add(step, "Il faut un abri.")
    services.ask_refusal(statement=asked, reason="person", by=moderator(step))
    client.force_login(person(step.consultation.alliance).user)
    listed = url(step, "statements")
    assert "Refuser…" in client.get(listed, {"voir": "lire"}).content.decode()
    Consultation.objects.filter(pk=step.consultation_id).update(state=state, cancelled_why="Une erreur.")
    step.consultation.refresh_from_db()
    page = "".join(client.get(listed, {"voir": part}).content.decode() for part in ("lire", "confirmer", "tout"))
    for offered in ("Refuser…", 'name="un"', 'name="back"'):
        assert offered not in page
    refuse = url(step, "statements_refuse")
    assert words in client.get(refuse, {"un": added.key}, follow=True).content.decode()
    assert words in client.post(refuse, {"un": added.key, "reason": "person"}).content.decode()
    for act in ("un", "back"):
        assert words in client.post(url(step, "statements_read"), {act: asked.key}, follow=True).content.decode()
    with pytest.raises(ValidationError, match=words):
        services.ask_refusal(statement=added, reason="person", by=moderator(step))
    added.refresh_from_db()
    assert added.refuse_asked_by is None


# A page at once


def test_the_first_person_reads_a_page_at_once_and_the_second_confirms_it_with_exceptions(client, signed):
    step, _agent = signed
    rows = [add(step, f"Phrase {'x' * (n + 1)}") for n in range(5)]
    queue, read = url(step, "statements"), url(step, "statements_read")
    page = client.get(queue, {"voir": "lire"}).content.decode()
    assert page.count('name="un"') == 5
    assert " checked" not in page, "nothing is ticked for the reader"
    assert client.get(queue, {"voir": "lire", "cocher": "1"}).content.decode().count(" checked") == 5
    said = client.post(read, {"un": [one.key for one in rows], "act": "yes", "voir": "lire"}, follow=True)
    assert "5 ajouts sont lus une première fois" in said.content.decode()
    # The same person again: nothing more is done, and the page says why.
    said = client.post(read, {"un": [one.key for one in rows], "act": "yes"}, follow=True).content.decode()
    assert "Vous l’avez lu" in said
    assert not step.statements.filter(added_by_participant=True, state="shown").exists()
    assert 'name="un"' not in client.get(queue, {"voir": "confirmer"}).content.decode()
    client.force_login(moderator(step), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(queue).content.decode()
    assert page.count('name="un"') == 5
    assert all(one.text in page for one in rows)
    said = client.post(read, {"un": [one.key for one in rows[:3]], "act": "yes", "voir": "confirmer"}, follow=True)
    assert "3 ajouts sont montrés" in said.content.decode()
    shown = step.statements.filter(added_by_participant=True, state="shown")
    assert set(shown) == set(rows[:3])
    act = ActInName.objects.get(kind="statement-accepted")
    assert act.label == f"{step.consultation.title}, énoncés 4 à 6", "one line for the page"
    assert AuditEntry.objects.filter(action="participation.statement_accepted").count() == 3


def test_nobody_confirms_what_changed_since_the_page_was_shown_or_was_not_on_it(client, signed):
    step, _agent = signed
    one, other = add(step), add(step, "Une autre phrase.")
    for row in (one, other):
        services.accept(statement=row, by=moderator(step), now=NOW)
    shown = one.key
    Statement.objects.filter(pk=one.pk).update(text="Tout autre chose.")
    said = client.post(url(step, "statements_read"), {"un": shown, "act": "yes"}, follow=True).content.decode()
    assert "a changé depuis" in said
    # A refusal asked meanwhile is not confirmed by whoever ticked to show it, nor with another reason.
    kept = other.key
    services.ask_refusal(statement=other, reason="subject", by=moderator(step))
    assert (
        "a changé depuis"
        in client.post(url(step, "statements_read"), {"un": kept, "act": "yes"}, follow=True).content.decode()
    )
    other.refresh_from_db()
    asked = other.key
    services.put_back(statement=other, by=moderator(step))
    services.ask_refusal(statement=other, reason="hate", by=moderator(step))
    client.post(url(step, "statements_read"), {"un": asked, "act": "yes"})
    assert not step.statements.filter(state="refused").exists()
    assert not step.statements.filter(added_by_participant=True, state="shown").exists()
    assert (
        "a changé depuis"
        in client.post(url(step, "statements_refuse"), {"un": asked, "reason": "noise"}).content.decode()
    )


def test_several_are_refused_with_one_reason_then_confirmed_at_once(client, signed):
    step, _agent = signed
    rows = [add(step, f"Achetez {'x' * (n + 1)}") for n in range(3)]
    asked = client.post(url(step, "statements_read"), {"un": [one.key for one in rows], "act": "refuse"})
    assert client.get(asked.url).content.decode().count('name="un"') == 3
    sent = {"un": [one.key for one in rows], "reason": "noise"}
    assert client.post(url(step, "statements_refuse"), sent).status_code == 302
    client.force_login(moderator(step), backend="django.contrib.auth.backends.ModelBackend")
    fresh = [one.key for one in step.statements.filter(added_by_participant=True)]
    client.post(url(step, "statements_read"), {"un": fresh, "act": "yes"})
    assert step.statements.filter(state="refused", reason="noise").count() == 3
    assert ActInName.objects.filter(kind="statement-refused").count() == 1


def test_whoever_sits_where_it_is_decided_is_the_second_and_begins_nothing(client):
    space = SpaceFactory()
    step = step_of(alliance=space.alliance, space=space)
    made, first = add(step), moderator(step)
    sits = person(space.alliance, "member")
    SeatFactory(space=space).holders.create(person=sits)
    with pytest.raises(ValidationError, match="qui modèrent"):
        services.accept(statement=made, by=sits.user, now=NOW)
    with pytest.raises(PermissionDenied):
        services.ask_refusal(statement=made, reason="hate", by=sits.user)
    services.accept(statement=made, by=first, now=NOW)
    client.force_login(sits.user, backend="django.contrib.auth.backends.ModelBackend")
    assert made.key in client.get(url(step, "statements")).content.decode()
    client.post(url(step, "statements_read"), {"un": made.key, "act": "yes"})
    made.refresh_from_db()
    assert made.state == "shown"


def test_where_nobody_else_could_be_the_second_the_page_says_how_to_name_one(client, signed):
    step, _agent = signed
    add(step)
    helpers = url(step, "helpers")
    page = client.get(url(step, "statements")).content.decode()
    assert "Il vous faut une autre personne" in page
    assert helpers in page
    gone = moderator(step)
    gone.is_active = False
    gone.save()
    assert "Il vous faut une autre personne" in client.get(url(step, "statements")).content.decode()
    moderator(step)
    page = client.get(url(step, "statements")).content.decode()
    assert "Il vous faut une autre personne" not in page
    assert "Deux personnes décident" in page


def test_numbers_of_the_log_are_said_in_few_words():
    with translation.override("fr"):
        assert ranges([4, 5, 6, 9, 11, 12]) == ["4 à 6, 9, 11, 12"]
        lines = ranges(range(1, 4000, 2))
    assert all(len(line) <= 120 for line in lines)
    assert ", ".join(lines).count(",") == 1999


on_postgres = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="Two connections: SQLite's test database is in memory, and its lock whole."
)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_on_the_same_page_do_nothing_twice():
    step = step_of(3)
    rows = [add(step, f"Phrase {'x' * (n + 1)}") for n in range(6)]
    sent = {one.uuid: one.sign for one in rows}
    first, second, third = (moderator(step) for _ in range(3))
    told = services.read_all(consultation=step.consultation, rows=sent, by=first, now=NOW)
    assert told.asked == 6
    together, outcomes = threading.Barrier(2), []

    def confirm(by):
        try:
            together.wait(10)
            outcomes.append(services.read_all(consultation=step.consultation, rows=sent, by=by, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(by,)) for by in (second, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(one.shown for one in outcomes) == [0, 6]
    assert [one.left for one in outcomes if not one.shown] == [["Deux personnes l’ont déjà lu."]]
    assert AuditEntry.objects.filter(action="participation.statement_accepted").count() == 6
    assert ActInName.objects.filter(kind="statement-accepted").count() == 1
