"""A sheet of paper against a code or a name: one person, one ballot, whichever way they answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from maillage.alliances.models import Person, Role
from maillage.alliances.notices.models import Notice
from maillage.core.models import AuditEntry
from maillage.participation.consultations import electors, lifecycle, personal
from maillage.participation.consultations.models import Helper
from maillage.participation.models import Batch, Consultation, Elector, Envelope, Receipt, Step, Turnout
from maillage.participation.paper import exchanging, keeping, services, telling
from maillage.participation.paper.taking_away import tables
from maillage.participation.results import counting
from maillage.participation.results.limits import limits
from maillage.participation.urn import errors, marks
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Access, Channel, Help
from maillage.participation.voting import ballots
from tests.factories import PersonFactory, RoleFactory, user_with
from tests.participation.factories import NOW, ConsultationFactory
from tests.participation.paper.makers import batch_of, keyed_twice
from tests.participation.results.makers import step_of

pytestmark = pytest.mark.django_db
N = "a-nonce-of-the-page-1"
SIX = ["650", "651", "0", "561", "116", "606"]


class Desk:
    """A consultation by codes or by list, open, with a batch, and three people of the team."""

    def __init__(self, access=Access.CODES, **values):
        self.step = step_of(consultation=ConsultationFactory(access=access, **values))
        self.consultation = self.step.consultation
        self.alliance = self.consultation.alliance
        self.agent, self.second, self.third = (user_with(self.alliance) for _person in range(3))
        self.batch = batch_of(self.step, state="printed", handed_out=None, returned=None)
        self.drawn = 0

    def code(self):
        code = marks.new_code()
        self.drawn += 1
        Elector.objects.create(
            consultation=self.consultation, mark=marks.code_mark(self.consultation, code), number=self.drawn
        )
        return code

    def listed(self, name="Odile Ferland", **values):
        person = PersonFactory(alliance=self.alliance, name=name, **values)
        return electors._listed(self.consultation, person)

    def exchange(self, code, nonce=N, **more):
        values = {"batch": self.batch, "by": self.agent, "now": NOW, **more}
        return exchanging.exchange_code(code=code, nonce=nonce, **values)

    def give(self, elector, nonce=N, **more):
        values = {"batch": self.batch, "by": self.agent, "now": NOW, **more}
        return exchanging.exchange_person(elector=elector, nonce=nonce, **values)

    def send(self, code, channel=Channel.ONLINE, nonce="another-nonce-of-16", content="[6,5,0]"):
        parts = ballots.parts_of(self.consultation)
        read = {part.step: part.kind.read(part.step, part.kind.typed(part.step, content)) for part in parts}
        return ballots.cast(
            consultation=self.consultation, reading=ballots.Reading(parts, read, ""), channel=channel, code=code,
            nonce=nonce, now=NOW,
        )  # fmt: skip

    def fresh(self):
        self.batch.refresh_from_db()
        return self.batch

    def counted(self, *lines, exchanged):
        """The batch came back whole and was keyed in twice; ``exchanged`` codes had been taken."""
        Batch.objects.filter(pk=self.batch.pk).update(
            printed=max(len(lines), exchanged),
            exchanged=exchanged,
            handed_out=len(lines),
            returned=len(lines),
            state="out",
        )
        self.fresh()
        keyed_twice(self.batch, self.agent, self.second, lines)
        return self.fresh()


def told(desk):
    return [line.replace("\xa0", " ") for line in telling.differences(desk.fresh())]


def limits_of(desk):
    return [line.replace("\xa0", " ") for line in limits(desk.consultation, [])]


@pytest.fixture
def desk():
    return Desk()


# One code, one ballot


def test_a_code_given_for_paper_is_used_on_line_at_a_kiosk_and_by_telephone(desk):
    code = desk.code()
    given = desk.exchange(f" {marks.shown_code(code).upper()} ")
    assert not given.again
    assert (desk.fresh().exchanged, desk.batch.state) == (1, "out")
    for place, channel in enumerate((Channel.ONLINE, Channel.KIOSK, Channel.HELPED)):
        outcome = desk.send(code, channel, nonce=f"a-nonce-of-16-signs-{place}")
        assert outcome.state == "code_used", channel
    assert not Envelope.objects.exists()
    assert not Receipt.objects.exists()
    assert Turnout.objects.count() == 1


@pytest.mark.parametrize("channel", [Channel.ONLINE, Channel.KIOSK, Channel.HELPED])
def test_a_code_that_answered_gets_no_paper_in_plain_words(desk, channel):
    code = desk.code()
    assert desk.send(code, channel).state == "counted"
    with pytest.raises(ValidationError, match=r"Ce code a déjà servi.*: aucun bulletin papier n’est donné"):
        desk.exchange(code)
    assert (desk.fresh().exchanged, desk.batch.state) == (0, "printed"), "nothing is written"
    assert Turnout.objects.count() == 1


def test_a_second_sheet_is_not_given_for_the_same_code_not_even_of_another_batch(desk):
    code = desk.code()
    desk.exchange(code)
    other = batch_of(desk.step, number=2, state="printed", handed_out=None, returned=None)
    for batch in (desk.batch, other):
        with pytest.raises(ValidationError, match="déjà servi"):
            desk.exchange(code, nonce="another-page-altogether", batch=batch)
    assert Turnout.objects.count() == 1


def test_the_same_exchange_sent_twice_gives_one_sheet_and_says_so(desk):
    code, other = desk.code(), desk.code()
    assert not desk.exchange(code).again
    assert desk.exchange(code).again
    # Even the last sheet of the pile, of which the answer was lost.
    Batch.objects.update(printed=1)
    assert desk.exchange(code).again
    assert desk.fresh().exchanged == 1
    # The same page with another code is another exchange: here there is no sheet left.
    with pytest.raises(ValidationError, match="Toutes les feuilles"):
        desk.exchange(other)


def test_what_knows_an_exchange_again_says_nothing_and_goes_when_the_pile_is_keyed(desk):
    codes = [desk.code() for _turn in range(10)]
    for code in codes:
        desk.exchange(code, nonce=f"a-nonce-for-{code}")
    kept = desk.fresh().just_given.split()
    assert len(kept) == exchanging.KEPT
    rows = list(Elector.objects.values_list("pk", "mark"))
    assert not any(str(value) in tag for tag in kept for row in rows for value in row if len(str(value)) > 4)
    desk.counted(*SIX, exchanged=10)
    assert desk.batch.just_given == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"typed": "k7m2-9qxh-zz"}, "n’est pas connu"),
        ({"typed": "  "}, "Écrivez le code"),
        ({"voided": True}, "n’est pas connu"),
        ({"step": "closed"}, "n’est pas ouverte"),
        ({"late": True}, "n’est pas ouverte"),
        ({"batch": "compared"}, "n’est plus remise"),
        ({"batch": "accepted"}, "n’est plus remise"),
        ({"batch": "voided"}, "n’est plus remise"),
        ({"access": Access.OPEN}, "il n’y a pas de code"),
    ],
)
def test_no_sheet_is_given_where_it_would_be_of_no_use(desk, change, said):
    code = desk.code()
    if "voided" in change:
        Elector.objects.update(voided_at=NOW)
    if "step" in change:
        Step.objects.update(state=change["step"])
    if "batch" in change:
        Batch.objects.update(state=change["batch"], void_why="x")
    if "access" in change:
        Consultation.objects.update(access=change["access"])
    now = NOW + dt.timedelta(days=30) if "late" in change else NOW
    with pytest.raises(ValidationError, match=said):
        desk.exchange(change.get("typed", code), now=now)
    assert not Turnout.objects.exists()


def test_a_code_of_another_consultation_is_not_known(desk):
    with pytest.raises(ValidationError, match="n’est pas connu"):
        desk.exchange(Desk().code())


def test_a_code_scanned_with_the_address_it_comes_at_the_end_of(desk):
    desk.exchange(f"https://exemple.test/deux-rivieres/consultations/x/participer/#{desk.code()}")
    assert desk.fresh().exchanged == 1


def test_two_steps_take_the_code_each_in_its_turn(desk):
    other = step_of(consultation=desk.consultation, position=9)
    code = desk.code()
    desk.exchange(code)
    outcome = desk.send(code)
    assert outcome.state == "partly", "the other step is still answered on line"
    assert list(Envelope.objects.values_list("step", flat=True)) == [other.pk]


def test_a_receipt_changes_a_ballot_and_an_exchange_gives_none():
    desk = Desk(changeable=True)
    code, other = desk.code(), desk.code()
    receipt = desk.send(code).receipt
    desk.exchange(other)
    with pytest.raises(ValidationError, match="déjà servi"):
        desk.exchange(code, nonce="another-page-altogether")
    urn.change(consultation=desk.consultation, receipt=receipt, contents={desk.step: "[1,1,1]"}, now=NOW)
    assert Receipt.objects.count() == 1
    assert Envelope.objects.count() == 1


def test_a_used_code_is_not_made_void_nor_replaced(desk):
    code = desk.code()
    desk.exchange(code)
    void = electors.ask_void(
        consultation=desk.consultation, elector=Elector.objects.get(), why="Perdu", replace=True, by=desk.agent, now=NOW
    )
    with pytest.raises(ValidationError, match="en ligne ou pour un bulletin papier"):
        electors.confirm_void(void=void, by=desk.second, now=NOW, site="https://exemple.test")


def test_a_batch_that_is_voided_leaves_the_codes_used(desk):
    code = desk.code()
    desk.exchange(code)
    services.ask_void(batch=desk.fresh(), why="Boîte ouverte", by=desk.agent, now=NOW)
    services.confirm_void(batch=desk.batch, by=desk.second, now=NOW)
    assert desk.send(code).state == "code_used"


# A list


def test_someone_of_a_list_is_marked_and_no_longer_answers_on_line_nor_is_reminded():
    desk = Desk(Access.LIST)
    row = desk.listed()
    desk.give(row)
    assert desk.send(electors.list_code(desk.consultation, row)).state == "code_used"
    sent = electors.write_to_list(desk.consultation, reminder=True, day=NOW.date(), site="https://exemple.test")
    assert sent == 0
    assert not Notice.objects.exists()


def test_someone_of_a_list_may_bring_their_code_too():
    desk = Desk(Access.LIST)
    row = desk.listed()
    desk.exchange(electors.list_code(desk.consultation, row))
    with pytest.raises(ValidationError, match="a déjà répondu, ou a un bulletin papier"):
        desk.give(row, nonce="another-page-altogether")


def test_a_name_gives_no_ballot_where_codes_have_no_names(desk):
    desk.code()
    with pytest.raises(ValidationError, match="contre un code"):
        desk.give(Elector.objects.get())


def test_people_are_found_by_any_part_of_their_name_in_one_query_and_never_told_to_have_answered():
    desk = Desk(Access.LIST)
    rows = [desk.listed(f"Élodie Gagné-{number}") for number in range(30)]
    desk.listed("Marc Roy")
    desk.give(rows[3])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = exchanging.people_named(desk.consultation, "gagne elo")
        assert {row.person.name for row in found} <= {row.person.name for row in rows}
    assert len(asked) == 1
    assert len(found) == exchanging.FOUND
    assert "turnout" not in asked[0]["sql"]
    assert [row.person.name for row in exchanging.people_named(desk.consultation, "roy")] == ["Marc Roy"]
    for nothing in ("", "e", "%", "  "):
        assert exchanging.people_named(desk.consultation, nothing) == []


def test_what_is_exported_of_someone_says_no_more_once_they_took_paper():
    desk = Desk(Access.LIST)
    row = desk.listed()
    before = personal.export(row.person)
    desk.give(row)
    assert personal.export(Person.objects.get(pk=row.person_id)) == before
    assert personal.erase(row.person) == 1
    row.refresh_from_db()
    assert row.person_id is None
    assert Turnout.objects.count() == 1, "the right to one ballot stays used"


# Secrecy


def test_an_exchange_writes_a_turnout_and_a_count_and_nothing_else(desk):
    code = desk.code()
    logged = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        desk.exchange(code)
    written = [
        query["sql"].split()[:3] for query in asked
        if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ]  # fmt: skip
    tables_written = {"".join(words).split("(")[0].replace('"', "").replace("INTO", " ") for words in written}
    assert len(written) == 2, tables_written
    assert AuditEntry.objects.count() == logged, "a line of the log has an instant"
    elector = Elector.objects.get()
    assert (elector.voided_at, elector.sent_on) == (None, None)


def test_nothing_tells_the_turnout_of_an_exchange_from_that_of_a_ballot(desk):
    exchanged, sent = desk.code(), desk.code()
    desk.exchange(exchanged)
    desk.send(sent)
    fields = {field.name for field in Turnout._meta.concrete_fields}
    assert fields == {"id", "step", "elector"}, "a row says nothing of the way"
    shapes = {(len(str(row.pk)), row.step_id) for row in Turnout.objects.all()}
    assert len(shapes) == 1
    lifecycle.close_consultation(consultation=desk.consultation, by=None, now=NOW)
    before = set(Turnout.objects.values_list("pk", flat=True))
    assert urn.open_urn(Step.objects.get(), now=NOW) == 1
    assert set(Turnout.objects.values_list("pk", flat=True)) == before, "written anew, all together"
    assert Turnout.objects.count() == 2


def test_no_sheet_is_given_once_turnouts_were_written_anew(desk):
    """A row written after the closing would tell that its elector took paper."""
    code = desk.code()
    lifecycle.close_consultation(consultation=desk.consultation, by=None, now=NOW)
    with pytest.raises(ValidationError, match="n’est pas ouverte"):
        desk.exchange(code, now=NOW)
    with pytest.raises(errors.NotOpen), transaction.atomic():
        urn.give_paper(step=desk.step, elector=Elector.objects.get(), now=NOW)


# Who may


@pytest.mark.parametrize("role", list(Role.Kind.values))
def test_only_those_trusted_with_paper_give_sheets(desk, role):
    user = RoleFactory(person__alliance=desk.alliance, kind=role).person.user
    code = desk.code()
    if role in {Role.Kind.AGENT, Role.Kind.REGIONAL}:  # of a regional alliance: of another one, it reads only
        assert desk.exchange(code, by=user)
        return
    with pytest.raises(PermissionDenied):
        desk.exchange(code, by=user)
    with pytest.raises(PermissionDenied):
        exchanging.propose_untied(batch=desk.batch, why="x", by=user)
    with pytest.raises(PermissionDenied):
        exchanging.confirm_untied(batch=desk.batch, why="x", by=user, now=NOW)
    Helper.objects.create(
        consultation=desk.consultation, person=Person.objects.get(user=user), help=Help.PAPER, since=None, until=None
    )
    if role == Role.Kind.OBSERVER:
        return
    assert desk.exchange(code, by=user), "trusted with paper"


@pytest.mark.parametrize("helped", [Help.KIOSK, Help.MODERATE, Help.CODE])
def test_other_helpers_and_the_agent_of_another_alliance_give_none(desk, helped):
    member = RoleFactory(person__alliance=desk.alliance, kind="member").person
    Helper.objects.create(consultation=desk.consultation, person=member, help=helped)
    code = desk.code()
    for user in (member.user, Desk().agent):
        with pytest.raises(PermissionDenied):
            desk.exchange(code, by=user)


# More sheets than codes


def test_as_many_sheets_as_codes_are_accepted_without_a_word_more(desk):
    batch = desk.counted(*SIX, exchanged=6)
    assert exchanging.to_settle(batch) == 0
    services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    assert told(desk) == []
    assert limits_of(desk) == [
        "Les bulletins papier ont été donnés contre un code ou un nom, qui ne pouvait plus ensuite répondre en ligne."
    ]


def test_fewer_sheets_than_codes_did_not_come_back_and_settle_nothing(desk):
    batch = desk.counted(*SIX, exchanged=8)
    Batch.objects.update(handed_out=8)
    services.accept_batch(batch=desk.fresh(), by=desk.agent, now=NOW)
    assert told(desk) == ["2 feuilles remises ne sont pas revenues."]
    assert keeping.unsettled(desk.consultation) == []
    assert batch.pk


def test_more_sheets_than_codes_wait_for_two_people_and_are_told_with_the_results(desk):
    batch = desk.counted(*SIX, exchanged=1)
    assert exchanging.to_settle(batch) == 5
    with pytest.raises(ValidationError, match="deux personnes disent d’abord"):
        services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        exchanging.propose_untied(batch=batch, why=" ", by=desk.agent)
    why = "Une panne a empêché d’échanger les codes un après-midi."
    exchanging.propose_untied(batch=batch, why=why, by=desk.agent)
    with pytest.raises(ValidationError, match="deuxième personne"):
        exchanging.confirm_untied(batch=batch, why=why, by=desk.agent, now=NOW)
    with pytest.raises(ValidationError, match="autre raison"):
        exchanging.confirm_untied(batch=batch, why="autre", by=desk.second, now=NOW)
    with pytest.raises(ValidationError, match="deux personnes disent d’abord"):
        services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    exchanging.confirm_untied(batch=batch, why=why, by=desk.second, now=NOW)
    services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    assert Envelope.objects.count() == 6
    said = told(desk)
    assert "5 feuilles sont parties de la pile sans code." in said
    assert any("5 feuilles saisies ont été données sans code" in line for line in said)
    assert limits_of(desk) == [
        "5 bulletins papier ont été donnés sans code. Ces personnes ont pu répondre aussi en ligne.",
        f"Lot 1 : deux personnes les comptent quand même. Pourquoi : {why}",
    ]
    acts = list(AuditEntry.objects.filter(action__contains="untied").order_by("pk").values_list("action", flat=True))
    assert acts == ["participation.batch_untied_proposed", "participation.batch_untied_settled"]


def test_so_few_sheets_without_a_code_are_told_without_their_number(desk):
    batch = desk.counted(*SIX, exchanged=4)
    Batch.objects.filter(pk=batch.pk).update(untied_why="Panne", untied_asked_by=desk.agent, untied_at=NOW)
    services.accept_batch(batch=desk.fresh(), by=desk.agent, now=NOW)
    assert limits_of(desk)[0].startswith("Quelques bulletins papier ont été donnés sans code.")
    (table,) = tables(desk.consultation)
    (line,) = table.rows
    assert line[4:8] == (None, None, None, None), "four codes: none of the counts is told"


def test_a_batch_of_before_codes_were_exchanged_says_so_and_waits_for_two_before_publication(desk):
    """It was accepted when nothing tied paper and codes: no exchange, no settlement."""
    batch = desk.counted(*SIX, exchanged=6)
    services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    Batch.objects.update(exchanged=0)
    lifecycle.close_consultation(consultation=desk.consultation, by=None, now=NOW)
    desk.consultation.refresh_from_db()
    urn.open_urn(Step.objects.get(), now=NOW)
    counting.count(Step.objects.get(), now=NOW)
    with pytest.raises(ValidationError, match=r"sans code\. Lots.*: 1"):
        lifecycle.ask_publication(consultation=desk.consultation, by=desk.agent, now=NOW)
    assert limits_of(desk)[0].startswith("6 bulletins papier ont été donnés sans code.")
    exchanging.propose_untied(batch=desk.fresh(), why="Remis avant", by=desk.agent)
    exchanging.confirm_untied(batch=desk.batch, why="Remis avant", by=desk.second, now=NOW)
    lifecycle.ask_publication(consultation=desk.consultation, by=desk.agent, now=NOW)


def test_nothing_changes_where_the_link_is_open():
    desk = Desk(Access.OPEN)
    batch = desk.counted(*SIX, exchanged=0)
    assert exchanging.to_settle(batch) == 0
    services.accept_batch(batch=batch, by=desk.agent, now=NOW)
    assert keeping.unsettled(desk.consultation) == []
    assert told(desk) == []
    assert not any("code" in line for line in limits_of(desk))


def test_the_database_itself_refuses_one_person_alone_and_more_exchanges_than_sheets(desk):
    for values in (
        {"untied_asked_by": desk.agent, "untied_by": desk.agent},
        {"exchanged": 11},
        {"untied_at": NOW, "untied_why": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Batch.objects.filter(pk=desk.batch.pk).update(**values)


def test_more_codes_than_sheets_gone_is_told(desk):
    Batch.objects.update(printed=3, exchanged=3, handed_out=2)
    assert told(desk)[1:] == ["1 code de plus a été échangé que de feuilles parties de la pile : recomptez la pile."]
