"""``maillage tally FILE.pb``: a participatory budget counted again, and its answer for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maillage.config.recount import output
from maillage.config.recount.words import gettext as _
from maillage.config.recount.words import ngettext

if TYPE_CHECKING:
    from maillage.methods.budgeting.election import Election, Outcome, Story
    from maillage.methods.budgeting.equal_shares import EqualShares
    from maillage.methods.budgeting.prefer import Preference

RULES = ("greedy", "equal-shares", "phragmen")
TIES = (("cost", 0), ("votes", 0), ("name", 0))
LOTS = 10
"""How many lots are drawn to see whether ties matter."""


@dataclass(frozen=True)
class Settings:
    """What the options say; those that the rule does not have keep their default and change nothing."""

    rule: str
    utility: str = "cost"
    ties: str = "cost"
    seed: int = 0
    skip: bool = True
    endowment: str = "exact"
    completion: str = "none"
    exhaustive_stop: bool = True
    comparison: bool = False
    check_ties: bool = False

    def told(self) -> dict[str, Any]:
        """The options that the rule has, as the command writes them."""
        said: dict[str, Any] = {"ties": self.ties}
        if self.ties == "lot":
            said["seed"] = self.seed
        if self.rule != "phragmen":
            said["utility"] = self.utility
        if self.rule == "greedy":
            said["skip"] = self.skip
        if self.rule == "equal-shares":
            said |= {"endowment": self.endowment, "completion": self.completion, "comparison": self.comparison}
            if self.completion != "none":
                said["exhaustive_stop"] = self.exhaustive_stop
        return said


@dataclass(frozen=True)
class Counted:
    """What was counted, before it is shown."""

    election: Election
    settings: Settings
    outcome: Outcome
    votes: list[int]
    """Ballots that name each project."""
    shares: EqualShares | None = None
    """The method of equal shares, whether or not the comparison kept its outcome."""
    preferred: Preference | None = None
    """With the comparison: how many voters prefer greedy (first) and equal shares (second)."""
    otherwise: list[tuple[Settings, list[str]]] | None = None
    """With a check of ties: the other ways to break them that choose other projects, and the ids they choose."""

    @property
    def kept(self) -> str:
        """The rule whose outcome this is."""
        return self.settings.rule if self.shares is None or self.outcome is self.shares else "greedy"


def tally(file: str, settings: Settings, explain: tuple[str, ...], as_json: bool) -> None:
    """Read, count, show."""
    from maillage.methods.budgeting.read import read_pabulib

    with output.reading(file) as source, output.progress(_("Reading")) as told:
        if not is_budget(source):
            raise output.Refusal(
                _("The rule %(rule)s counts a participatory budget (Pabulib, .pb), and this file is none.")
                % {"rule": settings.rule}
            )
        election = read_pabulib(source, progress=told)
    places = {project.id: place for place, project in enumerate(election.projects)}
    for name in explain:
        if name not in places:
            raise output.Refusal(_("There is no project %(name)s in this file.") % {"name": name})
    with output.progress(_("Counting")) as told:
        counted = count(election, settings, told)
    if settings.check_ties:
        with output.progress(_("Checking ties")) as told:
            counted = replace(counted, otherwise=check_ties(counted, told))
    told_of = stories(counted, [places[name] for name in dict.fromkeys(explain)])
    if as_json:
        output.print_json(as_object(counted, told_of, file))
    else:
        show(counted, told_of)


def is_budget(source: Path | bytes) -> bool:
    """Whether this is meant to be a Pabulib file: it is named so, or its first line says META."""
    if isinstance(source, bytes):
        start = source[:256]
    elif source.suffix.lower() == ".pb":
        return True
    else:
        with source.open("rb") as handle:
            start = handle.read(256)
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n")[0]
    return first.strip(b' \t\r;,"').upper() == b"META"


def count(election: Election, settings: Settings, told: output.Told) -> Counted:
    """The outcome of the rule."""
    import numpy as np

    from maillage.methods.budgeting.election import Ties, Utility

    votes = np.bincount(election.ballots.chosen, minlength=len(election.projects)).tolist()
    utility, ties, seed = Utility(settings.utility), Ties(settings.ties), settings.seed
    if settings.rule == "phragmen":
        from maillage.methods.budgeting.phragmen import phragmen

        return Counted(election, settings, phragmen(election, ties=ties, seed=seed), votes)
    if settings.rule == "greedy" or settings.comparison:
        from maillage.methods.budgeting.greedy import greedy

        simple = greedy(election, utility=utility, skip=settings.skip, ties=ties, seed=seed)
        if settings.rule == "greedy":
            return Counted(election, settings, simple, votes)
    from maillage.methods.budgeting.equal_shares import Completion, Endowment, equal_shares

    shares = equal_shares(
        election,
        utility=utility,
        endowment=Endowment(settings.endowment),
        completion=Completion(settings.completion),
        exhaustive_stop=settings.exhaustive_stop,
        ties=ties,
        seed=seed,
        progress=told,
    )
    if not settings.comparison:
        return Counted(election, settings, shares, votes, shares)
    from maillage.methods.budgeting.prefer import prefer

    preferred = prefer(election, simple, shares, utility)
    kept = simple if preferred.first > preferred.second else shares
    return Counted(election, settings, kept, votes, shares, preferred)


def check_ties(counted: Counted, told: output.Told) -> list[tuple[Settings, list[str]]]:
    """The same count with every other way to break ties, and ten lots: those that choose other projects.

    No lot proves that ties change nothing; one that differs proves that they do.
    """
    lots = [("lot", seed) for seed in range(LOTS)]
    ways = [replace(counted.settings, ties=ties, seed=seed) for ties, seed in [*TIES, *lots]]
    chosen, found = set(counted.outcome.winners), []
    for done, way in enumerate(ways):
        told(done, len(ways))
        winners = count(counted.election, way, lambda done, total: None).outcome.winners
        if set(winners) != chosen:
            found.append((way, [counted.election.projects[place].id for place in winners]))
    return found


def stories(counted: Counted, places: list[int]) -> list[Story]:
    """What happened to these projects, under the rule whose outcome was kept."""
    if not places:
        return []
    from maillage.methods.budgeting.election import Ties, Utility

    election, settings = counted.election, counted.settings
    utility, ties, seed = Utility(settings.utility), Ties(settings.ties), settings.seed
    if counted.kept == "phragmen":
        from maillage.methods.budgeting.phragmen_stories import phragmen_stories

        found = phragmen_stories(election, ties=ties, seed=seed)
    elif counted.kept == "greedy":
        from maillage.methods.budgeting.greedy_stories import greedy_stories

        found = greedy_stories(election, utility=utility, skip=settings.skip, ties=ties, seed=seed)
    elif counted.shares:
        from maillage.methods.budgeting.equal_shares_stories import equal_shares_stories

        found = equal_shares_stories(election, counted.shares)
    return [found[place] for place in places]


# For programs


def as_object(counted: Counted, told_of: list[Story], file: str) -> dict[str, Any]:
    """The answer in ``docs/methods/schemas/tally-budget.json``."""
    election, outcome = counted.election, counted.outcome
    ids = [project.id for project in election.projects]
    answer: dict[str, Any] = {
        "file": file,
        "rule": counted.settings.rule,
        "options": counted.settings.told(),
        "budget": election.budget,
        "cost": outcome.cost,
        "voters": len(election.ballots),
        "vote_type": election.vote_type.value,
        "winners": [ids[place] for place in outcome.winners],
        "votes": dict(zip(ids, counted.votes, strict=True)),
        "warnings": list(election.warnings),
    }
    said = written_in_file(election)
    if said:
        won = {ids[place] for place in outcome.winners}
        differs = [name for name, chosen in said.items() if chosen != (name in won)]
        answer["agreement"] = {"agrees": not differs, "differs": differs}
    written = election.meta.get("rule", "").strip()
    if written:
        answer["written_rule"] = written
    if counted.shares:
        answer["endowment"] = counted.shares.endowment
        answer["by_completion"] = [ids[place] for place in counted.shares.by_greedy]
    if counted.preferred:
        prefer = {"greedy": counted.preferred.first, "equal-shares": counted.preferred.second}
        answer["comparison"] = {"prefer": prefer, "kept": counted.kept}
    if counted.otherwise is not None:
        answer["otherwise"] = [{"options": way.told(), "winners": winners} for way, winners in counted.otherwise]
    if told_of:
        answer["explain"] = {
            ids[told.project]: {"won": told.won, "lines": list(told.lines), "figures": told.figures} for told in told_of
        }
    return answer


def written_in_file(election: Election) -> dict[str, bool]:
    """What the column ``selected`` of the file says, by project; a project whose cell is empty is left out."""
    cells = {project.id: project.columns.get("selected", "").strip() for project in election.projects}
    return {name: cell not in {"0", "0.0"} for name, cell in cells.items() if cell}


# For people


def show(counted: Counted, told_of: list[Story]) -> None:
    """The table, what was spent, and whether the file says the same."""
    election, outcome = counted.election, counted.outcome
    for warning in election.warnings:
        output.warn(warning)
    order = {place: rank for rank, place in enumerate(outcome.winners, 1)}
    losers = sorted(set(range(len(election.projects))) - set(order), key=lambda place: -counted.votes[place])
    output.print_table(
        [output.Right(_("Order")), _("Number"), _("Project"), output.Right(_("Cost")), output.Right(_("Votes"))],
        [_row(counted, place, order.get(place)) for place in (*outcome.winners, *losers)],
        title=election.meta.get("description", ""),
        caption=_("A project without order is not chosen."),
    )
    output.say()
    for line in summary(counted):
        output.say(line)
    for told in told_of:
        project = election.projects[told.project]
        output.say()
        output.say(f"{project.id} {project.name}".strip())
        for sentence in told.lines:
            output.say(f"  {output.number(sentence)}")


def _row(counted: Counted, place: int, rank: int | None) -> tuple[int | None, str, str, Fraction, int]:
    project = counted.election.projects[place]
    return rank, project.id, project.name, project.cost, counted.votes[place]


def summary(counted: Counted) -> list[str]:
    """What was spent and what is left, the options, the agreement with the file."""
    election, outcome, number = counted.election, counted.outcome, output.number
    chosen = len(outcome.winners)
    lines = [
        ngettext("%(count)s project chosen of %(all)s.", "%(count)s projects chosen of %(all)s.", chosen)
        % {"count": number(chosen), "all": number(len(election.projects))},
        _("Envelope: %(budget)s. Spent: %(cost)s. Left: %(left)s.")
        % {
            "budget": number(election.budget),
            "cost": number(outcome.cost),
            "left": number(election.budget - outcome.cost),
        },
        output.ballots_counted(len(election.ballots)),
        _("Counted by: %(rule)s.") % {"rule": output.command_words(counted.settings.rule, counted.settings.told())},
    ]
    if counted.shares and counted.shares.rounds:
        line = _("Each person had %(share)s in the end, from %(start)s.")
        lines.append(line % {"share": number(counted.shares.endowment), "start": number(counted.shares.start)})
    if counted.shares and counted.shares.by_greedy:
        names = ", ".join(election.projects[place].id for place in counted.shares.by_greedy)
        lines.append(_("Added at the end with the money left: %(names)s.") % {"names": names})
    if counted.preferred:
        lines += _compared(counted.preferred, counted.kept)
    if counted.otherwise is not None:
        lines += _otherwise(counted)
    written = election.meta.get("rule", "").strip()
    if written:
        lines.append(_("The file says of its own count: %(rule)s.") % {"rule": written})
    said = written_in_file(election)
    if said:
        won = {election.projects[place].id for place in outcome.winners}
        differs = [name for name, chosen in said.items() if chosen != (name in won)]
        lines += _agreement(differs, said)
    return lines


def _compared(preferred: Preference, kept: str) -> list[str]:
    counts = {"greedy": output.number(preferred.first), "shares": output.number(preferred.second)}
    line = _("Comparison: %(greedy)s people prefer the greedy outcome, %(shares)s that of equal shares.") % counts
    if kept == "greedy":
        return [line, _("The greedy outcome is kept: strictly more people prefer it.")]
    return [line, _("The outcome of equal shares is kept.")]


def _otherwise(counted: Counted) -> list[str]:
    if not counted.otherwise:
        return [_("The other ways to break ties, and ten lots, choose the same projects.")]
    chosen = {counted.election.projects[place].id for place in counted.outcome.winners}
    lines = [_("Ties matter here. Broken another way, they choose other projects:")]
    for way, winners in counted.otherwise:
        words = f"--ties {way.ties}" + (f" --seed {way.seed}" if way.ties == "lot" else "")
        more = ", ".join(name for name in winners if name not in chosen) or "-"
        less = ", ".join(sorted(chosen - set(winners))) or "-"
        lines.append(
            _("  %(way)s: chosen as well: %(more)s; no longer: %(less)s") % {"way": words, "more": more, "less": less}
        )
    return lines


def _agreement(differs: list[str], said: dict[str, bool]) -> list[str]:
    if not differs:
        return [_("The column « selected » of the file says the same, project by project.")]
    more = [name for name in differs if said[name]]
    less = [name for name in differs if not said[name]]
    lines = [_("The column « selected » of the file differs:")]
    if more:
        lines.append(_("  chosen in the file, not by this count: %(names)s") % {"names": ", ".join(more)})
    if less:
        lines.append(_("  chosen by this count, not in the file: %(names)s") % {"names": ", ".join(less)})
    return lines
