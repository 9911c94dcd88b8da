"""Paper: keyed twice by two, agreed by two, counted once, voided whole by two."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.core.models import AuditEntry, Job
from maillage.participation.consultations import lifecycle
from maillage.participation.models import (
    Ballot,
    Batch,
    Consultation,
    Envelope,
    Helper,
    KeyedRound,
    KeyedSheet,
    Option,
    Result,
    SheetRuling,
    Step,
)
from maillage.participation.paper import keeping, reading, services, telling
from maillage.participation.results import counting
from maillage.participation.urn import services as urn
from tests.factories import RoleFactory, user_with
from tests.participation.factories import NOW, ConsultationFactory
from tests.participation.paper.makers import batch_of, key, keyed_twice
from tests.participation.results.makers import cast, close, step_of

pytestmark = pytest.mark.django_db
SIX = ["650", "651", "0", "561", "116", "606"]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class Pile:
    """An open consultation, a batch of ten sheets, three people of the team."""

    def __init__(self, **values):
        self.step = step_of()
        self.alliance = self.step.consultation.alliance
        self.one, self.two, self.three = (user_with(self.alliance) for _person in range(3))
        self.batch = batch_of(self.step, **values)

    def accept(self, by=None, **values):
        return services.accept_batch(batch=self.batch, by=by or self.one, now=NOW, **values)

    def twice(self, lines, others=None):
        return keyed_twice(self.batch, self.one, self.two, lines, others)


@pytest.fixture
def pile():
    return Pile(printed=8, handed_out=6, returned=6)


def refusal(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return " ".join(caught.value.messages)


def opened_and_counted(step):
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    recount(step)


def recount(step):
    urn.open_urn(step, now=NOW, voided=lambda: counting.voided_batches(step))
    return counting.count(step, now=NOW)


# Keying


def test_a_batch_keyed_by_the_same_person_twice_is_refused_by_the_service_and_by_the_database(pile):
    key(pile.batch, pile.one, *SIX)
    services.finish_round(batch=pile.batch, by=pile.one, now=NOW)
    assert "nobody reads twice" in refusal(lambda: key(pile.batch, pile.one, "650"))
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyedRound.objects.create(batch=pile.batch, round=2, by=pile.one)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyedSheet.objects.create(batch=pile.batch, round=2, line=1, by=pile.one)
    key(pile.batch, pile.two, "650")
    assert "no third" in refusal(lambda: key(pile.batch, pile.three, "650"))


def test_an_unreadable_line_gets_a_sentence_and_nothing_before_it_nor_after_it_is_lost(pile):
    done = key(pile.batch, pile.one, "650", "651", "67", "000")
    assert [sheet.content for sheet in done.sheets] == ["[6,5,0]", "[6,5,1]"]
    assert done.error.startswith("Sheet 3: 2 answers are keyed in")
    assert done.left == "67\n000"
    assert KeyedSheet.objects.count() == 2


def test_the_same_line_sent_again_counts_once_and_another_one_does_not_take_its_place(pile):
    key(pile.batch, pile.one, "650")
    assert not key(pile.batch, pile.one, "650").error
    assert "already keyed in" in key(pile.batch, pile.one, "111").error
    assert KeyedSheet.objects.get().content == "[6,5,0]"


def test_more_sheets_than_came_back_than_were_handed_out_than_were_printed(pile):
    assert "only 6 sheets came back" in key(pile.batch, pile.one, *SIX, "650").error
    count = lambda **values: services.count_batch(batch=pile.batch, by=pile.one, now=NOW, **values)  # noqa: E731
    assert "Only 8 sheets were printed" in refusal(lambda: count(handed_out=9, returned=9))
    assert "More sheets came back" in refusal(lambda: count(handed_out=6, returned=7))
    assert "already keyed in" in refusal(lambda: count(handed_out=6, returned=5))
    for values in ({"handed_out": 9}, {"returned": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Batch.objects.filter(pk=pile.batch.pk).update(**values)


@pytest.mark.parametrize(
    ("line", "content", "doubtful", "spoilt", "note"),
    [
        ("6 5 -", "[6,5,0]", False, False, ""),
        ("a b 0", "[6,5,0]", False, False, ""),
        ("0", "[0,0,0]", False, False, ""),
        ("6 5 0 ? deux cases", "[6,5,0]", True, False, "deux cases"),
        ("? illisible", "", True, False, "illisible"),
        ("x déchirée", "", False, True, "déchirée"),
    ],
)
def test_what_a_line_says(pile, line, content, doubtful, spoilt, note):
    read = reading.read_line(pile.step, line)
    assert (read.content, read.doubtful, read.spoilt, read.note) == (content, doubtful, spoilt, note)


@pytest.mark.parametrize("line", ["", "   ", "9 9 9", "6 5", "6" * 700])
def test_a_line_that_says_nothing_is_refused(pile, line):
    assert refusal(lambda: reading.read_line(pile.step, line))


def test_correcting_inserting_and_taking_out_ones_own_sheets(pile):
    key(pile.batch, pile.one, "650", "111", "006")
    services.correct_sheet(batch=pile.batch, line=2, text="222", by=pile.one)
    services.insert_sheet(batch=pile.batch, line=2, text="333", by=pile.one)
    services.remove_sheet(batch=pile.batch, line=1, by=pile.one)
    mine = list(KeyedSheet.objects.filter(by=pile.one).order_by("line").values_list("line", "typed"))
    assert mine == [(1, "333"), (2, "222"), (3, "006")]
    assert "not keyed sheet 1" in refusal(
        lambda: services.correct_sheet(batch=pile.batch, line=1, text="222", by=pile.two)
    )


def test_two_readings_that_have_not_as_many_sheets_are_not_compared(pile):
    key(pile.batch, pile.one, *SIX)
    services.finish_round(batch=pile.batch, by=pile.one, now=NOW)
    key(pile.batch, pile.two, *SIX[:5])
    done = services.finish_round(batch=pile.batch, by=pile.two, now=NOW)
    assert (done.compared, done.mine, done.other) == (False, 5, 6)
    services.reopen_round(batch=pile.batch, by=pile.two)
    services.key_sheets(batch=pile.batch, first=6, lines=SIX[5:], by=pile.two)
    assert services.finish_round(batch=pile.batch, by=pile.two, now=NOW).compared


def test_a_reading_is_thrown_away_by_whoever_made_it_or_by_the_team_only(pile):
    helper = helper_of(pile.step.consultation)
    key(pile.batch, pile.one, "650")
    with pytest.raises(PermissionDenied):
        services.drop_round(batch=pile.batch, number=1, by=helper)
    services.drop_round(batch=pile.batch, number=1, by=pile.two)
    pile.batch.refresh_from_db()
    assert (pile.batch.state, KeyedSheet.objects.count()) == ("out", 0)


def helper_of(consultation):
    person = RoleFactory(person__alliance=consultation.alliance, kind=Role.Kind.MEMBER).person
    Helper.objects.create(consultation=consultation, person=person, help="paper")
    return person.user


# Agreeing


def test_sheets_read_alike_are_counted_once_however_often_it_is_asked(pile):
    cast(pile.step, [1, 1, 1])
    pile.twice(SIX)
    pile.accept()
    pile.accept(by=pile.two)
    assert Envelope.objects.filter(step=pile.step).count() == 7
    opened_and_counted(pile.step)
    assert sorted(Ballot.objects.filter(channel="paper").values_list("content", flat=True)) == sorted(
        ["[6,5,0]", "[6,5,1]", "[0,0,0]", "[5,6,1]", "[1,1,6]", "[6,0,6]"]
    )
    assert Result.objects.get().ballots == 7


def test_what_differs_or_is_doubtful_takes_two_people(pile):
    pile.twice(["650", "651", "0", "561", "116", "x"], ["650", "151", "0", "561 ? tache", "116", "606"])
    assert "agree on these sheets: 2, 4, 6." in refusal(pile.accept)
    rule = lambda line, choice, by, **more: services.propose_ruling(  # noqa: E731
        batch=pile.batch, line=line, choice=choice, by=by, **more
    )
    confirm = lambda line, typed, by: services.confirm_ruling(  # noqa: E731
        batch=pile.batch, line=line, typed=typed, by=by, now=NOW
    )
    assert "agree on sheet 1" in refusal(lambda: rule(1, "1", pile.one))
    rule(2, "other", pile.one, text="141", why="la case 4")
    assert "second person" in refusal(lambda: confirm(2, "141", pile.one))
    assert "meanwhile" in refusal(lambda: confirm(2, "651", pile.two))
    confirm(2, "141", pile.two)
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetRuling.objects.update(confirmed_by=pile.one)
    rule(4, "1", pile.two)
    confirm(4, "561", pile.three)
    rule(6, "x", pile.two)
    assert "agree on these sheets: 6." in refusal(pile.accept)
    confirm(6, "x", pile.one)
    accepted = pile.accept()
    assert (accepted.counted, accepted.spoilt) == (5, 1)
    opened_and_counted(pile.step)
    assert "[1,4,1]" in Ballot.objects.values_list("content", flat=True)
    assert ActInName.objects.filter(kind="paper-ruled").count() == 3


def test_counts_that_differ_are_said_and_need_a_reason(pile):
    pile.twice(SIX[:5])
    assert "6 sheets came back and 5 were keyed in" in refusal(pile.accept)
    accepted = pile.accept(difference_why="Une feuille d’une autre consultation.")
    told = telling.differences(accepted)
    assert told[0].startswith("2 printed sheets were not handed out")
    assert told[1].startswith("1 sheet that came back is not keyed in")
    assert "autre consultation" in told[-1]


def test_an_option_withdrawn_between_two_readings_makes_no_disagreement_and_is_not_counted(pile):
    key(pile.batch, pile.one, *SIX)
    services.finish_round(batch=pile.batch, by=pile.one, now=NOW)
    Option.objects.filter(step=pile.step, number=1).update(withdrawn_at=NOW, withdrawn_why="Déjà fait.")
    key(pile.batch, pile.two, *SIX)
    services.finish_round(batch=pile.batch, by=pile.two, now=NOW)
    pile.accept()
    opened_and_counted(pile.step)
    assert all(content.startswith("[0,") for content in Ballot.objects.values_list("content", flat=True))


# When


def test_paper_after_the_closing_is_counted_until_the_publication_and_what_was_asked_falls(pile):
    cast(pile.step, [1, 1, 1])
    opened_and_counted(pile.step)
    consultation = pile.step.consultation
    assert "Batches: 1" in refusal(lambda: lifecycle.ask_publication(consultation=consultation, by=pile.one, now=NOW))
    pile.twice(SIX)
    Consultation.objects.filter(pk=consultation.pk).update(publish_asked_by=pile.one)
    pile.accept()
    consultation.refresh_from_db()
    assert consultation.publish_asked_by is None
    assert Job.objects.filter(kind="participation.count").count() == 1, "the closing's own, which still waits"
    assert Result.objects.get().state == Result.State.WAITING
    assert recount(pile.step).ballots == 7


def test_never_before_the_opening_nor_after_the_publication(pile):
    pile.twice(SIX)
    Step.objects.filter(pk=pile.step.pk).update(state=Step.State.WAITING)
    assert "not open yet" in refusal(pile.accept)
    Step.objects.filter(pk=pile.step.pk).update(state=Step.State.CLOSED)
    for state in ("draft", "published", "cancelled"):
        Consultation.objects.filter(pk=pile.step.consultation_id).update(
            state=state, cancelled_why="Faute de temps." if state == "cancelled" else ""
        )
        assert "until its results are published" in refusal(pile.accept)
        assert refusal(lambda: services.print_batch(step=pile.step, printed=5, place="", by=pile.one, now=NOW))
    assert not Envelope.objects.exists()


# Voiding


def test_a_batch_is_voided_by_two_before_it_is_opened(pile):
    cast(pile.step, [1, 1, 1])
    pile.twice(SIX)
    pile.accept()
    assert refusal(lambda: services.ask_void(batch=pile.batch, why=" ", by=pile.one, now=NOW))
    assert "asks first" in refusal(lambda: services.confirm_void(batch=pile.batch, by=pile.two, now=NOW))
    services.ask_void(batch=pile.batch, why="La boîte a été ouverte.", by=pile.one, now=NOW)
    assert "second person" in refusal(lambda: services.confirm_void(batch=pile.batch, by=pile.one, now=NOW))
    services.confirm_void(batch=pile.batch, by=pile.two, now=NOW)
    opened_and_counted(pile.step)
    assert Result.objects.get().ballots == 1
    line = ActInName.objects.get(kind="paper-voided")
    assert line.source == "La boîte a été ouverte."


def test_voiding_after_the_publication_counts_anew_and_the_results_say_so(pile, client):
    for _ballot in range(7):
        cast(pile.step, [1, 1, 1])
    pile.twice(SIX)
    pile.accept()
    close(pile.step)
    assert Result.objects.get().ballots == 13
    services.ask_void(batch=pile.batch, why="La boîte a été ouverte.", by=pile.one, now=NOW)
    services.confirm_void(batch=pile.batch, by=pile.two, now=NOW)
    assert not Ballot.objects.filter(channel="paper").exists()
    assert recount(pile.step).ballots == 7
    consultation = pile.step.consultation
    page = client.get(f"/{pile.alliance.slug}/consultations/{consultation.uuid}/resultats/").content.decode()
    assert "La boîte a été ouverte." in page
    assert AuditEntry.objects.filter(action="participation.batch_voided").count() == 1


def test_a_few_sheets_no_longer_leave_results_that_are_published(pile):
    """Anyone who kept the former file would read them by the difference."""
    few = batch_of(pile.step, number=2, printed=3, handed_out=3, returned=3)
    for _ballot in range(7):
        cast(pile.step, [1, 1, 1])
    keyed_twice(few, pile.one, pile.two, SIX[:3])
    services.accept_batch(batch=few, by=pile.one, now=NOW)
    services.ask_void(batch=few, why="Feuilles copiées.", by=pile.one, now=NOW)
    close(pile.step)
    assert "by the difference" in refusal(lambda: services.confirm_void(batch=few, by=pile.two, now=NOW))
    assert "by the difference" in refusal(lambda: services.ask_void(batch=few, why="Encore.", by=pile.one, now=NOW))
    assert Result.objects.get().ballots == 10


def test_sheets_are_erased_once_results_are_published(pile):
    pile.twice(SIX, ["650", "111", *SIX[2:]])
    services.propose_ruling(batch=pile.batch, line=2, choice="1", by=pile.one)
    assert keeping.forget(NOW.date()) == 0
    Consultation.objects.update(state="published")
    assert keeping.forget(NOW.date()) > 0
    assert not KeyedSheet.objects.exists()
    assert not SheetRuling.objects.exists()


# Who


@pytest.mark.parametrize("who", ["member", "stranger", "observer", "evaluator", "ended"])
@pytest.mark.parametrize("state", ["draft", "open", "closed", "published"])
def test_intruders_in_every_state(pile, who, state):
    Consultation.objects.update(state=state)
    if who == "stranger":
        user = user_with(ConsultationFactory().alliance)
    elif who == "ended":
        user = user_with(pile.alliance, until=NOW.date().replace(year=2025))
    else:
        user = user_with(pile.alliance, who)
    now = {"now": NOW}
    for call in (
        lambda: services.print_batch(step=pile.step, printed=5, place="", by=user, **now),
        lambda: services.count_batch(batch=pile.batch, handed_out=6, returned=6, by=user, **now),
        lambda: key(pile.batch, user, "650"),
        lambda: services.correct_sheet(batch=pile.batch, line=1, text="650", by=user),
        lambda: services.insert_sheet(batch=pile.batch, line=1, text="650", by=user),
        lambda: services.remove_sheet(batch=pile.batch, line=1, by=user),
        lambda: services.finish_round(batch=pile.batch, by=user, **now),
        lambda: services.reopen_round(batch=pile.batch, by=user),
        lambda: services.drop_round(batch=pile.batch, number=1, by=user),
        lambda: services.propose_ruling(batch=pile.batch, line=1, choice="1", by=user),
        lambda: services.confirm_ruling(batch=pile.batch, line=1, typed="650", by=user, **now),
        lambda: services.accept_batch(batch=pile.batch, by=user, **now),
        lambda: services.ask_void(batch=pile.batch, why="x", by=user, **now),
        lambda: services.drop_void(batch=pile.batch, by=user),
        lambda: services.confirm_void(batch=pile.batch, by=user, **now),
    ):
        with pytest.raises(PermissionDenied):
            call()


@pytest.mark.parametrize(
    ("state", "may"), [("draft", 0), ("open", 1), ("closed", 1), ("published", 0), ("cancelled", 0)]
)
def test_a_helper_trusted_with_paper_keys_in_while_it_may_be_counted(pile, state, may):
    helper = helper_of(pile.step.consultation)
    Consultation.objects.update(state=state, cancelled_why="Faute de temps." if state == "cancelled" else "")
    if may:
        assert not key(pile.batch, helper, "650").error
    else:
        assert refusal(lambda: key(pile.batch, helper, "650"))
