"""Who may answer: what must be said before opening, and postal codes, as agents and citizens write them."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Consultation
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import Access

POSTAL = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z](?:\d(?:[ABCEGHJ-NPRSTV-Z]\d?)?)?")
"""A postal code, or its beginning of three signs or more. Canada Post uses neither D, F, I, O, Q nor U; none begins by
W or Z."""
TAKEN_FOR = str.maketrans("OIL", "011")
"""Letters that are typed for a figure."""


def tidy_postal_code(typed: str) -> str:
    """« j6e-1a1 » → « J6E1A1 », « JOK » (the letter O) → « J0K »; empty for what is no beginning of a postal code."""
    signs = [sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum()]
    plain = "".join(sign.translate(TAKEN_FOR) if place % 2 else sign for place, sign in enumerate(signs))
    return plain if plain.isascii() and POSTAL.fullmatch(plain) else ""


def postal_matches(wanted: str, typed: str) -> bool | None:
    """Whether a postal code is one of ``wanted`` (as ``read_postal_codes`` gives them; empty: any). None: it is no
    postal code. Where fewer signs are given than are wanted, the person has the benefit of the doubt."""
    plain = tidy_postal_code(typed)
    if not plain:
        return None
    codes = wanted.split()
    return not codes or any(plain.startswith(code) or code.startswith(plain) for code in codes)


def read_postal_codes(typed: str) -> str:
    """Postal codes or their beginnings (three signs or more), tidied, a space between two.

    Errors: ``ValidationError``, with the piece that is not one.
    """
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]+", typed):
        # « J6E 1A1 » is one code; « J0K J6E » are two.
        for piece in [part] if tidy_postal_code(part) else part.split():
            if not (plain := tidy_postal_code(piece)):
                raise ValidationError(
                    _("“%(code)s” is not the beginning of a postal code. Write them as J0K, J6E 1A1.")
                    % {"code": part.strip()}
                )
            found[plain] = None
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
