"""Small Pabulib files, made for the tests."""

from __future__ import annotations

APPROVAL = """META
key;value
description;Made for the tests
country;Canada
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;category
1;600;Jardin;nature
01;400.50;"Parc; ""le grand""\";
b;0;;
VOTES
voter_id;age;vote
v1;30;1,01
v2;;b
v3;41;
v4;25;01,1,b
"""

CUMULATIVE = """META
key;value
budget;70
vote_type;cumulative
max_sum_points;7
PROJECTS
project_id;cost
4;39
16;45
VOTES
voter_id;vote;points
0;4,16;3,4
1;16;2.5
2;;
"""


def pabulib(
    ballots: str = "a;1\nb;2,1", *, vote_type: str = "approval", head: str = "", projects: str = "1;10\n2;20",
    header: str = "voter_id;vote", project_header: str = "project_id;cost", budget: str = "25",
) -> bytes:  # fmt: skip
    """A file with these parts: ballots begin on line 10 (and one more for each line of ``head`` and of projects)."""
    return (
        f"META\nkey;value\nbudget;{budget}\nvote_type;{vote_type}\n{head}PROJECTS\n{project_header}\n{projects}\n"
        f"VOTES\n{header}\n{ballots}\n"
    ).encode()
