"""What changes for each territory between two ways of sharing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.apportionment.envelope import Sharing
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


@dataclass(frozen=True)
class Change:
    name: str
    before: int | None
    """In cents; ``None`` where the territory was not in that sharing."""
    after: int | None

    @property
    def cents(self) -> int:
        return (self.after or 0) - (self.before or 0)

    @property
    def part(self) -> Fraction | None:
        """The change as a part of the amount before; ``None`` where it was nothing."""
        return Fraction(self.cents, self.before) if self.before else None


@dataclass(frozen=True)
class Comparison:
    changes: tuple[Change, ...]
    """In the order of the first sharing, then those that only the second has."""
    moved: int
    """Cents that go to another territory: the sum of what is gained where both envelopes are equal."""
    words: tuple[Sentence, ...]


def compare_shares(before: Sharing, after: Sharing) -> Comparison:
    """What each territory gains or loses from one sharing to another, and how much changes hands.

    ``moved`` is the lesser of all gains and all losses. A territory is known by its name.
    """
    old = {share.name: share.amount for share in before.shares}
    new = {share.name: share.amount for share in after.shares}
    changes = tuple(
        Change(name, old.get(name), new.get(name)) for name in [*old, *(name for name in new if name not in old)]
    )
    gained = sum(change.cents for change in changes if change.cents > 0)
    lost = -sum(change.cents for change in changes if change.cents < 0)
    moved = min(gained, lost)
    return Comparison(changes, moved, _words(changes, moved))


def _words(changes: tuple[Change, ...], moved: int) -> tuple[Sentence, ...]:
    up = sum(1 for change in changes if change.cents > 0)
    down = sum(1 for change in changes if change.cents < 0)
    if not up and not down:
        return (_("Nothing changes."),)
    return (
        ngettext("%(count)s territory gains.", "%(count)s territories gain.", up),
        ngettext("%(count)s territory loses.", "%(count)s territories lose.", down),
        _("$%(moved)s goes from one territory to another.", moved=Number(Fraction(moved, 100), 2, exact=True)),
    )
