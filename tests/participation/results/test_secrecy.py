"""No group under the threshold is shown, not even by subtraction; nothing that is counted says who answered what."""

from __future__ import annotations

import json
import random

import pytest
from django.urls import reverse

from maillage.core.models import AuditEntry
from maillage.participation.consultations.models import AboutQuestion
from maillage.participation.models import Ballot, Result
from maillage.participation.results import counting, groups
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Method
from tests.participation.factories import NOW
from tests.participation.results.makers import bytes_of, cast, close, counted, step_of

pytestmark = pytest.mark.django_db


def by_age(sizes: dict[str, int], answers=None) -> Result:
    """A result where so many people of each age answered."""
    step = step_of()
    AboutQuestion.objects.create(consultation=step.consultation, kind="age", purpose="Entendre chaque âge.")
    rng = random.Random(3)
    for age, size in sizes.items():
        for _person in range(size):
            content = answers[age] if answers else [rng.randint(1, 6) for _ in range(3)]
            cast(step, content, about={"age": age} if age else None)
    return close(step)


def test_a_small_group_is_hidden_and_another_with_it():
    result = by_age({"18-29": 3, "30-44": 9, "45-64": 12, "65-": 20})
    shown = dict(result.who["age"])
    assert shown["18-29"] is None
    assert list(shown.values()).count(None) >= 2
    assert shown["65-"] == 20


def test_the_page_says_why_figures_are_hidden(client):
    result = by_age({"18-29": 3, "30-44": 9, "45-64": 12, "65-": 20})
    consultation = result.step.consultation
    text = client.get(
        reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid])
    ).content.decode()
    assert "Pourquoi des chiffres sont cachés" in text
    assert "non publié" in text


def test_nobody_is_found_by_subtraction_in_what_groups_say():
    """Each group's share of each option: whoever knows all that is shown cannot place a hidden group of few people."""
    result = by_age({"18-29": 6, "30-44": 30, "45-64": 30, "65-": 30})
    for table in result.data["groups"].values():
        for place in range(len(table["options"])):
            column = [row[place] for row in table["shares"]]
            # A cell hidden alone would be given back by the total of its option.
            hidden = column.count(None)
            unseen = sum(len(rows) for rows in [result.who["age"]]) - len(table["groups"])
            assert hidden != 1 or unseen


def test_a_group_that_answers_as_one_is_not_shown_to_be_unanimous():
    answers = {"18-29": [6, 1, 1], "30-44": [1, 6, 1], "65-": [4, 4, 4]}
    result = by_age({"18-29": 8, "30-44": 9, "65-": 10}, answers)
    for table in result.data["groups"].values():
        for row in table["shares"]:
            assert 100 not in row


def test_channels_are_counted_side_by_side():
    step = step_of()
    for channel, size in (("online", 12), ("kiosk", 7)):
        for _person in range(size):
            cast(step, [6, 3, 2], channel=channel)
    urn.add_paper(step=step, contents=["[5,5,5]"] * 9, batch="3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c", now=NOW)
    result = close(step)
    assert dict(result.who[groups.CHANNEL]) == {"online": 12, "kiosk": 7, "paper": 9}
    assert set(result.data["groups"][groups.CHANNEL]["groups"]) == {"online", "kiosk", "paper"}


