"""Agree, disagree, pass: the map of opinions, its groups and the evidence for them, what each says, what they share.

``read`` takes a file, ``reading`` does everything, and each part is a function of its own. The definitions are those
that Polis published (Small and others, 2021); ``docs/methods/opinions.md`` says where they leave a choice, and ours.
"""

from maillage.methods.opinion.consensus import Consensus, Shared, consensus
from maillage.methods.opinion.evidence import Evidence, Verdict, weigh_groups
from maillage.methods.opinion.explain import Explanation, explain
from maillage.methods.opinion.groups import Groups, Split, group_people
from maillage.methods.opinion.map import OpinionMap, map_opinions
from maillage.methods.opinion.next_statement import Next, next_statement
from maillage.methods.opinion.rand import adjusted_rand
from maillage.methods.opinion.read import Conversation, read
from maillage.methods.opinion.reading import Reading, reading
from maillage.methods.opinion.represent import Representation, Representative, represent
from maillage.methods.opinion.votes import Side, Statement, Votes

__all__ = [
    "Consensus",
    "Conversation",
    "Evidence",
    "Explanation",
    "Groups",
    "Next",
    "OpinionMap",
    "Reading",
    "Representation",
    "Representative",
    "Shared",
    "Side",
    "Split",
    "Statement",
    "Verdict",
    "Votes",
    "adjusted_rand",
    "consensus",
    "explain",
    "group_people",
    "map_opinions",
    "next_statement",
    "read",
    "reading",
    "represent",
    "weigh_groups",
]
