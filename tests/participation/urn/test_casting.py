"""One person, one ballot; a ballot that got its receipt is there; sent twice, it counts once."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import uuid4

import pytest

from maillage.participation.models import Ballot, Elector, Envelope, Receipt, Step, Turnout, UrnKey
from maillage.participation.urn import errors, marks, services
from maillage.participation.vocabulary import Access, Channel
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

pytestmark = pytest.mark.django_db


def cast(step, content="[6]", *, nonce=None, now=NOW, **kwargs):
    return services.cast(
        consultation=step.consultation, contents={step: content}, nonce=nonce or secrets.token_urlsafe(16), now=now,
        **kwargs,
    )  # fmt: skip


def close(step):
    step.state = Step.State.CLOSED
    step.save(update_fields=["state"])


def test_a_ballot_sent_twice_counts_once_and_has_the_same_receipt():
    step = StepFactory()
    first = cast(step, nonce="n" * 22)
    second = cast(step, nonce="n" * 22)
    assert second.receipt == first.receipt
    assert second.again
    assert services.ballots_so_far(step) == 1


def test_another_answer_from_the_same_page_is_another_ballot():
    step = StepFactory()
    assert cast(step, "[6]", nonce="n" * 22).receipt != cast(step, "[5]", nonce="n" * 22).receipt
    assert services.ballots_so_far(step) == 2


def test_at_the_second_of_the_closing_it_is_too_late_and_just_before_it_is_not():
    step = StepFactory()
    end = step.consultation.closes_at
    cast(step, now=end - dt.timedelta(microseconds=1))
    with pytest.raises(errors.NotOpen):
        cast(step, now=end)
    assert services.ballots_so_far(step) == 1


def test_kiosks_have_the_minutes_left_to_them():
    step = StepFactory(consultation=ConsultationFactory(kiosk_grace=30))
    end = step.consultation.closes_at
    cast(step, now=end + dt.timedelta(minutes=29), channel=Channel.KIOSK)
    with pytest.raises(errors.NotOpen):
        cast(step, now=end + dt.timedelta(minutes=30), channel=Channel.KIOSK)


def test_a_code_opens_one_ballot():
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    code = marks.new_code()
    elector = Elector.objects.create(
        consultation=step.consultation, mark=marks.code_mark(step.consultation, code), label="Essai"
    )
    found = services.find_elector(step.consultation, f" {marks.shown_code(code).upper()} ")
    assert found == elector
    cast(step, elector=found)
    with pytest.raises(errors.CodeUsed):
        cast(step, elector=found)
    with pytest.raises(errors.CodeUnknown):
        cast(step)
    assert services.ballots_so_far(step) == 1
    assert Turnout.objects.count() == 1


def test_the_same_ballot_sent_again_with_its_code_is_told_that_it_counts():
    step = StepFactory(consultation=ConsultationFactory(access=Access.CODES))
    elector = Elector.objects.create(consultation=step.consultation, mark="m")
    first = cast(step, elector=elector, nonce="n" * 22)
    assert cast(step, elector=elector, nonce="n" * 22) == services.Taken(first.receipt, again=True)


def test_words_already_given_are_not_given_again(monkeypatch):
    step = StepFactory()
    real = marks.receipt_text
    monkeypatch.setattr(
        marks,
        "receipt_text",
        lambda tag, turn, strong: "SAULE 47 RIVE 12" if turn == 0 else real(tag, turn, strong=strong),
    )
    assert cast(step).receipt == "SAULE 47 RIVE 12"
    other = cast(step, nonce="o" * 22)
    assert other.receipt != "SAULE 47 RIVE 12"
    assert cast(step, nonce="o" * 22).receipt == other.receipt
    assert services.ballots_so_far(step) == 2


def test_a_changed_ballot_keeps_its_receipt():
    step = StepFactory(consultation=ConsultationFactory(changeable=True))
    taken = cast(step, "[6]")
    services.change(
        consultation=step.consultation, receipt=taken.receipt.lower().replace(" ", "-"), contents={step: "[1]"}, now=NOW
    )
    assert services.read_back(consultation=step.consultation, receipt=taken.receipt, step=step).content == "[1]"
    close(step)
    services.open_urn(step, now=NOW)
    assert list(Ballot.objects.values_list("content", flat=True)) == ["[1]"]


def test_opening_gives_every_ballot_and_destroys_what_could_tie_it_to_a_person():
    step = StepFactory(consultation=ConsultationFactory(changeable=True))
    receipts = [cast(step, f"[{number}]").receipt for number in range(1, 7)]
    with pytest.raises(ValueError, match="open step"):
        services.open_urn(step, now=NOW)
    close(step)
    assert services.open_urn(step, now=NOW) == 6
    assert services.open_urn(step, now=NOW) == 6
    assert sorted(Ballot.objects.values_list("content", flat=True)) == [f"[{n}]" for n in range(1, 7)]
    assert not Envelope.objects.exists()
    assert bytes(UrnKey.objects.get(step=step).salt) == b""
    assert set(Receipt.objects.values_list("tag", flat=True)) == {""}
    assert all(services.counted_in(step.consultation, receipt) == [step] for receipt in receipts)
    assert services.counted_in(step.consultation, "SAULE 00 RIVE 00 LUNE 00") == []


def test_what_is_written_in_a_ballot_comes_out_as_it_is():
    """Signs that databases read as their own, in a text answer; a batch of paper among them."""
    step = StepFactory()
    odd = ['"\\ \t\n"', "\\N", "\\.", "line\nline\rback\\slash\ttab", '"é « 🧶 » \u2028\u0085"', "[1]"]
    place = '{"place":"L’Île \\"nord\\" \\\\"}'
    for number, content in enumerate(odd):
        cast(step, content, about=place if number % 2 else "")
    batch = str(uuid4())
    services.add_paper(step=step, contents=["[2]", "[3]"], batch=batch, now=NOW)
    close(step)
    assert services.open_urn(step, now=NOW) == len(odd) + 2
    found = Ballot.objects.filter(step=step)
    assert sorted(found.values_list("content", flat=True)) == sorted([*odd, "[2]", "[3]"])
    assert sorted({one.about for one in found}) == ["", place]
    assert {(one.channel, str(one.batch)) for one in found} == {("online", "None"), ("paper", batch)}
