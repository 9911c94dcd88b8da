"""Numbers in words, for sentences that speak to someone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from maillage.core import formats

WORDS = (
    pgettext_lazy("things that wait", "No"),
    pgettext_lazy("things that wait", "One"),
    _("Two"),
    _("Three"),
    _("Four"),
    _("Five"),
    _("Six"),
    _("Seven"),
    _("Eight"),
    _("Nine"),
    _("Ten"),
    _("Eleven"),
    _("Twelve"),
)


def waiting(count: int) -> str:
    """« Sept choses vous attendent. » Figures from thirteen on. Only for one and more."""
    number = str(WORDS[count]) if count < len(WORDS) else formats.number(count)
    return ngettext("%(number)s thing is waiting for you.", "%(number)s things are waiting for you.", count) % {
        "number": number
    }
