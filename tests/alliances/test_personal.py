"""What the room holds about people: exported, erased, and joined when two files are one person."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.alliances import invitations, personal, services
from maillage.alliances.models import Person, Role
from maillage.core import personal as erasure
from maillage.core.access import may
from maillage.core.models import AuditPersonalValue, MailMessage
from tests.factories import AllianceFactory, PersonFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def person(alliance):
    agent = user_with(alliance)
    found = services.add_person(
        alliance, by=agent, name="Alice Fictive", email="alice@exemple.test", phone="819 555-0100"
    )
    services.grant_role(found, by=agent, kind="member", since=dt.date(2025, 1, 1), note="Élue par la table")
    return found


def test_everything_known_of_a_person_is_exported(person):
    text = str(personal.export(person))
    for word in ("Alice Fictive", "alice@exemple.test", "819 555-0100", "member", "2025-01-01", "Élue par la table"):
        assert word in text


def test_an_account_exports_what_every_alliance_knows_of_it(alliance):
    user = user_with(alliance, Role.Kind.MEMBER)
    PersonFactory(alliance=AllianceFactory(), user=user, name="La même")
    assert len(personal.export(user)["persons"]) == 2


def test_erasing_leaves_an_empty_row_and_no_trace_in_the_log(person):
    assert AuditPersonalValue.objects.filter(person_key=f"person:{person.pk}").exists()
    assert personal.erase(person) == 1
    person.refresh_from_db()
    assert (person.name, person.email, person.phone, person.user) == ("", "", "", None)
    assert not AuditPersonalValue.objects.filter(person_key=f"person:{person.pk}").exists()
    role = person.roles.get()
    assert role.note == ""
    assert not role.holds(person.alliance.today())
    assert personal.erase(person) == 1


def test_an_erased_account_holds_nothing_more(alliance):
    user = user_with(alliance)
    personal.erase(user)
    again = type(user).objects.get(pk=user.pk)
    assert not may(again, "alliances.view_inside", alliance)


def test_an_account_is_erased_under_every_address_an_alliance_knows(alliance, person):
    agent, account = user_with(alliance), UserFactory()
    services.update_person(person, by=agent, email=" Partante@Exemple.TEST ")
    Person.objects.filter(pk=person.pk).update(user=account)
    invitation, _token = invitations.create(
        alliance, by=agent, email="partante@exemple.test", kind="observer", name="Partante", now=timezone.now()
    )
    for address in (account.email, "Alice <Partante@exemple.test>", "autre@exemple.test"):
        MailMessage.objects.create(sender="maillage@exemple.test", recipients=[address])
    erasure.erase(account, by=None)
    invitation.refresh_from_db()
    assert (invitation.email, invitation.name) == ("", "")
    assert MailMessage.objects.get().recipients == ["autre@exemple.test"]


def test_two_files_on_one_person_are_joined_and_parted(person):
    other = PersonFactory(alliance=person.alliance, user=None)
    role = services.grant_role(other, by=user_with(person.alliance), kind="observer")
    trace = personal.apply_merge(person, other)
    assert set(person.roles.values_list("kind", flat=True)) == {"member", "observer"}
    personal.undo_merge(person, other, trace)
    role.refresh_from_db()
    assert role.person_id == other.pk
    assert Person.objects.filter(pk=person.pk, roles__kind="member").exists()
