"""The page of the account: asked for, made in the background, downloaded, published, withdrawn."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.models import Role
from maillage.core import documents, jobs
from maillage.core.models import AuditEntry, Document, Job
from maillage.reporting.models import Account
from maillage.reporting.services import produce_account, publish_account, withdraw_account
from tests.factories import AllianceFactory, RoleFactory, signed_in, user_with
from tests.reporting.conftest import TODAY

pytestmark = pytest.mark.django_db
ASKED = {"format": "pdf", "audience": "public", "language": "fr"}


def page(alliance) -> str:
    return reverse("reporting_in:accounts", args=[alliance.slug])


def produced(alliance, by=None, **changes) -> Account:
    options = {"format": "xlsx", "language": "fr", "audience": "public", **changes}
    return produce_account(alliance=alliance, by=by or user_with(alliance), today=TODAY, **options)


def test_from_the_page_to_the_file(client, alliance) -> None:
    signed_in(client, alliance)
    response = client.post(reverse("reporting_in:produce", args=[alliance.slug]), ASKED)
    job = Job.objects.get()
    assert response.url == reverse("core:job", args=[job.uuid])
    assert jobs.run_waiting() == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert (job.done, job.total) == (1, 2) or job.done == job.total
    file = client.get(job.result["url"])
    assert file.status_code == 200
    assert file["Content-Type"] == "application/pdf"
    assert "attachment" in file["Content-Disposition"]
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    account = Account.objects.get()
    assert AuditEntry.objects.filter(action="reporting.account_made", object_id=str(account.pk)).exists()
    assert account.document.expires_at > timezone.now() + dt.timedelta(days=29)


def test_a_wrong_choice_is_said_and_starts_nothing(client, alliance) -> None:
    signed_in(client, alliance)
    response = client.post(reverse("reporting_in:produce", args=[alliance.slug]), {**ASKED, "format": "exe"})
    assert response.status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("kind", "may"),
    [(kind, kind in {"agent", "member"}) for kind in Role.Kind.values if kind != "regional"],
)
def test_who_may_make_one(client, alliance, kind, may) -> None:
    signed_in(client, alliance, kind)
    response = client.post(reverse("reporting_in:produce", args=[alliance.slug]), ASKED)
    assert response.status_code == (302 if may else 403)
    assert Job.objects.exists() == may
    assert ("Produire une reddition" in client.get(page(alliance)).content.decode()) == may


def test_a_stranger_or_nobody_makes_none(client, alliance) -> None:
    address = reverse("reporting_in:produce", args=[alliance.slug])
    assert "/connexion" in client.post(address, ASKED).url or client.post(address, ASKED).status_code == 302
    signed_in(client, AllianceFactory())
    assert client.post(address, ASKED).status_code == 403
    assert not Job.objects.exists()


def test_the_regional_coordinator_makes_one_for_a_child(alliance) -> None:
    alliance.parent = AllianceFactory(scale="regional")
    alliance.save()
    coordinator = user_with(alliance.parent, Role.Kind.REGIONAL)
    account = produced(alliance, by=coordinator)
    with pytest.raises(PermissionDenied):
        publish_account(account=account, by=coordinator, now=timezone.now())


def test_a_role_ended_meanwhile_makes_the_job_fail(client, alliance) -> None:
    signed_in(client, alliance)
    client.post(reverse("reporting_in:produce", args=[alliance.slug]), ASKED)
    Role.objects.update(until=alliance.today())
    jobs.run_waiting()
    assert Job.objects.get().state == Job.State.FAILED
    assert not Document.objects.exists()


def test_publishing_and_withdrawing(client, alliance) -> None:
    account = produced(alliance)
    signed_in(client, alliance)
    client.post(reverse("reporting_in:publish", args=[alliance.slug, account.uuid]))
    account.refresh_from_db()
    assert account.published_at is not None
    assert account.document.expires_at is None
    client.logout()
    assert account.document.get_absolute_url() in client.get(page(alliance)).content.decode()
    response = client.get(account.document.get_absolute_url())
    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    signed_in(client, alliance)
    client.post(reverse("reporting_in:withdraw", args=[alliance.slug, account.uuid]))
    account = Account.objects.get()
    assert account.published_at is None
    assert account.document.expires_at is not None
    client.logout()
    assert account.document.get_absolute_url() not in client.get(page(alliance)).content.decode()
    assert client.get(account.document.get_absolute_url()).status_code == 302
    actions = AuditEntry.objects.filter(action__startswith="reporting.").order_by("id")
    assert [entry.action.split("_")[1] for entry in actions] == ["made", "published", "withdrawn"]


def test_only_the_agent_publishes(client, alliance) -> None:
    account = produced(alliance)
    member = user_with(alliance, Role.Kind.MEMBER)
    with pytest.raises(PermissionDenied):
        publish_account(account=account, by=member, now=timezone.now())
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("reporting_in:publish", args=[alliance.slug, account.uuid])).status_code == 403
    with pytest.raises(PermissionDenied):
        withdraw_account(account=account, by=user_with(AllianceFactory()), now=timezone.now())


def test_a_version_for_inside_is_never_published(client, alliance) -> None:
    agent = user_with(alliance)
    account = produced(alliance, by=agent, audience="inside")
    with pytest.raises(ValidationError):
        publish_account(account=account, by=agent, now=timezone.now())
    signed_in(client, alliance)
    address = reverse("reporting_in:publish", args=[alliance.slug, account.uuid])
    assert "version publique" in client.post(address, follow=True).content.decode()


def test_an_account_of_another_alliance_is_not_found(client, alliance) -> None:
    other = AllianceFactory()
    account = produced(alliance)
    signed_in(client, other)
    assert client.post(reverse("reporting_in:publish", args=[other.slug, account.uuid])).status_code == 404


@pytest.mark.parametrize("audience", ["public", "inside"])
@pytest.mark.parametrize(
    ("reader", "public", "inside"),
    [("nobody", False, False), ("stranger", False, False), ("observer", False, False), ("member", True, False),
     ("maker", True, True), ("agent", True, True), ("gone", False, False)],
)  # fmt: skip
def test_who_may_download_before_it_is_published(alliance, reader, public, inside, audience) -> None:
    maker = user_with(alliance, Role.Kind.MEMBER)
    document = produced(alliance, by=maker, audience=audience).document
    users = {
        "nobody": None,
        "stranger": user_with(AllianceFactory()),
        "observer": user_with(alliance, Role.Kind.OBSERVER),
        "member": user_with(alliance, Role.Kind.MEMBER),
        "maker": maker,
        "agent": user_with(alliance),
        "gone": user_with(alliance, until=dt.date(2024, 6, 1)),
    }
    from maillage.core.access import may

    assert may(users[reader], document.rule, document) == (public if audience == "public" else inside)


def test_the_list_shows_a_member_only_what_they_may_download(client, alliance) -> None:
    produced(alliance, audience="inside")
    signed_in(client, alliance, Role.Kind.MEMBER)
    assert "Rien n’a été produit" in client.get(page(alliance)).content.decode()


def test_english_is_refused_where_it_is_not_offered(alliance) -> None:
    alliance.offers_english = False
    with pytest.raises(ValidationError):
        produced(alliance, language="en")


def test_a_file_past_its_date_takes_its_line_along(alliance) -> None:
    account = produced(alliance)
    assert documents.purge(account.document.expires_at) == 1
    assert not Account.objects.exists()


def test_the_page_runs_the_same_queries_for_one_and_for_many(client, alliance, django_assert_max_num_queries) -> None:
    signed_in(client, alliance)
    agent = user_with(alliance)
    for _ in range(2):
        publish_account(account=produced(alliance, by=agent), by=agent, now=timezone.now())
    client.get(page(alliance))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(page(alliance))
    for _ in range(12):
        publish_account(account=produced(alliance, by=agent), by=agent, now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(page(alliance))
    assert len(many) == len(few)


def test_the_menu_names_it_once_something_is_published(client, alliance) -> None:
    from maillage.core.contributions import navigation

    def areas(viewer) -> set[str]:
        items = navigation.collect(alliance, viewer, TODAY)
        return {item.area for item in items if item.url == page(alliance)}

    agent = user_with(alliance)
    assert areas(None) == set()
    assert areas(agent) == {"workspace"}
    publish_account(account=produced(alliance, by=agent), by=agent, now=timezone.now())
    assert areas(None) == {"public"}


def test_english_page(client, alliance) -> None:
    signed_in(client, alliance)
    assert "Make a report" in client.get("/en" + page(alliance)).content.decode()


def test_an_account_asks_for_a_role_at_the_time(alliance) -> None:
    role = RoleFactory(person__alliance=alliance, until=dt.date(2024, 6, 1))
    with pytest.raises(PermissionDenied):
        produced(alliance, by=role.person.user)
