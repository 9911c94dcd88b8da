"""The kind of step « questionnaire », as the pages of the ballot, of paper and of results know it."""

from __future__ import annotations

from maillage.participation import kinds
from maillage.participation.questionnaires import counting, keying, publishing, sheet, showing
from maillage.participation.vocabulary import Kind

KIND = kinds.StepKind(
    code=Kind.QUESTIONNAIRE,
    sheet="participation/questionnaires/_sheet.html",
    context=sheet.context,
    read=sheet.read,
    typed=sheet.typed,
    count=counting.count,
    result="participation/questionnaires/_result.html",
    told=showing.told,
    publish=publishing.publish,
    table=showing.table,
    headlines=showing.headlines,
    keyed=keying.keyed,
    key_help=keying.HELP,
)
