"""Read by two people apart, settled, counted, quoted with consent."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.alliances.models import ActInName
from maillage.participation.models import BookCode, CodingRound, Consultation, Result, Settled
from maillage.participation.testimonies import counting, indexing, services, showing
from tests.factories import RoleFactory
from tests.participation.factories import NOW
from tests.participation.makers import taken
from tests.participation.testimonies.makers import book_of, close, publish, step_of, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def step(people):
    return step_of(alliance=people.alliance)


def at(row):
    consultation = row.step.consultation
    return reverse("participation_in:testimony", args=[consultation.alliance.slug, consultation.uuid, row.pk])


def test_neither_sees_what_the_other_put_before_both_are_done(client, people, step):
    codes, (row, _) = book_of(step), tell(step)
    services.code(testimony=row, codes=[codes[0]], by=people.agent)
    client.force_login(people.second)
    page = client.get(at(row)).content.decode()
    assert " checked" not in page
    listed = client.get(reverse("participation_in:testimonies", args=[people.alliance.slug, step.consultation.uuid]))
    assert "à lire" in listed.content.decode()
    client.post(at(row), {"act": "code", "code": [str(codes[1].uuid)]})
    page = client.get(at(row)).content.decode()
    assert page.count("une des deux seulement") == 2


NONE_OR_ONE = "Aucun témoignage n’a été lu à part par deux personnes"


@pytest.mark.parametrize(
    ("readings", "words", "others"),
    [
        # One reader only; then two, who never read the same.
        ([("a", None), ("b", None), ("a", None)], NONE_OR_ONE, "alpha"),
        ([("a", None), (None, "b"), (None, "a")], NONE_OR_ONE, "alpha"),
        # The same codes each time: nothing was to be settled, and a range from 1 to 1 would promise too much.
        ([("a", "a"), ("b", "b"), ("ab", "ab")], "les mêmes codes sur chacun : alpha de Krippendorff 1,", "95"),
        ([("ab", "ab"), ("ab", "ab")], "lu à part 2 témoignages et ont mis les mêmes codes sur tous", "alpha"),
        ([("a", "b"), ("b", "a"), ("a", "b")], "pas mieux que par hasard", "élevé"),
        ([("a", "a")] * 9 + [("b", "b")] * 9 + [("a", "ab")], "était élevé : alpha de Krippendorff 0,9", "faible"),
        # What one of the two alone read is not counted among them.
        ([("a", "b"), ("b", "b"), ("a", None)], "ont lu à part 2 témoignages", "élevé"),
    ],
)  # fmt: skip
def test_how_far_two_readers_agree_is_told_in_words_that_are_right(people, step, readings, words, others):
    codes = dict(zip("ab", book_of(step), strict=True))
    for both in readings:
        row, _ = tell(step)
        for by, said in zip((people.agent, people.second), both, strict=True):
            if said is not None:
                services.code(testimony=row, codes=[codes[one] for one in said], by=by)
    found = showing.agreement(counting.agreement(step, list(codes.values()))).replace("\xa0", " ")
    assert words in found
    assert others not in found


def test_two_the_same_settle_it_and_two_that_differ_need_both(people, step):
    codes, (row, _) = book_of(step), tell(step)
    services.code(testimony=row, codes=codes, by=people.agent)
    services.code(testimony=row, codes=codes, by=people.second)
    assert Settled.objects.get(testimony=row).agreed
    other, _ = tell(step)
    services.code(testimony=other, codes=codes[:1], by=people.agent)
    with pytest.raises(ValidationError, match="à part"):
        services.propose_reading(testimony=other, codes=codes, by=people.agent)
    services.code(testimony=other, codes=codes[1:], by=people.second)
    assert not Settled.objects.filter(testimony=other).exists()
    services.propose_reading(testimony=other, codes=codes, by=people.agent)
    with pytest.raises(ValidationError, match="autre personne"):
        services.agree_reading(testimony=other, by=people.agent)
    services.agree_reading(testimony=other, by=people.second)
    assert set(Settled.objects.get(testimony=other).codes.all()) == set(codes)
    with pytest.raises(ValidationError):
        services.propose_reading(testimony=other, codes=[], by=people.second)


def test_a_third_reader_and_a_change_after_both_are_refused(people, step):
    codes, (row, _) = book_of(step), tell(step)
    third = RoleFactory(person__alliance=people.alliance, kind="agent").person.user
    services.code(testimony=row, codes=codes, by=people.agent)
    services.code(testimony=row, codes=codes[:1], by=people.agent)  # one's own, before the other: it may change
    assert CodingRound.objects.count() == 1
    services.code(testimony=row, codes=codes, by=people.second)
    for by in (third, people.agent):
        with pytest.raises(ValidationError, match="Deux personnes l’ont lu"):
            services.code(testimony=row, codes=[], by=by)
    with pytest.raises(PermissionDenied):
        services.propose_reading(testimony=row, codes=[], by=third)
    with pytest.raises(PermissionDenied):
        services.code(testimony=row, codes=[], by=people.member)


def test_the_book_no_longer_changes_once_someone_has_read(people, step):
    made = services.add_code(step=step, kind=BookCode.Kind.PROBLEM, label=" Se  loger ", by=people.agent)
    assert made.label == "Se loger"
    with pytest.raises(ValidationError, match="déjà"):
        services.add_code(step=step, kind=BookCode.Kind.PROBLEM, label="Se loger", by=people.agent)
    row, _ = tell(step)
    services.code(testimony=row, codes=[made], by=people.agent)
    with pytest.raises(ValidationError, match="ne change plus"):
        services.add_code(step=step, kind=BookCode.Kind.PROBLEM, label="Manger", by=people.agent)
    with pytest.raises(ValidationError, match="ne change plus"):
        services.remove_code(code=made, by=people.agent)


def settled(people, step, codes, how_many, said):
    for n in range(how_many):
        row, _ = tell(step, f"Témoignage fictif {n}.")
        put = [code for code, count in zip(codes, said, strict=True) if n < count]
        services.code(testimony=row, codes=put, by=people.agent)
        services.code(testimony=row, codes=put, by=people.second)


def test_counted_once_settled_small_counts_withheld_agreement_with_its_range(client, people, step):
    codes = book_of(step, ("Logement", "Faim", "Transport"))
    settled(people, step, codes, 14, (8, 3, 12))
    late, _ = tell(step)
    close(step)
    assert Result.objects.get(step=step).data == {"n": 15}
    with pytest.raises(ValidationError, match="à accorder"):
        services.count_codes(step=step, by=people.agent, now=NOW)
    services.code(testimony=late, codes=[codes[0]], by=people.agent)
    services.code(testimony=late, codes=[codes[1]], by=people.second)
    services.propose_reading(testimony=late, codes=[], by=people.agent)
    services.agree_reading(testimony=late, by=people.second)
    Consultation.objects.update(publish_asked_by=people.agent)
    services.count_codes(step=step, by=people.agent, now=NOW)
    assert Consultation.objects.get().publish_asked_by is None, "whoever asked had looked at other results"
    data = Result.objects.get(step=step).data
    # Three of fifteen is too few, and twelve would leave three.
    assert data["codes"] == {str(codes[0].uuid): 8, str(codes[1].uuid): None, str(codes[2].uuid): None}
    assert (data["agreement"]["n"], data["agreement"]["codes"]) == (15, 3)
    assert data["agreement"]["low"] <= data["agreement"]["alpha"] <= data["agreement"]["high"]
    publish(step)
    with pytest.raises(ValidationError, match="publiés"):
        services.count_codes(step=step, by=people.agent, now=NOW)
    page = client.get(reverse("participation_in:results", args=[people.alliance.slug, step.consultation.uuid]))
    text = page.content.decode().replace("\xa0", " ")
    assert "15 personnes ont témoigné." in text
    assert "8 sur 15, 53 %" in text
    assert text.count("non publié") == 2
    assert "alpha de Krippendorff" in text
    assert "Témoignage fictif" not in text
    assert set(taken(client, step)) == {"image.svg", "tableau.xlsx", "resultats.pdf"}


def test_under_the_threshold_neither_how_many_nor_what(client, people, step):
    settled(people, step, book_of(step), 4, (4, 0))
    close(step)
    assert counting.count(step, ()) == {"few": True}
    publish(step)
    page = client.get(reverse("participation_in:results", args=[people.alliance.slug, step.consultation.uuid]))
    assert "Peu de gens ont témoigné" in page.content.decode()


def test_quoted_only_with_consent_word_for_word_by_two_and_the_log_says_so(client, people, step):
    silent, _ = tell(step, "Ne me citez pas.")
    with pytest.raises(ValidationError, match="accepté d’être citée"):
        services.choose_quote(testimony=silent, text="Ne me citez pas", by=people.agent)
    row, _ = tell(step, "On choisit : le loyer\nou l’épicerie.", may_quote=True, signed_as="une mère de trois enfants")
    with pytest.raises(ValidationError, match="mot pour mot"):
        services.choose_quote(testimony=row, text="le loyer et l’épicerie", by=people.agent)
    quote = services.choose_quote(testimony=row, text="le loyer ou l’épicerie", by=people.agent)
    close(step)
    publish(step)
    url = reverse("participation_in:results", args=[people.alliance.slug, step.consultation.uuid])
    assert "l’épicerie" not in client.get(url).content.decode()
    assert list(indexing.rows()) == []
    with pytest.raises(ValidationError, match="une autre personne"):
        services.agree_quote(quote=quote, by=people.agent, now=NOW)
    with pytest.raises(PermissionDenied):
        services.agree_quote(quote=quote, by=people.member, now=NOW)
    services.agree_quote(quote=quote, by=people.second, now=NOW)
    page = client.get(url).content.decode()
    assert "le loyer ou l’épicerie" in page
    assert "une mère de trois enfants" in page
    assert ActInName.objects.filter(kind="quote-agreed").count() == 1
    assert [entry.body for entry in indexing.rows()] == ["le loyer ou l’épicerie"]
    services.drop_quote(quote=quote, by=people.second)
    assert "l’épicerie" not in client.get(url).content.decode()


def test_a_name_is_kept_only_with_the_consent_to_be_quoted(step):
    row, _ = tell(step, signed_as="Une voisine")
    assert row.signed_as == ""


def test_a_person_s_words_do_not_change_and_a_voice_is_written_down(people, step):
    from tests.participation.testimonies.makers import WEBM

    row, _ = tell(step)
    with pytest.raises(ValidationError, match="ne changent pas"):
        services.write_down(testimony=row, text="autre", by=people.agent)
    voice, _ = tell(step, "", voice=WEBM)
    services.write_down(testimony=voice, text="Je dis ceci.", by=people.agent)
    voice.refresh_from_db()
    assert voice.text == "Je dis ceci."
