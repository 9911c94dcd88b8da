"""Who may answer: what must be said before opening, and the postal codes as the agent writes them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import Access

BEGINNING = re.compile(r"[A-Z]\d[A-Z](?:\d(?:[A-Z]\d?)?)?")


def _tidy(typed: str) -> str:
    """« j6e 1a1 » → « J6E1A1 »."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def read_postal_codes(typed: str) -> str:
    """Postal codes or their beginnings (three signs or more), tidied, a space between two.

    Errors: ``ValidationError``, with the piece that is not one.
    """
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]+", typed):
        whole = _tidy(part)
        # « J6E 1A1 » is one code; « J0K J6E » are two.
        pieces = [whole] if BEGINNING.fullmatch(whole) else [_tidy(piece) for piece in part.split()]
        for piece in filter(None, pieces):
            if not BEGINNING.fullmatch(piece):
                raise ValidationError(
                    _("“%(code)s” is not the beginning of a postal code. Write them as J0K, J6E 1A1.")
                    % {"code": part.strip()}
                )
            found[piece] = None
    return " ".join(found)


def missing_access(consultation: Consultation) -> list[str]:
    """What must still be said of who may answer, before it opens."""
    if consultation.access == Access.POSTAL and not consultation.postal_codes:
        return [_("Say which postal codes may answer.")]
    if consultation.access in {Access.CODES, Access.LIST}:
        electors = Elector.objects.filter(consultation=consultation, voided_at=None)
        if consultation.access == Access.CODES and not electors.filter(person=None).exists():
            return [_("Print at least one code.")]
        if consultation.access == Access.LIST and not electors.exclude(person=None).exists():
            return [_("Say who is on the list.")]
    return []
