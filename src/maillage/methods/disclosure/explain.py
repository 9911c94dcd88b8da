"""Why a cell is withheld or published, in words, for the author of the tables."""

from __future__ import annotations

from maillage.methods.disclosure.protect import Protected, Protection
from maillage.methods.disclosure.tables import Cell, Range, Status, cell_name
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


def explain(protection: Protection, cell: Cell) -> tuple[Sentence, ...]:
    """What becomes of this cell and why. For the author only: it says counts that are not published.

    Raises ``KeyError`` for a cell that the tables do not have.
    """
    one = protection.of[cell]
    name = cell_name(cell, next((table.variables for table in protection.tables), ()))
    lines = [ngettext("%(cell)s: %(count)s person.", "%(cell)s: %(count)s people.", one.count, cell=name)]
    lines.append(_why(one, protection))
    if one.range is not None:
        lines.append(_seen(one.range))
        lines.append(_("The public sees the same mark as for every other cell withheld."))
    return tuple(lines)


def _why(one: Protected, protection: Protection) -> Sentence:
    if one.status is Status.PUBLISHED:
        if one.count == 0:
            return _("Published: a cell where there is nobody tells about nobody here.")
        return _("Published: at least %(threshold)s people, and it gives no other cell back.",
                 threshold=protection.threshold)  # fmt: skip
    if one.status is Status.COMPLEMENTARY:
        return _("Withheld to help: published, it would let others be deduced by subtraction.")
    if one.count == 0:
        return _("Withheld: there is nobody, and to say so would tell about the few people of its group.")
    return _("Withheld for itself: fewer than %(threshold)s people.", threshold=protection.threshold)


def _seen(found: Range) -> Sentence:
    if found.high is None:
        return _("Whoever has all that is published knows only that it is at least %(low)s.", low=found.low)
    return _(
        "Whoever has all that is published knows only that it is between %(low)s and %(high)s.",
        low=found.low, high=found.high,
    )  # fmt: skip
