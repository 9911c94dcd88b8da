"""What may not be written of two named actors: nothing that tells of a conflict."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.core.text import fold

_CONFLICT = re.compile(
    r"\b(conflits?|conflictuel\w*|chicanes?|disputes?|querelles?|litiges?|mesententes?|desaccords?|hostil\w*|rivalites?"
    r"|rivaux|mefian\w*|rancunes?|boycott\w*|conflict\w*|feuds?|quarrel\w*|hostilit\w*|disagree\w*|distrust\w*)\b"
)


def check_how(text: str) -> str:
    """``text``, where it tells what two actors do together.

    Errors: ``ValidationError`` where a word tells of a conflict: none is ever recorded between named organisations.
    """
    text = " ".join(text.split())
    if found := _CONFLICT.search(fold(text)):
        raise ValidationError(
            _(
                "Here you say what you do together. A disagreement is not written down: the word “%(word)s” is not "
                "kept. Speak of it with the agent of the alliance, or take it out."
            )
            % {"word": found.group(0)},
            code="conflict",
        )
    return text
