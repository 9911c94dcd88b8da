"""The statements, as the team takes them away. The words of a refused one are told nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_away import Table
from maillage.participation.opinions.models import Statement


def tables(consultation: Consultation) -> Iterator[Table]:
    """One query."""
    rows = Statement.objects.filter(step__consultation=consultation).select_related("step")
    found = [
        (
            row.step.position + 1, row.number, "" if row.state == Statement.State.REFUSED else row.text, row.language,
            str(row.get_state_display()), _("yes") if row.added_by_participant else _("no"),
            str(row.get_reason_display()) if row.reason else "",
        )
        for row in rows.order_by("step__position", "number")
    ]  # fmt: skip
    if found:
        header = (
            _("Step"), _("Number"), _("Statement"), _("Language"), _("State"), _("By a participant"), _("Reason"),
        )  # fmt: skip
        yield Table("enonces", _("Statements"), header, found)
