"""Damaged files through the whole command: an answer or a refusal, never a traceback."""

from __future__ import annotations

import random

import pytest

from maillage.config.recount import ballots, budgets
from tests.config.recount.made import budget, call

TABLE = "voter_id,Jardin,Patinoire,Banc\na,6,2,4\nb,5,6,\nc,1,4,4\nd,0,3.5,2\n"
PREFERENCES = "count,preferences\n3,A > B = C\n2,C > A\n"
PIECES = [
    b";", b",", b"\n", b'"', b"-", b"0", b"9" * 20, b"1e5", b"nan", b"\xff", b"\0", b">", b"=", b" ", b"",
]  # fmt: skip


def damaged(draw: random.Random, content: bytes) -> bytes:
    """A few bytes removed, replaced or repeated."""
    for _change in range(draw.randrange(1, 4)):
        start = draw.randrange(len(content) + 1)
        stop = start + draw.choice([0, 1, 1, 2, 8])
        content = content[:start] + draw.choice([*PIECES, content[start:stop] * 2]) + content[stop:]
    return content


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_file_is_counted_or_refused(seed):
    draw = random.Random(seed)
    files = [
        *((budget().encode(), rule) for rule in (*budgets.RULES, "approval")),
        (budget(vote_type="ordinal").encode(), "instant-runoff"),
        (budget(vote_type="scoring", ballots=["1,2", "03"], points=["3,1", "2"]).encode(), "majority-judgment"),
        *((text.encode(), rule) for text in (TABLE, PREFERENCES) for rule in ballots.RULES),
    ]
    for content, rule in files:
        more = ("--completion", "add1-greedy") if rule == "equal-shares" else ()
        given = damaged(draw, content)
        done = call("tally", "-", "--rule", rule, *more, *draw.choice([(), ("--json",)]), content=given)
        assert done.exit_code in (0, 2), (given, rule, done.exception)
        assert done.exit_code == 0 or done.stderr.startswith("Error: ")
