"""Everything that changes how spaces work. The acting user is ``by``; every change is in the audit log."""

from maillage.concertation.governance.services.charters import adopt_charter, write_charter
from maillage.concertation.governance.services.conditions import keep_conditions, promise_conditions
from maillage.concertation.governance.services.obstacles import (
    change_obstacle,
    name_obstacle,
    names_an_actor,
    tell_outcome,
    try_step,
)
from maillage.concertation.governance.services.path import add_step, end_step
from maillage.concertation.governance.services.seats import (
    add_holder,
    choose_named,
    end_holder,
    plan_seats,
)
from maillage.concertation.governance.services.settings import (
    change_setting,
    end_link,
    link_spaces,
    set_functions,
)
from maillage.concertation.governance.services.turns import add_turn, end_turn

__all__ = [
    "add_holder", "add_step", "add_turn", "adopt_charter", "change_obstacle", "change_setting", "choose_named",
    "end_holder", "end_link", "end_step", "end_turn", "keep_conditions", "link_spaces", "name_obstacle",
    "names_an_actor", "plan_seats", "promise_conditions", "set_functions", "tell_outcome", "try_step", "write_charter",
]  # fmt: skip
