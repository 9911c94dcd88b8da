"""The published ballots, counted by the command, give the published result; so do they with pabutools."""

from __future__ import annotations

import json
import random
import shlex

import pytest
from click.testing import CliRunner

from maillage.config.cli import main
from maillage.methods.budgeting.election import Ties
from maillage.methods.budgeting.read import read_pabulib
from maillage.participation.consultations import lifecycle
from maillage.participation.models import Batch
from maillage.participation.results import priorities, publishing
from maillage.participation.results.counting import count, voided_batches
from maillage.participation.urn.services import add_paper, open_urn
from maillage.participation.vocabulary import COUNTINGS, Counting, Method
from tests.methods.budgeting.peer import same_ties
from tests.participation.factories import NOW
from tests.participation.results.makers import bytes_of, cast, counted, step_of

pytestmark = pytest.mark.django_db
LABELS = ("Se loger, sans se ruiner", "Manger « à sa faim »", "Se déplacer", "Garder\tses enfants")
COSTS = (500, 300, 250, 120)


def drawn(method: Method, rng: random.Random) -> list:
    size = len(LABELS)
    if method == Method.GRADES:
        return [rng.randint(0, 6) for _ in range(size)]
    if method == Method.SCORE:
        return [rng.choice([None, 0, 1, 2, 3, 4, 5]) for _ in range(size)]
    if method == Method.RANKING:
        return [rng.choice([0, 1, 2, 3, 4]) for _ in range(size)]
    return sorted(rng.sample(range(1, size + 1), rng.randint(0, 3)))


def recount(result, tmp_path) -> dict:
    """What the command printed on the page answers, run in the folder where the file was saved."""
    file = tmp_path / result.file.name
    file.write_bytes(bytes_of(result.file))
    words = shlex.split(result.command)
    assert words[:3] == ["maillage", "tally", result.file.name]
    done = CliRunner().invoke(main, ["tally", str(file), *words[3:], "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


CASES = [(method, counting) for method, countings in COUNTINGS.items() for counting in countings]


@pytest.mark.parametrize(("method", "counting"), CASES)
def test_the_command_of_the_page_gives_the_result_of_the_page(method, counting, tmp_path):
    rng = random.Random(7)
    costs = COSTS if method == Method.BUDGET else ()
    extra = {"envelope_cents": 80_000} if costs else {}
    ballots = [drawn(method, rng) for _ in range(60)]
    result = counted(ballots, method, rule=counting, labels=LABELS, costs=costs, **extra)
    answer = recount(result, tmp_path)
    if method == Method.BUDGET:
        assert [int(name) for name in answer["winners"]] == result.data["winners"]
        return
    order = [[int(name.split(".")[0]) for name in group] for group in answer["ranking"]]
    assert [sorted(group) for group in order] == [sorted(group) for group in result.data["order"]]
    assert answer["ballots"] == result.ballots == 60


ODD = {
    Method.GRADES: ([4, 4, 4, 4], [6, 1, 1, 6], [1, 6, 6, 1]),
    Method.SCORE: ([5, 5, 5, 5], [0, None, 5, 0], [5, None, 0, 5]),
    Method.RANKING: ([1, 1, 1, 1], [1, 2, 3, 0], [3, 2, 1, 0]),
    Method.APPROVAL: ([1, 2, 3, 4], [1], [3]),
    Method.BUDGET: ([1, 2, 3, 4], [1], [3]),
}
BLANK = {Method.GRADES: [0] * 4, Method.SCORE: [None] * 4, Method.RANKING: [0] * 4}


@pytest.mark.parametrize(("method", "counting"), CASES)
def test_so_it_does_with_ties_blanks_an_option_withdrawn_and_a_batch_voided(method, counting, tmp_path):
    costs = (300, 300, 300, 300) if method == Method.BUDGET else ()
    step = step_of(method, rule=counting, labels=LABELS, costs=costs, **({"envelope_cents": 60_000} if costs else {}))
    blank = BLANK.get(method, [])
    for ballot in [*ODD[method] * 4, *[blank] * 6]:
        cast(step, ballot)
    batch = Batch.objects.create(step=step, number=1, printed=9, handed_out=9, returned=9, state="accepted")
    add_paper(step=step, contents=[json.dumps(ODD[method][1], separators=(",", ":"))] * 9, batch=batch.uuid, now=NOW)
    Batch.objects.update(state="voided", void_why="Feuilles copiées.")
    step.options.filter(number=2).update(withdrawn_at=NOW, withdrawn_why="Réglé entre-temps.")
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    open_urn(step, now=NOW, voided=lambda: voided_batches(step))
    result = count(step, now=NOW)
    assert (result.ballots, result.data["blank"]) == (18, 6)
    answer = recount(result, tmp_path)
    if method == Method.BUDGET:
        assert [int(name) for name in answer["winners"]] == result.data["winners"]
        assert 2 not in result.data["winners"]
        return
    order = [sorted(int(name.split(".")[0]) for name in group) for group in answer["ranking"]]
    assert order == [sorted(group) for group in result.data["order"]]
    assert {number for group in order for number in group} == {1, 3, 4}
    assert any({1, 3} <= set(group) for group in order), "equal options stay equal"
    assert answer["ballots"] == 18


@pytest.mark.parametrize("counting", [Counting.EQUAL_SHARES, Counting.GREEDY])
def test_pabutools_gives_the_result_of_the_page(counting, tmp_path):
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares

    rng = random.Random(11)
    ballots = [drawn(Method.BUDGET, rng) for _ in range(60)]
    result = counted(ballots, Method.BUDGET, rule=counting, labels=LABELS, costs=COSTS, envelope_cents=80_000)
    file = tmp_path / "bulletins.pb"
    file.write_bytes(bytes_of(result.file))
    instance, profile = parse_pabulib(str(file))
    ties = same_ties(read_pabulib(file), Ties.COST)
    if counting == Counting.GREEDY:
        chosen = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
    else:
        chosen = method_of_equal_shares(
            instance, profile, sat_class=Cost_Sat, tie_breaking=ties, voter_budget_increment=1
        )
    assert sorted(int(project.name) for project in chosen) == sorted(result.data["winners"])


@pytest.mark.parametrize("method", [Method.GRADES, Method.RANKING])
@pytest.mark.parametrize("withdrawn", [0, 2, 4])
def test_lines_taken_as_they_are_are_those_that_would_be_written(method, withdrawn, monkeypatch):
    rng = random.Random(3)
    step = step_of(method, labels=LABELS)
    if withdrawn:
        step.options.filter(number=withdrawn).update(withdrawn_at=NOW, withdrawn_why="Fini.")
    options = priorities.standing(step)
    contents = [json.dumps(drawn(method, rng), separators=(",", ":")) for _ in range(40)]
    fast = publishing.publish(step, options, contents)
    monkeypatch.setattr(publishing, "_as_they_are", lambda contents, numbers: None)
    assert fast == publishing.publish(step, options, contents)
