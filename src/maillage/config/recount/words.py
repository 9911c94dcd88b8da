"""The words of these commands, in the terminal's language, without Django."""

from __future__ import annotations

import gettext as catalogues
from functools import cache
from pathlib import Path

from maillage.core.terminal import language


@cache
def _catalogue() -> catalogues.NullTranslations:
    folder = Path(__file__).resolve().parent.parent / "locale"
    return catalogues.translation("django", folder, [language()], fallback=True)


def gettext(text: str) -> str:
    """The text in the terminal's language."""
    return _catalogue().gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text that agrees with ``count``, in the terminal's language."""
    return _catalogue().ngettext(one, many, count)
