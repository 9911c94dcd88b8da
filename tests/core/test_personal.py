import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from maillage.accounts.models import User
from maillage.core import audit, contributions, documents, jobs, personal
from maillage.core.models import AuditEntry, Document, Erasure, Job, MailMessage
from tests.factories import AllianceFactory, PersonFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "maillage.core.mail.Backend"


@pytest.fixture
def rooms(monkeypatch):
    """Two rooms; what they are asked is kept in order."""
    asked = []

    def room(name):
        def erase(person):
            asked.append(name)
            return 1

        return contributions.PersonalData(
            name, "Pour l’essai", lambda person: {"name": person.name}, erase, purge=lambda today: 2
        )

    declared = contributions.Declared("personal_data")
    declared.add(room("low"))
    declared.add(room("high"))
    monkeypatch.setattr(contributions, "personal_data", declared)
    return asked


@pytest.fixture
def someone():
    user = UserFactory(email="ana@exemple.test", name="Ana")
    audit.record("x.y", user, by=user, personal={"name": ("", "Ana")}, person_key=f"user:{user.pk}")
    EmailMultiAlternatives("Bonjour", "Ana", to=["Ana <ANA@exemple.test>"]).send()
    jobs.start("core.daily", by=user)
    for name, expires in (("mes-donnees.json", timezone.now() + dt.timedelta(days=1)), ("entente.json", None)):
        documents.store(
            b"{}", name=name, content_type="application/json", rule="core.erase", owner=user, expires_at=expires
        )
    return user


def test_export_holds_everything_and_says_why(rooms, someone):
    found = personal.export(someone)
    assert found["low"] == {"purpose": "Pour l’essai", "data": {"name": "Ana"}}
    data = found["core"]["data"]
    assert data["log"][0]["after"] == "Ana"
    assert data["mails"][0]["subject"] == "Bonjour"
    assert len(data["tasks"]) == 1
    json.dumps(found)


def test_erasure_reaches_everything(rooms, someone, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        counts = personal.erase(someone, by=UserFactory(is_operator=True))
    assert rooms == ["high", "low"]
    assert counts == {"high": 1, "low": 1, "core": 5}
    assert not MailMessage.objects.exists()
    assert not Job.objects.filter(owner_id=someone.pk).exists()
    assert list(Document.objects.values_list("name", "owner_id")) == [("entente.json", None)]
    entries = AuditEntry.objects.filter(action="core.erased")
    assert entries.get().object_id == str(someone.pk)
    assert Job.objects.filter(kind="core.scrub").exists()
    everything = json.dumps(personal.export(someone)["core"]["data"])
    assert "Ana" not in everything
    (line,) = personal.read_ledger(personal.ledger_path())
    assert "Ana" not in json.dumps(line)
    assert "exemple" not in json.dumps(line)
    assert personal.ledger_path().stat().st_mode & 0o777 == 0o600


def test_who_may_erase(rooms, someone):
    for by in (UserFactory(), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            personal.erase(someone, by=by)
    assert rooms == []
    assert not Erasure.objects.exists()


def test_replayed_only_on_the_same_person(rooms, someone):
    line = {"model": "accounts.user", "object_id": str(someone.pk), "at": "2026-01-01"}
    same = line | {"fingerprint": personal.fingerprint(someone)}
    assert personal.replay([line | {"fingerprint": "2001-01-01"}]) == 0
    assert personal.replay([same | {"model": "gone.model"}, same | {"object_id": "0"}]) == 0
    assert personal.replay([same, same]) == 1


def test_the_ledger_keeps_each_line_once_and_survives_a_crash(someone):
    line = {"model": "a.b", "object_id": "1", "fingerprint": "f", "at": "t"}
    personal.append_to_ledger([line])
    personal.append_to_ledger([line, line | {"object_id": "2"}])
    with personal.ledger_path().open("a") as file:
        file.write('{"model": "a.b", "obj')
    assert [row["object_id"] for row in personal.read_ledger(personal.ledger_path())] == ["1", "2"]


def test_purge_asks_every_room(rooms):
    assert personal.purge(dt.date(2026, 11, 20)) == {"low": 2, "high": 2}


def test_found_by_address_or_number():
    user = UserFactory(email="ana@exemple.test")
    assert list(personal.accounts_known_as("ANA@exemple.test")) == [user]
    assert list(personal.accounts_known_as(f"user:{user.pk}")) == [user]
    for text in ("user:x", "person:1", "ana", ""):
        assert not personal.accounts_known_as(text)


def test_the_rooms_of_the_project_erase_a_person_for_good():
    """The real providers: what they hold about someone is gone, the row that counts stays."""
    person = PersonFactory(name="Zyxwvu Anaïs", email="zyxwvu@exemple.test", phone="418 555-0142")
    audit.record("x.y", person, by=None, personal={"name": ("", person.name)}, person_key=f"person:{person.pk}")
    personal.erase(person, by=None, via="cli")
    person.refresh_from_db()
    left = json.dumps(personal.export(person), default=str) + str(vars(person))
    assert "yxwvu" not in left
    assert "0142" not in left
    assert person.erased_at


def test_an_account_erased_leaves_nothing_to_sign_in_with():
    user = UserFactory(name="Zyxwvu", email="zyxwvu@exemple.test")
    if not any(item.room == "accounts" for item in contributions.personal_data):
        pytest.skip("The room of accounts has not said yet what it holds.")
    personal.erase(user, by=None, via="cli")
    assert not User.objects.filter(email__icontains="yxwvu").exists()
    assert not User.objects.filter(name__icontains="yxwvu").exists()
