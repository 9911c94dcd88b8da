"""The same election in pabutools, which is only ever compared with."""

from __future__ import annotations

from collections.abc import Iterable

from gmpy2 import mpq
from pabutools.election import (
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    CumulativeBallot,
    CumulativeProfile,
    Instance,
    OrdinalBallot,
    OrdinalProfile,
    Profile,
)
from pabutools.election import Project as PeerProject
from pabutools.tiebreaking import TieBreakingRule

from maillage.methods.budgeting.election import Election, Outcome, Ties, Utility, VoteType
from maillage.methods.budgeting.ties import order

SATISFACTION = {Utility.COST: Cost_Sat, Utility.CARDINALITY: Cardinality_Sat}
APPROVALS = (VoteType.APPROVAL, VoteType.CHOOSE_ONE)


def converted(election: Election, *, as_approval: bool = False) -> tuple[Instance, Profile]:
    """``as_approval``: every ballot approves of what it names (for the rules that ask for it)."""
    projects = [PeerProject(one.id, mpq(one.cost.numerator, one.cost.denominator)) for one in election.projects]
    budget = mpq(election.budget.numerator, election.budget.denominator)
    instance = Instance(projects, budget_limit=budget)
    ballots = election.ballots
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    kind = VoteType.APPROVAL if as_approval else election.vote_type
    made = []
    for ballot in range(len(ballots)):
        entries = range(starts[ballot], starts[ballot + 1])
        named = [projects[chosen[entry]] for entry in entries]
        if kind in APPROVALS:
            made.append(ApprovalBallot(named))
        elif kind is VoteType.ORDINAL:
            made.append(OrdinalBallot(named))
        else:
            points = [mpq(int(ballots.points[entry]), ballots.points_per_unit) for entry in entries]
            form = CumulativeBallot if kind is VoteType.CUMULATIVE else CardinalBallot
            made.append(form(dict(zip(named, points, strict=True))))
    profiles = {
        VoteType.ORDINAL: OrdinalProfile,
        VoteType.CUMULATIVE: CumulativeProfile,
        VoteType.SCORING: CardinalProfile,
    }
    return instance, profiles.get(kind, ApprovalProfile)(made)


def same_ties(election: Election, ties: Ties, seed: int = 0) -> TieBreakingRule:
    """Ties broken as ours are."""
    rank = dict(zip([one.id for one in election.projects], order(election, ties, seed).tolist(), strict=True))
    return TieBreakingRule(lambda _instance, _profile, project: rank[project.name])


def ids(election: Election, outcome: Outcome) -> set[str]:
    return {election.projects[place].id for place in outcome.winners}


def peer_ids(allocation: Iterable[PeerProject]) -> set[str]:
    return {project.name for project in allocation}
