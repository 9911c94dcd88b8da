"""The batches of paper, as the team takes them away: how many sheets went out and came back."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_away import Table
from maillage.participation.paper import keeping
from maillage.participation.paper.models import Batch
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Channel


def tables(consultation: Consultation) -> Iterator[Table]:
    """Two queries. Where one batch is of few people, none says how many came back: the others would tell it. Nor where
    the result hides how many came on paper."""
    rows = list(Batch.objects.filter(step__consultation=consultation).select_related("step").order_by("number", "pk"))
    kept = Result.objects.filter(step__consultation=consultation).values_list("who", flat=True)
    small = any([Channel.PAPER, None] in who.get("channel", []) for who in kept) or any(
        0 < (n or 0) < consultation.threshold
        for row in rows
        for n in (row.returned, row.counted, row.handed_out, row.exchanged)
    )
    tied = keeping.is_tied(consultation)
    found = []
    for row in rows:
        counts = (row.handed_out, row.exchanged if tied else None, row.returned, row.counted)
        shown = (None,) * len(counts) if small else counts
        found.append(
            (
                row.step.position + 1,
                row.number,
                row.place,
                row.printed,
                *shown,
                str(row.get_state_display()),
                row.void_why,
            )
        )
    if found:
        header = (
            _("Step"), _("Batch"), _("Place"), _("Printed"), _("Handed out"), _("Against a code"), _("Came back"),
            _("Counted"), _("State"), _("Why it is void"),
        )  # fmt: skip
        yield Table("lots-papier", _("Batches of paper ballots"), header, found)
