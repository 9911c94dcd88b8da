"""Who may answer: what must be said before opening, and whether a postal code is of the territory."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import Access

BEGINNING = re.compile(r"[A-Z]\d[A-Z](?:\d[A-Z]\d)?|[A-Z]\d|[A-Z]")
WHOLE = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d")


def tidy_postal(typed: str) -> str:
    """« j6e 1a1 » → « J6E1A1 »."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def read_postal_codes(typed: str) -> str:
    """Postal codes or their beginnings, as the agent writes them, tidied. Errors: ``ValidationError``."""
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]+", typed):
        code = tidy_postal(part)
        if not code:
            continue
        # « J0K J6E »: several separated by spaces alone.
        pieces = [code] if BEGINNING.fullmatch(code) else [tidy_postal(piece) for piece in part.split()]
        for piece in pieces:
            if not BEGINNING.fullmatch(piece):
                raise ValidationError(
                    _("“%(code)s” is not the beginning of a postal code. Write them as J0K, J6E 1A1.")
                    % {"code": part.strip()}
                )
            found[piece] = None
    return " ".join(found)


def postal_matches(consultation: Consultation, typed: str) -> bool:
    """Whether what someone typed is a postal code of the territory. Kept nowhere."""
    code = tidy_postal(typed)
    return bool(WHOLE.fullmatch(code)) and any(code.startswith(part) for part in consultation.postal_codes.split())


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
