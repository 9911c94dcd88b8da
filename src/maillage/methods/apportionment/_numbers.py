"""Numbers as spreadsheets write them: ``1 234 567,89 $``, ``12,5 %``, ``$1,234.50``."""

from __future__ import annotations

import re
from fractions import Fraction

from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
_PLAIN = re.compile(r"[0-9]{1,20}(\.[0-9]{1,12})?")
_GROUPED = re.compile(r"[0-9]{1,3}([,.][0-9]{3})+")
LONGEST = 40


class NotANumber(ValueError):
    """Why a text is no number, in words."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(str(reason))


def read_number(text: str, *, decimal_comma: bool) -> tuple[Fraction, bool]:
    """A number of at least 0, exactly, and whether it is a percentage (``12,5 %`` gives 0.125).

    ``decimal_comma``: a lone comma is a decimal sign. Otherwise ``1,234`` could be read two ways, and is refused.
    Error: :class:`NotANumber`.
    """
    shown = text.strip()[:LONGEST]
    found = _BLANKS.sub("", text)
    if found in ("-$", "$-"):
        return Fraction(0), False  # how the accounting format of a spreadsheet writes 0
    percent = found.endswith("%")
    found = found.removesuffix("%") if percent else found.removeprefix("$").removesuffix("$")
    if len(text) > LONGEST:
        raise NotANumber(_("“%(cell)s” is too long for a number.", cell=shown))
    if re.fullmatch(r"[-–−(].*[0-9].*", found):
        raise NotANumber(_("“%(cell)s” is less than 0.", cell=shown))
    if found.count(",") == 1 and "." not in found and not decimal_comma:
        if _GROUPED.fullmatch(found) and not found.startswith("0"):
            raise NotANumber(_("“%(cell)s” can be read two ways. Write it without a comma.", cell=shown))
        found = found.replace(",", ".")
    plain = _point_only(found)
    if not _PLAIN.fullmatch(plain):
        raise NotANumber(_("“%(cell)s” is not a number.", cell=shown))
    return Fraction(plain) / (100 if percent else 1), percent


def _point_only(found: str) -> str:
    """Without the signs that group thousands, where only one reading holds; as it is otherwise."""
    commas, points = found.count(","), found.count(".")
    if commas == 1 and not points:
        return found.replace(",", ".")
    if commas + points < 2:
        return found
    last = max(found.rfind(","), found.rfind("."))
    whole, sign, end = found[:last], found[last], found[last + 1 :]
    if sign in whole:  # one sign, several times: it groups
        return found.replace(sign, "") if _GROUPED.fullmatch(found) and len({*found} & {",", "."}) == 1 else found
    return re.sub("[,.]", "", whole) + "." + end if _GROUPED.fullmatch(whole) else found
