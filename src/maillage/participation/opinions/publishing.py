"""The published votes of a step, one line a person, as ``maillage opinions`` reads them."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence

from maillage.methods.opinion.read import LEFT_OUT
from maillage.participation.consultations.models import Step
from maillage.participation.kinds import PublishedFile
from maillage.participation.opinions import grouping


def publish(step: Step, contents: Sequence[str]) -> PublishedFile | None:
    """A matrix in the order that the urn was shaken into: a line a person, a column a statement.

    What few people answered is not in it. A refused statement keeps a column, marked so, without what was answered:
    only that a person had answered, since the number of answers has its part in the place of each on the map.
    None with fewer people than the threshold.
    """
    found = grouping.gather(step, contents)
    votes = found.votes
    if len(votes.people) < step.consultation.threshold:
        return None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["participant", *(f"{LEFT_OUT}{one.id}" if one.left_out else one.id for one in votes.statements)])
    rows = [[""] * len(votes.statements) for _ in votes.people]
    for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True):
        rows[person][statement] = str(int(value))
    writer.writerows([name, *row] for name, row in zip(votes.people, rows, strict=True))
    name = f"votes-{step.position + 1}.csv"
    return PublishedFile(name, "text/csv", text.getvalue().encode(), command(name, grouping.number_set(step, votes)))


def command(name: str, count: int | None) -> str:
    words = ["maillage", "opinions", name]
    if count is not None:
        words += ["--groups", str(count)]
    return shlex.join(words)
