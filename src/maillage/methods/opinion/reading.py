"""Everything that is read in a conversation, at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from maillage.methods.opinion.consensus import Consensus, consensus
from maillage.methods.opinion.evidence import Evidence, weigh_groups
from maillage.methods.opinion.groups import LEAST_VOTES, Groups, group_people
from maillage.methods.opinion.map import OpinionMap, map_opinions
from maillage.methods.opinion.represent import Representation, represent
from maillage.methods.opinion.votes import Votes


@dataclass(frozen=True, eq=False)
class Reading:
    votes: Votes
    map: OpinionMap
    groups: Groups
    representation: Representation
    consensus: Consensus
    evidence: Evidence
    """With ``redraws`` 0 nothing was tested."""


def reading(
    votes: Votes,
    *,
    count: int | None = None,
    least_votes: int = LEAST_VOTES,
    redraws: int = 99,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Map, groups, what each says, what brings together, and the evidence that there are groups.

    ``count`` sets the number of groups, else it is chosen. ``redraws``: how many times the votes are redrawn for each
    question of the evidence; 0 tests nothing, and is fast. ``progress(done, of)`` follows the redraws.
    """
    opinion_map = map_opinions(votes)
    regroup = partial(group_people, least_votes=least_votes, seed=seed)
    if count is not None:
        regroup = partial(regroup, count=count)
    groups = regroup(opinion_map)
    return Reading(
        votes,
        opinion_map,
        groups,
        represent(votes, groups),
        consensus(votes, groups),
        weigh_groups(votes, opinion_map, groups, redraws=redraws, seed=seed, regroup=regroup, progress=progress),
    )
