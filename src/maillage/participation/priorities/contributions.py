"""What this part gives to the others: the kind of step « priorities »."""

from maillage.participation import kinds
from maillage.participation.priorities import keying, reading, sheet
from maillage.participation.results import priorities as counted
from maillage.participation.vocabulary import Kind

kinds.register(
    kinds.StepKind(
        code=Kind.PRIORITIES,
        sheet="participation/priorities/_sheet.html",
        context=sheet.context,
        read=reading.read,
        typed=reading.typed,
        keyed=keying.keyed,
        key_help=keying.HELP,
        count=counted.count,
        result=counted.RESULT,
        told=counted.told,
        publish=counted.publish,
        table=counted.table,
        headlines=counted.headlines,
    )
)
