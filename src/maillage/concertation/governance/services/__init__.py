"""Everything that changes how spaces work. The acting user is ``by``; every change is in the audit log."""

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

__all__ = [
    "add_holder", "change_setting", "choose_named", "end_holder", "end_link", "link_spaces", "plan_seats",
    "set_functions",
]  # fmt: skip
