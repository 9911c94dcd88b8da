"""``maillage tally FILE.pb``: every rule and option, on files made here and on elections that really happened."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from tests.config.recount.made import APPROVALS, ENGLISH, FRENCH, answer, budget, call
from tests.config.recount.schema import problems

VARIANTS = [
    *(
        ("greedy", "--utility", utility, skip)
        for utility in ("cost", "cardinality")
        for skip in ("--skip", "--no-skip")
    ),
    ("phragmen",),
    *(
        ("equal-shares", "--utility", utility, "--endowment", endowment, comparison, *completion)
        for utility in ("cost", "cardinality")
        for endowment in ("exact", "integral")
        for comparison in ("--comparison", "--no-comparison")
        for completion in (
            ("--completion", "none"),
            *(
                ("--completion", name, stop)
                for name in ("add1", "add1-greedy")
                for stop in ("--exhaustive-stop", "--no-exhaustive-stop")
            ),
        )
    ),
]


IDLE = [
    ("greedy", ("--completion", "add1"), "--rule greedy"),
    ("greedy", ("--no-exhaustive-stop",), "--rule greedy"),
    ("greedy", ("--endowment", "integral"), "--rule greedy"),
    ("greedy", ("--comparison",), "--rule greedy"),
    ("equal-shares", ("--no-skip",), "--rule equal-shares"),
    ("equal-shares", ("--no-exhaustive-stop",), "--completion none"),
    ("phragmen", ("--utility", "cardinality"), "--rule phragmen"),
    ("phragmen", ("--skip",), "--rule phragmen"),
]


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "made.pb"
    path.write_text(budget(), encoding="utf-8")
    return path


@pytest.mark.parametrize("variant", VARIANTS, ids=" ".join)
def test_every_rule_and_option_gives_one_object_of_the_schema(made, variant):
    said = answer("tally", made, "--rule", *variant)
    assert problems(said, "tally-budget") == []
    assert said["rule"] == variant[0]
    ids = {"1": 60, "2": 50, "03": 40, "d é": Fraction("10.5"), "5": 900}
    assert set(said["winners"]) < set(ids)
    assert sum(ids[name] for name in said["winners"]) == Fraction(said["cost"]) <= said["budget"] == 100
    assert said["votes"] == {"1": 5, "2": 5, "03": 3, "d é": 2, "5": 1}
    assert said["voters"] == len(APPROVALS) == 10
    for name, value in zip(variant[1::2], variant[2::2], strict=False):
        if not value.startswith("--"):
            assert said["options"][name[2:]] == value


def test_the_greedy_count_by_hand(made):
    # 1 and 2 have five votes: 2 is cheaper and comes first; 1 no longer fits, 03 does; then the bench no longer does.
    said = answer("tally", made, "--rule", "greedy")
    assert said["winners"] == ["2", "03"]
    assert said["cost"] == 90
    assert said["options"] == {"ties": "cost", "utility": "cost", "skip": True}
    assert answer("tally", made, "--rule", "greedy", "--no-skip")["winners"] == ["2"]
    assert answer("tally", made, "--rule", "greedy", "--ties", "name")["winners"] == ["1", "03"]


@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen"])
@pytest.mark.parametrize("ties", ["cost", "votes", "name", "lot"])
def test_ties_are_broken_as_told_and_a_lot_is_drawn_again_the_same(made, rule, ties):
    more = ("--seed", "7") if ties == "lot" else ()
    said = answer("tally", made, "--rule", rule, "--ties", ties, *more)
    assert said["options"]["ties"] == ties
    assert said["options"].get("seed") == (7 if ties == "lot" else None)
    assert said == answer("tally", made, "--rule", rule, "--ties", ties, *more)


def test_whether_ties_matter_is_said_when_asked(made, tmp_path):
    said = answer("tally", made, "--rule", "greedy", "--check-ties")
    assert problems(said, "tally-budget") == []
    # 1 and 2 have as many votes: the name, and some lots, put 1 first.
    assert {"options": {"ties": "name", "utility": "cost", "skip": True}, "winners": ["1", "03"]} in said["otherwise"]
    shown = call("tally", made, "--rule", "greedy", "--check-ties").stdout
    assert "  --ties name: chosen as well: 1; no longer: 2\n" in shown
    alone = tmp_path / "alone.pb"
    alone.write_text(budget(ballots=["2", "2", "03"]), encoding="utf-8")
    assert answer("tally", alone, "--rule", "greedy", "--check-ties")["otherwise"] == []
    assert "choose the same projects" in call("tally", alone, "--rule", "greedy", "--check-ties").stdout


@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen"])
def test_every_project_is_explained_in_both_languages(made, rule):
    names = ["1", "2", "03", "d é", "5"]
    asked = list(itertools.chain.from_iterable(("--explain", name) for name in names))
    said = answer("tally", made, "--rule", rule, *asked)
    assert problems(said, "tally-budget") == []
    assert list(said["explain"]) == names
    assert {name for name in names if said["explain"][name]["won"]} == set(said["winners"])
    french = answer("tally", made, "--rule", rule, *asked, language=FRENCH)
    for name in names:
        assert said["explain"][name]["lines"]
        assert said["explain"][name]["figures"] == french["explain"][name]["figures"]
        assert said["explain"][name]["lines"] != french["explain"][name]["lines"]
    shown = call("tally", made, "--rule", rule, *asked).stdout
    assert all(line in shown for name in names for line in said["explain"][name]["lines"])


def test_a_project_is_explained_once_however_often_it_is_asked_for(made):
    said = call("tally", made, "--rule", "greedy", "--explain", "1", "--explain", "1").stdout
    assert said.count("1 Patinoire\n") == 1


@pytest.mark.parametrize("language", [FRENCH, ENGLISH])
def test_the_table_says_what_was_chosen_spent_and_how(made, language):
    said = call("tally", made, "--rule", "greedy", language=language).stdout
    assert "Fête des voisins" in said
    assert "Jardin; potager" in said
    assert "--rule greedy --ties cost --utility cost --skip" in said
    french = language == FRENCH
    assert ("10,5" if french else "10.5") in said
    assert (
        "Enveloppe\xa0: 100. Dépensé\xa0: 90. Reste\xa0: 10." if french else "Envelope: 100. Spent: 90. Left: 10."
    ) in said
    assert ("2 projets choisis sur 5" if french else "2 projects chosen of 5") in said


def test_the_column_selected_is_compared_project_by_project(tmp_path):
    path = tmp_path / "a.pb"
    path.write_text(budget(selected={"2": "1", "03": "1", "1": "0", "5": "0", "d é": "0"}), encoding="utf-8")
    said = answer("tally", path, "--rule", "greedy")
    assert said["agreement"] == {"agrees": True, "differs": []}
    assert "says the same" in call("tally", path, "--rule", "greedy").stdout
    path.write_text(budget(selected={"2": "1", "1": "1", "03": "0"}), encoding="utf-8")
    said = answer("tally", path, "--rule", "greedy")
    assert problems(said, "tally-budget") == []
    assert said["agreement"] == {"agrees": False, "differs": ["1", "03"]}
    shown = call("tally", path, "--rule", "greedy").stdout
    assert "not by this count: 1\n" in shown
    assert "not in the file: 03\n" in shown
    path.write_text(budget(selected={}), encoding="utf-8")
    assert "agreement" not in answer("tally", path, "--rule", "greedy")


def test_the_standard_input_gives_the_same_answer(made):
    asked = ("--rule", "phragmen")
    piped = answer("tally", "-", *asked, content=made.read_bytes())
    assert piped | {"file": ""} == answer("tally", made, *asked) | {"file": ""}


@pytest.mark.parametrize(
    ("vote_type", "ballots", "points"),
    [
        ("choose-1", ["1", "2", "1"], None),
        ("ordinal", ["1,2,03", "2,1", "03"], None),
        ("cumulative", ["1,2", "2", "03,1"], ["3,1", "4", "2,2"]),
        ("scoring", ["1,2", "2", "03,1"], ["3,0", "4", "2,2"]),
    ],
)
@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen"])
def test_every_vote_type_is_counted(tmp_path, vote_type, ballots, points, rule):
    path = tmp_path / "a.pb"
    path.write_text(budget(vote_type=vote_type, ballots=ballots, points=points), encoding="utf-8")
    said = answer("tally", path, "--rule", rule, "--explain", "5")
    assert problems(said, "tally-budget") == []
    assert said["vote_type"] == vote_type


@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen"])
@pytest.mark.parametrize(("ballots", "envelope"), [([], "100"), (["", ""], "100"), (APPROVALS, "0")])
def test_nobody_and_nothing_to_spend(tmp_path, rule, ballots, envelope):
    path = tmp_path / "a.pb"
    path.write_text(budget(ballots=ballots, envelope=envelope), encoding="utf-8")
    more = ("--completion", "add1-greedy") if rule == "equal-shares" else ()
    said = answer("tally", path, "--rule", rule, *more, "--explain", "1")
    assert problems(said, "tally-budget") == []
    assert call("tally", path, "--rule", rule, *more).exit_code == 0


def test_what_is_doubtful_is_said_beside_the_answer(tmp_path):
    path = tmp_path / "a.pb"
    path.write_text(budget().replace("num_votes;10", "num_votes;11"), encoding="utf-8")
    done = call("tally", path, "--rule", "greedy")
    assert done.exit_code == 0
    assert done.stderr.startswith("Note: ")
    assert len(answer("tally", path, "--rule", "greedy")["warnings"]) == 1


def test_names_of_a_file_never_drive_the_terminal(tmp_path):
    path = tmp_path / "a.pb"
    path.write_text(
        budget().replace("Patinoire", "Pat\x1b[2Jin\u202eoire[red]").replace("Fête", "F\x1b[1m"), encoding="utf-8"
    )
    done = call("tally", path, "--rule", "greedy", "--explain", "1")
    assert "Pat[2Jinoire[red]" in done.output
    assert "\x1b" not in done.output


# Elections that really happened


WIELICZKA, SWIECIE, ASSEN = (
    "Poland_Wieliczka_2023_Green_Budget.pb",
    "Poland_Swiecie_2023.pb",
    "Netherlands_Assen_2024.pb",
)
STOPS = ("--exhaustive-stop", "--no-exhaustive-stop")


@pytest.mark.real_data
@pytest.mark.parametrize("endowment", ["exact", "integral"])
@pytest.mark.parametrize(
    ("name", "variant"),
    [
        (WIELICZKA, ("--completion", "add1", "--no-exhaustive-stop")),
        *((SWIECIE, ("--completion", name, stop)) for name in ("add1", "add1-greedy") for stop in STOPS),
        *((ASSEN, ("--completion", "add1", stop)) for stop in STOPS),
    ],
    ids=str,
)
def test_the_outcomes_that_happened_come_out(real_data, name, variant, endowment):
    asked = ("tally", real_data / "budgets" / name, "--rule", "equal-shares", "--endowment", endowment, *variant)
    said = answer(*asked)
    assert said["agreement"] == {"agrees": True, "differs": []}
    if name == WIELICZKA:
        assert len(said["winners"]) == 30
        # The rule of this town has the comparison step.
        compared = answer(*asked, "--comparison")
        assert compared["winners"] == said["winners"]
        assert compared["comparison"]["kept"] == "equal-shares"
        assert problems(compared, "tally-budget") == []


@pytest.mark.real_data
@pytest.mark.parametrize("rule", ["greedy", "phragmen", "equal-shares"])
def test_every_real_file_is_counted(real_data, rule):
    paths = sorted((real_data / "budgets").glob("*.pb"))
    assert len(paths) == 9
    for path in paths:
        said = answer("tally", path, "--rule", rule)
        assert problems(said, "tally-budget") == []
        assert said["winners"]


@pytest.mark.parametrize(("rule", "options", "what"), IDLE, ids=str)
def test_an_option_of_another_rule_changes_nothing_and_is_said(made, rule, options, what):
    plain = call("tally", made, "--rule", rule, "--json", language=ENGLISH)
    given = call("tally", made, "--rule", rule, "--json", *options, language=ENGLISH)
    assert (given.exit_code, given.stdout) == (0, plain.stdout)
    assert given.stderr == f"Note: {options[0].replace('--no-', '--')} changes nothing with {what}.\n"
    french = call("tally", made, "--rule", rule, "--json", *options, language=FRENCH)
    assert french.stderr.endswith(f" ne change rien avec {what}.\n")
