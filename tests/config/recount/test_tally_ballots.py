"""``maillage tally FILE.csv``: every rule and option on ballots on options, and the ballots of Pabulib files."""

from __future__ import annotations

import inspect
import itertools
from fractions import Fraction

import pytest

from maillage.config.recount import ballots
from maillage.methods.grades.judgment import majority_judgment
from maillage.methods.ranking.approval import approval
from maillage.methods.ranking.borda import borda
from maillage.methods.ranking.instant_runoff import instant_runoff
from maillage.methods.ranking.ranked_pairs import ranked_pairs
from maillage.methods.ranking.schulze import schulze
from maillage.methods.ranking.score import score
from tests.config.recount.made import ENGLISH, FRENCH, answer, budget, call
from tests.config.recount.schema import problems

FUNCTIONS = {
    "majority-judgment": majority_judgment, "approval": approval, "score": score, "borda": borda, "schulze": schulze,
    "ranked-pairs": ranked_pairs, "instant-runoff": instant_runoff,
}  # fmt: skip
GRADES = "voter_id,Jardin,Patinoire,Banc\na,6,2,4\nb,5,6,\nc,1,4,4\n"
CHOICES = {
    "majority-judgment": {"--blank": ["worst", "left-out"]},
    "approval": {"--at-least": ["4", "3.5", "3,5", "-1"]},
    "score": {"--measure": ["sum", "mean", "mean-of-all"]},
    "borda": {"--remaining": ["shared", "lost"]},
    "schulze": {"--strength": ["margins", "winning-votes"], "--unranked": ["last", "aside"]},
    "ranked-pairs": {
        "--strength": ["margins", "winning-votes"], "--unranked": ["last", "aside"],
        "--ties": ["parallel", "together", "lot"],
    },
    "instant-runoff": {"--overvotes": ["split"], "--ties": ["all", "parallel"]},
}  # fmt: skip
VARIANTS = [
    (rule, *itertools.chain.from_iterable(zip(named, values, strict=True)))
    for rule, named in CHOICES.items()
    for values in itertools.product(*named.values())
]


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "made.csv"
    path.write_text(GRADES, encoding="utf-8")
    return path


@pytest.mark.parametrize("zero", [(), ("--zero", "value")], ids=["", "zero"])
@pytest.mark.parametrize("variant", VARIANTS, ids=" ".join)
def test_every_rule_and_option_gives_one_object_of_the_schema(made, variant, zero):
    said = answer("tally", made, "--rule", *variant, *zero, "--explain", "Banc")
    assert problems(said, "tally-ranking") == []
    assert said["rule"] == variant[0]
    assert said["ballots"] == 3
    assert said["names"] == ["Jardin", "Patinoire", "Banc"]
    assert sorted(itertools.chain.from_iterable(said["ranking"])) == sorted(said["names"])
    assert said["explain"]["Banc"]
    for name, value in zip(variant[1::2], variant[2::2], strict=True):
        found = said["options"][name[2:].replace("-", "_")]
        assert Fraction(found) == Fraction(value.replace(",", ".")) if name == "--at-least" else found == value


@pytest.mark.parametrize("rule", ballots.RULES)
def test_the_defaults_that_are_said_are_those_of_the_rule(made, rule):
    given = inspect.signature(FUNCTIONS[rule]).parameters
    for name, value in ballots.DEFAULTS[rule].items():
        assert str(given[name].default) == value
    words = {"at_least", "grades", "seed", "worst"}
    assert {name for name in given if name not in {"ballots", *words}} == set(ballots.DEFAULTS[rule])
    assert answer("tally", made, "--rule", rule)["options"] == ballots.DEFAULTS[rule]


def test_by_hand(made):
    def order(rule: str, *more: str) -> list[list[str]]:
        return answer("tally", made, "--rule", rule, *more)["ranking"]

    # Medians: Jardin 5, Patinoire 4, Banc 4 (its blank is the worst grade). Patinoire has 6 above, Banc has 4 and 1.
    assert order("majority-judgment") == [["Jardin"], ["Patinoire"], ["Banc"]]
    assert order("approval") == [["Jardin", "Patinoire"], ["Banc"]]
    assert order("approval", "--at-least", "5") == [["Jardin"], ["Patinoire"], ["Banc"]]
    assert order("score") == [["Jardin", "Patinoire"], ["Banc"]]
    assert order("score", "--measure", "mean") == [["Jardin", "Patinoire", "Banc"]]
    said = answer("tally", made, "--rule", "borda")["details"]["points"]
    assert said == {"Jardin": 3, "Patinoire": "3.5", "Banc": "2.5"}
    rounds = answer("tally", made, "--rule", "instant-runoff")["details"]["rounds"]
    assert rounds[0]["votes"] == {"Jardin": 1, "Patinoire": "1.5", "Banc": "0.5"}
    assert rounds[0]["eliminated"] == ["Banc"]


