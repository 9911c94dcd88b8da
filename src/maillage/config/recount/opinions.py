"""``maillage opinions``: the map of a conversation, its groups, what each says, what brings together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from maillage.config.recount import output
from maillage.config.recount.words import gettext as _

if TYPE_CHECKING:
    from maillage.methods.opinion.consensus import Shared
    from maillage.methods.opinion.read import Conversation
    from maillage.methods.opinion.reading import Reading
    from maillage.methods.opinion.represent import Representative

LONGEST = 200
"""Characters of a statement in a table."""
LEAST_REDRAWS = 19
"""With fewer, 5 % cannot be told."""


@click.command("opinions", cls=output.Command, help="""Map agree/disagree/pass votes and find groups of opinion.

    SOURCE is a folder exported by Polis (participants-votes.csv or votes.csv, comments.csv), or one of its two files of
    votes. The JSON object is described in docs/methods/opinions.md.""")  # fmt: skip
@click.argument("source", type=output.SOURCE)
@click.option("--groups", type=click.IntRange(min=1), help="Number of groups. By default, the best of 2 to 5.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@click.option("--redraws", type=click.IntRange(min=0), default=99, show_default=True,
              help="Random redraws behind the answer to « are there groups? »; 0: not tested, fast.")  # fmt: skip
@click.option("--least-votes", type=click.IntRange(min=1), default=7, show_default=True,
              help="Votes that a person needs to be in a group.")  # fmt: skip
@output.as_json
def opinions(source: str, groups: int | None, seed: int, redraws: int, least_votes: int, as_json: bool) -> None:
    if 0 < redraws < LEAST_REDRAWS:
        raise output.Refusal(_("With --redraws, give 0 or at least %(least)s.") % {"least": LEAST_REDRAWS})
    if source == "-":
        raise output.Refusal(_("Give the name of a file or of a folder: the standard input is not read here."))
    with output.reading(source, folder=True) as path:
        from maillage.methods.opinion.read import read
        from maillage.methods.opinion.reading import reading

        conversation = read(path)  # type: ignore[arg-type]
    with output.progress(_("Dealing the votes again at random")) as told:
        found = reading(
            conversation.votes, count=groups, least_votes=least_votes, redraws=redraws, seed=seed, progress=told
        )
    if as_json:
        output.print_json(_object(conversation, found))
    else:
        _print(conversation, found)


def _object(conversation: Conversation, found: Reading) -> dict[str, Any]:
    """What ``--json`` prints: see docs/methods/opinions.md."""
    votes, groups = found.votes, found.groups
    statistics, consensus = found.representation.statistics, found.consensus
    ids = [statement.id for statement in votes.statements]

    def shared(chosen: Any) -> list[dict[str, Any]]:
        return [_fields(one) | {"statement": ids[one.statement]} for one in chosen]

    return {
        "topic": conversation.topic,
        "groups": {name: int(group) or None for name, group in zip(votes.people, groups.group, strict=True)},
        "coordinates": dict(zip(votes.people, found.map.people.tolist(), strict=True)),
        "sizes": groups.sizes,
        "centres": groups.centres,
        "statements": [
            {
                "id": statement.id,
                "text": statement.text,
                "left_out": statement.left_out,
                "mean": found.map.means[place],
                "coordinates": found.map.statements[place],
                "agree_across_groups": consensus.agree_across_groups[place],
                "disagree_across_groups": consensus.disagree_across_groups[place],
                "groups": [
                    {name: table[number, place] for name, table in vars(statistics).items()}
                    for number in range(groups.count)
                ],
            }
            for place, statement in enumerate(votes.statements)
        ],
        "representative": [shared(chosen) for chosen in found.representation.chosen],
        "consensus": {
            "every_group": shared(consensus.every_group),
            "agree": shared(consensus.agree),
            "disagree": shared(consensus.disagree),
        },
        "evidence": _fields(found.evidence)
        | {"tried": [_fields(split) for split in groups.tried], "clear": found.evidence.clear},
        "remarks": conversation.remarks,
    }


def _fields(value: Any) -> dict[str, Any]:
    return dict(vars(value))


def _print(conversation: Conversation, found: Reading) -> None:
    from maillage.methods.opinion.explain import explain

    said = explain(found)
    people = len(found.votes.people)
    if conversation.topic:
        output.say(conversation.topic)
    output.say(
        _("%(people)s people, %(statements)s statements, %(votes)s votes; grouped (with enough votes): %(grouped)s.")
        % {
            "people": output.number(people),
            "statements": output.number(len(found.votes.statements)),
            "votes": output.number(len(found.votes.value)),
            "grouped": output.number(sum(found.groups.sizes)),
        }
    )
    for remark in conversation.remarks:
        output.say(remark)
    output.say()
    output.say(said.verdict)
    for line in said.evidence:
        output.say(f"- {output.number(line)}")
    if found.groups.count and not found.evidence.clear:
        output.say(_("Below, the best groups found all the same."))
    sides: list[str | output.Right] = [_("Statement"), output.Right(_("Side"))]
    sides += [output.Right(_("In the group")), output.Right(_("In the others"))]
    for number, chosen in enumerate(found.representation.chosen):
        output.say()
        title = output.number(said.groups[number])
        output.print_table(sides, [_row(found, one) for one in chosen], title=title)
    heads: list[str | output.Right] = [_("Statement"), output.Right(_("Side")), output.Right(_("All"))]
    heads += [output.Right(_("Group %(number)s") % {"number": number}) for number in range(1, found.groups.count + 1)]
    for title, chosen_by in (
        (_("What brings together: most people of every group"), found.consensus.every_group),
        (_("Most people, all groups together"), (*found.consensus.agree, *found.consensus.disagree)),
    ):
        output.say()
        rows = [[_text(found, one.statement), _side(one.side), _share(one.took, one.voted), *_by_group(found, one)]
                for one in chosen_by]  # fmt: skip
        if rows:
            output.print_table(heads, rows, title=title)
        else:
            output.say(_("%(title)s: no statement.") % {"title": title})


def _text(found: Reading, place: int) -> str:
    statement = found.votes.statements[place]
    text = f"{statement.id}. {statement.text}" if statement.text else statement.id
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _side(side: str) -> str:
    return _("agree") if side == "agree" else _("disagree")


def _share(took: int, voted: int) -> str:
    return _("%(took)s of %(voted)s") % {"took": output.number(took), "voted": output.number(voted)}


def _row(found: Reading, one: Representative) -> list[str]:
    return [_text(found, one.statement), _side(one.side), _share(one.took, one.voted),
            _share(one.others_took, one.others_voted)]  # fmt: skip


def _by_group(found: Reading, one: Shared) -> list[str]:
    """How many took that side in each group."""
    statistics = found.representation.statistics
    took = statistics.agrees if one.side == "agree" else statistics.disagrees
    place = one.statement
    return [_share(int(took[group, place]), int(statistics.votes[group, place])) for group in range(len(took))]
