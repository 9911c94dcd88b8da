"""What every rule that ranks gives: groups of options, best first; a group of several is a tie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Ranking:
    """Options from the best to the worst. A tie is never settled in silence: equal options share a group."""

    options: tuple[str, ...]
    """Ids, as the ballots have them."""
    groups: tuple[tuple[int, ...], ...]
    """Places in ``options``, best first; every option is in one group."""

    @property
    def ranking(self) -> list[list[str]]:
        """The groups with the ids of their options."""
        return [[self.options[place] for place in group] for group in self.groups]

    @property
    def winners(self) -> tuple[str, ...]:
        """The first group: several where they are tied."""
        return tuple(self.options[place] for place in self.groups[0])
