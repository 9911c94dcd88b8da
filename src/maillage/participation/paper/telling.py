"""The counts of a batch in words: what was printed, left, came back, was keyed in, and where they differ."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.formats import number
from maillage.participation.paper import keeping
from maillage.participation.paper.models import Batch


def differences(batch: Batch, keyed: int | None = None) -> list[str]:
    """One sentence for each gap between two counts; empty where nothing is missing. ``keyed``: sheets agreed on."""
    said = []
    if batch.handed_out is not None and batch.handed_out < batch.printed:
        kept = batch.printed - batch.handed_out
        said.append(
            ngettext(
                "%(n)s printed sheet was not handed out: keep it or destroy it.",
                "%(n)s printed sheets were not handed out: keep them or destroy them.", kept,
            )
            % {"n": number(kept)}
        )  # fmt: skip
    said += _against_codes(batch)
    if batch.handed_out is not None and batch.returned is not None and batch.returned < batch.handed_out:
        out = batch.handed_out - batch.returned
        said.append(
            ngettext(
                "%(n)s sheet that was handed out did not come back.",
                "%(n)s sheets that were handed out did not come back.", out,
            )
            % {"n": number(out)}
        )  # fmt: skip
    if batch.state in {Batch.State.ACCEPTED, Batch.State.VOIDED} and batch.counted + batch.spoilt:
        keyed = batch.counted + batch.spoilt
    if keyed is not None and batch.returned is not None and keyed != batch.returned:
        gap = batch.returned - keyed
        said.append(
            ngettext(
                "%(n)s sheet that came back is not keyed in.", "%(n)s sheets that came back are not keyed in.", gap
            )
            % {"n": number(gap)}
        )
    if missing := 0 if keyed is None else keeping.untied(batch, keyed):
        said.append(
            ngettext(
                "%(n)s sheet keyed in was given without a code: that person may have answered on line too.",
                "%(n)s sheets keyed in were given without a code: those people may have answered on line too.", missing,
            )
            % {"n": number(missing)}
        )  # fmt: skip
        if batch.untied_at is not None:
            said.append(_("Two people count them all the same. Why: %(why)s") % {"why": batch.untied_why})
    if batch.spoilt:
        said.append(
            ngettext("%(n)s sheet could not be counted.", "%(n)s sheets could not be counted.", batch.spoilt)
            % {"n": number(batch.spoilt)}
        )
    if batch.difference_why:
        said.append(_("Why the counts differ: %(why)s") % {"why": batch.difference_why})
    return said


def _against_codes(batch: Batch) -> list[str]:
    """Where the sheets that left the pile and those given against a code are not as many."""
    if batch.handed_out is None or not keeping.is_tied(batch.step.consultation):
        return []
    gap = batch.handed_out - batch.exchanged
    if gap > 0:
        said = ngettext(
            "%(n)s sheet left the pile without a code.", "%(n)s sheets left the pile without a code.", gap
        )  # fmt: skip
        return [said % {"n": number(gap)}]
    if gap < 0:
        said = ngettext(
            "%(n)s more code was exchanged than sheets left the pile: count the pile again.",
            "%(n)s more codes were exchanged than sheets left the pile: count the pile again.", -gap,
        )  # fmt: skip
        return [said % {"n": number(-gap)}]
    return []
