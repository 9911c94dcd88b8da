"""A campaign: who is written to, what counts as an answer, reminders, the end."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.actors.models import CampaignReply, Tie, TieCampaign
from maillage.actors.ties import campaigns, selectors
from maillage.alliances.acts.models import ActInName
from maillage.alliances.notices.models import NoticeChoice
from maillage.core import contributions, jobs
from maillage.core.models import Job
from tests.actors.ties.factories import NOW, TODAY, a_tie, contact, speaker, two
from tests.factories import ActorFactory, AllianceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
SITE = "https://exemple.test"
DAY = dt.timedelta(days=1)


@pytest.fixture
def alliance():
    return AllianceFactory(name="Alliance des Rivières")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def pair(alliance):
    return two(alliance)


def opened(alliance, agent, **values):
    values = {
        "name": "Nos liens 2026", "message": "Dix minutes suffisent.", "opens_on": TODAY, "closes_on": TODAY + 20 * DAY,
        "today": TODAY, "now": NOW, "address": SITE,
    } | values  # fmt: skip
    return campaigns.open_one(alliance=alliance, by=agent, **values)


def link_in(mail):
    return re.search(r"https://exemple\.test(/\S*mes-liens/\S+)", mail.body)[1]


def test_every_actor_takes_part_and_contact_persons_are_written_to(alliance, agent, pair):
    contact(pair[0], "a@exemple.test")
    contact(pair[1], "")
    campaign = opened(alliance, agent)
    [mail] = outbox.outbox
    assert mail.to == ["a@exemple.test"]
    for words in ("Dix minutes suffisent.", "Le Garde-manger", "10\u00a0décembre 2026"):
        assert words in mail.body
    progress = selectors.progress_of(campaign)
    assert (progress.actors, progress.invited, progress.answered, progress.unreached) == (2, 1, 0, 1)


def test_a_sheet_sent_with_nothing_to_change_is_an_answer(client, alliance, agent, pair):
    contact(pair[0])
    today = alliance.today()
    campaign = opened(alliance, agent, opens_on=today, closes_on=today + DAY, today=today)
    address = link_in(outbox.outbox[0])
    client.get(address)
    assert selectors.progress_of(campaign).answered == 0
    answer = client.post(address, {}, follow=True)
    assert "Rien à changer" in answer.content.decode()
    assert "Votre réponse est reçue" in answer.content.decode()
    assert selectors.progress_of(campaign).answered == 1
    assert not Tie.objects.exists()
    assert not ActInName.objects.exists()


def test_what_the_agent_answers_for_an_actor_counts_and_is_told(client, alliance, agent, pair):
    today = alliance.today()
    campaign = opened(alliance, agent, opens_on=today, closes_on=today, today=today)
    signed_in(client, alliance)
    client.post(reverse("actors_in:ties", args=[alliance.slug, pair[0].uuid]), {})
    assert selectors.progress_of(campaign).answered == 1
    assert ActInName.objects.get().kind == "tie-reply"


def test_a_refused_sheet_is_no_answer(client, alliance, agent, pair):
    contact(pair[0])
    today = alliance.today()
    campaign = opened(alliance, agent, opens_on=today, closes_on=today, today=today)
    client.post(link_in(outbox.outbox[0]), {"n0-organisation": "Zzz"})
    assert selectors.progress_of(campaign).answered == 0


def test_reminders_go_to_those_who_did_not_answer_and_not_every_day(alliance, agent, pair):
    for actor in pair:
        contact(actor, f"{actor.pk}@exemple.test")
    campaign = opened(alliance, agent)
    campaigns.record_reply(actor=pair[0], by=None, person=None, today=TODAY, now=NOW, via="link")

    def remind(days):
        return campaigns.remind(
            campaign=campaign, by=agent, today=TODAY + days * DAY, now=NOW + days * DAY, address=SITE
        )

    assert remind(1) == 0
    late = ActorFactory(alliance=alliance)
    contact(late, "nouveau@exemple.test")
    assert remind(4) == 2
    assert remind(5) == 0
    mails = outbox.outbox[2:]
    assert sorted(mail.to[0] for mail in mails) == sorted([f"{pair[1].pk}@exemple.test", "nouveau@exemple.test"])
    assert any(mail.subject.startswith("Rappel") for mail in mails)


def test_whoever_stopped_these_notices_is_not_reminded(alliance, agent, pair):
    person = contact(pair[0])
    campaign = opened(alliance, agent)
    NoticeChoice.objects.create(person=person, kind="ties", when="never")
    assert campaigns.remind(campaign=campaign, by=agent, today=TODAY + 5 * DAY, now=NOW + 5 * DAY, address=SITE) == 0


def test_many_letters_leave_by_a_job_once_each(alliance, agent):
    for number in range(campaigns.AT_ONCE + 1):
        contact(ActorFactory(alliance=alliance), f"c{number}@exemple.test")
    today = alliance.today()
    campaign = opened(alliance, agent, opens_on=today, closes_on=today, today=today)
    assert len(outbox.outbox) == 0
    job = Job.objects.get(kind="actors.tie_campaign")
    run = jobs._handlers["actors.tie_campaign"].run
    ctx = jobs.Context(job, job.token)
    ctx.progress = lambda *args, **kwargs: None
    for _ in range(2):
        run(ctx, **job.params)
        assert len(outbox.outbox) == campaigns.AT_ONCE + 1
    assert selectors.progress_of(campaign).invited == campaigns.AT_ONCE + 1


def test_a_campaign_to_come_writes_on_its_first_day_and_closes_after_its_last(alliance, agent, pair):
    contact(pair[0])
    campaign = opened(alliance, agent, opens_on=TODAY + 3 * DAY, closes_on=TODAY + 10 * DAY)
    assert campaigns.daily(NOW) == 0
    assert campaigns.daily(NOW + 3 * DAY) == 1
    assert campaigns.daily(NOW + 3 * DAY) == 0
    assert len(outbox.outbox) == 1
    campaigns.daily(NOW + 10 * DAY)
    campaign.refresh_from_db()
    assert campaign.closed_at is None
    assert campaigns.daily(NOW + 11 * DAY) == 1
    campaign.refresh_from_db()
    assert campaign.closed_at is not None


def test_two_campaigns_never_run_in_the_same_days(alliance, agent):
    first = opened(alliance, agent)
    with pytest.raises(ValidationError, match="mêmes dates"):
        opened(alliance, agent, opens_on=TODAY + DAY, closes_on=TODAY + 50 * DAY)
    campaigns.close(campaign=first, by=agent, now=NOW)
    opened(alliance, agent)
    with pytest.raises(ValidationError, match="fermée"):
        campaigns.close(campaign=first, by=agent, now=NOW)
    with pytest.raises(ValidationError, match="fermée"):
        campaigns.remind(campaign=first, by=agent, today=TODAY, now=NOW, address=SITE)


def test_dates_that_cannot_be_are_refused(alliance, agent):
    for opens, closes in ((TODAY, TODAY - DAY), (TODAY - 9 * DAY, TODAY - DAY)):
        with pytest.raises(ValidationError, match="se termine"):
            opened(alliance, agent, opens_on=opens, closes_on=closes)


def test_only_who_steers_runs_a_campaign(alliance, pair):
    campaign = opened(alliance, user_with(alliance))
    others = [user_with(alliance, kind) for kind in ("member", "observer", "evaluator", "elected", "treasurer")]
    for user in (*others, speaker(pair[0]).user, user_with(AllianceFactory()), None):
        with pytest.raises(PermissionDenied):
            opened(alliance, user)
        with pytest.raises(PermissionDenied):
            campaigns.remind(campaign=campaign, by=user, today=TODAY, now=NOW, address=SITE)
        with pytest.raises(PermissionDenied):
            campaigns.close(campaign=campaign, by=user, now=NOW)


def test_the_page_shows_who_answered_and_who_is_to_be_reached_otherwise(client, alliance, agent, pair):
    contact(pair[0])
    today = alliance.today()
    campaign = opened(alliance, agent, opens_on=today, closes_on=today, today=today)
    signed_in(client, alliance)
    address = reverse("actors_in:tie_campaign", args=[alliance.slug, campaign.uuid])
    assert "Le Garde-manger" in client.get(address).content.decode()
    unreached = client.get(address, {"etat": "unreached"}).content.decode()
    assert "La Navette" in unreached
    assert "À rejoindre autrement (1)" in unreached
    assert "0 sur 2" in unreached


def test_the_agent_opens_reminds_and_closes_from_the_pages(client, alliance, pair):
    contact(pair[0])
    signed_in(client, alliance)
    today = alliance.today()
    add = reverse("actors_in:tie_campaign_new", args=[alliance.slug])
    refused = client.post(add, {"name": "Liens", "opens_on": today, "closes_on": today - DAY, "message": "Gardé"})
    assert refused.status_code == 422
    assert "Gardé" in refused.content.decode()
    client.post(add, {"name": "Liens", "opens_on": today, "closes_on": today})
    campaign = TieCampaign.objects.get()
    args = [alliance.slug, campaign.uuid]
    told = client.post(reverse("actors_in:tie_campaign_remind", args=args), follow=True).content.decode()
    assert "Personne à relancer" in told
    client.post(reverse("actors_in:tie_campaign_close", args=args))
    assert TieCampaign.objects.get().closed_at is not None
    assert "Liens" in client.get(reverse("actors_in:tie_campaigns", args=[alliance.slug])).content.decode()


# What waits, the memory, open data


def todos(alliance, user, today):
    return {
        todo.key.rsplit("-", 5)[0]: todo
        for todo in contributions.todo.collect(alliance, user, today)
        if todo.key.startswith("ties-")
    }


def test_what_waits_for_its_people_and_for_the_agent(alliance, agent, pair):
    today = alliance.today()
    now = NOW.replace(year=today.year, month=today.month, day=today.day)
    contact(pair[0])
    a_tie(pair[1], pair[0])
    campaign = opened(alliance, agent, opens_on=today, closes_on=today + 20 * DAY, today=today, now=now)
    ours, theirs = speaker(pair[0]).user, speaker(pair[1]).user
    waiting = todos(alliance, ours, today)
    assert {todo.title for todo in waiting.values()} == {
        "1 lien à confirmer pour Le Garde-manger", "Mettre à jour les liens de Le Garde-manger",
    }  # fmt: skip
    assert {todo.title for todo in todos(alliance, theirs, today).values()} == {"Mettre à jour les liens de La Navette"}
    assert todos(alliance, agent, today) == {}
    [remind] = todos(alliance, agent, today + 8 * DAY).values()
    assert remind.title == "1 organisme n’a pas répondu sur ses liens"
    Tie.objects.update(answer="confirmed")
    CampaignReply.objects.update(answered_at=now)
    assert todos(alliance, ours, today) == todos(alliance, agent, today + 8 * DAY) == {}
    assert todos(alliance, user_with(alliance, "member"), today) == {}
    assert campaign.pk


def test_the_memory_tells_of_closed_campaigns_with_their_counts(alliance, agent, pair):
    campaign = opened(alliance, agent)
    campaigns.record_reply(actor=pair[0], by=None, person=None, today=TODAY, now=NOW, via="link")
    titles = lambda day: [entry.title for entry in contributions.timeline.collect(alliance, None, day, limit=20)]  # noqa: E731
    assert not any("liens" in title for title in titles(TODAY))
    campaigns.close(campaign=campaign, by=agent, now=NOW)
    assert "1 membres sur 2 mettent leurs liens à jour" in titles(TODAY)


def test_open_data_holds_public_ties_by_ids_never_their_words(alliance, agent, pair):
    shelter = ActorFactory(alliance=alliance, is_public=False)
    a_tie(pair[0], pair[1], how="Nos mots", since=dt.date(2024, 1, 1), answer="confirmed")
    a_tie(pair[0], pair[1], kind="funding", until=dt.date(2026, 1, 1))
    a_tie(pair[0], shelter)
    a_tie(pair[0], pair[1], kind="premises", answer="declined")
    [table] = [one for one in contributions.exports.collect(alliance, agent, TODAY) if one.name == "ties"]
    rows = list(table.rows())
    assert [row[2:] for row in rows] == [
        ("funding", None, dt.date(2026, 1, 1), False), ("project", dt.date(2024, 1, 1), None, True),
    ]  # fmt: skip
    assert {row[0] for row in rows} | {row[1] for row in rows} == {str(actor.uuid) for actor in pair}
    assert all(len(row) == len(table.header) for row in rows)
