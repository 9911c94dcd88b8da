"""What the product says, in plain words, of rules of counting and of who may answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.participation.vocabulary import COUNTINGS, Access, Counting, Kind, Method

KINDS: dict[str, Any] = {
    Kind.PRIORITIES: _("People say what comes first among problems, objectives or projects."),
    Kind.OPINIONS: _("People agree or disagree with short sentences, and may add their own."),
    Kind.TESTIMONIES: _("People tell what they live, in their own words or voice."),
    Kind.QUESTIONNAIRE: _("People answer a few short questions."),
    Kind.IDEAS: _("People bring ideas to solve a problem that is named."),
}

BALLOTS: dict[str, Any] = {
    Method.GRADES: _("For each option, people choose one of six grades, from Essential to Not important."),
    Method.APPROVAL: _("People tick all the options that suit them."),
    Method.SCORE: _("People give each option a number of points."),
    Method.RANKING: _("People put the options in order. Several may have the same rank."),
    Method.BUDGET: _("People tick the projects they would pay for with the envelope."),
}
"""What people do."""

RULES: dict[str, Any] = {
    Counting.JUDGMENT: _(
        "Half of the people or more give an option its majority grade, or a better one. The option with the best "
        "majority grade comes first. A few very hostile or very keen people cannot change everything alone."
    ),
    Counting.APPROVAL: _("The option ticked by the most people comes first."),
    Counting.SUM: _("Points are added. The option with the most points comes first."),
    Counting.MEAN: _(
        "The mean of the points is taken, among those who gave some. An option that few people scored may come first."
    ),
    Counting.SCHULZE: _(
        "Options are compared two by two. The one that beats each of the others comes first. When they beat each "
        "other in a circle, the strongest paths decide."
    ),
    Counting.RANKED_PAIRS: _(
        "Options are compared two by two. The clearest wins are kept first; those that would contradict them are "
        "left out."
    ),
    Counting.BORDA: _("An option earns one point for each option placed under it. The most points come first."),
    Counting.RUNOFF: _(
        "First choices are counted. The last option leaves, and its ballots go to their next choice, until one is left."
    ),
    Counting.EQUAL_SHARES: _(
        "The envelope is shared equally between the people. A project is paid for by those who chose it, the best "
        "supported for its cost first. Every group of people gets its part. What is left is used by raising each share "
        "little by little."
    ),
    Counting.GREEDY: _(
        "The project with the most votes comes first, then the next, as long as the envelope can pay for it. A group "
        "that is a little larger may take everything."
    ),
    Counting.PHRAGMEN: _(
        "People earn the same amount, little by little. As soon as those who want a project can pay for it together, "
        "it is chosen. Every group of people gets its part."
    ),
}
"""How ballots are counted."""

PROTECTS: dict[str, tuple[Any, Any]] = {
    Access.OPEN: (
        _("Anyone may answer, at once, without giving anything. Nobody is left out."),
        _(
            "The same person may answer several times. Results carry a mark that says so. Robots are slowed down, not "
            "stopped."
        ),
    ),
    Access.POSTAL: (
        _("It turns away those who live elsewhere and answer in good faith."),
        _("Anyone may type a neighbour’s postal code, and answer several times. Results carry a mark that says so."),
    ),
    Access.CODES: (
        _(
            "One code, one ballot, on line or on paper: a paper ballot is given against the code. Nobody knows who "
            "holds which code: there are no names. Codes are given by hand, by people who are trusted."
        ),
        _(
            "A code may be given, sold or taken. Whoever hands out codes could keep some. Someone could be given a "
            "sheet without a code: the counts of its batch show it. People without a code cannot answer."
        ),
    ),
    Access.LIST: (
        _(
            "One person of the list, one ballot, on line or on paper: a paper ballot is given against the name or the "
            "code. The server knows who answered, never what, nor by which way."
        ),
        _(
            "Whoever reads someone’s mail can answer in their place. Whoever hands out paper sees who takes a sheet, "
            "and learns of someone who comes that they had already answered. Those who manage the server could learn "
            "who answered."
        ),
    ),
    Access.SITE: (
        _("People answer in a place, with someone beside them. Whoever stands there sees who comes."),
        _("Those who cannot come are left out. The person beside may influence, even without wanting to."),
    ),
}
"""``(what it protects against, what it does not)``."""

CHANGEABLE = (
    _(
        "Someone who was pressed to answer may change their ballot later, alone. The receipt is longer, and lets its "
        "holder read the ballot again and change it until the closing."
    ),
    _(
        "A receipt can be taken from someone: whoever has it can read the ballot, and change it. A relative or an "
        "employer may ask to see it."
    ),
)
"""``(what it allows, what it costs)``."""


def counting_choices() -> list[tuple[str, Any, Any, Any]]:
    """``(method:counting, label, what people do, how it is counted)``, the proposed ones first in each method."""
    return [
        (f"{method}:{rule}", Counting(rule).label, BALLOTS[method], RULES[rule])
        for method in Method.values
        for rule in COUNTINGS[method]
    ]


GETTING_IN: dict[str, Any] = {
    Access.OPEN: _("No account, no code: use the button."),
    Access.POSTAL: _("No account: you are asked for your postal code. It is not kept."),
    Access.CODES: _("No account: you are asked for the personal code you were given."),
    Access.LIST: _("No account: you are asked for the code you received by e-mail."),
    Access.SITE: _("On site only, with someone who can help."),
}
"""What is asked of whoever answers, told to them."""

FIXED = _("What is sent stays. The receipt proves that the ballot is counted, and opens nothing.")
"""What a ballot that never changes means."""
