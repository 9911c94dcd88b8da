"""The outreach plan, as the team takes it away: what the public reads, and nothing more. A file travels."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_away import Table
from maillage.participation.outreach.showing import rows_of, tell


def tables(consultation: Consultation) -> Iterator[Table]:
    """One query."""
    today = consultation.alliance.today()
    found = [tell(way, consultation.threshold, today) for way in rows_of(consultation) if way.is_public]
    if not found:
        return
    header = (
        _("People to reach"), _("Through whom"), _("Where"), _("From"), _("Last day"), _("People aimed at"),
        _("People reached"), _("What came of it"), _("Why it did not take place"),
    )  # fmt: skip
    rows = [
        (
            row.who, row.relay, row.place, row.way.on, row.way.until, row.aimed, row.reached, row.way.outcome,
            row.way.cancelled_why,
        )
        for row in found
    ]  # fmt: skip
    yield Table("aller-vers-les-gens", _("Going towards people"), header, rows)
