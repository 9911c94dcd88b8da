"""The book of codes and the passages shown, as the team takes them away; never the words of a testimony."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_away import Table
from maillage.participation.testimonies.models import BookCode, Quote


def tables(consultation: Consultation) -> Iterator[Table]:
    """Two queries."""
    book = BookCode.objects.filter(step__consultation=consultation).select_related("step")
    found = [
        (row.step.position + 1, str(row.get_kind_display()), row.label, row.definition)
        for row in book.order_by("step__position", "kind", "position", "pk")
    ]
    if found:
        header = (_("Step"), _("Kind"), _("Code"), _("When it applies"))
        yield Table("carnet-de-codes", _("The book of codes of the testimonies"), header, found)
    quotes = Quote.objects.filter(
        testimony__step__consultation=consultation, testimony__may_quote=True, agreed_by__isnull=False
    ).select_related("testimony")
    passages = [(row.text, row.testimony.signed_as) for row in quotes.order_by("position", "pk")]
    if passages:
        title = _("Passages of testimonies, shown with consent and agreed by two people")
        yield Table("passages-de-temoignages", title, (_("Passage"), _("Quoted as")), passages)
