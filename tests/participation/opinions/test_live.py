"""Groups while people answer: aggregates only, rounded, and never enough to tell one person by difference."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse

from maillage.core.models import Job
from maillage.participation.consultations import lifecycle
from maillage.participation.models import OpinionReading
from maillage.participation.opinions import live
from maillage.participation.results import counting
from maillage.participation.urn import services as urn
from tests.factories import PersonFactory, RoleFactory, UserFactory
from tests.participation.factories import NOW, StepFactory
from tests.participation.makers import close, taken
from tests.participation.opinions.makers import camps, cast, step_of

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=6)


def page_of(client, step):
    return client.get(
        reverse("participation_in:opinions", args=[step.consultation.alliance.slug, step.consultation.uuid, 0])
    )


@pytest.fixture
def public():
    step = step_of()
    step.consultation.alliance.is_public = True
    step.consultation.alliance.save()
    return step


def test_groups_are_read_in_the_background_once_enough_have_answered(public):
    for n in range(9):
        cast(public, {1: 1, 2: -1 if n % 2 else 1})
    assert live.look(NOW) == 0
    assert live.read(public, now=NOW) is None
    camps(public)
    assert live.look(NOW) == 1
    assert Job.objects.filter(kind=live.KIND).count() == 1
    assert live.look(NOW) == 0  # one is under way
    assert live.read(public, now=NOW).participants == 35


def test_a_new_reading_waits_for_time_and_for_as_many_ballots_as_the_smallest_group(public):
    camps(public)
    assert live.read(public, now=NOW) is not None
    for _n in range(4):
        cast(public, dict.fromkeys(range(1, 9), 1))
    assert live.read(public, now=LATER) is None  # four more people: their votes could be told
    cast(public, dict.fromkeys(range(1, 9), 1))
    assert live.read(public, now=NOW + dt.timedelta(minutes=1)) is None
    assert live.read(public, now=LATER).participants == 31


def test_a_changed_ballot_makes_no_new_reading(public):
    camps(public)
    receipt = cast(public, {1: 1})
    live.read(public, now=NOW)
    before = OpinionReading.objects.get().data
    urn.change(consultation=public.consultation, receipt=receipt, contents={public: json.dumps({"1": -1})}, now=NOW)
    assert live.read(public, now=LATER) is None
    assert OpinionReading.objects.get().data == before


def test_only_rounded_aggregates_are_kept(public):
    camps(public, (23, 18))
    data = live.read(public, now=NOW).data
    assert data["people"] % 5 == data["ballots"] % 5 == 0
    assert all(group["size"] % 5 == 0 for group in data["groups"])
    shares = [share for row in data["statements"] for counts in (row["all"], *(row["parts"] or [])) for share in counts]
    assert {share % 5 for share in shares} == {0}
    assert data["cells"] == []
    assert "coordinates" not in json.dumps(data)


def test_one_more_vote_among_fifty_is_not_seen_in_the_figures(public):
    camps(public, (28, 22))
    first = live.read(public, now=NOW).data["statements"]
    for _n in range(5):
        cast(public, {1: 1})
    second = live.read(public, now=LATER).data["statements"]
    assert [row["all"] for row in first if row["n"] != 1] == [row["all"] for row in second if row["n"] != 1]


def test_everyone_sees_the_groups_while_it_is_open_and_nobody_between_closing_and_publication(
    client, public, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    camps(public)
    assert "opinion-bar" not in page_of(client, public).content.decode()
    live.read(public, now=NOW)
    page = page_of(client, public).content.decode()
    assert "opinion-bar" in page
    close(public, published=False)
    page = page_of(client, public).content.decode()
    assert "opinion-bar" not in page
    agent = RoleFactory(
        person=PersonFactory(alliance=public.consultation.alliance, user=UserFactory()), kind="agent"
    ).person.user
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    assert "opinion-bar" in page_of(client, public).content.decode()


def test_a_step_that_closed_before_the_others_waits_for_the_publication_as_they_do(client, public, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    StepFactory(consultation=public.consultation, position=1)
    camps(public)
    lifecycle.close_step(step=public, now=NOW)
    urn.open_urn(public, now=NOW)
    counting.count(public, now=NOW)
    assert "opinion-bar" not in page_of(client, public).content.decode()


def test_the_page_is_the_same_number_of_queries_for_eight_statements_and_for_many(client, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    counts = []
    for size in (8, 60):
        step = step_of(size)
        step.consultation.alliance.is_public = True
        step.consultation.alliance.save()
        camps(step, statements=size)
        live.read(step, now=NOW)
        page_of(client, step)
        with CaptureQueriesContext(connection) as seen:
            assert page_of(client, step).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_last_groups_are_those_of_the_count(client, public):
    camps(public)
    live.read(public, now=NOW)
    result = close(public)
    page = page_of(client, public).content.decode()
    assert f"{result.data['groups'][0]['size']} " in page.replace("\u00a0", " ")
    assert live.read(public, now=LATER) is None


def test_the_results_page_tells_the_groups_in_words_with_the_command_to_recount(client, public):
    camps(public)
    close(public)
    page = client.get(
        reverse("participation_in:results", args=[public.consultation.alliance.slug, public.consultation.uuid])
    ).content.decode()
    assert "maillage opinions votes-1.csv" in page.replace("</span>", "").replace("<span>", "")
    assert page.index("panel-deep") < page.index("opinion-map")
    files = taken(client, public)
    assert set(files) == {"image.svg", "image-2.svg", "tableau.xlsx", "resultats.pdf"}
    assert b"opinion-map" in files["image-2.svg"]
    assert b"var(" not in files["image-2.svg"], "a picture taken away has its own colours"
    assert "Énoncé fictif numéro 1." in page
