"""What happens to seats when two actors become one."""

from typing import Any

from maillage.actors.merges import moving
from maillage.actors.models import Actor
from maillage.concertation.models import Seat
from maillage.core.contributions import Merge, merge

# Alike: the same space, whatever the dates. The kept actor's own seat stands, with its dates and category;
# the other one stays with the absorbed actor, so that nobody sits twice at a table.
merge.add(moving(Seat, ("space_id",)))


def _nothing(kept: Actor, absorbed: Actor) -> None:
    """A proposal of an import follows the merge when it is applied: see ``imports.plan.Register.standing``."""


def _nothing_back(kept: Actor, absorbed: Actor, trace: Any) -> None:
    """Nothing was moved."""


merge.add(Merge("actor", "concertation.importproposal", ("right_actor",), _nothing, _nothing_back))
