"""What this part gives to the others, the words of its acts included."""

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions
from maillage.participation import kinds
from maillage.participation.results import priorities
from maillage.participation.vocabulary import Kind

if Kind.PRIORITIES not in kinds.known():
    kinds.register(
        kinds.StepKind(
            code=Kind.PRIORITIES, sheet="", context=lambda step, prefix: {}, read=lambda step, typed: kinds.Read(),
            typed=lambda step, content: {}, count=priorities.count, result=priorities.RESULT, told=priorities.told,
            publish=priorities.publish,
        )
    )  # fmt: skip
contributions.name_actions(
    "participation",
    _("Consultations"),
    {
        "recounted": _("Ballots counted anew"),
        "count_asked": _("Count started again"),
        "ballots_imported": _("Vote held elsewhere brought in"),
    },
)
