"""How a space works: dated, refused with a sentence, readable as it was."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.concertation import services as concertation
from maillage.concertation.governance import services
from maillage.concertation.governance.holders import quorum_of, setting_of
from maillage.concertation.governance.selectors.settings import functions_of
from maillage.concertation.models import SpaceFunction, SpaceLink, SpaceSetting
from tests.concertation.governance.factories import SpaceLinkFactory, SpaceSettingFactory
from tests.factories import AllianceFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
OLD, NEW = dt.date(2024, 3, 1), dt.date(2026, 2, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, since=OLD)


def change(space, agent, since, **changes):
    return services.change_setting(space=space, changes=changes, by=agent, since=since)


def test_a_change_closes_a_row_and_opens_another(space, agent):
    change(space, agent, OLD, rule="majority", quorum=5)
    change(space, agent, NEW, rule="consent", quorum=None, quorum_percent=50)
    assert [(row.rule, row.since, row.until) for row in SpaceSetting.objects.order_by("since")] == [
        ("majority", OLD, NEW), ("consent", NEW, None),
    ]  # fmt: skip
    before, after = setting_of(space, dt.date(2024, 11, 20)), setting_of(space, NEW)
    assert (before.rule, before.quorum, before.quorum_percent) == ("majority", 5, None)
    assert (after.rule, after.quorum, after.quorum_percent) == ("consent", None, 50)


def test_the_same_day_corrects_and_nothing_new_writes_nothing(space, agent):
    change(space, agent, NEW, rule="majority")
    change(space, agent, NEW, rule="consent")
    change(space, agent, NEW + dt.timedelta(days=9), rule="consent")
    assert [(row.rule, row.since, row.until) for row in SpaceSetting.objects.all()] == [("consent", NEW, None)]


def test_a_day_before_the_last_change_is_refused(space, agent):
    change(space, agent, NEW, rule="majority")
    with pytest.raises(ValidationError, match="plus récent"):
        change(space, agent, OLD, rule="consent")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quorum": 5, "quorum_percent": 50}, "pas les deux"),
        ({"rule": "qualified"}, "majorité qualifiée"),
        ({"rule": "consent", "share_percent": 67}, "pourcentage"),
        ({"rule": "qualified", "share_percent": 40}, "50"),
        ({"scale": "galaxie"}, "palier"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(space, agent, changes, words):
    with pytest.raises(ValidationError, match=words):
        change(space, agent, NEW, **changes)
    assert not SpaceSetting.objects.exists()


@pytest.mark.parametrize(
    ("seats", "percent", "needed"),
    [(17, 50, 9), (16, 50, 8), (1, 1, 1), (3, 67, 3), (100, 67, 67), (0, 50, 0), (60, 33, 20)],
)
def test_a_quorum_in_percent_is_rounded_up(seats, percent, needed):
    assert quorum_of(SpaceSetting(quorum_percent=percent), seats) == needed


def test_a_quorum_in_seats_or_none():
    assert quorum_of(SpaceSetting(quorum=4), 17) == 4
    assert quorum_of(SpaceSetting(), 17) is None


def test_functions_end_and_begin_by_date(space, agent):
    services.set_functions(space=space, codes=("inform", "aims"), by=agent, since=OLD)
    services.set_functions(space=space, codes=("aims", "follow"), by=agent, since=NEW)
    at = lambda day: functions_of([space], day).get(space.pk, [])  # noqa: E731
    assert (at(dt.date(2024, 11, 20)), at(NEW)) == (["aims", "inform"], ["aims", "follow"])
    with pytest.raises(ValidationError):
        services.set_functions(space=space, codes=("inconnue",), by=agent, since=NEW)


def test_functions_written_and_taken_back_the_same_day_leave_no_trace_of_a_day(space, agent):
    services.set_functions(space=space, codes=("inform",), by=agent, since=NEW)
    services.set_functions(space=space, codes=(), by=agent, since=NEW)
    assert not SpaceFunction.objects.exists()


# Links


def test_a_link_reaches_the_region_and_the_territories_but_nobody_else(space, agent, alliance):
    region = AllianceFactory(scale="regional")
    alliance.parent = region
    alliance.save()
    sister = AllianceFactory(parent=region)
    for there in (region, sister):
        link = services.link_spaces(
            space=space, other=SpaceFactory(alliance=there), kind="reports-to", by=agent, since=OLD
        )
        assert link.pk
    with pytest.raises(ValidationError, match="de sa région"):
        services.link_spaces(space=space, other=SpaceFactory(), kind="reports-to", by=agent, since=OLD)


def test_a_circle_of_links_is_refused_however_long(alliance, agent):
    one, two, three = (SpaceFactory(alliance=alliance) for _ in range(3))
    services.link_spaces(space=one, other=two, kind="reports-to", by=agent, since=OLD)
    services.link_spaces(space=two, other=three, kind="reports-to", by=agent, since=OLD)
    with pytest.raises(ValidationError, match="cercle"):
        services.link_spaces(space=three, other=one, kind="reports-to", by=agent, since=OLD)
    with pytest.raises(ValidationError, match="cercle"):
        services.link_spaces(space=one, other=one, kind="reports-to", by=agent, since=OLD)
    # To advise one another is no circle of power.
    services.link_spaces(space=one, other=two, kind="advises", by=agent, since=OLD)
    services.link_spaces(space=two, other=one, kind="advises", by=agent, since=OLD)


def test_the_same_link_is_not_written_twice_and_an_ended_one_may_come_back(space, agent, alliance):
    other = SpaceFactory(alliance=alliance)
    link = services.link_spaces(space=space, other=other, kind="advises", by=agent, since=OLD)
    with pytest.raises(ValidationError, match="déjà"):
        services.link_spaces(space=space, other=other, kind="advises", by=agent, since=NEW)
    services.end_link(link=link, on=NEW, by=agent)
    assert services.link_spaces(space=space, other=other, kind="advises", by=agent, since=NEW).pk != link.pk


def test_a_change_of_parent_keeps_the_former_one_at_its_date(alliance, agent):
    first, second = SpaceFactory(alliance=alliance), SpaceFactory(alliance=alliance)
    table = concertation.create_space(alliance=alliance, name="Table", parent=first, by=agent, since=OLD)
    concertation.update_space(space=table, changes={"parent": second}, by=agent, today=NEW)
    rows = SpaceLink.objects.filter(space=table, kind="part-of").order_by("since")
    assert [(row.other, row.since, row.until) for row in rows] == [(first, OLD, NEW), (second, NEW, None)]
    concertation.update_space(space=table, changes={"parent": None}, by=agent, today=NEW + dt.timedelta(days=3))
    assert not SpaceLink.objects.filter(space=table, until=None).exists()


# Who may


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_others_write_nothing(space, alliance, kind):
    user = user_with(alliance, kind)
    other = SpaceFactory(alliance=alliance)
    for call in (
        lambda: services.change_setting(space=space, changes={"rule": "consent"}, by=user, since=NEW),
        lambda: services.set_functions(space=space, codes=("inform",), by=user, since=NEW),
        lambda: services.link_spaces(space=space, other=other, kind="advises", by=user, since=NEW),
        lambda: services.end_link(link=SpaceLinkFactory(space=space), on=NEW, by=user),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_nobody_and_the_agent_of_another_alliance_write_nothing(space):
    for user in (None, user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            change(space, user, NEW, rule="consent")


# Pages


def test_the_agent_writes_how_it_works_and_the_page_shows_it(client, alliance, space):
    signed_in(client, alliance)
    address = reverse("concertation_in:space_setting", args=[alliance.slug, space.uuid])
    asked = {
        "functions": ["inform", "follow"], "rule": "consensus", "share_percent": "67", "quorum_percent": "50",
        "access": "open", "scale": "mrc", "mandate": "Suivre l’entente.", "since": "2026-02-01",
    }  # fmt: skip
    page = client.post(address, asked, follow=True).content.decode()
    for words in ("Consensus", "à défaut, 67", "Ouvert à tout le monde", "Suivre l’entente.", "MRC"):
        assert words in page
    assert "Partager et analyser l’information" in page


def test_a_refused_form_keeps_all_that_was_typed(client, alliance, space):
    signed_in(client, alliance)
    address = reverse("concertation_in:space_setting", args=[alliance.slug, space.uuid])
    asked = {"rule": "qualified", "access": "open", "mandate": "À garder", "since": "2026-02-01"}
    page = client.post(address, asked).content.decode()
    assert "majorité qualifiée demande" in page
    assert "À garder" in page
    assert not SpaceSetting.objects.exists()


def test_a_refused_link_says_why_on_the_page(client, alliance, space):
    signed_in(client, alliance)
    other = SpaceLinkFactory(space__alliance=alliance, other=space).space
    address = reverse("concertation_in:link_add", args=[alliance.slug, space.uuid])
    page = client.post(address, {"kind": "reports-to", "other": other.pk}).content.decode()
    assert "cercle" in page


def test_the_agent_links_and_ends_a_link(client, alliance, space):
    signed_in(client, alliance)
    other = SpaceFactory(alliance=alliance, name="Conseil des partenaires")
    address = reverse("concertation_in:link_add", args=[alliance.slug, space.uuid])
    page = client.post(address, {"kind": "advises", "other": other.pk, "since": "2026-02-01"}, follow=True)
    assert "Conseil des partenaires" in page.content.decode()
    link = SpaceLink.objects.get()
    client.post(reverse("concertation_in:link_end", args=[alliance.slug, space.uuid, link.pk]))
    link.refresh_from_db()
    assert link.until == alliance.today()


def test_a_hidden_space_of_the_region_is_not_named(client, alliance, space):
    region = AllianceFactory(scale="regional")
    alliance.parent = region
    alliance.save()
    SpaceLinkFactory(space=space, other=SpaceFactory(alliance=region, name="Cellule secrète", is_public=False))
    SpaceLinkFactory(space=space, other=SpaceFactory(alliance=region, name="Table régionale"))
    page = client.get(space.get_absolute_url()).content.decode()
    assert "Table régionale" in page
    assert "Cellule secrète" not in page


def test_two_rows_that_hold_the_same_day_read_as_the_latest(space):
    SpaceSettingFactory(space=space, rule="majority")
    SpaceSettingFactory(space=space, rule="consent", since=NEW)
    assert setting_of(space, NEW).rule == "consent"
