"""Who took part and what was answered: nothing that is kept, in any place, in any order, ties one to the other."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from maillage.core import contributions
from maillage.participation.models import Ballot, Elector, Envelope, Receipt, Step, Turnout
from maillage.participation.urn import checks, marks, services
from maillage.participation.urn.models import Unlinkable, Unordered
from maillage.participation.vocabulary import Access
from tests.core.instances import Instance, drop, make_instance
from tests.factories import PersonFactory
from tests.participation.factories import NOW, ConsultationFactory, StepFactory
from tests.participation.urn.life import BALLOTS

ALLOWED = {
    "Turnout": {"id", "step", "elector"},
    "Receipt": {"id", "step", "mark", "tag"},
    "Envelope": {"id", "step", "seal", "mark"},
    "Ballot": {"id", "step", "content", "about", "channel", "batch"},
}
"""Every field of the urn, one by one: adding one is a decision, written here and in ``docs/methods/secrecy.md``."""


def of_the_urn() -> list[type[Unlinkable]]:
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, Unlinkable)]


def unordered() -> list[type[Unordered]]:
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, Unordered)]


# --- what the tables may hold ---


def test_testimonies_ideas_and_addresses_left_have_no_order_either():
    """An address left after a testimony, each the n-th of its table, would be tied to it."""
    assert {"Testimony", "Withdrawn", "FollowAddress", "Idea", "IdeaComment"} <= {
        model.__name__ for model in unordered()
    }
    for model in unordered():
        for field in model._meta.fields:
            assert not isinstance(field, models.DateField | models.TimeField | models.AutoField), (model, field)


def test_rows_of_the_urn_say_neither_who_nor_when():
    assert {model.__name__: {field.name for field in model._meta.fields} for model in of_the_urn()} == ALLOWED
    for model in of_the_urn():
        assert isinstance(model._meta.pk, models.UUIDField), "a random key: an ordered one tells the order"
        for field in model._meta.get_fields():
            assert not isinstance(field, models.DateField | models.TimeField | models.DurationField), field
            assert not isinstance(field, models.IntegerField | models.AutoField), field
            if field.is_relation:
                pointed = field.related_model
                assert pointed is Step or (model is Turnout and pointed is Elector), field


def test_no_other_table_points_to_a_ballot_nor_holds_one():
    urn = set(of_the_urn())
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and model not in urn:
                # The reverse side of a turnout, on its elector and step, is no column.
                assert field.related_model not in urn or field.auto_created, (model, field)
    # A table with a sealed content or a receipt that is not of this base would escape every other test.
    named = {m for m in apps.get_models() if re.search(r"ballot|envelope|receipt|turnout", m.__name__, re.I)}
    assert named == urn


def test_keys_are_drawn_not_counted():
    step = StepFactory()
    for number in range(20):
        services.cast(
            consultation=step.consultation, contents={step: "[6]"}, nonce=f"nonce-of-sixteen-{number}", now=NOW
        )
    for model in (Envelope, Receipt):
        assert {row.version for row in model.objects.values_list("pk", flat=True)} == {4}


test_keys_are_drawn_not_counted = pytest.mark.django_db(test_keys_are_drawn_not_counted)


@pytest.mark.django_db
@pytest.mark.skipif(not settings.SQLITE, reason="Only SQLite has hidden row numbers.")
def test_tables_have_no_hidden_row_number():
    with connection.cursor() as cursor:
        for model in unordered():
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [model._meta.db_table])
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID"), model
    assert checks.without_row_numbers(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.skipif(not settings.SQLITE, reason="Only SQLite has hidden row numbers.")
def test_a_migration_that_brings_row_numbers_back_is_told():
    table = Ballot._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        create = cursor.fetchone()[0]
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(create.removesuffix("WITHOUT ROWID"))
    assert [error.id for error in checks.without_row_numbers(databases=["default"])] == ["participation.E001"]


@pytest.mark.django_db
def test_what_is_exported_about_a_person_tells_nothing_of_a_ballot():
    step = StepFactory(consultation=ConsultationFactory(access=Access.LIST))
    person = PersonFactory(alliance=step.consultation.alliance)
    elector = Elector.objects.create(consultation=step.consultation, mark="m", person=person)
    taken = services.cast(
        consultation=step.consultation, contents={step: '["MARQUEUR"]'}, elector=elector, nonce="n" * 22, now=NOW
    )
    held = Envelope.objects.get(), Receipt.objects.get()
    for someone in (person, person.user):
        told = json.dumps([item.export(someone) for item in contributions.personal_data], default=str)
        for secret in ("MARQUEUR", taken.receipt, held[1].mark, held[1].tag, str(held[0].pk), str(held[1].pk)):
            assert secret not in told


# --- what a whole life leaves behind, in a real instance ---


class Life:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        done = instance.start("-m", "tests.participation.urn.life")
        output, _nothing = done.communicate(timeout=600)
        assert done.returncode == 0, output
        self.told: dict[str, Any] = json.loads(output.strip().splitlines()[-1])

    @property
    def file(self) -> bytes:
        return (self.instance.data / "maillage.sqlite3").read_bytes()


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    instance = make_instance(tmp_path_factory.mktemp("urn") / "instance")
    try:
        yield Life(instance)
    finally:
        drop(instance)


sqlite_only = pytest.mark.skipif(not settings.SQLITE, reason="Reads the file of an SQLite database.")
postgres_only = pytest.mark.skipif(settings.SQLITE, reason="Reads the system columns of PostgreSQL.")


def rank_correlation(order: list[int]) -> float:
    """Spearman's, between the order of casting and the place where each is found; 0 ± 1/√n by chance."""
    n = len(order)
    return 1 - 6 * sum((place - number) ** 2 for place, number in enumerate(order)) / (n * (n * n - 1))


