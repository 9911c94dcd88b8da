"""How each rule counts, in four sentences that anyone reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.vocabulary import Counting

APPROVAL_FROM_GRADES = "approval"

NAMES = {
    Counting.JUDGMENT: _("The method is called majority judgment."),
    Counting.APPROVAL: _("The method is called approval voting."),
    Counting.MEAN: _("The method is the mean of the scores."),
    Counting.SUM: _("The method is the sum of the scores."),
    Counting.SCHULZE: _("The method is Schulze’s: duels between options."),
    Counting.RANKED_PAIRS: _("The method is called ranked pairs: duels between options."),
    Counting.BORDA: _("The method is Borda’s: points by rank."),
    Counting.RUNOFF: _("The method is called instant runoff."),
    Counting.EQUAL_SHARES: _("The method is called equal shares."),
    Counting.GREEDY: _("The method takes the projects with the most votes first."),
    Counting.PHRAGMEN: _("The method is Phragmén’s: everyone saves at the same speed."),
}

_EACH_OPTION = (
    _("Each person says what they think of each option"),
    _("One option is not chosen against another. An option without an answer is left aside."),
)
_RANKS = (
    _("Each person puts the options in order"),
    _("Two options may have the same rank. Those that are not ranked come last."),
)
_PROJECTS = (
    _("Each person chooses projects"),
    _("Each project has its cost. The envelope does not pay for all of them."),
)
_TIE = (
    pgettext_lazy("how it is counted", "If two options are equal"),
    _("They stay equal: nothing is drawn by lot."),
)

STEPS = {
    Counting.JUDGMENT: (
        (_("Each person gives one answer to each option"),
         _("From “Essential” to “Not important”. One option is not chosen against another.")),
        (_("The answers are put in order"),
         _("From the strongest to the weakest, like people in a line from the tallest to the shortest.")),
        (_("The answer in the middle is read"),
         _("It becomes the grade of the option. A few extreme answers cannot change it alone.")),
        (_("If two options have the same grade"),
         _("We look at how many people are above it and below it. The one with more support comes first.")),
    ),
    Counting.APPROVAL: (
        (_("Each person chooses the options that suit them"), _("As many as they want, up to the limit.")),
        (_("Each choice counts for one"), _("No choice is worth more than another.")),
        (_("The choices of each option are added up"), _("The option that the most people chose comes first.")),
        _TIE,
    ),
    Counting.MEAN: (
        _EACH_OPTION,
        (_("The scores of an option are added up"), _("An option without a score on a ballot loses nothing.")),
        (_("The sum is divided by the number of scores"), _("That is the mean. The highest comes first.")),
        _TIE,
    ),
    Counting.SUM: (
        _EACH_OPTION,
        (_("The scores of an option are added up"), _("An option without a score on a ballot gains nothing.")),
        (_("The highest total comes first"), _("An option that few people scored has fewer points.")),
        _TIE,
    ),
    Counting.SCHULZE: (
        _RANKS,
        (_("The options meet two by two"), _("For each pair, we count who put the one above the other.")),
        (_("The one that wins its duels comes first"),
         _("If A beats B, B beats C and C beats A, the weakest victory gives way.")),
        _TIE,
    ),
    Counting.RANKED_PAIRS: (
        _RANKS,
        (_("The options meet two by two"), _("For each pair, we count who put the one above the other.")),
        (_("The largest victories are kept first"), _("A victory that would contradict larger ones is set aside.")),
        _TIE,
    ),
    Counting.BORDA: (
        _RANKS,
        (_("Each rank gives points"), _("An option has one point for each option ranked below it.")),
        (_("The points are added up"), _("The option with the most points comes first.")),
        _TIE,
    ),
    Counting.RUNOFF: (
        _RANKS,
        (_("Only the first choices are counted"), _("The option with the fewest first choices leaves.")),
        (_("Its ballots go to their next choice"), _("We count again, until one option has more than half.")),
        (pgettext_lazy("how it is counted", "If several options are last"), _("They leave together.")),
    ),
    Counting.EQUAL_SHARES: (
        _PROJECTS,
        (_("The envelope is shared equally"), _("Each person who took part holds the same part of it.")),
        (_("People pay together for the projects they chose"),
         _("A project is kept when those who chose it can pay for it. The one that costs each of them least, for what "
           "it brings, goes first.")),
        (_("If money is left"), _("Everyone’s part is raised a little, and we count again, while the envelope pays.")),
    ),
    Counting.GREEDY: (
        _PROJECTS,
        (_("The projects are put in order of votes"), _("The one that the most people chose goes first.")),
        (_("They are paid in that order"), _("A project that costs more than what is left is passed over.")),
        (pgettext_lazy("how it is counted", "If two projects are equal"), _("The cheapest goes first.")),
    ),
    Counting.PHRAGMEN: (
        _PROJECTS,
        (_("Everyone saves, from nothing and at the same speed"), _("Nobody has more money than another.")),
        (_("A project is kept as soon as those who chose it can pay for it"),
         _("They pay together, and begin to save again.")),
        (_("The count stops"), _("When the next project costs more than what is left of the envelope.")),
    ),
}  # fmt: skip

OTHERS = {
    "mean": _("By the mean of the grades"),
    "sum": _("By the sum of the scores"),
    "approval": _("By the number of people who answer “Important” or stronger"),
    "schulze": _("By duels between options (Schulze)"),
    "ranked-pairs": _("By ranked pairs"),
    "borda": _("By points (Borda)"),
    "runoff": _("By instant runoff"),
    "equal-shares": _("By equal shares"),
    "greedy": _("By the most votes first"),
    "phragmen": _("By Phragmén’s method"),
}
