"""What a method says in words: English in the code, French from the methods' catalogues, without Django.

A trace is made of :class:`Sentence` objects; the page or the command that shows them asks for its language::

    from maillage.methods.sentences import sentence as _
    line = _("%(name)s costs %(cost)s.", name="Jardin", cost=Fraction(45000))
    line.said("fr")  # « Jardin coûte 45 000. »
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

NBSP = "\N{NO-BREAK SPACE}"
_SPACES = str.maketrans({"\u202f": NBSP, "\u2009": NBSP})


@dataclass(frozen=True)
class Number:
    """A number with the digits it is shown with, as a plain number or as a percentage (0.25 → 25 %)."""

    value: int | float | Fraction
    digits: int = 2
    percent: bool = False
    exact: bool = False
    """Show all the ``digits``, zeros included (amounts with cents)."""


@dataclass(frozen=True)
class Sentence:
    """One sentence and the values that go in its marks (``%(name)s``)."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    many: str = ""
    """The text for several, where there is one."""
    count: int | None = None

    def said(self, language: str = "en") -> str:
        """In words, numbers written as this language (``fr`` or ``en``) writes them."""
        catalogue = _catalogue(language)
        if self.count is not None:
            text = catalogue.ngettext(self.text, self.many, self.count)
        else:
            text = catalogue.gettext(self.text)
        return text % {name: written(value, language) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.said()


Value = str | int | float | Fraction | Number | Sentence


def sentence(text: str, **values: Value) -> Sentence:
    """A sentence to translate: import it as ``_`` so that its text is gathered."""
    return Sentence(text, values)


def sentences(one: str, many: str, count: int, **values: Value) -> Sentence:
    """A sentence that agrees with a number, which it shows as ``%(count)s``: import it as ``ngettext``."""
    return Sentence(one, {"count": count, **values}, many, count)


def written(value: Value, language: str = "en") -> str:
    """A value as this language writes it: ``12 345,67`` in French, ``12,345.67`` in English."""
    if isinstance(value, Sentence):
        return value.said(language)
    if isinstance(value, str):
        return value
    number = value if isinstance(value, Number) else Number(value)
    least = number.digits if number.exact else 0
    shape = "#,##0" + ("." if number.digits else "") + "0" * least + "#" * (number.digits - least)
    plain = number.value if isinstance(number.value, int) else _decimal(number.value, number.digits + 2)
    locale = _locale("fr_CA" if language.startswith("fr") else "en_CA")
    if number.percent:
        shape += f"{NBSP}%" if locale.language == "fr" else "%"
    return _pattern(shape).apply(plain, locale).translate(_SPACES)


@cache
def _locale(name: str) -> Locale:
    """Babel's, parsed once: a list of a thousand territories writes ten thousand numbers."""
    from babel import Locale

    return Locale.parse(name)


@cache
def _pattern(shape: str) -> NumberPattern:
    from babel.numbers import parse_pattern

    return parse_pattern(shape)


def _decimal(value: float | Fraction, digits: int) -> float | Decimal:
    """A decimal near enough to be rounded to ``digits - 2`` places (a fraction has no end)."""
    if isinstance(value, Fraction):
        return Decimal(round(value * 10 ** (digits + 6))).scaleb(-digits - 6)
    return value


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    """Each method has a catalogue of its own: they are read one after the other."""
    here = Path(__file__).resolve().parent
    found = catalogues.NullTranslations()
    for folder in sorted(here.glob("**/locale")):
        found.add_fallback(catalogues.translation("django", folder, [language[:2]], fallback=True))
    return found
