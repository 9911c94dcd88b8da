import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from maillage.core import audit, contributions, guards
from maillage.core.models import AuditEntry, AuditPersonalValue, LogClosed
from tests.factories import AllianceFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    person = PersonFactory()
    return audit.record(
        "alliances.person_changed", person, by=UserFactory(), alliance=person.alliance, before={"language": "fr"},
        after={"language": "en"}, personal={"name": ("Ana", "Anaïs")}, person_key=f"person:{person.pk}",
    )  # fmt: skip


def test_who_when_what_before_after(entry):
    row = AuditEntry.objects.get()
    assert (row.before, row.after) == ({"language": "fr"}, {"language": "en"})
    assert row.user_id
    assert timezone.now() - row.at < dt.timedelta(minutes=1)
    value = row.personal_values.get()
    assert (value.field, value.before, value.after) == ("name", "Ana", "Anaïs")
    assert "Ana" not in str(row.before) + str(row.after)


def test_personal_values_need_their_person():
    with pytest.raises(ValueError, match="person"):
        audit.record("x.y", AllianceFactory(), by=None, personal={"name": ("", "Ana")})


def test_no_interface_changes_the_log(entry):
    value = entry.personal_values.get()
    entry.action = "x"
    for attempt in (
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry._base_manager.filter(pk=entry.pk).delete(),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
        value.save,
        value.delete,
        lambda: AuditPersonalValue.objects.update(after="x"),
        lambda: AuditPersonalValue.objects.all().delete(),
    ):
        with pytest.raises(LogClosed):
            attempt()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET action = 'x'",
        "DELETE FROM core_auditentry",
        "UPDATE core_auditpersonalvalue SET after = 'x'",
    ],
)
def test_the_database_itself_refuses(entry, sql):
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.get().action == "alliances.person_changed"


def test_what_speaks_of_a_person_can_be_forgotten(entry):
    key = entry.personal_values.get().person_key
    assert audit.forget("person:0") == 0
    assert audit.forget(key) == 1
    assert AuditEntry.objects.count() == 1


def test_old_personal_values_are_forgotten(entry):
    assert audit.purge(timezone.now()) == 0
    assert audit.purge(timezone.now() + dt.timedelta(days=365 * 5 + 3)) == 1


def test_the_log_of_an_alliance(entry, django_assert_num_queries):
    audit.record("core.erased", UserFactory(), by=None)
    other = audit.record("actors.made", AllianceFactory(), by=None, alliance=AllianceFactory())
    found = audit.entries(entry.alliance_id, with_personal=True)
    with django_assert_num_queries(2):
        assert [row.action for row in found] == ["alliances.person_changed"]
    assert audit.entries(None).get().action == "core.erased"
    assert list(audit.entries(other.alliance_id, action="actors.")) == [other]
    assert not audit.entries(other.alliance_id, action="actors").exists()
    assert not audit.entries(entry.alliance_id, user_id=0).exists()
    assert not audit.entries(entry.alliance_id, since=timezone.now() + dt.timedelta(days=1)).exists()
    assert not audit.entries(entry.alliance_id, until=timezone.now() - dt.timedelta(days=1)).exists()


def test_words_of_an_action(monkeypatch):
    monkeypatch.setattr(contributions, "action_labels", {"alliances.role_granted": "Un rôle a été donné"})
    assert audit.label("alliances.role_granted") == "Un rôle a été donné"
    assert audit.label("x.unknown") == "x.unknown"


def test_the_guards_can_be_installed_again():
    guards.install(connection)
    audit.record("x.y", AllianceFactory(), by=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")