def test_a_few_on_line_who_said_nothing_are_not_found_by_the_table_of_channels():
    """Paper asks nothing « about you »: less the ballots on paper, those without age would be two people on line."""
    step = step_of()
    for age, favourable, others in (("18-29", 7, 1), ("30-44", 7, 7), ("65-", 8, 7), ("", 2, 0)):
        for answers in [[6, 3, 3]] * favourable + [[1, 3, 3]] * others:
            cast(step, answers, about={"age": age} if age else None)
    urn.add_paper(
        step=step, contents=["[6,3,3]", "[1,3,3]"] * 10, batch="3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c", now=NOW
    )
    result = close(step)
    channels, ages = dict(result.who[groups.CHANNEL]), dict(result.who["age"])
    assert channels == {"online": 39, "paper": 20}
    assert (ages[groups.ON_PAPER], ages[groups.NOT_SAID], ages["18-29"]) == (20, None, None)
    # All who are for it, less paper and the ages shown, leaves ten people: only one of them is not for it.
    tables = result.data["groups"]
    assert tables[groups.CHANNEL]["shares"][tables[groups.CHANNEL]["groups"].index("paper")] == [50]
    assert tables["age"]["groups"] == ["30-44", "65-"]
    assert [None] in tables["age"]["shares"]


def test_paper_hidden_among_channels_is_hidden_among_ages_too():
    step = step_of()
    for age in ("18-29", "30-44"):
        for _person in range(12):
            cast(step, [6, 1, 4], about={"age": age})
    urn.add_paper(step=step, contents=["[6,1,1]"] * 3, batch="3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c", now=NOW)
    result = close(step)
    assert dict(result.who[groups.CHANNEL])["paper"] is None
    assert dict(result.who["age"])[groups.ON_PAPER] is None


def test_the_published_file_has_no_channel_nor_answer_about_oneself():
    result = by_age({"18-29": 6, "65-": 7})
    text = bytes_of(result.file).decode()
    assert text.splitlines()[0].startswith("bulletin,")
    assert "18-29" not in text
    assert "online" not in text
    assert len(text.splitlines()) == 14


def test_ballots_are_published_in_the_order_of_the_shaken_urn():
    step = step_of()
    for grade in (1, 2, 3, 4, 5, 6) * 4:
        cast(step, [grade, 0, 0])
    result = close(step)
    order = [line.split(",")[1] for line in bytes_of(result.file).decode().splitlines()[1:]]
    stored = [
        json.loads(c)[0] for c in Ballot.objects.filter(step=step).order_by("id").values_list("content", flat=True)
    ]
    assert order == [str(grade) for grade in stored]
    assert order != [str(grade) for grade in (1, 2, 3, 4, 5, 6) * 4]


def test_the_list_of_receipts_holds_the_mark_of_mine():
    import hashlib
    import hmac

    step = step_of()
    receipts = [cast(step, [6, 5, 4]) for _person in range(6)]
    result = close(step)
    step.urn_key.refresh_from_db()
    marks = bytes_of(result.receipts_file).decode().splitlines()[1:]
    assert len(marks) == 6
    assert marks == sorted(marks)
    for receipt in receipts:
        mine = hmac.new(bytes.fromhex(step.urn_key.receipts_key), receipt.encode(), hashlib.sha256).hexdigest()
        assert mine in marks
    assert receipts[0] not in "".join(marks)


def test_fewer_ballots_than_the_threshold_give_no_file_nor_receipts():
    result = counted([[6, 5, 4]] * 4)
    assert result.withheld
    assert (result.file, result.receipts_file, result.command) == (None, None, "")


def test_a_recount_keeps_the_former_one_in_the_log_in_aggregate_only():
    step = step_of()
    for _person in range(8):
        cast(step, [6, 2, 3])
    batch = "3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c"
    urn.add_paper(step=step, contents=["[1,6,6]"] * 9, batch=batch, now=NOW)
    first = close(step)
    former = first.file
    urn.remove_batch(step=step, batch=batch)
    counting.count(step, now=NOW)
    entry = AuditEntry.objects.get(action="participation.recounted")
    assert (entry.before["ballots"], entry.after["ballots"]) == (17, 8)
    assert set(entry.before) == {"ballots", "order"}
    assert not type(former).objects.filter(pk=former.pk).exists()