BY_CHANCE = 5 / BALLOTS**0.5
"""Five standard deviations: chance alone goes beyond once in two million runs."""


def test_every_ballot_is_there(life):
    assert life.told["ballots"] == BALLOTS
    assert len(life.instance.rows("SELECT id FROM participation_ballot")) == BALLOTS
    assert life.instance.rows("SELECT COUNT(*) FROM participation_envelope") == [(0,)]


def test_a_code_sent_by_four_roads_at_once_counts_once(life):
    """In the files of a real instance, on SQLite too, with the thread that writes for all."""
    assert life.told["codes_used"] == [3, 3, 3, 3]


@sqlite_only
def test_while_open_the_files_of_the_database_hold_no_answer(life):
    for path in sorted((life.instance.data / "open").iterdir()):
        data = path.read_bytes()
        assert b"MARQUEUR" not in data
        assert not any(code.encode() in data for code in life.told["codes"])
        assert not any(receipt.encode() in data for receipt in life.told["receipts"])


def test_a_backup_made_while_open_holds_no_answer_code_nor_receipt(life):
    secrets = [b"MARQUEUR", *(one.encode() for one in life.told["codes"] + life.told["receipts"])]
    with tarfile.open(life.told["archive"]) as archive:
        names = archive.getnames()
        for info in archive:
            data = archive.extractfile(info).read()
            if info.name.endswith(".pgdump"):
                data += pg_restored(Path(life.told["archive"]), info.name)
            assert not any(secret in data for secret in secrets), info.name
    assert "secret_key" not in names


def pg_restored(archive: Path, name: str) -> bytes:
    """The SQL of a dump: its custom format is compressed."""
    import subprocess

    with tarfile.open(archive) as opened:
        dump = opened.extractfile(name).read()
    found = subprocess.run(["pg_restore", "--file=-"], input=dump, capture_output=True, check=True).stdout
    assert b"participation_envelope" in found
    return found


def test_no_log_heard_of_a_ballot(life):
    heard = life.told["log"]
    for secret in ("MARQUEUR", "nonce-of-sixteen", *life.told["codes"], *life.told["receipts"], *life.told["marks"]):
        assert secret not in heard


def test_nor_did_the_audit_log_the_tasks_or_the_history(life):
    told = ""
    for table in ("core_auditentry", "core_job", "django_tasks_database_dbtaskresult"):
        told += json.dumps(life.instance.rows(f"SELECT * FROM {table}"), default=str)
    assert "participation.urn_opened" in told
    for secret in ("MARQUEUR", *life.told["codes"], *life.told["receipts"], *life.told["marks"]):
        assert secret not in told
    # As many lines as acts of the agent and of the hour, however many ballots.
    assert len(life.instance.rows("SELECT id FROM core_auditentry")) < 10


@sqlite_only
def test_after_the_opening_nothing_is_left_of_envelopes_key_and_tags(life):
    data = life.file
    assert bytes.fromhex(life.told["salt"]) not in data
    assert not any(bytes.fromhex(seal)[:40] in data for seal in life.told["seals"])
    assert (
        (life.instance.data / "maillage.sqlite3-wal").stat().st_size == 0
        if (life.instance.data / "maillage.sqlite3-wal").exists()
        else True
    )
    assert life.instance.rows("SELECT DISTINCT tag FROM participation_receipt") == [("",)]


