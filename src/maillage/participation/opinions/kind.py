"""The kind of step « opinions », as the pages of the ballot, of paper and of results know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.opinions import ballot, grouping, keying, publishing, showing
from maillage.participation.vocabulary import Kind


def count(step: Step, sheets: Iterable[kinds.Sheet]) -> dict[str, Any]:
    """The aggregates of a closed step."""
    return grouping.aggregates(step, grouping.gather(step, [sheet.content for sheet in sheets]))


KIND = kinds.StepKind(
    code=Kind.OPINIONS,
    sheet="participation/opinions/_sheet.html",
    context=ballot.context,
    read=ballot.read,
    typed=ballot.typed,
    keyed=keying.keyed,
    key_help=keying.HELP,
    count=count,
    result="participation/opinions/_result.html",
    told=showing.told,
    publish=publishing.publish,
    table=showing.table,
    headlines=showing.headlines,
)
