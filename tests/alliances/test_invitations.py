"""Invitations: for one address, one role, once; all of it happens, or nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.alliances import invitations
from maillage.alliances.models import Alliance, Invitation, Person, Role
from maillage.core.models import AuditEntry
from tests.factories import AllianceFactory, PersonFactory, UserFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
PROFILE = "accounts:profile"


@pytest.fixture
def alliance():
    return AllianceFactory(short_name="MRC des Deux-Rivières", name="Alliance des Deux-Rivières")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def write(alliance, by, **changes):
    values = {"email": "membre@exemple.test", "kind": Role.Kind.MEMBER, "now": timezone.now()} | changes
    return invitations.create(alliance, by=by, **values)


def path_of(token: str) -> str:
    return reverse("alliances:invitation", args=[token])


def test_the_whole_road(client, alliance):
    agent = signed_in(type(client)(), alliance)
    page = agent.get(reverse("alliances_in:invite", args=[alliance.slug]))
    assert page.status_code == 200
    response = agent.post(
        reverse("alliances_in:invite", args=[alliance.slug]),
        {"email": "Membre@Exemple.test", "name": "Maude", "kind": "member", "language": "fr"},
    )
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["membre@exemple.test"]
    assert "MRC des Deux-Rivières" in message.subject
    url = re.search(r"http://\S+", message.body).group()
    assert any(url in body for body, kind in message.alternatives if kind == "text/html")
    path = url.removeprefix("http://testserver")
    # A scanner opens it: nothing happens.
    for _ in range(2):
        assert "Alliance des Deux-Rivières" in client.get(path).content.decode()
    assert not User.objects.filter(email="membre@exemple.test").exists()
    response = client.post(path, {"name": "Maude Tremblay"})
    assert response.url == alliance.get_absolute_url()
    user = client.get(reverse(PROFILE)).context["user"]
    assert (user.email, user.name) == ("membre@exemple.test", "Maude Tremblay")
    person = Person.objects.get(user=user)
    assert (person.alliance, person.name) == (alliance, "Maude Tremblay")
    role = person.roles.get()
    assert (role.kind, role.since, role.until) == (Role.Kind.MEMBER, alliance.today(), None)
    assert EmailAddress.objects.get(user=user).verified
    # Used once.
    again = type(client)()
    assert again.get(path).status_code == 410
    assert again.post(path, {"name": "X"}).status_code == 410
    assert "déjà été acceptée" in again.get(path).content.decode()


def test_the_message_is_in_english_where_asked(client, alliance):
    signed_in(client, alliance).post(
        reverse("alliances_in:invite", args=[alliance.slug]),
        {"email": "m@exemple.test", "kind": "member", "language": "en"},
    )
    assert "invites you" in mail.outbox[0].body


def test_a_person_already_known_is_linked(client, alliance, agent):
    person = PersonFactory(alliance=alliance, user=None, email="Membre@exemple.test", name="Maude")
    _row, token = write(alliance, agent)
    client.post(path_of(token), {"name": "Maude"})
    person.refresh_from_db()
    assert person.user.email == "membre@exemple.test"
    assert Person.objects.filter(alliance=alliance, email__iexact="membre@exemple.test").count() == 1


def test_an_account_already_open_is_kept(client, alliance, agent):
    user = UserFactory(email="membre@exemple.test", name="Maude T.")
    _row, token = write(alliance, agent)
    client.post(path_of(token), {"name": "Autre nom"})
    user.refresh_from_db()
    assert user.name == "Maude T."
    assert user.persons.get().roles.get().kind == Role.Kind.MEMBER


def test_whoever_has_a_second_step_is_asked_for_it(client, alliance, agent):
    user = UserFactory(email="membre@exemple.test")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    _row, token = write(alliance, agent)
    assert client.post(path_of(token), {"name": "M"}).url == reverse("mfa_authenticate")
    assert client.get(reverse(PROFILE)).status_code == 302


def test_someone_else_signed_in_is_told(client, alliance, agent):
    other = UserFactory(email="autre@exemple.test")
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    _row, token = write(alliance, agent)
    text = client.get(path_of(token)).content.decode()
    assert "autre@exemple.test" in text
    assert "membre@exemple.test" in text
    client.post(path_of(token), {"name": "Maude"})
    assert client.get(reverse(PROFILE)).context["user"].email == "membre@exemple.test"
    assert not Person.objects.filter(user=other).exists()


def test_expired_withdrawn_replaced_unknown(client, alliance, agent):
    old, expired = write(alliance, agent, now=timezone.now() - dt.timedelta(days=14, seconds=1))
    row, withdrawn = write(alliance, agent, email="b@exemple.test")
    invitations.withdraw(row, by=agent, now=timezone.now())
    _first, replaced = write(alliance, agent, email="c@exemple.test")
    write(alliance, agent, email="c@exemple.test")
    cases = {expired: "14 jours", withdrawn: "retirée", replaced: "retirée", "n-importe-quoi": "complète"}
    for token, words in cases.items():
        for response in (client.get(path_of(token)), client.post(path_of(token), {"name": "X"})):
            assert response.status_code == 410
            assert words in response.content.decode()
    assert not User.objects.filter(email__in=["membre@exemple.test", "b@exemple.test", "c@exemple.test"]).exists()
    assert state(old) == invitations.State.EXPIRED


def state(row: Invitation) -> invitations.State:
    return invitations.state_of(Invitation.objects.get(pk=row.pk), timezone.now())


def test_the_one_who_invited_must_still_hold_the_power(client, alliance, agent):
    _row, token = write(alliance, agent, kind=Role.Kind.TREASURER)
    Role.objects.filter(person__user=agent).update(until=alliance.today())
    response = client.post(path_of(token), {"name": "X"})
    assert response.status_code == 410
    assert "n’a plus ce pouvoir" in response.content.decode()
    # Nothing half-made: no account, no person, and the invitation is as it was.
    assert not User.objects.filter(email="membre@exemple.test").exists()
    assert state(_row) == invitations.State.OPEN


def test_a_closed_account_stays_closed(client, alliance, agent):
    UserFactory(email="membre@exemple.test", is_active=False)
    _row, token = write(alliance, agent)
    assert "fermé" in client.post(path_of(token), {"name": "X"}).content.decode()
    assert not Role.objects.filter(person__user__email="membre@exemple.test").exists()


def test_dates_are_kept_and_checked(client, alliance, agent):
    today = alliance.today()
    until = today + dt.timedelta(days=30)
    _row, token = write(alliance, agent, since=today + dt.timedelta(days=3), until=until)
    client.post(path_of(token), {"name": "M"})
    role = Role.objects.get(person__user__email="membre@exemple.test")
    assert (role.since, role.until) == (today + dt.timedelta(days=3), until)
    for wrong in ({"since": until, "until": today}, {"until": today}):
        with pytest.raises(ValidationError):
            write(alliance, agent, email="d@exemple.test", **wrong)


def test_who_already_holds_the_role_is_not_invited_again(alliance, agent):
    user_with(alliance, Role.Kind.MEMBER).save()
    member = User.objects.get(persons__roles__kind=Role.Kind.MEMBER)
    with pytest.raises(ValidationError) as error:
        write(alliance, agent, email=member.email)
    assert "email" in error.value.message_dict


@pytest.mark.parametrize("email", ["", "pas une adresse", "a@b", "x" * 250 + "@exemple.test"])
def test_a_wrong_address_gets_a_sentence(client, alliance, email):
    response = signed_in(client, alliance).post(
        reverse("alliances_in:invite", args=[alliance.slug]),
        {"email": email, "name": "Maude", "kind": "member", "language": "fr"},
    )
    assert response.status_code == 200
    # What was already typed is still there.
    assert "Maude" in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_coordinator_is_invited_in_a_regional_alliance_only(alliance, agent):
    with pytest.raises(ValidationError):
        write(alliance, agent, kind=Role.Kind.REGIONAL)
    regional = AllianceFactory(scale=Alliance.Scale.REGIONAL)
    assert write(regional, user_with(regional, Role.Kind.AGENT), kind=Role.Kind.REGIONAL)


def test_renewing_replaces_the_address(client, alliance, agent):
    row, first = write(alliance, agent, now=timezone.now() - dt.timedelta(days=20))
    _row, second = invitations.renew(row, by=agent, now=timezone.now())
    assert client.get(path_of(first)).status_code == 410
    assert client.get(path_of(second)).status_code == 200


def test_pages_withdraw_and_send_again(client, alliance, agent):
    row, _token = write(alliance, agent)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(reverse("alliances_in:invite", args=[alliance.slug])).content.decode()
    assert "membre@exemple.test" in listed
    client.post(reverse("alliances_in:invitation_resend", args=[alliance.slug, row.uuid]))
    assert len(mail.outbox) == 1
    client.post(reverse("alliances_in:invitation_withdraw", args=[alliance.slug, row.uuid]))
    assert state(row) == invitations.State.WITHDRAWN
    # Once withdrawn, it cannot be sent again.
    client.post(reverse("alliances_in:invitation_resend", args=[alliance.slug, row.uuid]))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("kind", [k for k in Role.Kind.values if k not in {"agent", "regional"}])
def test_nobody_else_invites(client, alliance, agent, kind):
    row, _token = write(alliance, agent)
    intruder = user_with(alliance, kind)
    elsewhere = user_with(AllianceFactory(), Role.Kind.AGENT)
    for user in (intruder, elsewhere):
        for refused in (
            lambda user=user: write(alliance, user, email="z@exemple.test"),
            lambda user=user: invitations.withdraw(row, by=user, now=timezone.now()),
            lambda user=user: invitations.renew(row, by=user, now=timezone.now()),
        ):
            with pytest.raises(PermissionDenied):
                refused()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, args in (("invite", []), ("invitation_resend", [row.uuid]), ("invitation_withdraw", [row.uuid])):
            address = reverse(f"alliances_in:{name}", args=[alliance.slug, *args])
            assert client.post(address, {"email": "z@exemple.test", "kind": "agent"}).status_code == 403
    assert Invitation.objects.count() == 1


def test_the_operator_names_an_agent_but_reads_no_invitation(client, alliance, agent):
    write(alliance, agent)
    operator = UserFactory(is_operator=True)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("alliances_in:invite", args=[alliance.slug])).content.decode()
    assert "membre@exemple.test" not in page
    assert write(alliance, operator, email="agent@exemple.test", kind=Role.Kind.AGENT)
    with pytest.raises(PermissionDenied):
        write(alliance, operator, email="agent@exemple.test", kind=Role.Kind.MEMBER)


def test_an_invitation_of_another_alliance_is_not_found(client, alliance, agent):
    row, _token = write(alliance, agent)
    other = AllianceFactory()
    response = signed_in(client, other).post(reverse("alliances_in:invitation_withdraw", args=[other.slug, row.uuid]))
    assert response.status_code == 404


def test_the_log_names_nobody(alliance, agent):
    _row, token = write(alliance, agent)
    invitations.accept(token, now=timezone.now(), name="Maude")
    entries = AuditEntry.objects.filter(action__startswith="alliances.invit")
    assert {entry.action for entry in entries} == {"alliances.invited", "alliances.invitation_accepted"}
    assert "exemple.test" not in str(list(AuditEntry.objects.values("before", "after")))


def test_as_many_queries_for_one_as_for_fifty(client, alliance, agent, django_assert_max_num_queries):
    address = reverse("alliances_in:invite", args=[alliance.slug])
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    write(alliance, agent)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(49):
        write(alliance, agent, email=f"p{number}@exemple.test")
    with CaptureQueriesContext(connection) as fifty:
        client.get(address)
    assert len(fifty) == len(one)


def test_the_last_day_of_the_form_is_the_last_day_of_the_role(client, alliance):
    agent, last = signed_in(type(client)(), alliance), alliance.today() + dt.timedelta(days=30)
    form = {"email": "membre@exemple.test", "kind": "member", "language": "fr", "until": last.isoformat()}
    assert agent.post(reverse("alliances_in:invite", args=[alliance.slug]), form).status_code == 302
    assert Invitation.objects.get().until == last + dt.timedelta(days=1)
    path = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    assert str(last.year) in client.get(path).content.decode()
    client.post(path, {"name": "Maude"})
    role = Role.objects.get(person__user__email="membre@exemple.test")
    assert role.holds(last)
    assert not role.holds(last + dt.timedelta(days=1))