def test_all_methods_count_a_blank_ballot_as_one():
    for method, blank in ((Method.GRADES, [0, 0, 0]), (Method.APPROVAL, []), (Method.SCORE, [None] * 3),
                          (Method.RANKING, [0, 0, 0]), (Method.BUDGET, [])):  # fmt: skip
        costs = (100, 200, 300) if method == Method.BUDGET else ()
        extra = {"envelope_cents": 30_000} if costs else {}
        result = counted([blank] * 6, method, costs=costs, **extra)
        assert result.data["blank"] == result.ballots == 6


def test_groups_stand_in_the_order_of_who_took_part(client):
    result = by_age({"65-": 9, "18-29": 8, "30-44": 10})
    consultation = result.step.consultation
    text = client.get(
        reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid])
    ).content.decode()
    said = text[text.index("Ce que dit chaque groupe") :]
    assert said.index("18 à 29 ans") < said.index("30 à 44 ans") < said.index("65 ans et plus")


# What everything published together would give back


def test_two_options_that_one_ballot_sets_apart_are_not_both_told_by_group():
    """Six of the youngest are for the first, five for the second; one published ballot is for the first alone."""
    step = step_of()
    AboutQuestion.objects.create(consultation=step.consultation, kind="age", purpose="Entendre chaque âge.")
    for age, both, first, none in (("18-29", 5, 1, 5), ("30-44", 6, 0, 6), ("65-", 7, 0, 7)):
        for content in [[6, 6, 1]] * both + [[6, 1, 1]] * first + [[1, 1, 1]] * none:
            cast(step, content, about={"age": age})
    table = close(step).data["groups"].get("age")
    shown = {} if table is None else dict(zip(table["groups"], table["shares"], strict=True))
    assert [share for share in shown.get("18-29", []) if share is not None] == []


def test_the_list_of_receipts_does_not_tell_how_many_came_on_paper():
    step = step_of()
    for channel, size in (("online", 14), ("kiosk", 6)):
        for _person in range(size):
            cast(step, [6, 3, 2], channel=channel)
    batch = "3f0c2f0e-8a4e-4f3a-9d7e-2f6f9f0a1b2c"
    urn.add_paper(step=step, contents=["[5,5,5]", "[1,1,1]"], batch=batch, now=NOW)
    result = close(step)
    assert dict(result.who[groups.CHANNEL])["paper"] is None
    marks = bytes_of(result.receipts_file).decode().splitlines()[1:]
    assert len(marks) == result.ballots == 22
    assert marks == sorted(set(marks))
    assert {len(mark) for mark in marks} == {64}
    counting.count(step, now=NOW)
    again = Result.objects.get(step=step)
    # Two lists that differ would tell which marks are of nobody.
    assert bytes_of(again.receipts_file).decode().splitlines()[1:] == marks


def test_a_result_counted_anew_after_its_publication_hides_what_it_hid_and_nothing_else():
    """Two ways to hide, each safe, give back together what each of them hides."""
    result = by_age({"18-29": 3, "30-44": 30, "45-64": 34, "65-": 40})
    step = result.step
    who = dict(result.who["age"])
    assert (who["18-29"], who["30-44"]) == (None, None)
    # As if another choice had been published.
    result.who["age"] = [[code, {"30-44": 30, "65-": None}.get(code, n)] for code, n in result.who["age"]]
    table = result.data["groups"]["age"]
    table["groups"] = [{"65-": "30-44"}.get(code, code) for code in table["groups"]]
    hidden = table["options"][-1]
    table["shares"] = [[*row[:-1], None] for row in table["shares"]]
    result.save()
    counting.count(step, now=NOW)
    again = Result.objects.get(step=step)
    assert dict(again.who["age"]) == {"18-29": None, "30-44": 30, "45-64": 34, "65-": None}
    after = again.data["groups"].get("age", {"groups": [], "options": [hidden], "shares": []})
    assert "65-" not in after["groups"]
    assert set(after["options"]) <= set(table["options"])
    assert all(row[after["options"].index(hidden)] is None for row in after["shares"])
