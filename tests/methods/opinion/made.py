"""Conversations made for the tests: with planted groups, with none, along a gradient."""

from __future__ import annotations

import numpy as np

from maillage.methods.opinion import Statement, Votes


def from_table(table, left_out=()) -> Votes:
    """Rows are people, columns statements, ``nan`` (or ``None``) a hole."""
    filled = np.array(table, float)
    person, statement = np.nonzero(~np.isnan(filled))
    statements = tuple(Statement(str(j), left_out=j in left_out) for j in range(filled.shape[1]))
    people = tuple(f"p{i}" for i in range(filled.shape[0]))
    return Votes.of(people, statements, person, statement, filled[person, statement].astype(int))


def to_table(votes: Votes):
    table = np.full((len(votes.people), len(votes.statements)), np.nan)
    table[votes.person, votes.statement] = votes.value
    return table


def holes(table, share, rng):
    table = table.astype(float)
    table[rng.random(table.shape) < share] = np.nan
    return table


def structureless(people, statements, seed, share=0.4):
    """Each statement has its own chances of agree, pass, disagree; nothing links them."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet((2, 1, 2), statements)
    drawn = rng.random((people, statements))
    table = np.where(drawn < chances[:, 0], 1, np.where(drawn < chances[:, :2].sum(axis=1), 0, -1))
    return from_table(holes(table, share, rng))


def planted(people, statements, groups, seed, loyalty=0.85, share=0.4):
    """Each group has its side on each statement, which its people take with probability ``loyalty``.

    Gives the votes and the group of each person.
    """
    rng = np.random.default_rng(seed)
    truth = np.arange(people) % groups
    sides = rng.choice([-1, 1], (groups, statements))
    if groups == 2:
        sides[1] = -sides[0]
    table = np.where(rng.random((people, statements)) < loyalty, sides[truth], -sides[truth])
    return from_table(holes(table, share, rng)), truth


def gradient(people, statements, seed, share=0.4):
    """Positions from a normal law; who stands beyond a statement's threshold agrees. No group."""
    rng = np.random.default_rng(seed)
    place = rng.normal(size=(people, 1))
    pull = rng.normal(size=statements)
    table = np.sign(place * pull + rng.normal(size=(people, statements)) + rng.normal(size=statements) / 2)
    return from_table(holes(table, share, rng))


def turned(votes: Votes, people, statements) -> Votes:
    """The same votes, people and statements in another order (permutations of places)."""
    who, what = np.argsort(people), np.argsort(statements)
    return Votes.of(
        tuple(votes.people[i] for i in people),
        tuple(votes.statements[j] for j in statements),
        who[votes.person],
        what[votes.statement],
        votes.value,
    )
