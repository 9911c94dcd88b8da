"""From votes to groups: recountable by anyone, and nobody alone."""

from __future__ import annotations

import json
import shlex

import pytest
from click.testing import CliRunner

from maillage.methods import opinion
from maillage.participation.models import Statement
from maillage.participation.opinions import ballot, grouping, kind, showing
from tests.participation.factories import ConsultationFactory
from tests.participation.makers import close
from tests.participation.opinions.makers import camps, cast, step_of

pytestmark = pytest.mark.django_db


def counted(step, contents):
    return grouping.aggregates(step, grouping.gather(step, contents), redraws=0)


def refuse(step, number):
    Statement.objects.filter(step=step, number=number).update(state="refused", reason="hate")


def test_the_published_votes_give_the_same_groups_by_the_command_that_the_page_gives(tmp_path):
    from maillage.config.recount.opinions import opinions

    step = step_of()
    camps(step)
    for _person in range(6):
        cast(step, {1: 1, 2: -1})  # too few answers to be in a group
    refuse(step, 8)
    result = close(step)
    with result.file.file.open("rb") as handle:
        (tmp_path / "votes-1.csv").write_bytes(handle.read())
    words = shlex.split(result.command)
    assert words[:3] == ["maillage", "opinions", "votes-1.csv"]
    ran = CliRunner().invoke(opinions, [str(tmp_path / "votes-1.csv"), *words[3:], "--redraws", "0", "--json"])
    assert ran.exit_code == 0, ran.output
    recounted = json.loads(ran.output)
    assert sorted(recounted["sizes"], reverse=True) == [group["size"] for group in result.data["groups"]]
    assert [[one["statement"] for one in said] for said in recounted["representative"]] == [
        [str(one["n"]) for one in group["says"]] for group in result.data["groups"]
    ]
    by_id = {one["id"]: one for one in recounted["statements"]}
    for row in result.data["statements"]:
        assert [part[0] for part in row["parts"]] == [group["agrees"] for group in by_id[str(row["n"])]["groups"]]


def test_two_camps_are_found_and_what_they_share():
    step = step_of()
    camps(step)
    data = close(step).data
    assert [group["size"] for group in data["groups"]] == [14, 12]
    assert [one["n"] for one in data["shared"]] == [1]
    assert 1 not in data["divides"]
    assert len(data["divides"]) == 5
    told = showing.told(step, data)
    assert len(told["headline"]) == 3
    assert [row["n"] for row in told["shared"]] == [1]
    assert [group["letter"] for group in told["groups"]] == ["A", "B"]


def test_nobody_answered():
    step = step_of()
    data = counted(step, [])
    assert data["people"] == 0
    told = showing.told(step, data)
    assert told["nothing"]
    assert not told["map"]
    assert kind.KIND.publish(step, []) is None


def test_one_participant_is_shown_nowhere():
    step = step_of()
    content = json.dumps({str(n): 1 for n in range(1, 9)})
    data = counted(step, [content])
    assert data["statements"] == data["groups"] == data["cells"] == []
    assert kind.KIND.publish(step, [content]) is None
    cast(step, content)
    result = close(step)
    assert result.withheld
    assert result.file is None


def test_everybody_passes():
    step = step_of()
    data = counted(step, [json.dumps({str(n): 0 for n in range(1, 9)})] * 12)
    assert data["groups"] == []
    assert data["shared"] == data["divides"] == []
    assert "passed" in showing.told(step, data)["nothing"] or "passé" in showing.told(step, data)["nothing"]


def test_votes_on_a_refused_statement_are_left_out_and_it_is_said():
    step = step_of()
    contents = [json.dumps({str(n): 1 if n < 8 else -1 for n in range(1, 9)})] * 10
    refuse(step, 8)
    data = counted(step, contents)
    assert 8 not in [row["n"] for row in data["statements"]]
    assert data["refused"] == [8]
    assert data["refusals"] == {"hate": 1}
    told = showing.told(step, data)
    assert any("refus" in line for line in told["notes"])
    assert told["refusals"][0].endswith("1")
    lines = kind.KIND.publish(step, contents).data.decode().splitlines()
    assert lines[0].endswith(",left-out:8")
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"0"}  # what was answered to it is not told