@pytest.mark.parametrize("rule", ballots.RANKINGS)
def test_ranks_turn_the_order(tmp_path, rule):
    grades, ranks = tmp_path / "grades.csv", tmp_path / "ranks.csv"
    grades.write_text("A,B,C\n3,2,1\n3,2,1\n1,3,\n")
    ranks.write_text("A,B,C\n1,2,3\n1,2,3\n2,1,\n")
    assert (
        answer("tally", ranks, "--rule", rule, "--ranks")["ranking"]
        == answer("tally", grades, "--rule", rule)["ranking"]
    )


def test_a_table_whose_first_option_begins_as_a_budget_does_is_a_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Metal,Wood\n2,1\n")
    assert answer("tally", path, "--rule", "borda")["ranking"] == [["Metal"], ["Wood"]]
    path.write_text(budget(), encoding="utf-8")
    assert answer("tally", path, "--rule", "greedy")["winners"] == ["2", "03"]


def test_preferences_are_read(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("count,preferences\n3,A > B > C\n2,B = C > A\n")
    said = answer("tally", path, "--rule", "schulze")
    assert said["ballots"] == 5
    assert said["ranking"] == [["A"], ["B"], ["C"]]


def test_grades_have_the_names_that_are_given(made):
    said = answer("tally", made, "--rule", "majority-judgment", "--grades", "A,B,C,D,E,F")
    assert said["details"]["grades"] == list("ABCDEF")
    assert said["details"]["profiles"]["Jardin"]["median"] == "B"
    assert "A, B, C, D, E, F" in call("tally", made, "--rule", "majority-judgment", "--grades", "A,B,C,D,E,F").stdout


@pytest.mark.parametrize(
    ("variant", "french", "english"),
    [
        (("majority-judgment",), "Mention majoritaire", "Majority grade"),
        (("approval",), "Approbations", "Approvals"),
        (("score",), "Note", "Score"),
        (("borda",), "Points", "Points"),
        (("schulze",), "Duels gagnés", "Duels won"),
        (("ranked-pairs", "--ties", "lot", "--seed", "3"), "--ties lot --seed 3", "--ties lot --seed 3"),
        (("instant-runoff",), "Tour 2", "Round 2"),
    ],
    ids=str,
)
def test_the_table_is_in_the_language_of_the_terminal(made, variant, french, english):
    for language, words in ((FRENCH, french), (ENGLISH, english)):
        said = call("tally", made, "--rule", *variant, "--explain", "Jardin", language=language).stdout
        assert words in said
        assert "Jardin" in said
        assert f"--rule {variant[0]}" in said


def test_approval_says_from_which_number_it_approves(tmp_path, made):
    said = call("tally", made, "--rule", "approval", language=ENGLISH).stdout
    assert "Every number from 1 to 6 counts as an approval." in said
    assert "To approve from a higher one: --at-least 4." in said
    said = call("tally", made, "--rule", "approval", language=FRENCH).stdout
    assert "Tout nombre de 1 à 6 compte comme une approbation." in said
    said = call("tally", made, "--rule", "approval", "--at-least", "4", language=ENGLISH).stdout
    assert "Every number from 4 to 6 counts as an approval." in said
    assert "To approve from" not in said
    path = tmp_path / "crosses.csv"
    path.write_text("A,B\n1,0\n0,1\n")
    assert "whatever it does not leave blank" in call("tally", path, "--rule", "approval", language=ENGLISH).stdout
    # Zeros that are numbers approve too: it must be seen.
    said = call("tally", path, "--rule", "approval", "--zero", "value", language=ENGLISH).stdout
    assert "Every number from 0 to 1 counts as an approval." in said


def test_what_is_doubtful_and_what_was_not_followed_is_said(tmp_path):
    path = tmp_path / "clones.csv"
    rows = [[(place + block * 6) % 18 for place in range(18)] for block in range(3)]
    path.write_text("id," + ",".join(f"n{place}" for place in range(18)) + "\n" + "".join(
        "x," + ",".join(str(value + 1) for value in row) + "\n" for row in rows
    ))  # fmt: skip
    done = call("tally", path, "--rule", "ranked-pairs", language=ENGLISH)
    assert "not every order between them could be followed" in done.stdout
    assert "Note: In the first column, 1 identifier comes back on several lines (such as lines 2, 3)." in done.stderr
    done = call("tally", path, "--rule", "ranked-pairs", language=FRENCH)
    assert "on n’a pas pu suivre tous les ordres possibles" in done.stdout
    assert "vérifiez que personne ne vote deux fois" in done.stderr


@pytest.mark.parametrize("rule", ["score", "majority-judgment"])
def test_ranks_are_neither_points_nor_grades(tmp_path, rule):
    path = tmp_path / "ranks.csv"
    path.write_text("vote\nA>B\nB>A\nA\n")
    done = call("tally", path, "--rule", rule, language=ENGLISH)
    assert done.exit_code == 2
    assert "These ballots rank options" in done.stderr


def test_ties_are_shown(made):
    assert "Tied: Jardin, Patinoire. The rule does not separate them." in call("tally", made, "--rule", "score").stdout


def test_a_drawn_order_is_drawn_again_the_same(tmp_path):
    path = tmp_path / "circle.csv"
    path.write_text("A,B,C\n3,2,1\n1,3,2\n2,1,3\n")
    asked = ("tally", path, "--rule", "ranked-pairs")
    assert answer(*asked)["ranking"] == [["A", "B", "C"]]
    drawn = {str(answer(*asked, "--ties", "lot", "--seed", seed)["ranking"]) for seed in range(12)}
    assert len(drawn) > 1
    assert answer(*asked, "--ties", "lot") == answer(*asked, "--ties", "lot")


def test_the_standard_input_gives_the_same_answer(made):
    piped = answer("tally", "-", "--rule", "borda", content=GRADES)
    assert piped | {"file": ""} == answer("tally", made, "--rule", "borda") | {"file": ""}


@pytest.mark.parametrize(
    ("vote_type", "votes", "points", "rule", "ranking"),
    [
        ("approval", ["1,2", "2"], None, "approval", [["2"], ["1"], ["03", "d é", "5"]]),
        ("choose-1", ["1", "2", "1"], None, "approval", [["1"], ["2"], ["03", "d é", "5"]]),
        ("ordinal", ["1,2,03", "1,03"], None, "borda", [["1"], ["03"], ["2"], ["d é", "5"]]),
        ("cumulative", ["1,2", "2"], ["3,1", "4"], "score", [["2"], ["1"], ["03", "d é", "5"]]),
        ("scoring", ["1,2", "2"], ["3,1", "4"], "score", [["2"], ["1"], ["03", "d é", "5"]]),
    ],
)
def test_the_ballots_of_a_budget_are_ranked_where_they_say_enough(tmp_path, vote_type, votes, points, rule, ranking):
    path = tmp_path / "a.pb"
    path.write_text(budget(vote_type=vote_type, ballots=votes, points=points), encoding="utf-8")
    said = answer("tally", path, "--rule", rule)
    assert problems(said, "tally-ranking") == []
    assert said["ranking"] == ranking
    for other in ballots.RULES:
        done = call("tally", path, "--rule", other)
        if other in ballots.FITS[vote_type]:
            assert done.exit_code == 0, done.output
        else:
            assert done.exit_code == 2
            assert f"of the type {vote_type}" in done.stderr


@pytest.mark.real_data
@pytest.mark.parametrize("rule", ballots.RULES)
def test_orsay_works_without_any_option(real_data, rule):
    said = answer("tally", real_data / "grades" / "orsay-2007-bureau-01.csv", "--rule", rule, "--explain", "Bayrou")
    assert problems(said, "tally-ranking") == []
    assert len(said["names"]) == 12
    if rule != "approval":
        assert said["ranking"][0] == ["Bayrou"]


@pytest.mark.real_data
def test_rankings_and_points_that_really_happened(real_data):
    rankings = real_data / "budgets" / "US_Dieppe_2015_vote_rankings.pb"
    for rule in ballots.RANKINGS:
        assert problems(answer("tally", rankings, "--rule", rule), "tally-ranking") == []
    points = answer("tally", real_data / "budgets" / "France_Toulouse_2019.pb", "--rule", "score")
    # The file says the score of each project.
    text = (real_data / "budgets" / "France_Toulouse_2019.pb").read_text(encoding="utf-8")
    rows = [line.split(";") for line in text.split("PROJECTS\n")[1].split("VOTES")[0].splitlines()]
    written = {row[0]: int(row[3]) for row in rows[1:]}
    assert points["details"]["scores"] == written
