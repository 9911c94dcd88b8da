"""Why two names are proposed as one organisation, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from maillage.methods.matching import Reason


def plain(reasons: Iterable[Reason]) -> list[list[str]]:
    """Reasons as JSON keeps them."""
    return [[reason.code, reason.one, reason.other] for reason in reasons]


def sentences(kept: Iterable[Sequence[str]]) -> list[str]:
    """One short sentence a reason; an unknown code is left out."""
    return [sentence for code, one, other in kept if (sentence := _sentence(code, one, other))]


def _sentence(code: str, one: str, other: str) -> str:
    words = {"one": one, "other": other}
    match code:
        case "spelling":
            return _("Only capitals, accents, apostrophes or spaces differ.")
        case "writing":
            return _("Only small words, punctuation or the legal form differ.")
        case "joined":
            return _("The letters are the same, cut into words differently.")
        case "order":
            return _("The words are the same, in another order.")
        case "acronym":
            return _("One adds the acronym %(one)s.") % words
        case "stands_for":
            return _("%(one)s is the acronym of the other.") % words
        case "bracket":
            return _("One adds in brackets: %(one)s.") % words
        case "typo":
            return _("A word is close: “%(one)s” and “%(other)s”.") % words
        case "extra":
            return _("One adds the word “%(one)s”.") % words
        case "identifier":
            return _("The file gives both the identifier %(one)s.") % words
    return ""
