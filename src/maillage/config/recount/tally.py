"""``maillage tally``: votes counted again from their file, by a rule that is named.

The rule decides what is read: a participatory budget (:mod:`budgets`) or ballots on options (:mod:`ballots`). Every
option is left out unless it is given, so that one that does not go with the rule is never ignored in silence.
"""

from __future__ import annotations

from typing import Any

import click

from maillage.config.recount import ballots, budgets, output
from maillage.config.recount.words import gettext as _

RULES = (*budgets.RULES, *ballots.RULES)

GOES_WITH: dict[str, tuple[str, ...]] = {
    "completion": ("equal-shares",),
    "exhaustive_stop": ("equal-shares",),
    "endowment": ("equal-shares",),
    "comparison": ("equal-shares",),
    "utility": ("greedy", "equal-shares"),
    "skip": ("greedy",),
    "ties": (*budgets.RULES, *ballots.TIES),
    "seed": (*budgets.RULES, "ranked-pairs"),
    "check_ties": budgets.RULES,
    "explain": RULES,
    **ballots.GOES_WITH,
}
"""The rules that each option goes with."""


@click.command(
    "tally",
    cls=output.Command,
    help="Count again the votes of FILE: a participatory budget (Pabulib, .pb) or ballots on options (.csv), "
    "one row a ballot and one column an option. FILE may be - for the standard input.",
    epilog="Example: maillage tally votes.pb --rule equal-shares --completion add1 --explain 12",
)
@click.argument("file", type=output.SOURCE)
@click.option("--rule", type=click.Choice(RULES), required=True, help="How votes are counted.")
@click.option("--completion", type=click.Choice(["none", "add1", "add1-greedy"]),
              help="equal-shares: what is done with the money left (none by default).")  # fmt: skip
@click.option("--exhaustive-stop/--no-exhaustive-stop", default=None,
              help="with a completion: stop at the first outcome that leaves no room for a project.")  # fmt: skip
@click.option("--utility", type=click.Choice(["cost", "cardinality"]),
              help="greedy, equal-shares: a voter gains a project's cost (default), or one.")  # fmt: skip
@click.option("--endowment", type=click.Choice(["exact", "integral"]),
              help="equal-shares: first share of each voter, exact (default) or rounded down.")  # fmt: skip
@click.option("--comparison/--no-comparison", default=None,
              help="equal-shares: keep the greedy outcome if strictly more voters prefer it.")  # fmt: skip
@click.option("--skip/--no-skip", default=None,
              help="greedy: go past a project that no longer fits (default), or stop there.")  # fmt: skip
@click.option("--ties", type=click.Choice(["cost", "votes", "name", "lot", "parallel", "together", "all"]),
              help="budgets: which of equal projects comes first: cost (the cheapest, default), votes, name, lot. "
              "ranked-pairs: parallel (default), together, lot. instant-runoff: all (default), parallel.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), help="--ties lot: the number that draws the lot.")
@click.option("--check-ties", is_flag=True, default=None, help="budgets: say whether ties broken otherwise change it.")
@click.option("--explain", multiple=True, metavar="ID", help="Say in words what happened to it (may be repeated).")
@ballots.options
@output.as_json
def tally(file: str, rule: str, explain: tuple[str, ...], as_json: bool, **given: Any) -> None:
    chosen = {name: value for name, value in given.items() if value not in (None, ())}
    refuse_what_does_not_go(rule, chosen)
    if rule in budgets.RULES:
        chosen = without_what_changes_nothing(rule, chosen)
        budgets.tally(file, budgets.Settings(rule, **chosen), explain, as_json)
    else:
        ballots.tally(file, rule, chosen, explain, as_json)


def refuse_what_does_not_go(rule: str, chosen: dict[str, Any]) -> None:
    """An option that says what a file of another kind holds, or how it is counted, is refused."""
    for name in chosen:
        if rule in GOES_WITH[name] or (rule in budgets.RULES and set(GOES_WITH[name]) < set(budgets.RULES)):
            continue
        raise output.Refusal(
            _("%(option)s does not go with the rule %(rule)s. It goes with: %(rules)s.")
            % {"option": flag(name), "rule": rule, "rules": ", ".join(GOES_WITH[name])}
        )
    ties = ballots.TIES.get(rule, ("cost", "votes", "name", "lot"))
    if chosen.get("ties", ties[0]) not in ties:
        raise output.Refusal(
            _("With the rule %(rule)s, --ties is one of: %(choices)s.") % {"rule": rule, "choices": ", ".join(ties)}
        )
    if "seed" in chosen and chosen.get("ties") != "lot":
        raise output.Refusal(_("--seed goes with --ties lot: without a lot, nothing is drawn."))


def without_what_changes_nothing(rule: str, chosen: dict[str, Any]) -> dict[str, Any]:
    """The options of a budget that its rule reads. The others are said to change nothing, so that a script may give
    the same options to every rule."""
    idle = [name for name in chosen if rule not in GOES_WITH[name]]
    if rule == "equal-shares" and chosen.get("completion", "none") == "none" and "exhaustive_stop" in chosen:
        idle.append("exhaustive_stop")
    for name in idle:
        what = f"--rule {rule}" if rule not in GOES_WITH[name] else "--completion none"
        output.warn(_("%(option)s changes nothing with %(what)s.") % {"option": flag(name), "what": what})
    return {name: value for name, value in chosen.items() if name not in idle}


def flag(name: str) -> str:
    """An option as one types it."""
    return f"--{name.replace('_', '-')}"
