"""What the steps of the demonstration share. A room's step lives in its ``demo.py``, imported only then.

A step registers itself: ``demo.add(DemoStep("actors", 30, build))`` with ``build(world, rng)``. It writes
through the services of its room, as the people of the fictional alliance would, and dates everything from
``world.today``: the same day always gives the same alliance.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "deux-rivieres.demo.invalid"
"""The ``.invalid`` ending is reserved: no mail to these people can ever leave."""


def silent(_done: int, _total: int, _note: str) -> None:
    """For whoever shows no progress."""


@dataclass
class World:
    """The fictional world while it is being made: what a step makes, a later step finds under its key."""

    today: dt.date
    progress: Callable[[int, int, str], None] = silent
    made: dict[str, Any] = field(default_factory=dict)

    def keep(self, key: str, thing: Any) -> Any:
        """Keep ``thing`` for the later steps. Errors: ``KeyError`` where the key is taken."""
        if key in self.made:
            raise KeyError(f"The demonstration already has {key!r}.")
        self.made[key] = thing
        return thing

    def __getitem__(self, key: str) -> Any:
        return self.made[key]

    def all(self, prefix: str) -> list[Any]:
        """Everything kept under ``prefix:``, in the order it was made."""
        return [thing for key, thing in self.made.items() if key.startswith(f"{prefix}:")]

    def ago(self, months: int, day: int = 1) -> dt.date:
        """The day of the month, so many months before today's (negative: after), never a day that is not."""
        index = self.today.year * 12 + self.today.month - 1 - months
        year, month = divmod(index, 12)
        return dt.date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def address(local: str) -> str:
    """The e-mail address of a person of the demonstration."""
    return f"{local}@{DOMAIN}"