@sqlite_only
def test_the_place_of_a_ballot_in_the_file_says_nothing_of_when_it_was_cast(life):
    data = life.file
    found = [int(match.group(1)) for match in re.finditer(rb"MARQUEUR-(\d{4})-", data)]
    assert sorted(set(found)) == list(range(BALLOTS))
    assert len(found) == BALLOTS, "a second copy of an answer lies in the file"
    assert abs(rank_correlation(found)) < BY_CHANCE


@sqlite_only
def test_nor_does_the_place_of_a_receipt(life):
    data = life.file
    number = {mark.encode(): index for index, mark in enumerate(life.told["marks"])}
    places = [number[found] for found in re.findall(rb"[0-9a-f]{64}", data) if found in number]
    # Once in the table, once in the index: the first half of each.
    first = list(dict.fromkeys(places))
    last = list(dict.fromkeys(reversed(places)))
    assert len(first) == BALLOTS
    assert abs(rank_correlation(first)) < BY_CHANCE
    assert abs(rank_correlation(last)) < BY_CHANCE


def test_rows_in_the_order_they_come_say_nothing(life):
    hidden = "ctid" if not settings.SQLITE else "id"
    contents = life.instance.rows(f"SELECT content FROM participation_ballot ORDER BY {hidden}")
    assert abs(rank_correlation([int(re.search(r"\d{4}", row[0]).group()) for row in contents])) < BY_CHANCE
    number = {mark: index for index, mark in enumerate(life.told["marks"])}
    receipts = life.instance.rows(f"SELECT mark FROM participation_receipt ORDER BY {hidden}")
    assert abs(rank_correlation([number[row[0]] for row in receipts])) < BY_CHANCE
    rank = {pk: index for index, pk in enumerate(life.told["electors"])}
    turnouts = life.instance.rows(f"SELECT elector_id FROM participation_turnout ORDER BY {hidden}")
    assert abs(rank_correlation([rank[row[0]] for row in turnouts])) < BY_CHANCE


@postgres_only
def test_one_transaction_number_for_all(life):
    seen = set()
    for table in ("ballot", "receipt", "turnout"):
        seen |= set(life.instance.rows(f"SELECT DISTINCT xmin::text FROM participation_{table}"))
    assert len(seen) == 1


@postgres_only
def test_dead_rows_are_gone(life):
    assert life.instance.rows("SELECT pg_relation_size('participation_envelope')") == [(0,)]
    for table in ("receipt", "turnout"):
        # Written anew: the rows begin at the first place of the first page.
        first = life.instance.rows(f"SELECT min(ctid::text) FROM participation_{table} WHERE ctid = '(0,1)'")
        assert first == [("(0,1)",)]
    may = life.instance.rows("SELECT has_function_privilege('pg_read_binary_file(text)', 'execute')") == [(True,)]
    if may:  # the role of the tests may read the files of the server
        path = "pg_read_binary_file(pg_relation_filepath('participation_urnkey'))"
        raw = bytes(life.instance.rows(f"SELECT {path}")[0][0])
        assert bytes.fromhex(life.told["salt"]) not in raw


# --- what is printed, and what is published ---


@pytest.mark.django_db
def test_a_copy_of_the_database_lets_no_receipt_be_guessed_while_open():
    """The key of receipts is published at the opening: before, it takes the instance's secret to compute a mark."""
    from maillage.participation.models import UrnKey

    step = StepFactory(consultation=ConsultationFactory(changeable=True))
    taken = services.cast(consultation=step.consultation, contents={step: "[6]"}, nonce="n" * 22, now=NOW)
    assert UrnKey.objects.get(step=step).receipts_key == ""
    step.state = Step.State.CLOSED
    step.save()
    services.open_urn(step, now=NOW)
    published = UrnKey.objects.get(step=step).receipts_key
    assert marks.receipt_mark(published, taken.receipt) == Receipt.objects.get().mark


@pytest.mark.django_db
def test_lengths_of_envelopes_say_next_to_nothing():
    step = StepFactory()
    for number, content in enumerate(("[]", "[1]", "[1,2,3,4,5,6,7,8,9,10]", '{"a":1}')):
        services.cast(
            consultation=step.consultation, contents={step: content}, nonce=f"nonce-of-sixteen-{number}", now=NOW
        )
    assert len({len(bytes(sealed)) for sealed in Envelope.objects.values_list("seal", flat=True)}) == 1
