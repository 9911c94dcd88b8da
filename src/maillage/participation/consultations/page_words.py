"""The words of the ballot page itself, which the agent writes where the product does not speak the language.

In French and English they are the product's own (gettext). In another language each is a ``Wording`` with the key
``ui:<code>``. The pages of the ballot declare theirs; another part that shows words of its own adds them::

    page_words.add({"record": _("Record my voice"), …})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maillage.participation.voting.words import TEXTS

Text = Any
"""A string, lazy translations included."""
_more: dict[str, Text] = {}


def add(words: Mapping[str, Text]) -> None:
    """Declare words by their code. Errors: ``ValueError`` for a code that is taken by others."""
    if doubled := {code for code in words if code in _more and _more[code] != words[code]}:
        raise ValueError(f"Two words have the code {sorted(doubled)}.")
    _more.update(words)


def known() -> dict[str, Text]:
    """Every word by its code, those of the ballot first."""
    return dict(TEXTS) | _more