def test_a_statement_that_few_answered_is_in_no_table_and_in_no_file():
    step = step_of()
    contents = [json.dumps({str(n): 1 for n in range(1, 8)})] * 10 + [json.dumps({"1": 1, "8": -1})] * 4
    data = counted(step, contents)
    assert data["few"] == [8]
    assert 8 not in [row["n"] for row in data["statements"]]
    assert kind.KIND.publish(step, contents).data.decode().splitlines()[0] == "participant,1,2,3,4,5,6,7"


def test_no_part_of_a_statement_under_the_threshold_even_by_subtraction():
    step = step_of(9)
    one, other = ({str(n): side for n in range(1, 9)} for side in (1, -1))
    contents = [json.dumps(one)] * 12 + [json.dumps(other)] * 12
    # Twelve of one group and three of the other answered the ninth: everyone less one group would tell the three.
    contents = [json.dumps({**one, "9": 1})] * 12 + [json.dumps({**other, "9": 1})] * 3 + [json.dumps(other)] * 12
    rows = {row["n"]: row for row in counted(step, contents)["statements"]}
    assert rows[9]["parts"] is None
    assert rows[1]["parts"] is not None


def test_whoever_is_in_no_group_is_not_given_away_by_the_difference():
    step = step_of()
    one, other = ({str(n): side for n in range(1, 9)} for side in (1, -1))
    camps_of = [json.dumps(one)] * 12 + [json.dumps(other)] * 12
    for alone, people in ((1, 24), (4, 24), (5, 29)):
        rows = {row["n"]: row for row in counted(step, [*camps_of, *[json.dumps({"1": -1})] * alone])["statements"]}
        assert sum(rows[1]["all"]) == people
        assert [sum(part) for part in rows[1]["parts"]] == [12, 12]


def test_a_group_under_the_threshold_is_not_shown_and_the_command_says_how_many():
    step = step_of()
    one, other = ({str(n): side for n in range(1, 9)} for side in (1, -1))
    contents = [json.dumps(one)] * 20 + [json.dumps(other)] * 3
    data = counted(step, contents)
    assert data["groups"] == []
    assert all(row["parts"] is None for row in data["statements"])
    assert kind.KIND.publish(step, contents).command.endswith("--groups 1")


def test_no_place_on_the_map_is_that_of_a_person():
    step = step_of()
    camps(step, (40, 34))
    data = close(step).data
    assert all(cell[4] >= 5 for cell in data["cells"])
    assert "coordinates" not in json.dumps(data)
    drawing = showing.told(step, data)["map"]
    assert drawing.count("<ellipse") == len(data["groups"]) > 1
    assert drawing.count("<rect") == len(data["cells"])


def test_the_order_of_people_changes_nothing():
    step = step_of()
    one, other = ({str(n): side for n in range(1, 9)} for side in (1, -1))
    contents = [json.dumps(one)] * 12 + [json.dumps(other)] * 9
    assert counted(step, contents) == counted(step, contents[::-1])


def test_a_thousand_statements_are_counted_and_shown_by_pages():
    step = step_of(1000)
    contents = [json.dumps({str(n): 1 if n % 2 else -1 for n in range(1 + k % 3, 1001, 3)}) for k in range(30)]
    data = counted(step, contents)
    assert len(data["statements"]) == 1000
    assert len(showing.told(step, data)["shared"]) <= 10


def test_what_is_no_vote_stops_no_count():
    assert ballot.votes_in("") == ballot.votes_in("[1]") == ballot.votes_in("{") == {}
    assert ballot.votes_in('{"1":2,"2":true,"x":1,"3":-1}') == {3: -1}


def test_the_reader_knows_columns_left_out(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("participant,1,left-out:2\n1,1,0\n2,-1,\n", encoding="utf-8")
    found = opinion.read(path).votes
    assert [(one.id, one.left_out) for one in found.statements] == [("1", False), ("2", True)]
    path.write_text("participant,2,left-out:2\n1,1,0\n", encoding="utf-8")
    with pytest.raises(opinion.read.__globals__["Unreadable"]):
        opinion.read(path)


def test_the_words_say_groups_only_where_the_evidence_does():
    data = {"groups": [{"size": 9}, {"size": 8}], "verdict": "one-cloud"}
    assert "2" not in showing.verdict(data)
    assert "2" in showing.verdict({**data, "verdict": "clear"})
    assert ConsultationFactory.build().threshold == 5
